"""Beside the daily work: exports, sheets out and back, taking up, measures, closing, old ledgers."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word

from soildesk.kit import imports as kit_imports
from soildesk.kit.import_pages import given as told
from soildesk.kit.models import ImportRow
from soildesk.plans import imports as plan_imports
from soildesk.plans.models import Assignment, Binding, ClosingRow, Plan, TaskLink
from soildesk.plans.services import intake, publishing, review, sheets
from soildesk.plans.services.drafts import read_pasted

TEXT = (Path(__file__).parents[1] / "cases" / "plans" / "small_plan.txt").read_text("utf-8")
LEDGER = Path(__file__).parents[2] / "examples" / "district" / "plans" / "青禾区2025年土壤污染防治任务台账.xlsx"
MARCH = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def publish(world, text: str, division, department, issuer) -> Plan:
    place = intake.Place(division, department)
    plan = intake.import_plan(read_pasted(text), intake.Source.of(text.encode()), place, by=issuer, at=MARCH)
    review.accept_confident(plan, by=issuer, at=MARCH, everything=True)
    return publishing.publish(plan, by=issuer, at=MARCH)


@pytest.fixture
def live(world) -> Plan:
    return publish(world, TEXT, world.district, world.departments["ecology"], world.actor("issuer"))


@pytest.fixture
def as_issuer(client, world):
    client.force_login(world.people["issuer"], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def as_stranger(client, world):
    client.force_login(world.people["stranger"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_export_is_the_form_officials_know(as_issuer, live):
    book = openpyxl.load_workbook(io.BytesIO(as_issuer.get(f"/plans/{live.uid}/export/").content))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]
    assert any("任务分工明细表" in text for text in cells) and "牵头单位" in cells and "区生态环境局" in cells
    word = Word(io.BytesIO(as_issuer.get(f"/plans/{live.uid}/export/?format=docx").content))
    assert any("区农业农村局" in cell.text for table in word.tables for row in table.rows for cell in row.cells)
    data = json.loads(as_issuer.get(f"/plans/{live.uid}/export/?format=json").content)
    assert [task["deadline"] for task in data["tasks"]] == ["2026-10-31", "2026-02-28", "2026-12-20", None]
    assert as_issuer.get(f"/plans/{live.uid}/export/?format=exe").status_code == 404


@pytest.mark.parametrize("page", ["export", "sheets", "taking-up", "measures", "close"])
def test_strangers_find_nothing(as_stranger, live, page):
    assert as_stranger.get(f"/plans/{live.uid}/{page}/").status_code == 404


def filled(data: bytes, rows: list[dict[str, object]]) -> bytes:
    """The sheet as a unit fills it in; columns by name, one dict per task row."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book.active
    names = {cell.value: cell.column for cell in page[4]}
    for line, given in enumerate(rows, 5):
        for name, value in given.items():
            page.cell(line, names[name]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def come_back(world, live, data: bytes, actor: str = "issuer"):
    purpose = kit_imports.Purpose(world.actor(actor), NOVEMBER, {"plan": str(live.uid)})
    return kit_imports.preview(plan_imports.RETURNED_SHEET, data, "分办单.xlsx", purpose), purpose


def test_a_sheet_goes_out_and_comes_back_without_typing(as_issuer, world, live):
    agriculture = world.departments["agriculture"]
    page = as_issuer.get(f"/plans/{live.uid}/sheets/").content.decode()
    assert "青禾区农业农村局" in page
    data = as_issuer.post(f"/plans/{live.uid}/sheets/{agriculture.uid}/").content
    answers = [{"办理情况": "已配合核实", "是否办结": "是", "完成日期": date(2026, 11, 10)}, {"办理情况": "方案已印发"}]
    batch, purpose = come_back(world, live, filled(data, answers))
    assert batch.counts["ok"] == 2 and not Assignment.objects.filter(entries__isnull=False).exists()
    kit_imports.accept(batch, purpose)
    rows = {a.task.number: a for a in Assignment.objects.filter(department=agriculture)}
    assert (rows["（二）"].state, rows["（二）"].reported_on) == ("reported", date(2026, 11, 10))
    assert rows["（三）"].state == "under_way" and rows["（三）"].entries.get().via == "sheet"
    again, _purpose = come_back(world, live, filled(data, answers))
    assert again.receipt or again.counts["ok"] == 0, "the same answers twice change nothing"


def test_bad_cells_of_a_sheet_are_named(world, live):
    _sheet, data = sheets.issue(live, world.departments["agriculture"], by=world.actor("issuer"), at=NOVEMBER)
    batch, purpose = come_back(
        world, live, filled(data, [{"行标识": "改过了", "办理情况": "a"}, {"办理情况": "b", "完成日期": "下周"}])
    )
    refused = list(ImportRow.objects.filter(batch=batch, verdict="refused"))
    said = [row.messages[0] for row in refused]
    assert [row.position for row in refused] == [5, 6], "as the rows are numbered in the workbook"
    assert told(refused[1], plan_imports.RETURNED_SHEET.names) == [("办理情况", "b")], "no inner names on the page"
    assert len(said) == 2 and "行标识“改过了”" in said[0] and "完成日期“下周”不是日期" in said[1]
    with pytest.raises(kit_imports.ImportRefused) as nothing:
        kit_imports.accept(batch, purpose)
    assert nothing.value.code == "kit.import.nothing_to_write"
    assert not Assignment.objects.filter(entries__isnull=False).exists()


def test_taking_up_shows_gaps_later_dates_and_lower_targets(as_issuer, world, live):
    city_text = (
        TEXT.replace("青禾区", "云泽市").replace("区", "市").replace("10月底前", "9月底前").replace("93%", "95%")
    )
    extra = "\n（五）建设平台。建设土壤环境信息化管理平台，11月底前建成。（市生态环境局牵头）\n"
    world.people["city"] = _city_issuer(world)
    publish(world, city_text + extra, world.city, world.departments["city_ecology"], world.actor("city"))
    page = as_issuer.get(f"/plans/{live.uid}/taking-up/").content.decode()
    assert "5 项上级任务没有承接" in page and "低于上级" in page
    assert "≥ 95%" in page and "&gt;=" not in page, "targets are written as people read them"
    upper = Plan.objects.get(division=world.city).tasks.get(number="（一）")
    lower = live.tasks.get(number="（一）")
    as_issuer.post(f"/plans/{live.uid}/taking-up/link/", {"upper": upper.uid, "lower": lower.uid})
    link = TaskLink.objects.get()
    assert (link.upper, link.lower) == (upper, lower)
    page = as_issuer.get(f"/plans/{live.uid}/taking-up/").content.decode()
    assert "4 项上级任务没有承接" in page and "时限晚于上级" in page
    theirs, ours = upper.plan.indicators.get(), live.indicators.get()
    as_issuer.post(
        f"/plans/{live.uid}/taking-up/target/", {"upper": theirs.pk, "lower": ours.pk, "document": "2026年目标责任书"}
    )
    assert "2026年目标责任书" in as_issuer.get(f"/plans/{live.uid}/taking-up/").content.decode()
    as_issuer.post(f"/plans/taking-up/{link.pk}/remove/")
    assert not TaskLink.objects.exists()


def _city_issuer(world):
    from soildesk.core.models import Person, RoleGrant

    person = Person.objects.create(username="city", name="city", department=world.departments["city_ecology"])
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.ISSUER, division=world.city)
    return person


