"""Hazards as they are seen: the register, one of them, the rate of those put right and verified, with its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from soildesk.core.permissions import Actor
from soildesk.enterprises.models import FacilityVersion, Hazard
from soildesk.enterprises.plantwords import item_name
from soildesk.enterprises.queries.firms import names_of, town
from soilrules.indicators.hazard_rectification import hazard_rectification_rate
from soilrules.indicators.known_share import KnownShare

LIVE = Q(state__in=Hazard.LIVE)
SOON_DAYS = 14
COUNTED = ~Q(state=Hazard.State.DROPPED)


def late_on(on: date) -> Q:
    """Hazards past their term and not yet put right."""
    return Q(state=Hazard.State.FOUND, due__lt=on)


def hazards(actor: Actor | None, on: date) -> QuerySet[Hazard]:
    """Hazards found up to a day."""
    return Hazard.objects.visible_to(actor).filter(found_on__lte=on).annotate(town=town())


def hazard_of(actor: Actor, uid: UUID) -> Hazard | None:
    """One hazard, if the actor sees it."""
    rows = Hazard.objects.visible_to(actor).select_related("enterprise", "facility", "inspection", "rectified_by")
    return rows.filter(uid=uid).first()


def days_late(state: str, due: date | None, on: date) -> int:
    """How many days a hazard that waits to be put right is past its term; 0 where it is not."""
    return max(0, (on - due).days) if due and state == Hazard.State.FOUND else 0


def facility_names(ids: Iterable[int | None]) -> dict[int, FacilityVersion]:
    """The newest version of facilities, by the key of the facility."""
    rows = FacilityVersion.objects.filter(facility__in=[one for one in ids if one], superseded_at=None)
    return {one.facility_id: one for one in rows.order_by("since")}


def add_names(rows: list[dict[str, Any]], actor: Actor | None, on: date) -> None:
    """Firm, facility and item by name, and how late each hazard is, for the rows of a page."""
    firms = names_of({row["enterprise_id"] for row in rows}, on)
    places = facility_names({row["facility_id"] for row in rows})
    for row in rows:
        place = places.get(row["facility_id"])
        row["_firm"] = firms.get(row["enterprise_id"], "")
        row["_facility"] = place.name if place else ""
        row["_item"] = item_name(row["item"])
        row["_late"] = days_late(row["state"], row["due"], on)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One hazard that waits: to be accepted, or to be put right by a day that is near or past."""

    uid: UUID
    title: str
    due: date | None
    rectified: bool


def waiting(actor: Actor, on: date) -> list[Waiting]:
    """Hazards put right and not yet accepted, and those late or due within 14 days: the nearest day first."""
    soon = Q(state=Hazard.State.FOUND, due__lte=on + timedelta(days=SOON_DAYS))
    rows = Hazard.objects.visible_to(actor).filter(Q(state=Hazard.State.RECTIFIED) | soon, found_on__lte=on)
    found = rows.order_by(F("due").asc(nulls_last=True), "pk").values_list("uid", "what", "due", "state")
    return [Waiting(uid, what, due, state == Hazard.State.RECTIFIED) for uid, what, due, state in found]


@dataclass(frozen=True, slots=True)
class Rate:
    """The rectification of one firm, or of all (`enterprise_id` 0)."""

    enterprise_id: int
    name: str
    found: int
    rectified: int
    share: KnownShare


def verified_by(on: date) -> Q:
    """Hazards verified by another person by a day."""
    return Q(state=Hazard.State.VERIFIED, verified_on__lte=on)


def rates(actor: Actor, on: date) -> tuple[Rate, list[Rate]]:
    """The rate of all hazards the actor sees, found up to a day and as they were on it, and that of each firm."""
    counted: dict[int, list[tuple[bool, bool]]] = defaultdict(list)
    rows = Hazard.objects.visible_to(actor).filter(COUNTED, found_on__lte=on)
    for firm, rectified, verified in rows.values_list("enterprise_id", "rectified_on", "verified_on"):
        counted[firm].append((rectified is not None and rectified <= on, verified is not None and verified <= on))
    names: Mapping[int, str] = names_of(counted, on)
    each = [_rate(firm, names.get(firm, ""), marks) for firm, marks in counted.items()]
    whole = _rate(0, "", [mark for marks in counted.values() for mark in marks])
    return whole, sorted(each, key=lambda one: (one.share.yes / max(1, one.found), one.name))


def _rate(firm: int, name: str, marks: list[tuple[bool, bool]]) -> Rate:
    verified = sum(done for _rectified, done in marks)
    share = hazard_rectification_rate(verified=verified, open_hazards=len(marks) - verified)
    return Rate(firm, name, len(marks), sum(rectified for rectified, _done in marks), share)
