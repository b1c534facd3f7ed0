"""Acts on ground that stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q, QuerySet
from shapely.geometry.base import BaseGeometry

from soildesk.core.geometry import meeting
from soildesk.core.permissions import Actor
from soildesk.decisions.models import GroundAct
from soildesk.enterprises.queries.firms import town


def acts(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[GroundAct]:
    """What was done with ground up to a day, as known now or at a moment."""
    known = Q(superseded_at=None)
    if known_on is not None:
        known = Q(recorded_at__lte=known_on) & (known | Q(superseded_at__gt=known_on))
    return GroundAct.objects.visible_to(actor).filter(known, on__lte=on).annotate(town=town())


def on_each(shapes: Sequence[BaseGeometry], actor: Actor, on: date) -> list[list[GroundAct]]:
    """What was done with any part of each ground up to a day, the earliest first."""
    return meeting.met(acts(actor, on).order_by("on", "pk"), shapes)


def act_called(actor: Actor, uid: str) -> GroundAct | None:
    """An act by its key, where the actor sees it."""
    return GroundAct.objects.visible_to(actor).filter(uid=uid).first()
