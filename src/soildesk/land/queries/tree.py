"""The kin of a parcel as a small tree: where its ground came from, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.urls import reverse

from soildesk.core.permissions import Actor
from soildesk.land.models import LineageEvent, Parcel, ParcelVersion
from soildesk.land.queries import ancestry
from soildesk.land.queries.ancestry import Step


@dataclass(slots=True)
class Node:
    """One parcel in the tree, with the event that joins it to the one it hangs from."""

    number: str
    name: str
    url: str
    event: LineageEvent
    area_m2: float
    below: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kin:
    """Both sides of a parcel."""

    came_from: Sequence[Node]
    became: Sequence[Node]


def events_of(parcel: Parcel) -> list[LineageEvent]:
    """Every event a parcel took part in, in order."""
    touched = Q(links__ancestor=parcel) | Q(links__descendant=parcel)
    return list(LineageEvent.objects.filter(touched).select_related("by").distinct().order_by("on", "pk"))


def of(parcel: Parcel, actor: Actor, on: date) -> Kin:
    """The kin of a parcel that stands on a day; names only of what the actor may see."""
    up = ancestry.ancestors([parcel.pk], on)
    down = ancestry.descendants([parcel.pk], _first_day(parcel))
    links = [step.link for step in (*up, *down)]
    named = _names({link.ancestor_id for link in links} | {link.descendant_id for link in links}, actor)
    return Kin(_branch(parcel.pk, up, named, up=True), _branch(parcel.pk, down, named, up=False))


def _first_day(parcel: Parcel) -> date:
    found = parcel.versions.filter(superseded_at=None).order_by("since").values_list("since", flat=True).first()
    return found or date.min


def _names(parcels: set[int], actor: Actor) -> dict[int, str]:
    rows = ParcelVersion.objects.visible_to(actor).filter(superseded_at=None, parcel__in=parcels).order_by("since")
    return dict(rows.values_list("parcel_id", "name"))


def _branch(parcel: int, steps: Sequence[Step], named: dict[int, str], *, up: bool) -> list[Node]:
    """The nodes that hang from a parcel; a link hangs once, where it is nearest, and a parcel's own past is no kin."""
    nodes: dict[int, list[Node]] = {}
    for step in sorted(steps, key=lambda each: -each.depth):
        link = step.link
        here, there = (link.descendant_id, link.ancestor) if up else (link.ancestor_id, link.descendant)
        if there.pk == here:
            continue
        day = link.event.on if not up else _day_before(link.event)
        url = f"{reverse('kit:record', args=['parcels', str(there.uid)])}?on={day}" if there.pk in named else ""
        node = Node(there.number, named.get(there.pk, ""), url, link.event, link.area_m2, nodes.get(there.pk, []))
        nodes.setdefault(here, []).append(node)
    return nodes.get(parcel, [])


def _day_before(event: LineageEvent) -> date:
    return date.fromordinal(event.on.toordinal() - 1)
