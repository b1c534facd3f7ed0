"""Filings as they are read: who sees which, what the desk knows already, what was filed in which round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from soildesk.core.models import Division, Person, RoleGrant
from soildesk.core.permissions import Actor, may
from soildesk.enterprises.models import (
    Enterprise,
    EnterpriseVersion,
    FacilityVersion,
    Filing,
    FilingAct,
    Happening,
    Hazard,
    Inspection,
    Representative,
)
from soildesk.enterprises.models.own import represented
from soildesk.land.services.writing import county_of
from soilrules.enterprises.facts import EventKind

K, State = Filing.Kind, Filing.State
ABOUT = {
    K.BASELINE: (EventKind.COMMISSIONED,),
    K.DEMOLITION_PLAN: (EventKind.DEMOLITION_PLANNED, EventKind.DEMOLITION_STARTED),
    K.DEMOLITION_REPORT: (EventKind.DEMOLITION_PLANNED, EventKind.DEMOLITION_STARTED),
    K.SURVEY: (EventKind.CLOSING_PLANNED, EventKind.TRANSFER_PLANNED),
}
"""The facts a filing is about: by the same subject a duty and its filing find each other."""


def is_firm(actor: Actor | None) -> bool:
    """Whether somebody speaks for firms and works in no office."""
    return actor is not None and actor.person is not None and actor.has_role(RoleGrant.Role.ENTERPRISE)


def seen(actor: Actor | None) -> QuerySet[Filing]:
    """Filings an actor sees: a firm all of its own, an office what was sent to it or entered by it, never a firm's draft."""
    rows = Filing.objects.visible_to(actor)
    return rows if is_firm(actor) else rows.filter(Q(submitted_on__isnull=False) | Q(on_paper=True))


def listed(actor: Actor | None) -> QuerySet[Filing]:
    """The same with what the firm is called."""
    newest = EnterpriseVersion.objects.filter(superseded_at=None, enterprise=OuterRef("enterprise")).order_by("-since")
    return seen(actor).annotate(
        name=Subquery(newest.values("name")[:1]), credit_code=Subquery(newest.values("credit_code")[:1])
    )


def own_firms(actor: Actor) -> list[EnterpriseVersion]:
    """The firms somebody speaks for today, by name."""
    rows = EnterpriseVersion.objects.filter(represented(actor), superseded_at=None).select_related("enterprise")
    newest = {one.enterprise_id: one for one in rows.order_by("since")}
    return sorted(newest.values(), key=lambda one: one.name)


def speaks_for(actor: Actor, enterprise_id: int) -> bool:
    """Whether somebody speaks for a firm today."""
    return is_firm(actor) and Enterprise.objects.filter(pk=enterprise_id).filter(
        pk__in=Representative.objects.filter(represented(actor)).values("enterprise_id")
    ).exists()  # fmt: skip


def people_of(enterprise_id: int, on: date) -> list[Person]:
    """Who speaks for a firm on a day."""
    rows = Representative.objects.filter(enterprise=enterprise_id, since__lte=on, person__is_active=True)
    return [one.person for one in rows.filter(Q(until=None) | Q(until__gt=on)).select_related("person")]


def entered_by(filing: Filing, person: Person | None) -> bool:
    """Whether somebody wrote down what came on paper."""
    hands = (FilingAct.Kind.DRAFTED, FilingAct.Kind.SUBMITTED)
    return filing.on_paper and person is not None and filing.acts.filter(kind__in=hands, by=person).exists()


def others_to_accept(filing: Filing, actor: Actor) -> list[Person]:
    """Who else of the county may accept a filing today and did not enter it from paper; of its own office first."""
    county = county_of(filing.division_path)
    rows = Person.objects.filter(grants__division__path__startswith=county, is_active=True).distinct()
    others = list((rows.exclude(pk=actor.person.pk) if actor.person else rows).order_by("pk"))
    others.sort(key=lambda one: one.department_id != filing.owner_department_id)
    return [
        one
        for one in others
        if may(Actor.of(one, actor.today), "enterprises.accept", filing) and not entered_by(filing, one)
    ]


def known_subjects(enterprise_id: int, kind: str) -> list[str]:
    """Names of demolitions, projects or plots the desk knows of, for a filing of that kind."""
    rows = Happening.objects.filter(
        enterprise=enterprise_id, superseded_at=None, kind__in=ABOUT.get(Filing.Kind(kind), ())
    )
    return list(dict.fromkeys(rows.exclude(subject="").order_by("-on").values_list("subject", flat=True)))


def known(enterprise_id: int, kind: str, on: date) -> dict[str, Any]:
    """What the desk holds already and nobody types again."""
    if kind == K.TOXIC_REPORT:
        return {"year": on.year - 1}
    if kind == K.HAZARD_REPORT:
        return _inspected(enterprise_id)
    if kind == K.TANK_INFO:
        return {"tanks": _tanks(enterprise_id, on)}
    return {}


def _inspected(enterprise_id: int) -> dict[str, Any]:
    last = (
        Inspection.objects.filter(enterprise=enterprise_id, state=Inspection.State.FINISHED)
        .order_by("-finished_on")
        .first()
    )
    if last is None or last.finished_on is None:
        return {}
    hazards = Hazard.objects.filter(inspection=last).exclude(state=Hazard.State.DROPPED)
    return {
        "finished_on": last.finished_on.isoformat(),
        "edition": last.edition,
        "inspector": last.inspector,
        "found": hazards.count(),
        "rectified": hazards.exclude(state=Hazard.State.FOUND).count(),
    }


def _tanks(enterprise_id: int, on: date) -> list[dict[str, Any]]:
    rows = FacilityVersion.objects.standing(on).filter(enterprise=enterprise_id, underground_tank=True)
    return [
        {
            "code": one.code or one.facility.number,
            "name": one.name,
            "installed_on": one.installed_on.isoformat() if one.installed_on else None,
            "service_years": one.service_years,
            "tank_type": one.tank_type or None,
            "spec": one.spec or None,
            "position": one.position or one.area_name or None,
            "use_state": one.use_state or None,
        }
        for one in rows.select_related("facility").order_by("facility__number")
    ]


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a filing: sent, and what the office said."""

    number: int
    sent: FilingAct
    answers: Sequence[FilingAct]


def rounds(filing: Filing) -> list[Round]:
    """The rounds, the newest first."""
    found: list[tuple[FilingAct, list[FilingAct]]] = []
    for act in filing.acts.select_related("by", "department").order_by("at", "id"):
        if act.kind == FilingAct.Kind.SUBMITTED:
            found.append((act, []))
        elif found and act.kind != FilingAct.Kind.DRAFTED:
            found[-1][1].append(act)
    return [Round(number, sent, answers) for number, (sent, answers) in enumerate(found, 1)][::-1]


def receipts(filing: Filing) -> list[FilingAct]:
    """The receipts of the round that stands."""
    last = rounds(filing)[:1]
    return [one for each in last for one in each.answers if one.kind == FilingAct.Kind.RECEIPT]


def released(place: Division, on: date, enterprise: str = "") -> list[Filing]:
    """What is published of a place, or of one of its firms, by a day."""
    rows = Filing.objects.filter(
        state=State.ACCEPTED, released_on__lte=on, division_path__startswith=place.path
    ).select_related("enterprise")  # fmt: skip
    if enterprise:
        rows = rows.filter(enterprise__uid=enterprise)
    return list(rows.order_by("-released_on", "-id"))
