"""Local rules an office enters from a workbook: read all or nothing, shown row by row, adopted by the issuer, used by the gate."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.land_world import square
from desk.plot_world import Plots, noon
from desk.plotreport_world import ON, Reports
from desk.test_decisions_pages import asked, browser, text
from soildesk.core import versions
from soildesk.core.versions import Recording
from soildesk.decisions import ruletable
from soildesk.decisions.models import LocalProfile, LocalRules
from soildesk.decisions.queries.profiles import adopted_in
from soildesk.decisions.ruletemplate import workbook
from soildesk.decisions.services import profiles
from soildesk.kit.models import ImportBatch
from soildesk.land.services.writing import Place
from soildesk.plots.queries import reports as found
from soildesk.plots.refusals import ReportRefused
from soildesk.plots.services import notices, reviews
from soildesk.plots.services.reviews import Said
from soilrules.plantext.formats import Sheet
from soilrules.plantext.formats.builder import GridCell
from soilrules.plantext.formats.sheets import SheetRow

pytestmark = pytest.mark.django_db
HEAD = {
    "文件名称": "青禾区土壤污染防治2026年方案",
    "文号": "青环委〔2026〕5号",
    "起": "2026-01-01",
    "来源": "区政府网站2026-01-08公布",
    "核对日期": "2026-11-02",
}
RULE = {
    "规则": "属地不宜情形",
    "办理事项": "供地、出让合同",
    "用途类别": "工业、采矿；商业服务业",
    "地块情形": "污染地块未达要求",
    "效力": "应当",
    "条款": "三（二）",
    "原文": "污染地块不得供应",
}
LIMIT = {
    "内容": "省规定的调查期限",
    "数值": "45",
    "单位": "日",
    "条款": "第八条",
    "原文": "收到通知后四十五日内完成调查",
}


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plots(world)


def code(made: Plots) -> str:
    return made.world.district.code


def filled(head: dict[str, str], rules: list[dict[str, str]], limits: list[dict[str, str]] | None = None) -> bytes:
    """The template, filled in."""
    book = openpyxl.load_workbook(BytesIO(workbook()))
    for row in book[ruletable.HEAD_SHEET].iter_rows():
        row[1].value = head.get(row[0].value)
    for name, rows in ((ruletable.ROWS_SHEET, rules), (ruletable.LIMITS_SHEET, limits or [])):
        page = book[name]
        titles = [one.value for one in page[1]]
        for at, row in enumerate(rows, start=2):
            for title, value in row.items():
                page.cell(at, titles.index(title) + 1, value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def sheets(data: bytes) -> list[Sheet]:
    """A workbook as the limited process reads it."""
    book = openpyxl.load_workbook(BytesIO(data))
    return [
        Sheet(page.title, tuple(SheetRow(at, tuple(_cells(row))) for at, row in enumerate(page.values, start=1)))
        for page in book
    ]


def _cells(row: tuple[Any, ...]) -> list[GridCell]:
    return [GridCell(str(value), at) for at, value in enumerate(row) if value is not None]


def previewed(client: Client, data: bytes) -> ImportBatch:
    upload = SimpleUploadedFile("本地规则.xlsx", data)
    assert client.post(reverse("kit:import_new", args=["decisions.rules"]), {"file": upload}).status_code == 302
    return ImportBatch.objects.latest("pk")


def entered(made: Plots, *rules: dict[str, str], limits: list[dict[str, str]] | None = None) -> LocalRules:
    client = browser(made)
    batch = previewed(client, filled(HEAD | {"适用地区代码": code(made)}, list(rules), limits))
    assert client.post(reverse("kit:import_accept", args=[batch.uid])).status_code == 302
    return LocalRules.objects.latest("pk")


def adopt(made: Plots, key: str, since: str = "2026-02-01") -> Any:
    said = {"division": made.world.district.path, "profile": key, "document": "青环委〔2026〕5号", "since": since}
    return browser(made, "issuer").post(reverse("decisions:profiles"), said)


def told(query: Any, check: str) -> dict[str, Any]:
    return {one["id"]: one for one in query.checks}[check]


def test_rules_entered_are_read_by_everybody_adopted_by_the_issuer_and_used_from_their_day(made: Plots) -> None:
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S3")
    own = entered(made, RULE)
    page = browser(made, "issuer").get(reverse("decisions:profiles"))
    assert page.context["form"]["division"].value() == made.world.district.path
    shown = text(page)
    assert all(one in shown for one in ("污染地块不得供应", "污染地块未达要求", "本地规则.xlsx", "2026-11-02"))
    ask = {"ground": square(0, 0).wkt, "act": "供地", "use": "1001", "scheme": "guide2023"}
    assert told(asked(browser(made), **ask), "local_unsuitable")["outcome"] == "not_applicable"
    assert adopt(made, str(own.uid)).status_code == 302
    answer = told(asked(browser(made), **ask), "local_unsuitable")
    assert (answer["outcome"], answer["force"]) == ("conditions", "local_duty")
    assert "污染地块不得供应" in "".join(answer["because"]["zh"])
    assert adopt(made, "none", "2026-11-01").status_code == 302
    assert told(asked(browser(made), **ask), "local_unsuitable")["outcome"] == "not_applicable"
    past = told(asked(browser(made), **ask, on="2026-10-31"), "local_unsuitable")
    assert past["outcome"] == "conditions"
    held = "".join(told(asked(browser(made), **ask), "local_rules")["because"]["zh"])
    assert "自2026-11-01起；2026-11-20核对" in held


@pytest.mark.parametrize(
    ("head", "rule", "said"),
    [
        ({"起": "去年"}, {}, "“起”写的是“去年”，不是日期"),
        ({"止": "2025-01-01"}, {}, "不晚于“起”2026-01-01"),
        ({"适用地区代码": "110109"}, {}, "适用地区代码“110109”不是您所在的地区"),
        ({"来源": ""}, {}, "“来源”没有填"),
        ({}, {"规则": "属地随便"}, "没有这个名称。应为：使用时序"),
        ({}, {"办理事项": "供地、卖地"}, "“办理事项”写的是“卖地”"),
        ({}, {"办理事项": "施工许可"}, "“办理事项”写的是“施工许可”"),
        ({}, {"用途类别": "天堂"}, "“用途类别”写的是“天堂”"),
        ({}, {"地块情形": ""}, "“地块情形”没有填"),
        ({}, {"地块情形": "曾有所列行业且未调查"}, "请补上以前行业"),
        ({}, {"效力": "法定"}, "应为：应当；原则上；鼓励"),
        ({}, {"规划进度": "规划已审议未报批"}, "不用填这一列"),
        ({}, {"规则": "属地办理时点", "用途类别": ""}, "“属地办理时点”不用填这一列"),
    ],
)
def test_what_is_wrong_in_a_row_is_said_with_what_is_expected(
    head: dict[str, str], rule: dict[str, str], said: str
) -> None:
    found = ruletable.read(
        sheets(filled(HEAD | {"适用地区代码": "990101"} | head, [RULE | rule, RULE])), {"990101": "青禾区"}
    )
    faults = [one for row in found.rows for one in row.faults]
    assert found.data is None
    assert len(faults) == 1
    assert said in faults[0]


def test_a_file_with_a_bad_row_writes_nothing(made: Plots) -> None:
    client = browser(made)
    batch = previewed(client, filled(HEAD | {"适用地区代码": code(made)}, [RULE | {"效力": "法定"}, RULE]))
    assert (batch.counts["ok"], batch.counts["refused"]) == (0, 3)
    client.post(reverse("kit:import_accept", args=[batch.uid]))
    assert not LocalRules.objects.exists()


def test_every_kind_of_row_becomes_what_the_shipped_rules_are_made_of(made: Plots) -> None:
    moment = {
        "规则": "属地办理时点", "办理事项": "收回", "土地权属": "将收回、转让", "收回不早于": "2019年1月1日", "效力": "原则上",
        "条款": "四", "原文": "收回前完成调查",
    }  # fmt: skip
    past = RULE | {
        "规则": "属地调查情形",
        "地块情形": "曾有所列行业且未调查",
        "以前行业": "加油站、汽车修理",
        "用途类别": "",
    }
    limits = [
        LIMIT,
        {"内容": "评审层级", "数值": "市级", "条款": "九", "原文": "由市级评审"},
        {"内容": "固定有效期", "数值": "12", "单位": "个月", "条款": "十", "原文": "一年内有效"},
        {"内容": "应查询国家系统", "办理事项": "转让、收回"},
    ]
    data = entered(made, RULE, moment, past, limits=limits).data
    assert data["rows"][0]["groups"] == ["industrial", "commercial"]
    assert data["rows"][1]["kinds"] == ["filling_station", "garage"]
    assert data["moments"][0]["when"] == {"transfer": "to_come", "recalled_from": "2019-01-01"}
    assert (data["limit"]["most"], data["limit"]["unit"]) == (45, "days")
    assert (data["review_level"]["level"], data["survey_valid"]["months"]) == ("city", 12)
    assert data["query_acts"] == ["转让", "收回"]
    shown = text(browser(made).get(reverse("decisions:profiles")))
    assert all(
        one in shown
        for one in (
            "自收到书面通知之日起 45 日",
            "市级（法律没有定到哪一级的",
            "通过评审后 12 个月",
            "2019-01-01 起收回",
        )
    )


def test_rules_hold_only_where_and_since_their_document_does(made: Plots) -> None:
    own = entered(made, RULE)
    assert adopt(made, str(own.uid), "2025-12-31").status_code == 422
    elsewhere = {**own.data, "division": "110109"}
    place = {"division_path": own.division_path, "owner_department_id": own.owner_department_id}
    other = LocalRules.objects.create(**place, title="别处", number="1号", data=elsewhere, recorded_at=own.recorded_at)
    assert "请选择它适用的地区" in text(adopt(made, str(other.uid)))
    assert adopt(made, "0198c0de-0000-7000-8000-000000000000").status_code == 422
    assert not LocalProfile.objects.exists()
    with pytest.raises(TypeError, match="written once"):
        own.save()


def test_the_limit_entered_here_is_the_term_of_a_written_notice(made: Plots) -> None:
    path, on = made.world.district.path, date(2026, 11, 20)
    before = notices.term_of("preliminary", on, code(made), on, path)
    assert "准入核查 → 属地规则" in before.note
    assert adopt(made, str(entered(made, RULE, limits=[LIMIT]).uid)).status_code == 302
    after = notices.term_of("preliminary", on, code(made), on, path)
    assert (after.due, before.due) == (date(2027, 1, 4), date(2027, 5, 20))
    assert "青禾区土壤污染防治2026年方案" in after.note
    plain = {key: value for key, value in LIMIT.items() if key not in ("数值", "单位")}
    assert adopt(made, str(entered(made, limits=[plain]).uid), "2026-03-01").status_code == 302
    last = notices.term_of("preliminary", on, code(made), on, path)
    assert last.due == before.due
    assert "没有写明可以计算的天数" in last.note


def test_a_notice_leads_to_the_page_where_the_limit_is_entered(made: Plots) -> None:
    plot = made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S0")
    facts = {
        "kind": "preliminary",
        "number": "青环函〔2026〕3号",
        "recipient": "青禾农药厂",
        "sent_on": date(2026, 11, 1),
    }
    notice = notices.serve(plot.plot, facts, by=made.officer, at=noon(date(2026, 11, 1)))
    page = text(browser(made).get(reverse("kit:record", args=["written_notices", str(notice.uid)])))
    assert f'href="{reverse("decisions:profiles")}"' in page


def test_who_may_not_enter_rules_is_refused(made: Plots) -> None:
    assert browser(made, "agriculture").get(reverse("kit:import_new", args=["decisions.rules"])).status_code in (
        403,
        404,
    )
    template = browser(made).get(reverse("decisions:rules_template"))
    assert template.status_code == 200
    assert template.content == workbook()


def test_the_level_stated_here_reviews_surveys_and_no_other_where_the_law_names_several(world: Any) -> None:
    made = Reports(world)
    plot = made.plot("原农药厂地块", square(0, 0))
    level = {"内容": "评审层级", "数值": "市级", "条款": "九", "原文": "调查报告由市级评审"}
    own = entered(made, limits=[level])
    survey, assessment = made.reviewing(plot), made.report(plot, "risk_assessment")
    assert found.levels_of(survey, ON) == {"county", "city"}
    place = Place(world.district, world.departments["ecology"])
    profiles.adopt(str(own.uid), "青环委〔2026〕5号", ON, place, by=world.actor("issuer"), at=noon(date(2026, 11, 20)))
    assert (found.levels_of(survey, ON), found.levels_of(assessment, ON)) == ({"city"}, {"province"})
    assert found.levels_of(survey, date(2026, 5, 31)) == {"county", "city"}
    with pytest.raises(ReportRefused, match=r"由市级.*青禾区土壤污染防治2026年方案"):
        reviews.opine(survey, Said("pass", on=ON), by=made.officer, at=noon(ON))


def test_rules_of_a_city_are_not_guessed_for_ground_of_a_county_that_has_its_own(made: Plots) -> None:
    on, (city, district) = date(2026, 11, 20), (made.world.city, made.world.district)
    place = {"owner_department_id": made.world.departments["ecology"].pk, "profile": "none", "document": "经核对"}
    for one in (city, district):
        versions.first(
            LocalProfile, {**place, "division_path": one.path, "checked_on": on}, since=on, until=None,
            recording=Recording(made.world.actor("issuer"), noon(on), "核对"),
        )  # fmt: skip
        if one is city:
            assert adopted_in(city, on) is not None
    assert adopted_in(city, on) is None
    assert adopted_in(district, on) is not None
