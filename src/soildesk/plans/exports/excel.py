"""The 任务分工明细表 as an Excel workbook: A4 landscape, header on every page, no cell a formula."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from soildesk.plans.exports.rows import COLUMNS, UID_TITLE, LedgerExport, cells

A4 = 9
LONGEST_CELL = 32_767  # characters Excel keeps in one cell
PAGE_WIDTH = 130  # characters across an A4 page lying down, in Excel's column units
LAST = len(COLUMNS) - 1
SONG, HEI, KAI, FANG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
INDICATORS = (("指标名称", 50), ("目标值", 16), ("目标年份", 12), ("原文", 52))
BOX = {"border": 1, "valign": "vcenter", "text_wrap": True}
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"font_name": SONG, "font_size": 18, "align": "center", "valign": "vcenter", "text_wrap": True},
    "note": {"font_name": FANG, "font_size": 11, "align": "left", "valign": "vcenter"},
    "header": {**BOX, "font_name": HEI, "font_size": 11, "align": "center", "bg_color": "#E9EFEA"},
    "section": {**BOX, "font_name": KAI, "font_size": 11, "bold": True, "align": "left"},
    "text": {**BOX, "font_name": FANG, "font_size": 11, "align": "left"},
    "centre": {**BOX, "font_name": FANG, "font_size": 11, "align": "center"},
}


def ledger_xlsx(ledger: LedgerExport) -> bytes:
    """The ledger as .xlsx; the hidden last column keeps each row's id for the way back."""
    stream = BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        formats = {name: book.add_format(look) for name, look in LOOKS.items()}
        book.set_properties({"title": ledger.heading, "author": ledger.prepared_by or ledger.issuer})
        _tasks(book.add_worksheet("任务分工明细表"), ledger, formats)
        if ledger.indicators:
            _indicators(book.add_worksheet("主要指标"), ledger, formats)
    return stream.getvalue()


def _tasks(sheet: Worksheet, ledger: LedgerExport, formats: dict[str, Any]) -> None:
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, PAGE_WIDTH * column.share / 100)
    sheet.set_column(LAST + 1, LAST + 1, 12, None, {"hidden": True})
    header = _heading(sheet, ledger.heading, ledger.notes, LAST, formats)
    for at, column in enumerate(COLUMNS):
        _write(sheet, header, at, column.title, formats["header"])
    _write(sheet, header, LAST + 1, UID_TITLE, formats["header"])
    at = header + 1
    for section in ledger.sections:
        if section.title:
            sheet.merge_range(at, 0, at, LAST, "", formats["section"])
            _write(sheet, at, 0, section.title, formats["section"])
            at += 1
        for row in section.rows:
            for column, text in enumerate(cells(row)):
                _write(sheet, at, column, text, formats["centre" if COLUMNS[column].centred else "text"])
            _write(sheet, at, LAST + 1, row.uid, formats["text"])
            at += 1
    _page(sheet, header)
    sheet.print_area(0, 0, max(at - 1, header), LAST)


def _heading(sheet: Worksheet, title: str, notes: tuple[str, ...], last: int, formats: dict[str, Any]) -> int:
    """Title and notes; returns the row the header goes to."""
    sheet.merge_range(0, 0, 0, last, "", formats["title"])
    _write(sheet, 0, 0, title, formats["title"])
    sheet.set_row(0, 36)
    if not notes:
        return 1
    sheet.merge_range(1, 0, 1, last, "", formats["note"])
    _write(sheet, 1, 0, "　　".join(notes), formats["note"])
    sheet.set_row(1, 20)
    return 2


def _indicators(sheet: Worksheet, ledger: LedgerExport, formats: dict[str, Any]) -> None:
    header = _heading(sheet, f"{ledger.title}主要指标", (), len(INDICATORS) - 1, formats)
    for at, (title, width) in enumerate(INDICATORS):
        sheet.set_column(at, at, width)
        _write(sheet, header, at, title, formats["header"])
    for at, indicator in enumerate(ledger.indicators, start=header + 1):
        year = str(indicator.year or "")
        for column, text in enumerate((indicator.name, indicator.shown_target, year, indicator.quote)):
            _write(sheet, at, column, text, formats["centre" if column in (1, 2) else "text"])
    _page(sheet, header)


def _write(sheet: Worksheet, row: int, column: int, text: str, look: Any) -> None:
    """A string cell, whatever the text begins with: `=cmd|…` stays a text."""
    if not text:
        sheet.write_blank(row, column, None, look)
        return
    shown = text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
    sheet.write_string(row, column, shown, look)


def _page(sheet: Worksheet, header: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)
    sheet.freeze_panes(header + 1, 0)
    sheet.set_footer("&C第 &P 页 共 &N 页")
    sheet.center_horizontally()
