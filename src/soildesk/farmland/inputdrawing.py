"""The years of an indicator as small bars: a year nobody can tell is hatched, never a bar of no height."""

from __future__ import annotations

from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from soildesk.farmland.inputmeasures import value_words
from soildesk.farmland.queries.indicators import Shown
from soildesk.kit.cells import escape
from soildesk.kit.languages import called
from soilrules.farmland.inputdata import Kind

STEP, WIDTH, HEIGHT, BASE = 34, 24, 44, 32


def series(one: Shown) -> SafeString:
    """The bars, with the same in words for those who cannot see them."""
    values = [made.value for _year, made in one.series if made.value is not None]
    top = max([abs(value) for value in values] + [Decimal("0.0001")])
    top = max(top, Decimal(1)) if one.indicator.kind in (Kind.SHARE, Kind.TOLD) else top
    words = "；".join(f"{year} {value_words(made)}" for year, made in one.series)
    parts = [_bar(at, year, made, top, made is one.made) for at, (year, made) in enumerate(one.series)]
    width = STEP * len(one.series)
    title = escape(_("%(name)s历年：%(words)s") % {"name": called(one.indicator), "words": words})
    return mark_safe(  # noqa: S308 — every text above is escaped
        f'<svg class="year-bars" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" role="img" '
        f'aria-label="{title}"><title>{title}</title>{"".join(parts)}</svg>'
    )


def _bar(at: int, year: int, made: object, top: Decimal, is_last: bool) -> str:
    x = at * STEP + (STEP - WIDTH) // 2
    label = f'<text x="{at * STEP + STEP / 2}" y="{HEIGHT - 2}" text-anchor="middle">{year}</text>'
    value = getattr(made, "value", None)
    if value is None:
        return f'<rect class="year-open" x="{x}" y="4" width="{WIDTH}" height="{BASE - 4}" rx="2"/>{label}'
    height = max(1.0, round(float(abs(value) / top) * (BASE - 6), 1))
    tone = "year-down" if value < 0 else "year-now" if is_last else "year-before"
    told = escape(value_words(made))  # type: ignore[arg-type]
    return (
        f'<rect class="{tone}" x="{x}" y="{BASE - height}" width="{WIDTH}" height="{height}" rx="2">'
        f"<title>{year} {told}</title></rect>{label}"
    )
