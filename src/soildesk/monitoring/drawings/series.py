"""Contents over time: detected ones as filled marks, what was not detected as open marks hanging from its limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from soildesk.kit.cells import escape
from soildesk.monitoring.drawings import axes
from soildesk.monitoring.drawings.axes import Axis, Days, figures, label
from soildesk.monitoring.drawings.figure import Figure
from soildesk.monitoring.drawings.marks import mark, verdict_word
from soildesk.monitoring.queries.contents import Content
from soildesk.monitoring.queries.series import LimitPiece, Line, Series

WIDTH, HEIGHT = 760, 330
LEFT, RIGHT, TOP, BOTTOM = 64, 744, 34, 284
FAR = 3.0
"""A limit more than so many times above everything measured is told at the edge and not drawn."""
MOST_LINES = 8
WORDS = {"screening": "p-screening", "control": "p-control"}


def series_figure(series: Series, title: str) -> Figure:
    """The drawing of one or several points."""
    lines = series.lines[:MOST_LINES]
    held = [one for line in lines for one in line.contents]
    days = axes.days_of([one.on for one in held if one.on], LEFT, RIGHT)
    near, far = _limits(series.limits, max(one.number for one in held))
    axis = axes.axis_of([*(one.number for one in held), *(one.value for one in near)], BOTTOM, TOP)
    parts = [
        *axes.rule_lines(axis, LEFT, RIGHT),
        *axes.day_lines(days, TOP, BOTTOM),
        label(_("含量（%(unit)s）") % {"unit": series.unit} if series.unit else _("测定值"), 8, 18),
        *_limit_lines(near, axis, days, min(one.on for one in held if one.on)),
        *_far_limits(far),
        *(piece for number, line in enumerate(lines) for piece in _line(line, number, axis, days)),
        *_names(lines),
    ]
    several = len(lines) > 1
    return Figure(
        title=title,
        described=_("%(n)s 个结果；实心为检出，空心为未检出，从检出限往下画虚线。下面有同样内容的表格。")
        % {"n": len(held)},
        width=WIDTH,
        height=HEIGHT + (20 * (len(lines) // 2 + 1) if several else 0),
        parts=parts,
        head=[_("采样日期"), _("点位"), _("结果"), _("评价"), _("筛选值或限值"), _("管制值"), _("标准")],
        rows=[_row(one, line) for line in lines for one in line.contents],
    )


def _limits(pieces: Sequence[LimitPiece], top: float) -> tuple[list[LimitPiece], list[LimitPiece]]:
    """Limits that can be drawn without hiding what was measured, and those far above."""
    near = [one for one in pieces if one.value <= FAR * top]
    return near, [one for one in pieces if one.value > FAR * top]


def _limit_lines(pieces: Sequence[LimitPiece], axis: Axis, days: Days, earliest: date) -> Iterator[str]:
    """Level pieces, carried to the edges of the drawing, joined where one gives way to the next."""
    for kind in WORDS:
        some = [one for one in pieces if one.kind == kind]
        for at, one in enumerate(some):
            y = axis.at(one.value)
            x1 = days.at(one.first) if at or one.first > earliest else LEFT
            x2 = days.at(one.last) if at + 1 < len(some) else RIGHT
            said = f"{_limit_word(one)} {figures(one.value)}"
            yield f'<line class="{WORDS[kind]}" x1="{x1}" x2="{x2}" y1="{y}" y2="{y}" data-limit="{one.value:g}"><title>{escape(said)}</title></line>'
            if at + 1 < len(some):
                yield f'<line class="{WORDS[kind]}" x1="{x2}" x2="{x2}" y1="{y}" y2="{axis.at(some[at + 1].value)}"/>'
            yield label(said, x1 + 4, y - 5, kind="p-limit-word")


def _limit_word(one: LimitPiece) -> str:
    name = _("管制值") if one.kind == "control" else _("筛选值或限值")
    return f"{name}（{one.standard}）" if one.standard else name


def _far_limits(pieces: Sequence[LimitPiece]) -> Iterator[str]:
    told = dict.fromkeys(f"{_limit_word(one)} {figures(one.value)}" for one in pieces)
    if told:
        yield label(
            _("图外更高处：%(limits)s") % {"limits": "；".join(told)},
            RIGHT,
            18,
            kind="p-limit-word",
            anchor="end",
            longest=60,
        )


def _line(line: Line, number: int, axis: Axis, days: Days) -> Iterator[str]:
    places = [(days.at(one.on), axis.at(one.number)) for one in line.contents if one.on]
    if len(places) > 1:
        yield f'<path class="p-line p-line-{number}" d="{axes.path(places)}"/>'
    for one, (x, y) in zip(line.contents, places, strict=True):
        said = f"{one.on} {line.name} {one.said} {one.unit} {verdict_word(one.verdict)}"
        if not one.detected:
            yield f'<line class="p-hang" x1="{x}" x2="{x}" y1="{y}" y2="{axis.at(0)}"/>'
        yield mark(one, x, y, said)


def _names(lines: Sequence[Line]) -> Iterator[str]:
    """Which line is whose, where there are several."""
    if len(lines) < 2:
        return
    for number, line in enumerate(lines):
        x, y = LEFT + (number % 2) * 350, BOTTOM + 44 + 20 * (number // 2)
        yield f'<line class="p-line p-line-{number}" x1="{x}" x2="{x + 30}" y1="{y - 4}" y2="{y - 4}"/>'
        yield label(f"{line.name} {line.number}", x + 36, y, longest=24)


def _row(one: Content, line: Line) -> list[str]:
    limits = one.limits
    return [
        str(one.on),
        f"{line.name} {line.number}",
        f"{one.said} {one.unit}" + ("" if one.detected else _("（未检出）")),
        verdict_word(one.verdict),
        figures(limits.screening) if limits else "—",
        figures(limits.control) if limits else "—",
        limits.standard if limits else "—",
    ]
