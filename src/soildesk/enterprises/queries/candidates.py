"""Ground of firms that ceased or whose permit was cancelled: what a register of plots has to look at next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from soildesk.core.permissions import Actor
from soildesk.enterprises.models import EnterpriseVersion, Happening, Listing, SiteVersion
from soildesk.enterprises.queries.facts import STOPPED
from soilrules.enterprises.facts import EventKind

CANCELLED = (
    EnterpriseVersion.PermitState.CANCELLED,
    EnterpriseVersion.PermitState.REVOKED,
    EnterpriseVersion.PermitState.WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One firm that ceased, why and when that was known, its grounds, and whether a survey was filed."""

    firm: EnterpriseVersion
    why: tuple[str, ...]
    since: date
    grounds: tuple[tuple[UUID, str], ...]
    listed: bool
    surveyed_on: date | None


def candidates(actor: Actor, on: date) -> list[Candidate]:
    """The firms seen that on a day no longer produce or hold no permit any more, the latest first."""
    rows = EnterpriseVersion.objects.visible_to(actor).standing(on).select_related("enterprise")
    told = Happening.objects.filter(superseded_at=None, on__lte=on)
    events: dict[int, dict[str, date]] = {}
    kinds = (EventKind.PERMIT_CANCELLED, EventKind.SURVEY_FILED)
    for key, kind, day in told.filter(kind__in=kinds).order_by("on").values_list("enterprise_id", "kind", "on"):
        events.setdefault(key, {})[kind] = day
    found = {one.enterprise_id: one for one in rows if _reasons(one, events.get(one.enterprise_id, {}))}
    grounds: dict[int, list[tuple[UUID, str]]] = {}
    sites = SiteVersion.objects.visible_to(actor).filter(superseded_at=None, since__lte=on, enterprise__in=list(found))
    for site in sites.select_related("site").order_by("since"):
        grounds.setdefault(site.enterprise_id, []).append((site.site.uid, site.name))
    listed = set(_listed(list(found)))
    made = [
        _candidate(one, events.get(key, {}), tuple(grounds.get(key, ())), key in listed) for key, one in found.items()
    ]
    return sorted(made, key=lambda one: (one.since, one.firm.name), reverse=True)


def _listed(keys: list[int]) -> list[int]:
    return list(
        Listing.objects.filter(superseded_at=None, list_key="soil_key", enterprise__in=keys).values_list(
            "enterprise_id", flat=True
        )
    )


def _reasons(firm: EnterpriseVersion, events: dict[str, date]) -> tuple[str, ...]:
    told = []
    if firm.state in STOPPED:
        told.append(str(firm.get_state_display()))
    if firm.permit_state in CANCELLED:
        told.append(str(firm.get_permit_state_display()))
    elif EventKind.PERMIT_CANCELLED in events:
        told.append(str(EnterpriseVersion.PermitState.CANCELLED.label))
    return tuple(told)


def _candidate(
    firm: EnterpriseVersion, events: dict[str, date], grounds: tuple[tuple[UUID, str], ...], listed: bool
) -> Candidate:
    since = events.get(EventKind.PERMIT_CANCELLED, firm.since)
    return Candidate(firm, _reasons(firm, events), since, grounds, listed, events.get(EventKind.SURVEY_FILED))
