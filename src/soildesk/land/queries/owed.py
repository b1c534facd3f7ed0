"""What is owed to unused land: the last patrol, the next one, what was found and not yet acted upon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _l

from soildesk.core.models import Duty
from soildesk.core.permissions import Actor
from soildesk.land.models import Patrol, UnusedLand, UnusedLandVersion

SUBJECT = UnusedLand._meta.label_lower
CHOICES = [("late", _l("逾期未巡")), ("soon", _l("30 日内应巡")), ("open", _l("有未办结发现"))]
SOON_DAYS = 30


def is_open(on: date) -> Q:
    """Something was found and nobody has said, by the day, what was done about it."""
    return (Q(closed_on__isnull=True) | Q(closed_on__gt=on)) & ~Q(found=Patrol.Found.NOTHING)


def _open(on: date) -> Q:
    return Q(land__in=Patrol.objects.filter(is_open(on), on__lte=on).values("land_id"))


def _late(on: date) -> Q:
    return Q(land__in=Duty.objects.filter(subject_type=SUBJECT).late_on(on).values("subject_id"))


def _soon(on: date) -> Q:
    return Q(land__in=Duty.objects.filter(subject_type=SUBJECT).due_within(on, SOON_DAYS).values("subject_id"))


CONDITIONS: Mapping[str, Any] = {"late": _late, "soon": _soon, "open": _open}


def add_rounds(rows: list[dict[str, Any]], actor: Actor, on: date) -> None:
    """The last patrol, the next due day and the open findings of the rows of a page."""
    ids = [row["land_id"] for row in rows]
    visits = Patrol.objects.visible_to(actor).filter(land__in=ids, on__lte=on)
    found = {
        each["land_id"]: each
        for each in visits.values("land_id").annotate(last=Max("on"), open=Count("pk", filter=is_open(on)))
    }
    due = dict(
        Duty.objects.filter(subject_type=SUBJECT, subject_id__in=ids).open_on(on).values_list("subject_id", "due")
    )
    for row in rows:
        seen = found.get(row["land_id"], {})
        row["_last"], row["_open"] = seen.get("last"), seen.get("open", 0)
        row["_due"] = due.get(row["land_id"])
        row["_late"] = bool(row["_due"] and row["_due"] < on)


@dataclass(frozen=True, slots=True)
class Round:
    """One patrol somebody owes."""

    land: UUID
    title: str
    due: date
    late: bool
    unit: str
    unit_id: int | None


def rounds(actor: Actor, on: date, *, days: int = 14) -> list[Round]:
    """The patrols late or due within some days, of every department the actor sees, the oldest first."""
    rows = Duty.objects.visible_to(actor).filter(subject_type=SUBJECT)
    owing = rows.open_on(on).filter(due__lte=on + timedelta(days=days))
    found = list(owing.select_related("unit").order_by("due", "pk"))
    if not found:
        return []
    uids = dict(UnusedLand.objects.filter(pk__in=[duty.subject_id for duty in found]).values_list("pk", "uid"))
    return [
        Round(uids[duty.subject_id], duty.title, duty.due, duty.due < on, str(duty.unit or ""), duty.unit_id)
        for duty in found
        if duty.subject_id in uids
    ]


def open_findings(actor: Actor, on: date) -> int:
    """How many findings wait for an action."""
    return Patrol.objects.visible_to(actor).filter(is_open(on), on__lte=on).count()


def land_of(actor: Actor, uid: str, on: date) -> UnusedLandVersion | None:
    """The piece of unused land on a day, as the actor sees it."""
    rows = UnusedLandVersion.objects.visible_to(actor).standing(on).filter(land__uid=uid)
    return rows.select_related("land", "keeper").first()
