"""Tiles and their description (TileJSON 3.0) at their addresses, for the map and for any GIS client."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.problems import problem
from soildesk.kit.day import KNOWN, PARAMETER, parse_day
from soildesk.kit.filters import BOX, box_of
from soildesk.kit.seen import Seen, seen
from soildesk.maps.tiles import LEFT_OUT, MOST, NAMES_FROM, NEAREST, Tiles

MVT = "application/vnd.mapbox-vector-tile"
DEEPEST = 22
View = Callable[..., HttpResponse]


class TileRefused(Refusal):
    """An address or a parameter that names no tiles."""

    def __init__(self, sentence: str, code: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(sentence, code=f"tiles.{code}")
        self.status = status


def _answering(view: View) -> View:
    """A view that reads, whose refusals are problems for programs, and whose answers are asked for anew each time."""

    @require_safe
    @wraps(view)
    def inner(request: HttpRequest, layer: str, **place: int) -> HttpResponse:
        try:
            answer = view(request, layer, **place)
        except TileRefused as refused:
            return problem(refused.status, refused.code, str(refused))
        answer["Cache-Control"] = "private, no-cache"
        patch_vary_headers(answer, ["Accept-Encoding", "Authorization", "Cookie"])
        found: HttpResponse = get_conditional_response(request, etag=answer.get("ETag"), response=answer)
        return found

    return inner


@_answering
def tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """One tile, empty where nothing lies."""
    if z > DEEPEST:
        told = _("没有 %(z)s 级瓦片：级别应在 0 至 %(deepest)s 之间。") % {"z": str(z)[:9], "deepest": DEEPEST}
        raise TileRefused(told, "zoom", HTTPStatus.NOT_FOUND)
    if max(x, y) >= 2**z:
        told = _("没有瓦片 %(z)s/%(x)s/%(y)s：在 %(z)s 级，列号和行号应在 0 至 %(last)s 之间。")
        told %= {"z": z, "x": str(x)[:9], "y": str(y)[:9], "last": 2**z - 1}
        raise TileRefused(told, "place", HTTPStatus.NOT_FOUND)
    data = _tiles(request, layer).tile(z, x, y)
    answer = HttpResponse(data, content_type=MVT)
    answer["ETag"] = f'W/"{hashlib.sha256(data).hexdigest()[:32]}"'
    if data and "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.content = gzip.compress(data, compresslevel=4, mtime=0)
        answer["Content-Encoding"] = "gzip"
    return answer


@_answering
def description(request: HttpRequest, layer: str) -> HttpResponse:
    """What the tiles hold, how far they reach and where they are; what narrows it narrows them."""
    tiles = _tiles(request, layer)
    register, query = tiles.seen.register, request.GET.urlencode()
    address = f"{request.scheme}://{request.get_host()}{tiles.layer.tiles}"
    told = {
        "tilejson": "3.0.0",
        "name": tiles.layer.title,
        "description": _described(tiles, str(register.about)),
        "scheme": "xyz",
        "tiles": [f"{address}?{query}" if query else address],
        "minzoom": 0,
        "maxzoom": NEAREST,
        "vector_layers": _vector_layers(tiles),
    }
    bounds = tiles.bounds()
    if bounds:
        told["bounds"] = bounds
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


def _described(tiles: Tiles, about: str) -> str:
    least = _("每个瓦片最多 %(most)s 个图形") % {"most": MOST}
    chosen = _("面积大的优先") if tiles.layer.ground.area else _("其余均匀抽稀")
    said = _("小到画不出的图形不画；有省略时，瓦片中的“%(layer)s”层会说明。") % {"layer": LEFT_OUT}
    return f"{about}{least}，{chosen}；{said}"


def _vector_layers(tiles: Tiles) -> list[dict[str, Any]]:
    titles = {
        "key": _("编号（与接口一致）"),
        "title": _("名称"),
        "class": _("图例类别"),
        "area_m2": _("面积（m²）"),
    }
    fields = {name: titles[name] for name in tiles.properties(NAMES_FROM)}
    left_out = {
        "drawn": _("画出的图形数"),
        "too_small": _("小到画不出的图形数"),
        "more": _("是否还有未读取的图形"),
    }
    about = _("本瓦片有图形未显示")
    return [
        {"id": tiles.layer.name, "description": tiles.layer.title, "fields": fields},
        {"id": LEFT_OUT, "description": about, "fields": left_out},
    ]


def _tiles(request: HttpRequest, layer: str) -> Tiles:
    """The tiles asked for; a layer that may not be seen is not there."""
    params = request.GET
    known_on = _moment(params)
    found = seen(layer, getattr(request, "actor", None), _day(params), known_on)
    if found is None or found.declared.ground is None:
        told = _("没有名为“%(layer)s”的图层，或它不对您开放。内部图层须登录或带访问令牌。") % {"layer": layer[:80]}
        raise TileRefused(told, "layer", HTTPStatus.NOT_FOUND)
    if known_on is not None and not _knows(found):
        raise _wrong(KNOWN, params, _("这个图层不能按“当时所知”查询。"))
    tiles = Tiles(found, params)
    _only_known(tiles, params)
    return tiles


def _knows(found: Seen) -> bool:
    return found.actor is not None and found.declared.knows_past


def _only_known(tiles: Tiles, params: QueryDict) -> None:
    """Refuse a parameter nobody reads: a mistyped filter would otherwise show everything."""
    known = sorted({PARAMETER, KNOWN, *tiles.known()})
    for name in params:
        if name not in known:
            told = _("参数 %(name)s 不存在。这个图层可用的参数：%(known)s。")
            raise TileRefused(told % {"name": name[:80], "known": "、".join(known)}, "unknown_parameter")
    if params.get(BOX) and box_of(params) is None:
        raise _wrong(BOX, params, _("应为 西,南,东,北 四个经纬度数。"))


def _day(params: QueryDict) -> date:
    text = params.get(PARAMETER, "")
    day = parse_day(text) if text else clock.today()
    if day is None:
        raise _wrong(PARAMETER, params, _("应为 1990 年至 2100 年间的日期，例如 2026-06-30。"))
    return day


def _moment(params: QueryDict) -> datetime | None:
    """The end of the day as known on which is asked."""
    text = params.get(KNOWN, "")
    if not text:
        return None
    day = parse_day(text)
    if day is None:
        raise _wrong(KNOWN, params, _("应为 1990 年至 2100 年间的日期，例如 2026-06-30。"))
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(microseconds=1)


def _wrong(name: str, params: QueryDict, expected: str) -> TileRefused:
    told = _("参数 %(name)s 的值“%(value)s”无法使用：%(expected)s")
    return TileRefused(told % {"name": name, "value": params[name][:80], "expected": expected}, "parameter")
