"""The Excel template of the exchange format: the columns with notes and drop-downs, and a sheet on how to fill it in.

What stands in it is the exchange format (soilrules.labcheck), in Chinese: it goes to laboratories.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter

from soilrules import labquality
from soilrules.labcheck import Column, Format

ROWS_OFFERED = 5_000
NEEDS = {"required": "必填", "expected": "应填", "optional": "选填"}
LISTS = ("unit", "medium")
"""Columns with a drop-down: of units others may be written too."""


def workbook(made: Format) -> bytes:
    """The template as an Excel file."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": made.title["zh"], "comments": f"版本 {made.version}"})
        _Book(book, made).write()
    return out.getvalue()


class _Book:
    def __init__(self, book: xlsxwriter.Workbook, made: Format) -> None:
        self.book, self.made = book, made
        base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        self.head = book.add_format({**base, "bold": True, "bg_color": "#e6efee", "border": 1})
        self.must = book.add_format({**base, "bold": True, "bg_color": "#f6e7c8", "border": 1})
        self.text = book.add_format({**base, "num_format": "@"})
        self.plain = book.add_format({**base, "num_format": "General"})
        self.wrapped = book.add_format({**base, "text_wrap": True, "valign": "top"})

    def write(self) -> None:
        page = self.book.add_worksheet("检测结果")
        for at, column in enumerate(self.made.columns):
            self._column(page, at, column)
        page.freeze_panes(1, 2)
        self._quality()
        self._how_to()

    def _column(self, page: Any, at: int, column: Column) -> None:
        must = column.need != "optional"
        number = column.kind in ("number", "result")
        page.set_column(at, at, max(12, len(column.example) + 4), self.plain if number else self.text)
        page.write_string(0, at, column.heading, self.must if must else self.head)
        page.write_comment(0, at, f"{NEEDS[column.need]}。{column.note['zh']}\n例：{column.example}", {"x_scale": 2})
        if column.key in LISTS:
            rule = {
                "validate": "list",
                "source": list(column.values),
                "error_type": "warning",
                "error_title": "不在列表里",
            }
            page.data_validation(1, at, ROWS_OFFERED, at, rule)

    def _quality(self) -> None:
        """The sheet of the laboratory's own quality control."""
        page = self.book.add_worksheet(labquality.SHEET)
        for at, column in enumerate(labquality.columns()):
            always = len(column.need) == len(labquality.KINDS)
            page.set_column(at, at, 14, self.text if column.key in ("kind", "analyte", "name", "unit") else self.plain)
            page.write_string(0, at, column.heading, self.must if always else self.head)
            page.write_comment(0, at, column.note["zh"], {"x_scale": 2})
        page.data_validation(1, 0, ROWS_OFFERED, 0, {"validate": "list", "source": list(labquality.KINDS.values())})
        page.freeze_panes(1, 2)

    def _how_to(self) -> None:
        page = self.book.add_worksheet("填写说明")
        page.set_column(0, 0, 16)
        page.set_column(1, 1, 8)
        page.set_column(2, 2, 80)
        page.set_column(3, 3, 24)
        page.write_string(0, 0, f"{self.made.title['zh']}，版本 {self.made.version}（{self.made.since} 起）", self.head)
        lines = [("", "", one["zh"], "") for one in self.made.rules]
        lines += [(one.heading, NEEDS[one.need], one.note["zh"], f"例：{one.example}") for one in self.made.columns]
        for row, line in enumerate(lines, 1):
            for at, text in enumerate(line):
                page.write_string(row, at, text, self.wrapped)
