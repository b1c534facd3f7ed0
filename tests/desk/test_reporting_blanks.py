"""Blank forms nobody has seen: a column of units, columns of targets, rows that print whom they are about."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from desk.conftest import World
from desk.test_reporting_letters import text_of
from soildesk.kit.letters import running, workbook
from soildesk.reporting.refusals import ReportRefused
from soildesk.reporting.services import blanks, labelling
from soilrules.units import times


def sheet_of(*rows: tuple[Any, ...]) -> list[dict[str, Any]]:
    """A sheet as it is read from a form."""
    return [
        {
            "name": "表", "kind": "xlsx", "rows": len(rows), "columns": len(rows[0]), "whole": True,
            "cells": [
                {"cell": f"{'ABCDEFGH'[column]}{line}", "row": line, "column": column + 1, "text": str(text or ""), "rows": 1, "columns": 1}
                for line, row in enumerate(rows, 1) for column, text in enumerate(row)
            ],
        }
    ]  # fmt: skip


FIELDS = {"figure:rate:text": "受污染耕地安全利用率", "own:place": "地区名称", "own:today": "填表日期"}


def test_a_unit_says_nothing_and_a_target_is_no_value() -> None:
    form = sheet_of(
        ("指标", "计量单位", "年度任务数", "本季度", "年初以来", "备注"),
        ("受污染耕地安全利用率", "%", "", "", "", ""),
    )
    assert labelling.proposed(form, FIELDS, {}) == {"表!E2": "figure:rate:text"}
    assert labelling.labels(form)["表!C2"] == "受污染耕地安全利用率 · 年度任务数"


@pytest.mark.parametrize(
    ("words", "name"),
    [("地区", "own:place"), ("地区生产总值", ""), ("填报时间", "own:today"), ("填报时间要求", "")],
)
def test_other_words_for_a_field_stand_alone(words: str, name: str) -> None:
    assert labelling.proposed(sheet_of((words, "")), FIELDS, {}).get("表!B1", "") == name


def test_names_that_are_printed_are_told_from_running_numbers() -> None:
    form = sheet_of(
        ("序号", "地块", "单位", "状态"), ("1", "甲", "块", ""), ("2", "乙", "块", ""), ("合计", "", "", "")
    )
    assert labelling.printed(form, {"sheet": "表", "first_row": 2, "last_row": 3}) == {"B": {2: "甲", 3: "乙"}}
    assert labelling.printed(form, {"sheet": "别的", "first_row": 2, "last_row": 3}) == {}


class Row:
    def __init__(self, **values: Any) -> None:
        self.values = values


def test_a_row_goes_beside_its_own_name_whatever_the_order() -> None:
    rows = [Row(name="乙"), Row(name="甲"), Row(name="丁"), Row(name="丁"), Row(name="戊")]
    placed, left = blanks._beside(rows, "name", {5: "甲", 6: "乙", 7: "丙", 8: "丁"})
    assert {line: row.values["name"] for line, row in placed.items()} == {5: "甲", 6: "乙"}
    assert left == [
        "表上印着、没有记录的：丙。",
        "表上印着、有多条记录的，请人工填写：丁。",
        "有记录、表上没有印的：戊。",
    ]


def superiors() -> bytes:
    """What a superior sends: one cell with the office, the day and the period, rich text, a chart, a comment, a sum, protection."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "附件1"
    sheet["A1"] = "填报单位：____________　　填报日期：____年__月__日　　　　期次：________"
    sheet.merge_cells("A1:D1")
    for row in (("指标", "单位", "本期"), ("任务总数", "项"), ("安全利用率", "%"), ("合计", None, "=SUM(C3:C4)")):
        sheet.append(row)
    sheet["C4"].number_format = "0.00%"
    red = TextBlock(InlineFont(b=True, color="FF0000"), "红字必填")
    sheet["A6"] = CellRichText("注：", red, "。填表人：　　　　　填表日期：　　年　　月　　日　联系电话：")
    sheet.merge_cells("A6:D6")
    sheet["A4"].comment = Comment("按国家口径", "市局")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=3, max_row=4))
    sheet.add_chart(chart, "F2")
    sheet.protection.sheet = True
    other = book.create_sheet("附件2")
    other["A1"], other["B1"] = "任务总数", "='附件1'!C3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {name: archive.read(name) for name in archive.namelist()}


