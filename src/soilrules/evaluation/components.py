"""Components of sums collected while rows go by, and the sums judged at the end, sample by sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from soilrules.evaluation import reading
from soilrules.evaluation.choices import Choices
from soilrules.evaluation.reading import Record
from soilrules.labtables.beside import SAME_SAMPLE
from soilrules.labtables.coded import coded
from soilrules.labtables.keys import Keys, row_keys
from soilrules.messages import Message
from soilrules.standards.arrow import Flags
from soilrules.standards.library import Library
from soilrules.standards.model import Edition, Sum
from soilrules.standards.results import Result, Verdict
from soilrules.standards.rulings import Circumstances, Ruling, find
from soilrules.standards.sums import judge_sum
from soilrules.verdict import Outcome

_AGAINST_TOTAL = Message("standards", "notes", "sum_against_total")
_AT_ONCE = 10_000  # rows made into records at once
_MOST_VERDICTS = 10_000
_NOT_NEEDED = ("text", "cell", "qualifier")
Slugs = NDArray[np.object_]


@dataclass(slots=True)
class _OfFamily:
    """The components given under one standard, as columns, and the keys of the samples that give a total.

    `over` are those whose total exceeds by itself.
    """

    rows: list[pa.RecordBatch] = field(default_factory=list)
    keys: list[Keys] = field(default_factory=list)
    totals: dict[str, list[Keys]] = field(default_factory=dict)
    over: dict[str, list[Keys]] = field(default_factory=dict)


class Components:
    """Collects the results that count in sums. Memory grows with those results only, by some bytes each."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._found: dict[reading.Standard, _OfFamily] = {}
        self._rulings: dict[tuple[object, ...], Ruling] = {}
        self._verdicts: dict[tuple[object, ...], Verdict] = {}
        sums = {family: [one for each in library.national(family) for one in each.sums] for family in library.families}
        self._totals = {family: {one.analyte for one in of} for family, of in sums.items()}
        self.of_family = {
            family: frozenset(slug for one in of for slug in (one.analyte, *one.components))
            for family, of in sums.items()
        }

    def add(self, standard: reading.Standard, rows: pa.RecordBatch, slugs: Slugs, over: Flags) -> None:
        """Take in results that are components or totals, `over` where they exceed; those of no named sample cannot be
        put together."""
        keys = row_keys([coded(rows.column(name).cast(pa.string())) for name in SAME_SAMPLE], rows.num_rows)
        named = rows.column("sample").is_valid().to_numpy(zero_copy_only=False)
        named |= rows.column("point").is_valid().to_numpy(zero_copy_only=False)
        found = self._found.setdefault(standard, _OfFamily())
        totals = np.isin(slugs.astype(str), list(self._totals[standard.family]))
        for slug in set(slugs[totals & named]):
            found.totals.setdefault(slug, []).append(keys[named & (slugs == slug)])
            found.over.setdefault(slug, []).append(keys[named & over & (slugs == slug)])
        parts = np.flatnonzero(named & ~totals)
        if len(parts):
            columns = [name for name in rows.schema.names if name not in _NOT_NEEDED]
            kept = rows.select(columns).take(pa.array(parts))
            found.rows.append(kept.append_column("slug", pa.array(slugs[parts].tolist()).dictionary_encode()))
            found.keys.append(keys[parts])

    def sums(self, choices: Choices) -> Iterator[tuple[reading.Standard, Verdict, Record]]:
        """Every sum some sample gives components of, judged, with its first record.

        A total that is given stands for its sum; only where the components exceed and it does not, both are told.
        """
        for standard, found in self._found.items():
            totals = {slug: np.unique(np.concatenate(keys)) for slug, keys in found.totals.items()}
            over = {slug: np.unique(np.concatenate(keys)) for slug, keys in found.over.items()}
            for key, records in _by_sample(found):
                given = {slug for slug, keys in totals.items() if _holds(keys, key)}
                exceeding = {slug for slug in given if _holds(over[slug], key)}
                for verdict in self._of_sample(standard, records, exceeding, choices):
                    if verdict.analyte not in given:
                        yield standard, verdict, records[0]
                    elif verdict.outcome.gravity > Outcome.UNKNOWN.gravity:
                        yield standard, replace(verdict, notes=(*verdict.notes, _AGAINST_TOTAL)), records[0]

    def _of_sample(
        self, standard: reading.Standard, records: Sequence[Record], totals: set[str], choices: Choices
    ) -> Iterator[Verdict]:
        around = reading.circumstances(records[0], standard.family, choices)
        edition = self.library.edition(standard.family, around.on)
        if edition is None or standard.edition not in ("", edition.id):
            return
        given = _given(records)
        for one in edition.sums:
            if one.analyte not in totals and _to_be_summed(one, given, edition):
                parts = {slug: given[slug] for slug in one.components if slug in given}
                yield self._verdict(standard.family, one, parts, around, choices.level)

    def _verdict(self, family: str, of: Sum, parts: Mapping[str, Result], around: Circumstances, level: str) -> Verdict:
        """The verdict of a sum; the same parts in the same circumstances, as where nothing was detected, come often."""
        key = (family, of.analyte, *parts.values(), around)
        known = self._verdicts.get(key)
        if known is None:
            if len(self._verdicts) > _MOST_VERDICTS:
                self._verdicts.clear()
            ruling = self._ruling(family, of.analyte, around)
            known = self._verdicts[key] = judge_sum(ruling, of, parts, around, level=level)
        return known

    def _ruling(self, family: str, analyte: str, around: Circumstances) -> Ruling:
        """The ruling for a sum; most samples of a table stand in the same circumstances as the one before."""
        key = (family, analyte, around)
        if key not in self._rulings:
            if len(self._rulings) > _MOST_VERDICTS:
                self._rulings.clear()
            self._rulings[key] = find(self.library, family, analyte, around)
        return self._rulings[key]


