"""Marks of verdicts: shape, colour and word always together, an open mark where nothing was detected."""

from __future__ import annotations

from django.utils.translation import gettext as _

from soildesk.kit.cells import escape
from soildesk.monitoring.queries.contents import Content
from soildesk.monitoring.resultpages import VERDICTS

TONES = {
    "meets": "meets",
    "exceeds_screening": "screening",
    "exceeds_control": "control",
    "exceeds": "control",
    "unknown": "unknown",
}
ORDER = ("exceeds_control", "exceeds", "exceeds_screening", "unknown", "meets", "")
"""The gravest first; nothing said comes last."""


def tone_of(verdict: str) -> str:
    """The class of a verdict's mark."""
    return TONES.get(verdict, "none")


def verdict_word(verdict: str) -> str:
    """A verdict in words."""
    return str(VERDICTS[verdict][2]) if verdict in VERDICTS else _("尚未评价")


def mark(one: Content, x: float, y: float, said: str) -> str:
    """The mark of one content."""
    tone = tone_of(one.verdict)
    if one.detected:
        return shape(tone, x, y, said, data=f' data-value="{one.number:g}"')
    return (
        f'<path class="p-open p-{tone}" d="M{x - 5:g} {y:g}h10l-5 8z" data-limit-of="{one.number:g}">'
        f"<title>{escape(said)}</title></path>"
    )


def shape(tone: str, x: float, y: float, said: str, *, data: str = "", size: float = 5) -> str:
    """A filled mark: ● fine, ▲ above the screening value, ◆ above a limit, ▢ unknown, ○ not judged."""
    title = f"<title>{escape(said)}</title>"
    match tone:
        case "control":
            half = size * 1.3
            drawn = f'd="M{x:g} {y - half:g}l{half:g} {half:g}l-{half:g} {half:g}l-{half:g} -{half:g}z"'
        case "screening":
            half = size * 1.2
            drawn = f'd="M{x:g} {y - half:g}l{half:g} {half * 1.8:g}h-{half * 2:g}z"'
        case "unknown":
            return f'<rect class="p-mark p-unknown" x="{x - size + 0.5:g}" y="{y - size + 0.5:g}" width="{size * 2 - 1:g}" height="{size * 2 - 1:g}"{data}>{title}</rect>'
        case _:
            return f'<circle class="p-mark p-{tone}" cx="{x:g}" cy="{y:g}" r="{size:g}"{data}>{title}</circle>'
    return f'<path class="p-mark p-{tone}" {drawn}{data}>{title}</path>'
