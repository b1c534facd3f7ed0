"""Reports, reviews and control of the example's plots as bin/demo loads them: every state, every figure a page shows."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from soildesk.core import clock
from soildesk.core.models import Duty, Message, Person
from soildesk.core.permissions import Actor
from soildesk.decisions.models import GateBatch, GateQuery
from soildesk.decisions.queries import watches
from soildesk.demo.plotpanels import BOUND, PANELS
from soildesk.oversight.models import Problem
from soildesk.plots.models import (
    ControlRound,
    ControlYear,
    ControlZone,
    Opinion,
    QualityForm,
    Recheck,
    Report,
    ReportAct,
)
from soildesk.plots.queries import firstpass, panels
from soildesk.plots.queries import reports as found
from soildesk.plots.services.disclosure import again

DAY = date(2026, 11, 21)
HEAP, LANDFILL = "原青石硫铁矿堆场地块", "北湖垃圾填埋场旧址地块"
pytestmark = pytest.mark.usefixtures("demo_home", "db")


def officer() -> Actor:
    return Actor.of(Person.objects.get(username="linlan"), DAY)


def report(plot: str, kind: str = "preliminary") -> Report:
    return Report.objects.get(title__startswith=plot, kind=kind)


def test_reports_stand_in_every_state() -> None:
    assert set(Report.objects.values_list("state", flat=True)) == set(Report.State.values)
    assert set(Report.objects.values_list("kind", flat=True)) == set(Report.Kind.values)
    again_sent = Report.objects.get(state="submitted", round=2)
    assert Counter(again_sent.acts.values_list("kind", flat=True))["submitted"] == 2
    passed = Report.objects.filter(state="accepted")
    assert passed.filter(filed_on=None).exists()
    assert passed.exclude(published_on=None).filter(published_until=None).exists()
    assert passed.exclude(published_until=None).exists()
    assert {bool(one) for one in passed.values_list("uploaded_on", flat=True)} == {True, False}
    assert all(found.standing_events(one) for one in passed)
    assert set(ReportAct.objects.values_list("kind", flat=True)) == set(ReportAct.Kind.values)


def test_consultants_pass_at_once_more_and_less_often_and_the_interval_says_how_sure_that_is() -> None:
    rates = {one.name: one.figures for one in firstpass.consultants(officer(), date(2023, 1, 1), date(2027, 1, 1))}
    often, hurried = rates["云泽青衡环境咨询有限公司"], rates["云泽绿苗环保服务有限公司"]
    assert often.reviewed >= 10
    assert hurried.reviewed >= 10
    assert often.interval and hurried.interval
    assert often.rate > hurried.rate
    assert often.interval[0] > hurried.interval[0]


def test_an_expert_of_the_consultant_was_turned_away_and_one_who_differed_was_answered() -> None:
    panel = report("原北湖造纸厂地块")
    assert BOUND in {name for name, *_rest in PANELS["原北湖造纸厂地块", "preliminary"]}
    assert set(panel.opinions.filter(side="expert").values_list("expert__name", flat=True)) == {
        "孔令川",
        "钱砚秋",
        "苏映雪",
    }
    assert Opinion.objects.filter(dissent=True).get().report == report("原河东砖瓦厂地块")
    assert ReportAct.objects.get(kind="overruled").report == report("原河东砖瓦厂地块")
    failed = QualityForm.objects.get(verdict="failed")
    assert (failed.report, failed.round, failed.report.round) == (panel, 1, 2)
    assert set(QualityForm.objects.values_list("form", flat=True)) == {"plan", "sampling", "laboratory", "report"}


def test_a_lot_of_last_years_reports_can_be_drawn_again_and_one_was_looked_at() -> None:
    lot = Recheck.objects.get()
    assert (lot.year, again(lot)) == (2025, True)
    assert len(lot.drawn) >= 2
    assert ReportAct.objects.get(kind="rechecked").report.number in lot.drawn


def test_laboratory_data_differ_from_one_report_with_a_reason_and_from_another_without() -> None:
    explained, open_ = report("原白鹭棉织厂地块"), report("原白鹭农机站地块")
    for one in (explained, open_):
        assert (one.conclusion, one.computed["outcome"], one.batches.count()) == ("within", "exceeds", 1)
    assert (explained.state, str(found.comparison(explained).agreement)) == ("accepted", "explained")
    assert str(found.comparison(open_).agreement) == "differs"
    assert any("按检测数据计算为超标" in one for one in found.in_the_way(open_, DAY))


def test_one_zone_is_approved_and_one_proposed_with_this_years_plan_and_media() -> None:
    zones = {
        one.plot.versions.latest("pk").name: one for one in ControlZone.objects.filter(superseded_at=None, until=None)
    }
    assert (zones[HEAP].approved_on, zones[HEAP].sign_on) == (date(2025, 5, 8), date(2025, 5, 27))
    assert zones[LANDFILL].approved_on is None
    this_year = {one.plot_id: one for one in ControlYear.objects.filter(year=2026)}
    asked, without_term = this_year[zones[HEAP].plot_id], this_year[zones[LANDFILL].plot_id]
    assert asked.filed_on
    assert set(asked.media_due) - set(asked.media_done) == {"soil", "air"}
    assert (without_term.due, without_term.media_due) == (None, {})
    owed = Duty.objects.for_subject(asked).filter(done_on=None, due__lt=DAY)
    assert [one.due for one in owed] == [date(2026, 10, 31)]


def test_rounds_found_a_spread_that_was_stopped_and_a_use_that_became_a_problem() -> None:
    spread = ControlRound.objects.get(spread=True)
    assert (spread.by.username, spread.measure_on) == ("shixin", date(2026, 7, 18))
    used = ControlRound.objects.get(in_use=True)
    assert Problem.objects.filter(origin__contains=str(used.uid)).exists()
    assert ControlRound.objects.filter(spread=None).exists()


def test_the_order_of_acts_led_to_a_problem_to_a_reason_and_to_findings_nobody_decided_on() -> None:
    states = {
        one.plot.version.name: one.problem.state if one.problem else "" for one in watches.watched(officer(), DAY)
    }
    assert states["原河东金属回收站地块"] == "open"
    assert states["原河东五金电镀园地块"] == "dismissed"
    assert "" in states.values()
    assert Problem.objects.get(object_name__startswith="原河东金属回收站地块").unit.name == "青禾区自然资源局"


def test_the_supply_plan_and_the_detailed_plan_were_asked_about_whole() -> None:
    supply, planned = GateBatch.objects.order_by("on")
    assert (supply.act, sum(supply.counts.values()), supply.state) == ("供地", 30, "done")
    assert (planned.act, sum(planned.counts.values())) == ("规划报批", 13)
    assert {"blocked", "cannot_say"} <= set(supply.counts)
    assert GateQuery.objects.filter(batch=planned, decision="blocked").exists()


def test_an_expert_signs_in_and_is_waited_for() -> None:
    expert = Actor.of(Person.objects.get(username="qianyanqiu"), on=clock.today())
    rows = panels.of_expert(expert)

    assert [one.waits for one in rows].count(True) == 1 and rows[0].waits, (
        "one report waits for his opinion, and stands first"
    )
    assert len(rows) > 3 and all(one.opinion for one in rows[1:])
    assert Message.objects.filter(person=expert.person, read_at=None).count() == 1
