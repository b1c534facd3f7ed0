"""Reports: made from records with their rows, the same figure the same everywhere, frozen by signing, sent, receipted."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from desk import ledger_world
from desk.oversight_world import PICTURE, Desk
from desk.reporting_world import Reports
from desk.test_reporting_letters import docx, text_of
from soildesk import cli
from soildesk.core import duties
from soildesk.core.models import AuditEntry, Duty
from soildesk.core.permissions import NotAllowed
from soildesk.kit.letters import store
from soildesk.kit.letters.running import LetterRefused
from soildesk.kit.letters.store import Upload
from soildesk.kit.register import collections
from soildesk.oversight.services import problems
from soildesk.oversight.services.problems import Proof
from soildesk.plans.services import intake, publishing, review
from soildesk.plans.services.drafts import read_pasted
from soildesk.reporting import files as papers
from soildesk.reporting import letters
from soildesk.reporting.models import ReportCopy
from soildesk.reporting.queries import making, tables
from soildesk.reporting.queries.kinds import MAYOR, kinds
from soildesk.reporting.queries.reading import Reading
from soildesk.reporting.refusals import ReportRefused
from soildesk.reporting.services import calendar, copies, remaking
from soildesk.reporting.services.copies import Receipt
from soilrules.deadlines import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Reports:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Reports(world)


@pytest.fixture
def client(world: Any) -> Client:
    return world.browser("officer")


def test_the_same_figure_is_the_same_in_every_report(made: Reports) -> None:
    made.with_problems()
    snapshots = {
        kind.id: copies.preview(made.wanted(kind.id, "2026Q4" if kind.rhythm == "quarter" else "2026"), by=made.world.actor("officer"))
        for kind in kinds().values()
    }  # fmt: skip
    told: dict[str, set[str]] = {}
    for snapshot in snapshots.values():
        for name, one in snapshot["figures"].items():
            told.setdefault(name, set()).add(f"{one['value']} {one['outcome']} {len(one['rows'])}")
    assert {name: len(values) for name, values in told.items() if len(values) > 1} == {}
    in_several = [name for name in told if sum(name in one["figures"] for one in snapshots.values()) > 1]
    assert {"tasks.all", "tasks.overdue", "farmland.safe_use_rate", "oversight.open_problems"} <= set(in_several)
    assert snapshots["annual"]["figures"]["oversight.open_problems"]["value"] == "2"
    assert snapshots["annual"]["figures"]["oversight.late_problems"]["value"] == "1"


def test_a_count_is_the_count_of_its_rows_and_its_page_shows_them(made: Reports, client: Client) -> None:
    copy = made.with_problems().copy("annual")
    counted = [
        one for one in copy.snapshot["figures"].values() if one["source"] == "count" and one["value"] is not None
    ]
    assert len(counted) > 10
    for one in counted:
        assert int(one["value"]) == len(one["rows"]) == sum(row["counts"] for row in one["rows"])
    page = client.get(reverse("reporting:mayor")).content.decode()
    for name in MAYOR.figures:
        assert f'data-name="{name}"' in page
    for name in ("tasks.all", "tasks.overdue", "oversight.open_problems", "oversight.late_problems"):
        url = f"{reverse('reporting:figure')}?id={name}&place=990101&period=2026"
        rows = client.get(url).content.decode().count('data-counts="1"')
        assert rows == int(copy.snapshot["figures"].get(name, {"value": rows})["value"])
        frozen = client.get(f"{reverse('reporting:copy_figure', args=[copy.uid])}?id={name}").content.decode()
        assert frozen.count('data-counts="1"') == rows


def test_what_nobody_knows_is_blank_and_listed(made: Reports) -> None:
    snapshot = copies.preview(made.wanted("farmland"), by=made.world.actor("officer"))

    rate = snapshot["figures"]["farmland.safe_use_rate"]
    assert rate["value"] is None and rate["text"] == "" and rate["why"]
    assert "farmland.safe_use_rate" in [gap["id"] for gap in snapshot["gaps"]]
    assert "受污染耕地安全利用率" in text_of(papers.unkept(snapshot, None))
    assert "无法填报" in text_of(papers.unkept(snapshot, None))


def test_without_a_plan_there_is_no_number_of_tasks(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    snapshot = copies.preview(Reports(world, plan=False).wanted("ledger"), by=world.actor("officer"))

    assert snapshot["figures"]["tasks.all"]["value"] is None
    assert {"tasks.all", "tasks.ledger"} <= {gap["id"] for gap in snapshot["gaps"]}


def test_like_headings_of_two_plans_are_two_sections(made: Reports) -> None:
    text = ledger_world.TEXT.replace("青环委办〔2026〕4号", "青政办〔2026〕9号").replace(
        "土壤污染防治工作方案", "净土保卫战实施方案"
    )
    place = intake.Place(made.world.district, made.world.departments["ecology"])
    officer, issuer = made.world.actor("officer"), made.world.actor("issuer")
    other = intake.import_plan(
        read_pasted(text), intake.Source.of(text.encode()), place, by=officer, at=ledger_world.MARCH
    )
    review.accept_confident(other, by=officer, at=ledger_world.MARCH, everything=True)
    publishing.publish(other, by=issuer, at=ledger_world.MARCH)
    told = copies.preview(made.wanted("annual"), by=officer)["tables"]["tasks.by_section"]
    assert "方案" in [one["title"] for one in told["columns"]]
    rows = [row["values"] for row in told["rows"]]
    of_plan = {
        name: [(row["section"], row["all"]) for row in rows if row["plan"] == name]
        for name in ("青环委办〔2026〕4号", "青政办〔2026〕9号")
    }
    first, second = of_plan.values()
    assert first and first == second, "each plan has its own sections with its own tasks"
    assert len(rows) == len(first) * 2 == len({(row["plan"], row["section"]) for row in rows})
    assert sum(int(row["all"]) for row in rows) == other.tasks.filter(status="accepted").count() * 2
    ledger = copies.preview(made.wanted("ledger"), by=officer)["tables"]["tasks.ledger"]
    assert {row["values"]["plan"] for row in ledger["rows"]} == set(of_plan), (
        "equal numbers of two plans are told apart"
    )


def test_every_kind_is_written_as_word_and_excel(made: Reports) -> None:
    made.with_problems()
    for kind in kinds().values():
        period = "2026Q3" if kind.rhythm == "quarter" else "2026"
        snapshot = copies.preview(made.wanted(kind.id, period), by=made.world.actor("officer"))
        words = text_of(papers.unkept(snapshot, made.world.departments["ecology"]))
        assert str(kind.title) in words and "未能填报的内容" in words and "{" not in words
        book = openpyxl.load_workbook(io.BytesIO(papers.excel(snapshot)))
        assert "未填项" in book.sheetnames


def test_text_that_begins_like_a_formula_stays_text(made: Reports) -> None:
    Desk(made.world).problem("=HYPERLINK(1)", unit="agriculture")
    copy = made.copy("quarterly", "2026Q4")
    book: Any = openpyxl.load_workbook(io.BytesIO(papers.excel(copy.snapshot)))
    cells = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=HYPER")
    ]
    assert cells and all(cell.data_type == "s" for cell in cells)


def test_a_report_goes_its_way_and_its_figures_are_frozen(made: Reports) -> None:
    world, officer, issuer = made.world, made.world.actor("officer"), made.world.actor("issuer")
    due = made.due()
    (duty,) = Duty.objects.for_subject(due)
    assert duty.kind == Duty.Kind.REPORT and duties.state_of(duty, date(2027, 1, 4)) is State.OVERDUE
    copy = made.copy("annual", due=due)
    before = copy.snapshot["figures"]["oversight.open_problems"]
    assert before["value"] is None and "没有登记不等于没有" in before["why"], "an empty register proves no nought"
    made.with_problems()
    again = remaking.remake(copy, by=officer, at=world.at)
    figures = again.snapshot["figures"]
    assert (figures["oversight.open_problems"]["value"], figures["oversight.late_problems"]["value"]) == ("2", "1")
    with pytest.raises(NotAllowed):
        copies.sign(again, by=officer, at=world.at)
    signed = copies.sign(again, "青环报〔2026〕9号", by=issuer, at=world.at)
    Desk(world).problem("又一个问题", unit="agriculture")
    with pytest.raises(ReportRefused) as refused:
        remaking.remake(signed, by=officer, at=world.at)
    assert refused.value.code == "reporting.copy.signed"
    with pytest.raises(ReportRefused, match="报送日期"):
        copies.send(signed, "市局", date(2026, 11, 19), by=officer, at=world.at)
    sent = copies.send(signed, "云泽市生态环境局", date(2026, 11, 20), by=officer, at=world.at)
    duty.refresh_from_db()
    assert duty.done_on == date(2026, 11, 20) and duty.evidence[0]["uid"] == str(copy.uid)
    with pytest.raises(ReportRefused, match="回执编号"):
        copies.receive(sent, Receipt(" ", date(2026, 11, 20)), by=officer, at=world.at)
    last = copies.receive(sent, Receipt("市收〔2026〕77", date(2026, 11, 20)), by=officer, at=world.at)
    assert last.state == ReportCopy.State.RECEIVED
    assert last.snapshot["figures"]["oversight.open_problems"]["value"] == "2"
    assert making.digest_of(last.snapshot) == last.digest == again.digest
    acts = AuditEntry.objects.filter(act__startswith="reporting.copy.").values_list("act", flat=True)
    assert sorted(act.rpartition(".")[2] for act in acts) == ["made", "received", "remade", "sent", "signed"]


def test_a_report_that_was_tampered_with_is_not_signed(made: Reports) -> None:
    copy = made.copy("annual")
    copy.snapshot["figures"]["tasks.all"]["value"] = "99"
    ReportCopy.objects.filter(pk=copy.pk).update(snapshot=copy.snapshot)
    with pytest.raises(ReportRefused) as refused:
        copies.sign(copy, by=made.world.actor("issuer"), at=made.world.at)
    assert refused.value.code == "reporting.copy.changed"


def test_periods_ahead_and_odd_ones_are_refused(made: Reports) -> None:
    for period, code in (
        ("2027", "reporting.copy.ahead"),
        ("2026Q5", "reporting.copy.period"),
        ("去年", "reporting.copy.period"),
        ("9999", "reporting.copy.period"),
        ("0001", "reporting.copy.period"),
    ):
        with pytest.raises(ReportRefused) as refused:
            made.copy("annual", period)
        assert refused.value.code == code
    with pytest.raises(ReportRefused, match="可选"):
        made.copy("weekly")


def test_who_sees_a_part_makes_no_report_of_the_whole(made: Reports) -> None:
    with pytest.raises(NotAllowed):
        copies.preview(made.wanted("annual"), by=made.world.actor("agriculture"))
    with pytest.raises((NotAllowed, ReportRefused)):
        copies.preview(made.wanted("annual"), by=made.world.actor("stranger"))


def test_an_office_writes_its_own_template(made: Reports) -> None:
    kind, officer = kinds()["annual"], made.world.actor("officer")
    office = made.world.departments["ecology"]
    names = [one.name for one in letters.fields_of(kind)]
    assert {"heading", "f.tasks_all.text", "t.tasks_overdue_rows", "gaps"} <= set(names)
    every = docx(*[one.written for one in letters.fields_of(kind) if not one.written.startswith("{%")])
    store.store(letters.purpose_of(kind), Upload("全部字段.docx", every), office, by=officer, at=made.world.at)
    wrong = Upload("错.docx", docx("{{ f.tasks_al.text }}"))
    with pytest.raises(LetterRefused, match="没有的字段"):
        store.store(letters.purpose_of(kind), wrong, office, by=officer, at=made.world.at)
    own = Upload("本局.docx", docx("本局版：{{ heading }}，任务{{ f.tasks_all.shown }}（{{ office }}）"))
    template = store.store(letters.purpose_of(kind), own, office, by=officer, at=made.world.at)
    copy = made.copy("annual")
    assert copy.template == template
    assert (
        text_of(papers.word(copy))
        == "本局版：青禾区2026年土壤污染防治方案年度实施情况报告，任务4项（青禾区生态环境局）"
    )


def test_the_loops_of_the_page_are_as_word_wants_them(made: Reports) -> None:
    """What the page of a kind tells to write is written into a file, and filled."""
    kind = kinds()["quarterly"]
    for one in letters.fields_of(kind):
        if one.name.startswith("t."):
            document = Document()
            begin, *cells, end = one.written.split(" {{ ")[0:1] + one.written.split(" ")[-3:]
            assert begin.startswith("{%tr for row in t.") and end == "%}" and cells
            table = document.add_table(3, 1)
            table.cell(0, 0).text = begin
            table.cell(1, 0).text = one.written[len(begin) : one.written.rindex("{%tr endfor")]
            table.cell(2, 0).text = "{%tr endfor %}"
            out = io.BytesIO()
            document.save(out)
            assert "样例" in text_of(store.render(out.getvalue(), "表.docx", letters.sample_of(kind)))


def test_the_calendar_is_opened_once_and_lines_are_added_with_a_ground(made: Reports) -> None:
    world = made.world
    city = calendar.Place(world.city, world.departments["city_ecology"])
    by = world.actor("city_officer") if "city_officer" in world.people else None
    if by is not None:
        first = calendar.open_year(city, 2026, by=by, at=world.at)
        assert {one.kind for one in first} == {"polluted_year", "key_unit_list"}
        assert calendar.open_year(city, 2026, by=by, at=world.at) == []
    assert calendar.open_year(made.place, 2026, by=world.actor("officer"), at=world.at) == []
    due = made.due(due=date(2026, 3, 31))
    (duty,) = Duty.objects.for_subject(due)
    assert duties.state_of(duty, world.day) is State.DUE_BEFORE_ISSUE
    with pytest.raises(ReportRefused) as refused:
        made.due(due=date(2026, 3, 31))
    assert refused.value.code == "reporting.due.twice"
    for wrong in ({"basis": " "}, {"receiver": ""}):
        with pytest.raises(ReportRefused) as refused:
            made.due("另一份", **wrong)
        assert refused.value.code == "reporting.due.missing"
    with pytest.raises(ReportRefused, match="原因"):
        calendar.drop(due, " ", by=world.actor("officer"), at=world.at)
    dropped = calendar.drop(due, "市局已取消", by=world.actor("officer"), at=world.at)
    assert not Duty.objects.for_subject(due).live_on(date(2026, 11, 21)).exists()
    calendar.restore(dropped, by=world.actor("officer"), at=world.at)
    assert Duty.objects.for_subject(due).live_on(date(2026, 11, 21)).exists()


def test_a_table_prints_words_and_never_the_code_of_a_state() -> None:
    for name, key in (("campaigns", "state"), ("alerts", "level"), ("problems", "state")):
        (column,) = [one for one in collections()[name].columns if one.key == key]
        for code in column.format.words:  # type: ignore[union-attr]
            assert not str(column.told({key: code})).isascii(), (name, code)


@pytest.mark.parametrize(
    ("first", "last", "ran"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), False),
        (date(2025, 1, 1), date(2026, 1, 1), True),
        (date(2026, 11, 20), date(2027, 2, 1), True),
        (date(2026, 11, 21), date(2026, 12, 1), False),
        (date(2025, 6, 1), None, True),
        (None, None, False),
    ],
)
def test_what_ran_in_a_year_is_told_up_to_the_day_spoken_of(made: Reports, first: Any, last: Any, ran: bool) -> None:
    reading = copies.reading_of(made.wanted("monitoring"), by=made.world.actor("officer"))
    assert tables._ran(first, last, reading) is ran


def test_a_file_that_cannot_be_written_is_refused_in_words(
    made: Reports, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_start_django", lambda: None)
    monkeypatch.setenv("SOILDESK_USER", "officer")
    ask = ["report", "make", "indicators", "--year", "2026", "--json", "--out"]
    (tmp_path / "表.docx").mkdir()
    assert cli.main([*ask, str(tmp_path / "表.docx")]) == 1
    assert "是文件夹，不能写成文件" in json.loads(capsys.readouterr().out)["error"]["sentence"]

    def full(_self: Path, _data: bytes) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        assert cli.main([*ask, str(tmp_path / "甲.docx")]) == 1
        told = json.loads(capsys.readouterr().out)["error"]
        assert told["code"] == "report.make.out" and "不能写入" in told["sentence"] and "Errno" not in told["sentence"]
    monkeypatch.setenv("SOILDESK_USER", "agriculture")
    assert cli.main([*ask, str(tmp_path / "乙.docx")]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["sentence"].startswith("您不能查阅"), "no blank code is told"


def test_a_day_that_is_past_is_told_as_it_was(made: Reports) -> None:
    """What was settled since was open then, in the count and in the list; its term is that of the day."""
    desk, by, moment = Desk(made.world), made.world.actor("officer"), lambda day: datetime(2026, 11, day, 2, tzinfo=UTC)
    said = {"source": "letter", "fact": "地面防渗层破损", "found_on": date(2026, 11, 2), "due": date(2026, 11, 15)}
    said["unit"] = made.world.departments["agriculture"]
    problem = problems.record(said, desk.place(), by=by, at=moment(3))
    problems.answer(problem, desk.done("agriculture", at=moment(17)), [Proof("整改后.png", PICTURE)])
    problems.settle(problem, desk.done("officer", at=moment(18)))

    def told(on: date) -> tuple[Any, Any, list[str]]:
        reading = Reading(by, made.world.district, copies.period_named("2026"), on, by.today)
        rows = tables.tables()["oversight.open_rows"].run(reading).rows or ()
        values = [reading.figure(f"oversight.{name}_problems").value for name in ("open", "late")]
        return values[0], values[1], [row.values["state"] for row in rows]

    assert told(date(2026, 11, 16)) == (1, 1, ["未销号"]) and told(date(2026, 11, 20)) == (0, 0, [])
    assert told(date(2026, 11, 15)) == (1, 0, ["未销号"]), "on its last day it is not late"
    assert told(date(2026, 11, 1))[0] is None, "before anything was found nothing is known"
