"""A clause that prints targets is reached when the measures of its indicators say so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.desk import ledger_world

from soildesk.kit import measures
from soildesk.kit.measures import MeasureResult, Outcome
from soildesk.plans.models import Plan
from soildesk.plans.queries.checked import Pass
from soildesk.plans.services import binding, intake, publishing, review
from soildesk.plans.services.drafts import read_pasted

DAY = date(2026, 11, 20)
NAME = "plans.targets_reached"
TEXT = ledger_world.TEXT.replace("（四）加强宣传。", "（四）加强宣传。任务完成率达到60%以上，按时报送率达到100%。")


@pytest.fixture
def live(world: Any) -> Plan:
    issuer, at = world.actor("issuer"), ledger_world.MARCH
    place = intake.Place(world.district, world.departments["ecology"])
    plan = intake.import_plan(read_pasted(TEXT), intake.Source.of(TEXT.encode()), place, by=issuer, at=at)
    review.accept_confident(plan, by=issuer, at=at, everything=True)
    return publishing.publish(plan, by=issuer, at=at)


def ask(world: Any, plan: Plan, number: str = "（四）", on: date = DAY) -> MeasureResult:
    return measures.get(NAME).run(world.actor("officer"), ledger_world.task(plan, number), on, on)


def bind(world: Any, plan: Plan, ends: str, measure: str) -> None:
    for one in plan.indicators.filter(name__endswith=ends):
        binding.bind(one, measure, by=world.actor("officer"), at=world.at)


def test_a_clause_without_a_target_or_with_an_unbound_one_cannot_be_said(world: Any, live: Plan) -> None:
    assert ask(world, live, "（二）").outcome is Outcome.CANNOT_SAY
    assert not ask(world, live, "（二）").rows
    answer = ask(world, live)
    assert (answer.outcome, answer.numerator, answer.denominator) == (Outcome.CANNOT_SAY, 0, 2)
    assert {row.note for row in answer.rows} == {"没有选定核算办法"}
    assert ask(world, live, on=date(2026, 3, 1)).outcome is Outcome.CANNOT_SAY, "it was not published"


def test_one_target_that_is_not_reached_decides(world: Any, live: Plan) -> None:
    bind(world, live, "按时报送率", "plans.timely_reporting_rate")
    bind(world, live, "任务完成率", "plans.task_completion_rate")
    answer = ask(world, live)
    assert (answer.outcome, answer.denominator) == (Outcome.NOT_DONE, 2)
    assert any(row.name.startswith("任务完成率：") and not row.counts for row in answer.rows)


def test_a_pass_over_many_says_the_same(world: Any, live: Plan) -> None:
    bind(world, live, "任务完成率", "plans.task_completion_rate")
    task = ledger_world.task(live, "（四）")
    binding.bind(task, NAME, by=world.actor("officer"), at=world.at)
    tasks = list(live.tasks.select_related("plan__division"))
    found = dict(Pass(world.actor("officer"), DAY, DAY).of_tasks(tasks))
    assert found[task].judged[0].result == ask(world, live)
