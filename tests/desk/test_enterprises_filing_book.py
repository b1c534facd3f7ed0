"""One workbook for one firm and year: out, filled in, looked at, taken whole; and what is foreign or edited is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from desk.enterprise_world import Firms
from soildesk.core.models import Person
from soildesk.enterprises.models import Filing
from soildesk.enterprises.services import filings
from soildesk.enterprises.services.filings import What

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
K = Filing.Kind
Edit = Callable[[Workbook], None]


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Firms:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Firms(world)


@pytest.fixture
def plant(made: Firms) -> Any:
    firm = made.firm("青禾电镀有限公司", since=date(2015, 1, 1))
    made.representative(firm)
    return firm


def client_of(made: Firms, who: str = "firm") -> Client:
    return made.world.browser(who)


def book_of(client: Client, firm: Any, edit: Edit) -> bytes:
    """The workbook of the firm, edited."""
    answer = client.get(reverse("enterprises:own_book", args=[firm.enterprise.uid, 2026]))
    assert answer.status_code == 200
    book = load_workbook(BytesIO(answer.content))
    edit(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def looked_at(client: Client, firm: Any, data: bytes) -> Any:
    upload = SimpleUploadedFile("填报.xlsx", data)
    return client.post(reverse("enterprises:own_book_take", args=[firm.enterprise.uid, 2026]), {"file": upload})


def taken(client: Client, firm: Any, shown: Any) -> Any:
    packed = shown.content.decode().split('name="packed" value="')[1].split('"')[0]
    return client.post(reverse("enterprises:own_book_take", args=[firm.enterprise.uid, 2026]), {"packed": packed})


def fill(book: Workbook, kind: str, values: dict[str, Any], table: list[list[Any]] | None = None) -> None:
    """Write values beside the titles of a sheet, and rows into its table."""
    sheet = next(one for one in book.worksheets if one.title.endswith(str(K(kind).label)[:20]))
    rows = [row for row in sheet.iter_rows() if row[0].value]
    for row in rows:
        title = str(row[1].value or "").rstrip("*")
        if title in values:
            row[2].value = values[title]
    names = [str(row[0].value).rpartition("#")[2] for row in rows]
    lines = [row for row, name in zip(rows, names, strict=True) if names.count(name) > 1]
    for row, cells in zip(lines, table or [], strict=False):
        for cell, value in zip(row[1:], cells, strict=False):
            cell.value = value


def report(book: Workbook) -> None:
    fill(
        book,
        K.TOXIC_REPORT,
        {"全年没有排放有毒有害物质": "否"},
        [["六价铬", "废水", 12.5, "DW001"], ["镍", "废气", "3"]],
    )


def test_out_filled_in_looked_at_and_taken(made: Firms, plant: Any) -> None:
    boss, client = made.world.actor("firm"), client_of(made)
    begun = filings.draft(plant, What(K.DEMOLITION_PLAN, "2026", "老车间"), by=boss, at=AT)

    def edit(book: Workbook) -> None:
        report(book)
        fill(book, K.DEMOLITION_PLAN, {"计划开始拆除日期": "2027-03-01", "已写明应急措施": "是"})
        fill(book, K.BASELINE, {"项目名称": "二期", "是否发现超过筛选值": "否"})

    shown = looked_at(client, plant, book_of(client, plant, edit))
    said = shown.content.decode()
    assert shown.status_code == 200, said[-3000:]
    assert "全部保存为草稿" in said
    assert Filing.objects.count() == 1
    assert taken(client, plant, shown).status_code == 302
    assert Filing.objects.count() == 3
    begun.refresh_from_db()
    assert begun.data["planned_start"] == "2027-03-01"
    made_report = Filing.objects.get(kind=K.TOXIC_REPORT)
    assert [row["amount"] for row in made_report.data["substances"]] == ["12.5", "3"]
    assert made_report.data["none"] is False
    assert Filing.objects.get(kind=K.BASELINE).subject == "二期"
    again = looked_at(client, plant, book_of(client, plant, lambda book: None))
    assert "没有要写入的" in again.content.decode()


def test_one_wrong_row_stops_all(made: Firms, plant: Any) -> None:
    client = client_of(made)

    def edit(book: Workbook) -> None:
        report(book)
        fill(book, K.HAZARD_REPORT, {"排查批次": "第1次", "排查完成日期": "二月", "发现隐患数": "很多"})

    shown = looked_at(client, plant, book_of(client, plant, edit))
    said = shown.content.decode()
    assert shown.status_code == 422
    assert "有 2 行不能接收" in said
    assert "“二月”不是日期" in said
    assert "全部保存为草稿" not in said


def test_foreign_and_edited_ids_are_refused(made: Firms, plant: Any) -> None:
    rival = made.firm("青禾化工有限公司", since=date(2015, 1, 1))
    made.representative(rival, "rival")
    client, other = client_of(made), client_of(made, "rival")
    foreign = looked_at(client, plant, book_of(other, rival, report))
    assert foreign.status_code == 422
    assert "不是本单位的表格" in foreign.content.decode()

    def spoil(book: Workbook) -> None:
        report(book)
        sheet = next(one for one in book.worksheets if one.title.endswith(str(K.TOXIC_REPORT.label)))
        sheet["A3"].value = str(sheet["A3"].value).replace("2026", "2025", 1)

    edited = looked_at(client, plant, book_of(client, plant, spoil))
    assert edited.status_code == 422
    assert "编号被改动" in edited.content.decode()
    mixed = looked_at(other, rival, book_of(client, plant, report))
    assert mixed.status_code == 422
    assert not Filing.objects.exists()
    shown = looked_at(client, plant, book_of(client, plant, report))
    assert taken(other, rival, shown).status_code == 422  # what one firm looked at is not another's
    assert not Filing.objects.exists()
    for url in ("enterprises:own_book", "enterprises:own_book_take"):
        assert other.get(reverse(url, args=[plant.enterprise.uid, 2026])).status_code == 404
    junk = looked_at(client, plant, b"PK\x03\x04nonsense")
    assert junk.status_code == 422


def inspected(book: Workbook) -> Any:
    """The sheet of the report on hazards, filled in."""
    fill(book, K.HAZARD_REPORT, {"排查批次": "第1次", "排查完成日期": "2026年9月1日", "依据的技术文件": "HJ 1478-2026"})
    fill(book, K.HAZARD_REPORT, {"发现隐患数": "3", "已整改数": "2"})
    return next(one for one in book.worksheets if one.title.endswith(str(K.HAZARD_REPORT.label)[:20]))


def row_of(sheet: Any, title: str) -> Any:
    return next(row for row in sheet.iter_rows() if str(row[1].value or "").rstrip("*") == title)


def exchanged(book: Workbook) -> None:
    sheet = inspected(book)
    one, other = row_of(sheet, "发现隐患数")[0], row_of(sheet, "依据的技术文件")[0]
    one.value, other.value = other.value, one.value


def repeated(book: Workbook) -> None:
    copy = book.copy_worksheet(inspected(book))
    row_of(copy, "发现隐患数")[2].value = "99"


def deleted(book: Workbook) -> None:
    sheet = inspected(book)
    sheet.delete_rows(row_of(sheet, "发现隐患数")[0].row)


def without_ids(book: Workbook) -> None:
    for row in inspected(book).iter_rows(max_col=1):
        row[0].value = None


def inserted(book: Workbook) -> None:
    report(book)
    sheet = next(one for one in book.worksheets if one.title.endswith(str(K.TOXIC_REPORT.label)))
    sheet["B200"], sheet["C200"], sheet["D200"] = "铅", "废气", "7"


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (exchanged, "这一行的编号是“依据的技术文件”的"), (repeated, "“发现隐患数”的编号出现了两次"),
        (deleted, "这一行被删除了"), (without_ids, "这一行没有编号"), (inserted, "铅，废气，7"),
    ],
)  # fmt: skip
def test_nothing_filled_in_goes_in_silence_or_to_a_wrong_place(made: Firms, plant: Any, edit: Edit, told: str) -> None:
    client = client_of(made)
    shown = looked_at(client, plant, book_of(client, plant, edit))
    assert shown.status_code == 422
    assert told in shown.content.decode()


def test_days_of_excel_are_read_and_what_is_missing_is_told(made: Firms, plant: Any) -> None:
    client = client_of(made)

    def edit(book: Workbook) -> None:
        row_of(inspected(book), "发现隐患数")[2].value = None

    shown = looked_at(client, plant, book_of(client, plant, edit))
    said = shown.content.decode()
    assert shown.status_code == 200
    assert "报送前还要填写" in said
    assert "第1次" in said
    taken(client, plant, shown)
    assert Filing.objects.get().data["finished_on"] == "2026-09-01"


def test_rows_taken_out_of_a_table_are_told_and_taken_out(made: Firms, plant: Any) -> None:
    client = client_of(made)
    taken(client, plant, looked_at(client, plant, book_of(client, plant, report)))

    def edit(book: Workbook) -> None:
        fill(book, K.TOXIC_REPORT, {}, [["六价铬", "废水", "12.5", "DW001"], ["", "", ""]])

    shown = looked_at(client, plant, book_of(client, plant, edit))
    assert "比原来少 1 行" in shown.content.decode()
    taken(client, plant, shown)
    assert [row["name"] for row in Filing.objects.get().data["substances"]] == ["六价铬"]


def test_a_workbook_of_another_language_is_understood(made: Firms, plant: Any) -> None:
    client, person = client_of(made), made.world.people["firm"]
    Person.objects.filter(pk=person.pk).update(language="en")

    def edit(book: Workbook) -> None:
        sheet = book.worksheets[2]
        assert sheet["B1"].value.isascii()
        for place, value in {"C2": "No. 1", "C3": "2026-09-01", "C4": "HJ 1478-2026", "C6": "3", "C7": "2"}.items():
            sheet[place] = value

    data = book_of(client, plant, edit)
    Person.objects.filter(pk=person.pk).update(language="zh-hans")
    assert looked_at(client, plant, data).status_code == 200


def test_what_was_sent_since_is_not_written_over(made: Firms, plant: Any) -> None:
    client = client_of(made)
    data = book_of(client, plant, report)
    shown = looked_at(client, plant, data)
    taken(client, plant, shown)
    twice = taken(client, plant, shown)
    assert twice.status_code == 422
    assert "已有一份" in twice.content.decode()
    assert Filing.objects.count() == 1


def test_ids_are_hidden_and_locked(made: Firms, plant: Any) -> None:
    def look(book: Workbook) -> None:
        for sheet in book.worksheets[1:]:
            assert sheet.protection.sheet
            assert sheet.column_dimensions["A"].hidden
            assert all(cell.protection.locked for cell in sheet["A"])
        sheet = book.worksheets[1]
        assert not sheet["C2"].protection.locked
        assert sheet.data_validations.dataValidation

    book_of(client_of(made), plant, look)
