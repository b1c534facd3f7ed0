"""What waits at the desk is late when the one function of terms says so, and not before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import ledger_world
from soildesk.core import duties
from soildesk.core.models import Duty
from soildesk.core.owed import waiting
from soildesk.plans.models import PlanTask

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("due", "issued_on", "late"),
    [
        (DAY, None, False),
        (DAY - timedelta(days=1), None, True),
        (DAY - timedelta(days=1), DAY - timedelta(days=1), True),
        (DAY - timedelta(days=2), DAY - timedelta(days=1), False),
        (None, None, False),
    ],
    ids=["due today", "due yesterday", "issued on the day it was due", "due before it was issued", "no term"],
)
def test_a_term_that_had_passed_before_issue_is_never_late(world, due, issued_on, late) -> None:
    task = ledger_world.task(ledger_world.published(world), "（一）")
    spec = duties.DutySpec(Duty.Kind.PROBLEM, "整改", world.departments["ecology"], due=due, issued_on=issued_on)
    by = world.actor("officer")
    duties.open_duty(task, spec, by=by, life=duties.Life(date(2026, 1, 1)))
    (one,) = waiting(by, DAY, [Duty.Kind.PROBLEM], {PlanTask: "plans"})
    assert one.late is late


def test_many_take_no_more_queries_than_one(world) -> None:
    by, counts = world.actor("officer"), []
    first, *others = ledger_world.published(world).tasks.order_by("id")
    assert others
    for some in ([first], others):
        for task in some:
            spec = duties.DutySpec(Duty.Kind.PROBLEM, "整改", world.departments["ecology"], due=DAY)
            duties.open_duty(task, spec, by=by, life=duties.Life(date(2026, 1, 1)))
        with CaptureQueriesContext(connection) as asked:
            told = waiting(by, DAY, [Duty.Kind.PROBLEM], {PlanTask: "plans"})
        counts.append(len(asked))
    assert len(told) == 1 + len(others)
    assert counts[1] == counts[0], "the calendar is read once, not for each"
