"""A scheme an office wrote itself: from its workbook through the assessment to a final result; what is wrong in it is told."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from desk.assess_world import DUE, PDF, Assessing, shared_world
from desk.conftest import DAY
from desk.test_assess_pages import desk, record
from soildesk import cli
from soildesk.assessment import workbook
from soildesk.assessment.models import Assessment, SchemeAdoption
from soildesk.assessment.queries import facts
from soildesk.assessment.queries.standing import Standing, objections_until, scheme_of
from soildesk.assessment.refusals import AssessmentRefused
from soildesk.assessment.services import adopting, checking, finishing, opening, selfassessing
from soildesk.assessment.services.acting import Doing, Paper
from soildesk.assessment.services.adopting import Adopting
from soildesk.assessment.services.selfassessing import Said
from soildesk.core import clock
from soildesk.core.calendar import working_calendar
from soildesk.reporting.services.copies import Wanted, period_named, reading_of
from soilrules.assessment.facts import struck
from soilrules.assessment.scheme import Level
from soilrules.assessment.schemes import of_data, schemes
from soilrules.assessment.score import printed, score

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shared(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assessing]:
    with shared_world(django_db_blocker, tmp_path_factory.mktemp("own")) as made:
        yield made


@pytest.fixture
def made(shared: Assessing, db: None, monkeypatch: pytest.MonkeyPatch) -> Assessing:
    monkeypatch.setenv("SOILDESK_TODAY", DAY.isoformat())
    return shared


def book(change: Callable[[Any], None]) -> bytes:
    """The workbook of a shipped scheme, as an office changed it."""
    found = openpyxl.load_workbook(io.BytesIO(workbook.written(schemes()["county_year"])))
    change(found)
    out = io.BytesIO()
    found.save(out)
    return out.getvalue()


def own(found: Any) -> None:
    """云泽市's own scheme: two items, one deduction, one veto, three grades."""
    for name in workbook.HEADS:
        sheet = found[name]
        if name != "方案":
            sheet.delete_rows(2, 99)
    whole = {row[0].value: row[1] for row in found["方案"].iter_rows(min_row=2)}
    whole["编号"].value, whole["名称"].value, whole["几个起排名"].value = "yunze_2026", "云泽市2026年净土考核办法", 1
    found["指标"].append(
        ["rate", "目标", "受污染耕地安全利用率", 60, "达到得满分", "受污染耕地安全利用率", "", "≥", 93]
    )
    found["指标"].append(["", "工作", "公众满意度", 40, "按比例得分", "", "", "≥", 90])
    found["扣分"].append(["late", "逾期未销号的问题", "逾期未销号问题", 2, 6])
    found["一票否决"].append(["fake", "弄虚作假", "", "不达标", "本办法第九条"])
    for row in (["a", "达标", 85], ["b", "基本达标", 70.5], ["c", "不达标", 0]):
        found["等次"].append(row)
    found["后续建议"].append(["talk", "约谈", "建议约谈。", "不达标", "上级机关", "本办法第十条"])


@pytest.mark.parametrize("name", sorted(schemes()))
def test_every_scheme_comes_back_from_its_workbook(made: Assessing, name: str) -> None:
    first = schemes()[name]
    back = workbook.read(workbook.written(first), "方案.xlsx")
    parts = {first.parts[one.part]: one.part for one in first.items}
    assert [back.parts[one.part] for one in back.items] == [first.parts[one.part] for one in first.items]
    told = [replace(one, part=parts[back.parts[one.part]], weight_mark=mine.weight_mark) for one, mine in zip(back.items, first.items, strict=True)]  # fmt: skip
    assert tuple(told) == first.items
    assert (back.vetoes, back.grades, back.consequences) == (
        tuple(one for one in first.vetoes if one.in_use), first.grades, first.consequences,
    )  # fmt: skip
    assert (back.id, back.assessed, back.least_ranked, back.not_applicable) == (
        first.id, tuple(sorted(first.assessed, key=list(Level).index)), first.least_ranked, first.not_applicable,
    )  # fmt: skip


def uploaded(made: Assessing, data: bytes, name: str = "办法.xlsx") -> Any:
    given = {"file": SimpleUploadedFile(name, data), "year": "2026", "document": "云环委〔2026〕31号", "ground": ""}
    return desk(made, "city_issuer").post(reverse("assessment:upload"), given)


