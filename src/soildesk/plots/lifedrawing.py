"""The transition table as a drawing: every stage a box, every way forward an arrow, and where the plot is."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from soildesk.kit.cells import escape
from soildesk.plots.lifewords import stage_name
from soilrules.plots.life import History
from soilrules.plots.lifedata import life_table
from soilrules.plots.state import Stage

WIDE, HIGH, COLUMN, ROW, EDGE = 98, 44, 116, 74, 8
Box = tuple[float, float]


def drawn(history: History | None = None) -> SafeString:
    """The drawing; with a history the stages passed and the one reached are marked, in words too."""
    places = {stage: (EDGE + x * COLUMN, EDGE + y * ROW) for stage, (x, y) in life_table().places.items()}
    width = max(x for x, _y in places.values()) + WIDE + EDGE
    height = max(y for _x, y in places.values()) + HIGH + EDGE
    passed = _passed(history)
    here = history.state.stage if history else None
    label = _("地块阶段图：现处于“%(stage)s”") % {"stage": stage_name(here)} if here else _("地块阶段图")
    parts = [
        f'<svg class="life-drawing" viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(label)}">',
        '<defs><marker id="life-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8Z" class="life-head"/></marker></defs>',
        *_arrows(places, passed),
        *(_box(stage, at, stage in passed, stage is here) for stage, at in places.items()),
        "</svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308 - every text in it is escaped


def _passed(history: History | None) -> list[Stage]:
    if history is None:
        return []
    return list(dict.fromkeys(step.after.stage for step in history.steps if step.refused is None))


def ways() -> list[tuple[Stage, Stage]]:
    """The ways between stages that the table knows, each once; those along which a plot goes forward."""
    found: dict[tuple[Stage, Stage], None] = {}
    for row in life_table().transitions.values():
        if row.to is None or row.event.startswith("carried"):
            continue
        for start in row.from_stages:
            if start is not row.to and (row.main or row.exit):
                found[start, row.to] = None
    return list(found)


def _arrows(places: dict[Stage, Box], passed: list[Stage]) -> Iterator[str]:
    for start, end in ways():
        (x1, y1), (x2, y2) = places[start], places[end]
        gone = start in passed and end in passed
        yield f'<path class="life-way{" gone" if gone else ""}" d="{_path((x1, y1), (x2, y2))}" marker-end="url(#life-head)"/>'


def _path(start: Box, end: Box) -> str:
    """From the edge of one box to the edge of another."""
    (x1, y1), (x2, y2) = start, end
    if x2 > x1:
        return f"M{x1 + WIDE:.0f} {y1 + HIGH / 2:.0f}L{x2:.0f} {y2 + HIGH / 2:.0f}"
    if x2 == x1:
        below = y2 > y1
        return f"M{x1 + WIDE / 2:.0f} {y1 + (HIGH if below else 0):.0f}L{x2 + WIDE / 2:.0f} {y2 + (0 if below else HIGH):.0f}"
    return f"M{x1 + WIDE / 2:.0f} {y1 + HIGH:.0f}L{x2 + WIDE:.0f} {y2 + HIGH / 2:.0f}"


def _box(stage: Stage, at: Box, passed: bool, here: bool) -> str:
    x, y = at
    kind = "here" if here else "passed" if passed else "ahead"
    name = stage_name(stage)
    code = str(stage) if stage.startswith("S") else ""
    now = _("现在")
    mark = (
        f'<text class="life-mark" x="{x + WIDE / 2:.0f}" y="{y + HIGH + 14:.0f}">{escape(now)}</text>' if here else ""
    )
    lines = [code, name.partition("（")[0]] if code else [name]
    first = y + HIGH / 2 + (4 if len(lines) == 1 else -4)
    texts = "".join(
        f'<text x="{x + WIDE / 2:.0f}" y="{first + 16 * number:.0f}">{escape(line.partition("（")[0])}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<g class="life-box {kind}"><title>{escape(name)}</title><rect x="{x:.0f}" y="{y:.0f}" width="{WIDE}" height="{HIGH}" rx="4"/>'
        f"{texts}</g>{mark}"
    )
