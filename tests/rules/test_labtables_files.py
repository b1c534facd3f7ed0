"""Laboratory tables as files: workbooks as Excel and other programs write them, encodings, parquet, long files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from soilrules.labtables import LabTable, LabTableRefused, delimited, keys, opening, read_table

LONG = "样品编号,检测项目,检测结果,单位\n"


def records(table: LabTable) -> list[dict[str, Any]]:
    return [record for batch in table.batches() for record in batch.to_pylist()]


def ids(table: LabTable) -> list[str]:
    return [problem.id for problem in table.problems]


def workbook(fill: Callable[[Any, Any], None]) -> bytes:
    """A workbook as xlsxwriter writes it, by a function of workbook and sheet."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        fill(book, book.add_worksheet("结果"))
    return stream.getvalue()


def rows(*lines: list[Any]) -> Callable[[Any, Any], None]:
    def fill(book: Any, sheet: Any) -> None:
        for at, line in enumerate(lines):
            sheet.write_row(at, 0, line)

    return fill


def test_merged_header_cells_give_their_value_to_every_column() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:E1", "某地块土壤检测结果")
        sheet.merge_range("A2:A3", "样品编号")
        sheet.merge_range("B2:C2", "重金属(mg/kg)")
        sheet.merge_range("D2:E2", "理化性质")
        sheet.write_row("B3", ["镉", "汞", "pH", "土壤质地"])
        sheet.write_row("A4", ["S1", 0.35, "<0.002", 6.5, "壤土"])

    table = read_table(workbook(fill))

    assert table.layout.header_rows == (2, 3)
    assert table.layout.sheet == "结果"
    assert [(one["cell"], one["analyte"], one["unit"], one["value"], one["ph"]) for one in records(table)] == [
        ("B4", "镉", "mg/kg", 0.35, 6.5),
        ("C4", "汞", "mg/kg", None, 6.5),
        ("D4", "pH", None, 6.5, 6.5),
    ]


def test_a_merged_sample_serves_all_its_rows_and_a_merged_result_none_but_the_first() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row("A1", ["样品编号", "检测项目", "检测结果", "单位"])
        sheet.merge_range("A2:A4", "S1")
        for at, name in enumerate(["镉", "汞", "砷"], 2):
            sheet.write_row(f"B{at}", [name, "", "mg/kg"])
        sheet.merge_range("C2:C3", 0.3)
        sheet.write("C4", 12)
        sheet.merge_range("A5:D5", "二、有机物")
        sheet.write_row("A6", ["S1", "苯", "ND", "mg/kg"])
        sheet.merge_range("A7:D7", "注：ND 表示未检出")

    table = read_table(workbook(fill))
    found = records(table)

    assert [(one["row"], one["sample"], one["value"], one["problem"]) for one in found] == [
        (2, "S1", 0.3, None),
        (3, "S1", None, "merged_value"),
        (4, "S1", 12.0, None),
        (6, "S1", None, None),
    ]
    assert ids(table) == ["note_rows", "merged_value"]


def test_a_formula_gives_its_stored_result_and_is_told() -> None:
    def fill(book: Any, sheet: Any) -> None:
        rows(["样品编号", "镉(mg/kg)"], ["S1", 0.3])(book, sheet)
        sheet.write_formula("B3", "=B2*2", None, 0.6)

    table = read_table(workbook(fill))

    assert [one["value"] for one in records(table)] == [0.3, 0.6]
    (told,) = table.problems
    assert (told.id, told.cell, told.count) == ("formulas_used", "B3", 1)


def test_a_formula_nobody_computed_is_no_zero_and_no_blank() -> None:
    def fill(book: Any, sheet: Any) -> None:
        rows(["样品编号", "镉(mg/kg)"])(book, sheet)
        sheet.write_formula("B2", "=1/3")  # written with a 0 beside it, to be computed on opening
        sheet.write_formula("B3", "=1/0", None, "#DIV/0!")
        sheet.write("A2", "S1")
        sheet.write("A3", "S2")

    book = openpyxl.Workbook()
    book.active.append(["样品编号", "镉(mg/kg)"])
    book.active.append(["S1", "=1/3"])
    stream = io.BytesIO()
    book.save(stream)

    assert [one["problem"] for one in records(read_table(workbook(fill)))] == ["formula_without_value", "error_value"]
    table = read_table(stream.getvalue())
    (one,) = records(table)
    assert (one["value"], one["problem"]) == (None, "formula_without_value")
    assert "B2" in table.problems[0].message.sentence("zh")