def test_an_own_scheme_goes_the_whole_way(
    made: Assessing, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert uploaded(made, book(own)).status_code == 302
    adoption = SchemeAdoption.objects.get(scheme="yunze_2026")
    page = (
        desk(made, "city_issuer").get(reverse("kit:record", args=["assessment_schemes", adoption.uid])).content.decode()
    )
    assert "公众满意度" in page and "等次定为不达标" in page and "基本达标 ≥70.5" in page
    (one,) = opening.open_for(
        adoption, [made.world.district], DUE, by=made.world.actor("city_officer"), at=made.world.at
    )
    item = next(each.id for each in Standing(one).scheme.items if each.title == "公众满意度")
    selfassessing.fill(one, item, Said(Decimal(90)), made.doing("officer", "第三方调查", Paper("报告.pdf", PDF)))
    selfassessing.fill(one, "fake", Said(Decimal(0)), made.doing("officer", "没有"))
    selfassessing.sign(one, made.doing("issuer"))
    checking.confirm_said(one, made.doing("city_officer", "核对材料"))
    checking.confirm(one, "rate", Said(Decimal("92.9")), made.doing("city_officer", "现场核定"))
    checking.announce(one, made.doing("city_officer"))
    done = finishing.finish(one, "云环委〔2026〕40号", made.doing("city_issuer"))
    assert (str(done.worst), str(done.best), done.grade) == ("38.00", "38.00", "c"), (
        "40 points, 2 off for one late problem"
    )
    assert [each.kind for each in done.proposals.all()] == ["talk"] and finishing.intact(done)
    shown = record(desk(made, "officer"), done)
    assert "38.00" in shown and "不达标" in shown and "第 1 名，共 1 个" in shown
    listed = (
        desk(made, "officer")
        .get(reverse("kit:collection", args=["assessments"]) + "?scheme=yunze_2026")
        .content.decode()
    )
    assert done.number in listed and "不达标" in listed
    monkeypatch.setattr(cli, "_start_django", lambda: None)
    monkeypatch.setenv("SOILDESK_USER", "officer")
    assert cli.main(["assess", "yunze_2026", "--year", "2026", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["score"]["worst"], told["score"]["grade_title"], told["sha256"]) == ("38.00", "不达标", done.digest)
    assert cli.main(["assess", "yunze_2026", "--year", "2025", "--json"]) == 1, "no such scheme in that year"


def test_an_own_scheme_is_changed_by_the_form_and_by_another_workbook(made: Assessing) -> None:
    uploaded(made, book(own))
    issuer = desk(made, "city_issuer")
    page = issuer.get(reverse("assessment:adopt", args=["yunze_2026"]) + "?year=2026")
    assert page.status_code == 200 and "公众满意度" in page.content.decode()
    first = SchemeAdoption.objects.get(scheme="yunze_2026")
    item = next(one.id for one in scheme_of(first).items if one.id != "rate")
    given = {"year": "2026", "document": "云环委〔2026〕32号", "rate-in_use": "on", f"{item}-in_use": "on", "late-in_use": "on",
             "fake-in_use": "on", "rate-weight": "50", f"{item}-weight": "40"}  # fmt: skip
    wrong = issuer.post(reverse("assessment:adopt", args=["yunze_2026"]), given)
    assert wrong.status_code == 422 and "合计应为 100 分，现为 90 分" in wrong.content.decode()
    assert (
        issuer.post(reverse("assessment:adopt", args=["yunze_2026"]), {**given, "rate-weight": "60"}).status_code == 302
    )
    same = uploaded(made, book(own))
    assert same.status_code == 302 and SchemeAdoption.objects.filter(scheme="yunze_2026").count() == 3
    assert "完全相同" in uploaded(made, book(own)).content.decode()
    back = issuer.get(
        reverse(
            "assessment:own_workbook", args=[SchemeAdoption.objects.get(scheme="yunze_2026", superseded_at=None).uid]
        )
    )
    assert workbook.read(back.content, "下载.xlsx") == of_data(first.own), "what is downloaded is what was uploaded"


def _cell(sheet: str, place: str, value: Any) -> Callable[[Any], None]:
    def change(found: Any) -> None:
        own(found)
        found[sheet][place] = value

    return change


def _gone(found: Any) -> None:
    own(found)
    del found["等次"]


def _renamed(found: Any) -> None:
    own(found)
    found["指标"]["D1"] = "分数"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_cell("指标", "D2", 70), "合计应为 100 分，现为 110 分"),
        (_cell("指标", "D2", "六十"), "“指标”第 2 行：“分值”的“六十”不是数字"),
        (_cell("指标", "D2", "=1+59"), "不是数字"),
        (_cell("指标", "D2", "1e999999999"), "不是数字"),
        (_cell("方案", "B8", "1e999999999"), "不是数字"),
        (_cell("指标", "E2", "看情况"), "“打分办法”的“看情况”不认识，应为：达到得满分、按比例得分、每项扣分"),
        (_cell("指标", "F2", "好事做了几件"), "“数据来源”的“好事做了几件”不认识"),
        (_cell("指标", "C2", None), "“指标”没有填写"),
        (_cell("指标", "A2", "Rate 1"), "编号“Rate 1”只能用小写字母"),
        (_cell("指标", "I3", 0), "“公众满意度”按比例得分，目标不能是 0"),
        (_cell("扣分", "A2", "rate"), "编号 rate 出现两次"),
        (_cell("扣分", "D2", -1), "小于 0"),
        (_cell("一票否决", "D2", "差"), "“等次最高为”的“差”不认识"),
        (_cell("等次", "C4", 10), "末尾为 0"),
        (_cell("方案", "B2", "county_year"), "是随系统提供的方案"),
        (_cell("方案", "B6", "村"), "“考核对象”第|“内容”的“村”不认识"),
        (_gone, "没有工作表“等次”"),
        (_renamed, "没有“分值”这一列"),
    ],
)
def test_what_is_wrong_in_a_workbook_is_told_with_its_place(made: Assessing, change: Any, said: str) -> None:
    wrong = uploaded(made, book(change))
    told = wrong.content.decode()
    assert wrong.status_code == 422 and any(one in told for one in said.split("|")), told[told.find("notice-error") :][
        :300
    ]
    assert not SchemeAdoption.objects.filter(scheme="yunze_2026").exists()


