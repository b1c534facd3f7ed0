"""Which parcels lay on grounds, how they are used, and how they were divided, joined or drawn anew, up to a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, CharField, F, Q, QuerySet, Value
from shapely.geometry.base import BaseGeometry

from soildesk.core.geometry import meeting
from soildesk.core.permissions import Actor
from soildesk.land.models import LineageEvent, LineageLink, ParcelVersion

MANY = 10_000
"""Keys told in one statement."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The lineage of a ground: whether any parcel is on record there, and its events, the earliest first."""

    known: bool
    events: tuple[tuple[str, date], ...]


def beneath(shapes: Sequence[BaseGeometry], actor: Actor, on: date) -> list[list[Any]]:
    """For each ground every version of a parcel that ever lay there, up to a day: what those know that stood before."""
    rows = ParcelVersion.objects.visible_to(actor).filter(superseded_at=None, since__lte=on)
    told = (
        "pk",
        "parcel_id",
        "since",
        "until",
        "name",
        "code",
        "use_now",
        "use_planned",
        "use_system",
        "holder",
        "geometry",
    )
    return meeting.met(rows.order_by("pk").values_list(*told, named=True), shapes)


def lineage_of(parcels: Sequence[Iterable[int]], on: date) -> list[Changed]:
    """For each ground, by the parcels that ever lay there, their split, merge and boundary events up to a day."""
    touching: dict[int, dict[int, tuple[date, str]]] = defaultdict(dict)
    wanted = sorted({one for here in parcels for one in here})
    for some in (wanted[at : at + MANY] for at in range(0, len(wanted), MANY)):
        for side in ("ancestor", "descendant"):
            rows = LineageLink.objects.filter(**{f"{side}__in": some}, event__on__lte=on)
            for parcel, event, day, kind in rows.values_list(side, "event", "event__on", "event__kind"):
                touching[parcel][event] = (day, kind)
    return [_changed(here, touching) for here in parcels]


def since(shape: BaseGeometry, actor: Actor, asked: tuple[date, datetime], today: date) -> QuerySet[Any]:
    """Splits, merges and new boundaries of the parcels that ever lay on a ground, after the day and moment it was asked
    about: rows of what, word, day and ref (None), to be read in one statement with others."""
    on, at = asked
    here = ParcelVersion.objects.visible_to(actor).filter(geometry__intersects=shape).values("parcel")
    links = LineageLink.objects.filter(Q(ancestor__in=here) | Q(descendant__in=here))
    rows = LineageEvent.objects.filter(Q(on__gt=on) | Q(at__gt=at), on__lte=today, pk__in=links.values("event"))
    told = {
        "what": Value("lineage", output_field=CharField()), "word": F("kind"), "day": F("on"),
        "ref": Value(None, output_field=BigIntegerField()),
    }  # fmt: skip
    return rows.order_by().annotate(**told).values_list(*told)


def _changed(parcels: Iterable[int], touching: dict[int, dict[int, tuple[date, str]]]) -> Changed:
    here = set(parcels)
    events = {event: told for one in here for event, told in touching.get(one, {}).items()}
    order = sorted((day, event, kind) for event, (day, kind) in events.items())
    return Changed(bool(here), tuple((kind, day) for day, _event, kind in order))
