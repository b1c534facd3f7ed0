"""The table of a register as one string: a hundred rows in a few milliseconds, so no template per cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from soildesk.kit import cells
from soildesk.kit.register import Column, Row
from soildesk.kit.rows import Selection

WIDTHS = range(3, 41)


def cell_class(column: Column) -> str:
    """The classes of a column's cells; widths are classes because the policy allows no inline style."""
    width = min(max(column.width, WIDTHS.start), WIDTHS.stop - 1)
    names = [f"cw-{width}"]
    if column.numeric:
        names.append("numeric")
    if column.frozen:
        names.append("frozen")
    return " ".join(names)


def head(selection: Selection, *, choosable: bool) -> str:
    """The header row; a sortable column's title is a link that turns the order round."""
    parts = ["<tr>"]
    if choosable:
        label = cells.escape(_("选择本页全部"))
        parts.append(
            f'<th class="choose" scope="col"><input type="checkbox" data-choose-all aria-label="{label}"></th>'
        )
    parts += [_head_cell(selection, column) for column in selection.columns]
    parts.append("</tr>")
    return "".join(parts)


def _head_cell(selection: Selection, column: Column) -> str:
    title = cells.escape(column.title)
    start = f'<th scope="col" class="{cell_class(column)}"'
    if not column.sort:
        return f"{start}>{title}</th>"
    rising, falling = selection.sort == column.key, selection.sort == f"-{column.key}"
    url = cells.escape(selection.query(sort=f"-{column.key}" if rising else column.key))
    state = ' aria-sort="ascending"' if rising else ' aria-sort="descending"' if falling else ""
    mark = cells.icon("arrow-up") if rising else cells.icon("arrow-down") if falling else ""
    return f'{start}{state}><a href="{url}">{title}{mark}</a></th>'


def _cell_maker(column: Column) -> Callable[[Row], str]:
    tag = "th" if column.frozen else "td"
    scope = ' scope="row"' if column.frozen else ""
    start = f'<{tag}{scope} class="{cell_class(column)}" data-label="{cells.escape(column.title)}">'
    end, value, shown = f"</{tag}>", column.of, column.format

    def cell(row: Row) -> str:
        return start + shown(value(row), row) + end

    return cell


def body(selection: Selection, *, choosable: bool) -> str:
    """The rows of the page."""
    register = selection.register
    makers = [_cell_maker(column) for column in selection.columns]
    choose = _chooser(register.key) if choosable else _nothing
    row_class = register.row_class or _nothing
    lines = []
    for row in selection.page_rows:
        name = row_class(row)
        start = f'<tr class="{cells.escape(name)}">' if name else "<tr>"
        lines.append(start + choose(row) + "".join([make(row) for make in makers]) + "</tr>")
    return "".join(lines)


def _nothing(row: Row) -> str:
    return ""


def _chooser(key: str) -> Callable[[Row], str]:
    label = cells.escape(_("选择此行"))

    def cell(row: Row) -> str:
        value = cells.escape(row[key])
        return (
            f'<td class="choose"><input type="checkbox" name="key" value="{value}" form="bulk" '
            f'aria-label="{label}"></td>'
        )

    return cell


def foot(selection: Selection, *, choosable: bool) -> str:
    """The totals over all filtered rows, not only those of the page; of a long list they wait to be asked for."""
    shown = [column for column in selection.columns if column.key in selection.register.totals]
    if not shown:
        return ""
    if selection.is_long:
        return _asking(selection, choosable=choosable)
    return totals_row(selection, selection.totals, choosable=choosable)


def _asking(selection: Selection, *, choosable: bool) -> str:
    url = cells.escape(selection.query(part="totals"))
    span = len(selection.columns) + (1 if choosable else 0)
    word = cells.escape(_("计算合计"))
    return (
        f'<tr class="no-print"><td colspan="{span}"><a class="ask" href="{url}" hx-get="{url}" hx-target="closest tfoot"'
        f' hx-swap="innerHTML">Σ {word}</a></td></tr>'
    )


def totals_row(selection: Selection, totals: Mapping[str, Any], *, choosable: bool, note: str = "") -> str:
    """One line of totals, with a `note` where they do not cover everything."""
    parts = ["<tr>"] + (['<td class="choose"></td>'] if choosable else [])
    for index, column in enumerate(selection.columns):
        tag = "th" if index == 0 else "td"
        told = [cells.escape(_("合计") + note)] if index == 0 else []
        if column.key in totals:
            told.append(cells.number(totals[column.key], {}))
        parts.append(f'<{tag} class="{cell_class(column)}">{" ".join(told)}</{tag}>')
    return "".join([*parts, "</tr>"])


def render(selection: Selection, *, choosable: bool = False) -> SafeString:
    """The whole table. Every value in it went through a cell, and every cell escapes."""
    totals = foot(selection, choosable=choosable)
    title = cells.escape(selection.register.title)
    return mark_safe(  # noqa: S308
        f'<table class="register"><caption class="visually-hidden">{title}</caption>'
        f"<thead>{head(selection, choosable=choosable)}</thead>"
        f"<tbody>{body(selection, choosable=choosable)}</tbody>"
        + (f"<tfoot>{totals}</tfoot>" if totals else "")
        + "</table>"
    )


def options(key: str, choices: Sequence[tuple[str, str]], chosen: Sequence[str]) -> SafeString:
    """The tick boxes of one choice filter as one string: there may be hundreds of units to choose from."""
    name = cells.escape(key)
    lines = [
        f'<label class="option"><input type="checkbox" name="{name}" value="{cells.escape(value)}"'
        f"{' checked' if value in chosen else ''}>{cells.escape(label)}</label>"
        for value, label in choices
    ]
    return mark_safe("".join(lines))  # noqa: S308
