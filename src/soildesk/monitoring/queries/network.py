"""The rows of the network that count on a day: points, backgrounds, campaigns, sampling tasks, and what is owed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _l

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
from soildesk.monitoring.queries import duedays
from soildesk.monitoring.queries.duedays import BY_RULE


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


def add_rounds(rows: list[dict[str, Any]], actor: Actor, on: date) -> None:
    """The last sample and the next due day of the rows of a page; no day where that cannot be said."""
    last, dues = duedays.dues_on(rows, on)
    for row in rows:
        row["_last"], due = last.get(row["point_id"]), dues[row["point_id"]]
        row["_due"], row["_latest"], row["_why"], row["_late"] = due.day, due.latest, due.why, due.late_on(on)
        row["_unsaid"] = due.day is None and _has_period(row)


def _has_period(row: Mapping[str, Any]) -> bool:
    return bool(row["frequency_months"]) or row["kind"] in BY_RULE


def _wanted(on: date) -> list[Mapping[str, Any]]:
    standing = PointVersion.objects.standing(on).filter(Q(frequency_months__isnull=False) | Q(kind__in=BY_RULE))
    return list(standing.values(*duedays.FIELDS))


def _late(on: date) -> Q:
    _last, dues = duedays.dues_on(_wanted(on), on)
    return Q(point__in=[point for point, due in dues.items() if due.late_on(on)])


def _unsaid(on: date) -> Q:
    _last, dues = duedays.dues_on(_wanted(on), on)
    return Q(point__in=[point for point, due in dues.items() if due.day is None and not due.late_on(on)])


def _never(on: date) -> Q:
    return ~Q(point__in=FieldRecord.objects.filter(superseded_at=None, task__point__isnull=False).values("task__point"))


ROUND_CHOICES = [
    ("late", _l("逾期未采")),
    ("unsaid", _l("无法判断应采日期")),
    ("never", _l("从未采样")),
    ("none", _l("没有规定周期")),
]
ROUND_CONDITIONS: Mapping[str, Any] = {
    "late": _late,
    "unsaid": _unsaid,
    "never": _never,
    "none": Q(frequency_months__isnull=True) & ~Q(kind__in=BY_RULE),
}
