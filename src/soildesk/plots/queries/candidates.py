"""Candidates up to a day; and what other rooms feed that is no candidate yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import Actor
from soildesk.enterprises.queries import candidates as firms
from soildesk.enterprises.queries.past import last_sites
from soildesk.plots.models import Candidate


def candidates(actor: Actor | None, on: date) -> QuerySet[Candidate]:
    """Candidates found up to a day."""
    return Candidate.objects.visible_to(actor).filter(found_on__lte=on)


@dataclass(frozen=True, slots=True)
class Unheld:
    """What the national system holds and nobody has made a plot of here: its name, the code of its place, its ground where
    somebody drew it."""

    name: str
    division_code: str
    geometry: BaseGeometry | None


def unheld(reader: Actor) -> list[Unheld]:
    """Candidates of the national system that nobody has looked at, but for those it shows free of every list."""
    rows = Candidate.objects.visible_to(reader).filter(source=Candidate.Source.NATIONAL, state=Candidate.State.OPEN)
    return [
        Unheld(one.title, one.division_path.rstrip("/").rpartition("/")[2], one.geometry)
        for one in rows.order_by("title", "id")
        if not one.facts.get("freed")
    ]


def origin_of_firm(uid: Any, site: Any = "") -> str:
    """The name of the record a ceased firm is, one for each of its grounds."""
    return f"firm:{uid}:{site}" if site else f"firm:{uid}"


def ceased(actor: Actor, on: date) -> Iterator[dict[str, Any]]:
    """Firms that ceased or lost their permit, one row for each of their grounds, left or not, as the feed takes them."""
    grounds = last_sites(actor, on)
    for firm in firms.candidates(actor, on):
        places = [grounds[uid] for uid, _name in firm.grounds if uid in grounds]
        for site in places or [None]:
            yield {
                "origin": origin_of_firm(firm.firm.enterprise.uid, site.site.uid if site else ""),
                "firm": firm,
                "site": site,
            }
