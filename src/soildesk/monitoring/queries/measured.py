"""The rows measures count, as they stood on a day and were known by a moment: points, samples, results, campaigns, warnings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Count, Max, Q, QuerySet

from soildesk.core import clock
from soildesk.core.models import Division
from soildesk.core.models.places import valid_on
from soildesk.kit.passes import once_a_pass
from soildesk.monitoring import localrules
from soildesk.monitoring.measuring import Asked, of_place, of_year
from soildesk.monitoring.models import (
    Alert,
    AlertAct,
    Batch,
    Campaign,
    FieldRecord,
    Grade,
    Judgement,
    Medium,
    PointVersion,
    Qualifier,
    Result,
    ResultVerdict,
    SamplingTask,
)
from soilrules.geodesy import measure
from soilrules.monitoring.facts import ABOVE
from soilrules.verdict import Outcome

State = SamplingTask.State
ENDED = (AlertAct.Kind.CLOSED, AlertAct.Kind.MERGED)


@once_a_pass(of_place)
def divisions_below(asked: Asked) -> list[Division]:
    """The divisions one level below the plan's place on the day."""
    return list(Division.objects.filter(valid_on(asked.on), parent=asked.division).order_by("code"))


def points(asked: Asked, **facts: str | tuple[str, ...]) -> list[PointVersion]:
    """The standing points of the place that fit: each fact as it is told, or one of several."""
    wanted = {name: fact if isinstance(fact, tuple) else (fact,) for name, fact in facts.items()}
    return [one for one in _points(asked) if all(getattr(one, name) in fact for name, fact in wanted.items())]


def soil_points(asked: Asked) -> list[PointVersion]:
    """The standing points of soil."""
    return points(asked, medium=Medium.SOIL)


@once_a_pass(of_place)
def _points(asked: Asked) -> list[PointVersion]:
    rows = PointVersion.objects.visible_to(asked.actor).standing(asked.on, asked.known - timedelta(microseconds=1))
    rows = rows.filter(division_path__startswith=asked.division.path)
    return list(rows.select_related("point").order_by("point__number"))


def _at_points(points: Collection[PointVersion], asked: Asked) -> Hashable:
    return (of_place(asked), tuple(one.point_id for one in points))


@once_a_pass(_at_points)
def last_sampled(points: Collection[PointVersion], asked: Asked) -> Mapping[int, date]:
    """The last day each point was sampled, by the field records that counted then."""
    rows = FieldRecord.objects.filter(
        Q(superseded_at=None) | Q(superseded_at__gte=asked.known),
        at__lt=asked.known,
        task__point__in=[one.point_id for one in points],
        sampled_at__date__lte=asked.on,
    )
    found = rows.values("task__point").annotate(last=Max("sampled_at"))
    return {row["task__point"]: clock.local_day(row["last"]) for row in found}


def with_results(points: Collection[PointVersion], asked: Asked) -> set[int]:
    """Those of the points with an accepted result of the year asked for, up to the day."""
    found = _years_with_results(asked)
    return {one.point_id for one in points if asked.year in found.get(one.point_id, ())}


@once_a_pass(of_place)
def _years_with_results(asked: Asked) -> Mapping[int, set[int]]:
    """In which years, up to the day, each standing point of the place has accepted results."""
    rows = _accepted(asked).filter(point__in=[one.point_id for one in _points(asked)], sampled_on__lte=asked.on)
    found: dict[int, set[int]] = defaultdict(set)
    for point, day in rows.order_by().values_list("point", "sampled_on").distinct():
        found[point].add(day.year)
    return found


def _accepted(asked: Asked) -> QuerySet[Result]:
    """Results of batches accepted by then, without those a validator had rejected."""
    rejected = Qualifier.objects.filter(
        Q(superseded_at=None) | Q(superseded_at__gte=asked.known),
        role=Qualifier.Role.VALIDATOR,
        code=Qualifier.Code.REJECTED,
        at__lt=asked.known,
    )
    return Result.objects.filter(
        Q(superseded_at=None) | Q(superseded_at__gte=asked.known),
        Q(batch__decided_at=None) | Q(batch__decided_at__lt=asked.known),
        batch__state__in=Batch.ACCEPTED_STATES,
        recorded_at__lt=asked.known,
    ).exclude(pk__in=rejected.values("result"))


def beside(soil: Sequence[PointVersion], produce: Sequence[PointVersion]) -> Mapping[int, list[int]]:
    """For each point of soil the points of produce that belong to it: near enough by the local rule."""
    reach = float(localrules.rule("neighbours")["produce_metres"])
    there = np.array([one.geometry for one in produce], dtype=object)
    found: dict[int, list[int]] = {}
    for one in soil:
        here = np.array([one.geometry] * len(produce), dtype=object)
        apart = measure.distance_m(here, there) if len(produce) else ()
        found[one.point_id] = [
            other.point_id for other, metres in zip(produce, apart, strict=True) if float(metres) <= reach
        ]
    return found


def campaigns(asked: Asked, *kinds: str, years: Collection[int] | None = None) -> list[Campaign]:
    """The campaigns of the place, of some kinds and ending in some years where these are named."""
    found = [one for one in _campaigns(asked) if not kinds or one.kind in kinds]
    return [one for one in found if years is None or one.ends_on.year in years]


@once_a_pass(of_place)
def _campaigns(asked: Asked) -> list[Campaign]:
    """Those that had been sent out; a draft is no campaign yet."""
    rows = Campaign.objects.visible_to(asked.actor).filter(
        division_path__startswith=asked.division.path, created_at__lt=asked.known
    )
    return list(rows.exclude(state=Campaign.State.DRAFT).order_by("ends_on", "number"))


