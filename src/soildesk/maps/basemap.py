"""What lies under the layers: nothing, a folder of the office's own tiles, or 天地图 with the office's own key."""

from __future__ import annotations

import mimetypes
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix

from soildesk.kit.access import staff_page

ENDINGS = ("png", "jpg", "jpeg", "webp")
TIANDITU = (
    "{host}/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default&TILEMATRIXSET=w"
    "&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
TIANDITU_LAYERS = ("vec", "cva")  # the map, and the names on it
A_WEEK = 7 * 24 * 3600
DEEPEST = 18
NEAREST = 24  # nobody cuts tiles of centimetres


def as_json() -> dict[str, Any]:
    """What the script must know: the addresses of the tiles of each layer, and the 审图号."""
    return {"tiles": _addresses(), "deepest": DEEPEST, "approval": settings.MAP_APPROVAL}


def _addresses() -> list[list[str]]:
    if settings.BASEMAP == "folder":
        return [[f"{get_script_prefix()}map/base/{{z}}/{{x}}/{{y}}"]]
    if settings.BASEMAP == "tianditu":
        return [
            [TIANDITU.format(host=host, layer=layer, key=settings.TIANDITU_KEY) for host in settings.TIANDITU_HOSTS]
            for layer in TIANDITU_LAYERS
        ]
    return []


def folder() -> Path:
    """Where the office puts its tiles."""
    return Path(settings.HOME) / "basemap"


@staff_page()
def base_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponseBase:
    """One tile of the office's own base map; the address is built of numbers only."""
    if settings.BASEMAP != "folder":
        raise Http404("no base map")
    is_place = z <= NEAREST and max(x, y) < 2**z
    response = (_from_folder(z, x, y) or _from_mbtiles(z, x, y)) if is_place else None
    if response is None:
        return HttpResponse(status=204)  # beyond the edge of the base map there is nothing, which is no fault
    response["Cache-Control"] = f"private, max-age={A_WEEK}"
    return response


def _from_folder(z: int, x: int, y: int) -> HttpResponseBase | None:
    for ending in ENDINGS:
        path = folder() / str(z) / str(x) / f"{y}.{ending}"
        if path.is_file():
            return FileResponse(path.open("rb"), content_type=mimetypes.types_map[f".{ending}"])
    return None


def _from_mbtiles(z: int, x: int, y: int) -> HttpResponse | None:
    """MBTiles count rows from the south."""
    path = folder() / "basemap.mbtiles"
    if not path.is_file():
        return None
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
        row = store.execute(
            "SELECT tile_data FROM tiles WHERE zoom_level=? AND tile_column=? AND tile_row=?", (z, x, 2**z - 1 - y)
        ).fetchone()
    if row is None:
        return None
    data = bytes(row[0])
    kind = (
        "image/png" if data.startswith(b"\x89PNG") else "image/jpeg" if data.startswith(b"\xff\xd8") else "image/webp"
    )
    return HttpResponse(data, content_type=kind)
