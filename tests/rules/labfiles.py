"""Laboratory files made by code: clean ones in every layout, and forty that are broken, each with what must be said of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import docx
import xlsxwriter

from soilrules.labcheck import Asked, Finding, Severity
from soilrules.messages import Message

TODAY = date(2026, 11, 22)
HEAD = ["样品编号", "分析项目", "检测值", "单位", "检出限", "采样日期", "分析日期", "介质", "方法", "批次", "CMA"]
MINIMAL = HEAD[:7]
GOOD = [
    [
        "TR001",
        "镉",
        "0.35",
        "mg/kg",
        "0.01",
        "2026-09-01",
        "2026-09-08",
        "土壤",
        "GB/T 17141-1997",
        "B1",
        "231512340001",
    ],
    [
        "TR001",
        "铅",
        "31.2",
        "mg/kg",
        "0.1",
        "2026-09-01",
        "2026-09-08",
        "土壤",
        "GB/T 17141-1997",
        "B1",
        "231512340001",
    ],
    [
        "TR002",
        "镉",
        "<0.01",
        "mg/kg",
        "0.01",
        "2026-09-01",
        "2026-09-08",
        "土壤",
        "GB/T 17141-1997",
        "B1",
        "231512340001",
    ],
    [
        "TR002",
        "铅",
        "28.4",
        "mg/kg",
        "0.1",
        "2026-09-01",
        "2026-09-08",
        "土壤",
        "GB/T 17141-1997",
        "B1",
        "231512340001",
    ],
    [
        "TR003",
        "镉",
        "0.21",
        "mg/kg",
        "0.01",
        "2026-09-02",
        "2026-09-08",
        "土壤",
        "GB/T 17141-1997",
        "B1",
        "231512340001",
    ],
]
Place = tuple[str, int, str]  # rule, row, column


@dataclass(frozen=True, slots=True)
class File:
    """One file and everything the check must find in it, no more and no less."""

    name: str
    data: bytes
    expect: frozenset[Place] = frozenset()
    asked: Asked = field(default_factory=lambda: Asked(on=TODAY))


def csv(rows: Iterable[Sequence[str]], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Rows as a text file."""
    return "".join(delimiter.join(row) + "\n" for row in rows).encode(encoding)


def changed(row: int, **cells: str) -> list[list[str]]:
    """The good file with some cells of one row (counted as in the file) changed, by the heading."""
    rows = [list(one) for one in GOOD]
    for heading, text in cells.items():
        rows[row - 2][HEAD.index(heading)] = text
    return [HEAD, *rows]


