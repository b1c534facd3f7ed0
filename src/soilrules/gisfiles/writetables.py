"""CSV and Excel, the geometry as WKT, or as two columns where it is points."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain
from typing import Any

import shapely
import xlsxwriter  # type: ignore[import-untyped]

from soilrules.gisfiles.job import Job, NotWritten, Rows, as_text, file_name
from soilrules.gisfiles.source import unique

WKT_HEADING = "WKT"
_CELL, _SHEET_ROWS = 32_767, 1_048_576
_PRECISION = 17


def text(job: Job, rows: Iterator[Rows]) -> None:
    """CSV in UTF-8 with the mark by which Excel knows it."""
    with job.path.open("w", encoding="utf-8-sig", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(_headings(job, (WKT_HEADING,)))
        for values, shape in _with_wkt(rows):
            lines.writerow([*map(as_text, values), shape])


def _headings(job: Job, added: tuple[str, ...]) -> list[str]:
    """The columns of the geometry come last; a column already called so keeps its name."""
    taken = unique([*job.names, *added])
    return [*job.names, *taken[len(job.names) :]]


def _with_wkt(rows: Iterator[Rows]) -> Iterator[tuple[list[Any], str]]:
    for some in rows:
        columns = [one.to_pylist() for one in some.attributes.columns]
        shapes = shapely.from_wkb(some.wkb.to_numpy(zero_copy_only=False))
        written = shapely.to_wkt(shapes, rounding_precision=_PRECISION, trim=True)
        for at, shape in enumerate(written):
            yield [column[at] for column in columns], shape or ""


def workbook(job: Job, rows: Iterator[Rows]) -> None:
    """One sheet; codes stay texts, and a text that begins like a formula stays one."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    added = job.options.points or (WKT_HEADING,)
    with xlsxwriter.Workbook(str(job.path), options) as book:
        sheet = book.add_worksheet(file_name(job.title)[:31].strip("'[]") or "数据")
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, _headings(job, added), bold)
        sheet.freeze_panes(1, 0)
        lines = _with_points(job, rows) if job.options.points else _checked(job, rows)
        for at, values in enumerate(lines, 1):
            if at >= _SHEET_ROWS:
                raise NotWritten("too_many_rows", limit=_SHEET_ROWS - 1)
            for column, value in enumerate(values):
                _cell(sheet, (at, column), value, day)


def _cell(sheet: Any, place: tuple[int, int], value: Any, day: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, (bool, datetime)) or not isinstance(value, (int, float, str, date)):
        sheet.write_string(*place, as_text(value))
    elif isinstance(value, date):
        sheet.write_datetime(*place, value, day)
    elif isinstance(value, str):
        sheet.write_string(*place, value[:_CELL])
    else:
        sheet.write_number(*place, value) if abs(value) < 10**15 else sheet.write_string(*place, str(value))


def _checked(job: Job, rows: Iterator[Rows]) -> Iterator[list[Any]]:
    for at, (values, shape) in enumerate(_with_wkt(rows), 2):
        if len(shape) > _CELL:
            job.written.tell("wkt_too_long", row=at, limit=_CELL)
            shape = ""
        yield [*values, shape]


def _with_points(job: Job, rows: Iterator[Rows]) -> Iterator[list[Any]]:
    for some in rows:
        columns = [one.to_pylist() for one in some.attributes.columns]
        shapes = shapely.from_wkb(some.wkb.to_numpy(zero_copy_only=False))
        for at, shape in enumerate(shapes):
            point = shape is not None and shape.geom_type == "Point" and not shape.is_empty
            if not point:
                job.written.tell("no_point")
            yield list(chain((column[at] for column in columns), (shape.x, shape.y) if point else (None, None)))
