"""Pages of reports: from the calendar to the receipt, a template, and a superior's form mapped once and filled."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.conftest import World
from desk.reporting_world import Reports
from desk.test_reporting_letters import docx, form, running_form, text_of
from soildesk.core.models import AuditEntry
from soildesk.kit.letters.running import LetterRefused
from soildesk.oversight.models import Problem
from soildesk.reporting import files as papers
from soildesk.reporting.models import BlankForm, ReportCopy, ReportDue
from soildesk.reporting.queries.reading import Figure, Reading
from soildesk.reporting.refusals import ReportRefused
from soildesk.reporting.services import blanks
from soildesk.reporting.services.blanks import List, Upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(world: World, monkeypatch: pytest.MonkeyPatch) -> Reports:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Reports(world)


def desk(made: Reports, who: str = "officer") -> Client:
    """Somebody at the desk."""
    return made.world.browser(who)


def url(copy: ReportCopy, name: str) -> str:
    """An act on a report."""
    return reverse("reporting:copy_act", args=[copy.uid, name])


def test_from_the_calendar_to_the_receipt(made: Reports) -> None:
    officer, issuer = desk(made), desk(made, "issuer")
    said = {
        "title": "年度实施情况报告", "form": "annual", "receiver": "云泽市生态环境局", "period": "2026", "due": "2026-12-31",
        "unit": made.world.departments["ecology"].pk, "basis": "方案第24项",
    }  # fmt: skip
    page = officer.get(reverse("reporting:add_due"))
    assert "别处的规定" in page.content.decode()
    answer = officer.post(reverse("reporting:add_due"), said)
    due = ReportDue.objects.get()
    assert answer.status_code == 302 and str(due.uid) in answer["Location"]
    line = officer.get(answer["Location"]).content.decode()
    assert "土壤污染防治方案年度实施情况报告" in line and ">annual<" not in line
    assert officer.post(reverse("reporting:add_due"), said).status_code == 422
    page = officer.get(f"{reverse('reporting:make')}?due={due.uid}").content.decode()
    assert f'value="{due.uid}" selected' in page
    asked = {"kind": "annual", "place": "990101", "period": "2026", "due": str(due.uid)}
    assert officer.post(reverse("reporting:make"), asked).status_code == 302
    copy = ReportCopy.objects.get()
    record = officer.get(reverse("kit:record", args=["reports", copy.uid])).content.decode()
    assert "青禾区2026年土壤污染防治方案年度实施情况报告" in record and "未能填报的内容" in record
    assert officer.post(url(copy, "sign"), {}).status_code == 403
    assert officer.post(url(copy, "remake")).status_code == 302
    assert issuer.post(url(copy, "sign"), {"document": "青环〔2026〕50号"}).status_code == 302
    refused = officer.post(url(copy, "remake"))
    assert refused.status_code == 422 and "已签发的不能改" in refused.content.decode()
    assert officer.post(url(copy, "send"), {"to": "市局", "on": "2026-11-21"}).status_code == 422
    assert officer.post(url(copy, "send"), {"to": "市局", "on": "2026-11-20"}).status_code == 302
    receipt = {"number": "收1号", "on": "2026-11-20", "file": SimpleUploadedFile("回执.pdf", b"%PDF-1.4 receipt")}
    assert officer.post(url(copy, "receive"), receipt).status_code == 302
    copy.refresh_from_db()
    assert copy.state == "received" and copy.receipt == "收1号"
    record = officer.get(reverse("kit:record", args=["reports", copy.uid])).content.decode()
    assert "回执.pdf" in record and "登记报表回执" in record
    line = officer.get(reverse("kit:collection", args=["report_dues"])).content.decode()
    assert "已有回执" in line and "已完成" in line
    for name, start in (("copy_word", b"PK"), ("copy_excel", b"PK")):
        assert officer.get(reverse(f"reporting:{name}", args=[copy.uid])).content.startswith(start)


def test_others_see_none_of_it(made: Reports) -> None:
    copy, due = made.copy("annual"), made.due()
    stranger = desk(made, "stranger")
    for name in ("copy_word", "copy_excel", "copy_form", "copy_figure"):
        assert stranger.get(reverse(f"reporting:{name}", args=[copy.uid])).status_code == 404
    assert stranger.get(reverse("kit:record", args=["reports", copy.uid])).status_code == 404
    assert stranger.get(reverse("kit:record", args=["report_dues", due.uid])).status_code == 404
    assert stranger.get(f"{reverse('reporting:mayor')}?place=990101").status_code in (403, 404)
    assert Client().get(reverse("reporting:mayor")).status_code == 302
    town = desk(made, "town").get(reverse("reporting:mayor"))
    assert town.status_code == 422 and "只能查阅本单位的" in town.content.decode(), "a way that ends says why"
    assert desk(made, "reader").post(reverse("reporting:make"), {}).status_code == 403
    assert desk(made, "admin").get(reverse("reporting:mayor")).status_code == 403


def test_a_line_is_dropped_with_a_reason_and_comes_back(made: Reports) -> None:
    due, officer = made.due(), desk(made)
    drop = reverse("reporting:drop_due", args=[due.uid])
    assert officer.post(drop, {"why": ""}).status_code == 422
    assert officer.post(drop, {"why": "市局已取消"}).status_code == 302
    assert "已移出" in officer.get(reverse("kit:collection", args=["report_dues"])).content.decode()
    restore = reverse("reporting:restore_due", args=[due.uid])
    assert officer.get(restore).status_code == 405
    assert officer.post(restore).status_code == 302
    assert officer.post(restore).status_code == 422
    assert officer.post(reverse("reporting:open_year"), {"year": "2026"}).status_code == 302


def test_a_template_is_uploaded_used_and_taken_out(made: Reports) -> None:
    officer, page = desk(made), reverse("reporting:kind", args=["annual"])
    told = officer.get(page).content.decode()
    assert "{{ f.tasks_all.text }}" in told and "{%tr for row in t.tasks_overdue_rows %}" in told
    wrong = officer.post(page, {"file": SimpleUploadedFile("坏.docx", docx("{{ heading.__class__ }}"))})
    assert wrong.status_code == 422 and "不允许使用" in wrong.content.decode()
    assert officer.post(page, {"file": SimpleUploadedFile("本局.docx", docx("甲{{ heading }}"))}).status_code == 302
    copy = made.copy("annual")
    word = officer.get(reverse("reporting:copy_word", args=[copy.uid])).content
    assert text_of(word).startswith("甲青禾区2026年")
    assert desk(made, "reader").post(page, {}).status_code == 403
    assert officer.post(reverse("reporting:retire_template", args=["annual"])).status_code == 302
    assert made.copy("annual").template is None


def test_a_superiors_form_is_mapped_once_and_filled_ever_after(made: Reports) -> None:
    officer = desk(made)
    upload = {"name": "季度报表", "receiver": "云泽市生态环境局", "file": SimpleUploadedFile("季度报表.xlsx", form())}
    assert officer.post(reverse("reporting:new_blank"), upload).status_code == 302
    blank = BlankForm.objects.get()
    assert blanks.proposed(blank)["附表1!B2"] == "own:office"
    page = officer.get(reverse("reporting:map_blank", args=[blank.uid])).content.decode()
    assert 'name="cell:附表1!B3"' in page and 'value="填报单位"' in page
    wrong = officer.post(reverse("reporting:map_blank", args=[blank.uid]), {"cell:附表1!B2": "没有的"})
    assert wrong.status_code == 422 and "没有“没有的”这个字段" in wrong.content.decode()
    mapped = {"cell:附表1!B2": "填报单位", "cell:附表1!D2": "任务总数", "cell:附表1!B3": "受污染耕地安全利用率"}
    answer = officer.post(reverse("reporting:map_blank", args=[blank.uid]), mapped)
    assert answer.status_code == 302, answer.content.decode()[answer.content.decode().find("notice-error") :][:400]
    asked = {"place": "990101", "period": "2026Q3"}
    assert officer.post(reverse("reporting:fill_blank", args=[blank.uid]), asked).status_code == 302
    copy = ReportCopy.objects.get()
    assert [gap["id"] for gap in copy.snapshot["gaps"]] == ["附表1!B3"]
    data = officer.get(reverse("reporting:copy_form", args=[copy.uid])).content
    filled: Any = openpyxl.load_workbook(io.BytesIO(data))["附表1"]
    assert (filled["B2"].value, filled["D2"].value, filled["B3"].value) == ("青禾区生态环境局", 4, None)
    assert filled["B3"].font.bold and filled["A1"].value == "土壤污染防治季度报表"
    assert "空着" in officer.get(reverse("kit:record", args=["reports", copy.uid])).content.decode()
    assert officer.post(reverse("reporting:retire_blank", args=[blank.uid])).status_code == 302
    assert officer.post(reverse("reporting:fill_blank", args=[blank.uid]), asked).status_code == 422
    assert AuditEntry.objects.filter(act__startswith="reporting.blank.").count() == 3


def test_a_form_in_running_text_is_filled_for_any_year(made: Reports) -> None:
    by, office, officer = made.world.actor("officer"), made.world.departments["ecology"], desk(made)
    blank = blanks.take_in(Upload("简报", "简报.docx", running_form()), office, by=by, at=made.world.at)
    assert blanks.proposed(blank) == {
        "P!p2g1": "figure:tasks.all:text",
        "P!p2g2": "figure:tasks.done:text",
        "P!p3g1": "own:office",
    }, "by the clause before the gap, not by the whole sentence"
    page = officer.get(reverse("reporting:map_blank", args=[blank.uid])).content.decode()
    assert 'name="cell:P!p2g1" value="任务总数"' in page and "正文" in page and "表 1" in page
    mapping = {**blanks.proposed(blank), "P!p2g3": "figure:tasks.overdue:text", "T1!r1c2": "own:year"}
    blank = blanks.map_cells(blank, mapping, by=by, at=made.world.at)
    told = {}
    for period in ("2026", "2025"):
        copy = blanks.fill(blank, made.wanted("", period), made.place, by=by, at=made.world.at)
        data, name = papers.filled(copy)
        told[period] = (text_of(data), [gap["what"] for gap in copy.snapshot["gaps"]])
        assert name == "简报.docx"
    assert (
        "全区共有方案任务总数4项，已完成任务（0）项" in told["2026"][0]
        and "填报单位：青禾区生态环境局（盖章）" in told["2026"][0]
    )
    assert told["2026"][0].endswith("2026") and not told["2026"][1], "a year is no decimal fraction"
    assert (
        "任务总数____项，已完成任务（　　）项" in told["2025"][0]
        and told["2025"][1][0] == "全区共有方案任务总数：任务总数"
    )
    page = officer.get(reverse("kit:record", args=["reports", copy.uid])).content.decode()
    assert "正文第 2 段第 2 空" in page and "表 1 第 1 行第 2 列" in page and "P!p2" not in page
    assert copy.snapshot["cells"]["P!p2g2"]["label"] == "已完成任务", "the clause, without brackets and units before it"
    blank = blanks.map_cells(blank, {"P!p2g1": "figure:tasks.overdue:text"}, by=by, at=made.world.at)
    again = blanks.fill(blank, made.wanted(""), made.place, by=by, at=made.world.at)
    assert list(again.snapshot["cells"]) == ["P!p2g1"] and papers.filled(copy)[0], (
        "what was filled before keeps its own cells"
    )


def test_a_form_without_anything_to_fill_is_refused(made: Reports) -> None:
    by, office = made.world.actor("officer"), made.world.departments["ecology"]
    book = openpyxl.Workbook()
    book.active.append(["单位", "区生态环境局"])
    full = io.BytesIO()
    book.save(full)
    for name, data in (("通知.docx", docx("请于月底前报送。")), ("已填.xlsx", full.getvalue())):
        with pytest.raises(ReportRefused, match="没有可以填写的空格") as refused:
            blanks.take_in(Upload("表", name, data), office, by=by, at=made.world.at)
        assert refused.value.code == "reporting.blank.no_cells"
    with pytest.raises(ReportRefused, match=r"另存为 \.xlsx 或 \.docx"):
        blanks.take_in(Upload("表", "表.docm", docx("（）")), office, by=by, at=made.world.at)


def test_words_speak_for_the_cell_beside_them_alone(made: Reports) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "表"
    for row in (
        ("2026年度", None, None, None, None),
        ("类别", "指标", "数值", "分子", "备注"),
        ("农用地", "受污染耕地安全利用率", None, None, None),
        ("任务", "已完成的", None, None, None),
    ):
        sheet.append(row)
    sheet.merge_cells("A1:E1")
    out = io.BytesIO()
    book.save(out)
    by, office = made.world.actor("officer"), made.world.departments["ecology"]
    blank = blanks.take_in(Upload("季报", "季报.xlsx", out.getvalue()), office, by=by, at=made.world.at)
    assert blanks.proposed(blank) == {
        "表!C3": "figure:farmland.safe_use_rate:text",
        "表!D3": "figure:farmland.safe_use_rate:numerator",
    }, "neither the remark nor the year of the title"


def test_rows_are_written_downwards_and_what_has_no_room_is_told(made: Reports) -> None:
    made.with_problems()
    by, office = made.world.actor("officer"), made.world.departments["ecology"]
    blank = blanks.take_in(Upload("问题表", "问题表.xlsx", form()), office, by=by, at=made.world.at)
    for wrong, said in (
        (
            List("附表1", 3, 3, "oversight.open_rows", {"A": "nothing"}),
            "没有“nothing”这一列：可以写序号、编号、问题事实",
        ),
        (List("附表1", 3, 3, "oversight.open_rows", {}), "至少一列"),
        (List("附表1", 3, 9, "oversight.open_rows", {"A": "fact"}), "“附表1”有 3 行，填不到第 3 至 9 行"),
    ):
        with pytest.raises(ReportRefused, match=said):
            blanks.map_cells(blank, {}, [wrong], by=by, at=made.world.at)
    rows = List("附表1", 3, 3, "oversight.open_rows", {"C": "fact"})
    blank = blanks.map_cells(blank, {}, [rows], by=by, at=made.world.at)
    copy = blanks.fill(blank, made.wanted(""), made.place, by=by, at=made.world.at)
    assert {one["label"] for one in copy.snapshot["cells"].values()} == {"问题事实"}, (
        "the heading of the column, not its key"
    )
    assert copy.gaps == 1 and "另有 1 行放不下" in copy.snapshot["gaps"][0]["why"]
    data, _name = papers.filled(copy)
    sheet: Any = openpyxl.load_workbook(io.BytesIO(data))["附表1"]
    assert "危废台账缺失" in {sheet["B3"].value, sheet["C3"].value} or "地面防渗层破损" in {
        sheet["B3"].value,
        sheet["C3"].value,
    }


def test_a_new_version_keeps_what_still_stands(made: Reports) -> None:
    by, office = made.world.actor("officer"), made.world.departments["ecology"]
    first = blanks.take_in(Upload("表", "表.xlsx", form()), office, by=by, at=made.world.at)
    blanks.map_cells(first, {"附表1!B2": "own:office", "附表1!D2": "own:year"}, by=by, at=made.world.at)
    book: Any = openpyxl.load_workbook(io.BytesIO(form()))
    book["附表1"]["C2"] = "期次"
    out = io.BytesIO()
    book.save(out)
    second = blanks.take_in(Upload("表", "表.xlsx", out.getvalue()), office, by=by, at=made.world.at)
    assert second.version == 2 and second.mapping == {"附表1!B2": "own:office"}
    with pytest.raises(ReportRefused) as refused:
        blanks.fill(second, made.wanted(""), made.place, by=by, at=made.world.at)
    assert refused.value.code == "reporting.blank.unmapped"
    with pytest.raises(LetterRefused):
        blanks.take_in(Upload("坏表", "坏.xlsx", b"PK\x03\x04"), office, by=by, at=made.world.at)
    with pytest.raises(ReportRefused):
        blanks.take_in(Upload("宏", "宏.xlsm", form()), office, by=by, at=made.world.at)


def test_today_tells_what_is_owed_soon_or_without_a_term(made: Reports) -> None:
    made.due("十一月报表", due=date(2026, 11, 30))
    made.due("没有写日期的报表", due=None)
    made.due("明年的报表", due=date(2027, 3, 31))
    today = desk(made).get("/").content.decode()
    assert "应报报表" in today and "十一月报表" in today and "没有写日期的报表" in today
    assert "明年的报表" not in today


def test_one_page_for_the_mayor_speaks_of_the_day_asked(made: Reports) -> None:
    made.with_problems()
    officer = desk(made)
    today = officer.get(reverse("reporting:mayor")).content.decode()
    before = officer.get(f"{reverse('reporting:mayor')}?on=2026-11-12").content.decode()
    assert "数据截至 2026-11-20" in today and "数据截至 2026-11-12" in before
    late = 'data-name="oversight.late_problems" data-figure="{}">{}个'
    assert late.format(1, 1) in today and late.format(0, 0) in before
    ahead = officer.get(f"{reverse('reporting:mayor')}?on=2027-01-01")
    assert ahead.status_code == 422 and "还没有开始" in ahead.content.decode()
    assert date(2026, 11, 20) == made.world.day


def test_a_form_that_prints_its_rows_is_filled_by_their_names(made: Reports) -> None:
    made.with_problems()
    by, office = made.world.actor("officer"), made.world.departments["ecology"]
    facts = ["地面防渗层破损", "没有这个问题", "危废台账缺失"]
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "表"
    for row in (("序号", "问题", "编号"), *((at, fact, None) for at, fact in enumerate(facts, 1))):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    blank = blanks.take_in(Upload("对号表", "对号表.xlsx", out.getvalue()), office, by=by, at=made.world.at)
    with pytest.raises(ReportRefused, match="B 列已印有“地面防渗层破损”等"):
        blanks.map_cells(blank, {}, [List("表", 2, 4, "oversight.open_rows", {"C": "number"})], by=by, at=made.world.at)
    rows = List("表", 2, 4, "oversight.open_rows", {"B": "fact", "C": "number"})
    blank = blanks.map_cells(blank, {}, [rows], by=by, at=made.world.at)
    copy = blanks.fill(blank, made.wanted(""), made.place, by=by, at=made.world.at)
    data, _name = papers.filled(copy)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["表"]
    numbers = {one.fact: one.number for one in Problem.objects.all()}
    assert [sheet[f"B{line}"].value for line in (2, 3, 4)] == facts, "what is printed stays"
    assert [sheet[f"C{line}"].value for line in (2, 3, 4)] == [numbers[facts[0]], None, numbers[facts[2]]]
    assert [one["why"] for one in copy.snapshot["gaps"]] == ["表上印着、没有记录的：没有这个问题。"]


def test_a_rate_is_a_share_where_the_cell_shows_percent_and_every_cell_opens_to_its_rows(
    made: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.with_problems()
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "表"
    for row in (("隐患排查完成率", None), ("任务总数", None), (None, None), (None, None), ("合计", "=COUNTA(B3:B4)")):
        sheet.append(row)
    sheet["B1"].number_format = "0.0%"
    out = io.BytesIO()
    book.save(out)
    by, office, officer = made.world.actor("officer"), made.world.departments["ecology"], desk(made)
    blank = blanks.take_in(Upload("率", "率.xlsx", out.getvalue()), office, by=by, at=made.world.at)
    with pytest.raises(ReportRefused, match=r"表!B5 是公式"):
        blanks.map_cells(blank, {"表!B5": "own:year"}, by=by, at=made.world.at)
    with pytest.raises(ReportRefused, match=r"表!B5 是公式"):
        blanks.map_cells(blank, {}, [List("表", 3, 5, "oversight.open_rows", {"B": "fact"})], by=by, at=made.world.at)
    mapping = {"表!B1": "figure:oversight.problems_in_time:text", "表!B2": "figure:tasks.all:text"}
    rows = [List("表", 3, 4, "oversight.open_rows", {"B": "fact"})]
    blank = blanks.map_cells(blank, mapping, rows, by=by, at=made.world.at)
    half = Figure("oversight.problems_in_time", "按时整改率", Decimal("50"), "%", rows=())
    whole = Reading.figure
    told = lambda self, name: half if name == half.id else whole(self, name)  # noqa: E731
    monkeypatch.setattr(Reading, "figure", told)
    copy = blanks.fill(blank, made.wanted(""), made.place, by=by, at=made.world.at)
    filled: Any = openpyxl.load_workbook(io.BytesIO(papers.filled(copy)[0]))["表"]
    assert (filled["B1"].value, filled["B2"].value, filled["B5"].value) == (0.5, 4, "=COUNTA(B3:B4)")
    page = officer.get(reverse("kit:record", args=["reports", copy.uid])).content.decode()
    cells = page[page.index('id="cells-title"') :]
    addresses = re.findall(r'<a class="figure" href="([^"]+)">', cells[: cells.index("</section>")])
    assert len(addresses) == 4, "two figures, two rows"
    for address in addresses:
        assert officer.get(address.replace("&amp;", "&")).status_code == 200
