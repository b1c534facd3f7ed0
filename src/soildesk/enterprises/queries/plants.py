"""What stands inside plants on a day: facilities, their records, drawings of the plant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.enterprises.models import (
    EnterpriseVersion,
    FacilityRecord,
    FacilityVersion,
    Hazard,
    PlantPlan,
)
from soildesk.enterprises.plantwords import kind_name
from soildesk.enterprises.queries.firms import names_of, town

PICTURE = "picture"


def facilities(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[FacilityVersion]:
    """Facilities as they were on a day."""
    return FacilityVersion.objects.visible_to(actor).standing(on, known_on).annotate(town=town())


def standing(enterprise_id: int, on: date) -> list[FacilityVersion]:
    """The facilities of a firm on a day, in the order in which they are walked."""
    rows = FacilityVersion.objects.standing(on).filter(enterprise_id=enterprise_id).select_related("facility")
    return list(rows.order_by("area_name", "code", "facility__number"))


def add_firms(rows: list[dict[str, Any]], actor: Actor | None, on: date) -> None:
    """The firms of the rows of a page, by name."""
    names = names_of({row["enterprise_id"] for row in rows}, on)
    for row in rows:
        row["_firm"] = names.get(row["enterprise_id"], "")


def own_firms(actor: Actor) -> list[EnterpriseVersion]:
    """The firms an actor may choose from: an office those of its place, a representative the own."""
    rows = EnterpriseVersion.objects.visible_to(actor).filter(superseded_at=None, until=None)
    return list(rows.select_related("enterprise").order_by("name"))


def firm_by_uid(actor: Actor, uid: str) -> EnterpriseVersion | None:
    """One firm, if the actor sees it."""
    rows = EnterpriseVersion.objects.visible_to(actor).filter(superseded_at=None, enterprise__uid=uid)
    return rows.select_related("enterprise").order_by("-since").first()


def records_of(facility_id: int) -> Sequence[FacilityRecord]:
    """The dated records of a facility, the latest first."""
    return list(FacilityRecord.objects.filter(facility_id=facility_id))


def plans(actor: Actor | None, on: date) -> QuerySet[PlantPlan]:
    """Drawings that count."""
    return PlantPlan.objects.visible_to(actor).filter(superseded_at=None, on__lte=on)


def plan_of(actor: Actor, uid: UUID) -> PlantPlan | None:
    """One drawing, if the actor sees it."""
    return PlantPlan.objects.visible_to(actor).filter(uid=uid, superseded_at=None).first()


def plans_of(enterprise_id: int) -> list[PlantPlan]:
    """The drawings of a firm."""
    return list(PlantPlan.objects.filter(enterprise_id=enterprise_id, superseded_at=None))


def picture_of(plan: PlantPlan) -> Any:
    """The picture of a drawing."""
    return files.uses_of(plan).filter(kind=PICTURE).last()


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on a drawing: where it is drawn (in pixels; None where it is not placed), its number and its page."""

    key: str
    number: str
    name: str
    note: str
    look: str
    url: str
    x: float | None = None
    y: float | None = None

    @property
    def placed(self) -> bool:
        """Whether it stands on the drawing."""
        return self.x is not None


def marks(plan: PlantPlan, on: date) -> list[Mark]:
    """Facilities and hazards that are not over, each with its place on a drawing where it has one."""
    found = [_facility_mark(plan, one, at) for at, one in enumerate(standing(plan.enterprise_id, on), start=1)]
    rows = Hazard.objects.filter(enterprise=plan.enterprise_id, state__in=Hazard.LIVE).order_by("found_on", "pk")
    return [*found, *(_hazard_mark(plan, one, at) for at, one in enumerate(rows, start=1))]


def _facility_mark(plan: PlantPlan, one: FacilityVersion, at: int) -> Mark:
    url = reverse("kit:record", args=["facilities", str(one.facility.uid)])
    return _at(plan, one, Mark(f"facility:{one.facility.uid}", str(at), one.name, kind_name(one.kind), "facility", url))


def _hazard_mark(plan: PlantPlan, one: Hazard, at: int) -> Mark:
    url = reverse("kit:record", args=["hazards", str(one.uid)])
    return _at(
        plan,
        one,
        Mark(f"hazard:{one.uid}", f"H{at}", one.what, str(one.get_state_display()), f"hazard-{one.state}", url),
    )


def _at(plan: PlantPlan, one: Any, mark: Mark) -> Mark:
    if one.plan_id != plan.pk or one.x is None or one.y is None:
        return mark
    x, y = round(one.x * plan.width_px, 1), round(one.y * plan.height_px, 1)
    return Mark(mark.key, mark.number, mark.name, mark.note, mark.look, mark.url, x, y)
