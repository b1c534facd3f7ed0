"""Cells of a register: functions from a value and its row to HTML, fast enough for a hundred rows a page.

A cell returns a string that is safe as it stands: whatever comes from data goes through `escape`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from html import escape as _escape
from typing import Any

from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _

Row = Mapping[str, Any]
Cell = Callable[[Any, Row], str]
NOTHING = '<span class="nothing">—</span>'


def escape(value: object) -> str:
    """`value` as HTML text."""
    return _escape(str(value), quote=True)


@cache
def sprite_url() -> str:
    """Address of the icon sprite; it does not change while the process lives."""
    return static("vendor/icons.svg")


def icon(name: str, title: str = "") -> str:
    """One icon of the sprite; without `title` it is decoration and hidden from readers."""
    label = f'role="img" aria-label="{escape(title)}"' if title else 'aria-hidden="true"'
    return f'<svg class="icon" {label}><use href="{sprite_url()}#{escape(name)}"></use></svg>'


def text(value: Any, row: Row) -> str:
    """Text; nothing is a dash."""
    return NOTHING if value is None or value == "" else escape(value)


def clamp(value: Any, row: Row) -> str:
    """Long text on two lines; the whole of it in the tooltip and in print."""
    if value is None or value == "":
        return NOTHING
    safe = escape(value)
    return f'<span class="clamp" title="{safe}">{safe}</span>'


def day(value: Any, row: Row) -> str:
    """A date as 2026-11-21; of a moment the day it was here."""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return f'<time datetime="{value:%Y-%m-%d}">{value:%Y-%m-%d}</time>' if value else NOTHING


def moment(value: datetime | None, row: Row) -> str:
    """A moment in local time, to the minute."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value)
    return f'<time datetime="{local.isoformat(timespec="minutes")}">{local:%Y-%m-%d %H:%M}</time>'


FINEST = 6
"""Places the finest number is stored with."""


def number(value: Any, row: Row) -> str:
    """A number with thousands separated, as precise as it is stored; nothing is a dash, never zero.

    A computed number (a float) is shown to two decimals, below one to four digits.
    """
    if value is None:
        return NOTHING
    if isinstance(value, float):
        value = Decimal(f"{value:.2f}" if abs(value) >= 1 else f"{value:.4g}")
    if isinstance(value, Decimal):
        long = int(value.as_tuple().exponent) < -FINEST  # a sum of SQLite has as many digits as it can
        value = value.normalize() if long or value == value.to_integral() else value
        return escape(f"{value:,f}")
    return escape(f"{value:,}") if isinstance(value, int | float) else escape(value)


def link(value: Any, row: Row) -> str:
    """The row's name, leading to its page (`row["_url"]` is set by the register)."""
    shown = NOTHING if value is None or value == "" else escape(value)
    url = row.get("_url")
    return f'<a href="{escape(url)}">{shown}</a>' if url else shown


def names(value: Any, row: Row) -> str:
    """A list of names, closed up with 、."""
    return escape("、".join(str(v) for v in value)) if value else NOTHING


def yes_no(value: Any, row: Row) -> str:
    """是 or 否; unknown is a dash."""
    return NOTHING if value is None else escape(_("是") if value else _("否"))


def chip_html(tone: str, icon_name: str, word: str, title: str = "") -> str:
    """A chip: colour, icon and word together, so that none is needed alone."""
    hint = f' title="{escape(title)}"' if title else ""
    return f'<span class="chip chip-{escape(tone)}"{hint}>{icon(icon_name)}{escape(word)}</span>'


def chip(states: Mapping[Any, tuple[str, str, str]]) -> Cell:
    """A cell of chips: `states` maps a value to (tone, icon, word).

    Tones: good, bad, warn, busy, calm, unknown (hatched grey). A value not in `states` is shown as unknown.
    """

    def cell(value: Any, row: Row) -> str:
        if value is None or value == "":
            return NOTHING
        tone, icon_name, word = states.get(value, ("unknown", "question-octagon", value))
        return chip_html(tone, icon_name, str(word))

    cell.words = {value: word for value, (_tone, _icon, word) in states.items()}  # type: ignore[attr-defined]
    return cell


def progress_html(done: int | None, total: int | None) -> str:
    """k of n with a bar; an unknown total is said, not drawn as empty."""
    if not total:
        return NOTHING
    label = f"{done or 0}/{total}"
    return (
        f'<span class="progress-line"><progress value="{int(done or 0)}" max="{int(total)}" aria-label="{label}">'
        f"</progress><span>{label}</span></span>"
    )


def progress(done: str, total: str) -> Cell:
    """A cell of progress from two fields of the row."""
    return lambda value, row: progress_html(row.get(done), row.get(total))


def due(value: Any, row: Row) -> str:
    """A deadline: red with a word when `row["_late"]` is true, so that colour is never alone."""
    if not value:
        return NOTHING
    shown = f"{value:%Y-%m-%d}" if isinstance(value, date) else escape(value)
    if not row.get("_late"):
        return shown
    word = escape(_("逾期"))
    return f'<span class="late">{shown} <small>{word}</small></span>'
