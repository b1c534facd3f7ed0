"""How tasks stand: cases an expert can read, and the SQL says what the rule says for whatever duties."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soildesk.core import duties
from soildesk.core.models import Duty
from soildesk.core.permissions import system_actor
from soildesk.plans.models import Assignment, Plan, PlanTask, ProgressEntry
from soildesk.plans.queries.states import (
    before_issue_condition,
    standings,
    state_condition,
    state_counts,
    with_state,
)
from soilrules.deadlines.tasks import TaskState

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "task_states.yaml").read_text("utf-8"))
DAY = date(2026, 11, 20)
ISSUED = date(2026, 3, 12)
pytestmark = pytest.mark.django_db


def make_plan(world: Any, *, over: bool = False, issued: date = ISSUED) -> Plan:
    year = 2025 if over else 2026
    return Plan.objects.create(
        division=world.district,
        division_path=world.district.path,
        owner_department=world.departments["ecology"],
        title="方案",
        year=year,
        issued_on=issued,
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
        stage=Plan.Stage.PUBLISHED,
        imported_at=world.at,
        published_at=world.at,
    )


def make_task(plan: Plan, position: int = 0) -> PlanTask:
    return PlanTask.objects.create(
        plan=plan,
        division_path=plan.division_path,
        owner_department=plan.owner_department,
        position=position,
        text="任务",
        origin="body",
        status=PlanTask.Status.ACCEPTED,
    )


def owe(task: PlanTask, row: dict[str, Any], number: int) -> None:
    spec = duties.DutySpec(
        kind=Duty.Kind.MILESTONE,
        title="任务",
        unit=task.owner_department,
        period=f"m{number}",
        due=row.get("due"),
        issued_on=row.get("issued", ISSUED),
        internal=row.get("internal", False),
        standing=row.get("standing", False),
    )
    duty = duties.open_duty(task, spec, by=system_actor("test", DAY), life=duties.Life(start=date(2025, 1, 1)))
    if row.get("done"):
        Duty.objects.filter(pk=duty.pk).update(done_on=row["done"])


def begin(task: PlanTask, at: datetime) -> None:
    assignment = Assignment.objects.create(
        task=task,
        department=task.owner_department,
        role="lead",
        division_path=task.division_path,
        owner_department=task.owner_department,
        state=Assignment.State.UNDER_WAY,
    )
    ProgressEntry.objects.create(assignment=assignment, text="办理中", at=at)


def by_sql(task: PlanTask, day: date) -> list[TaskState]:
    return [s for s in TaskState if PlanTask.objects.filter(state_condition(s, day), pk=task.pk).exists()]


@pytest.mark.store
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(world: Any, case: dict[str, Any]) -> None:
    task = make_task(make_plan(world, over=case.get("plan") == "over"))
    for number, row in enumerate(case["duties"]):
        owe(task, row, number)
    if case.get("begun"):
        begin(task, world.at)
    wanted = TaskState(case["expect"])
    assert standings([task.pk], DAY)[task.pk].state is wanted
    assert by_sql(task, DAY) == [wanted]


def test_every_outcome_has_its_case() -> None:
    assert {case["expect"] for case in CASES} == set(TaskState)


DAYS = st.dates(date(2026, 2, 1), date(2026, 12, 31))
ROW = st.fixed_dictionaries({
    "due": st.none() | DAYS, "done": st.none() | DAYS, "issued": st.none() | DAYS, "internal": st.booleans(),
    "standing": st.booleans(),
})  # fmt: skip
TASK = st.tuples(st.lists(ROW, max_size=4), st.none() | DAYS, st.booleans())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tasks=st.lists(TASK, min_size=1, max_size=8), day=DAYS)
def test_filters_find_exactly_the_tasks_that_stand_so(world: Any, tasks: list[Any], day: date) -> None:
    """For whatever duties and entries: `with_state` gives the tasks whose standing is that state, each in one state."""
    with transaction.atomic():
        running, over = make_plan(world), make_plan(world, over=True)
        for position, (rows, begun_on, is_over) in enumerate(tasks):
            task = make_task(over if is_over else running, position)
            for number, row in enumerate(rows):
                owe(task, row, number)
            if begun_on:
                begin(task, timezone.make_aware(datetime.combine(begun_on, time(23, 59))))
        stands = standings(PlanTask.objects.values_list("pk", flat=True), day)
        for state in TaskState:
            found = set(with_state(PlanTask.objects.all(), state, day).values_list("pk", flat=True))
            assert found == {pk for pk, one in stands.items() if one.state is state}, state
        early = set(PlanTask.objects.filter(before_issue_condition(day)).values_list("pk", flat=True))
        assert early == {pk for pk, one in stands.items() if one.before_issue}
        assert sum(state_counts(PlanTask.objects.all(), day).values()) == len(tasks)
        transaction.set_rollback(True)


def test_what_was_said_after_the_day_had_not_begun_by_it(world: Any) -> None:
    task = make_task(make_plan(world))
    owe(task, {"due": date(2026, 12, 31)}, 0)
    begin(task, timezone.make_aware(datetime.combine(DAY, time(23, 59))))
    assert standings([task.pk], DAY)[task.pk].state is TaskState.UNDER_WAY
    assert standings([task.pk], DAY - timedelta(days=1))[task.pk].state is TaskState.NOT_STARTED


def test_a_page_of_tasks_takes_as_many_queries_as_one(world: Any, django_assert_num_queries: Any) -> None:
    plan = make_plan(world)
    tasks = [make_task(plan, n) for n in range(40)]
    for task in tasks:
        owe(task, {"due": date(2026, 12, 31)}, 0)
    with django_assert_num_queries(6):
        standings([tasks[0].pk], DAY)
    with django_assert_num_queries(6):
        standings([task.pk for task in tasks], DAY)
