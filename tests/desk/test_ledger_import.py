"""Last year's Excel ledger: found by its words, every row with a verdict, nothing lost, and the way back from our own form."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from ledger_samples import ledger
from xlsxwriter.worksheet import Worksheet

from soildesk.plans import ledger_import
from soildesk.plans.exports import ExportRow, LedgerExport, ledger_docx, ledger_xlsx
from soildesk.plans.ledger_import import SENTENCES, LedgerRow, LedgerWorkbook, RowOutcome, read_ledger_workbook
from soilrules.plantext.formats import UnreadableFile


def workbook(*sheets: tuple[str, Callable[[Worksheet], None] | Sequence[Sequence[object]]]) -> bytes:
    """An Excel file; a sheet is rows of values, or a function that writes it."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        for name, content in sheets:
            sheet = book.add_worksheet(name)
            if callable(content):
                content(sheet)
            else:
                for at, row in enumerate(content):
                    sheet.write_row(at, 0, row)
    return stream.getvalue()


def read(*rows: Sequence[object], year: int | None = 2025) -> LedgerWorkbook:
    return read_ledger_workbook(workbook(("Sheet1", rows)), "台账.xlsx", year=year)


def codes(row: LedgerRow) -> list[str]:
    return [finding.code for finding in row.findings]


def same(row: LedgerRow, section: tuple[str, ...], sent: ExportRow) -> bool:
    return (row.section, row.uid, row.number, row.title, row.text, row.deadline_text, row.lead, row.support,
            row.responsible, row.state, row.progress, row.ongoing) == (
        section, sent.uid, sent.number, sent.title, sent.text, sent.deadline_text, sent.lead, sent.support,
        sent.responsible, sent.state, sent.progress, sent.ongoing)  # fmt: skip


def test_our_own_form_comes_back_row_for_row() -> None:
    sent = ledger()
    back = read_ledger_workbook(ledger_xlsx(sent), "台账.xlsx")
    assert len(back.rows) == 3
    for row, (section, original) in zip(back.rows, sent.rows(), strict=True):
        assert same(row, section.path, original), (row, original)
    assert back.rows[0].closing is not None
    assert back.rows[0].closing.last == date(2026, 9, 30)
    assert {row.outcome for row in back.rows} == {RowOutcome.OK}
    assert back.title == sent.heading
    assert any("编制单位" in line.text for line in back.lines)


def test_our_own_word_form_comes_back_too() -> None:
    sent = ledger()
    back = read_ledger_workbook(ledger_docx(sent), "台账.docx", year=2026)
    assert [row.text for row in back.rows] == [row.text for _section, row in sent.rows()]
    assert back.rows[0].support == ("县工业和信息化局", "县应急局")


def test_columns_in_any_order_and_by_other_names() -> None:
    back = read(
        ["2025年重点任务清单"],
        ["备注", "完成时间", "责任部门", "具体措施", "工作任务", "编号", "完成情况"],
        ["省级督办", "6月底前", "县水利局、县住建局等部门", "划定地块清单", "地块排查", 1, "已完成"],
    )
    (row,) = back.rows
    assert (row.number, row.title, row.text) == ("1", "地块排查", "划定地块清单")
    assert row.responsible == ("县水利局", "县住建局")
    assert (row.note, row.progress, row.row) == ("省级督办", "已完成", 3)
    assert row.closing is not None
    assert row.closing.last == date(2025, 6, 30)
    assert (back.title, row.outcome) == ("2025年重点任务清单", RowOutcome.OK)


def merged_layout(sheet: Worksheet) -> None:
    """A two-row header, 责任单位 over 牵头 and 配合; merged numbers and titles; a repeated header; a closing note."""
    sheet.merge_range(0, 0, 0, 5, "示例县2025年任务分解表")
    for column, text in enumerate(["序号", "重点工作", "目标任务", "时限"]):
        sheet.merge_range(1, column, 2, column, text)
    sheet.merge_range(1, 4, 1, 5, "责任单位")
    sheet.write_row(2, 4, ["牵头", "配合"])
    sheet.merge_range(3, 0, 3, 5, "一、源头防控")
    sheet.merge_range(4, 0, 5, 0, "1")
    sheet.merge_range(4, 1, 5, 1, "隐患排查")
    sheet.write_row(4, 2, ["制定方案", "3月底前", "县生态环境局", "/"])
    sheet.write_row(5, 2, ["完成整改", "10月底前", "县生态环境局", "县应急局；县财政局"])
    sheet.merge_range(6, 0, 6, 5, "二、安全利用")
    sheet.write_row(7, 0, ["序号", "重点工作", "目标任务", "时限", "牵头单位", "配合单位"])
    sheet.write_row(8, 0, [1, "耕地", "落实措施", "长期", "县农业农村局、县财政局按职责分工负责", ""])
    sheet.write(9, 0, "注：时限以正式文件为准")


def test_merged_cells_two_row_header_sections_and_repeated_header() -> None:
    back = read_ledger_workbook(workbook(("任务", merged_layout)), "台账.xlsx")
    assert [(row.number, row.title, row.text, row.section) for row in back.rows] == [
        ("1", "隐患排查", "制定方案", ("一、源头防控",)),
        ("1", "隐患排查", "完成整改", ("一、源头防控",)),
        ("1", "耕地", "落实措施", ("二、安全利用",)),
    ]
    assert back.rows[1].support == ("县应急局", "县财政局")
    assert back.rows[2].responsible == ("县农业农村局", "县财政局")
    assert back.rows[2].lead == ()
    assert back.rows[2].ongoing
    assert back.year == 2025
    assert [(line.row, line.text) for line in back.lines] == [(10, "注：时限以正式文件为准")]
    assert {row.outcome for row in back.rows} == {RowOutcome.OK}