def test_dates_as_dates_numbers_and_text() -> None:
    def fill(book: Any, sheet: Any) -> None:
        rows(["样品编号", "采样日期", "镉(mg/kg)"], ["S1", "", 1], ["S2", 46266, 1], ["S3", "2026年9月1日", 1])(
            book, sheet
        )
        sheet.write_datetime("B2", datetime(2026, 9, 1, 10, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))  # noqa: DTZ001

    table = read_table(workbook(fill))

    assert {one["date"] for one in records(table)} == {date(2026, 9, 1)}
    (told,) = table.problems
    assert (told.id, told.cell, told.count) == ("dates_as_text", "B3", 2)


def test_numbers_are_printed_as_excel_prints_them() -> None:
    found = records(read_table(workbook(rows(["样品编号", "镉(mg/kg)"], [101, 0.1 + 0.2], [102, 1250]))))

    assert [(one["sample"], one["text"], one["value"]) for one in found] == [
        ("101", "0.3", 0.3),
        ("102", "1250", 1250.0),
    ]


def test_the_first_sheet_with_results_is_read_and_the_others_are_told() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write("A1", "说明")
        for name, value in (("土壤", 0.3), ("地下水", 0.4)):
            one = book.add_worksheet(name)
            one.write_row("A1", ["样品编号", "镉(mg/kg)"])
            one.write_row("A2", ["S1", value])
        hidden = book.add_worksheet("旧")
        hidden.write_row("A1", ["样品编号", "镉(mg/kg)"])
        hidden.write_row("A2", ["S1", 9])
        hidden.hide()

    data = workbook(fill)
    table = read_table(data)

    assert (table.layout.sheet, ids(table)) == ("土壤", ["sheets_not_read"])
    assert table.problems[0].message.params["others"] == "地下水"
    assert records(read_table(data, sheet="地下水"))[0]["value"] == 0.4
    with pytest.raises(LabTableRefused, match="地下水"):
        read_table(data, sheet="水")


def test_a_workbook_without_a_table_says_what_stands_in_it() -> None:
    with pytest.raises(LabTableRefused) as refusal:
        read_table(workbook(rows(["姓名", "电话"], ["张三", "123"])), name="通讯录.xlsx")

    assert refusal.value.message.id == "not_a_table"
    assert "姓名、电话" in refusal.value.sentence()


def test_an_old_workbook_is_opened() -> None:
    old = Path(__file__).resolve().parent.parent / "cases" / "formats" / "task_table.xls"

    with pytest.raises(LabTableRefused) as refusal:  # it holds tasks, not results
        read_table(old)

    assert refusal.value.message.id == "not_a_table"


def test_results_in_an_old_workbook_with_merged_samples_and_real_dates() -> None:
    table = read_table(Path(__file__).resolve().parent.parent / "cases" / "labtables" / "merged_samples.xls")

    found = records(table)

    assert [(one["cell"], one["sample"], one["date"], one["value"], one["detection_limit"]) for one in found] == [
        ("D3", "S1", date(2026, 9, 1), 12.1, 0.01),
        ("D4", "S1", date(2026, 9, 1), None, 0.5),
        ("D5", "S2", date(2026, 9, 2), None, 1.9),
    ]
    assert ids(table) == ["note_rows"]


def test_a_number_that_only_its_format_prints_as_not_detected_is_not_judged() -> None:
    def fill(book: Any, sheet: Any) -> None:
        rows(["样品编号", "六价铬(mg/kg)"], ["S1"], ["S2"], ["S3"])(book, sheet)
        for row, form in ((1, '"<"0.00'), (2, '0.00"L"'), (3, "[<1]0.00;0.0")):
            sheet.write(row, 1, 0.5, book.add_format({"num_format": form}))

    found = records(read_table(workbook(fill)))

    assert [(one["value"], one["problem"]) for one in found] == [
        (None, "format_below"),
        (None, "format_below"),
        (0.5, None),
    ]


