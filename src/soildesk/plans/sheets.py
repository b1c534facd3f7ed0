"""分办 sheets: one Excel per unit with protected row ids, and what comes back read without typing.

The workbook has one visible sheet. Its first column (narrow, locked) holds the id of each row; only the four
columns to fill in are unlocked. What comes back is matched by those ids alone, so rows may be sorted,
deleted or sent in part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from uuid import UUID

import xlsxwriter

from soilrules.plantext.document import Document, Table

ID, TEXT, DONE, DONE_ON, WHY = "行标识", "办理情况", "是否办结", "完成日期", "未办结原因"
COLUMNS = (
    (ID, 4),
    ("序号", 8),
    ("重点工作", 22),
    ("目标任务", 46),
    ("完成时限", 14),
    ("本单位职责", 9),
    ("目前状态", 10),
    (TEXT, 40),
    (DONE, 9),
    (DONE_ON, 12),
    (WHY, 24),
)
FILLED_IN = frozenset({TEXT, DONE, DONE_ON, WHY})
YES, NO = "是", "否"
HEADER_ROW = 4
"""The row of the workbook with the names of the columns; the title, the number and the advice stand above it."""
EXCEL_ZERO = date(1899, 12, 30)
_UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True)
class SheetRow:
    """One task as it goes out."""

    uid: UUID
    number: str
    title: str
    text: str
    deadline: str
    role: str
    state: str


@dataclass(frozen=True)
class Head:
    """What stands over the table."""

    title: str
    number: str
    unit: str
    day: date
    prepared_by: str


@dataclass(frozen=True)
class FilledRow:
    """One row as it came back; `trouble` says in words why it cannot be taken."""

    line: int
    uid: str
    text: str = ""
    done: bool = False
    done_on: date | None = None
    why: str = ""
    trouble: str = ""

    @property
    def empty(self) -> bool:
        """Whether the unit wrote nothing in this row."""
        return not (self.text or self.done or self.done_on or self.why)


def write(head: Head, rows: Iterable[SheetRow]) -> bytes:
    """The workbook of one unit."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet("分办单")
        styles = _styles(book)
        page.merge_range(0, 0, 0, len(COLUMNS) - 1, f"{head.title}任务分办单", styles["title"])
        page.write_string(
            1, 0, f"编号：{head.number}　单位：{head.unit}　截至：{head.day:%Y-%m-%d}　发出：{head.prepared_by}"
        )
        page.write_string(2, 0, "请填写白色栏目后原样发回；第一列是行标识，请勿改动。每格请写一件事的进展。")
        for column, (name, width) in enumerate(COLUMNS):
            page.set_column(column, column, width)
            page.write_string(3, column, name, styles["head"])
        last = 3
        for last, row in enumerate(rows, 4):
            _write_row(page, last, row, styles)
        _finish(page, last)
    return out.getvalue()


def _styles(book: xlsxwriter.Workbook) -> dict[str, object]:
    base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True, "border": 1}
    return {
        "title": book.add_format({"font_name": "方正小标宋简体", "font_size": 16, "align": "center"}),
        "head": book.add_format({**base, "bold": True, "align": "center", "bg_color": "#e6efee"}),
        "id": book.add_format({"font_size": 6, "font_color": "#999999", "border": 1}),
        "fixed": book.add_format({**base, "bg_color": "#f3f5f5"}),
        "open": book.add_format({**base, "locked": False}),
        "date": book.add_format({**base, "locked": False, "num_format": "yyyy-mm-dd"}),
    }


def _write_row(page: xlsxwriter.worksheet.Worksheet, line: int, row: SheetRow, styles: dict[str, object]) -> None:
    page.write_string(line, 0, str(row.uid), styles["id"])
    for column, value in enumerate((row.number, row.title, row.text, row.deadline, row.role, row.state), 1):
        page.write_string(line, column, value, styles["fixed"])
    for column, (name, _width) in enumerate(COLUMNS):
        if name in FILLED_IN:
            page.write_blank(line, column, None, styles["date" if name == DONE_ON else "open"])


def _finish(page: xlsxwriter.worksheet.Worksheet, last: int) -> None:
    done = [name for name, _width in COLUMNS].index(DONE)
    page.data_validation(4, done, max(last, 4), done, {"validate": "list", "source": [YES, NO]})
    page.protect("", {"format_rows": True, "format_columns": True, "sort": True, "select_locked_cells": True})
    page.freeze_panes(4, 3)
    page.repeat_rows(3)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&C第 &P 页 共 &N 页")


def read(document: Document) -> tuple[list[FilledRow], str]:
    """The rows of a sheet that came back, and the sheet number printed on it.

    `document` is the workbook as parsed in the limited child. A file without our columns gives no rows.
    """
    number = re.search(r"编号：(\S+)", document.text)
    for block in document.blocks:
        if isinstance(block, Table):
            rows = _read_table(document.text, block)
            if rows is not None:
                return rows, number.group(1) if number else ""
    return [], number.group(1) if number else ""


def _read_table(text: str, table: Table) -> list[FilledRow] | None:
    header: dict[str, int] = {}
    found: list[FilledRow] = []
    for line, cells in enumerate(table.rows, HEADER_ROW):
        values = [text[cell.start : cell.end].strip() for cell in cells]
        if not header and ID in values and TEXT in values:
            header = {value: column for column, value in enumerate(values)}
        elif header and any(values):
            found.append(_filled(line, values, header))
    return found if header else None


def _filled(line: int, values: Sequence[str], header: dict[str, int]) -> FilledRow:
    def value(name: str) -> str:
        column = header.get(name, len(values))
        return values[column] if column < len(values) else ""

    uid = _UID.search(value(ID).lower())
    done_on, trouble = read_day(value(DONE_ON))
    answer = value(DONE)
    if answer not in {"", YES, NO}:
        trouble = trouble or f"“是否办结”写着“{answer}”，应为“是”或“否”。"
    if uid is None:
        trouble = f"行标识“{value(ID)}”不是发出时的标识，无法对应。请在发出的表里填写。"
    return FilledRow(line, uid.group() if uid else "", value(TEXT), answer == YES, done_on, value(WHY), trouble)


def read_day(text: str) -> tuple[date | None, str]:
    """A day as people and spreadsheets write it, or the reason why it is none.

    >>> read_day("2026年3月5日")[0], read_day("46086")[0]
    (datetime.date(2026, 3, 5), datetime.date(2026, 3, 5))
    """
    if not text:
        return None, ""
    match = _DAY.search(text)
    try:
        if match:
            return date(*(int(part) for part in match.groups())), ""
        if re.fullmatch(r"\d{5}(\.\d+)?", text):
            return EXCEL_ZERO + timedelta(days=int(float(text))), ""
        return datetime.fromisoformat(text).date(), ""
    except ValueError:
        return None, f"完成日期“{text}”不是日期，应为 2026-11-21 这样的写法。"
