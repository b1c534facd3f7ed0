"""Lists out of the desk: files of exactly the rows shown. What a table file is made of stands in `soildesk.kit.sheets`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import jobs
from soildesk.core.errors import Refusal
from soildesk.kit.downloads import attachment
from soildesk.kit.sheets import (
    XLSX,
    Sheet,
    SheetColumn,
    csv_lines,
    harmless,
    plain,
    sheet_name,
    write_xlsx,
)

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from soildesk.kit.register import Register, Row
    from soildesk.kit.rows import Selection

GROUND_TYPES = {
    "gpkg": "application/geopackage+sqlite3", "geojson": "application/geo+json", "shp": "application/zip",
}  # fmt: skip
GROUND_AT_ONCE = 5_000
"""Rows with their ground that are written while somebody waits."""


def exported_rows(selection: Selection, rows: Iterable[Row] | None = None) -> Iterator[list[Any]]:
    """Every row of the selection (or `rows` of it) with the columns shown, as values."""
    columns = selection.columns
    for row in selection.all_rows() if rows is None else rows:
        yield [column.told(row) for column in columns]


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
    if selection.register.ask_first and (address := selection.register.ask_first(selection)):
        return HttpResponseRedirect(address)
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


__all__ = [
    "XLSX",
    "Sheet",
    "SheetColumn",
    "csv_lines",
    "ending_of",
    "exported_rows",
    "file_name",
    "harmless",
    "kinds_of",
    "plain",
    "register_ground",
    "register_response",
    "register_sheet",
    "register_xlsx",
    "sheet_name",
    "write_xlsx",
]
