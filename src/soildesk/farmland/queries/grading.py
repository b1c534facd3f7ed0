"""Grades of points by GB 15618 and of produce by GB 2762, for whole rounds at once; nothing is written.

Soil is judged by the use of the unit the point stands for, each sample by the edition of its day, or all by those of one
day. Of several samples of one point the last counts; of one day the gravest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from soildesk.farmland.queries.gathering import Gathered, Ints
from soilrules.farmland.columns import Grades
from soilrules.farmland.elements import in_produce
from soilrules.farmland.rulesets import Ruleset
from soilrules.standards.columns import BATCH, ColumnJudge
from soilrules.standards.library import Library
from soilrules.standards.places import Place
from soilrules.verdict import Outcome

SOIL, PRODUCE = "gb15618", "gb2762"
_SOIL_GRADE = {str(Outcome.MEETS): 1, str(Outcome.EXCEEDS_SCREENING): 2, str(Outcome.EXCEEDS_CONTROL): 3}
_SOIL_GRAVITY = np.array([2, 0, 1, 3])  # by grade: what nobody can judge counts before Ⅰ and Ⅱ, never before Ⅲ
_PRODUCE_GRAVITY = np.array([0, 1, 2, 3])  # by excess: of one point and day what was judged counts
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Standards:
    """The tables in force at a place, for results without a day the editions of `on`; `as_if_on` judges all by one day's."""

    library: Library
    division: str
    on: date
    as_if_on: date | None = None


@dataclass(frozen=True)
class Judged:
    """Results that count, one for each point standing for a unit and element: `pair` and `element` say which.

    `grade` 1 to 3 and 0 where nobody can say; `result` is its place among the results, `limit` the first of its limits in
    its unit (NaN where none), `cause` why nobody can say.
    """

    pair: Ints
    element: Ints
    grade: Grades
    result: Ints
    limit: NDArray[np.float64]
    control: NDArray[np.float64]
    cause: NDArray[np.object_]
    places: Sequence[Place]


def soil(gathered: Gathered, ruleset: Ruleset, by: Standards) -> Judged:
    """The grade of every point for every element that decides or is shown beside."""
    elements = (*ruleset.elements, *ruleset.beside)
    pair, result = _expanded(gathered, gathered.soil["point"])
    uses = np.array([one.use or None for one in gathered.units] or [None], object)
    land = uses[gathered.pair_unit[pair]] if len(pair) else np.empty(0, object)
    judge = ColumnJudge(by.library, SOIL, on=by.on, division=by.division)
    verdict, cause, limit, control = _verdicts(judge, gathered.soil, result, land, by)
    grade = np.array([_SOIL_GRADE.get(one, 0) for one in verdict], np.int8)
    element = _codes(gathered.soil["analyte"][result], {slug: at for at, slug in enumerate(elements)})
    kept = _newest(pair, element, _days(gathered.soil["day"][result]), _SOIL_GRAVITY[grade])
    return Judged(
        pair[kept], element[kept], grade[kept], result[kept], limit[kept], control[kept], cause[kept], judge.places
    )


def produce(gathered: Gathered, ruleset: Ruleset, by: Standards) -> Judged:
    """How far every sample of produce lies above its limit: 1 within, 2 light, 3 severe, 0 unknown."""
    pair, result = _expanded(gathered, gathered.produce["point"])
    crop = gathered.produce["crop"][result]
    judge = ColumnJudge(by.library, PRODUCE, on=by.on, division=by.division)
    verdict, cause, limit, control = _verdicts(judge, gathered.produce, result, crop, by)
    value = gathered.produce["value"][result]
    severe = value > np.array([_severe_from(one, ruleset.light) for one in limit.tolist()])
    over = np.where(np.isnan(limit), 0, np.where(severe, 3, 2))
    grade = np.where(verdict == str(Outcome.MEETS), 1, np.where(verdict == str(Outcome.EXCEEDS), over, 0)).astype(
        np.int8
    )
    of = {slug: at for at, slug in enumerate(ruleset.elements)}
    element = _codes(
        gathered.produce["analyte"][result],
        {analyte: of[slug] for analyte, slug in in_produce(ruleset.elements).items()},
    )
    kept = _newest(pair, element, _days(gathered.produce["day"][result]), _PRODUCE_GRAVITY[grade])
    return Judged(
        pair[kept], element[kept], grade[kept], result[kept], limit[kept], control[kept], cause[kept], judge.places
    )


