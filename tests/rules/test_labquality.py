"""The sheet 质控: rows that can be used, and what is said of the others."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter

from soilrules.labquality import KINDS, SHEET, columns, kind_of, read_sheet
from soilrules.labtables import workbook
from soilrules.messages import LANGUAGES, catalogue

HEAD = [one.heading for one in columns()]


def read(*rows: list[Any], head: list[str] = HEAD) -> tuple[list[Any], list[Any]]:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(SHEET)
        for at, row in enumerate([head, *rows]):
            page.write_row(at, 0, row)
    (sheet,) = workbook.sheets_of(out.getvalue(), "q.xlsx")
    return read_sheet(sheet)


def test_every_kind_is_read() -> None:
    rows, found = read(
        ["方法空白", "镉", "空白1", "<0.01", "", "", "", "", 0.01, "mg/kg"],
        ["平行双样", "Cd", "S1", 0.2, 0.22, "", "", "", "", "mg/kg"],
        ["加标回收", "铅", "S2", 20, 29.5, 10, "", "", "", "mg/kg"],
        ["标准物质", "砷", "GSS-8", "12.7", "", "", 12.7, 1.1, "", "μg/g"],
    )
    assert found == []
    assert [one.kind for one in rows] == list(KINDS)
    assert [one.analyte for one in rows] == ["cadmium", "cadmium", "lead", "arsenic"]
    assert (rows[0].first, rows[0].detection_limit, rows[2].added, rows[3].uncertainty) == (
        "<0.01",
        "0.01",
        "10.0",
        "1.1",
    )
    assert [one.row for one in rows] == [2, 3, 4, 5]


def test_what_cannot_be_used_is_said_with_its_place() -> None:
    rows, found = read(
        ["外检", "镉", "S1", 0.2, 0.22, "", "", "", "", "mg/kg"],
        ["平行", "没有的元素", "S1", 0.2, "", "", "", "", "", "个/桶"],
        ["标准物质", "砷", "GSS-8", -3, "", "", 12.7, "<1", "", "mg/kg"],
    )
    assert rows == []
    assert [(one.row, one.column, one.message.id) for one in found] == [
        (2, "类型", "kind_unknown"), (3, "测定值2", "missing"), (3, "分析项目", "analyte_unknown"), (3, "单位", "unit"),
        (4, "测定值1", "no_number"), (4, "不确定度", "no_number"),
    ]  # fmt: skip
    for one in found:
        assert str(one.row) in one.message.sentence("zh")
        assert str(one.row) in one.message.sentence("en")


def test_a_sheet_without_its_headings_is_told_once() -> None:
    rows, found = read(["平行", "镉"], head=["类型", "分析项目"])
    assert rows == []
    assert [one.message.id for one in found] == ["headings"]
    assert "测定值1" in found[0].message.sentence()


def test_words_of_kinds_and_both_languages() -> None:
    assert [kind_of(word) for word in KINDS.values()] == list(KINDS)
    assert kind_of(" 平 行 样 ") == "pair"
    for group in catalogue("labquality").values():
        for sentences in group.values():
            assert set(sentences) == set(LANGUAGES)
