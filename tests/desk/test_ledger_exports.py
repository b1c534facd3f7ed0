"""The ledger as it goes out: the form officials know, injection-safe, and JSON of the scored schema."""

from __future__ import annotations

import io
import json
import zipfile

import docx
import openpyxl
from ledger_samples import FORMULA, ledger

from soildesk.plans.exports import (
    ExportRow,
    ExportSection,
    LedgerExport,
    ledger_docx,
    ledger_json,
    ledger_xlsx,
)

HEADER = ["序号", "重点工作", "目标任务", "完成时限", "牵头单位", "配合单位", "责任单位", "进展情况"]


def test_excel_is_the_form_officials_know() -> None:
    book = openpyxl.load_workbook(io.BytesIO(ledger_xlsx(ledger())))
    sheet = book["任务分工明细表"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "示例县2026年土壤污染防治工作方案任务分工明细表"
    assert "编制单位：示例县生态环境局" in rows[1][0]
    assert "进展截至：2026年8月20日" in rows[1][0]
    assert rows[2][:8] == HEADER
    assert rows[3][0] == "一、源头防控"
    assert rows[4] == [
        "1", "隐患排查", "完成10家重点监管单位土壤污染隐患排查，建立台账。", "9月底前", "县生态环境局",
        "县工业和信息化局、县应急局", None, "【进行中】已完成6家", "u1",
    ]  # fmt: skip
    assert rows[6][0] == "二、安全利用 / （一）受污染耕地"
    assert book["主要指标"]["B3"].value == "≥93%"


def test_excel_prints_lying_down_with_its_header_on_every_page() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(ledger_xlsx(ledger())))["任务分工明细表"]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert sheet.print_area == "'任务分工明细表'!$A$1:$H$8"
    assert sheet.column_dimensions["I"].hidden
    assert sheet["C5"].alignment.wrap_text


def test_no_cell_of_the_excel_file_is_a_formula() -> None:
    data = ledger_xlsx(ledger())
    sheet = openpyxl.load_workbook(io.BytesIO(data))["任务分工明细表"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert sheet["B6"].value == FORMULA
    parts = zipfile.ZipFile(io.BytesIO(data))
    assert not any(b"<f>" in parts.read(name) or b"hyperlink " in parts.read(name) for name in parts.namelist())


def test_word_repeats_its_header_and_splits_no_row() -> None:
    document = docx.Document(io.BytesIO(ledger_docx(ledger())))
    section = document.sections[0]
    assert section.page_width > section.page_height
    assert [p.text for p in document.paragraphs][:1] == ["示例县2026年土壤污染防治工作方案任务分工明细表"]
    tasks, indicators = document.tables
    assert [cell.text for cell in tasks.rows[0].cells] == HEADER
    assert {cell.text for cell in tasks.rows[1].cells} == {"一、源头防控"}
    assert tasks.rows[5].cells[2].text == "第一项；\n第二项。"
    assert tasks.rows[3].cells[1].text == FORMULA
    xml = tasks._tbl.xml
    assert xml.count("w:tblHeader") == 1
    assert xml.count("w:cantSplit") == len(tasks.rows)
    assert indicators.rows[1].cells[1].text == "≥93%"
    footer = section.footer.paragraphs[0]._p.xml
    assert 'w:instr="PAGE"' in footer
    assert 'w:instr="NUMPAGES"' in footer
    fonts = document.element.xml
    assert "仿宋_GB2312" in fonts
    assert "方正小标宋简体" in fonts


def test_characters_word_cannot_hold_do_not_break_the_file() -> None:
    row = ExportRow(uid="u", number="1", title="a<b&c", text="甲\x0b\x00乙", deadline_text="")
    document = docx.Document(io.BytesIO(ledger_docx(LedgerExport("方案", (ExportSection((), (row,)),)))))
    assert [cell.text for cell in document.tables[0].rows[1].cells][1:3] == ["a<b&c", "甲乙"]


def test_json_follows_the_scored_schema() -> None:
    found = json.loads(ledger_json(ledger()))
    assert found["issued_on"] == "2026-03-02"
    assert found["universal_clause"] == {
        "text": "以下均需各乡镇人民政府落实，不再列出", "units": ["各乡镇人民政府"], "role": "responsible",
    }  # fmt: skip
    first, second, third = found["tasks"]
    assert first["text_starts"] == "完成10家重点监管单位土壤污染隐患排查，建立台账。"
    assert (first["deadline"], first["ongoing"], first["line"]) == ("2026-09-30", False, 12)
    assert first["milestones"][0]["due"] == "2026-09-30"
    assert first["spans"] == {"text": [[40, 66]]}
    assert (second["deadline"], second["ongoing"]) == (None, True)
    assert (third["number"], third["title"], third["deadline_text"]) == (None, None, None)
    assert third["section"] == ["二、安全利用", "（一）受污染耕地"]
    assert found["indicators"][0]["target"] == 93


def test_a_thousand_rows_are_written_in_a_moment() -> None:
    rows = tuple(
        ExportRow(f"u{n}", str(n), "排查", "开展排查。" * 20, "年底前", lead=("县生态环境局",)) for n in range(1000)
    )
    large = LedgerExport("方案", (ExportSection(("一、总体",), rows),))
    assert len(docx.Document(io.BytesIO(ledger_docx(large))).element.body.findall(".//{*}tr")) == 1002
    assert openpyxl.load_workbook(io.BytesIO(ledger_xlsx(large)), read_only=True)["任务分工明细表"].max_row == 1003