def test_gaps_inside_one_cell_are_filled_and_nothing_else_in_the_file_changes() -> None:
    layout = running.cells(superiors(), "表.xlsx")
    assert [(one["name"], one["kind"]) for one in layout] == [("附件1", "xlsx"), ("附件1", "text"), ("附件2", "xlsx")]
    known = {"own:office": "填报单位", "own:today": "填表日期", "own:period": "期次"}
    named = labelling.proposed(layout, known, {})
    assert named == {
        "附件1!A1g1": "own:office", "附件1!A1g2": "own:today", "附件1!A1g3": "own:today", "附件1!A1g4": "own:today",
        "附件1!A1g5": "own:period", "附件1!A6g2": "own:today",
    }  # fmt: skip
    words = {"own:office": "区局", "own:today": "2026-11-04", "own:period": "2026Q4"}
    wanted = {**{place: words[name] for place, name in named.items()}, "附件1!C3": 12.0, "附件1!D3": "=1+1"}
    made = running.fill(superiors(), "表.xlsx", {"cells": wanted})

    sheet: Any = openpyxl.load_workbook(io.BytesIO(made), rich_text=True)["附件1"]
    assert sheet["A1"].value == "填报单位：区局　　填报日期：2026年11月4日　　　　期次：2026Q4"
    assert (
        str(sheet["A6"].value) == "注：红字必填。填表人：　　　　　填表日期：2026年11月4日　联系电话："
        and sheet["A6"].value[1].font.b
    )
    assert (sheet["C3"].value, sheet["D3"].value, sheet["D3"].data_type, sheet["D3"].quotePrefix) == (
        12,
        "=1+1",
        "s",
        True,
    )
    assert sheet["C5"].value == "=SUM(C3:C4)" and sheet.protection.sheet
    before, after = parts_of(superiors()), parts_of(made)
    changed = {name for name in before if before[name] != after[name]}
    assert before.keys() == after.keys()
    assert changed - {"docProps/core.xml"} == {
        "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml",
    }, "chart, comment and the other sheet are as they came"  # fmt: skip
    assert b'fullCalcOnLoad="1"' in after["xl/workbook.xml"]


def test_formulas_forget_what_they_were_worth_before() -> None:
    data = parts_of(superiors())
    sheet = re.sub(rb"</f>(<v ?/>|<v></v>)?", b"</f><v>7</v>", data["xl/worksheets/sheet2.xml"])
    assert b"<v>7</v>" in sheet
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in {**data, "xl/worksheets/sheet2.xml": sheet}.items():
            archive.writestr(name, part)
    made = running.fill(out.getvalue(), "表.xlsx", {"cells": {"附件1!C3": 12.0}})
    told: Any = openpyxl.load_workbook(io.BytesIO(made), data_only=True)
    assert told["附件2"]["B1"].value is None and told["附件1"]["C3"].value == 12


@given(cells=st.dictionaries(st.tuples(st.integers(1, 12), st.integers(1, 30)), st.integers(0, 9), max_size=8))
def test_cells_stand_in_their_order_wherever_they_are_written(cells: dict[tuple[int, int], int]) -> None:
    wanted = {f"附件2!{get_column_letter(column)}{row}": value for (row, column), value in cells.items()}
    held = {(1, 1): "任务总数", (1, 2): "='附件1'!C3", **cells}
    made: Any = openpyxl.load_workbook(io.BytesIO(workbook.filled(FORM, "表.xlsx", wanted)))["附件2"]
    assert {
        (one.row, one.column): one.value for line in made.iter_rows() for one in line if one.value is not None
    } == held
    root = workbook.Book(workbook.filled(FORM, "表.xlsx", wanted), "表.xlsx").root("xl/worksheets/sheet2.xml")
    places = [coordinate_to_tuple(one.get("r")) for one in root.iterfind("{*}sheetData/{*}row/{*}c")]
    assert places == sorted(places)


FORM = superiors()


def test_a_row_with_room_in_it_heads_nothing_and_a_cell_with_gaps_speaks_for_them() -> None:
    known = {"own:office": "填报单位", "figure:rate:text": "未销号问题"}
    form = sheet_of(("未销号问题", "□有 □无", "个数", ""), ("", "", "", ""))
    assert labelling.proposed(form, known, {}) == {}, "what stands above an empty row is no heading of it"
    heading = sheet_of(("未销号问题", "备注"), ("", ""))
    assert labelling.proposed(heading, known, {}) == {"表!A2": "figure:rate:text"}
    book = openpyxl.Workbook()
    book.active.append(["填报单位：____", None])
    book.active["B2"] = "x"
    out = io.BytesIO()
    book.save(out)
    assert labelling.proposed(running.cells(out.getvalue(), "表.xlsx"), known, {}) == {"Sheet!A1g1": "own:office"}