def test_measures_are_bound_by_a_person_and_speak_from_records(as_issuer, live):
    task = live.tasks.get(number="（一）")
    page = as_issuer.get(f"/plans/{live.uid}/measures/").content.decode()
    assert "所列材料已报并核对" in page and "台账" in page
    as_issuer.post(f"/plans/tasks/{task.uid}/documents/", {"name": "台账（盖章）", "each_unit": "1"})
    page = as_issuer.get(f"/plans/{live.uid}/measures/").content.decode()
    assert "2 份材料中，0 份已报并核对通过" in page
    ledger = as_issuer.get(f"/plans/ledger/?plan={live.uid}").content.decode()
    assert "未达到 0/2" in ledger, "what the records say stands beside what was reported"
    as_issuer.post(f"/plans/bindings/{Binding.objects.get().pk}/remove/")
    assert Binding.objects.get().superseded_at is not None
    reply = as_issuer.post(f"/plans/tasks/{task.uid}/bind/", {"measure": "no.such"}, follow=True)
    assert "没有这项核算办法" in reply.content.decode()


def test_closing_keeps_what_was_filled_in_when_it_refuses(as_issuer, live, settings, monkeypatch):
    monkeypatch.setenv("SOILDESK_TODAY", "2027-01-10")
    tasks = list(live.tasks.all())
    form = {f"outcome-{task.uid}": "ended" for task in tasks} | {f"ground-{tasks[0].uid}": "机构调整"}
    reply = as_issuer.post(f"/plans/{live.uid}/close/", form)
    assert reply.status_code == 422 and "机构调整" in reply.content.decode()
    form |= {f"ground-{task.uid}": "任务取消" for task in tasks}
    as_issuer.post(f"/plans/{live.uid}/close/", form)
    live.refresh_from_db()
    assert live.stage == Plan.Stage.CLOSED and ClosingRow.objects.count() == len(tasks)
    assert "任务取消" in as_issuer.get(f"/plans/{live.uid}/close/").content.decode()


