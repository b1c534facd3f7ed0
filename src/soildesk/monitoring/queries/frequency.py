"""When a point is due next by its own results: an anomaly halves the interval until rounds are normal again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Min

from soildesk.monitoring.models import Medium, PointVersion, ResultVerdict
from soildesk.monitoring.queries.eventfacts import content_of, counting_everywhere
from soilrules.monitoring import dated
from soilrules.monitoring.facts import ABOVE
from soilrules.monitoring.frequency import MonitoredPoint, Network, RoundDone, UnitClass
from soilrules.statistics.readings import Observation
from soilrules.statistics.self_monitoring import Round, judge_round
from soilrules.verdict import Outcome

WHOLE_WITHIN = timedelta(days=366)
"""A point first sampled so soon after it was registered has its whole series here."""
SURFACE_CM = 50
"""Soil down to this depth is surface soil."""
FACTS = ("kind", "medium", "depth_to_cm", "layer", "unit_class", "near_sensitive")
Series = dict[str, dict[date, dict[str, Any]]]
"""Of one point: by analyte and day the result that counts."""


def monitored(point: Mapping[str, Any]) -> MonitoredPoint:
    """What the interval depends on, from the FACTS of a point; what nobody said stays unknown."""
    network = Network.SELF_MONITORING if point["kind"] == PointVersion.Kind.SELF else Network.ROUTINE
    return MonitoredPoint(
        network,
        dated.Medium(point["medium"]),
        _layer(point),
        UnitClass(point["unit_class"]) if point["unit_class"] else None,
        point["near_sensitive"] == PointVersion.YesNo.YES if point["near_sensitive"] else None,
    )


def _layer(point: Mapping[str, Any]) -> dated.Layer | None:
    """As it was said; else by the depth."""
    if point["layer"]:
        return dated.Layer(point["layer"])
    if point["medium"] != Medium.SOIL or point["depth_to_cm"] is None:
        return None
    return dated.Layer.SURFACE if point["depth_to_cm"] <= SURFACE_CM else dated.Layer.DEEP


def rounds_of(version: PointVersion, on: date) -> list[RoundDone]:
    """The rounds of a point: one for each day of sampling, abnormal where any analyte is, unknown where any may be."""
    return rounds_of_points([version.point_id], on).get(version.point_id, [])


def rounds_of_points(points: Sequence[int], on: date) -> dict[int, list[RoundDone]]:
    """The rounds of many points at once."""
    series: dict[int, Series] = defaultdict(lambda: defaultdict(dict))
    rows = counting_everywhere().filter(point__in=points, sampled_on__lte=on).exclude(analyte="ph")
    fields = ("pk", "point_id", "analyte", "unit", "value", "censored", "detection_limit", "more_than", "sampled_on")
    verdicts = _verdicts(rows)
    for row in rows.order_by("sampled_on", "value", "pk").values(*fields):
        row["verdict"] = verdicts.get(row["pk"])
        series[row["point_id"]][row["analyte"]][row["sampled_on"]] = row  # of one day the highest
    firsts = PointVersion.objects.filter(point__in=list(series)).values("point").annotate(first=Min("since"))
    first = dict(firsts.values_list("point", "first"))
    return {point: _rounds(of, first[point]) for point, of in series.items()}


def _rounds(series: Series, first: date) -> list[RoundDone]:
    days = sorted({day for of in series.values() for day in of})
    whole = days[0] <= first + WHOLE_WITHIN
    return [RoundDone(day, _outcome([_judged(of, day, whole) for of in series.values() if day in of])) for day in days]


def _verdicts(rows: Any) -> dict[int, Outcome]:
    found = ResultVerdict.objects.filter(result__in=rows.values("pk"), trial=False, superseded_at=None)
    return {result: Outcome(verdict) for result, verdict in found.values_list("result_id", "verdict")}


def _judged(of: dict[date, dict[str, Any]], day: date, whole: bool) -> Round:
    """One analyte in one round."""
    verdict = of[day]["verdict"]
    above = None if verdict in (None, Outcome.UNKNOWN) else verdict in ABOVE
    unit = of[day]["unit"]
    observed = [
        Observation(one, reading)
        for one, row in sorted(of.items())
        if one <= day and row["unit"] == unit and (reading := content_of(row)) is not None
    ]
    if not observed or observed[-1].on != day:
        return Round.ABNORMAL if above else Round.UNKNOWN
    return judge_round(observed, above_limit=above, whole_series=whole).outcome


def _outcome(outcomes: list[Round]) -> Round:
    if Round.ABNORMAL in outcomes:
        return Round.ABNORMAL
    return Round.NORMAL if set(outcomes) == {Round.NORMAL} else Round.UNKNOWN