def book(fill: Callable[[Any, Any], None]) -> bytes:
    """A workbook written by a function of book and first sheet."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_numbers": False}) as out:
        fill(out, out.add_worksheet("结果"))
    return stream.getvalue()


def written(sheet: Any, rows: Sequence[Sequence[Any]]) -> None:
    """Rows into a sheet; what reads as a number becomes one in the columns of results and limits."""
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(at, column, _typed(cell) if at and HEAD[column] in ("检测值", "检出限") else cell)


def _typed(cell: Any) -> Any:
    try:
        return float(cell)
    except ValueError:
        return cell


def good_book(more: Callable[[Any, Any], None], rows: Sequence[Sequence[Any]] = (HEAD, *GOOD)) -> bytes:
    """The good file as a workbook, with more done to it."""

    def fill(out: Any, sheet: Any) -> None:
        written(sheet, rows)
        more(out, sheet)

    return book(fill)


def document(*parts: str | Sequence[Sequence[str]], more: Callable[[Any], None] = lambda out: None) -> bytes:
    """A Word file of lines and tables, with more done to it."""
    out = docx.Document()
    for part in parts:
        if isinstance(part, str):
            out.add_paragraph(part)
            continue
        table = out.add_table(len(part), len(part[0]))
        for at, row in enumerate(part):
            for column, text in enumerate(row):
                table.cell(at, column).text = text
    more(out)
    stream = io.BytesIO()
    out.save(stream)
    return stream.getvalue()


def _struck_in_word(out: Any) -> None:
    cell = out.tables[0].cell(1, 2)
    cell.text = ""
    cell.paragraphs[0].add_run("0.35").font.strike = True


_EXPECTED = tuple(
    ("expected_column", 1, heading) for heading in ("检出限", "采样日期", "分析日期")
)  # of a table that is not long


def broken(name: str, data: bytes, *expect: Place, **asked: Any) -> File:
    """A broken file."""
    return File(name, data, frozenset(expect), Asked(on=TODAY, **asked))


def clean() -> list[File]:
    """Files in every layout that are as they should be; what is told of them is no error."""
    wide = [
        ["样品编号", "采样日期", "pH", "镉(mg/kg)", "铅(mg/kg)"],
        ["TR001", "2026-09-01", "6.5", "0.35", "31"],
        ["TR002", "2026-09-01", "7.1", "<0.01", "28"],
    ]
    limits = [wide[0], ["检出限", "", "", "0.01", "0.1"], ["TR001", "2026-09-01", "6.5", "0.35", "ND"]]
    crossed = [
        ["检测项目", "单位", "检出限", "TR001", "TR002"],
        ["镉", "mg/kg", "0.01", "0.35", "<0.01"],
        ["铅", "mg/kg", "0.1", "31", "28"],
    ]
    below = [HEAD, *GOOD, [""] * 11, HEAD, *([f"X{row[0]}", *row[1:]] for row in GOOD)]
    water = [[*HEAD[:8]], ["W1", "镉", "0.35", "μg/L", "0.05", "2026-09-01", "2026-09-08", "地下水"]]
    return [
        File("long", csv([HEAD, *GOOD])),
        File("minimal", csv([MINIMAL, *(row[:7] for row in GOOD)])),
        File("utf-8 with mark", csv([HEAD, *GOOD], encoding="utf-8-sig")),
        File("gbk", csv([HEAD, *GOOD], encoding="gbk")),
        File("tabs", csv([HEAD, *GOOD], delimiter="\t")),
        File("semicolons", csv([HEAD, *GOOD], delimiter=";")),
        File("wide", csv(wide)),
        File("limits in a row", csv(limits)),
        File("limits in a column of each analyte", csv([["样品编号", "采样日期", "镉(mg/kg)", "镉检出限"], ["TR001", "2026-09-01", "<0.01", "0.01"]])),
        File("crossed", csv(crossed)),
        File("blocks below one another", csv(below)),
        File("qualifiers in a column", csv([[*HEAD, "限定符"], *([*row, "U" if row[2][0] == "<" else ""] for row in GOOD)])),
        File("water", csv(water)),
        File("a note, a property, a column more", csv([[*HEAD, "流水"], *([*row, "1"] for row in GOOD), ["TR003", "有机质", "21", "g/kg", "0.1", *GOOD[4][5:], "1"],
                                                     ["注：以上结果仅对来样负责"]])),
        File("workbook with formulas that were computed", good_book(lambda out, sheet: sheet.write_formula("C2", "=0.7/2", None, 0.35))),
        File("no accreditation", csv([row[:-1] for row in [HEAD, *GOOD]])),
        File("units of one size", csv(changed(6, 单位="μg/g"))),
        File("days as people write them", csv(changed(3, 采样日期="2026年9月1号", 分析日期="2026—09—08"))),
        File("what a form asks for", csv([[f"{cell}（必填）" for cell in HEAD], *GOOD])),
        File("oxides, isomers and CAS numbers", csv([HEAD, *([GOOD[0][0], name, *GOOD[0][2:]] for name in ("P2O5", "甲体六六六", "CAS 7439-92-1"))])),
        File("a merged note", good_book(lambda out, sheet: sheet.merge_range("A8:K8", "注：以上结果仅对来样负责"))),
        File("workbook", good_book(lambda out, sheet: None)),
        File("workbook with headings in two rows", book(_two_rows)),
        File("report in Word, with a list of methods", document(
            "检测方法", [["检测项目", "检测方法", "检出限", "单位"], ["镉", "GB/T 17141-1997", "0.01", "mg/kg"]],
            "检测结果", [["检测项目", "单位", "TR001", "TR002"], ["镉", "mg/kg", "0.35", "ND"]])),
        File("workbook with blocks side by side", book(_side_by_side)),
    ]  # fmt: skip


def _two_rows(out: Any, sheet: Any) -> None:
    sheet.merge_range("A1:A2", "样品编号")
    sheet.merge_range("B1:B2", "采样日期")
    sheet.merge_range("C1:D1", "重金属(mg/kg)")
    sheet.write_row("C2", ["镉", "铅"])
    sheet.write_row("A3", ["TR001", "2026-09-01", 0.35, "<0.1"])


def _side_by_side(out: Any, sheet: Any) -> None:
    sheet.write_row("A1", ["样品编号", "镉(mg/kg)", "", "样品编号", "镉(mg/kg)"])
    sheet.write_row("A2", ["TR001", 0.35, "", "TR003", 0.2])
    sheet.write_row("A3", ["TR002", 0.3, "", "TR004", "<0.01"])


def doubts(*places: tuple[str, int, str]) -> Callable[[Any], list[Finding]]:
    """A comparison with history that doubts these places, once they come by."""

    def compare(batch: Any) -> list[Finding]:
        here = set(batch.column("row").to_pylist())
        said = Message("labcheck", "findings", "hidden_row", {"row": "0", "column": ""})
        return [Finding(row, column, rule, Severity.WARNING, said) for rule, row, column in places if row in here]

    return compare


def forty() -> list[File]:
    """The ways laboratories break a file."""
    return [
        *_of_form(),
        *_of_books(),
        *_of_documents(),
        *_of_styles(),
        *_of_values(),
        *_of_words(),
        *_of_samples(),
        *_of_days(),
    ]


def _of_form() -> list[File]:
    def without(heading: str) -> list[list[str]]:
        at = HEAD.index(heading)
        return [[*row[:at], *row[at + 1 :]] for row in [HEAD, *GOOD]]

    unquoted = [[*row] for row in [HEAD, *GOOD]]
    unquoted[3][1] = "1,2-二氯乙烷"
    return [
        broken("no column of results", csv(without("检测值")), ("required_column", 1, "检测值")),
        broken("no column of analytes", csv(without("分析项目")), ("required_column", 1, "分析项目")),
        broken("no column of samples", csv(without("样品编号")), ("required_column", 1, "样品编号")),
        broken("no day of analysis", csv(without("分析日期")), ("required_column", 1, "分析日期")),
        broken("an opening quotation mark", csv(_opened()), ("open_quote", 4, "样品编号")),
        broken("headings and nothing else", csv([HEAD]), ("no_rows", 1, "")),
        broken("an unquoted comma", csv(unquoted), ("ragged_row", 4, "检测值")),
        broken("one analyte in two columns", csv([["样品编号", "Cr6+(mg/kg)", "六价铬(mg/kg)"], ["TR001", "0.8", "0.9"]]),
               ("analyte_twice", 1, "六价铬(mg/kg)"), *_EXPECTED),
        broken("parallel results beside each other", csv([["样品编号", "分析项目", "单位", "平行样1", "平行样2"], ["TR001", "镉", "mg/kg", "0.35", "0.37"]]),
               ("results_beside", 1, "平行样1"), *_EXPECTED),
        broken("results in two columns", csv([*_beside("结果")]), ("columns_twice", 1, "结果")),
    ]  # fmt: skip


def _opened() -> list[list[str]]:
    """A quotation mark before a number that nobody closes: the rest of the file falls into one cell."""
    rows = [[*row] for row in [HEAD, *GOOD]]
    rows[3][0] = '"' + rows[3][0]
    return rows


def _beside(heading: str, cell: str = "1") -> list[list[str]]:
    """The good file with one more column, filled in row 3 only."""
    return [[*HEAD, heading], *([*row, cell if at == 1 else ""] for at, row in enumerate(GOOD))]


def _of_books() -> list[File]:
    def second(out: Any, sheet: Any) -> None:
        written(out.add_worksheet("续表"), [HEAD, *GOOD])

    def hidden(out: Any, sheet: Any) -> None:
        kept = out.add_worksheet("旧数据")
        kept.write_row("A1", ["样品", "值"])
        kept.hide()

    def merged(out: Any, sheet: Any) -> None:
        written(sheet, [HEAD, *GOOD])
        sheet.merge_range("A2:A3", "TR001")

    def merged_value(out: Any, sheet: Any) -> None:
        written(sheet, [HEAD, *GOOD])
        sheet.merge_range("C4:C5", 0.2)

    plain = [HEAD, *([*row] for row in GOOD)]

    def formula(out: Any, sheet: Any) -> None:
        sheet.write_formula("C2", "=1/3")

    def error(out: Any, sheet: Any) -> None:
        sheet.write_formula("C2", "=1/0", None, "#DIV/0!")

    def text(out: Any, sheet: Any) -> None:
        sheet.write_string("C3", "31.2")

    def shown_as(out: Any, sheet: Any) -> None:
        sheet.write_number("C2", 0.005, out.add_format({"num_format": '"<"0.000'}))

    return [
        broken("a column of no width", good_book(lambda out, sheet: sheet.set_column("E:E", 0)), ("hidden_column", 1, "检出限")),
        broken("a thousands mark in a text", good_book(lambda out, sheet: sheet.write_string("C3", "1,250")), ("text_number", 3, "检测值")),
        broken("a second sheet", good_book(second), ("second_sheet", 1, "")),
        broken("a hidden sheet", good_book(hidden), ("hidden_sheet", 1, "")),
        broken("a hidden row", good_book(lambda out, sheet: sheet.set_row(3, None, None, {"hidden": True})), ("hidden_row", 4, "")),
        broken("a hidden column", good_book(lambda out, sheet: sheet.set_column("I:I", None, None, {"hidden": True})), ("hidden_column", 1, "方法")),
        broken("merged samples", book(merged), ("merged_cell", 3, "样品编号")),
        broken("merged results", book(merged_value), ("merged_value", 5, "检测值")),
        broken("a formula nobody computed", good_book(formula, plain), ("formula_without_value", 2, "检测值")),
        broken("an error value", good_book(error, plain), ("error_value", 2, "检测值")),
        broken("a number kept as text", good_book(text), ("text_number", 3, "检测值")),
        broken("a limit kept as text", good_book(lambda out, sheet: sheet.write_string("E3", "0.1")), ("text_number", 3, "检出限")),
        broken("blanks in a workbook", good_book(lambda out, sheet: sheet.write_string("A6", "TR003 ")), ("id_form", 6, "样品编号")),
        broken("not detected by number format only", good_book(shown_as), ("format_below", 2, "检测值")),
    ]  # fmt: skip


def _of_documents() -> list[File]:
    more = [["检测项目", "1", "2"], ["某物质甲", "0.1", "0.2"], ["镉", "0.35", "0.36"]]
    return [
        broken("struck out in Word", document([HEAD, *GOOD], more=_struck_in_word), ("struck_out", 1002, "检测值")),
        broken("a table of a Word file nobody understands", document([HEAD, *GOOD], "续表", more), ("table_not_read", 1, "")),
    ]  # fmt: skip


def _of_styles() -> list[File]:
    def in_percent(out: Any, sheet: Any) -> None:
        sheet.write_number("C2", 0.35, out.add_format({"num_format": "0.00%"}))

    def struck(out: Any, sheet: Any) -> None:
        sheet.write_number("C2", 0.35, out.add_format({"font_strikeout": True}))

    return [
        broken("shown as a percentage", good_book(in_percent), ("format_percent", 2, "检测值")),
        broken("struck out", good_book(struck), ("struck_out", 2, "检测值")),
    ]  # fmt: skip


def _of_values() -> list[File]:
    return [
        broken("a blank result", csv(changed(3, 检测值="")), ("required", 3, "检测值")),
        broken("words for a number", csv(changed(3, 检测值="微量")), ("not_a_number", 3, "检测值")),
        broken("a negative result", csv(changed(3, 检测值="-0.5")), ("negative", 3, "检测值")),
        broken("zero for not detected", csv(changed(3, 检测值="0")), ("zero", 3, "检测值")),
        broken("below zero for not detected", csv(changed(4, 检测值="<0")), ("zero", 4, "检测值")),
        broken("below what is below the limit", csv(changed(4, 检测值="<0.005")), ("lod_differs", 4, "检测值")),
        broken("another unit in the cell", csv(changed(3, 检测值="31200μg/kg")), ("unit_conflict", 3, "检测值")),
        broken("a percentage in the cell", csv(changed(3, 检测值="35%")), ("unit_conflict", 3, "检测值")),
        broken("another unit in the heading", csv([["检测值(μg/kg)" if cell == "检测值" else cell for cell in HEAD], GOOD[1]]), ("unit_conflict", 2, "检测值(μg/kg)")),
        broken("a figure in a circle", csv(changed(3, 检测值="③")), ("full_width", 3, "检测值")),
        broken("what nobody sees", csv(changed(3, 检测值="31.2\u200b", 单位="mg/kg\ufeff")), ("invisible", 3, "检测值"), ("invisible", 3, "单位")),
        broken("the first row in another unit", csv(changed(2, 检测值="350", 单位="μg/kg", 检出限="10")), ("two_units", 2, "单位")),
        broken("a dash for a limit", csv(changed(3, 检出限="-")), ("lod_missing", 3, "检出限")),
        broken("a limit that was not detected", csv(changed(3, 检出限="未检出")), ("lod_unread", 3, "检出限")),
        broken("a limit of water for a result of soil", csv(changed(3, 检出限="0.1mg/L")), ("lod_unit", 3, "检出限")),
        broken("a stroke for the limit of what was not detected", csv(changed(4, 检测值="ND", 检出限="/")), ("nd_without_lod", 4, "检出限")),
        broken("full-width digits", csv(changed(3, 检测值="３１．２")), ("full_width", 3, "检测值")),
        broken("below its limit but not marked", csv(changed(3, 检测值="0.05")), ("below_lod", 3, "检测值")),
        broken("not detected, without a limit", csv(changed(4, 检测值="ND", 检出限="")), ("nd_without_lod", 4, "检出限")),
        broken("a limit that proves nothing", csv(changed(4, 检测值="<0.5", 检出限="0.5")), ("lod_above_limit", 4, "检出限")),
        broken("two units in a column", csv(changed(6, 检测值="210", 单位="μg/kg", 检出限="10")), ("two_units", 6, "单位")),
        broken("no unit", csv(changed(3, 单位="")), ("unit_missing", 3, "单位")),
        broken("a row that was not measured", csv(changed(3, 检测值="/")), ("not_measured", 3, "检测值")),
        broken("not measured or not detected", csv(changed(3, 检测值="未检")), ("ambiguous_nd", 3, "检测值")),
        broken("a comma between semicolons", csv(changed(3, 检测值="1,250"), delimiter=";"), ("ambiguous_comma", 3, "检测值")),
        broken("more than the curve", csv(changed(3, 检测值=">1000")), ("above_range", 3, "检测值")),
        broken("a blank limit", csv(changed(3, 检出限="")), ("lod_missing", 3, "检出限")),
        broken("a negative limit", csv(changed(3, 检出限="-0.1")), ("lod_unread", 3, "检出限")),
        broken("a limit in a unit of water", csv(changed(4, 检测值="ND", 检出限="0.01mg/L")), ("lod_unit", 4, "检出限"), ("nd_without_lod", 4, "检出限")),
        broken("detected and not", csv([*_beside("是否检出", "否")[:2], [*GOOD[2], "是"]]), ("detection_contradiction", 3, "检测值")),
        broken("a flag nobody knows", csv(_beside("是否检出", "也许")), ("detection_unread", 3, "检测值")),
        broken("a rejected result", csv(_beside("限定符", "R")), ("rejected_result", 3, "检测值")),
        broken("a qualifier nobody knows", csv(_beside("限定符", "好")), ("qualifier_unknown", 3, "限定符")),
        broken("a pH of 65", csv(_beside("pH", "65")), ("out_of_range", 3, "pH")),
        broken("a pH of 65 in a row of its own", csv([HEAD, *GOOD, ["TR003", "pH", "65", "无量纲", "", *GOOD[4][5:]]]), ("out_of_range", 7, "检测值")),
        broken("more than the whole sample", csv(changed(3, 检测值="3120000")), ("out_of_range", 3, "检测值")),
        broken("a thousandth, against history", csv(changed(3, 检测值="0.312")), ("thousandfold", 3, "检测值"), history=doubts(("thousandfold", 3, "检测值"))),
        broken("Cd and Cr exchanged, against history", csv([HEAD, *GOOD]), ("swapped", 2, "检测值"), ("swapped", 3, "检测值"),
               history=doubts(("swapped", 2, "检测值"), ("swapped", 3, "检测值"))),
    ]  # fmt: skip


def _of_words() -> list[File]:
    return [
        broken("a misspelt analyte", csv(changed(3, 分析项目="铅铅")), ("analyte_unknown", 3, "分析项目")),
        broken("available cadmium", csv(changed(6, 分析项目="有效态镉")), ("analyte_part", 6, "分析项目")),
        broken("a blank accreditation", csv(changed(3, CMA="")), ("expected", 3, "CMA")),
        broken("a unit of water for soil", csv(changed(3, 单位="mg/L")), ("unit_medium", 3, "单位")),
        broken("a soil given on wet weight", csv(changed(3, 单位="mg/kg（湿重）")), ("wet_weight", 3, "单位")),
        broken("a unit nobody knows", csv(changed(3, 单位="ppm")), ("unit_unknown", 3, "单位")),
        broken("a medium nobody knows", csv(changed(3, 介质="平行样")), ("medium_unknown", 3, "介质")),
        broken("a method of water for soil", csv(changed(3, 方法="HJ 700-2014")), ("method_medium", 3, "方法")),
        broken("an accreditation of five digits", csv(changed(3, CMA="12345")), ("cma_malformed", 3, "CMA")),
    ]  # fmt: skip


def _of_samples() -> list[File]:
    return [
        broken("a result given twice", csv([HEAD, *GOOD, GOOD[1]]), ("duplicate", 7, "样品编号")),
        broken("O for 0", csv(changed(6, 样品编号="TROO3")), ("id_alike", 6, "样品编号")),
        broken("another case", csv(changed(4, 样品编号="tr001")), ("id_alike", 4, "样品编号")),
        broken("blanks behind a number", csv(changed(3, 样品编号="TR001 ")), ("id_form", 3, "样品编号")),
        broken("a hard blank behind a number", csv(changed(3, 样品编号="TR001\u00a0")), ("id_form", 3, "样品编号")),
        broken("O for 0 in the first row", csv([HEAD, ["TROO1", *GOOD[0][1:]], *GOOD[1:], [*GOOD[1][:1], "砷", *GOOD[1][2:]]]), ("id_alike", 2, "样品编号")),
        broken("a blank of the laboratory", csv(changed(6, 样品编号="全程序空白")), ("quality_among", 6, "样品编号")),
        broken("a long number turned into powers of ten", csv(changed(6, 样品编号="2.02609E+11")), ("id_lost", 6, "样品编号")),
        broken("an error for a number", csv(changed(6, 样品编号="#REF!")), ("required", 6, "样品编号")),
        broken("a dash for a number", csv(changed(3, 样品编号="-")), ("required", 3, "样品编号")),
        broken("no number", csv(changed(3, 样品编号="")), ("required", 3, "样品编号")),
        broken("a sample of no task", csv([HEAD, *GOOD]), ("orphan", 6, "样品编号"), tasks=["TR001", "TR002"]),
    ]  # fmt: skip


def _of_days() -> list[File]:
    return [
        broken("a day number of Excel", csv(changed(3, 采样日期="46266")), ("excel_date", 3, "采样日期")),
        broken("no day", csv(changed(3, 采样日期="九月初")), ("date_unread", 3, "采样日期")),
        broken("no day at all", csv(changed(3, 采样日期="")), ("required", 3, "采样日期")),
        broken("a dash for a day", csv(changed(3, 采样日期="/")), ("required", 3, "采样日期")),
        broken("a day there is not", csv(changed(3, 采样日期="2026/2/30")), ("date_unread", 3, "采样日期")),
        broken("a year of two figures", csv(changed(3, 采样日期="26.3.5")), ("date_unread", 3, "采样日期")),
        broken("a century too early", csv(changed(3, 采样日期="1926-09-01")), ("out_of_range", 3, "采样日期")),
        broken("day and month", csv(changed(3, 采样日期="01/09/2026")), ("date_ambiguous", 3, "采样日期")),
        broken("analysed before it was taken", csv(changed(3, 分析日期="2026-08-08")), ("date_order", 3, "分析日期")),
        broken("a day in the future", csv(changed(3, 分析日期="2027-01-08")), ("future_date", 3, "分析日期")),
        broken("kept too long", csv(changed(3, 采样日期="2026-01-01")), ("holding_time", 3, "分析日期")),
        broken("one sample on two days", csv([HEAD, *GOOD, [*GOOD[1][:5], "2026-09-02", *GOOD[1][6:]]]), ("sample_days", 7, "采样日期")),
    ]  # fmt: skip
