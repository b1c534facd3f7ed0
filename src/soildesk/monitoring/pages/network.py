"""The network analysed: coverage, sources, gaps and points too close together; every number leads to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.kit import faces_urls
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.parts import Tile
from soildesk.monitoring.models import Medium, PointVersion
from soildesk.monitoring.queries import coverage, gaps
from soildesk.monitoring.queries import network as rows
from soildesk.monitoring.queries.coverage import LayerCover, Pair, Standing
from soildesk.monitoring.queries.gaps import Gap
from soildesk.monitoring.register.points import POINTS
from soildesk.monitoring.sketch import Sketch, Spot

DISTANCES = {"near": (1000.0, 10.0, 20_000.0), "apart": (100.0, 1.0, 5_000.0)}
"""Metres: within which a source counts as watched, and within which two points are doubles; default, least, most."""
SHOWN = 50


@staff_page("monitoring.read")
def network(request: HttpRequest) -> HttpResponse:
    """Coverage by division, class and medium; near sources; doubles and gaps."""
    actor, on = actor_of(request), page_day(request)
    medium = request.GET.get("medium", "")
    medium = medium if medium in Medium.values else ""
    near, apart = (_metres(request, name) for name in ("near", "apart"))
    points = coverage.points_of(actor, on, medium)
    lines = coverage.by_division(actor, on, medium)
    pairs = coverage.close_pairs(points, apart)
    layers = coverage.sources(actor, on, points, near)
    divisions = coverage.divisions(actor, on)
    thin = gaps.widest(divisions, points)
    sampled = [each for each in Medium.values if any(point.medium == each for point in points)]
    bare = [line.name for line in lines if not line.total.count]
    context = {
        "lines": lines,
        "kinds": [label for _value, label in PointVersion.Kind.choices],
        "media": [("", _("全部介质")), *Medium.choices],
        "medium": medium,
        "near": near,
        "apart": apart,
        "pairs": pairs[:SHOWN],
        "more_pairs": max(0, len(pairs) - SHOWN),
        "layers": [(layer, layer.rows(sampled)) for layer in layers],
        "sampled": [Medium(each).label for each in sampled],
        "thin": thin,
        "bare": bare,
        "tiles": _tiles(actor, on, len(points), (len(pairs), sum(len(layer.bare) for layer in layers)), medium),
        "picture": _picture(Drawn(divisions, layers, points, pairs, thin)),
        "map_url": faces_urls.map_of(POINTS, f"medium={medium}" if medium else ""),
        "crumbs": [(_("监测点位"), reverse("kit:collection", args=["points"])), (_("点位分析"), "")],
    }
    return render(request, "monitoring/network.html", context)


def _metres(request: HttpRequest, name: str) -> float:
    default, least, most = DISTANCES[name]
    try:
        asked = float(request.GET.get(name, ""))
    except ValueError:
        return default
    return min(max(asked, least), most) if asked == asked else default


def _tiles(actor: Any, on: Any, count: int, found: tuple[int, int], medium: str) -> list[Tile]:
    listed = reverse("kit:collection", args=["points"]) + "?" + (f"medium={medium}&" if medium else "")
    held = rows.points(actor, on).filter(**({"medium": medium} if medium else {}))
    due = {name: held.filter(_condition(name, on)).count() for name, _title in rows.ROUND_CHOICES}
    pairs, bare = found
    return [
        Tile(_("点位"), count, listed),
        Tile(_("逾期未采"), due["late"], listed + "due=late", tone="bad" if due["late"] else "calm"),
        Tile(_("无法判断应采日期"), due["unsaid"], listed + "due=unsaid", tone="warn" if due["unsaid"] else "calm"),
        Tile(_("从未采样"), due["never"], listed + "due=never", tone="warn" if due["never"] else "calm"),
        Tile(_("没有规定周期"), due["none"], listed + "due=none"),
        Tile(_("过近的点位对"), pairs, "#pairs", tone="warn" if pairs else "calm"),
        Tile(_("附近没有点位的区域"), bare, "#sources", tone="warn" if bare else "calm"),
    ]


def _condition(name: str, on: Any) -> Any:
    condition = rows.ROUND_CONDITIONS[name]
    return condition(on) if callable(condition) else condition


@dataclass(frozen=True)
class Drawn:
    """What the picture of the network shows."""

    divisions: list[tuple[Any, str]]
    layers: list[LayerCover]
    points: list[Standing]
    pairs: list[Pair]
    thin: list[Gap]


def _picture(drawn: Drawn) -> Any:
    doubled = {point.uid for pair in drawn.pairs for point in (pair.one, pair.other)}
    grounds = [(shape, "ground", name) for shape, name in drawn.divisions]
    grounds += [(each.shape, "watched", each.name) for layer in drawn.layers for each in layer.covered[:200]]
    grounds += [(each.shape, "bare", each.name) for layer in drawn.layers for each in layer.bare[:200]]
    polygons = [each for each in grounds if each[0].geom_type in ("Polygon", "MultiPolygon")]
    spots = [
        Spot(point.at, "near" if point.uid in doubled else "held", f"{point.name}（{point.number}）", point.url)
        for point in drawn.points[:2000]
    ]
    spots += [Spot(gap.at, "far", _("%(name)s离点位最远处") % {"name": gap.name}) for gap in drawn.thin]
    title = _("点位与区域示意：虚线框为附近没有点位的区域，菱形为过近的点位，叉为各区划离点位最远处。")
    return Sketch(title, polygons, spots, [(pair.one.at, pair.other.at) for pair in drawn.pairs]).render()
