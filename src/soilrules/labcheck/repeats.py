"""Rules about samples across the whole file: results given twice, numbers that look alike, samples of no task."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from soilrules.labcheck import words
from soilrules.labcheck.findings import Log
from soilrules.labcheck.frame import UNDATED, Frame, matching, word_of
from soilrules.labcheck.lookalikes import Lookalikes, folded
from soilrules.labcheck.terms import Kinds
from soilrules.labtables import headings
from soilrules.labtables.coded import Coded
from soilrules.labtables.keys import Keys, row_keys

Rows = NDArray[np.int64]
_FULL_WIDTH = "[！-～　]"
_OF_QUALITY = "空白|加标|标准物质|标准样品|标样|质控样|^(?:GBW|GSS|GSD|ERM)"  # no numbers of samples of the field
_LOST = r"^[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{2}$"  # what a spreadsheet makes of a long number
_LETTER_AMONG_DIGITS = "[0-9][OolI]|[OolI][0-9]"


@dataclass
class Seen:
    """The keys of all results so far, in sorted runs that are merged as they grow: where each key stood first."""

    _runs: list[tuple[Keys, Rows]] = field(default_factory=list)

    def add(self, keys: Keys, places: Rows) -> Rows:
        """The place where each key stood before, -1 where it is new; the new ones are remembered."""
        order = np.argsort(keys, kind="stable")
        ranked = keys[order]
        starts = np.append(True, ranked[1:] != ranked[:-1]) if len(ranked) else np.zeros(0, np.bool_)
        heads, group = ranked[starts], np.cumsum(starts) - 1
        found = self._found(heads)
        new = found < 0
        first = np.where(new, places[order][starts], found)
        former = np.empty(len(keys), np.int64)
        former[order] = np.where(starts & new[group], -1, first[group])
        self._remember(heads[new], first[new])
        return former

    def _found(self, keys: Keys) -> Rows:
        found = np.full(len(keys), -1, np.int64)
        for run, places in self._runs:
            at = np.minimum(np.searchsorted(run, keys), len(run) - 1)
            found = np.where(run[at] == keys, places[at], found)
        return found

    def _remember(self, keys: Keys, places: Rows) -> None:
        if len(keys):
            self._runs.append((keys, places))
        while len(self._runs) > 1 and len(self._runs[-1][0]) * 2 > len(self._runs[-2][0]):
            (one, at_one), (other, at_other) = self._runs.pop(), self._runs.pop()
            both, at = np.concatenate([other, one]), np.concatenate([at_other, at_one])
            order = np.argsort(both, kind="stable")  # two sorted runs are merged in one go
            self._runs.append((both[order], at[order]))


@dataclass
class Repeats:
    """What is remembered of the samples from piece to piece. `tasks`: the samples there should be, None where not known."""

    tasks: Collection[str] | None = None
    _seen: Seen = field(default_factory=Seen)
    _rows: list[Rows] = field(default_factory=list)
    _days: list[NDArray[np.int32]] = field(default_factory=list)
    _count: int = 0
    _names: list[Any] = field(default_factory=list)
    _first: list[Rows] = field(default_factory=list)
    _results: list[Rows] = field(default_factory=list)
    _column: str = ""
    _known_as: Lookalikes | None = None

    def check(self, frame: Frame, kinds: Kinds, log: Log) -> None:
        """The rules that can be told at once; those about look-alikes wait for the end."""
        self._twice(frame, kinds, log)
        self._orphans(frame, log)
        _form(frame, log)
        self._remember_names(frame)

    def _twice(self, frame: Frame, kinds: Kinds, log: Log) -> None:
        columns = [frame.sample, frame.analyte.mapped(headings.meaning), _media(kinds), frame.said("depth")]
        if frame.sample_role == "point":
            columns.append(frame.said("date"))
        named = np.flatnonzero((columns[0].codes >= 0) & (columns[1].codes >= 0) & frame.told)
        places = np.arange(self._count, self._count + len(named), dtype=np.int64)
        days = frame.days["date"].days[named] if "date" in frame.days else np.full(len(named), UNDATED, np.int32)
        self._rows.append(frame.row[named])
        self._days.append(days)
        self._count += len(named)
        former = np.full(len(frame), -1, np.int64)
        former[named] = self._seen.add(row_keys(columns, len(frame))[named], places)
        again = former >= 0
        if again.any():
            self._tell_twice(frame, log, former, again)

    def _tell_twice(self, frame: Frame, log: Log, former: Rows, again: NDArray[np.bool_]) -> None:
        """A result given twice; with two days of sampling it is the number of the sample that is in doubt."""
        self._rows, self._days = [np.concatenate(self._rows)], [np.concatenate(self._days)]
        rows = np.where(again, self._rows[0][former], 0)
        before = np.where(again, self._days[0][former], UNDATED)
        now = frame.days["date"].days if "date" in frame.days else np.full(len(frame), UNDATED, np.int32)
        differ = again & (before != UNDATED) & (now != UNDATED) & (before != now)
        frame.find(log, "duplicate", again & ~differ, "sample", lambda at: {"former": int(rows[at])})
        frame.find(log, "sample_days", differ, "date", lambda at: {"former": int(rows[at])})

    def _orphans(self, frame: Frame, log: Log) -> None:
        if self.tasks is None or not frame.sample.words:
            return
        known = pc.is_in(pa.array(frame.sample.words, pa.string()), value_set=pa.array(sorted(self.tasks), pa.string()))
        strange = np.append(~known.to_numpy(zero_copy_only=False), False)[frame.sample.codes]
        if strange.any():
            known_as = self._lookalikes()
            frame.find(
                log, "orphan", strange, frame.sample_role, lambda at: _meant(frame.sample.word(at) or "", known_as)
            )

    def _lookalikes(self) -> Lookalikes:
        """The samples there should be, made ready to be compared; once for the whole file."""
        if self._known_as is None:
            self._known_as = Lookalikes(self.tasks or ())
        return self._known_as

    def _remember_names(self, frame: Frame) -> None:
        used, first, count = np.unique(frame.sample.codes, return_index=True, return_counts=True)
        named = used >= 0
        used, first, count = used[named], first[named], count[named]
        self._names.append(pa.array(frame.sample.words, pa.string()).take(pa.array(used)))
        self._first.append(frame.row[first])
        self._results.append(count)
        self._column = self._column or frame.heading(frame.sample_role)

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return len(self._distinct()[0]) if self._names else 0

    def _distinct(self) -> tuple[Any, Rows, Rows]:
        """Every number once, the row where it stands first, and how many results it has."""
        every = pa.concat_arrays(self._names).dictionary_encode()
        codes = every.indices.to_numpy(zero_copy_only=False)
        _, first = np.unique(codes, return_index=True)
        results = np.bincount(codes, np.concatenate(self._results)).astype(np.int64)
        return every.dictionary, np.concatenate(self._first)[first], results

    def finish(self, log: Log) -> None:
        """Tell the numbers that look alike, once all are known."""
        if not self._names:
            return
        names, rows, results = self._distinct()
        if len(names):
            self._alike(log, names, rows, results)
            self._letters(log, names, rows)
            self._quality(log, names, rows)

    def _quality(self, log: Log, names: Any, rows: Rows) -> None:
        """Blanks, spikes and reference material among the results; where the tasks are known they are strange anyway."""
        found = pc.match_substring_regex(names, _OF_QUALITY).to_numpy(zero_copy_only=False)
        for at in np.flatnonzero(found).tolist() if self.tasks is None else ():
            log.tell("quality_among", int(rows[at]), self._column, text=names[at].as_py())

    def _alike(self, log: Log, names: Any, rows: Rows, results: Rows) -> None:
        """Of numbers that differ only in what the eye misses, those with fewer results; of equals the later."""
        group = folded(names).dictionary_encode().indices.to_numpy(zero_copy_only=False)
        order = np.lexsort((np.arange(len(names)), -results, group))
        _, first, back = np.unique(group[order], return_index=True, return_inverse=True)
        former = np.empty(len(names), np.int64)
        former[order] = order[first][back]
        for at in np.flatnonzero(former != np.arange(len(names))).tolist():
            self._tell(
                log,
                int(rows[at]),
                names[at].as_py(),
                other=f"{names[int(former[at])].as_py()}",
                former=int(rows[former[at]]),
            )

    def _letters(self, log: Log, names: Any, rows: Rows) -> None:
        """A letter among digits where the other numbers have a digit: S0O3 among S001, S002."""
        odd = np.flatnonzero(pc.match_substring_regex(names, _LETTER_AMONG_DIGITS).to_numpy(zero_copy_only=False))
        if not len(odd) or len(odd) * 2 > len(names):  # no slip of the pen but the way they are numbered
            return
        shapes = _shapes(names).dictionary_encode()
        counts = np.append(
            np.bincount(shapes.indices.to_numpy(zero_copy_only=False), minlength=len(shapes.dictionary)), 0
        )
        upright = _with_digits(names.take(pa.array(odd)))
        meant = pc.index_in(_shapes(upright), value_set=shapes.dictionary).fill_null(-1).to_numpy(zero_copy_only=False)
        own = counts[shapes.indices.to_numpy(zero_copy_only=False)[odd]]
        there = set(names.to_pylist()) if len(odd) else set()
        for at in np.flatnonzero((counts[meant] > own) & (meant >= 0)).tolist():
            name, other = names[int(odd[at])].as_py(), upright[at].as_py()
            if other not in there:  # else told as a pair
                self._tell(log, int(rows[odd[at]]), name, other=other, former=0)

    def _tell(self, log: Log, row: int, name: str, *, other: str, former: int) -> None:
        if not log.room("id_alike"):
            log.only_count("id_alike", 1)
            return
        place = f"（第{former}行）" if former else ""
        place_en = f" (row {former})" if former else ""
        log.tell("id_alike", row, self._column, text=name, other=other, place=place, place_en=place_en)


def _media(kinds: Kinds) -> Coded:
    media = sorted(words.media())
    codes = np.array([media.index(one.medium) if one.medium else -1 for one in kinds.kinds], np.int32)
    return Coded(codes[kinds.at], media)


def _with_digits(names: Any) -> Any:
    """The letters O, l and I beside digits as digits."""
    for letter, digit in (("[Oo]", "0"), ("[lI]", "1")):
        for _ in range(2):  # two letters side by side
            names = pc.replace_substring_regex(names, f"([0-9]){letter}", rf"\g<1>{digit}".replace(r"\g<1>", r"\1"))
            names = pc.replace_substring_regex(names, f"{letter}([0-9])", rf"{digit}\1")
    return names


def _shapes(names: Any) -> Any:
    """Numbers with all digits alike, and their count kept: byte by byte, for in UTF-8 a digit is one byte."""
    nulls, offsets, letters = names.buffers()
    same = np.arange(256, dtype=np.uint8)
    same[ord("0") : ord("9") + 1] = ord("9")
    changed = same[np.frombuffer(letters, np.uint8)] if letters else np.zeros(0, np.uint8)
    return pa.StringArray.from_buffers(len(names), offsets, pa.py_buffer(changed), nulls, offset=names.offset)


def _meant(name: str, known_as: Lookalikes) -> dict[str, object]:
    other = known_as.meant_by(name)
    return {
        "text": name,
        "meant": f"；是否为“{other}”？" if other else "",
        "meant_en": f"; is it “{other}”?" if other else "",
    }


def _form(frame: Frame, log: Log) -> None:
    """Full width, and blanks around a number where the file keeps them."""
    odd = matching(frame.sample, _FULL_WIDTH)
    at = frame.layout.column(frame.sample_role)
    chunk = frame.piece.printed
    if at is not None and at in chunk.columns:
        ends = pc.match_substring_regex(pc.cast(chunk.columns[at], "string"), r"^[\s\p{Z}]|[\s\p{Z}]$").fill_null(False)
        if pc.any(ends).as_py():
            rows = np.searchsorted(chunk.rows, frame.piece.read.rows)
            odd = odd | np.repeat(
                ends.to_numpy(zero_copy_only=False)[rows] & (frame.sample.codes[:: frame.across] >= 0), frame.across
            )
    frame.find(log, "id_lost", matching(frame.sample, _LOST), frame.sample_role, word_of(frame.sample))
    frame.find(log, "id_form", odd, frame.sample_role, lambda at: {"text": frame.sample.word(at) or ""})
