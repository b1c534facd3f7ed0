"""How the desk's one search finds parcels, unused land and zones: by name, code or number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.kit import search
from soildesk.kit.filters import contains
from soildesk.land import landuse
from soildesk.land.models import ParcelCode
from soildesk.land.queries import standing


def _matching(fields: Sequence[str], text: str) -> Q:
    wanted = Q()
    for word in text.split():
        wanted &= contains(fields, word)
    return wanted


def find_parcels(actor: Actor, text: str, on: date, limit: int) -> list[search.Hit]:
    """Parcels by number, name, place and every code they are known by."""
    other = ParcelCode.objects.filter(code__icontains=text.strip()).values("parcel")
    named = _matching(("parcel__number", "name", "code", "location"), text)
    found = standing.parcels(actor, on).filter(named | Q(parcel__in=other))
    fields = ("parcel__uid", "parcel__number", "name", "use_system", "use_now", "town")
    return [
        search.Hit(
            row["name"] or row["parcel__number"],
            _record("parcels", row["parcel__uid"]),
            "，".join(filter(None, (row["town"], landuse.shown(row["use_system"], row["use_now"])))),
            row["parcel__number"],
        )
        for row in found.order_by("parcel__number").values(*fields)[:limit]
    ]


def find_unused(actor: Actor, text: str, on: date, limit: int) -> list[search.Hit]:
    """Unused land by number, name and code."""
    rows = standing.unused_land(actor, on).filter(_matching(("land__number", "name", "code"), text))
    return [
        search.Hit(row["name"], _record("unused_land", row["land__uid"]), row["town"] or "", row["land__number"])
        for row in rows.order_by("land__number").values("land__uid", "land__number", "name", "town")[:limit]
    ]


def find_layers(actor: Actor, text: str, on: date, limit: int) -> list[search.Hit]:
    """Layers by name and code."""
    words = text.casefold().split()
    found = [
        one for one in standing.layers(actor) if all(word in f"{one.title} {one.code}".casefold() for word in words)
    ]
    return [
        search.Hit(one.title, reverse("land:layer", args=[one.code]), str(one.get_kind_display()), one.code)
        for one in found[:limit]
    ]


def _record(collection: str, uid: object) -> str:
    return reverse("kit:record", args=[collection, str(uid)])


search.register("land.parcels", _l("地块"), find_parcels, "land.read", order=40)
search.register("land.unused", _l("未利用地"), find_unused, "land.read", order=41)
search.register("land.layers", _l("图层"), find_layers, "land.read", order=42)