def test_what_is_no_workbook_is_refused_and_so_is_who_may_not(made: Assessing) -> None:
    assert "请先下载一个方案的 Excel" in uploaded(made, b"PK\x03\x04", "办法.pdf").content.decode()
    broken = uploaded(made, b"PK\x03\x04")
    assert broken.status_code == 422 and "办法.xlsx" in broken.content.decode()
    for who in ("officer", "city_officer", "agriculture"):
        assert desk(made, who).get(reverse("assessment:upload")).status_code == 403, who
    wanted = Adopting("x", 2026, "文号", own=workbook.read(book(own), "办法.xlsx"))
    with pytest.raises(AssessmentRefused, match="文号"):
        adopting.adopt(replace(wanted, document=" "), made.city, by=made.world.actor("city_issuer"), at=made.world.at)


def test_a_town_is_told_its_own_result_by_the_command(
    made: Assessing, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_start_django", lambda: None)
    monkeypatch.setenv("SOILDESK_USER", "town")
    one = Assessment.objects.get(place=made.world.people["town"].department.division)
    assert cli.main(["assess", "district_towns", "--year", "2026", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["assessment"] == one.number
    assert cli.main(["assess", "county_year", "--year", "2026"]) == 1
    assert "没有您所在地区这个方案的考核" in capsys.readouterr().err


def with_term(days: Any) -> bytes:
    """云泽市's own scheme with a term of objections."""

    def change(found: Any) -> None:
        own(found)
        rows = {row[0].value: row[1] for row in found["方案"].iter_rows(min_row=2)}
        rows[workbook.OBJECTION].value = days

    return book(change)


def test_an_office_s_own_term_of_objections_binds_both_sides(made: Assessing) -> None:
    assert uploaded(made, with_term(5)).status_code == 302
    one = made.opened(SchemeAdoption.objects.get(scheme="yunze_2026"))
    Assessment.objects.filter(pk=one.pk).update(state="checked", signed_at=made.world.at, announced_at=made.world.at)
    one.refresh_from_db()
    told = clock.local_day(made.world.at)
    until = working_calendar().add_working_days(told, 5)[0]
    page = desk(made, "officer").get(reverse("kit:record", args=["assessments", one.uid])).content.decode()
    assert f"异议期到 {until} 为止" in page

    def on(who: str, day: date) -> Doing:
        return replace(made.doing(who, "数据有误"), at=made.world.at + (day - told))

    with pytest.raises(AssessmentRefused, match="期满后才能核定"):
        finishing.finish(one, "1号", on("city_issuer", until))
    with pytest.raises(AssessmentRefused, match="异议期已于"):
        checking.raise_objection(one, "", on("issuer", until + timedelta(days=1)))
    assert checking.raise_objection(one, "", on("issuer", until)).pk


@pytest.mark.parametrize(
    ("days", "said"), [(0, "异议期应为 1 至 90"), (91, "异议期应为 1 至 90"), (2.5, "应为整数"), ("五", "不是数字")]
)
def test_a_term_of_objections_is_a_number_of_working_days(made: Assessing, days: Any, said: str) -> None:
    answer = uploaded(made, with_term(days))
    assert answer.status_code == 422 and said in answer.content.decode()


def test_a_scheme_that_sets_no_term_has_none(made: Assessing) -> None:
    assert {one.objection_days for one in schemes().values()} == {None}
    assert objections_until(made.one) is None


def counted(found: Any) -> None:
    """A scheme of counts: a ceiling, an amount wanted of two figures together, faults one by one."""
    own(found)
    found["指标"].delete_rows(2, 9)
    for row in (
        ["over", "任务", "逾期任务数", 30, "达到得满分", "逾期任务", "", "≤", 0],
        ["all", "任务", "未开始和逾期", 30, "按比例得分", "未开始任务；逾期任务", "", "≥", 8],
        ["open", "问题", "未销号问题", 40, "每项扣分", "未销号问题", "", "", "", 2, "是"],
    ):
        found["指标"].append(row)


def test_counts_are_added_up_and_held_against_their_target(made: Assessing) -> None:
    scheme = workbook.read(book(counted), "办法.xlsx")
    reading = reading_of(Wanted("", made.world.district, period_named("2026")), by=made.world.actor("officer"))
    kept = facts.read(scheme, reading)
    told = score(scheme, {name: facts.fact_of(one) for name, one in kept.items()})
    late, waiting, problems = (int(reading.figure(name).value or 0) for name in ("tasks.overdue", "tasks.not_started", "oversight.open_problems"))  # fmt: skip
    points = {one.item.id: (one.low, one.high) for one in told.items}
    assert (late, waiting > 0, problems > 0) == (late, True, True), "the world must have something to count"
    assert points["over"] == ((0, 0) if late else (30, 30))
    assert points["all"] == (printed(share := Fraction(30 * min(8, late + waiting), 8)), printed(share))
    assert points["open"] == (max(0, 40 - 2 * problems),) * 2
    fact = facts.fact_of(kept["all"])
    assert struck(fact, [fact.rows[0].key]).low == late + waiting - 1, "a row found false is one less"
    assert facts.fact_of(json.loads(json.dumps(kept["all"]))) == fact


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["x", "问题", "未销号问题", 40, "每项扣分", "未销号问题", "", "", "", 2], "“逐条算不符合”写“是”"),
        (
            ["x", "问题", "隐患", 40, "每项扣分", "重点监管单位完成隐患排查", "", "", "", 2, "是"],
            "“逐条算不符合”请留空",
        ),
        (["x", "问题", "两率", 40, "达到得满分", "受污染耕地安全利用率；未销号问题", "", "≥", 90], "本身就是比率"),
        (["x", "问题", "比", 40, "达到得满分", "受污染耕地安全利用率", "任务总数", "≥", 90], "本身就是比率"),
        (["x", "问题", "比", 40, "达到得满分", "", "任务总数", "≥", 90], "没有写数据来源"),
        (["x", "问题", "率", 40, "达到得满分", "受污染耕地安全利用率", "", "≥", 120], "超过 100%"),
        (["x", "问题", "率", 40, "每项扣分", "未销号问题", "", "", "", 2, "也许"], "应为：是、否。"),
    ],
)
def test_a_figure_is_asked_only_what_it_can_say(made: Assessing, row: list[Any], said: str) -> None:
    def change(found: Any) -> None:
        counted(found)
        found["指标"].delete_rows(4)
        found["指标"].append([{"重点监管单位完成隐患排查": HAZARD}.get(one, one) for one in row])

    answer = uploaded(made, book(change))
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page, page[page.find("打分办法") - 40 :][:400]


HAZARD = "enterprises.hazard_inspected"


def test_words_with_gaps_in_them_are_words(made: Assessing) -> None:
    def change(found: Any) -> None:
        own(found)
        found["指标"].cell(3, 3).value = "公众满意度（  ）："

    assert workbook.read(book(change), "办法.xlsx").items[1].title == "公众满意度（  ）："
