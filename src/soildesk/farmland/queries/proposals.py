"""Units put into classes from what was gathered, and what led to each, as the page of a unit shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from soildesk.farmland.queries import grading
from soildesk.farmland.queries.gathering import Gathered, Step, in_metres, silent
from soildesk.farmland.queries.grading import Judged, Standards
from soilrules.farmland.adjoining import adjoining
from soilrules.farmland.columns import UNMEASURED, Grades, PointColumns, SampleColumns, UnitColumns, classify_columns
from soilrules.farmland.produce import Samples
from soilrules.farmland.rulesets import Grade, Ruleset, rulesets, with_severe, without_majority
from soilrules.farmland.soil import PointGrade
from soilrules.farmland.units import FarmlandClass, UnitClass, class_of, classify

MAJORITY, SEVERE = "majority", "soil_ii_severe"
SWITCHES = (MAJORITY, SEVERE)


def ruleset_of(name: str, switches: Sequence[str] = ()) -> Ruleset:
    """A rule set by its id with what was switched. Raises KeyError for one there is not."""
    found = rulesets()[name]
    if MAJORITY in switches:
        found = without_majority(found)
    return with_severe(found, Grade.THREE) if SEVERE in switches else found


@dataclass(frozen=True)
class Worked:
    """Classes of units by a rule set, with the grades they come from."""

    gathered: Gathered
    ruleset: Ruleset
    found: UnitColumns
    soil: Judged
    produce: Judged
    joined: NDArray[np.int32]  # pairs of a point and a unit that adjoin

    def class_at(self, at: int) -> str:
        """The class of a unit; empty where nobody can say."""
        return _class(int(self.found.worst[at]))

    def soil_only(self, at: int) -> str:
        """The class of a unit by soil alone."""
        grades = self.found.soil[at]
        return _class(3 if (grades == 3).any() else 0 if (grades == 0).any() else int(grades.max(initial=0)))

    def controlling(self, at: int) -> str:
        """The elements that make the class, by 、."""
        flags = self.found.controlling[at].tolist()
        return "、".join(slug for slug, flag in zip(self.ruleset.elements, flags, strict=True) if flag)

    def counts(self) -> dict[str, Any]:
        """What was met, to be told beside the result."""
        number = Counter(self.class_at(at) or "unknown" for at in range(len(self.gathered.units)))
        return {
            "units": len(self.gathered.units),
            "points": len(np.unique(self.gathered.pair_point[np.unique(self.soil.pair)])) if len(self.soil.pair) else 0,
            "produce_points": len(np.unique(self.gathered.pair_point[np.unique(self.produce.pair)]))
            if len(self.produce.pair)
            else 0,
            "classes": dict(number),
            "left_out": {key: count for key, count in self.gathered.left_out.items() if count},
            "standards": self.standards(),
        }

    def standards(self) -> list[str]:
        """The editions applied, by their printed names."""
        used = [place.ruling.edition for judged in (self.soil, self.produce) for place in judged.places]
        return sorted({one.standard for one in used if one is not None})

    @cached_property
    def _detail_rows(self) -> tuple[Mapping[int, Any], Mapping[int, Any], Mapping[int, list[tuple[int, int]]]]:
        return (
            _by_pair(self.soil),
            _by_pair(self.produce),
            _pairs_by_unit(self.joined, self.gathered.pair_unit),
        )

    def detail(self, at: int, pairs: Sequence[int]) -> dict[str, Any]:
        """Everything that led to the class of a unit, as data: points, produce, which points adjoin."""
        soil, produce, joined = self._detail_rows
        names = {pair: self.gathered.points[int(self.gathered.pair_point[pair])].number for pair in pairs}
        return {
            "points": [self._point(pair, soil[pair], self.soil) for pair in pairs if pair in soil],
            "produce": [self._point(pair, produce[pair], self.produce) for pair in pairs if pair in produce],
            "adjoining": [[names[one], names[other]] for one, other in joined.get(at, ())],
            "apart": sorted({names[pair] for pair in pairs if self.found.apart[pair].any()}),
        }

    def _point(self, pair: int, rows: Sequence[int], judged: Judged) -> dict[str, Any]:
        soil = judged is self.soil
        held = self.gathered.soil if soil else self.gathered.produce
        point = self.gathered.points[int(self.gathered.pair_point[pair])]
        first = int(judged.result[rows[0]])
        slugs = (*self.ruleset.elements, *self.ruleset.beside)
        days = [day for row in rows if (day := held["day"][int(judged.result[row])])]
        told = {
            "point": point.number,
            "name": point.name,
            "at": [round(point.x, 6), round(point.y, 6)],
            "day": max(days).isoformat() if days else None,
            "values": {slugs[int(judged.element[row])]: _value(judged, held, row, soil) for row in rows},
        }
        ph = float(held["ph"][first])
        return told | (
            {"ph": None if np.isnan(ph) else ph, "land": held["land"][first]} if soil else {"crop": held["crop"][first]}
        )


def _value(judged: Judged, held: Any, row: int, soil: bool) -> dict[str, Any]:
    at = int(judged.result[row])
    told = {
        "grade": int(judged.grade[row]),
        "printed": held["printed"][at],
        "unit": held["unit"][at],
        "limit": _number(judged.limit[row]),
        "cause": judged.cause[row],
        "result": int(held["result"][at]),
    }
    return told | ({"control": _number(judged.control[row])} if soil else {"analyte": held["analyte"][at]})


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(f"{float(value):.10g}")


def _class(grade: int) -> str:
    return str(class_of(Grade(grade))) if grade else ""


def _by_pair(judged: Judged) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row, pair in enumerate(judged.pair.tolist()):
        found.setdefault(pair, []).append(row)
    return found


def _pairs_by_unit(joined: NDArray[np.int32], unit: NDArray[np.int32]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for one, other in joined.tolist():
        found.setdefault(int(unit[one]), []).append((one, other))
    return found


def work(gathered: Gathered, ruleset: Ruleset, by: Standards, step: Step = silent) -> Worked:
    """The classes of the units gathered, by a rule set and the standards of a place."""
    step(0, None, _("评价点位"))
    soil = grading.soil(gathered, ruleset, by)
    produce = grading.produce(gathered, ruleset, by)
    step(0, None, _("划分类别"))
    deciding = soil.element < len(ruleset.elements)
    grades: Grades = np.full((len(gathered.pair_unit), len(ruleset.elements)), UNMEASURED, np.int8)
    grades[soil.pair[deciding], soil.element[deciding]] = soil.grade[deciding]
    joined = _joined(gathered, grades)
    points = PointColumns(gathered.pair_unit, grades, joined)
    samples = SampleColumns(gathered.pair_unit[produce.pair], produce.element, produce.grade)
    found = classify_columns(len(gathered.units), points, samples, ruleset)
    return Worked(gathered, ruleset, found, soil, produce, joined)


def _joined(gathered: Gathered, grades: Grades) -> NDArray[np.int32]:
    """Which points of soil adjoin within their unit: places of pairs."""
    measured = np.flatnonzero((grades != UNMEASURED).any(axis=1))
    metres = in_metres(gathered.points)[gathered.pair_point[measured]] if len(measured) else np.empty((0, 2))
    return measured[adjoining(metres, gathered.pair_unit[measured])].astype(np.int32)


def pairs_of_units(gathered: Gathered) -> Iterator[list[int]]:
    """For each unit in its order the places of its pairs."""
    edges = np.searchsorted(gathered.pair_unit, np.arange(len(gathered.units) + 1))
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        yield list(range(start, end))


def explained(detail: Mapping[str, Any], ruleset: Ruleset) -> UnitClass:
    """The class of one unit from what was kept of it: the same rules, with their reasons."""
    slugs = (*ruleset.elements, *ruleset.beside)
    points = {
        slug: [
            PointGrade(one["point"], Grade(grade) if (grade := one["values"][slug]["grade"]) else None)
            for one in detail.get("points", ())
            if slug in one["values"]
        ]
        for slug in slugs
    }
    produce = {slug: _samples(detail, slug) for slug in ruleset.elements}
    joined = frozenset(frozenset(pair) for pair in detail.get("adjoining", ()))
    return classify(points, produce, joined, ruleset)


def _samples(detail: Mapping[str, Any], slug: str) -> Samples:
    tally = Counter(one["values"][slug]["grade"] for one in detail.get("produce", ()) if slug in one["values"])
    return Samples(tally[1], tally[2], tally[3], tally[0])


CLASSES = tuple(str(one) for one in FarmlandClass)
