"""A store that holds one plan and nothing else: no measure claims what it does not know, of this year or of one long gone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.desk import ledger_world

from soildesk.kit.measures import MeasureResult, Outcome, measures
from soildesk.monitoring.measuring import Asked, Counted, last_day, year_asked
from soildesk.plans.models import Plan, PlanTask
from soildesk.plans.services import intake, publishing, review
from soildesk.plans.services.drafts import read_pasted
from soilrules.indicators.shares import share

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DAY = date(2026, 11, 20)
OF_THE_PLAN = {
    "plans.ledger_complete": "its tasks are in the store",
    "plans.task_completion_rate": "its tasks are in the store",
    "plans.units_answered": "to whom its tasks went is in the store",
    "plans.reports_on_time": "the terms of its tasks are in the store",
    "plans.timely_reporting_rate": "the terms of its tasks are in the store",
    "plans.targets_reached": "the targets the clause prints are in the store",
}
"""Measures that count the plan itself, which the store does hold; each with what it counts."""
NOTHING_ASKED = {
    "plans.lower_plans_published": "a district has no cities and counties below it",
    "plans.lower_plans_rate": "a district has no cities and counties below it",
}
"""What is known not to apply without any record."""


@pytest.fixture
def live(world: Any) -> Plan:
    issuer, at = world.actor("issuer"), ledger_world.MARCH
    place = intake.Place(world.district, world.departments["ecology"])
    text = ledger_world.TEXT.replace("（四）加强宣传。", "（四）加强宣传。任务完成率达到60%以上。")
    plan = intake.import_plan(read_pasted(text), intake.Source.of(text.encode()), place, by=issuer, at=at)
    review.accept_confident(plan, by=issuer, at=at, everything=True)
    return publishing.publish(plan, by=issuer, at=at)


def claims(answer: MeasureResult) -> str:
    """What an answer claims to know of an empty register; empty where it claims nothing."""
    if answer.outcome is not Outcome.CANNOT_SAY:
        return str(answer.outcome)
    return "" if answer.numerator is None and answer.denominator is None else "a figure"


@pytest.mark.parametrize("on", [DAY, date(2009, 12, 31), date(2031, 6, 30)])
def test_an_empty_store_knows_nothing(world: Any, live: Plan, on: date) -> None:
    subjects = {"plans.plantask": ledger_world.task(live, "（四）"), "plans.indicator": live.indicators.first()}
    asked, found = 0, {}
    for name, one in sorted(measures().items()):
        for kind in one.subjects:
            answer = one.run(world.actor("officer"), subjects[kind], on, DAY)
            asked += 1
            if (said := claims(answer)) and name not in OF_THE_PLAN:
                found[name] = said
    assert asked > 200
    assert found.keys() <= NOTHING_ASKED.keys(), found
    assert set(found.values()) <= {"not_applicable"}


def test_the_cities_own_plan_says_nothing_of_plans_below_that_nobody_entered(world: Any, live: Plan) -> None:
    Plan.objects.filter(pk=live.pk).update(division=world.city)
    live.refresh_from_db()
    for name, subject in (("published", ledger_world.task(live, "（四）")), ("rate", live.indicators.first())):
        answer = measures()[f"plans.lower_plans_{name}"].run(world.actor("officer"), subject, DAY, DAY)
        assert claims(answer) == "" or answer.numerator, answer


def test_silent_rows_have_no_rate_and_one_row_that_speaks_gives_it_back(world: Any, live: Plan) -> None:
    asked = Asked.of(world.actor("officer"), ledger_world.task(live, "（四）"), DAY, DAY)
    silent = [Counted("x.row", str(n), f"第{n}块", False, "没有记录", silent=True) for n in range(3)]
    answer = asked.share(silent, share, "%(good)d/%(all)d")
    assert (answer.outcome, answer.numerator, answer.denominator) == (Outcome.CANNOT_SAY, None, None)
    assert "没有登记不等于没有做" in str(answer.reason)
    assert [row.counts for row in answer.rows] == [False] * 3, "the rows that lack a record are shown"
    spoken = Counted("x.row", "9", "第九块", False, "不合格")
    assert asked.share([*silent, spoken], share, "%(good)d/%(all)d").outcome is Outcome.NOT_DONE
    good = Counted("x.row", "9", "第九块", True)
    answer = asked.share([*silent, good], share, "%(good)d/%(all)d")
    assert (answer.outcome, answer.numerator, answer.denominator) == (Outcome.NOT_DONE, 1, 4)


@pytest.mark.parametrize("on", [date(2009, 3, 1), DAY])
def test_a_plan_without_a_period_asks_for_the_year_it_prints_like_one_with_it(on: date) -> None:
    bare = PlanTask(plan=Plan(year=2009))
    whole = PlanTask(plan=Plan(year=2009, period_start=date(2009, 1, 1), period_end=date(2009, 12, 31)))
    assert year_asked(bare, on) == year_asked(whole, on) == 2009
    assert last_day(bare) == last_day(whole) == date(2009, 12, 31)
    neither = PlanTask(plan=Plan())
    assert year_asked(neither, on) == on.year, "only a plan that prints neither asks for the year of the day"
