"""The collections: which there are for the asker, what they hold, in which systems, by which properties."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import shapely
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from soildesk.core.geometry import RawWkb
from soildesk.exchange import answers, asking, systems
from soildesk.exchange.answers import GEOJSON, HTML, JSON, SCHEMA, link, url_of
from soildesk.exchange.problems import for_programs
from soildesk.exchange.properties import SCHEMAS, properties_of, queryables_of
from soildesk.kit import seen as kit_seen
from soildesk.kit.seen import Seen

EXTENT_UP_TO = 2_000
REL = "http://www.opengis.net/def/rel/ogc/1.0"
SHAPES = {"polygon": "geometry-polygon-any", "line": "geometry-linestring-any", "point": "geometry-point-any"}
AS_OF = (asking.ON, asking.KNOWN_ON)


def grounds(request: HttpRequest, on: date) -> list[Seen]:
    """The collections with ground that the asker may see."""
    return [each for each in kit_seen.all_seen(asking.actor_of(request), on) if each.declared.ground]


def ground_of(request: HttpRequest, name: str, on: date, known_on: datetime | None = None) -> Seen:
    """One collection with ground; any other is not there."""
    found = asking.collection_of(request, name, on, known_on)
    if found.declared.ground is None:
        return asking.collection_of(request, "", on)
    return found


@for_programs
def collections(request: HttpRequest) -> HttpResponse:
    """All of them."""
    asking.only(request.GET, [answers.FORMAT, asking.ON])
    found = grounds(request, asking.day_of(request.GET))
    told = {
        "links": answers.self_links(request, JSON, _("数据集")),
        "crs": list(systems.offered()),
        "collections": [described(request, each) for each in found],
    }
    return answers.as_body(request, told, template="exchange/collections.html")


@for_programs
def collection(request: HttpRequest, name: str) -> HttpResponse:
    """One of them."""
    asking.only(request.GET, [answers.FORMAT, *AS_OF])
    seen = ground_of(request, name, asking.day_of(request.GET), asking.moment_of(request.GET))
    told = described(request, seen)
    told["links"] = [*answers.self_links(request, JSON, told["title"]), *told["links"][1:]]
    return answers.as_body(request, told, template="exchange/collection.html")


def described(request: HttpRequest, seen: Seen) -> dict[str, Any]:
    """What is said of a collection."""
    name, title = seen.declared.collection, str(seen.declared.title)

    def to(rel: str, view: str, kind: str, form: str, words: str) -> answers.Link:
        return link(rel, url_of(request, view, name, f=form), kind, words % {"title": title})

    return {
        "id": name,
        "title": title,
        "description": str(seen.declared.about or title),
        "itemType": "feature",
        "extent": {
            "spatial": {"bbox": [extent(seen)], "crs": systems.CRS84},
            "temporal": {"interval": [[None, None]]},
        },
        "crs": list(systems.offered()),
        "storageCrs": systems.STORAGE,
        "links": [
            link("self", url_of(request, "ogc_collection", name), JSON, title),
            to("items", "ogc_items", GEOJSON, "json", _("%(title)s：要素（GeoJSON）")),
            to("items", "ogc_items", HTML, "html", _("%(title)s：要素（网页）")),
            to(f"{REL}/queryables", "ogc_queryables", SCHEMA, "json", _("%(title)s：可过滤的属性")),
            to(f"{REL}/schema", "ogc_schema", SCHEMA, "json", _("%(title)s：属性")),
        ],
    }


def extent(seen: Seen) -> list[float]:
    """The box of the rows that may be seen; where reading them all would take long, that of the country."""
    path = seen.declared.ground.field if seen.declared.ground else ""
    rows = seen.queryset().order_by().values_list(RawWkb(F(path)), flat=True)[: EXTENT_UP_TO + 1]
    held = [bytes(wkb) for wkb in rows if wkb is not None]
    if not held or len(held) > EXTENT_UP_TO:
        return list(systems.CHINA)
    return [float(number) for number in shapely.total_bounds(shapely.from_wkb(held))]


@for_programs
def queryables(request: HttpRequest, name: str) -> HttpResponse:
    """What a filter can speak of."""
    asking.only(request.GET, [answers.FORMAT])
    seen = ground_of(request, name, asking.day_of(request.GET))
    found = {each.key: each.queryable for each in queryables_of(seen).values()}
    return _as_schema(request, seen, found, closed=True)


@for_programs
def schema(request: HttpRequest, name: str) -> HttpResponse:
    """What a feature says."""
    asking.only(request.GET, [answers.FORMAT])
    seen = ground_of(request, name, asking.day_of(request.GET))
    found = {each.key: {"title": each.title, **SCHEMAS[each.type]} for each in properties_of(seen)}
    return _as_schema(request, seen, found, closed=False)


def _as_schema(request: HttpRequest, seen: Seen, found: dict[str, Any], *, closed: bool) -> HttpResponse:
    ground = seen.declared.ground
    shape = {
        "title": _("图形"),
        "x-ogc-role": "primary-geometry",
        "format": SHAPES.get(ground.shape if ground else "", "geometry-any"),
    }
    told = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": request.build_absolute_uri(request.path),
        "type": "object",
        "title": str(seen.declared.title),
        "properties": {"geometry": shape, **found},
        "additionalProperties": not closed,
    }
    return answers.as_body(request, told, SCHEMA, template="exchange/properties.html")