def test_samples_in_columns_with_a_title_a_group_column_and_their_depth_below() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:G1", "表2 土壤检测结果")
        for letter, name in zip("ABCD", ["类别", "检测项目", "单位", "检出限"], strict=True):
            sheet.merge_range(f"{letter}2:{letter}3", name)
        sheet.merge_range("E2:F2", "S1")
        sheet.write_row("G2", ["S2"])
        sheet.write_row("E3", ["0-0.5m", "0.5-1.5m", "0-0.5m"])
        sheet.merge_range("A4:A5", "重金属")
        sheet.write_row("B4", ["砷", "mg/kg", 0.01, 8.1, "ND", 12])
        sheet.write_row("B5", ["六价铬", "mg/kg", 0.5, "ND", "ND", 6])
        sheet.write_row("A6", ["有机物", "苯", "μg/kg", 1.9, "ND", 2.5, "ND"])

    found = records(read_table(workbook(fill)))

    assert [one["sample"] for one in found[:3]] == ["S1 0-0.5m", "S1 0.5-1.5m", "S2 0-0.5m"]
    assert [one["value"] for one in found] == [8.1, None, 12.0, None, None, 6.0, None, 2.5, None]
    assert [one["detection_limit"] for one in found[6:]] == [1.9, 1.9, 1.9]


def test_flags_of_censoring_in_parquet() -> None:
    stream = io.BytesIO()
    columns = {
        "sample": ["a", "b", "c"], "analyte": ["Cd"] * 3, "value": [0.01, None, 0.3], "unit": ["mg/kg"] * 3,
        "detection_limit": [0.4] * 3, "censored": [True, True, False],
    }  # fmt: skip
    parquet.write_table(pa.table(columns), stream)

    found = records(read_table(stream.getvalue()))

    assert [(one["value"], one["censored"], one["detection_limit"]) for one in found] == [
        (None, True, 0.4),
        (None, True, 0.4),
        (0.3, False, 0.4),
    ]


def test_a_file_too_large_for_blocks_is_refused_at_another_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BLOCKS_MB", 0)
    table = read_table("样品编号,砷(mg/kg),镉(mg/kg)\nS1,10,0.1\n样品编号,铅(mg/kg),汞(mg/kg)\nS1,33,0.05\n")

    with pytest.raises(LabTableRefused) as refusal:
        records(table)

    assert (refusal.value.message.id, refusal.value.message.params["row"]) == ("other_header", "3")


def test_a_sheet_that_reaches_too_far_is_refused() -> None:
    def fill(book: Any, sheet: Any) -> None:
        rows(["样品编号", "镉(mg/kg)"], ["S1", 0.3])(book, sheet)
        sheet.write(1_000_000, 16_000, "x")

    with pytest.raises(LabTableRefused) as refusal:
        read_table(workbook(fill))

    assert refusal.value.message.id == "sheet_too_large"
    assert refusal.value.message.params["limit"] == "2000000"


def test_a_zip_bomb_and_entities_are_refused() -> None:
    clean = workbook(rows(["样品编号", "镉(mg/kg)"], ["S1", 0.3]))
    assert _refused(_with_part(clean, "xl/media/x.xml", b"0" * (300 << 20))) == "zip_bomb"
    evil = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'
    assert _refused(_with_part(clean, "xl/worksheets/sheet9.xml", evil)) == "xml_entities"


def _with_part(data: bytes, name: str, content: bytes) -> bytes:
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def _refused(data: bytes) -> str:
    with pytest.raises(LabTableRefused) as refusal:
        read_table(data, name="x.xlsx")
    assert refusal.value.sentence("en")
    return refusal.value.message.id


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"])
def test_every_encoding_of_simplified_chinese(encoding: str) -> None:
    (one,) = records(read_table("样品编号,镉(mg/kg),地类\nS1,0.3,水田\n".encode(encoding)))

    assert (one["sample"], one["value"], one["land"]) == ("S1", 0.3, "水田")


