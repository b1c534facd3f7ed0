"""Pages of reports: registered by a form, handed in, judged by both sides, passed; quality forms, rates, lots, experts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.conftest import _person
from desk.land_world import square
from desk.plot_world import noon
from desk.plotreport_world import AUTHOR, CONTENTS, LATER, ON, Reports
from soildesk.core import files
from soildesk.core.models import AuditEntry, RoleGrant
from soildesk.land.services.writing import place_at
from soildesk.plots import reportwords
from soildesk.plots.models import Expert, PanelSeat, PlotVersion, QualityForm, Recheck, Report
from soildesk.plots.queries import firstpass
from soildesk.plots.queries import plots as plot_queries
from soildesk.plots.refusals import ReportRefused
from soildesk.plots.services import disclosure, experts, panels, reports, reviews
from soildesk.plots.services.reportevents import Passed
from soildesk.plots.services.reviews import OfExpert
from soilrules.plots.quality_forms import FormKey, quality_forms

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Reports:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Reports(world)


@pytest.fixture
def plot(made: Reports) -> PlotVersion:
    return made.to(made.plot("原农药厂地块", square(0, 0)), "S1")


def browser(made: Reports, who: str = "officer") -> Client:
    return made.world.browser(who)


def text(answer: Any) -> str:
    return answer.content.decode()


def page(client: Client, held: Report) -> str:
    return text(client.get(reverse("kit:record", args=["plot_reports", str(held.uid)])))


def passed(made: Reports, plot: PlotVersion, **facts: Any) -> Report:
    held = made.reviewing(plot, **facts)
    made.passed_by_both(held)
    reviews.accept(held, Passed(LATER, filed_on=LATER), by=made.officer, at=noon(LATER))
    held.refresh_from_db()
    return held


def test_a_report_goes_its_way_by_pages(made: Reports, plot: PlotVersion) -> None:
    client, uid = browser(made), plot.plot.uid
    assert "登记报告" in text(client.get(reverse("kit:record", args=["plots", str(uid)])))
    assert "效果评估报告" in text(client.get(reverse("plots:reports_new", args=[uid])))
    url = reverse("plots:report_new", args=[uid, "preliminary"])
    assert "土壤点位数" in text(client.get(url))
    said = {
        "title": "初步调查报告", "author": "云中环境咨询有限公司", "author_code": AUTHOR, "credit_record": "XY-1",
        "finished_on": "2026-05-20", "use_system": "gb50137_2011", "use_planned": "R2", "covering": "plot",
        "basic_facts": "1", "column": "first", "exceeds": "0", "area_m2": "12000", "soil_points": "40",
        "sampled_on": "2026-04-01", "test_report": "HC-1",
        "paper": SimpleUploadedFile("报告.txt", "正文".encode()),
    }  # fmt: skip
    answer = client.post(url, said)
    held = Report.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("kit:record", args=["plot_reports", str(held.uid)]),
    )
    assert held.contents["soil_points"] == "40"
    assert "提交" in page(client, held)
    for name, data in (("submit", {"on": "2026-06-01"}), ("complete", {"note": ""})):
        assert client.post(reverse(f"plots:report_{name}", args=[held.uid]), data).status_code == 302, name
    assert "还没有自然资源部门的评审意见" in page(client, held)
    opinion = {"whose": "own", "verdict": "pass", "on": "2026-06-02", "text": ""}
    for who in ("officer", "resources"):
        assert browser(made, who).post(reverse("plots:report_opinion", args=[held.uid]), opinion).status_code == 302
    checked = {"explained": "纸质检测报告，已逐页核对"}
    assert client.post(reverse("plots:report_data", args=[held.uid]), checked).status_code == 302
    done = {"on": "2026-06-20", "filed_on": "2026-06-20", "document": "青环评〔2026〕1号"}
    assert client.post(reverse("plots:report_accept", args=[held.uid]), done).status_code == 302
    assert plot_queries.standing(made.officer, date(2026, 6, 20))[0].exit == "survey"
    shown = page(client, held)
    assert "由本报告登记的地块事项" in shown
    assert "初步调查报告" in text(client.get(reverse("kit:record", args=["plots", str(uid)])))


def test_days_and_areas_of_a_survey_fit_one_another(made: Reports, plot: PlotVersion) -> None:
    contents = {**CONTENTS["preliminary"], "area_m2": str(round(plot.area_m2, 2))}
    held = made.report(plot, contents=contents)
    for day in (date(1900, 1, 1), date(2026, 6, 30)):
        with pytest.raises(ReportRefused, match="采样日期"):
            reports.revise(held, {"contents": {**contents, "sampled_on": day}}, by=made.officer, at=noon(ON))
    assert "相差超过 1%" not in page(browser(made), held)
    wrong = {**contents, "area_m2": "1000000000000"}
    reports.revise(held, {"contents": wrong}, by=made.officer, at=noon(ON))
    assert "相差超过 1%" in page(browser(made), held)


def test_who_reviews_for_his_office_is_not_offered_what_he_may_not_do(made: Reports, plot: PlotVersion) -> None:
    url = reverse("plots:report_opinion", args=[made.reviewing(plot).uid])
    assert "代录" in text(browser(made).get(url))
    asked = browser(made, "resources").get(url).context["form"].fields["whose"].choices
    assert [key for key, _name in asked] == ["own"]


def test_a_plot_leads_to_the_report_that_is_on_its_way(made: Reports, plot: PlotVersion) -> None:
    client, uid = browser(made), plot.plot.uid
    pages = (reverse("kit:record", args=["plots", str(uid)]), reverse("plots:events", args=[uid]))
    assert not [url for url in pages if "报告正在办理" in text(client.get(url))]
    held = made.submitted(plot)
    for url in pages:
        shown = text(client.get(url))
        assert "报告正在办理" in shown and reverse("kit:record", args=["plot_reports", str(held.uid)]) in shown
        assert "违规问题整改到位" not in shown and "移出优先管控名录" not in shown


def test_what_is_refused_is_said_on_the_page(made: Reports, plot: PlotVersion) -> None:
    held = made.reviewing(plot)
    told = text(browser(made).post(reverse("plots:report_accept", args=[held.uid]), {"on": "2026-11-20"}))
    assert told.count("还没有自然资源部门的评审意见") == 1
    client = browser(made)
    answer = client.post(
        reverse("plots:report_accept", args=[held.uid]), {"on": "2026-06-20", "filed_on": "2026-06-20"}
    )
    assert answer.status_code == 422
    assert "还没有生态环境部门的评审意见" in text(answer)
    told = {"whose": "resources", "verdict": "pass", "on": "2026-06-02"}
    answer = client.post(reverse("plots:report_opinion", args=[held.uid]), told)
    assert "代录书面意见要填写文号" in text(answer)


def test_a_report_is_put_right_and_keeps_what_was_typed(made: Reports, plot: PlotVersion) -> None:
    held = made.report(plot)
    client, url = browser(made), reverse("plots:report_edit", args=[held.uid])
    assert 'value="40"' in text(client.get(url))
    said = {
        "title": "改名后的报告", "author": held.author, "author_code": AUTHOR, "finished_on": "2026-05-20", "covering": "none",
        "use_planned": "B1", "soil_points": "41", "column": "second", "exceeds": "", "basic_facts": "1",
    }  # fmt: skip
    assert client.post(url, said).status_code == 302
    held.refresh_from_db()
    assert (held.title, held.covers, held.contents["soil_points"], held.conclusion) == ("改名后的报告", None, "41", "")


def test_nobody_writes_the_verdict_of_a_form(made: Reports, plot: PlotVersion) -> None:
    held = made.reviewing(plot)
    client, url = browser(made), reverse("plots:report_form", args=[held.uid, "report"])
    items = quality_forms()[FormKey.REPORT].items
    answers = {f"answer-{one.no}": "yes" for one in items} | {"answer-1": "no", "remark-1": "缺附件"}
    assert "先看结论" in text(client.get(url))
    look = client.post(url, {**answers, "step": "look", "verdict": "passed"})
    assert QualityForm.objects.count() == 0
    assert "一般问题" in text(look)
    assert client.post(url, {**answers, "step": "save", "verdict": "passed"}).status_code == 302
    form = QualityForm.objects.get()
    assert (form.verdict, form.remarks) == ("general", {"1": "缺附件"})
    serious = answers | {f"answer-{no}": "no" for no in ("1", "7", "8")}
    client.post(url, {**serious, "step": "save"})
    assert "严重" in page(client, held)
    assert client.post(url, {**answers, "answer-2": "maybe", "step": "save"}).status_code == 422


def test_a_failed_form_stops_the_report(made: Reports, plot: PlotVersion) -> None:
    from soildesk.plots.queries import reports as found
    from soildesk.plots.services import forms

    held = made.reviewing(plot)
    made.passed_by_both(held)
    held.refresh_from_db()
    assert found.in_the_way(held, ON) == []
    items = {one.no: "yes" for one in quality_forms()[FormKey.PLAN].items}
    forms.fill(held, "plan", {**items, "1": "no"}, {}, by=made.officer, at=noon(ON))
    assert len(found.in_the_way(held, ON)) == 1
    forms.fill(held, "plan", {**items, "1": ""}, {}, by=made.officer, at=noon(ON))
    assert len(found.in_the_way(held, ON)) == 1
    forms.fill(held, "plan", items, {}, by=made.officer, at=noon(ON))
    assert found.in_the_way(held, ON) == []


def test_experts_are_kept_and_bound_ones_do_not_sit(made: Reports, plot: PlotVersion) -> None:
    client = browser(made)
    where = place_at("", made.officer)
    bound = experts.add({"name": "甲", "employer": "云中环境咨询 有限公司"}, where, by=made.officer, at=noon(ON))
    free = experts.add({"name": "乙", "employer": "云中大学"}, where, by=made.officer, at=noon(ON))
    held = made.reviewing(plot)
    url = reverse("plots:report_expert", args=[held.uid])
    told = {"verdict": "pass", "on": "2026-06-02", "declared": "0"}
    refused = client.post(url, {**told, "expert": str(bound.uid)})
    assert "环办土壤〔2019〕63号" in refused.content.decode()
    assert refused.status_code == 422
    assert "甲" in text(refused)
    undeclared = client.post(url, {**told, "expert": str(free.uid), "declared": ""})
    assert undeclared.status_code == 422
    assert client.post(url, {**told, "expert": str(free.uid)}).status_code == 302
    assert "专家 乙" in page(client, held)
    assert "云中大学" in text(client.get(reverse("kit:collection", args=["plot_experts"])))
    assert browser(made, "reader").get(reverse("kit:collection", args=["plot_experts"])).status_code == 403


def pool(made: Reports, *names: str) -> list[Expert]:
    """Experts of a university with accounts of their own."""
    where, by = place_at("", made.officer), made.officer
    found = []
    for name in names:
        one = experts.add({"name": name, "employer": "云中大学"}, where, by=by, at=noon(ON))
        account = _person(f"x{len(found)}", RoleGrant.Role.EXPERT, made.world.district)
        made.world.people[name] = account
        found.append(panels.give_account(one, account, by=by, at=noon(ON)))
    return found


def test_an_expert_is_asked_told_and_answers_with_his_own_account(made: Reports, plot: PlotVersion) -> None:
    free, other = pool(made, "钱甲", "孙乙")
    bound = experts.add(
        {"name": "李丙", "employer": "云中环境咨询有限公司"}, place_at("", made.officer), by=made.officer, at=noon(ON)
    )
    held, office = made.reviewing(plot), browser(made)
    files.attach(held, data=b"%PDF-1.4 x", name="报告.pdf", kind="report", by=made.officer, at=noon(ON))
    ask = reverse("plots:report_ask", args=[held.uid])
    assert "云中大学；有登录账户，会收到消息" in text(office.get(ask))
    refused = office.post(ask, {"experts": [str(bound.uid), str(free.uid)]})
    assert (refused.status_code, "李丙" in text(refused), PanelSeat.objects.count()) == (422, True, 0)
    assert office.post(ask, {"experts": [str(free.uid)]}).status_code == 302
    assert "本轮请的专家：" in page(office, held) and "待提意见" in page(office, held)
    (told,) = made.world.people["钱甲"].messages.all()
    expert, stranger = browser(made, "钱甲"), browser(made, "孙乙")
    assert expert.get("/")["Location"] == reverse("plots:panels"), "an expert begins with what he was asked for"
    assert "等您提出意见" in text(expert.get(reverse("plots:panels")))
    sheet = text(expert.get(told.link))
    paper = re.search(r'href="([^"]+/files/[^"]+)"', sheet)
    assert paper and expert.get(paper[1]).status_code == 200
    for url in (told.link, paper[1]):
        assert stranger.get(url).status_code == 404, "who was not asked reads nothing"
        assert browser(made, "reader").get(url).status_code == 403
    assert "现在没有请您评审的报告" in text(stranger.get(reverse("plots:panels")))
    said = {"declared": "0", "verdict": "revise", "text": "补充对照点。"}
    assert expert.post(told.link, {**said, "declared": ""}).status_code == 422, "a declaration comes first"
    assert "请写明要修改什么" in text(expert.post(told.link, {**said, "text": ""}))
    assert expert.post(told.link, said).status_code == 302
    assert "补充对照点。" in text(expert.get(told.link))
    shown = page(office, held)
    assert "专家 钱甲" in shown and "已提意见" in shown and "补充对照点。" in shown
    assert AuditEntry.objects.filter(act__in=("plots.report.experts_asked", "plots.report.opinion")).count() == 2
    with pytest.raises(ReportRefused, match="没有请您评审"):
        panels.opine(held, OfExpert(other, "pass", declared=False), by=made.world.actor("孙乙"), at=noon(ON))


def test_an_expert_who_is_bound_leaves_and_the_office_is_told(made: Reports, plot: PlotVersion) -> None:
    (one,) = pool(made, "钱甲")
    held = made.reviewing(plot)
    panels.ask(held, [one], by=made.officer, at=noon(ON))
    expert, url = browser(made, "钱甲"), reverse("plots:panel", args=[held.uid])
    files.attach(held, data=b"%PDF-1.4 x", name="报告.pdf", kind="report", by=made.officer, at=noon(ON))
    paper = re.search(r'href="([^"]+/files/[^"]+)"', text(expert.get(url)))
    assert "写明与哪一方" in text(expert.post(url, {"declared": "1"}))
    assert expert.post(url, {"declared": "1", "interest": "曾任委托单位顾问"}).status_code == 302
    assert "回避：曾任委托单位顾问" in text(expert.get(url)) and "<textarea" not in text(expert.get(url))
    assert paper and expert.get(paper[1]).status_code == 404, "who left reads the report no more"
    assert made.world.people["officer"].messages.filter(text__contains="已回避").count() == 1
    assert "已回避" in page(browser(made), held)
    actor = made.world.actor("钱甲")
    with pytest.raises(ReportRefused, match="不能再出具意见"):
        panels.opine(held, OfExpert(one, "pass", declared=False), by=actor, at=noon(ON))
    with pytest.raises(ReportRefused, match="不需要再请"):
        panels.ask(held, [one], by=made.officer, at=noon(ON))
    with pytest.raises(ReportRefused, match="只有“评审专家”角色"):
        panels.give_account(one, made.world.people["reader"], by=made.officer, at=noon(ON))


def test_an_expert_sees_nothing_but_what_he_was_asked_for(made: Reports, plot: PlotVersion) -> None:
    pool(made, "钱甲")
    held = made.reviewing(plot)
    client = browser(made, "钱甲")
    for url in (
        reverse("kit:collection", args=["plot_reports"]), reverse("kit:record", args=["plot_reports", str(held.uid)]),
        reverse("kit:collection", args=["plots"]), reverse("kit:collection", args=["plot_experts"]),
        reverse("plots:report_expert", args=[held.uid]), reverse("plots:report_ask", args=[held.uid]), "/measures/then",
    ):  # fmt: skip
        assert client.get(url).status_code in (403, 404), url
    assert not Report.objects.visible_to(made.world.actor("钱甲")).exists()


def test_the_first_pass_rate_counts_what_passed_at_once(made: Reports, plot: PlotVersion) -> None:
    first = passed(made, plot)
    other = made.to(made.plot("另一地块", square(2, 0)), "S1")
    held = made.reviewing(other)
    reports.give_back(held, "请修改", by=made.officer, at=noon(ON))
    made.submitted(made.to(made.plot("第三地块", square(4, 0)), "S1"))
    found = firstpass.consultants(made.officer, date(2026, 1, 1), date(2027, 1, 1))
    assert [(one.figures.passed, one.figures.reviewed, one.figures.waiting) for one in found] == [(1, 2, 1)]
    shown = text(browser(made).get(reverse("plots:first_pass") + "?year=2026&kind=preliminary"))
    for wanted in (first.author, "50%", "9.5%–90.5%"):
        assert wanted in shown, wanted
    assert "没有提交过的报告" in text(browser(made).get(reverse("plots:first_pass") + "?year=2020"))


def test_a_lot_is_drawn_from_a_seed_and_can_be_drawn_again(made: Reports, plot: PlotVersion) -> None:
    held = passed(made, plot)
    client, url = browser(made, "issuer"), reverse("plots:recheck_draw")
    assert client.post(url, {"year": "2026", "percent": "10", "seed": "双色球2026130期"}).status_code == 302
    lot = Recheck.objects.get()
    assert (lot.urn, lot.drawn) == ([held.number], [held.number])
    listed = reverse("plots:rechecks")
    assert "结果相同" in text(client.get(listed))
    assert client.post(reverse("plots:report_rechecked", args=[held.uid]), {"why": "未发现问题"}).status_code == 302
    assert "未发现问题" in text(client.get(listed))
    lot.seed = "别的种子"
    assert browser(made).post(url, {"year": "2026", "percent": "10", "seed": "x"}).status_code == 403
    assert "还没有评审通过的报告" in text(client.post(url, {"year": "2025", "percent": "10", "seed": "x"}))


def test_a_report_is_public_for_two_months_and_handed_up(made: Reports, plot: PlotVersion) -> None:
    held = passed(made, plot)
    client, url = browser(made), reverse("plots:report_publish", args=[held.uid])
    short = {"since": "2026-07-01", "until": "2026-08-01", "address": "https://example.org/1"}
    answer = client.post(url, short)
    assert answer.status_code == 422
    assert "短于规定" in text(answer)
    assert client.post(url, {**short, "until": "2026-09-01"}).status_code == 302
    assert "公开期已满" in page(client, held)
    up = {"receipt": "GT-2026-1", "on": "2026-07-02"}
    assert client.post(reverse("plots:report_upload", args=[held.uid]), up).status_code == 302
    assert "GT-2026-1" in page(client, held)


def test_the_register_is_for_those_who_read_plots(made: Reports, plot: PlotVersion) -> None:
    held = made.reviewing(plot)
    assert held.number in text(browser(made, "reader").get(reverse("kit:collection", args=["plot_reports"])))
    assert held.number not in text(browser(made, "stranger").get(reverse("kit:collection", args=["plot_reports"])))
    stranger = browser(made, "stranger").get(reverse("plots:report_submit", args=[held.uid]))
    assert stranger.status_code == 404
    assert browser(made, "reader").get(reverse("plots:report_accept", args=[held.uid])).status_code == 403


ACTS_OF = {
    "draft": {"edit", "attach", "data", "submit", "withdraw"},
    "submitted": {"complete", "return", "data", "withdraw"},
    "reviewing": {"accept", "opinion", "expert", "ground", "data", "return", "withdraw"},
    "accepted": {"publish", "upload", "take_back"},
}
"""What may be done with a report in each state."""
EVERY = frozenset().union(*ACTS_OF.values())


def offered(made: Reports, held: Report) -> set[str]:
    held.refresh_from_db()
    return {one.url.rstrip("/").split("/")[-1] for one in reportwords.acts_of(made.officer, held)}


def test_a_form_opened_by_its_address_says_why_its_act_may_not_be_done(made: Reports, plot: PlotVersion) -> None:
    client, held = browser(made), made.report(plot)
    for state, may in ACTS_OF.items():
        Report.objects.filter(pk=held.pk).update(state=state)
        for act in sorted(EVERY):
            answer = client.get(reverse(f"plots:report_{act}", args=[held.uid]))
            assert (state, act, answer.status_code) == (state, act, 200 if act in may else 409)
            assert ('<form method="post" class="card-box' in text(answer)) == (act in may)
    refused = text(client.get(reverse("plots:report_accept", args=[held.uid])))
    assert f"{held.number} 的状态是“评审通过”，只有“评审中”的报告可以这样办理" in refused
    assert reverse("kit:record", args=["plot_reports", str(held.uid)]) in refused


def test_what_was_not_accepted_is_not_made_public(made: Reports, plot: PlotVersion) -> None:
    held = made.reviewing(plot)
    assert "publish" not in offered(made, held)
    with pytest.raises(ReportRefused, match="只有“评审通过”的报告"):
        disclosure.publish(held, LATER, None, "https://example.cn/1", by=made.officer, at=noon(LATER))
    assert "publish" in offered(made, passed(made, plot))


def test_another_department_opens_no_form_of_a_report_it_did_not_register(made: Reports, plot: PlotVersion) -> None:
    held, client = made.report(plot), browser(made, "resources")
    for act in ("edit", "attach", "data", "submit", "withdraw", "target_new"):
        assert client.get(reverse(f"plots:report_{act}", args=[held.uid])).status_code == 403
    assert all(one.stopped_by for one in reportwords.acts_of(made.resources, held))
