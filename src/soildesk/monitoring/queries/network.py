"""The rows of the network that count on a day: points, backgrounds, campaigns, sampling tasks, and what is owed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.models import Division
from soildesk.core.permissions import Actor
from soildesk.monitoring.models import (
    BackgroundVersion,
    Campaign,
    FieldRecord,
    PointVersion,
    PublicPoint,
    SamplingTask,
)
from soildesk.monitoring.queries import frequency
from soilrules.monitoring.frequency import Frequency, RoundDone, after
from soilrules.monitoring.frequency import next_due as by_rule
from soilrules.statistics.self_monitoring import Round, frequency_after

Kind = PointVersion.Kind
BY_RULE = (Kind.SELF, Kind.ROUTINE)
"""Kinds whose period a standard gives, where the point has none of its own."""


def points(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[PointVersion]:
    """Points standing on a day."""
    rows = PointVersion.objects.visible_to(actor).standing(on, known_on)
    return rows.annotate(town=town(), keeper_name=short_name("keeper"))


def public_points(on: date) -> QuerySet[PublicPoint]:
    """What the public sees of the points of a day: no row of this query knows more of a place than may be shown."""
    inside = Q(version__until__isnull=True) | Q(version__until__gt=on)
    return PublicPoint.objects.filter(inside, version__superseded_at=None, version__since__lte=on)


def backgrounds(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[BackgroundVersion]:
    """Geological backgrounds standing on a day."""
    return BackgroundVersion.objects.visible_to(actor).standing(on, known_on).annotate(town=town())


def campaigns(actor: Actor | None, on: date) -> QuerySet[Campaign]:
    """Campaigns begun or planned, with how many of their samples are taken."""
    wanted = ~Q(tasks__state=SamplingTask.State.DROPPED)
    taken = Q(tasks__state__in=(SamplingTask.State.SAMPLED, SamplingTask.State.RECEIVED))
    rows = Campaign.objects.visible_to(actor).annotate(
        organiser_name=short_name("organiser"),
        wanted=Count("tasks", filter=wanted & Q(tasks__isnull=False)),
        taken=Count("tasks", filter=taken),
    )
    return rows.annotate(town=town())


def tasks(actor: Actor | None, on: date) -> QuerySet[SamplingTask]:
    """Sampling tasks, with what their field record says."""
    record = FieldRecord.objects.filter(task=OuterRef("pk"), superseded_at=None)
    names = PointVersion.objects.filter(point=OuterRef("point"), superseded_at=None).order_by("-since")
    rows = SamplingTask.objects.visible_to(actor).exclude(campaign__state=Campaign.State.DRAFT, state="dropped")
    return rows.annotate(
        town=town(),
        unit_name=short_name("unit"),
        point_name=Subquery(names.values("name")[:1]),
        sampled_at=Subquery(record.values("sampled_at")[:1]),
        sampler=Subquery(record.values("sampler")[:1]),
        distance_m=Subquery(record.values("distance_m")[:1]),
        place_reason=Subquery(record.values("place_reason")[:1]),
    )


def town() -> Subquery:
    """The name of the division a row lies in; read only where it is shown."""
    return Subquery(Division.objects.filter(path=OuterRef("division_path")).order_by("-since").values("name")[:1])


def short_name(link: str) -> Coalesce:
    """What a department is called in a list."""
    return Coalesce(NullIf(f"{link}__short_name", Value("")), f"{link}__name")


def last_sampled(ids: Sequence[int], on: date) -> dict[int, date]:
    """The last day each point was sampled, up to a day."""
    rows = FieldRecord.objects.filter(task__point__in=ids, superseded_at=None)
    found = rows.values("task__point").annotate(last=Max("sampled_at"))
    days = {row["task__point"]: clock.local_day(row["last"]) for row in found}
    return {point: day for point, day in days.items() if day <= on}


def next_due(point: Mapping[str, Any], last: date | None, rounds: Sequence[RoundDone]) -> date | None:
    """The day by which a point is sampled again.

    A period of its own counts from the last sample, or from its first day; without one the rule of its kind does, the
    latest day it allows. Self-monitoring is doubled after an abnormal round.
    """
    if last is not None and (not rounds or rounds[-1].on < last):
        rounds = [*rounds, RoundDone(last, Round.UNKNOWN)]  # sampled, and the results are not here
    if months := point["frequency_months"]:
        doubled = point["kind"] == Kind.SELF and _is_doubled(rounds)
        return after(last or point["since"], months, parts=2 if doubled else 1)
    if point["kind"] not in BY_RULE or not rounds:
        return None
    found = by_rule(frequency.monitored(point["kind"], point["medium"], point["depth_to_cm"]), rounds)
    return found.day or found.at_the_latest


def _is_doubled(rounds: Sequence[RoundDone]) -> bool:
    return bool(rounds) and frequency_after([each.outcome for each in rounds]).outcome is Frequency.DOUBLED


def add_rounds(rows: list[dict[str, Any]], actor: Actor, on: date) -> None:
    """The last sample and the next due day of the rows of a page."""
    last = last_sampled([row["point_id"] for row in rows], on)
    rounds = frequency.rounds_of_points([row["point_id"] for row in rows if row["kind"] == Kind.SELF], on)
    for row in rows:
        row["_last"] = last.get(row["point_id"])
        row["_due"] = next_due(row, row["_last"], rounds.get(row["point_id"], []))
        row["_late"] = row["_due"] is not None and row["_due"] < on


DUE_FIELDS = ("point_id", "frequency_months", "since", "kind", "medium", "depth_to_cm")


def _late(on: date) -> Q:
    standing = PointVersion.objects.standing(on).filter(Q(frequency_months__isnull=False) | Q(kind__in=BY_RULE))
    rows: list[dict[str, Any]] = list(standing.values("pk", *DUE_FIELDS))
    last = last_sampled([row["point_id"] for row in rows], on)
    rounds = frequency.rounds_of_points([row["point_id"] for row in rows if row["kind"] == Kind.SELF], on)
    due = {row["pk"]: next_due(row, last.get(row["point_id"]), rounds.get(row["point_id"], [])) for row in rows}
    return Q(pk__in=[pk for pk, day in due.items() if day is not None and day < on])


def _never(on: date) -> Q:
    return ~Q(point__in=FieldRecord.objects.filter(superseded_at=None, task__point__isnull=False).values("task__point"))


ROUND_CHOICES = [("late", _l("逾期未采")), ("never", _l("从未采样")), ("none", _l("没有规定周期"))]
ROUND_CONDITIONS: Mapping[str, Any] = {
    "late": _late,
    "never": _never,
    "none": Q(frequency_months__isnull=True) & ~Q(kind__in=BY_RULE),
}
