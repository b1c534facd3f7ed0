"""Components of sums collected while rows go by, and the sums judged at the end, sample by sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from soilrules.labtables.beside import SAME_SAMPLE
from soilrules.standards.judge import Result, Verdict
from soilrules.standards.library import Library
from soilrules.standards.model import Edition, Sum
from soilrules.standards.rulings import Circumstances, find
from soilrules.standards.sums import judge_sum

Record = dict[str, Any]


@dataclass(slots=True)
class _Sample:
    """One sample under one standard: its first record and every component or total it gives."""

    family: str
    record: Record
    around: Circumstances
    results: dict[str, Result] = field(default_factory=dict)


class Components:
    """Collects the results that count in sums. Memory grows with the samples that have such results only."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._samples: dict[tuple[Any, ...], _Sample] = {}
        self.of_family = {
            family: frozenset(
                slug
                for edition in library.national(family)
                for one in edition.sums
                for slug in (one.analyte, *one.components)
            )
            for family in library.families
        }

    def add(self, family: str, record: Record, around: Circumstances, result: Result) -> None:
        """Take in a component or a total; of one given twice the higher stays."""
        key = (family, *(record[name] for name in SAME_SAMPLE))
        sample = self._samples.setdefault(key, _Sample(family, record, around))
        known = sample.results.get(result.analyte)
        if known is None or (known.value or 0) < (result.value or 0):
            sample.results[result.analyte] = result

    def sums(self, level: str) -> Iterator[tuple[Verdict, Record]]:
        """Every sum some sample gives components of and no total for, judged, with a record to show it by."""
        for sample in self._samples.values():
            edition = self.library.edition(sample.family, sample.around.on)
            for one in edition.sums if edition else ():
                if edition and _to_be_summed(one, sample.results, edition):
                    yield self._judged(sample, one, level)

    def _judged(self, sample: _Sample, of: Sum, level: str) -> tuple[Verdict, Record]:
        parts = {slug: sample.results[slug] for slug in of.components if slug in sample.results}
        ruling = find(self.library, sample.family, of.analyte, sample.around)
        verdict = judge_sum(ruling, of, parts, sample.around, level=level)
        shown: Record = {"analyte": of.analyte, "value": None, "unit": None, "text": None, "censored": False}
        shown |= {"detection_limit": None, "row": None, "cell": None}
        if verdict.screening is not None and verdict.sum_value is not None:
            shown |= {"value": float(verdict.sum_value), "unit": verdict.screening.unit.symbol}
        return verdict, {**sample.record, **shown}


def _to_be_summed(of: Sum, given: dict[str, Result], edition: Edition) -> bool:
    """A sum is made where a component that has no limit of its own is given and the total is not."""
    return of.analyte not in given and any(slug in given and slug not in edition.by_analyte for slug in of.components)