def test_the_row_of_the_place_itself_is_filled_by_the_headings_and_no_other_row() -> None:
    known = {"own:office": "填报单位", "figure:all:text": "任务总数", "figure:rate:text": "受污染耕地安全利用率"}
    form = sheet_of(
        ("地区", "任务总数", "上年受污染耕地安全利用率", "受污染耕地安全利用率"),
        ("红星区", "", "", ""),
        ("青禾区", "", "", ""),
        ("合计", "=B2+B3", "", ""),
    )
    assert labelling.proposed(form, known, {}, "青禾区") == {"表!B3": "figure:all:text", "表!D3": "figure:rate:text"}
    assert labelling.proposed(form, known, {}) == {}


def test_an_old_workbook_is_told_what_to_do(world: World) -> None:
    office, data = world.departments["ecology"], blanks.OLD_OFFICE + bytes(512)
    for name in ("表.xls", "表.xlsx"):
        with pytest.raises(ReportRefused, match=r"另存为 \.xlsx"):
            blanks.take_in(blanks.Upload("表", name, data), office, by=world.actor("officer"), at=world.at)


def test_a_day_goes_into_its_three_gaps_and_blanks_after_a_colon_keep_room() -> None:
    document = Document()
    document.add_paragraph("填报单位（盖章）：        填报日期：    年  月  日")
    document.add_paragraph("填报日期：____年__月__日")
    document.add_paragraph("全区方案任务总数　　项，另见附件  二。是否完成：□是　□否")
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "总体情况"
    table.cell(0, 1).add_table(1, 2).cell(0, 0).text = "任务总数"
    out = io.BytesIO()
    document.save(out)
    layout = running.cells(out.getvalue(), "表.docx")
    known = {"own:office": "填报单位", "own:today": "填表日期", "figure:tasks.all:text": "任务总数"}
    named = labelling.proposed(layout, known, {})
    assert named == {
        "P!p1c1": "own:office", "P!p1c2": "own:today", "P!p2g1": "own:today", "P!p2g2": "own:today", "P!p2g3": "own:today",
        "P!p3c1": "figure:tasks.all:text",
        "T1-1!r1c2": "figure:tasks.all:text",
    }  # fmt: skip
    assert labelling.labels(layout)["P!p1c1"] == "填报单位（盖章）"
    words = {"own:office": "区局", "own:today": "2026-11-04", "figure:tasks.all:text": "12"}
    made = running.fill(out.getvalue(), "表.docx", {"cells": {place: words[name] for place, name in named.items()}})
    told = text_of(made).splitlines()
    assert told[:3] == [
        "填报单位（盖章）：区局　　填报日期：2026年11月4日", "填报日期：2026年11月4日",
        "全区方案任务总数12项，另见附件  二。是否完成：□是　□否",
    ]  # fmt: skip
    assert Document(io.BytesIO(made)).tables[0].cell(0, 1).tables[0].cell(0, 1).text == "12"


def test_a_number_stands_in_the_unit_the_form_wants() -> None:
    form = sheet_of(("指标", "计量单位", "数"), ("面积", "万亩", ""), ("产量（吨）", "", ""), ("个数", "", ""))
    assert labelling.units(form) == {"表!C2": "万亩", "表!B3": "吨", "表!C3": "吨"}
    told, why = blanks._in_unit(Decimal("1234"), "亩", "万亩")
    assert (told["value"], told["from"], why) == ("0.1234", "1234亩", "")
    assert blanks._in_unit(Decimal("15"), "亩", "公顷")[0]["value"] == "1"
    told, why = blanks._in_unit(Decimal("15"), "亩", "吨")
    assert told["value"] == "" and "不能换算" in why


@given(value=st.decimals(0, 10**7, places=2), units=st.permutations(["亩", "公顷", "m²", "km²", "万亩"]))
def test_there_and_back_is_the_same_area(value: Decimal, units: list[str]) -> None:
    there, back = times(units[0], units[1]), times(units[1], units[0])
    assert there is not None and back is not None and there * back == 1


def test_a_formula_is_no_name_and_is_never_written_over() -> None:
    form = sheet_of(("序号", "地块", "面积"), ("1", "", "=B2*2"), ("2", "", "=B3*2"))
    rows = {"sheet": "表", "first_row": 2, "last_row": 3}
    assert labelling.printed(form, rows) == {} and labelling.formulas(form) == {"表!C2", "表!C3"}
