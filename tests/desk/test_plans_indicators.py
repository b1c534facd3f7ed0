"""Indicators beside their targets: computed from the plan's own records, or no register to compute them from yet."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from clause_words import offered

from soildesk.core.permissions import NotAllowed
from soildesk.kit import measures
from soildesk.kit.measures import Outcome
from soildesk.plans.models import Assignment, Binding, Indicator, Plan
from soildesk.plans.queries.checked import judge
from soildesk.plans.queries.proposed import by_words
from soildesk.plans.queries.rates import last_quarter
from soildesk.plans.refusals import WrongValue
from soildesk.plans.services import binding, intake, publishing, review, work
from soildesk.plans.services.drafts import read_pasted

SMALL = (Path(__file__).parents[1] / "cases" / "plans" / "small_plan.txt").read_text("utf-8")
TEXT = SMALL.replace(
    "达到93%以上。",
    "达到93%以上；全区年度任务完成率达到60%以上；按时报送率达到100%；安全利用任务完成率达到90%以上；方案印发率达到100%。",
)
MARCH = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)


@pytest.fixture
def live(world) -> Plan:
    issuer = world.actor("issuer")
    place = intake.Place(world.district, world.departments["ecology"])
    plan = intake.import_plan(read_pasted(TEXT), intake.Source.of(TEXT.encode()), place, by=issuer, at=MARCH)
    review.accept_confident(plan, by=issuer, at=MARCH, everything=True)
    return publishing.publish(plan, by=issuer, at=MARCH)


@pytest.fixture
def as_issuer(client, world):
    client.force_login(world.people["issuer"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def indicator(plan: Plan, ends: str) -> Indicator:
    return plan.indicators.get(name__endswith=ends)


def report_done(world, plan: Plan, number: str, on: date) -> None:
    """Every unit on the task says it is done, on the day it did it."""
    at = datetime(on.year, on.month, on.day, 2, 0, tzinfo=UTC)
    for row in Assignment.objects.filter(task__plan=plan, task__number=number):
        work.report(row, work.Report(text="已完成", claims_done=True, done_on=on), by=world.actor("officer", on), at=at)


def test_only_a_measure_of_that_very_name_is_proposed(live):
    proposed = {row.name: [p.measure.id for p in by_words(row)] for row in live.indicators.all()}
    assert {name: ids for name, ids in proposed.items() if ids} == {
        indicator(live, "年度任务完成率").name: ["plans.task_completion_rate"],
        indicator(live, "按时报送率").name: ["plans.timely_reporting_rate"],
        indicator(live, "方案印发率").name: ["plans.lower_plans_rate"],
        "受污染耕地安全利用率": ["farmland.safe_use_rate"],
    }
    assert len(proposed) == 5


def test_an_indicator_is_bound_by_a_person_and_computed_beside_its_target(as_issuer, world, live):
    page = as_issuer.get(f"/plans/{live.uid}/measures/").content.decode()
    assert page.count("要等相应的台账建立。</td>") == 1, "one target has no register"
    wanted = indicator(live, "年度任务完成率")
    as_issuer.post(f"/plans/indicators/{wanted.pk}/bind/", {"measure": "plans.task_completion_rate"})
    assert "算得 0%（0/3），没有达到目标" in as_issuer.get(f"/plans/{live.uid}/measures/").content.decode()
    for number, on in (("（一）", date(2026, 10, 20)), ("（二）", date(2026, 3, 20))):
        report_done(world, live, number, on)
    page = as_issuer.get(f"/plans/{live.uid}/measures/").content.decode()
    assert "算得 66.7%（2/3），达到目标" in page and "✗ （三）" in page
    as_issuer.post(f"/plans/bindings/{Binding.objects.get().pk}/remove/")
    assert not judge(wanted, actor=world.actor("issuer"), on=DAY)


def test_the_rate_of_a_day_knows_only_what_was_reported_by_then(world, live):
    wanted, by = indicator(live, "年度任务完成率"), world.actor("issuer")
    binding.bind(wanted, "plans.task_completion_rate", by=by, at=datetime(2026, 2, 20, 2, 0, tzinfo=UTC))
    report_done(world, live, "（一）", date(2026, 10, 20))
    rates = {
        day: judge(wanted, actor=by, on=day)[0].result
        for day in (date(2026, 3, 1), date(2026, 10, 19), date(2026, 10, 20))
    }
    assert [(one.outcome, one.numerator) for one in rates.values()] == [
        (Outcome.CANNOT_SAY, None), (Outcome.NOT_DONE, 0), (Outcome.NOT_DONE, 1)
    ]  # fmt: skip
    seen = judge(wanted, actor=world.actor("stranger"), on=DAY)[0].result
    assert seen.outcome is Outcome.NOT_APPLICABLE and not seen.rows, "who may not read the plan counts nothing"


def test_units_are_on_time_when_every_report_of_the_quarter_was(world, live):
    wanted, by = indicator(live, "按时报送率"), world.actor("issuer")
    binding.bind(wanted, "plans.timely_reporting_rate", by=by, at=world.at)
    result = judge(wanted, actor=by, on=DAY)[0].result
    owing = {row.name for row in result.rows}
    assert (result.outcome, result.numerator, result.denominator) == (Outcome.NOT_DONE, 0, len(owing))
    unit = world.departments["ecology"]
    assert str(unit) in owing
    for row in Assignment.objects.filter(task__plan=live, department=unit, task__number="（四）"):
        said = work.Report(text="三季度宣传2次", period=last_quarter(DAY).name)
        work.report(row, said, by=world.actor("officer"), at=datetime(2026, 9, 25, 2, 0, tzinfo=UTC))
    result = judge(wanted, actor=by, on=DAY)[0].result
    assert {row.name for row in result.rows if row.counts} == {str(unit)}


def test_a_place_without_divisions_below_has_no_rate(world, live):
    wanted, by = indicator(live, "方案印发率"), world.actor("issuer")
    binding.bind(wanted, "plans.lower_plans_rate", by=by, at=world.at)
    assert judge(wanted, actor=by, on=DAY)[0].result.outcome is Outcome.NOT_APPLICABLE


def test_subordinate_plans_are_counted_over_the_districts_below(world, live):
    wanted, by = indicator(live, "方案印发率"), world.actor("issuer")
    upper = Plan.objects.get(pk=live.pk)
    upper.division, upper.pk = world.city, -1
    wanted.plan = upper
    result = measures.get("plans.lower_plans_rate").run(by, wanted, DAY, DAY)
    assert {row.name: row.counts for row in result.rows} == {"青禾区": True, "赤岩区": False}
    assert (result.outcome, str(result.reason)) == (Outcome.NOT_DONE, "算得 50%（1/2），没有达到目标。")


@pytest.mark.parametrize(
    ("comparator", "unit", "alternative", "outcome"),
    [(">=", "%", "", Outcome.NOT_DONE), ("~", "%", "", Outcome.CANNOT_SAY), (">=", "个", "", Outcome.CANNOT_SAY),
     (">=", "%", "95%以上且整改到位", Outcome.CANNOT_SAY), ("<=", "%", "", Outcome.DONE)],
)  # fmt: skip
def test_a_target_without_a_firm_edge_is_for_a_person(world, live, comparator, unit, alternative, outcome):
    wanted = indicator(live, "年度任务完成率")
    wanted.comparator, wanted.unit, wanted.alternative = comparator, unit, alternative
    assert measures.get("plans.task_completion_rate").run(world.actor("issuer"), wanted, DAY, DAY).outcome is outcome


def test_a_target_that_asks_nothing_here_is_not_applicable(world, live):
    wanted = indicator(live, "年度任务完成率")
    wanted.not_applicable = True
    result = measures.get("plans.task_completion_rate").run(world.actor("issuer"), wanted, DAY, DAY)
    assert result.outcome is Outcome.NOT_APPLICABLE


def test_measures_judge_only_what_they_are_of(as_issuer, world, live):
    task, wanted, by = live.tasks.get(number="（一）"), indicator(live, "年度任务完成率"), world.actor("issuer")
    with pytest.raises(WrongValue):
        binding.bind(task, "plans.task_completion_rate", by=by, at=world.at)
    with pytest.raises(WrongValue):
        binding.bind(wanted, "plans.documents_checked", by=by, at=world.at)
    reply = as_issuer.post(f"/plans/indicators/{wanted.pk}/bind/", {"measure": "plans.documents_checked"}, follow=True)
    assert "不能核对指标" in reply.content.decode() and not Binding.objects.exists()


def test_others_bind_nothing(client, world, live):
    wanted = indicator(live, "年度任务完成率")
    with pytest.raises(NotAllowed):
        binding.bind(wanted, "plans.task_completion_rate", by=world.actor("reader"), at=world.at)
    client.force_login(world.people["stranger"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/plans/indicators/{wanted.pk}/bind/", {"measure": "x"}).status_code == 404
    bound = binding.bind(wanted, "plans.task_completion_rate", by=world.actor("issuer"), at=world.at)
    assert client.post(f"/plans/bindings/{bound.pk}/remove/").status_code == 404
    again = binding.bind(wanted, "plans.task_completion_rate", by=world.actor("officer"), at=world.at)
    assert again.pk == bound.pk, "bound once"


@pytest.mark.parametrize(
    ("clause", "proposed"),
    [
        ("各县（区）人民政府要制定并公布土壤污染防治工作方案，报市人民政府备案", True),
        ("各县（区）于3月底前制定本地区年度实施方案，报市生态环境局备案", True),
        ("4月底前，各县（区）制定受污染耕地安全利用和严格管控年度工作方案", False),
        ("制定污染地块风险管控年度计划", False),
    ],
)
def test_subordinate_plans_are_proposed_for_the_plan_itself_not_for_other_schemes(clause, proposed):
    assert ("plans.lower_plans_published" in offered(clause)) is proposed
