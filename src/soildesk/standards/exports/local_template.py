"""The workbook in which an office enters a standard of its place."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter

from soildesk.standards.localtable import HEAD, HEAD_SHEET, MARKS, ROW, ROWS_SHEET

EXAMPLES = {
    "standard": "如 DB99/T 101-2026",
    "title": "印本上的全称",
    "title_en": "可不填",
    "authority": "如 示例省生态环境厅、示例省市场监督管理局",
    "file_number": "发布公告的文号，可不填",
    "division": "省 2 位、市 4 位、县 6 位，如 99",
    "family": "GB 36600、GB 15618、GB/T 14848、GB 5084、GB 2762 之一",
    "since": "如 2026-09-01",
    "until": "仍有效的不填",
    "keyed_by": "照印本录入的人",
}
ADVICE = "每行一个限值。用途不分的留空，几个用途相同的用“、”隔开；pH 档写成“≤5.5”“>5.5，≤6.5”“>7.5”，不分档的留空；单位不填则按国家标准的单位。"
WIDTHS = (20, 10, 22, 14, 10, 10, 14, 28, 14, 28)
ROWS_OFFERED = 500


def workbook() -> bytes:
    """The template as an Excel file."""
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        head = book.add_format({**base, "bold": True, "bg_color": "#e6efee", "border": 1})
        cell = book.add_format({**base, "border": 1, "num_format": "@"})
        hint = book.add_format({**base, "font_color": "#555555", "text_wrap": True})
        _head(book.add_worksheet(HEAD_SHEET), head, cell, hint)
        _rows(book.add_worksheet(ROWS_SHEET), head, hint)
    return out.getvalue()


def _head(page: xlsxwriter.worksheet.Worksheet, head: object, cell: object, hint: object) -> None:
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 46)
    page.set_column(2, 2, 60)
    for at, (key, word) in enumerate(HEAD.items()):
        page.write_string(at, 0, word, head)
        page.write_blank(at, 1, None, cell)
        page.write_string(at, 2, EXAMPLES[key], hint)


def _rows(page: xlsxwriter.worksheet.Worksheet, head: object, hint: object) -> None:
    for at, (word, width) in enumerate(zip(ROW.values(), WIDTHS, strict=True)):
        page.set_column(at, at, width)
        page.write_string(0, at, word, head)
    page.write_string(0, len(ROW) + 1, ADVICE, hint)
    page.set_column(len(ROW) + 1, len(ROW) + 1, 60)
    marks = list(ROW).index("mark")
    page.data_validation(1, marks, ROWS_OFFERED, marks, {"validate": "list", "source": list(MARKS)})
    page.freeze_panes(1, 1)
