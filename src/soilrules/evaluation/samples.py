"""What a sample's analytes come to together: the gravest outcome, the analyte that governs, the worst class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soilrules.evaluation.judged import Judged
from soilrules.standards import arrow
from soilrules.verdict import Outcome

OUTCOMES = tuple(Outcome)  # in the order of their gravity
CLASSES = ("I", "II", "III", "IV", "V", None)  # None, not known, outweighs all
MOST = 200  # samples told one by one

Keys = NDArray[np.uint64]


@dataclass(slots=True)
class Sample:
    """One sample while its rows go by."""

    outcome: Outcome = Outcome.MEETS
    governing: str = ""
    name: str = ""  # of the governing analyte
    factor: float = -1.0
    rows: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Take one judged row in. The gravest outcome is the sample's; of equal ones the highest factor governs."""
        outcome, factor = Outcome(row["verdict"]), -1.0 if row["factor"] is None else row["factor"]
        self.rows += 1
        if not self.governing or (outcome.gravity, factor) > (self.outcome.gravity, self.factor):
            self.outcome, self.governing, self.factor = outcome, row["analyte"], factor
            self.name = row["name"] or row["analyte"]


@dataclass(slots=True)
class Samples:
    """All samples of a table in a few bytes each: names are kept of the gravest only, the others are keys.

    An entry stands for one sample, outcome and class: 59 bits of a digest of the name, then 5 of the kind.
    """

    _entries: list[Keys] = field(default_factory=list)
    _counts: list[NDArray[np.int32]] = field(default_factory=list)
    _gravest: dict[str, tuple[int, float, str]] = field(default_factory=dict)  # name → gravity, factor, analyte

    def add(self, judged: Judged) -> None:
        """Take in the rows of one batch."""
        codes, names = arrow.words(judged.samples)
        gravity = np.array([OUTCOMES.index(Outcome(one.fixed["verdict"])) for one in judged.frames], np.int8)
        classes = np.array([CLASSES.index(one.fixed["class"]) for one in judged.frames], np.int8)
        kinds = (gravity * np.int8(len(CLASSES)) + classes)[judged.codes]
        pairs, counts = np.unique(codes.astype(np.int64) << 5 | kinds, return_counts=True)
        self._entries.append(_digests(names)[pairs >> 5] | (pairs & 31).astype(np.uint64))
        self._counts.append(counts.astype(np.int32))
        self._keep_gravest(judged, codes, names, gravity[judged.codes])

    def _keep_gravest(
        self, judged: Judged, codes: arrow.Ints, names: list[str | None], gravity: NDArray[np.int8]
    ) -> None:
        """Of each sample the gravest row; of one batch no more than MOST samples can be among the gravest of all."""
        poor = np.flatnonzero(gravity)
        factor = np.nan_to_num(judged.factor, nan=-1.0)
        order = poor[np.lexsort((-factor[poor], -gravity[poor], codes[poor]))]
        first = order[np.append(True, np.diff(codes[order]) != 0)] if len(order) else order
        found = [
            (int(gravity[at]), float(factor[at]), names[codes[at]] or "", judged.frames[judged.codes[at]])
            for at in first[np.lexsort((-factor[first], -gravity[first]))[: 2 * MOST]]
        ]
        for grave, times, name, frame in found:
            known = self._gravest.get(name)
            if known is None or (grave, times) > known[:2]:
                self._gravest[name] = grave, times, str(frame.fixed["analyte"])
        self._gravest = dict(self._sorted())

    def _sorted(self) -> list[tuple[str, tuple[int, float, str]]]:
        return sorted(self._gravest.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))[:MOST]

    def by_outcome(self) -> tuple[int, dict[str, int]]:
        """How many samples there are, and how many by their gravest outcome."""
        if not self._entries:
            return 0, {}
        entries = np.concatenate(self._entries)
        entries.sort()
        names = entries >> np.uint64(5)
        last = np.append(names[1:] != names[:-1], True)  # of a sample's entries the gravest
        worst = (entries[last] & np.uint64(31)).astype(np.int64) // len(CLASSES)
        found = np.bincount(worst, minlength=len(OUTCOMES)).tolist()
        return len(worst), {str(one): count for one, count in zip(OUTCOMES, found, strict=True) if count}

    def gravest(self, *, classed: bool) -> list[dict[str, Any]]:
        """The samples that do not meet, the gravest first, at most MOST; a class is that of the worst index."""
        listed = self._sorted()
        digests = _digests([name or None for name, _ in listed])
        kinds: dict[int, Counter[int]] = {int(one): Counter() for one in digests}
        for entries, counts in zip(self._entries, self._counts, strict=True):
            for at in np.flatnonzero(np.isin(entries & ~np.uint64(31), digests)).tolist():
                kinds[int(entries[at]) & ~31][int(entries[at]) & 31] += int(counts[at])
        return [
            _shown(name, found, kinds[int(digest)], classed)
            for (name, found), digest in zip(listed, digests, strict=True)
        ]


def _digests(names: Sequence[str | None]) -> Keys:
    """Of each name the upper 59 bits of its hash, which never leave the process."""
    numbers = np.fromiter(map(hash, names), np.int64, len(names)).view(np.uint64)
    return numbers & ~np.uint64(31)


def _shown(name: str, found: tuple[int, float, str], kinds: Counter[int], classed: bool) -> dict[str, Any]:
    gravity, factor, governing = found
    counts: Counter[str] = Counter()
    for kind, count in sorted(kinds.items()):
        counts[str(OUTCOMES[kind // len(CLASSES)])] += count
    shown: dict[str, Any] = {
        "sample": name or None,
        "verdict": str(OUTCOMES[gravity]),
        "governing": governing,
        "factor": None if factor < 0 else float(f"{factor:.6g}"),
        "counts": dict(counts),
    }
    return shown | ({"class": CLASSES[max(kind % len(CLASSES) for kind in kinds)]} if classed else {})
