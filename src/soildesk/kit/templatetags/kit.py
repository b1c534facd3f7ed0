"""Template tags of the parts: `{% load kit %}`. The values they take are in `soildesk.kit.parts`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template
from django.forms import BoundField
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from soildesk.kit import cells
from soildesk.kit.bars import SharesBar
from soildesk.kit.drawing import Timeline
from soildesk.kit.languages import listed
from soildesk.kit.parts import ICON_OF_TONE, Act, Chip, Event, Fact, File, Step, Tab, Tile

register = template.Library()


@register.simple_tag
def icon(name: str, title: str = "") -> SafeString:
    """One icon; a `title` makes it speak."""
    return mark_safe(cells.icon(name, title))  # noqa: S308 — cells.icon escapes both


@register.simple_tag
def chip(given: Chip | str, word: str = "", why: str = "", icon: str = "") -> SafeString:
    """A chip, from a `Chip` or from tone and word."""
    part = given if isinstance(given, Chip) else Chip(given, word, icon, why)  # type: ignore[arg-type]
    name = part.icon or ICON_OF_TONE.get(part.tone, "circle")
    html = mark_safe(cells.chip_html(part.tone, name, str(part.word), str(part.why)))  # noqa: S308
    return format_html('<a class="chip-link" href="{}">{}</a>', part.url, html) if part.url else html


register.filter("listed", listed)


@register.filter
def day(value: Any) -> SafeString:
    """2026-11-21, for tables and fact lists."""
    return mark_safe(cells.day(value, {}))  # noqa: S308


@register.filter
def long_day(value: date | None) -> str:
    """2026年11月21日, for documents."""
    return f"{value.year}年{value.month}月{value.day}日" if value else "—"


@register.filter
def moment(value: Any) -> SafeString:
    """2026-11-21 08:30, local time."""
    return mark_safe(cells.moment(value, {}) if hasattr(value, "hour") else cells.day(value, {}))  # noqa: S308


@register.simple_tag
def days_span(first: date | None, last: date | None) -> SafeString:
    """2026-01-01 — 2026-06-30; an open end says so."""
    start = cells.day(first, {}) if first else cells.escape(_("不限"))
    end = cells.day(last, {}) if last else cells.escape(_("长期"))
    return mark_safe(f'<span class="days">{start} — {end}</span>')  # noqa: S308


@register.filter
def number(value: Any) -> SafeString:
    """A number with thousands parted; none is a dash."""
    return mark_safe(cells.number(value, {}))  # noqa: S308


@register.simple_tag
def progress(done: int | None, total: int | None) -> SafeString:
    """k/n with a bar."""
    return mark_safe(cells.progress_html(done, total))  # noqa: S308


@register.filter
def file_size(value: int) -> str:
    """A size a person reads."""
    return filesizeformat(value)


@register.simple_tag
def act(given: Act) -> SafeString:
    """One act button."""
    return mark_safe(template.loader.render_to_string("kit/parts/act.html", {"act": given}))  # noqa: S308


@register.inclusion_tag("kit/parts/acts.html", takes_context=True)
def acts(context: template.Context, given: Sequence[Act]) -> dict[str, Any]:
    """The acts of a record; those stopped by a rule are shown with the rule."""
    return {"acts": given, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("kit/parts/empty.html")
def empty_state(title: str, text: str = "", act: str = "", url: str = "", icon: str = "inbox") -> dict[str, str]:
    """Nothing here: what belongs here and the one thing to do."""
    return {"title": title, "text": text, "act": act, "url": url, "icon": icon}


@register.inclusion_tag("kit/parts/facts.html")
def facts(given: Sequence[Fact]) -> dict[str, Any]:
    """A fact list."""
    return {"facts": given}


@register.inclusion_tag("kit/parts/life_line.html")
def life_line(steps: Sequence[Step]) -> dict[str, Any]:
    """The life of a record as a horizontal line."""
    return {"steps": steps}


@register.inclusion_tag("kit/parts/history.html")
def history(events: Sequence[Event]) -> dict[str, Any]:
    """Who did what when, newest first."""
    return {"events": events}


@register.inclusion_tag("kit/parts/attachments.html")
def attachments(files: Sequence[File]) -> dict[str, Any]:
    """Files with size, who and when."""
    return {"files": files}


@register.inclusion_tag("kit/parts/tabs.html")
def tabs(given: Sequence[Tab], label: str = "") -> dict[str, Any]:
    """Tabs that are links."""
    return {"tabs": given, "label": label}


@register.inclusion_tag("kit/parts/tiles.html")
def tiles(given: Sequence[Tile]) -> dict[str, Any]:
    """Numbers that lead to their rows."""
    return {"tiles": given}


@register.simple_tag
def figure(count: int, url: str, name: str = "") -> SafeString:
    """A number that leads to its rows. Every number of rows is marked so: a test follows it and counts them."""
    label = format_html(' aria-label="{} {}"', name, count) if name else ""
    return format_html('<a class="figure" href="{}" data-figure="{}"{}>{}</a>', url, count, label, count)


@register.inclusion_tag("kit/parts/field.html")
def field(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """One form field with its label, hint and errors beside it."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "")
    described = [f"{bound.auto_id}-hint"] if hint or bound.help_text else []
    described += [f"{bound.auto_id}-error"] if bound.errors else []
    attrs = {} if kind in {"checkbox", "radio"} else {"class": _control_class(kind, bool(bound.errors))}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    control = bound.as_widget(attrs=attrs)
    return {
        "field": bound,
        "control": control,
        "hint": hint or bound.help_text,
        "tick": kind == "checkbox" and not getattr(widget, "allow_multiple_selected", False),
    }


def _control_class(kind: str, wrong: bool) -> str:
    base = "form-select form-select-sm" if kind == "select" else "form-control form-control-sm"
    return f"{base} is-invalid" if wrong else base


@register.simple_tag
def shares_bar(drawing: SharesBar) -> SafeString:
    """The parts of a whole as SVG."""
    return drawing.render()


@register.simple_tag
def timeline(drawing: Timeline) -> SafeString:
    """The timeline as SVG with its table."""
    return drawing.render()
