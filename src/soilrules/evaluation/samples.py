"""What a sample's analytes come to together: the gravest outcome, the analyte that governs, the worst class."""

from __future__ import annotations

from collections.abc import Mapping
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
    """All samples of a table in a few bytes each: names are kept of the gravest only, the others are keys."""

    _keys: list[Keys] = field(default_factory=list)  # with the next two: one entry for a sample, outcome and class
    _kinds: list[NDArray[np.int8]] = field(default_factory=list)
    _counts: list[NDArray[np.int32]] = field(default_factory=list)
    _gravest: dict[str, tuple[int, float, str]] = field(default_factory=dict)  # name → gravity, factor, analyte

    def add(self, judged: Judged) -> None:
        """Take in the rows of one batch."""
        codes, names = arrow.words(judged.samples)
        gravity = np.array([OUTCOMES.index(Outcome(one.fixed["verdict"])) for one in judged.frames], np.int8)
        classes = np.array([CLASSES.index(one.fixed["class"]) for one in judged.frames], np.int8)
        kinds = (gravity * np.int8(len(CLASSES)) + classes)[judged.codes]
        pairs, counts = np.unique(codes.astype(np.int64) * 32 + kinds, return_counts=True)
        digests = np.fromiter((hash(name) for name in names), np.int64, len(names)).view(np.uint64)
        self._keys.append(digests[pairs >> 5])
        self._kinds.append((pairs & 31).astype(np.int8))
        self._counts.append(counts.astype(np.int32))
        self._keep_gravest(judged, codes, names, gravity[judged.codes])

    def _keep_gravest(
        self, judged: Judged, codes: arrow.Ints, names: list[str | None], gravity: NDArray[np.int8]
    ) -> None:
        poor = np.flatnonzero(gravity)
        factor = np.nan_to_num(judged.factor, nan=-1.0)
        order = poor[np.lexsort((-factor[poor], -gravity[poor], codes[poor]))]
        first = order[np.append(True, np.diff(codes[order]) != 0)] if len(order) else order
        for at in first.tolist():
            name = names[codes[at]] or ""
            found = int(gravity[at]), float(factor[at]), str(judged.frames[judged.codes[at]].fixed["analyte"])
            known = self._gravest.get(name)
            if known is None or found[:2] > known[:2]:
                self._gravest[name] = found
        if len(self._gravest) > 20 * MOST:
            self._gravest = dict(self._sorted())

    def _sorted(self) -> list[tuple[str, tuple[int, float, str]]]:
        return sorted(self._gravest.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))[:MOST]

    def by_outcome(self) -> tuple[int, dict[str, int]]:
        """How many samples there are, and how many by their gravest outcome."""
        if not self._keys:
            return 0, {}
        keys, kinds = np.concatenate(self._keys), np.concatenate(self._kinds)
        order = np.argsort(keys, kind="stable")
        keys, kinds = keys[order], kinds[order]
        first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
        worst = np.maximum.reduceat(kinds // np.int8(len(CLASSES)), first)
        found = np.bincount(worst, minlength=len(OUTCOMES)).tolist()
        return len(first), {str(one): count for one, count in zip(OUTCOMES, found, strict=True) if count}

    def gravest(self, *, classed: bool) -> list[dict[str, Any]]:
        """The samples that do not meet, the gravest first, at most MOST; a class is that of the worst index."""
        listed = self._sorted()
        if not listed:
            return []
        keys, kinds = np.concatenate(self._keys), np.concatenate(self._kinds)
        counts = np.concatenate(self._counts)
        digests = np.array([hash(name or None) for name, _ in listed], np.int64).view(np.uint64)
        where = np.flatnonzero(np.isin(keys, digests))
        return [
            _shown(name, found, kinds[here], counts[here], classed)
            for (name, found), digest in zip(listed, digests, strict=True)
            if len(here := where[keys[where] == digest])
        ]


def _shown(
    name: str, found: tuple[int, float, str], kinds: NDArray[np.int8], counts: NDArray[np.int32], classed: bool
) -> dict[str, Any]:
    gravity, factor, governing = found
    by_outcome = np.bincount(kinds // len(CLASSES), weights=counts, minlength=len(OUTCOMES)).astype(int).tolist()
    shown: dict[str, Any] = {
        "sample": name or None,
        "verdict": str(OUTCOMES[gravity]),
        "governing": governing,
        "factor": None if factor < 0 else float(f"{factor:.6g}"),
        "counts": {str(one): count for one, count in zip(OUTCOMES, by_outcome, strict=True) if count},
    }
    return shown | ({"class": CLASSES[int((kinds % len(CLASSES)).max())]} if classed else {})