def _severe_from(limit: float, light: Decimal) -> float:
    """The content from which on produce lies far above a limit, as a number that is printed."""
    return limit if np.isnan(limit) else float(Decimal(repr(limit)) * light)


def _expanded(gathered: Gathered, point: NDArray[np.int64]) -> tuple[Ints, Ints]:
    """Every pair of a point and a unit with every result of the point: places of both."""
    place = gathered.point_place
    at = np.array([place.get(key, -1) for key in point.tolist()], np.int64)
    order = np.argsort(at, kind="stable")
    first = np.searchsorted(at[order], gathered.pair_point, side="left")
    count = np.searchsorted(at[order], gathered.pair_point, side="right") - first
    pair = np.repeat(np.arange(len(count)), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return pair.astype(np.int32), order[np.repeat(first, count) + within].astype(np.int32)


def _verdicts(
    judge: ColumnJudge, held: Any, result: Ints, use: NDArray[np.object_], by: Standards
) -> tuple[NDArray[np.object_], NDArray[np.object_], NDArray[np.float64], NDArray[np.float64]]:
    """Verdict, cause and both limits of some results under their uses."""
    if not len(result):
        nothing = np.empty(0, object)
        return nothing, nothing, np.empty(0), np.empty(0)
    days = [by.as_if_on] * len(result) if by.as_if_on else held["day"][result].tolist()
    given: Mapping[str, Any] = {
        "analyte": held["analyte"][result].tolist(),
        "value": held["value"][result],
        "unit": [one or None for one in held["unit"][result].tolist()],
        "censored": held["censored"][result],
        "detection_limit": held["detection_limit"][result],
        "ph": held["ph"][result],
        "land": use.tolist(),
        "date": days,
    }
    batch = pa.RecordBatch.from_arrays([_column(kind, given[kind.name]) for kind in BATCH], schema=BATCH)
    found = judge.judge(batch)
    place = found.column("place").to_numpy()
    first = np.array([one.first for one in judge.places])[place]
    second = np.array([one.second for one in judge.places])[place]
    verdict = np.array(found.column("verdict").to_pylist(), object)
    cause = np.array([one or "" for one in found.column("cause").to_pylist()], object)
    return verdict, cause, first, np.where(np.isfinite(second), second, np.nan)


def _column(kind: pa.Field, values: Any) -> pa.Array:
    if pa.types.is_dictionary(kind.type):
        return pa.array(values, pa.string()).dictionary_encode().cast(kind.type)
    return pa.array(values, kind.type)


def _codes(words: NDArray[np.object_], known: Mapping[str, int]) -> Ints:
    return np.array([known[one] for one in words.tolist()], np.int32)


def _days(days: NDArray[np.object_]) -> NDArray[np.int64]:
    """Days as numbers; a sample without a day counts as the oldest."""
    return np.array([(one - _EPOCH).days if one else -1 for one in days.tolist()], np.int64)


def _newest(pair: Ints, element: Ints, day: NDArray[np.int64], gravity: NDArray[np.int64]) -> NDArray[np.intp]:
    """Of each pair and element the newest result, of one day the gravest."""
    if not len(pair):
        return np.empty(0, np.intp)
    order = np.lexsort((gravity, day, element, pair))
    last = np.append((np.diff(pair[order]) != 0) | (np.diff(element[order]) != 0), True)
    kept: NDArray[np.intp] = order[last]
    return kept
