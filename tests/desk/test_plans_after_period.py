"""A plan's period ends and a task is open: it is late until somebody does it, or a person says what becomes of it.

Every count asks the same rule, so the ledger, the command, the tables of units and the duties agree on each day.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from desk import ledger_world
from soildesk.core.models import Duty
from soildesk.core.permissions import Actor
from soildesk.plans.models import ClosingRow, Plan, PlanTask
from soildesk.plans.queries import department, ledger, lookup, overview, states
from soildesk.plans.services import closing, intake, publishing, review, work
from soildesk.plans.services.drafts import read_pasted
from soilrules.deadlines.tasks import TaskState

TEXT = ledger_world.TEXT.partition("二、主要任务")[0].replace("2026年土壤", "2026—2027年土壤") + (
    "二、主要任务\n"
    "（一）期限正是最后一天。2027年12月31日前完成验收。（区生态环境局负责）\n"
    "（二）期限在执行期以后。2028年1月31日前报送评估报告。（区生态环境局负责）\n"
    "（三）每年报送。每年12月20日前报送年度总结。（区农业农村局负责）\n"
    "（四）早已完成。2026年6月底前制定方案。（区农业农村局负责）\n"
    "（五）加强宣传。长期坚持宣传引导。（区生态环境局负责）\n"
)
LAST, DAYS = date(2027, 12, 31), [
    date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 20), date(2026, 12, 21), date(2027, 12, 20), date(2027, 12, 21),
    date(2027, 12, 31), date(2028, 1, 1), date(2028, 1, 31), date(2028, 2, 1), date(2029, 6, 1),
]  # fmt: skip
LATE = {
    date(2026, 12, 21): {"（三）"}, date(2027, 12, 20): {"（三）"}, date(2027, 12, 21): {"（三）"},
    date(2027, 12, 31): {"（三）"}, date(2028, 1, 1): {"（一）", "（三）"}, date(2028, 1, 31): {"（一）", "（三）"},
    date(2028, 2, 1): {"（一）", "（二）", "（三）"}, date(2029, 6, 1): {"（一）", "（二）", "（三）"},
}  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world: Any) -> Plan:
    place = intake.Place(world.district, world.departments["ecology"])
    found = intake.import_plan(
        read_pasted(TEXT), intake.Source.of(TEXT.encode()), place, by=world.actor("officer"), at=ledger_world.MARCH
    )
    assert (found.period_start, found.period_end) == (date(2026, 1, 1), LAST)
    review.accept_confident(found, by=world.actor("officer"), at=ledger_world.MARCH, everything=True)
    publishing.publish(found, by=world.actor("issuer"), at=ledger_world.MARCH)
    fourth = ledger_world.at_unit(found, "（四）", world.departments["agriculture"])
    done = work.Report("已印发", claims_done=True, done_on=date(2026, 3, 10))
    work.report(fourth, done, by=world.actor("officer"), at=ledger_world.MARCH)
    cache.clear()
    return found


def numbers(rows: Any) -> set[str]:
    return set(PlanTask.objects.filter(pk__in=rows).values_list("number", flat=True))


def said_late(world: Any, plan: Plan, day: date) -> dict[str, set[str]]:
    """Which tasks each place of the desk says are late on a day."""
    officer = Actor.of(world.people["officer"], day)
    tasks = PlanTask.objects.filter(plan=plan)
    standing = states.standings(list(tasks.values_list("pk", flat=True)), day)
    owed = Duty.objects.filter(internal=False).late_on(day)
    queue = department.queue(officer, day).filter(department.late(day))
    mine = [row.pk for row in ledger.plans_out(officer, day) if row.ours]
    return {
        "rule": numbers(pk for pk, one in standing.items() if one.state is TaskState.OVERDUE),
        "sql": numbers(states.with_state(tasks, TaskState.OVERDUE, day).values("pk")),
        "ledger": numbers(states.with_state(ledger.tasks_of(mine, day), TaskState.OVERDUE, day).values("pk")),
        "duties": numbers(owed.values("subject_id")),
        "table of units": numbers(queue.values("task_id")),
        "command": {
            one["number"] for one in lookup.ledger_facts(lookup.LedgerFilter(state=TaskState.OVERDUE), officer, day)
        },
    }


def test_every_count_of_late_tasks_agrees_on_each_day_around_the_end(world: Any, plan: Plan) -> None:
    for day in DAYS:
        found = said_late(world, plan, day)
        assert found == dict.fromkeys(found, LATE.get(day, set())), day
        assert Plan.objects.owing_on(day).filter(pk=plan.pk).exists() is plan.owes_on(day) is (day.year > 2025)
        shares = overview.overview(plan, day).departments
        assert any(one.late for one in shares) is bool(LATE.get(day)), day
    assert plan.phase(date(2028, 1, 1)) is Plan.Phase.TO_CLOSE


def test_the_pages_show_what_is_late_after_the_period(world: Any, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2028-01-05")
    client = Client()
    client.force_login(world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/plans/ledger/?state=overdue").content.decode()
    assert "期限正是最后一天" in page and "期限在执行期以后" not in page
    assert "期限正是最后一天" in client.get("/").content.decode()
    assert "已过 5 天" in client.get("/plans/reminders/").content.decode()


def test_a_report_after_the_period_ends_the_lateness(world: Any, plan: Plan) -> None:
    at = datetime(2028, 1, 8, 2, 0, tzinfo=UTC)
    officer = world.actor("officer", date(2028, 1, 8))
    row = ledger_world.at_unit(plan, "（一）", world.departments["ecology"])
    work.report(row, work.Report("已验收", claims_done=True, done_on=date(2028, 1, 7)), by=officer, at=at)
    assert said_late(world, plan, date(2028, 1, 6))["rule"] == {"（一）", "（三）"}, "on the day before it was late"
    found = said_late(world, plan, date(2028, 1, 8))
    assert found["rule"] == found["duties"] == {"（三）"}


def test_closing_ends_it_from_that_day_on_and_not_before(world: Any, plan: Plan) -> None:
    successor = intake.import_plan(
        read_pasted(ledger_world.TEXT.replace("2026", "2028").replace("4号", "9号")),
        intake.Source.of(b"next"),
        intake.Place(world.district, world.departments["ecology"]),
        by=world.actor("officer"),
        at=ledger_world.MARCH,
    )
    review.accept_confident(successor, by=world.actor("officer"), at=ledger_world.MARCH, everything=True)
    publishing.publish(successor, by=world.actor("issuer"), at=ledger_world.MARCH)
    day = date(2028, 2, 10)
    assert said_late(world, plan, day)["rule"] == {"（一）", "（二）", "（三）"}, "a successor alone changes nothing"
    issuer, at = world.actor("issuer", day), datetime(2028, 2, 10, 2, 0, tzinfo=UTC)
    fates = {
        task: closing.Fate(ClosingRow.Outcome.CARRIED, carried_to=successor.tasks.first())
        for task in closing.open_tasks(plan, at)
    }
    closing.close(plan, fates, by=issuer, at=at)
    cache.clear()
    for when, expected in ((date(2028, 2, 9), {"（一）", "（二）", "（三）"}), (day, set())):
        found = said_late(world, plan, when)
        assert {name: rows for name, rows in found.items() if name in ("rule", "sql", "duties")} == {
            "rule": expected, "sql": expected, "duties": expected,
        }, when  # fmt: skip
        closed = Plan.objects.get(pk=plan.pk)
        assert Plan.objects.owing_on(when).filter(pk=plan.pk).exists() is closed.owes_on(when) is bool(expected)
    assert ledger_world.task(plan, "（一）").closing.carried_to.plan == successor


def test_a_plan_taken_in_when_its_period_was_over_is_no_wall_of_red(world: Any) -> None:
    at = datetime(2028, 1, 3, 2, 0, tzinfo=UTC)
    place = intake.Place(world.district, world.departments["ecology"])
    officer = world.actor("officer", date(2028, 1, 3))
    late = intake.import_plan(read_pasted(TEXT), intake.Source.of(TEXT.encode()), place, by=officer, at=at)
    review.accept_confident(late, by=officer, at=at, everything=True)
    publishing.publish(late, by=world.actor("issuer", date(2028, 1, 3)), at=at)
    found = said_late(world, late, date(2028, 3, 1))
    assert not any(found.values())


def test_the_migration_keeps_open_what_a_period_had_ended(world: Any, plan: Plan) -> None:
    from importlib import import_module

    from django.apps import apps

    change = import_module("soildesk.plans.migrations.0007_unassigned_clauses")
    tasks = Duty.objects.filter(subject_type="plans.plantask")
    change.end_with_the_period(apps, None)
    assert set(tasks.values_list("live_until", flat=True)) == {date(2028, 1, 1)}
    change.stay_owed(apps, None)
    assert set(tasks.values_list("live_until", flat=True)) == {None}


def test_the_command_says_so_too(world: Any, plan: Plan, capsys: pytest.CaptureFixture[str]) -> None:
    from soildesk.plans.queries.statuses import as_json, statuses

    day = date(2028, 1, 1)
    told = [as_json(one) for one in statuses(Actor.of(world.people["officer"], day), day, day)]
    assert {one["number"] for one in told if one["reported"] == "overdue"} == LATE[day]
    assert json.dumps(told)
