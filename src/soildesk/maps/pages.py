"""The one map: its page, and the fragments it asks for. Everything comes from the scoped rows of the layers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import shapely
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import may
from soildesk.kit import faces_urls, table
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.passes import remembering
from soildesk.maps import basemap, cards, finding, measuring, words
from soildesk.maps.labels import labels
from soildesk.maps.layers import Bounds, MapLayer, extent_of, layers_of, shown_of

FARTHEST_METRES = 5_000.0
FIRST_DAY_KEPT_S = 600


def _layers(request: HttpRequest) -> list[MapLayer]:
    return layers_of(actor_of(request), page_day(request), request.GET)


def _shown(request: HttpRequest) -> list[MapLayer]:
    return shown_of(_layers(request), request.GET)


def _number(request: HttpRequest, name: str) -> float:
    try:
        value = float(request.GET.get(name, ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Http404(f"{name} is no number")
    return value


def _box(text: str) -> Bounds | None:
    """West, south, east, north of `?bbox=`; None where it is none."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return None
    return west, south, east, north


@staff_page()
def the_map(request: HttpRequest) -> HttpResponse:
    """The page. `?layer=parcels&kind=lot`, as lists link here, becomes `?layers=parcels&parcels.kind=lot`."""
    if "layer" in request.GET:
        return HttpResponseRedirect(f"{request.path}?{_from_list(request.GET).urlencode()}")
    layers = _layers(request)
    shown = shown_of(layers, request.GET)
    with remembering({}):  # many layers offer the same towns
        panels = [_panel(layer, layer in shown) for layer in layers]
    context = {
        "panels": panels,
        "setup": _setup(request, layers, shown),
        "years": _years(shown or layers, page_day(request)),
        "approval": basemap.as_json()["approval"],
        "sheet_url": reverse("maps:sheet"),
    }
    return render(request, "maps/map.html", context)


def _from_list(asked: QueryDict) -> QueryDict:
    name = asked["layer"]
    given = QueryDict(mutable=True)
    given["layers"] = name
    if "feature" in asked:
        given["sel"] = f"{name}/{asked['feature']}"
    for key, values in asked.lists():
        if key in {"on", "sel", "at"}:
            given.setlist(key, values)
        elif key not in {"layer", "feature", "page", "sort", "cols", "after", "before", "part", "export"}:
            given.setlist(f"{name}.{key}", values)
    return given


def _panel(layer: MapLayer, is_on: bool) -> dict[str, Any]:
    return {
        "layer": layer,
        "on": is_on,
        "group": layer.group,
        "filters": [
            {
                "filter": each,
                "name": f"{layer.name}.{each.key}",
                "boxes": table.options(f"{layer.name}.{each.key}", options, chosen) if options else "",
                "chosen": chosen,
            }
            for each, options, chosen in layer.filters
        ],
        "list": faces_urls.of(layer.seen.declared, "list"),
    }


def _years(layers: Sequence[MapLayer], on: date) -> list[int]:
    """The years of the time slider: from the first of which one of the layers says anything, to this one."""
    known = [day for layer in layers if (day := _first_day(layer))]
    return list(range(min([*known, on, clock.today()]).year, clock.today().year + 1))


def _first_day(layer: MapLayer) -> date | None:
    """The first day a layer tells the actor of, kept for some minutes: of a million rows it is no quick question."""
    begins, actor = layer.register.begins, layer.seen.actor
    if begins is None or actor is None:
        return None
    asker = actor.person.pk if actor.person else actor.name
    found: date | None = cache.get_or_set(f"maps.first.{layer.name}.{asker}", lambda: begins(actor), FIRST_DAY_KEPT_S)
    return found


def _setup(request: HttpRequest, layers: list[MapLayer], shown: list[MapLayer]) -> dict[str, Any]:
    on = page_day(request)
    return {
        "layers": [layer.as_json() for layer in layers],
        "shown": [layer.name for layer in shown],
        "extent": extent_of(shown or layers),
        "on": on.isoformat(),
        "today": clock.today().isoformat(),
        "base": basemap.as_json(),
        "words": words.for_script(),
        "entered": [one for layer in layers if (one := _entered(request, layer))],
        "urls": {
            "map": reverse("maps:map"),
            "at": reverse("maps:at"),
            "find": reverse("maps:find"),
            "inside": reverse("maps:inside"),
            "measure": reverse("maps:measure"),
            "names": reverse("maps:names"),
            "sheet": reverse("maps:sheet"),
            "overlay": reverse("kit:overlay"),
            "shape": reverse("maps:shape", args=["LAYER", "KEY"]),
            "card": reverse("maps:card", args=["LAYER", "KEY"]),
        },
    }


