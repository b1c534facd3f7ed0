"""Reports in Word: every table of results, in either orientation, with headings printed again, merged cells, limits beside."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
import pytest
from labfiles import document

from soilrules.labtables import LabTable, LabTableRefused, read_table

Line = tuple[str | None, str, str | None, float | None, bool, float | None, str | None]
METHODS = [
    ["检测项目", "检测方法", "检出限", "单位"],
    ["镉", "GB/T 17141-1997", "0.01", "mg/kg"],
    ["苯", "HJ 605-2011", "1.9", "μg/kg"],
    ["汞", "GB/T 22105.1", "0.002", "mg/kg"],
    ["汞", "HJ 923-2017", "0.0002", "mg/kg"],
]
LONG = ["样品编号", "检测项目", "检测结果", "单位", "检出限"]


def lines(*parts: str | Sequence[Sequence[str]]) -> list[Line]:
    return told(read_table(document(*parts), name="报告.docx"))


def told(table: LabTable) -> list[Line]:
    found = [one for batch in table.batches() for one in batch.to_pylist()]
    return [
        (one["sample"], one["analyte"], one["text"], one["value"], one["censored"], one["detection_limit"], one["unit"])
        for one in found
    ]


def ids(table: LabTable) -> list[str]:
    list(table.batches())
    return [problem.id for problem in table.problems]


def test_a_long_table_with_its_headings_printed_again_on_the_next_page() -> None:
    rows = [LONG, ["S1", "镉", "0.35", "mg/kg", "0.01"], LONG, ["S2", "镉", "＜0.01", "mg/kg", "0.01"]]

    assert lines("检 测 报 告", "表1 土壤检测结果", rows, "注：ND 表示未检出") == [
        ("S1", "镉", "0.35", 0.35, False, 0.01, "mg/kg"),
        ("S2", "镉", "＜0.01", None, True, 0.01, "mg/kg"),
    ]


def test_a_wide_table_takes_the_unit_above_it_and_goes_on_without_headings() -> None:
    first = [["样品编号", "镉", "汞"], ["S1", "0.35", "0.02"], ["检出限", "0.01", "0.002"]]

    assert lines("单位：mg/kg", first, [["S2", "0.4", "未检出"]]) == [
        ("S1", "镉", "0.35", 0.35, False, 0.01, "mg/kg"),
        ("S1", "汞", "0.02", 0.02, False, 0.002, "mg/kg"),
        ("S2", "镉", "0.4", 0.4, False, 0.01, "mg/kg"),
        ("S2", "汞", "未检出", None, True, 0.002, "mg/kg"),
    ]


def test_samples_as_columns_with_merged_headings() -> None:
    rows = [["检测项目", "单位", "检测结果", ""], ["", "", "S1", "S2"], ["镉", "mg/kg", "0.35", "0.36"]]

    def merge(out: Any) -> None:
        table = out.tables[0]
        table.cell(0, 2).merge(table.cell(0, 3))
        table.cell(0, 0).merge(table.cell(1, 0))
        table.cell(0, 1).merge(table.cell(1, 1))

    assert told(read_table(document(rows, more=merge), name="报告.docx")) == [
        ("S1", "镉", "0.35", 0.35, False, None, "mg/kg"),
        ("S2", "镉", "0.36", 0.36, False, None, "mg/kg"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["检测项目", "单位", "S1"], ["镉", "mg/kg", "ND"], ["苯", "mg/kg", "ND"]],
        [["样品编号", "镉(mg/kg)", "苯(mg/kg)"], ["S1", "ND", "ND"]],
        [LONG[:4], ["S1", "镉", "ND", "mg/kg"], ["S1", "苯", "ND", "mg/kg"]],
    ],
    ids=["crossed", "wide", "long"],
)
def test_the_limits_of_the_list_of_methods_serve_tables_without_any(rows: list[list[str]]) -> None:
    table = read_table(document("检测方法", METHODS, "检测结果", rows), name="报告.docx")

    assert [(one[1], one[4], one[5], one[6]) for one in told(table)] == [
        ("镉", True, 0.01, "mg/kg"),
        ("苯", True, 0.0019, "mg/kg"),
    ]


def test_limits_told_twice_or_without_unit_are_not_lent() -> None:
    without = [["检测项目", "检出限"], ["铅", "0.1"]]
    rows = [["检测项目", "单位", "S1"], ["汞", "mg/kg", "ND"], ["铅", "mg/kg", "ND"]]

    assert [one[5] for one in lines("检测方法", METHODS, "仪器", without, "检测结果", rows)] == [None, None]


def test_a_table_goes_on_below_one_that_was_lent_limits() -> None:
    rows = [["检测项目", "单位", "S1"], ["镉", "mg/kg", "0.3"]]

    assert lines("检测方法", METHODS, "检测结果", rows, [["苯", "mg/kg", "ND"]])[1] == (
        "S1", "苯", "ND", None, True, 0.0019, "mg/kg"
    )  # fmt: skip


def test_quality_control_is_no_result_of_a_sample() -> None:
    wide = [["样品编号", "镉(mg/kg)"], ["S1", "0.35"]]

    assert [one[0] for one in lines("检测结果", wide, "表2 平行样测定结果", wide, "表3 质量控制", wide)] == ["S1"]


def test_headings_nobody_understands_do_not_go_on_and_are_told() -> None:
    wide = [["样品编号", "镉(mg/kg)", "铅(mg/kg)"], ["S1", "0.35", "31"]]
    other = [["检测项目", "1", "2"], ["某物质甲", "0.1", "0.2"], ["铅", "30", "31"]]
    table = read_table(document(wide, "续表", other), name="报告.docx")

    assert "tables_not_read" in ids(table)
    assert [one[0] for one in told(table)] == ["S1", "S1"]


def test_a_cell_is_told_by_its_table_and_its_row_in_it() -> None:
    wide = [["样品编号", "镉(mg/kg)"], ["S1", "0.35"]]
    table = read_table(
        document("一、概况", [["委托单位", "某公司"], ["地址", "某路"]], "检测结果", wide), name="报告.docx"
    )
    (record,) = [one for batch in table.batches() for one in batch.to_pylist()]

    assert (record["row"], record["cell"]) == (2002, "表2第2行 镉(mg/kg)")


def test_results_struck_out_or_merged_are_not_taken_for_results() -> None:
    rows = [["样品编号", "镉(mg/kg)", "铅(mg/kg)"], ["S1", "", "31"], ["S2", "0.4", ""]]

    def spoil(out: Any) -> None:
        table = out.tables[0]
        table.cell(1, 1).paragraphs[0].add_run("0.35").font.strike = True
        table.cell(1, 2).merge(table.cell(2, 2))

    table = read_table(document(rows, more=spoil), name="报告.docx")
    found = [one for batch in table.batches() for one in batch.to_pylist()]

    assert [(one["value"], one["problem"]) for one in found] == [
        (None, "struck_out"), (31.0, None), (0.4, None), (None, "merged_value"),
    ]  # fmt: skip


def test_superscripts_of_units_and_powers() -> None:
    out = docx.Document()
    table = out.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 0).text = "样品编号", "S1"
    for cell, base, raised, rest in (
        (table.cell(0, 1), "镉（mg·kg", "-1", "）"),
        (table.cell(1, 1), "3.5×10", "-2", ""),
    ):
        line = cell.paragraphs[0]
        line.add_run(base)
        line.add_run(raised).font.superscript = True
        line.add_run(rest)
    stream = io.BytesIO()
    out.save(stream)

    ((_, analyte, _, value, _, _, unit),) = told(read_table(stream.getvalue(), name="报告.docx"))

    assert (analyte, value) == ("镉", 0.035)
    assert unit == "mg·kg-1"


def test_a_web_page_named_xls_is_read_by_its_tables() -> None:
    page = (
        "<html><head><meta charset=gbk></head><table><tr><td>样品编号<td>镉(mg/kg)</tr><tr><td>S1<td>0.3</tr></table>"
    )

    assert [(one[0], one[3]) for one in told(read_table(page.encode("gbk"), name="导出.xls"))] == [("S1", 0.3)]


def test_a_document_without_results_says_which_tables_it_has() -> None:
    with pytest.raises(LabTableRefused) as refused:
        read_table(document("通讯录", [["姓名", "电话"], ["张", "1"]]), name="名单.docx")

    assert refused.value.message.id == "no_table_of_results"
    assert "表1（通讯录）" in refused.value.sentence("zh")