def test_last_years_ledger_becomes_a_plan_under_review_once(world):
    purpose = kit_imports.Purpose(world.actor("officer"), NOVEMBER, {})
    batch = kit_imports.preview(plan_imports.OLD_LEDGER, LEDGER.read_bytes(), LEDGER.name, purpose)
    assert batch.counts["refused"] == 0 and batch.counts["ok"] + batch.counts["warning"] == 13
    kit_imports.accept(batch, purpose)
    plan = Plan.objects.get()
    assert (plan.year, plan.stage, plan.tasks.count()) == (2025, "review", 13)
    for task in plan.tasks.all():
        spans = task.reading["text"]["spans"]
        assert "".join(plan.document.text[a:b] for a, b in spans) == task.text
    assert kit_imports.preview(plan_imports.OLD_LEDGER, LEDGER.read_bytes(), LEDGER.name, purpose).receipt


def test_documents_are_filed_and_checked_on_the_page_of_the_task(as_issuer, world, live):
    from soildesk.plans.models import DocumentFiling
    from soildesk.plans.services import documents

    task = live.tasks.get(number="（一）")
    asked = documents.ask(task, "验收意见", by=world.actor("officer"), at=world.at)
    url = f"/plans/tasks/{task.uid}/"
    reply = as_issuer.post(f"/plans/documents/{asked.uid}/file/", {}, follow=True).content.decode()
    assert "没有选择文件" in reply
    wrong = {"file": SimpleUploadedFile("验收意见.txt", "同意".encode()), "assignment": "no unit"}
    reply = as_issuer.post(f"/plans/documents/{asked.uid}/file/", wrong, follow=True).content.decode()
    assert "不在这项任务中" in reply and not DocumentFiling.objects.exists()
    file = SimpleUploadedFile("验收意见.txt", "同意".encode())
    reply = as_issuer.post(f"/plans/documents/{asked.uid}/file/", {"file": file}, follow=True).content.decode()
    filing = DocumentFiling.objects.get()
    assert "待核对" in reply and f"/plans/filings/{filing.uid}/check/" not in reply, "who filed it does not judge it"
    reply = as_issuer.post(f"/plans/filings/{filing.uid}/check/", {"outcome": "accepted"}, follow=True)
    assert "由您本人报送" in reply.content.decode()
    documents.check(filing, True, by=world.actor("officer"), at=world.at)
    page = as_issuer.get(url).content.decode()
    assert "核对通过" in page and "document_" not in page


def test_a_reason_is_written_where_no_record_checks_a_task(as_issuer, live):
    task = live.tasks.get(number="（二）")
    said = {"reason": "没有这类登记", "register": "经费台账"}
    as_issuer.post(f"/plans/tasks/{task.uid}/bind/", said)
    page = as_issuer.get(f"/plans/{live.uid}/measures/").content.decode()
    assert "没有这类登记" in page and "经费台账" in page
    indicator = live.indicators.first()
    as_issuer.post(f"/plans/indicators/{indicator.pk}/bind/", {"reason": " "}, follow=True)
    assert not Binding.objects.filter(indicator=indicator).exists()