def test_several_sheets_are_sections_and_a_sheet_without_tasks_is_kept() -> None:
    head = ["序号", "任务", "责任单位"]
    back = read_ledger_workbook(
        workbook(("农用地", [head, [1, "评估", "县农业农村局"]]), ("建设用地", [head, [1, "调查", "县自然资源局"]]),
                 ("通讯录", [["姓名", "电话"], ["张某", "139"]])),
        "台账.xlsx",
    )  # fmt: skip
    assert [row.section for row in back.rows] == [("农用地",), ("建设用地",)]
    assert [(finding.code, finding.params["sheet"]) for finding in back.findings] == [("no_header", "通讯录")]
    assert [line.text for line in back.lines] == ["姓名　电话", "张某　139"]


HEAD = ["序号", "任务", "完成时限", "牵头单位", "资金（万元）"]


@pytest.mark.parametrize(
    ("cells", "outcome", "expected"),
    [
        ([1, "排查", "9月底前", "县生态环境局", 20], RowOutcome.OK, []),
        ([2, "排查", "尽量吧", "县生态环境局", ""], RowOutcome.WARNING, ["deadline_unread"]),
        ([3, "排查", "/", "—", ""], RowOutcome.WARNING, ["no_unit"]),
        ([4, "排查", "年底前", "2", ""], RowOutcome.WARNING, ["units_unread"]),
        ([5, "", "年底前", "县生态环境局", 3], RowOutcome.REFUSED, ["no_text"]),
    ],
)
def test_every_row_has_a_verdict(cells: list[object], outcome: RowOutcome, expected: list[str]) -> None:
    (row,) = read(HEAD, cells).rows
    assert (row.outcome, codes(row)) == (outcome, expected)
    for finding in row.findings:
        assert "第 2 行" in finding.sentence()


def test_unknown_columns_are_kept_under_their_heading() -> None:
    back = read(HEAD, [1, "排查", "9月底前", "县生态环境局", 20.5])
    assert back.rows[0].extra == {"资金（万元）": "20.5"}
    assert "“资金（万元）”" in back.findings[0].sentence()


def test_excel_dates_are_read_and_bare_numbers_are_not_taken_for_dates() -> None:
    (row,) = read(HEAD, [1, "排查", 46295, "县生态环境局"]).rows
    assert codes(row) == ["deadline_unread"]
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, [1, "排查", date(2025, 9, 30), "县生态环境局"])
    (row,) = read_ledger_workbook(stream.getvalue(), "台账.xlsx").rows
    assert row.deadline_text == "2025年9月30日"
    assert row.closing is not None
    assert row.closing.last == date(2025, 9, 30)


def test_the_year_may_stand_in_the_file_name_only() -> None:
    data = workbook(("Sheet1", [HEAD, [1, "排查", "9月底前", "县生态环境局"]]))
    (row,) = read_ledger_workbook(data, "2024年土壤台账.xlsx").rows
    assert row.closing is not None
    assert row.closing.last == date(2024, 9, 30)
    assert read_ledger_workbook(data, "土壤台账.xlsx").rows[0].closing is None


def test_a_copied_row_loses_the_id_it_was_copied_with() -> None:
    head = ["序号", "任务", "责任单位", "任务编码（勿改）"]
    back = read(head, [1, "排查", "县生态环境局", "u1"], [2, "评估", "县生态环境局", "u1"])
    assert [row.uid for row in back.rows] == ["u1", ""]
    assert codes(back.rows[1]) == ["uid_twice"]


def test_a_task_shared_by_rows_stands_in_each_with_a_warning() -> None:
    def write(sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["序号", "任务", "责任单位", "完成情况"])
        sheet.merge_range(1, 0, 2, 0, "1")
        sheet.merge_range(1, 1, 2, 1, "排查")
        sheet.write_row(1, 2, ["县生态环境局", "好"])
        sheet.write_row(2, 2, ["县财政局", "好"])

    back = read_ledger_workbook(workbook(("Sheet1", write)), "台账.xlsx")
    assert [(row.text, row.responsible, codes(row)) for row in back.rows] == [
        ("排查", ("县生态环境局",), []),
        ("排查", ("县财政局",), ["text_repeats"]),
    ]


def test_a_file_without_any_task_says_so_and_a_broken_one_is_refused() -> None:
    back = read(["姓名", "电话"], ["张某", "139"])
    assert [finding.code for finding in back.findings] == ["no_header", "no_rows"]
    assert all(finding.sentence() for finding in back.findings)
    with pytest.raises(UnreadableFile):
        read_ledger_workbook(b"PK\x03\x04broken", "台账.xlsx")


def test_empty_ledger_of_ours_has_no_rows() -> None:
    assert read_ledger_workbook(ledger_xlsx(LedgerExport("方案", ())), "a.xlsx").rows == ()


def test_every_finding_has_its_sentence() -> None:
    source = Path(ledger_import.__file__).read_text(encoding="utf-8")
    assert all(source.count(f'"{code}"') >= 2 for code in SENTENCES)
