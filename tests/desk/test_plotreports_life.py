"""Reports of plots through their rounds: handed in, checked, returned, handed in again, passed, and what the plot's life says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from desk.land_world import square
from desk.plot_world import EVALUATOR, PAPER, noon
from desk.plotreport_world import AUTHOR, EXCEEDS, LATER, ON, Reports
from soildesk.core.models import AuditEntry, Duty
from soildesk.core.owed import waiting
from soildesk.core.permissions import NotAllowed
from soildesk.plots import reportwords
from soildesk.plots.models import PlotEvent, PlotVersion, Report, ReportAct
from soildesk.plots.queries import plots as plot_queries
from soildesk.plots.queries import reports as found
from soildesk.plots.refusals import EventRefused, ReportRefused
from soildesk.plots.services import events, reports, reviews
from soildesk.plots.services.reportevents import ASSESSED, Passed
from soildesk.plots.services.reviews import Said
from soilrules.plots import deadlines

pytestmark = [pytest.mark.django_db, pytest.mark.store]


@pytest.fixture
def made(world: Any) -> Reports:
    return Reports(world)


@pytest.fixture
def plot(made: Reports) -> PlotVersion:
    return made.to(made.plot("原农药厂地块", square(0, 0)), "S1")


def accept(made: Reports, held: Report, on: date = LATER, **said: Any) -> PlotEvent:
    return reviews.accept(held, Passed(on, filed_on=on, **said), by=made.officer, at=noon(on))


def test_a_survey_within_limits_releases_the_plot(made: Reports, plot: PlotVersion) -> None:
    held = made.reviewing(plot)
    assert [one.split("：")[0].rstrip("。") for one in found.in_the_way(held, ON)] == [
        "系统没有能够核对“不超标”结论的检测数据",
        "还没有生态环境部门的评审意见",
        "还没有自然资源部门的评审意见",
    ]
    made.passed_by_both(held)
    for wrong, why in (
        (Passed(date(2026, 5, 31), filed_on=LATER), "早于"),
        (Passed(LATER, filed_on=ON), "早于通过日期"),
    ):
        with pytest.raises(ReportRefused, match=why):
            reviews.accept(held, wrong, by=made.officer, at=noon(LATER))
    event = accept(made, held)
    assert (event.kind, event.level, event.data["exceeds"]) == ("preliminary_within", "county", False)
    assert (event.data["report"], event.data["consultant"]) == (held.number, [AUTHOR])
    standing = plot_queries.standing(made.officer, LATER)[0]
    assert (standing.stage, standing.exit, standing.released_on) == ("released", "survey", LATER)
    assert standing.covered.equals(plot.geometry)
    held.refresh_from_db()
    assert (held.state, held.accepted_on, held.filed_on, held.round) == ("accepted", LATER, LATER, 1)
    assert AuditEntry.objects.filter(act="plots.report.accepted").count() == 1


def test_values_of_the_second_class_free_no_ground_of_the_first(made: Reports, plot: PlotVersion) -> None:
    held = made.reviewing(plot, contents={"column": "second"})
    made.passed_by_both(held)
    assert any("第一类用地筛选值" in one for one in found.in_the_way(held, ON))
    assert not [one for one in found.in_the_way(made.reviewing(plot), ON) if "第一类用地筛选值" in one]
    held = made.reviewing(plot, contents={"column": "second"}, use_planned="M1")
    assert not [one for one in found.in_the_way(held, ON) if "第一类用地筛选值" in one]


def test_an_opinion_older_than_the_round_is_none(made: Reports, plot: PlotVersion) -> None:
    held = made.reviewing(plot)
    made.passed_by_both(held, on=date(2026, 5, 31))
    assert sum("早于本轮提交日期 2026-06-01" in one for one in found.in_the_way(held, ON)) == 2


def test_a_report_comes_in_after_it_was_finished(made: Reports, plot: PlotVersion) -> None:
    held = made.report(plot, finished_on=LATER)
    with pytest.raises(ReportRefused, match="早于编制完成日期 2026-06-20"):
        reports.submit(held, by=made.officer, at=noon(LATER), on=ON)


def test_another_department_changes_no_report_of_the_ecology_bureau(made: Reports, plot: PlotVersion) -> None:
    held, other = made.reviewing(plot), made.resources
    for act in (
        lambda: reports.explain(held, {"explained": "不需要"}, by=other, at=noon(ON)),
        lambda: reports.bind(held, [], by=other, at=noon(ON)),
        lambda: reports.withdraw(held, "试", by=other, at=noon(ON)),
    ):
        with pytest.raises(NotAllowed):
            act()
    draft = reports.register(plot.plot, "preliminary", made.facts(plot), by=other, at=noon(ON))
    assert reports.explain(draft, {"explained": "自己登记的"}, by=other, at=noon(ON)).explained == "自己登记的"


def test_a_survey_over_the_limit_owes_a_detailed_one(made: Reports, plot: PlotVersion) -> None:
    held = made.reviewing(plot, contents=EXCEEDS)
    made.passed_by_both(held)
    assert accept(made, held).kind == "preliminary_exceeds"
    assert plot_queries.standing(made.officer, LATER)[0].stage == "S2"


def test_every_round_is_kept_and_begins_without_opinions(made: Reports, plot: PlotVersion) -> None:
    held = made.reviewing(plot)
    reviews.opine(held, Said("revise", text="请补充布点", on=ON), by=made.officer, at=noon(ON))
    with pytest.raises(ReportRefused, match="修改后通过"):
        accept(made, held)
    held = reports.give_back(held, "请补充布点", by=made.officer, at=noon(ON))
    held = reports.revise(held, {"contents": {**held.contents, "soil_points": "60"}}, by=made.officer, at=noon(LATER))
    held = reports.submit(held, by=made.officer, at=noon(LATER), on=LATER)
    held = reports.complete(held, by=made.officer, at=noon(LATER))
    assert (held.round, found.opinions_now(held)) == (2, {})
    first, second = reversed(found.rounds(held))
    assert [one.kind for one in first.acts] == ["registered", "submitted", "complete", "opinion", "returned"]
    assert [one.kind for one in second.acts] == ["submitted", "complete"]
    assert first.acts[1].data["contents"]["soil_points"] == "40"
    made.passed_by_both(held, on=LATER)
    assert accept(made, held).kind == "preliminary_within"


def test_what_lacks_contents_is_not_complete(made: Reports, plot: PlotVersion) -> None:
    held = made.submitted(plot, contents={"sampled_on": None})
    with pytest.raises(ReportRefused, match=r"采样日期.*请退回补充"):
        reports.complete(held, by=made.officer, at=noon(ON))
    assert ReportAct.objects.filter(kind="complete").count() == 0


def test_without_its_file_nothing_is_handed_in(made: Reports, plot: PlotVersion) -> None:
    held = made.report(plot, paper=False)
    with pytest.raises(ReportRefused, match="没有报告文件"):
        reports.submit(held, by=made.officer, at=noon(ON))


def test_a_value_of_another_kind_is_told(made: Reports, plot: PlotVersion) -> None:
    with pytest.raises(ReportRefused, match="“土壤点位数”填的是“四十”：应为不小于 0 的数"):
        made.report(plot, contents={"soil_points": "四十"})
    with pytest.raises(ReportRefused, match="第一类用地筛选值"):
        made.report(plot, contents={"column": "third"})


def test_the_province_reviews_an_assessment(made: Reports, plot: PlotVersion) -> None:
    made.event(plot, "preliminary_exceeds", date(2026, 3, 1))
    made.event(plot, "polluted_listed", date(2026, 3, 2))
    made.event(plot, "detailed_exceeds", date(2026, 3, 3))
    held = made.reviewing(plot, "risk_assessment")
    with pytest.raises(ReportRefused, match=r"省级.*依据：《"):
        reviews.opine(held, Said("pass", on=ON), by=made.officer, at=noon(ON))
    made.passed_by_province(held)
    event = accept(made, held)
    assert (event.kind, event.level, event.authority) == ("assessed_remediation", "province", "云中省生态环境厅")
    assert plot_queries.standing(made.officer, LATER)[0].stage == "S5"


@pytest.mark.parametrize("verdict", ASSESSED)
def test_every_conclusion_of_a_risk_assessment_can_be_passed(made: Reports, verdict: str) -> None:
    plot = made.to(made.plot("原电镀厂地块", square(6, 0)), "S3")
    held = made.reviewing(plot, "risk_assessment", contents={"verdict": verdict})
    made.passed_by_province(held)
    event = accept(made, held)
    assert (event.kind, event.data["column"]) == (ASSESSED[verdict], "first"), "made for housing: the gate knows"
    assert reportwords.conclusion(held.conclusion) != held.conclusion, "told in words, not in a code"


def test_a_plan_is_filed_without_opinions(made: Reports, plot: PlotVersion) -> None:
    made.to(made.plot("另一地块", square(2, 0)), "S5")
    other = PlotVersion.objects.get(name="另一地块")
    held = made.reviewing(other, "remediation_plan")
    assert found.in_the_way(held, ON) == []
    assert accept(made, held).kind == "remediation_plan_filed"


def test_a_plot_that_may_not_move_leaves_the_report_where_it_was(made: Reports) -> None:
    released = made.released(made.plot("已解除地块", square(3, 0)))
    held = made.reviewing(released)
    made.passed_by_both(held)
    with pytest.raises(EventRefused):
        accept(made, held)
    held.refresh_from_db()
    assert held.state == "reviewing"


def test_passing_is_taken_back_with_its_event(made: Reports, plot: PlotVersion) -> None:
    held = made.reviewing(plot)
    made.passed_by_both(held)
    accept(made, held)
    reviews.take_back(held, "误录", by=made.officer, at=noon(LATER))
    held.refresh_from_db()
    assert (held.state, held.accepted_on) == ("returned", None)
    assert plot_queries.standing(made.officer, LATER)[0].stage == "S1"
    assert not found.standing_events(held)


def test_an_evaluator_who_did_the_works_is_refused(made: Reports) -> None:
    plot = made.to(made.plot("修复地块", square(4, 0)), "S5")
    for number, kind in enumerate(("roster_listed", "remediation_plan_filed")):
        made.event(plot, kind, date(2026, 3, 10 + number))
    made.event(plot, "works_begun", date(2026, 3, 13), contractors=(AUTHOR,))
    made.event(plot, "works_finished", date(2026, 3, 14))
    made.event(plot, "evaluation_begun", date(2026, 3, 15), evaluator=(EVALUATOR,))
    held = made.reviewing(plot, "effect_evaluation")
    made.passed_by_province(held)
    with pytest.raises(ReportRefused, match=AUTHOR):
        accept(made, held, statistics="passed")


def test_an_opinion_is_given_once_and_may_change_in_its_round(made: Reports, plot: PlotVersion) -> None:
    held = made.reviewing(plot)
    revise = Said("revise", text="请补充布点", on=ON)
    reviews.opine(held, revise, by=made.officer, at=noon(ON))
    for again in (revise, replace(revise, on=None, text=" 请补充布点 ")):
        with pytest.raises(ReportRefused, match="本轮已于 2026-06-01 登记"):
            reviews.opine(held, again, by=made.officer, at=noon(ON))
    reviews.opine(held, Said("pass", on=ON), by=made.officer, at=noon(ON))
    reviews.opine(held, replace(revise, text="点位仍不足"), by=made.officer, at=noon(ON))
    reviews.opine(held, Said("pass", on=ON), by=made.resources, at=noon(ON))
    assert held.opinions.count() == 4


def test_what_is_owed_on_a_report_follows_its_round(made: Reports, plot: PlotVersion) -> None:
    held = made.submitted(plot)
    duties = Duty.objects.filter(kind=Duty.Kind.PLOT_REVIEW).order_by("pk")
    assert [(one.unit.function, one.done_on, one.title[-5:]) for one in duties] == [("ecology", None, "完整性审查")]
    held = reports.complete(held, by=made.officer, at=noon(ON))
    assert [one.unit.function for one in duties.filter(done_on=None)] == ["ecology", "natural_resources"]
    reviews.opine(held, Said("pass", on=ON), by=made.resources, at=noon(ON))
    assert [one.unit.function for one in duties.filter(done_on=None)] == ["ecology"]
    reports.give_back(held, "请修改", by=made.officer, at=noon(ON))
    assert not duties.filter(done_on=None).exists()


def test_no_term_is_owed_where_no_document_sets_one(
    made: Reports, plot: PlotVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    duties = Duty.objects.filter(kind=Duty.Kind.PLOT_REVIEW, done_on=None).order_by("pk")
    reports.complete(made.submitted(plot), by=made.officer, at=noon(ON))
    assert {(one.due, one.working_days, one.basis, one.internal) for one in duties} == {(None, None, "", False)}
    assert {one.title for one in waiting(made.officer, date(2027, 6, 1), ["plots.review"], {Report: "plot_reports"})}
    of_place = tuple(replace(one, division=made.world.district.code) for one in deadlines.deadline_rules())
    monkeypatch.setattr(deadlines, "deadline_rules", lambda: of_place)
    held = made.submitted(plot, title="另一份报告")
    checked = duties.get(title__startswith="另一份报告")
    assert (checked.working_days, checked.due, "银川市" in checked.basis) == (2, date(2026, 6, 3), True)
    reports.complete(held, by=made.officer, at=noon(ON))
    assert {one.working_days for one in duties.filter(title__startswith="另一份报告")} == {5}


def test_who_may_not_review_gives_no_opinion(made: Reports, plot: PlotVersion) -> None:
    held = made.reviewing(plot)
    for who in ("reader", "town", "stranger"):
        with pytest.raises((NotAllowed, ReportRefused)):
            reviews.opine(held, Said("pass", on=ON), by=made.world.actor(who), at=noon(ON))
    with pytest.raises(ReportRefused, match="由生态环境、自然资源部门出具"):
        reviews.opine(held, Said("pass", on=ON), by=made.world.actor("agriculture"), at=noon(ON))
    told = Said("pass", on=ON, authority="云中省生态环境厅", side="ecology", level="county")
    with pytest.raises(ReportRefused, match="文号"):
        reviews.opine(held, told, by=made.officer, at=noon(ON))


def test_one_office_does_not_speak_for_both_sides(made: Reports, plot: PlotVersion) -> None:
    held = made.reviewing(plot)
    told = Said(
        "pass", on=ON, authority="青禾区生态环境局", side="resources", level="county", document="青环函〔2026〕8号", file=PAPER
    )  # fmt: skip
    with pytest.raises(ReportRefused, match="不是自然资源主管部门"):
        reviews.opine(held, told, by=made.officer, at=noon(ON))


def test_a_round_comes_in_after_the_one_before_and_speaks_of_its_plot(made: Reports, plot: PlotVersion) -> None:
    with pytest.raises(ReportRefused, match="不在“原农药厂地块”上"):
        made.report(plot, covers=square(40, 40))
    with pytest.raises(ReportRefused, match="不在“原农药厂地块”上"):
        made.report(plot, covers=square(1, 0))  # beside it, along a boundary
    held = reports.submit(made.report(plot), by=made.officer, at=noon(LATER), on=LATER)
    reports.give_back(held, "补充检测", by=made.officer, at=noon(LATER))
    with pytest.raises(ReportRefused, match="早于上一轮"):
        reports.submit(held, by=made.officer, at=noon(LATER), on=ON)


def test_the_paper_of_an_opinion_is_kept(made: Reports, plot: PlotVersion) -> None:
    from soildesk.core import files
    from soildesk.plots.services.events import Document

    held = made.reviewing(plot)
    told = Said(
        "pass", on=ON, authority="青禾区自然资源和规划局", side="resources", level="county", document="青自然函〔2026〕8号",
        file=Document("复函.txt", PAPER.data),
    )  # fmt: skip
    reviews.opine(held, told, by=made.officer, at=noon(ON))
    assert {one.kind for one in files.uses_of(held)} == {"report", "opinion"}


def test_what_a_report_says_goes_back_with_its_passing(made: Reports, plot: PlotVersion) -> None:
    held = made.reviewing(plot)
    made.passed_by_both(held)
    event = accept(made, held)
    with pytest.raises(EventRefused, match="打开这份报告“撤销通过”"):
        events.take_back(event, "误登", by=made.officer, at=noon(LATER))
    reviews.take_back(held, "误登", by=made.officer, at=noon(LATER))
    event.refresh_from_db()
    assert event.superseded_at is not None