@once_a_pass(lambda of, asked: (of_place(asked), tuple(one.pk for one in of)))
def samples_left(of: Sequence[Campaign], asked: Asked) -> Mapping[int, tuple[int, int, int]]:
    """Of each campaign: samples asked for, samples never taken, samples taken without an accepted result."""
    tasks = SamplingTask.objects.filter(campaign__in=of, role=SamplingTask.Role.ORDINARY)
    answered = _accepted(asked).filter(task__campaign__in=of).values("task")
    taken = Q(state__in=(State.SAMPLED, State.RECEIVED))
    found = tasks.values("campaign").annotate(
        asked=Count("pk"), never=Count("pk", filter=~taken), bare=Count("pk", filter=taken & ~Q(pk__in=answered))
    )
    return {row["campaign"]: (row["asked"], row["never"], row["bare"]) for row in found}


def alerts(asked: Asked) -> list[Alert]:
    """The warnings of the place opened up to the day, without those that had ended before the year asked for."""
    before = {alert for alert, on, _at in _ends(asked) if on < date(asked.year, 1, 1)}
    return [one for one in _alerts(asked) if one.pk not in before]


def known_alerts(asked: Asked) -> list[Alert]:
    """Every warning of the place opened up to the day, as known."""
    return list(_alerts(asked))


@once_a_pass(of_place)
def _alerts(asked: Asked) -> list[Alert]:
    rows = Alert.objects.visible_to(asked.actor).filter(
        division_path__startswith=asked.division.path, opened_on__lte=asked.limit, opened_at__lt=asked.known
    )
    return list(rows.order_by("due", "number"))


@once_a_pass(of_place)
def _ends(asked: Asked) -> list[tuple[int, date, datetime]]:
    """Each act by which a warning of the place was closed or merged: the warning, its day and when it was written down."""
    acts = AlertAct.objects.filter(alert__in=_alerts(asked), kind__in=ENDED)
    return list(acts.order_by("on").values_list("alert", "on", "at"))


def ended_on(asked: Asked) -> Mapping[int, date]:
    """The day on which each of the warnings of the place was closed or merged, where that had happened."""
    return {alert: on for alert, on, at in _ends(asked) if on <= asked.on and at < asked.known}


@once_a_pass(of_place)
def extended(asked: Asked) -> set[int]:
    """The warnings of the place whose day had been moved by an act."""
    acts = AlertAct.objects.filter(alert__in=_alerts(asked), kind=AlertAct.Kind.EXTENDED, at__lt=asked.known)
    return set(acts.values_list("alert", flat=True))


@once_a_pass(of_year)
def was_judged(asked: Asked) -> bool:
    """Whether anything of the place was judged in the year asked for."""
    rows = Judgement.objects.visible_to(asked.actor).filter(
        campaign__division_path__startswith=asked.division.path, at__year=asked.year, at__lt=asked.known, as_if_on=None
    )
    return rows.exists()


def over_limit(points: Collection[PointVersion], asked: Asked) -> Mapping[int, bool | None]:
    """Of the points with results in the year: whether any is over a limit; None where none is and not all could be judged."""
    found: dict[int, bool | None] = {}
    for year, point, analyte, said in _judged(points, asked):
        if year == asked.year:
            found[point] = _graver(found.get(point, False), analyte, said)
    return found


def over_by_analyte(points: Collection[PointVersion], asked: Asked) -> Mapping[str, Mapping[int, bool | None]]:
    """The same of each substance alone; pH has no limit and is left out."""
    found: dict[str, dict[int, bool | None]] = defaultdict(dict)
    for year, point, analyte, said in _judged(points, asked):
        if year == asked.year and analyte != "ph":
            found[analyte][point] = _graver(found[analyte].get(point, False), analyte, said)
    return found


def _graver(before: bool | None, analyte: str, said: str | None) -> bool | None:
    if said in ABOVE:
        return True
    return None if before is False and analyte != "ph" and said in (None, Outcome.UNKNOWN) else before


@once_a_pass(_at_points)
def graded(points: Collection[PointVersion], asked: Asked) -> list[Campaign]:
    """The campaigns whose results of the year at these points are not for the public."""
    results = _accepted(asked).filter(
        point__in=[one.point_id for one in points], sampled_on__lte=asked.on, sampled_on__year=asked.year
    )
    rows = Campaign.objects.filter(pk__in=results.values("batch__campaign")).exclude(grade=Grade.PUBLIC)
    return list(rows.order_by("number", "pk"))


@once_a_pass(_at_points)
def _judged(points: Collection[PointVersion], asked: Asked) -> list[tuple[int, int, str, str | None]]:
    """The accepted results at some points up to the day: year, point, substance and what was said of each."""
    results = _accepted(asked).filter(point__in=[one.point_id for one in points], sampled_on__lte=asked.on)
    verdicts = _verdicts(results, asked)
    rows = results.values_list("pk", "point", "analyte", "sampled_on")
    return [(day.year, point, analyte, verdicts.get(pk)) for pk, point, analyte, day in rows]


def _verdicts(results: QuerySet[Result], asked: Asked) -> Mapping[int, str]:
    rows = ResultVerdict.objects.filter(
        Q(superseded_at=None) | Q(superseded_at__gte=asked.known),
        result__in=results.values("pk"),
        trial=False,
        judgement__at__lt=asked.known,
    )
    return dict(rows.order_by("judgement__at").values_list("result", "verdict"))
