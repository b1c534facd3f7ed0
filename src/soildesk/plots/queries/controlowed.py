"""What is owed on plots under control and waits to be done: late, due soon, or without any term."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from soildesk.core.models import Duty
from soildesk.core.permissions import Actor
from soildesk.plots.models import ControlRound, ControlYear, ControlZone

SOON = 14
COLLECTIONS: dict[str, tuple[Any, str]] = {
    ControlZone._meta.label_lower: (ControlZone, "control_zones"),
    ControlYear._meta.label_lower: (ControlYear, "control_years"),
    ControlRound._meta.label_lower: (ControlRound, "control_rounds"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing owed, the record it stands on, and whose it is."""

    collection: str
    uid: UUID
    title: str
    unit_id: int | None
    due: date | None


def waiting(actor: Actor, on: date) -> list[Waiting]:
    """The duties of control the actor sees that are open; those with a term first, in its order."""
    rows = Duty.objects.visible_to(actor).filter(Q(due=None) | Q(due__lte=on + timedelta(days=SOON)))
    found = list(rows.filter(kind=Duty.Kind.PLOT_CONTROL).open_on(on).order_by("due", "pk"))
    keys: dict[str, list[int]] = defaultdict(list)
    for one in found:
        keys[one.subject_type].append(one.subject_id)
    uids = {
        (label, pk): uid
        for label, pks in keys.items()
        for pk, uid in COLLECTIONS[label][0].objects.filter(pk__in=pks).values_list("pk", "uid")
    }
    told = [
        Waiting(
            COLLECTIONS[one.subject_type][1], uids[one.subject_type, one.subject_id], one.title, one.unit_id, one.due
        )
        for one in found
    ]
    return sorted(told, key=lambda one: (one.due is None, one.due or on))
