"""Box plots side by side, each with its number of results and of non-detects; outliers drawn one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from soildesk.kit.cells import escape
from soildesk.monitoring.drawings import axes
from soildesk.monitoring.drawings.axes import Axis, figures, label
from soildesk.monitoring.drawings.figure import Figure
from soildesk.monitoring.queries.contents import Content
from soildesk.monitoring.queries.spread import Box

LEFT, RIGHT, TOP, BOTTOM, EACH, LEAST_WIDTH = 64, 16, 34, 300, 92, 560


def box_figure(boxes: Sequence[Box], unit: str, title: str) -> Figure:
    """Some units side by side."""
    width = max(LEFT + RIGHT + EACH * len(boxes), LEAST_WIDTH)
    numbers = [number for box in boxes for number in _numbers(box)]
    axis = axes.axis_of(numbers, BOTTOM, TOP, log=axes.wants_log(numbers))
    each = (width - LEFT - RIGHT) / len(boxes)
    parts = [
        *axes.rule_lines(axis, LEFT, width - RIGHT),
        label(_("含量（%(unit)s）") % {"unit": unit} if unit else _("测定值"), 8, 18),
        *(piece for at, box in enumerate(boxes) for piece in _box(box, round(LEFT + each * (at + 0.5), 1), axis)),
    ]
    if axis.log:
        parts.append(label(_("对数坐标"), width - RIGHT, 18, kind="p-small", anchor="end"))
    return Figure(
        title=title,
        described=_("%(n)d 个单元的箱线图；下面有同样内容的表格。") % {"n": len(boxes)},
        width=width,
        height=BOTTOM + 60,
        parts=parts,
        head=[
            _("单元"),
            _("结果数"),
            _("未检出"),
            _("下四分位"),
            _("中位数"),
            _("上四分位"),
            _("须下端"),
            _("须上端"),
            _("离群值"),
        ],
        rows=[_row(box) for box in boxes],
    )


def _numbers(box: Box) -> list[float]:
    found = [one.number for one in (*box.outliers, *box.singles)]
    found += [one for one in (*box.quartiles, *(box.whiskers or ())) if one is not None]
    return [*found, *([box.limit] if box.limit else [])]


def _box(box: Box, x: float, axis: Axis) -> Iterator[str]:
    name = box.name or _("未说明")
    yield label(name, x, BOTTOM + 20, anchor="middle", longest=9)
    missing = _("，未检出 %(n)d") % {"n": box.not_detected} if box.not_detected else ""
    yield label(f"n={box.n}{missing}", x, BOTTOM + 36, kind="p-small", anchor="middle")
    first, middle, third = box.quartiles
    if box.whiskers:
        yield from _whiskers(box.whiskers, x, axis)
    if third is not None:
        low = axis.at(first) if first is not None else BOTTOM
        y = axis.at(third)
        said = f"{name} n={box.n} {figures(first)} / {figures(middle)} / {figures(third)}"
        yield f'<rect class="p-box" x="{x - 22}" y="{y}" width="44" height="{max(low - y, 1):g}"><title>{escape(said)}</title></rect>'
    if middle is not None:
        y = axis.at(middle)
        yield f'<line class="p-median" x1="{x - 22}" x2="{x + 22}" y1="{y}" y2="{y}" data-median="{middle:.6g}"/>'
    if box.limit is not None:
        y = axis.at(box.limit)
        told = escape(_("最高的检出限 %(limit)s：以下的值不知道") % {"limit": figures(box.limit)})
        yield f'<line class="p-hang" x1="{x - 34}" x2="{x + 34}" y1="{y}" y2="{y}"><title>{told}</title></line>'
    for one in (*box.outliers, *box.singles):
        yield _single(one, x, axis.at(one.number))


def _whiskers(ends: tuple[float, float], x: float, axis: Axis) -> Iterator[str]:
    low, high = axis.at(ends[0]), axis.at(ends[1])
    yield f'<line class="p-whisker" x1="{x}" x2="{x}" y1="{high}" y2="{low}"/>'
    for y in (low, high):
        yield f'<line class="p-whisker" x1="{x - 12}" x2="{x + 12}" y1="{y}" y2="{y}"/>'


def _single(one: Content, x: float, y: float) -> str:
    said = f"<title>{escape(f'{one.point_number} {one.sample} {one.said} {one.unit}'.strip())}</title>"
    if one.detected:
        return f'<circle class="p-out" cx="{x}" cy="{y}" r="4" data-value="{one.number:g}">{said}</circle>'
    return f'<path class="p-open" d="M{x - 5} {y}h10l-5 8z" data-limit-of="{one.number:g}">{said}</path>'


def _row(box: Box) -> list[str]:
    outliers = "、".join(f"{figures(one.number)}（{one.point_number or one.sample}）" for one in box.outliers)
    singles = "、".join(one.said for one in box.singles)
    told = outliers or box.why or (_("逐个画出：%(values)s") % {"values": singles} if singles else "")
    whiskers = box.whiskers or (None, None)
    quartiles = [figures(one) if one is not None else _below(box) for one in box.quartiles]
    return [
        box.name or _("未说明"), str(box.n), str(box.not_detected), *quartiles, *(figures(one) for one in whiskers), told or "—",
    ]  # fmt: skip


def _below(box: Box) -> str:
    """A quartile among what was not detected is below the largest limit, no number."""
    return f"<{figures(box.limit)}" if box.limit and not box.singles else "—"
