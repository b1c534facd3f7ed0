"""Contents by depth: layers downwards, the limit of each layer beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from soildesk.kit.cells import escape
from soildesk.monitoring.drawings import axes
from soildesk.monitoring.drawings.axes import Axis, figures, label
from soildesk.monitoring.drawings.figure import Figure
from soildesk.monitoring.drawings.marks import mark, verdict_word
from soildesk.monitoring.queries.contents import Content
from soildesk.monitoring.queries.tools import Hole

WIDTH, HEIGHT = 640, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 620, 50, 420
FAR = 3.0
MOST_HOLES = 8


def profile_figure(holes: Sequence[Hole], unit: str, title: str) -> Figure:
    """Some points in depth."""
    drawn = holes[:MOST_HOLES]
    held = [one for hole in drawn for one in hole.contents]
    top = max(one.number for one in held)
    limits = [value for one in held for value in _limits(one)]
    across = axes.axis_of([top, *(value for value in limits if value <= FAR * top)], LEFT, RIGHT)
    deepest = max(one.layer.bottom or 0.0 for one in held)
    down = axes.axis_of([deepest], TOP, BOTTOM)
    far = sorted({value for value in limits if value > FAR * top})
    parts = [
        *_grid(across, down, unit),
        *(piece for one in held for piece in _limit(one, across, down)),
        *(piece for number, hole in enumerate(drawn) for piece in _hole(hole, number, across, down)),
        *_names(drawn),
    ]
    if far:
        told = _("图外的限值：%(limits)s") % {"limits": "、".join(figures(one) for one in far)}
        parts.append(label(told, RIGHT, BOTTOM + 26, kind="p-limit-word", anchor="end", longest=60))
    return Figure(
        title=title,
        described=_("%(n)s 个点位的 %(m)s 个结果，从地面往下；空心为未检出。下面有同样内容的表格。")
        % {"n": len(drawn), "m": len(held)},
        width=WIDTH,
        height=HEIGHT + 20 * ((len(drawn) + 1) // 2),
        parts=parts,
        head=[_("点位"), _("深度（cm）"), _("样品编号"), _("结果"), _("评价"), _("筛选值或限值"), _("管制值")],
        rows=[_row(one, hole) for hole in drawn for one in hole.contents],
        narrow=True,
    )


def _limits(one: Content) -> list[float]:
    found = (one.limits.screening, one.limits.control) if one.limits else ()
    return [value for value in found if value is not None]


def _grid(across: Axis, down: Axis, unit: str) -> Iterator[str]:
    for tick in across.ticks():
        x = across.at(tick)
        yield f'<line class="p-grid" x1="{x}" x2="{x}" y1="{TOP}" y2="{BOTTOM}"/>'
        yield f'<text class="p-tick" x="{x}" y="{TOP - 8}" text-anchor="middle" data-tick="{tick:g}">{figures(tick)}</text>'
    for tick in down.ticks():
        y = down.at(tick)
        yield f'<line class="p-grid" x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}"/>'
        yield f'<text class="p-tick" x="{LEFT - 6}" y="{y + 4}" text-anchor="end" data-depth="{tick:g}">{figures(tick)}</text>'
    yield label(_("深度（cm）"), 6, 18)
    yield label(_("含量（%(unit)s）") % {"unit": unit} if unit else _("测定值"), RIGHT, 18, anchor="end")


def _limit(one: Content, across: Axis, down: Axis) -> Iterator[str]:
    """The limits of a layer, upright lines as long as the layer is thick."""
    y1, y2 = down.at(one.layer.top or 0.0), down.at(one.layer.bottom or 0.0)
    kinds = (("p-screening", one.limits.screening), ("p-control", one.limits.control)) if one.limits else ()
    for kind, value in kinds:
        if value is not None and value <= across.high:
            said = f"{one.limits.standard} {figures(value)}" if one.limits else ""
            yield f'<line class="{kind}" x1="{across.at(value)}" x2="{across.at(value)}" y1="{y1}" y2="{y2}" data-limit="{value:g}"><title>{escape(said)}</title></line>'


def _hole(hole: Hole, number: int, across: Axis, down: Axis) -> Iterator[str]:
    """A step line down through the layers, the mark of each in its middle."""
    steps: list[tuple[float, float]] = []
    for one in hole.contents:
        x = across.at(one.number)
        steps += [(x, down.at(one.layer.top or 0.0)), (x, down.at(one.layer.bottom or 0.0))]
    yield f'<path class="p-line p-line-{number}" d="{axes.path(steps)}"/>'
    for one in hole.contents:
        x, y = across.at(one.number), (down.at(one.layer.top or 0.0) + down.at(one.layer.bottom or 0.0)) / 2
        if not one.detected:
            yield f'<line class="p-hang" x1="{across.at(0)}" x2="{x}" y1="{y}" y2="{y}"/>'
        said = f"{hole.name} {one.layer} cm {one.said} {one.unit} {verdict_word(one.verdict)}"
        yield mark(one, x, round(y, 2), said)


def _names(holes: Sequence[Hole]) -> Iterator[str]:
    for number, hole in enumerate(holes):
        x, y = LEFT + (number % 2) * 280, BOTTOM + 26 + 20 * (number // 2)
        yield f'<line class="p-line p-line-{number}" x1="{x}" x2="{x + 28}" y1="{y - 4}" y2="{y - 4}"/>'
        yield label(f"{hole.name} {hole.number}", x + 34, y, longest=26)


def _row(one: Content, hole: Hole) -> list[str]:
    limits = one.limits
    return [
        f"{hole.name} {hole.number}",
        str(one.layer),
        one.sample,
        f"{one.said} {one.unit}" + ("" if one.detected else _("（未检出）")),
        verdict_word(one.verdict),
        figures(limits.screening) if limits else "—",
        figures(limits.control) if limits else "—",
    ]
