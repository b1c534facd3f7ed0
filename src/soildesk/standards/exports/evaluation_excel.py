"""The evaluation of a laboratory table as an Excel report, written while the rows go by.

    report = EvaluationReport(out, table="results.xlsx", digest=sha256)
    for row in evaluation.rows():
        report.take(row)
    report.finish(evaluation.summary())

Sheets: 汇总, 超标, 无法判断, 全部结果, 所用限值, 数据问题. A list longer than a sheet goes on in a further one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from soildesk.standards.exports.evaluation_cover import write_cover
from soildesk.standards.exports.evaluation_looks import (
    LONGEST_CELL,
    LONGEST_SHEET,
    Looks,
    cause_of,
    mark_of,
    next_step,
    outcome_of,
    page_set_up,
)
from soilrules.evaluation.samples import Sample
from soilrules.messages import sentence

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list: title, width in characters, and what it shows of a row."""

    title: str
    width: int
    shown: Callable[[Row], Any]


def _of(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name]


def _place(row: Row) -> str:
    return "各组分之和" if row["row"] is None else f"第{row['row']}行 {row['cell'] or ''}".rstrip()


def _result(row: Row) -> Any:
    return row["text"] if row["value"] is None else row["value"]


def _analyte(row: Row) -> str:
    return str(row["name"] or row["analyte"] or "")


def _factor(row: Row) -> Any:
    return None if row["factor"] is None else float(f"{row['factor']:.3g}")


def _limit(row: Row) -> Any:
    return row["limit"] if row["screening"] is None else row["screening"]


_WHERE = (Column("位置", 16, _place), Column("样品", 14, _of("sample")), Column("检测项目", 16, _analyte))
_MEASURED = (Column("结果", 10, _result), Column("单位", 8, _of("unit")))
_HELD = (
    Column("结论", 10, lambda row: outcome_of(row["verdict"])),
    Column("筛选值/限值", 11, _limit),
    Column("管制值", 9, _of("control")),
    Column("限值单位", 9, _of("limit_unit")),
    Column("倍数", 8, _factor),
)
_GROUNDS = (
    Column("依据", 24, _of("basis")),
    Column("理由", 60, _of("reason")),
    Column("限值来源", 14, lambda row: mark_of(row["mark"])),
)
EXCEEDING = (*_WHERE, *_MEASURED, *_HELD, *_GROUNDS)
UNKNOWN = (
    *_WHERE,
    *_MEASURED,
    Column("原因", 22, lambda row: cause_of(row["cause"])),
    Column("理由", 70, _of("reason")),
    Column("下一步", 36, lambda row: next_step(row["cause"])),
)
EVERY = (
    *_WHERE,
    *_MEASURED,
    *_HELD,
    Column("类别", 6, _of("class")),
    Column("pH", 6, _of("ph")),
    Column("采样日期", 11, _of("date")),
    *_GROUNDS,
    Column("说明", 40, _of("note")),
)
LIMITS = (
    Column("标准", 18, _of("standard")),
    Column("检测项目", 18, _of("name")),
    Column("级别", 9, lambda row: sentence("evaluation", "levels", row["level"])),
    Column("用地/用途", 22, _of("use")),
    Column("情形", 12, _of("condition")),
    Column("pH", 12, _of("ph")),
    Column("限值", 10, _of("limit")),
    Column("单位", 8, _of("unit")),
    Column("条款", 14, _of("clause")),
    Column("来源代号", 12, lambda row: "、".join(row["sources"])),
    Column("来源情况", 20, lambda row: mark_of(row["mark"])),
    Column("录入", 26, _of("keyed_by")),
    Column("核对", 12, lambda row: row["checked_by"] or "未核对"),
    Column("说明", 30, _of("note")),
    Column("用于结果数", 10, _of("results")),
)
PROBLEMS = (
    Column("行", 8, _of("row")),
    Column("位置", 16, _of("cell")),
    Column("处数", 8, _of("count")),
    Column("问题、应有的样子、下一步", 110, _of("sentence")),
)


