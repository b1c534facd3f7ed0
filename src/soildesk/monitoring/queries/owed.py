"""What campaigns make units owe and is late or soon due: samples, the end of the campaign, the sharing of its data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count

from soildesk.core.models import Duty
from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Campaign, SamplingTask

KINDS = (Duty.Kind.SAMPLING, Duty.Kind.CAMPAIGN, Duty.Kind.SHARE)


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty of a campaign; `samples` are those its unit has still to take. `seen`: the actor may open the campaign."""

    kind: str
    campaign: UUID
    title: str
    due: date
    late: bool
    unit: str
    unit_id: int | None
    samples: int
    seen: bool


def owed(actor: Actor, on: date, *, days: int = 14) -> list[Owed]:
    """What is late or due within some days, of every department the actor sees, the oldest first."""
    rows = Duty.objects.visible_to(actor).filter(subject_type=Campaign._meta.label_lower, kind__in=KINDS)
    rows = rows.open_on(on).filter(due__lte=on + timedelta(days=days))
    found = list(rows.select_related("unit").order_by("due", "pk"))
    return _told(actor, found, on) if found else []


def _told(actor: Actor, duties: Sequence[Duty], on: date) -> list[Owed]:
    ids = {duty.subject_id for duty in duties}
    campaigns = {one.pk: one for one in Campaign.objects.filter(pk__in=ids)}
    seen = set(Campaign.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    planned = SamplingTask.objects.filter(campaign__in=ids, state=SamplingTask.State.PLANNED)
    left = {
        (campaign, unit): count
        for campaign, unit, count in planned.values_list("campaign", "unit").annotate(Count("pk")).order_by()
    }
    return [
        Owed(
            duty.kind,
            campaigns[duty.subject_id].uid,
            duty.title,
            duty.due,
            duty.due < on,
            str(duty.unit or ""),
            duty.unit_id,
            left.get((duty.subject_id, duty.unit_id), 0) if duty.kind == Duty.Kind.SAMPLING else 0,
            duty.subject_id in seen,
        )
        for duty in duties
        if duty.due is not None and duty.subject_id in campaigns
    ]
