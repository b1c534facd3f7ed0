"""The variogram: a mark for each lag, open where it has too few pairs, and the model through them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from soildesk.kit.cells import escape
from soildesk.monitoring.drawings import axes
from soildesk.monitoring.drawings.axes import Axis, figures, label
from soildesk.monitoring.drawings.figure import Figure
from soilrules.geostat import Kind, Model

WIDTH, HEIGHT = 620, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 600, 34, 250
LEAST_PAIRS = 30
ALONG = 80


def variogram_figure(told: Mapping[str, Any], title: str) -> Figure:
    """The variogram of a surface's report."""
    lags = told["lags"]
    model = Model(Kind(told["kind"]), told["nugget"], told["partial_sill"], told["range_m"], told["smoothness"])
    across = axes.axis_of([one["distance_m"] for one in lags], LEFT, RIGHT)
    up = axes.axis_of([*(one["semivariance"] for one in lags), model.sill], BOTTOM, TOP)
    parts = [
        *axes.rule_lines(up, LEFT, RIGHT),
        *_metres(across),
        label(_("半方差"), 8, 18),
        label(_("距离（m）"), RIGHT, BOTTOM + 38, anchor="end"),
        f'<path class="p-model" d="{axes.path(_curve(model, across, up))}"/>',
        *(_lag(one, across, up) for one in lags),
        *_reach(model, across),
    ]
    return Figure(
        title=title,
        described=_("%(n)d 个距离组与拟合的模型；下面有同样内容的表格。") % {"n": len(lags)},
        width=WIDTH,
        height=HEIGHT,
        parts=parts,
        head=[_("平均距离（m）"), _("点对数"), _("半方差"), _("模型")],
        rows=[
            [
                figures(one["distance_m"]),
                str(one["pairs"]),
                figures(one["semivariance"]),
                figures(float(model.semivariance(one["distance_m"]))),
            ]
            for one in lags
        ],
        narrow=True,
    )


def _metres(across: Axis) -> Iterator[str]:
    for tick in across.ticks():
        x = across.at(tick)
        yield f'<line class="p-grid" x1="{x}" x2="{x}" y1="{TOP}" y2="{BOTTOM}"/>'
        yield f'<text class="p-tick" x="{x}" y="{BOTTOM + 18}" text-anchor="middle">{figures(tick)}</text>'


def _curve(model: Model, across: Axis, up: Axis) -> list[tuple[float, float]]:
    """The model from just beside 0, where the nugget stands."""
    steps = [across.high * max(at, 0.001) / ALONG for at in range(ALONG + 1)]
    return [(across.at(far), up.at(float(model.semivariance(far)))) for far in steps]


def _lag(one: Mapping[str, Any], across: Axis, up: Axis) -> str:
    kind = "p-lag" if one["pairs"] >= LEAST_PAIRS else "p-lag-thin"
    said = escape(_("%(pairs)d 对点，平均距离 %(far)s m") % {"pairs": one["pairs"], "far": figures(one["distance_m"])})
    x, y = across.at(one["distance_m"]), up.at(one["semivariance"])
    return f'<circle class="{kind}" cx="{x}" cy="{y}" r="5" data-pairs="{one["pairs"]}"><title>{said}</title></circle>'


def _reach(model: Model, across: Axis) -> Iterator[str]:
    reach = model.effective_range_m
    if reach <= across.high:
        x = across.at(reach)
        yield f'<line class="p-hang" x1="{x}" x2="{x}" y1="{TOP}" y2="{BOTTOM}"/>'
        late = x > (LEFT + RIGHT) / 2
        told = _("有效变程 %(m)s m") % {"m": figures(reach)}
        yield label(told, x - 4 if late else x + 4, BOTTOM - 8, kind="p-small", anchor="end" if late else "start")
