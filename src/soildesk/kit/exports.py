"""Lists out of the desk: CSV and Excel of exactly the rows shown, with nothing a spreadsheet would run.

A text that begins with = + - @ or a control character is a formula to a spreadsheet. In Excel files it is
written as a string cell; in CSV, where cells have no type, it gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from soildesk.core import jobs
from soildesk.core.errors import Refusal

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from soildesk.kit.register import Register, Row
    from soildesk.kit.rows import Selection

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
GROUND_TYPES = {
    "gpkg": "application/geopackage+sqlite3", "geojson": "application/geo+json", "shp": "application/zip",
}  # fmt: skip
GROUND_AT_ONCE = 5_000
"""Rows with their ground that are written while somebody waits."""
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


def attachment(name: str, extension: str) -> str:
    """A Content-Disposition header for a file with a Chinese name."""
    return f"attachment; filename=\"export.{extension}\"; filename*=UTF-8''{quote(f'{name}.{extension}')}"


def exported_rows(selection: Selection, rows: Iterable[Row] | None = None) -> Iterator[list[Any]]:
    """Every row of the selection (or `rows` of it) with the columns shown, as values."""
    columns = selection.columns
    for row in selection.all_rows() if rows is None else rows:
        yield [column.export(column.of(row), row) if column.export else column.of(row) for column in columns]


def register_sheet(selection: Selection, rows: Iterable[Row] | None = None) -> Sheet:
    """The selection as a sheet, its filters written under the title."""
    columns = [SheetColumn(str(c.title), min(max(c.width, 6), 60), c.numeric) for c in selection.columns]
    told = "；".join(f"{chip.title}：{chip.label}" for chip in selection.chips) or _("全部")
    note = _("截至 %(day)s · %(filters)s") % {"day": f"{selection.on:%Y-%m-%d}", "filters": told}
    title = str(selection.register.title)
    return Sheet(title, columns, exported_rows(selection, rows), title=title, note=note)


def register_xlsx(selection: Selection, rows: Iterable[Row] | None = None) -> bytes:
    """The selection as an Excel file."""
    out = BytesIO()
    write_xlsx([register_sheet(selection, rows)], out)
    return out.getvalue()


def file_name(selection: Selection) -> str:
    """The file's name without its ending: title and day of state."""
    return f"{selection.register.title}_{selection.on:%Y%m%d}"


def kinds_of(register: Register) -> list[tuple[str, Any, str]]:
    """The kinds of file a register is exported to: name, title, icon."""
    found = [("xlsx", _("Excel 表格"), "file-earmark-excel"), ("csv", _("CSV 文本"), "filetype-csv")]
    if register.ground is not None and register.collection:
        found += [("gpkg", "GeoPackage", "layers"), ("geojson", "GeoJSON", "geo-alt"), ("shp", "Shapefile", "map")]
    return found


def register_response(selection: Selection, kind: str) -> HttpResponseBase:
    """The selection as a file; a large one is made by a job and waits in messages."""
    known = [name for name, _title, _icon in kinds_of(selection.register)]
    if kind not in known:
        told = _("导出格式“%(kind)s”不支持：可选 %(known)s。") % {"kind": kind, "known": "、".join(known)}
        return HttpResponse(told, status=400)
    limit = GROUND_AT_ONCE if kind in GROUND_TYPES else selection.register.export_limit
    if kind != "csv" and selection.actor.person and selection.count_to(limit + 1) > limit:
        return _by_job(selection, kind)
    if kind == "csv":
        header = [str(column.title) for column in selection.columns]
        lines = csv_lines(header, exported_rows(selection))
        response: HttpResponseBase = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        response = HttpResponse(register_xlsx(selection), content_type=XLSX)
    else:
        response = _ground_response(selection, kind)
    if response.status_code == HTTPStatus.OK:
        response["Content-Disposition"] = attachment(file_name(selection), ending_of(kind))
    return response


def _ground_response(selection: Selection, kind: str) -> HttpResponse:
    try:
        return HttpResponse(register_ground(selection, kind), content_type=GROUND_TYPES[kind])
    except Refusal as refusal:
        return HttpResponse(str(refusal), status=HTTPStatus.CONFLICT, content_type="text/plain; charset=utf-8")


def ending_of(kind: str) -> str:
    """The ending of a file's name: a Shapefile travels as an archive."""
    return "zip" if kind == "shp" else kind


def register_ground(selection: Selection, kind: str, step: Callable[[int, int | None], None] | None = None) -> bytes:
    """The selection with its ground, the columns shown, as a file of the kind."""
    from soildesk.kit.gis import exporting
    from soildesk.kit.seen import Seen, without

    shown = {column.key for column in selection.columns}
    left_out = [column.key for column in selection.declared.columns if column.key not in shown]
    seen = Seen(without(selection.declared, left_out), selection.actor, selection.on, selection.known_on)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"export.{ending_of(kind)}")
        exporting.export(seen, path, rows=selection.filtered(), step=step)
        return path.read_bytes()


def _by_job(selection: Selection, kind: str) -> HttpResponseBase:
    known_on = selection.known_on.isoformat() if selection.known_on else ""
    asked = {
        "register": selection.register.name,
        "on": selection.on.isoformat(),
        "known_on": known_on,
        "query": selection.params.urlencode(),
        "kind": kind,
    }
    title = _("导出%(title)s（%(count)s 行）") % {"title": selection.register.title, "count": selection.count}
    row = jobs.start("kit.export", asked, by=selection.actor, title=title)
    return HttpResponseRedirect(reverse("core:job", args=[row.uid]))
