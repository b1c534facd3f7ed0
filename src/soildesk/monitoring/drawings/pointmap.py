"""A map of points by their gravest verdict, small enough for a page and plain enough for a Word file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from soildesk.kit.cells import escape
from soildesk.monitoring.drawings import ground
from soildesk.monitoring.drawings.axes import figures, label
from soildesk.monitoring.drawings.figure import Figure
from soildesk.monitoring.drawings.marks import ORDER, shape, tone_of, verdict_word
from soildesk.monitoring.queries.pointverdicts import Told
from soildesk.monitoring.rulings import analyte_name
from soildesk.standards.refusals import language

KEY_HEIGHT = 26
MOST_ROWS = 300
"""Points told in the table, the gravest first; all of them stand in the list."""


def point_map(
    points: Sequence[Told], grounds: Sequence[tuple[Any, str]], title: str, link: Callable[[Told], str] | None = None
) -> Figure:
    """Points on their ground; the legend counts each verdict."""
    paper = ground.Paper.over([one.at for one in points])
    marks = [paper.at(one.at.x, one.at.y) for one in points]
    held = [piece for area, name in grounds if (piece := ground.outline(paper, area, name, avoid=marks))]
    parts = [
        *held,
        *(_point(paper, one, link) for one in points),
        *ground.furniture(paper),
        *_key(points, paper.height),
    ]
    return Figure(
        title=title,
        described=_("%(n)d 个点位，按最重的结论着色；下面有同样内容的表格。") % {"n": len(points)},
        width=ground.WIDTH,
        height=paper.height + KEY_HEIGHT,
        parts=parts,
        head=[_("点位"), _("编号"), _("最重的结论"), _("项目"), _("倍数"), _("经度"), _("纬度")],
        rows=[_row(one) for one in list(reversed(points))[:MOST_ROWS]],
        narrow=True,
        linked=link is not None,
    )


def _point(paper: ground.Paper, one: Told, link: Callable[[Told], str] | None) -> str:
    x, y = paper.at(one.at.x, one.at.y)
    name = analyte_name(one.analyte, language()) if one.analyte else ""
    said = f"{one.name}（{one.number}） {verdict_word(one.verdict)} {name}".strip()
    drawn = shape(tone_of(one.verdict), x, y, said, data=f' data-verdict="{escape(one.verdict)}"')
    return f'<a href="{escape(link(one))}">{drawn}</a>' if link else drawn


def _key(points: Sequence[Told], top: float) -> list[str]:
    """The legend with the count of each verdict."""
    counted = Counter(one.verdict if one.verdict in ORDER else "" for one in points)
    parts, x, y = [], 14.0, top + 14
    for verdict in ORDER:
        if counted[verdict]:
            words = f"{verdict_word(verdict)} {counted[verdict]}"
            parts += [shape(tone_of(verdict), x, y, words), label(words, x + 10, y + 4)]
            x += 36 + 12.5 * len(words)
    return parts


def _row(one: Told) -> list[str]:
    name = analyte_name(one.analyte, language()) if one.analyte else "—"
    return [
        one.name, one.number, verdict_word(one.verdict), name, figures(one.factor, 3), f"{one.at.x:.6f}", f"{one.at.y:.6f}",
    ]  # fmt: skip