def _entered(request: HttpRequest, layer: MapLayer) -> dict[str, str] | None:
    """Where a drawing becomes a new row of a layer; None where the actor may not enter any."""
    writing = layer.seen.declared.writing
    if writing is None or writing.add is None or not may(actor_of(request), writing.permission):
        return None
    return {"title": layer.title, "shape": layer.ground.shape, "url": faces_urls.of(layer.seen.declared, "add")}


@staff_page()
def setup(request: HttpRequest) -> HttpResponse:
    """What small maps on other pages must know: the layers named by `?layers=`, the base map, the words."""
    layers = _layers(request)
    return JsonResponse(_setup(request, layers, shown_of(layers, request.GET)))


@staff_page()
def at(request: HttpRequest) -> HttpResponse:
    """Everything under a place, as cards."""
    metres = min(max(_number(request, "metres"), 0.0), FARTHEST_METRES)
    lon, lat = _number(request, "lon"), _number(request, "lat")
    if abs(lon) > 180 or abs(lat) > 90:
        raise Http404("no such place")
    found = cards.at(_shown(request), lon, lat, metres)
    return render(request, "maps/cards.html", {"cards": found, "lon": f"{lon:.6f}", "lat": f"{lat:.6f}"})


def _one(request: HttpRequest, collection: str, key: str) -> cards.Card:
    layer = next((each for each in _layers(request) if each.name == collection), None)
    found = cards.card_of(layer, key) if layer else None
    if found is None:
        raise Http404(f"{collection}/{key}")
    return found


@staff_page()
def card(request: HttpRequest, collection: str, key: str) -> HttpResponse:
    """The card of one row."""
    return render(request, "maps/cards.html", {"cards": [_one(request, collection, key)]})


@staff_page()
def shape(request: HttpRequest, collection: str, key: str) -> HttpResponse:
    """Where one row lies, as GeoJSON."""
    one = _one(request, collection, key)
    properties = {"layer": collection, "key": one.key, "title": one.title}
    return JsonResponse({"type": "Feature", "geometry": measuring.as_geojson(one.shape), "properties": properties})


@staff_page()
def find(request: HttpRequest) -> HttpResponse:
    """What the search box stands for."""
    layers = _layers(request)
    expected = _box(request.GET.get("view", "")) or extent_of(layers)
    text = request.GET.get("q", "").strip()[:200]
    found = finding.find(layers, text, expected)
    return render(request, "maps/found.html", {"found": found, "text": text})


@staff_page()
def inside(request: HttpRequest) -> HttpResponse:
    """What lies in a box of the map, layer by layer; also the list of what the map shows, for those who do not see it."""
    box = _box(request.GET.get("bbox", ""))
    if box is None:
        raise Http404("bbox is no box")
    layers = _shown(request)
    text = ",".join(f"{side:.6f}" for side in box)
    held = [(cards.inside(layer, shapely.box(*box)), cards.list_url(layer, text)) for layer in layers]
    as_text = request.GET.get("as") == "text"
    return render(request, "maps/inside.html", {"held": held, "bbox": text, "as_text": as_text})


@staff_page()
def names(request: HttpRequest) -> HttpResponse:
    """The names of what the map shows, each once."""
    box = _box(request.GET.get("bbox", ""))
    if box is None:
        raise Http404("bbox is no box")
    return JsonResponse(labels(_shown(request), box))


@require_POST
@staff_page()
def measured(request: HttpRequest) -> HttpResponse:
    """Area and length of a drawn shape, on the ellipsoid; what cannot be measured yet is told, not refused."""
    if request.content_type not in {"application/geo+json", "application/json"}:
        return JsonResponse({"refused": _("请以 GeoJSON 发送要量算的图形。")}, status=415)
    try:
        return JsonResponse(measuring.measured(measuring.drawn(request.body)))
    except Refusal as refusal:
        return JsonResponse({"refused": str(refusal)})
