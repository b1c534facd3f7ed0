"""Inspections as they are walked: what is to be looked at in each facility, what was answered, what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from soildesk.core.permissions import Actor
from soildesk.enterprises.models import FacilityVersion, Hazard, Inspection, InspectionAnswer
from soildesk.enterprises.queries.firms import town
from soildesk.enterprises.queries.plants import standing
from soilrules.enterprises.inspection import Item, Items, items_for


@dataclass(frozen=True, slots=True)
class Sheet:
    """The check list of one facility: its items, the answers by item, the hazards by item."""

    version: FacilityVersion
    items: Sequence[Item]
    answers: Mapping[str, InspectionAnswer] = field(default_factory=dict)
    hazards: Mapping[str, Hazard] = field(default_factory=dict)

    @property
    def answered(self) -> int:
        """How many items have an answer."""
        return sum(1 for item in self.items if item.key in self.answers)

    @property
    def left(self) -> int:
        """How many items have none."""
        return len(self.items) - self.answered

    @property
    def is_done(self) -> bool:
        """Whether every item has an answer."""
        return not self.left


def inspections(actor: Actor | None, on: date) -> QuerySet[Inspection]:
    """Inspections begun up to a day."""
    live = Count("hazards", filter=~Q(hazards__state=Hazard.State.DROPPED))
    rows = Inspection.objects.visible_to(actor).filter(began_on__lte=on)
    return rows.annotate(town=town(), hazard_count=live)


def inspection_of(actor: Actor, uid: UUID) -> Inspection | None:
    """One inspection, if the actor sees it."""
    return Inspection.objects.visible_to(actor).select_related("enterprise").filter(uid=uid).first()


def under_way(enterprise_id: int) -> Inspection | None:
    """The inspection of a firm that is not finished."""
    return Inspection.objects.filter(enterprise_id=enterprise_id, state=Inspection.State.UNDER_WAY).first()


def asked_of(kind: str, began_on: date) -> Items:
    """What to look at in a kind of facility by the edition of the day the inspection began."""
    return items_for(kind, began_on)


def sheets(inspection: Inspection, on: date) -> list[Sheet]:
    """The check lists of all facilities of the firm: of the day it was finished, else of today."""
    answers: dict[int, dict[str, InspectionAnswer]] = defaultdict(dict)
    for answer in inspection.answers.all():
        answers[answer.facility_id][answer.item] = answer
    hazards: dict[int, dict[str, Hazard]] = defaultdict(dict)
    for hazard in inspection.hazards.exclude(state=Hazard.State.DROPPED):
        hazards[hazard.facility_id or 0][hazard.item] = hazard
    return [
        Sheet(one, asked_of(one.kind, inspection.began_on).items, answers[one.facility_id], hazards[one.facility_id])
        for one in standing(inspection.enterprise_id, inspection.finished_on or on)
    ]


def sheet_of(inspection: Inspection, facility: Any, on: date) -> Sheet | None:
    """The check list of one facility."""
    return next((one for one in sheets(inspection, on) if str(one.version.facility.uid) == str(facility)), None)
