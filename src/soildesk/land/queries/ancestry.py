"""Where parcels come from and what became of them, through time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from soildesk.land.models import LineageLink

DEEPEST = 50
"""Events one behind the other that are followed; no parcel lives through more."""


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the lineage: how much of the ancestor's ground went to the descendant, in which event."""

    link: LineageLink
    depth: int

    @property
    def on(self) -> date:
        """The day of the event."""
        return self.link.event.on


def ancestors(parcels: Collection[int], on: date, known_on: datetime | None = None) -> list[Step]:
    """Every link up from parcels as they stood on a day: only events up to that day, each before the one it led to."""
    return _walk({parcel: on for parcel in parcels}, known_on, up=True)


def descendants(parcels: Collection[int], on: date, known_on: datetime | None = None) -> list[Step]:
    """Every link down from parcels as they stood on a day: only events after that day, each after the one before."""
    return _walk({parcel: on for parcel in parcels}, known_on, up=False)


def _walk(days: dict[int, date], known_on: datetime | None, *, up: bool) -> list[Step]:
    """Links, nearest first. Days go strictly backwards (or forwards), so parcels that gave each other ground end it too."""
    found: list[Step] = []
    seen: set[int] = set()
    for depth in range(1, DEEPEST + 1):
        fresh = [
            link for link in _links(days, known_on, up=up) if link.pk not in seen and _follows(link, days, up, depth)
        ]
        if not fresh:
            break
        seen.update(link.pk for link in fresh)
        found += [Step(link, depth) for link in fresh]
        days = _next_days(fresh, up=up)
    return found


def _links(days: dict[int, date], known_on: datetime | None, *, up: bool) -> QuerySet[LineageLink]:
    side = Q(descendant__in=days) if up else Q(ancestor__in=days)
    rows = LineageLink.objects.filter(side).select_related("event", "ancestor", "descendant")
    return (rows if known_on is None else rows.filter(event__at__lte=known_on)).order_by("event__on", "pk")


def _follows(link: LineageLink, days: dict[int, date], up: bool, depth: int) -> bool:
    day = days[link.descendant_id if up else link.ancestor_id]
    if up:
        return link.event.on < day or (depth == 1 and link.event.on == day)
    return link.event.on > day


def _next_days(links: Iterable[LineageLink], *, up: bool) -> dict[int, date]:
    """The parcels at the other end, with the day from which they are followed: the widest where several lead there."""
    days: dict[int, date] = {}
    for link in links:
        parcel, on = (link.ancestor_id if up else link.descendant_id), link.event.on
        widest = max if up else min
        days[parcel] = widest(days.get(parcel, on), on)
    return days
