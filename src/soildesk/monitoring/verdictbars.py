"""Verdicts as bars: one bar a line, met, over and unknown side by side; what is unknown is hatched and as wide as it is.

Drawn on the server as SVG; the table beside it says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from soildesk.kit.cells import escape
from soildesk.monitoring.queries.exceedance import Line
from soildesk.standards.verdicts import word
from soilrules.verdict import Outcome

LABEL, CHART, ROW, TOP, COUNT = 200, 480, 26, 8, 90
MOST_BARS = 24
LONGEST = 15
"""Signs of a name that fit beside a bar."""
ORDER = (Outcome.MEETS, Outcome.EXCEEDS_SCREENING, Outcome.EXCEEDS, Outcome.EXCEEDS_CONTROL, Outcome.UNKNOWN)
HATCH = (
    '<defs><pattern id="v-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="v-hatch-ground" width="6" height="6"/><rect class="v-hatch-line" width="2.4" height="6"/></pattern></defs>'
)


def drawn(lines: Sequence[Line], title: str) -> SafeString:
    """The bars of the gravest lines, with a key."""
    shown = [one for one in lines if one.total][:MOST_BARS]
    if not shown:
        return mark_safe("")
    height = TOP + ROW * len(shown) + 8
    parts = [
        f'<figure class="verdict-bars"><svg viewBox="0 0 {LABEL + CHART + COUNT} {height}" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>{HATCH}',
        *(part for at, one in enumerate(shown) for part in _bar(one, TOP + ROW * at)),
        "</svg>",
        _key(),
        "</figure>",
    ]
    return mark_safe("".join(parts))  # noqa: S308 — every text above is escaped


def _bar(line: Line, y: int) -> Iterator[str]:
    name = line.title if len(line.title) <= LONGEST else f"{line.title[: LONGEST - 1]}…"
    yield f'<text class="v-label" x="{LABEL - 8}" y="{y + 16}" text-anchor="end">{escape(name)}</text>'
    x = float(LABEL)
    for outcome in ORDER:
        count = line.counts[outcome]
        if not count:
            continue
        width = CHART * count / line.total
        told = f"{line.title} {word(outcome)} {count}"
        yield (
            f'<rect class="v-{outcome}"{_fill(outcome)} x="{x:.1f}" y="{y + 3}" width="{max(width, 1):.1f}" height="{ROW - 8}">'
            f"<title>{escape(told)}</title></rect>"
        )
        x += width
    said = _("%(over)d 超 / %(n)d") % {"over": line.over, "n": line.total}
    yield f'<text class="v-count" x="{LABEL + CHART + 6}" y="{y + 16}">{escape(said)}</text>'


def _fill(outcome: Outcome) -> str:
    """A pattern is named in the drawing itself: in a style sheet its address would be the style sheet's."""
    return ' fill="url(#v-hatch)"' if outcome is Outcome.UNKNOWN else ""


def _key() -> str:
    keys = "".join(
        f'<span class="v-key"><svg viewBox="0 0 16 12" aria-hidden="true"><rect class="v-{one}"{_fill(one)} width="16" '
        'height="12"/></svg>'
        f"{escape(word(one))}</span>"
        for one in ORDER
    )
    return f'<figcaption class="v-keys">{keys}</figcaption>'