class _List:
    """One list of rows, on as many sheets as it needs."""

    def __init__(self, book: xlsxwriter.Workbook, looks: Looks, title: str, columns: Sequence[Column]) -> None:
        self._book, self._looks, self._title, self._columns = book, looks, title, columns
        self._sheets = 0
        self.rows = 0
        self._begin()

    def _begin(self) -> None:
        self._sheets += 1
        name = self._title if self._sheets == 1 else f"{self._title}（{self._sheets}）"
        self._sheet: Worksheet = self._book.add_worksheet(name)
        for at, column in enumerate(self._columns):
            self._sheet.set_column(at, at, column.width)
            self._sheet.write_string(0, at, column.title, self._looks.head)
        self._line = self._below = 0

    def add(self, row: Row) -> None:
        """Write one row, coloured by its outcome."""
        if self._line == LONGEST_SHEET:
            self._end()
            self._begin()
        self._line += 1
        self.rows += 1
        look = self._looks.of_outcome.get(row.get("verdict", ""), self._looks.text)
        for at, column in enumerate(self._columns):
            write(self._sheet, self._line, at, column.shown(row), look)

    def below(self, lines: Sequence[str]) -> None:
        """Say something below the list."""
        for line in lines:
            self._below += 1
            self._sheet.write_string(self._line + 1 + self._below, 0, line, self._looks.plain)

    def finish(self, empty: str) -> None:
        """Say that nothing was found where that is so, and set the page up."""
        if not self.rows:
            self._sheet.write_string(1, 0, empty, self._looks.plain)
        self._end()

    def _end(self) -> None:
        page_set_up(self._sheet, 0)
        self._sheet.autofilter(0, 0, max(self._line, 1), len(self._columns) - 1)


class EvaluationReport:
    """The workbook; rows are written as they come, so memory grows with the samples only."""

    def __init__(self, out: Path | BinaryIO, *, table: str, digest: str = "") -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(str(out) if isinstance(out, Path) else out, options)
        self._looks = Looks(self._book)
        self._about = {"检测结果表": table, "文件 SHA-256": digest}
        self._cover = self._book.add_worksheet("汇总")
        self._exceeding = _List(self._book, self._looks, "超标", EXCEEDING)
        self._unknown = _List(self._book, self._looks, "无法判断", UNKNOWN)
        self._every = _List(self._book, self._looks, "全部结果", EVERY)
        self._limits = _List(self._book, self._looks, "所用限值", LIMITS)
        self._problems = _List(self._book, self._looks, "数据问题", PROBLEMS)
        self._samples: dict[str, Sample] = {}
        self._book.set_properties({"title": "检测结果评价报告", "comments": table})

    def take(self, row: Row) -> None:
        """Write one judged row to the lists it belongs to."""
        self._every.add(row)
        if row["verdict"] == "unknown":
            self._unknown.add(row)
        elif row["verdict"] != "meets":
            self._exceeding.add(row)
        self._samples.setdefault(row["sample"] or "", Sample()).add(row)

    def finish(self, summary: Mapping[str, Any]) -> None:
        """Write what is known only at the end, and the file."""
        for limit in summary["limits"]:
            self._limits.add(limit)
        self._limits.below([f"{code}：{told}" for code, told in summary["sources"].items()])
        for problem in summary["problems"]:
            self._problems.add(problem)
        self._exceeding.finish("没有超标的结果。")
        self._unknown.finish("没有无法判断的结果。")
        self._every.finish("表中没有结果。")
        self._limits.finish("没有用到限值。")
        self._problems.finish("没有发现数据问题。")
        write_cover(self._cover, self._looks, summary, self._about, self._samples)
        self._book.close()


def write(sheet: Worksheet, row: int, column: int, value: Any, look: Any) -> None:
    """A number or a text cell; a text stays a text, whatever it begins with."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, str(value)[:LONGEST_CELL], look)
