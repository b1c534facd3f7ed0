"""Drawings made on the server as SVG: a timeline of rows, dots and today, with a table for those who cannot see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import shapely
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.kit.cells import escape

LABEL_WIDTH, CHART_WIDTH, ROW_HEIGHT, HEAD_HEIGHT, PAD = 220, 760, 24, 28, 12
FEWEST_DAYS = 28
MOST_TICKS = 14


def area_path(shape: BaseGeometry, at: Callable[[float, float], tuple[float, float]]) -> str:
    """The outline of an area as the `d` of a path; `at` says where a place stands on the drawing."""
    rings = shapely.get_rings(shapely.get_parts(shape))  # of a shape of several parts get_rings gives none
    return "".join(
        "M" + "L".join("{:.1f} {:.1f}".format(*at(x, y)) for x, y in ring.coords[:-1]) + "Z" for ring in rings
    )


@dataclass(frozen=True, slots=True)
class Dot:
    """One day in a row. `tone` gives the colour, `shape` tells it apart without colour: good ●, bad ◆, busy ○."""

    on: date
    title: str
    tone: str = "calm"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A span of days in a row, both ends included."""

    first: date
    last: date
    title: str
    tone: str = "calm"


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One row with its marks."""

    title: str
    dots: Sequence[Dot] = ()
    bars: Sequence[Bar] = ()
    url: str = ""


@dataclass(frozen=True)
class Timeline:
    """Rows over time. `first` and `last` default to what the rows cover, and the day shown is always inside."""

    title: str
    rows: Sequence[TimelineRow]
    on: date
    first: date | None = None
    last: date | None = None

    def _days(self) -> Iterator[date]:
        yield self.on
        for row in self.rows:
            yield from (dot.on for dot in row.dots)
            for bar in row.bars:
                yield from (bar.first, bar.last)

    def span(self) -> tuple[date, date]:
        """First and last day drawn, from the first of a month, at least four weeks."""
        days = list(self._days())
        first = (self.first or min(days)).replace(day=1)
        last = self.last or max(days)
        return first, max(last, first + timedelta(days=FEWEST_DAYS))

    def x(self, day: date) -> float:
        """Where `day` stands, in drawing units; days outside are held at the edge."""
        first, last = self.span()
        share = (day - first).days / max(1, (last - first).days)
        return round(LABEL_WIDTH + PAD + min(1.0, max(0.0, share)) * (CHART_WIDTH - 2 * PAD), 1)

    def months(self) -> list[date]:
        """The firsts of months that get a line, never more than fit."""
        first, last = self.span()
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        every = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if count / step <= MOST_TICKS or step == 1200)
        starts = [first.year * 12 + first.month - 1 + i for i in range(0, count, every)]
        return [date(start // 12, start % 12 + 1, 1) for start in starts]

    def render(self) -> SafeString:
        """The drawing, then its table."""
        height = HEAD_HEIGHT + ROW_HEIGHT * len(self.rows) + PAD
        parts = [
            f'<figure class="timeline"><svg viewBox="0 0 {LABEL_WIDTH + CHART_WIDTH} {height}" role="{self._role()}" '
            f'aria-label="{escape(self.title)}"><title>{escape(self.title)}</title>',
            f"<desc>{escape(self._described())}</desc>",
            *self._grid(height),
        ]
        for index, row in enumerate(self.rows):
            parts += self._row(row, HEAD_HEIGHT + ROW_HEIGHT * index + ROW_HEIGHT / 2)
        parts += [*self._today(height), "</svg>", self._table(), "</figure>"]
        return mark_safe("".join(parts))  # noqa: S308 — every text above is escaped

    def _role(self) -> str:
        """A picture has no links in it for those who hear it; a group has."""
        linked = any(row.url or any(dot.url for dot in row.dots) for row in self.rows)
        return "group" if linked else "img"

    def _described(self) -> str:
        first, last = self.span()
        return _("%(rows)s 行，%(first)s 至 %(last)s，竖线为 %(on)s；下面有同样内容的表格。") % {
            "rows": len(self.rows),
            "first": first,
            "last": last,
            "on": self.on,
        }

    def _grid(self, height: int) -> Iterator[str]:
        for start in self.months():
            x = self.x(start)
            label = str(start.year) if start.month == 1 else _("%(month)d月") % {"month": start.month}
            yield f'<line class="t-grid" x1="{x}" x2="{x}" y1="{HEAD_HEIGHT - 6}" y2="{height - PAD}"/>'
            yield f'<text class="t-tick{" t-year" if start.month == 1 else ""}" x="{x + 3}" y="16">{label}</text>'

    def _today(self, height: int) -> Iterator[str]:
        x = self.x(self.on)
        yield f'<line class="t-today" x1="{x}" x2="{x}" y1="{HEAD_HEIGHT - 10}" y2="{height - PAD}"/>'
        yield f'<text class="t-today-label" x="{x}" y="{height - 1}" text-anchor="middle">{self.on}</text>'

    def _row(self, row: TimelineRow, y: float) -> Iterator[str]:
        name = row.title if len(row.title) <= 16 else row.title[:15] + "…"
        label = f'<text class="t-label" x="0" y="{y + 4}">{escape(name)}<title>{escape(row.title)}</title></text>'
        yield f'<a href="{escape(row.url)}">{label}</a>' if row.url else label
        for bar in row.bars:
            x, end = self.x(bar.first), self.x(bar.last)
            yield (
                f'<rect class="t-bar t-{escape(bar.tone)}" x="{x}" y="{y - 4}" width="{max(3.0, round(end - x, 1))}" '
                f'height="8" rx="2"><title>{escape(bar.title)}</title></rect>'
            )
        for dot in row.dots:
            shape = _shape(dot, self.x(dot.on), y)
            yield f'<a href="{escape(dot.url)}">{shape}</a>' if dot.url else shape

    def _table(self) -> str:
        lines = [
            f"<tr><th scope='row'>{escape(row.title)}</th><td>{dot.on}</td><td>{escape(dot.title)}</td></tr>"
            for row in self.rows
            for dot in row.dots
        ]
        lines += [
            f"<tr><th scope='row'>{escape(row.title)}</th><td>{bar.first} — {bar.last}</td><td>{escape(bar.title)}</td></tr>"
            for row in self.rows
            for bar in row.bars
        ]
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in (_("事项"), _("日期"), _("内容")))
        summary = escape(_("以表格查看"))  # not inside the f-string: xgettext does not read those
        return (
            f'<details class="as-table"><summary>{summary}</summary><table class="plain-table">'
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></details>"
        )


def _shape(dot: Dot, x: float, y: float) -> str:
    title = f"<title>{dot.on} {escape(dot.title)}</title>"
    name = f"t-dot t-{escape(dot.tone)}"
    if dot.tone == "bad":
        return f'<path class="{name}" d="M{x} {y - 6}l6 6l-6 6l-6 -6z">{title}</path>'
    if dot.tone == "unknown":
        return f'<rect class="{name}" x="{x - 4.5}" y="{y - 4.5}" width="9" height="9">{title}</rect>'
    return f'<circle class="{name}" cx="{x}" cy="{y}" r="5">{title}</circle>'