def test_big5() -> None:
    (one,) = records(read_table("sample,Cd (mg/kg),land\n一號樣品,0.3,水田與旱地的樣品\n".encode("big5")))

    assert (one["sample"], one["value"], one["land"]) == ("一號樣品", 0.3, "水田與旱地的樣品")


def test_a_file_and_its_bytes_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "结果.csv"
    path.write_bytes((LONG + "S1,镉,0.3,mg/kg\n").encode("gb18030"))

    table = read_table(path)

    assert table.name == "结果.csv"
    assert records(table) == records(read_table(path.read_bytes()))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_every_delimiter(delimiter: str) -> None:
    cells = [["样品编号", "检测项目", "检测结果", "单位"], ["S1", '"a,;|b"', "0.3", "mg/kg"]]

    (one,) = records(read_table("\n".join(delimiter.join(row) for row in cells)))

    assert (one["analyte"], one["value"], one["unit"]) == ("a,;|b", 0.3, "mg/kg")


def test_parquet_long_and_wide() -> None:
    def written(columns: dict[str, Any]) -> bytes:
        stream = io.BytesIO()
        parquet.write_table(pa.table(columns), stream)
        return stream.getvalue()

    long = written(
        {
            "sample": ["S1", "S2"], "analyte": pa.array(["Cd", "Cd"]).dictionary_encode(), "value": [0.1, float("nan")],
            "unit": ["mg/kg", "mg/kg"], "date": [date(2026, 9, 1), None], "ph": pa.array([6.5, None]), "tags": [[1], []],
        }
    )  # fmt: skip
    table = read_table(long, name="x.parquet")
    assert [(one["row"], one["value"], one["date"], one["ph"], one["problem"]) for one in records(table)] == [
        (1, 0.1, date(2026, 9, 1), 6.5, None),
        (2, None, None, None, "no_value"),
    ]
    assert table.layout.kind == "parquet"
    wide = written({"样品编号": ["S1"], "镉(mg/kg)": ["<0.01"], "pH": [6]})
    assert [one["detection_limit"] for one in records(read_table(wide))] == [0.01, None]


def test_rows_keep_their_order_and_number_over_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_BLOCK", 200)
    lines = [f"S{at},镉,{at}.5,mg/kg" for at in range(400)]
    lines[7] = "S7,1,2-二氯乙烷,7.5,mg/kg"
    lines[8] = "S8,镉"
    lines[20] = ""
    lines[399] = "S399,1,2-二氯乙烷,0.5,mg/kg"

    found = records(read_table(LONG + "\n".join(lines)))

    assert [one["sample"] for one in found] == [f"S{at}" for at in range(400) if at != 20]
    assert [one["row"] for one in found] == [at + 2 for at in range(400) if at != 20]
    assert [one["row"] for one in found if one["problem"]] == [9, 10, 401]


def test_many_duplicates_are_counted_and_the_first_listed() -> None:
    lines = [f"S{at % 50},镉,1,mg/kg" for at in range(100)]

    table = read_table(LONG + "\n".join(lines))
    records(table)

    assert ids(table).count("duplicate_rows") == keys.SHOWN
    assert table.problems[0].message.params["rows"] == "2、52"
    assert (table.problems[-1].id, table.problems[-1].count) == ("more_duplicates", 50)


def test_a_workbook_of_too_many_bytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "WORKBOOK_MB", 0)

    assert _refused(workbook(rows(["样品编号", "镉(mg/kg)"], ["S1", 0.3]))) == "workbook_too_large"


def test_a_line_of_commas_is_refused() -> None:
    with pytest.raises(LabTableRefused) as refusal:
        read_table("样品编号,镉(mg/kg)\nS1,0.3" + "," * 10_000)

    assert refusal.value.message.id == "too_many_columns"


def test_a_quote_that_never_ends_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_BLOCK", 2_000)
    table = read_table(LONG + "S1,镉,1,mg/kg\n" * 500 + '"S2,镉,1,mg/kg\n' + "S3,镉,1,mg/kg\n" * 500)

    with pytest.raises(LabTableRefused) as refusal:
        records(table)

    assert refusal.value.message.id == "damaged"
