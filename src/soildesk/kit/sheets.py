"""Tables as files: CSV and Excel, with nothing a spreadsheet would run.

A text that begins with = + - @ or a control character is a formula to a spreadsheet. In Excel files it is
written as a string cell; in CSV, where cells have no type, it gets an apostrophe before it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
LONGEST_CELL = 32_767
LONGEST_SHEET_NAME = 31


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a sheet; `width` in characters."""

    title: str
    width: int = 12
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a title line, a header, rows. `note` stands under the title (day of state, who made it)."""

    name: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[Any]]
    title: str = ""
    note: str = ""
    landscape: bool = True


class _Echo:
    """A file that hands every line back, so that a CSV can be sent while it is made."""

    def write(self, value: str) -> str:
        return value


def plain(value: Any) -> Any:
    """`value` as a spreadsheet can hold it: number, date or text; lists closed up with 、."""
    if value is None or isinstance(value, bool | int | float | Decimal):
        return (
            {None: "", True: _("是"), False: _("否")}.get(value, value)
            if value is None or isinstance(value, bool)
            else value
        )
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, date):
        return value
    if isinstance(value, list | tuple | set):
        return "、".join(str(part) for part in value)
    return str(value)[:LONGEST_CELL]


def harmless(value: Any) -> str:
    """`value` as a CSV field that no spreadsheet takes for a formula.

    >>> harmless("=1+1")
    "'=1+1"
    >>> harmless(-3)
    '-3'
    """
    shown = plain(value)
    if not isinstance(shown, str):
        return f"{shown:%Y-%m-%d %H:%M}" if isinstance(shown, datetime) else str(shown)
    return f"'{shown}" if shown.startswith(DANGEROUS) else shown


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a CSV with the mark Excel needs to read UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([harmless(title) for title in header])
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])


def write_xlsx(sheets: Sequence[Sheet], out: BinaryIO) -> None:
    """Write an Excel file: header frozen and repeated in print, filters on, A4, page x of y in the footer."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        styles = _styles(book)
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet_name(sheet.name)), sheet, styles)


def _styles(book: xlsxwriter.Workbook) -> dict[str, Any]:
    base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
    cell = {**base, "border": 1, "border_color": "#b8c4c4", "text_wrap": True}
    return {
        "title": book.add_format({**base, "font_size": 16, "bold": True}),
        "note": book.add_format({**base, "font_color": "#555555"}),
        "head": book.add_format({**cell, "bold": True, "bg_color": "#e6efee", "align": "center"}),
        "text": book.add_format(cell),
        "number": book.add_format({**cell, "align": "right"}),
        "date": book.add_format({**cell, "num_format": "yyyy-mm-dd", "align": "center"}),
        "moment": book.add_format({**cell, "num_format": "yyyy-mm-dd hh:mm", "align": "center"}),
    }


def sheet_name(name: str) -> str:
    """A name Excel takes for a sheet."""
    clean = "".join("_" if sign in "[]:*?/\\" else sign for sign in name).strip("' ")
    return clean[:LONGEST_SHEET_NAME] or "Sheet"


def _write_sheet(page: Any, sheet: Sheet, styles: dict[str, Any]) -> None:
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
    row = 0
    for line, style in ((sheet.title, "title"), (sheet.note, "note")):
        if line:
            page.write_string(row, 0, line, styles[style])
            row += 1
    header = row
    for index, column in enumerate(sheet.columns):
        page.write_string(header, index, str(column.title), styles["head"])
    for values in sheet.rows:
        row += 1
        for index, value in enumerate(values):
            _write_cell(page, row, index, plain(value), styles)
    _set_up_print(page, sheet, header, row)


def _write_cell(page: Any, row: int, column: int, value: Any, styles: dict[str, Any]) -> None:
    if value == "":
        page.write_blank(row, column, None, styles["text"])
    elif isinstance(value, str):
        page.write_string(row, column, value, styles["text"])
    elif isinstance(value, date):
        page.write_datetime(row, column, value, styles["moment" if isinstance(value, datetime) else "date"])
    else:
        page.write_number(row, column, value, styles["number"])


def _set_up_print(page: Any, sheet: Sheet, header: int, last: int) -> None:
    page.freeze_panes(header + 1, 1)
    page.autofilter(header, 0, max(last, header), max(len(sheet.columns) - 1, 0))
    page.repeat_rows(header)
    page.set_paper(9)
    if sheet.landscape:
        page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    page.set_footer("&L&F&C" + _("第 %(page)s 页 共 %(pages)s 页") % {"page": "&P", "pages": "&N"} + "&R&D")