def _by_sample(found: _OfFamily) -> Iterator[tuple[int, list[Record]]]:
    """The component records of each sample, samples in the order of their first."""
    if not found.rows:
        return
    keys = np.concatenate(found.keys)
    _, first, sample = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first[sample], kind="stable")
    rows = pa.Table.from_batches([_plain(one) for one in found.rows])
    numbered = _records(rows, order)
    for key, group in groupby(numbered, key=lambda item: int(keys[item[0]])):
        yield key, [record for _, record in group]


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch as strings where it was coded: a table of many batches has one schema."""
    schema = pa.schema(
        [(one.name, pa.string() if pa.types.is_dictionary(one.type) else one.type) for one in batch.schema]
    )
    return batch.cast(schema)


def _records(rows: pa.Table, order: NDArray[np.intp]) -> Iterator[tuple[int, Record]]:
    for start in range(0, len(order), _AT_ONCE):
        part = order[start : start + _AT_ONCE]
        yield from zip(part.tolist(), rows.take(pa.array(part)).to_pylist(), strict=True)


def _holds(keys: Keys, key: int) -> bool:
    at = int(np.searchsorted(keys, np.uint64(key)))
    return at < len(keys) and int(keys[at]) == key


def _given(records: Sequence[Record]) -> dict[str, Result]:
    """The results of one sample by analyte; of one given twice the higher counts."""
    given: dict[str, Result] = {}
    for record in records:
        result = reading.result(record, record["slug"])
        known = given.get(result.analyte)
        if known is None or _most(known) < _most(result):
            given[result.analyte] = result
    return given


def _most(result: Result) -> Any:
    """The most a result may be, in the base unit of its dimension; one without a number or unit counts least."""
    number = result.detection_limit if result.censored else result.value
    return -1 if number is None or result.unit is None else number * result.unit.factor


def _to_be_summed(of: Sum, given: Mapping[str, Result], edition: Edition) -> bool:
    """A sum is made where a component that has no limit of its own is given."""
    return any(slug in given and slug not in edition.by_analyte for slug in of.components)
