"""A bar of shares drawn on the server as SVG: how many of a whole stand how. The numbers stand beside it as links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from soildesk.kit.cells import escape

WIDTH, HEIGHT, GAP, LEAST = 600, 14, 1.5, 5.0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the whole: how many, in which tone, called what, and where its rows are."""

    count: int
    tone: str
    word: str
    url: str = ""


@dataclass(frozen=True)
class SharesBar:
    """The parts of one whole side by side; a part that is there is never too thin to be seen."""

    title: str
    parts: Sequence[Part]

    def render(self) -> SafeString:
        """The drawing."""
        there = [part for part in self.parts if part.count]
        told = "，".join(f"{part.word} {part.count}" for part in there)
        spare = WIDTH - LEAST * len(there)
        whole = sum(part.count for part in there) or 1
        drawn, x = [], 0.0
        for part in there:
            width = LEAST + spare * part.count / whole
            drawn.append(
                f'<rect class="t-bar t-{escape(part.tone)}" x="{x:.1f}" y="0" width="{max(1.0, width - GAP):.1f}" height="{HEIGHT}">'
                f"<title>{escape(part.word)} {part.count}</title></rect>"
            )
            x += width
        html = (
            f'<svg class="shares-bar" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" '
            f'aria-label="{escape(self.title)}：{escape(told)}">{"".join(drawn)}</svg>'
        )
        return mark_safe(html)  # noqa: S308 — every text above is escaped
