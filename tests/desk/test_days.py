"""Days are those of the desk's time zone: 23:30 UTC is the next morning in Beijing."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

import ledger_world
import openpyxl
import pytest

import soildesk
from soildesk.core import clock
from soildesk.core.models import Duty
from soildesk.core.permissions import Actor
from soildesk.plans.models import Assignment
from soildesk.plans.queries.checked import judge
from soildesk.plans.queries.export import ledger_of
from soildesk.plans.services import binding, publishing, review, sheets, work

EVENING = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)  # 2026-11-20 07:30 in Beijing
MORNING = date(2026, 11, 20)
NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


def test_the_local_day_of_a_moment() -> None:
    assert clock.local_day(EVENING) == MORNING
    assert clock.local_day(datetime(2026, 11, 20, 15, 59, tzinfo=UTC)) == MORNING
    assert clock.local_day(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)) == date(2026, 11, 21)


def test_no_module_takes_the_day_of_a_moment_by_itself() -> None:
    """`.date()` on an aware moment of the database is the day in Greenwich."""
    root = Path(soildesk.__file__).parent
    allowed = {
        root / "core" / "clock.py",
        root / "cli" / "choices.py",  # the clock of the commands that need no desk
        root / "plans" / "sheets.py",  # reads a day somebody wrote
    }
    found = [
        path for path in root.rglob("*.py") if path not in allowed and re.search(r"\.date\(\)", path.read_text("utf-8"))
    ]
    assert not found


def test_a_report_before_eight_is_of_that_day(world) -> None:
    plan = ledger_world.published(world)
    row = ledger_world.at_unit(plan, "（一）", world.departments["ecology"])
    work.report(row, work.Report("排查完成", claims_done=True), by=world.actor("officer"), at=EVENING)
    assert (row.reported_on, row.entries.get().done_on) == (MORNING, MORNING)
    assert {duty.done_on for duty in Duty.objects.for_subject(row.task).of_unit(row.department_id)} == {MORNING}
    exported = {line.number: line.progress for section in ledger_of(plan, MORNING).sections for line in section.rows}
    assert "11-20" in exported["（一）"]


def test_publication_before_eight_is_known_that_day_and_starts_the_right_quarter(world) -> None:
    plan = ledger_world.taken_in(world)
    review.accept_confident(plan, by=world.actor("officer"), at=EVENING, everything=True)
    at = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in Beijing
    publishing.publish(plan, by=world.actor("issuer"), at=at)
    row = ledger_world.task(plan, "（四）")
    assert {duty.period for duty in Duty.objects.for_subject(row)} == {"2026Q3", "2026Q4"}
    binding.bind(row, "plans.units_answered", by=world.actor("officer"), at=at)
    (said,) = judge(row, actor=world.actor("officer"), on=date(2026, 6, 30), known_on=date(2026, 7, 1))
    assert said.result.outcome == "cannot_say", "not yet published on 30 June"


@pytest.mark.parametrize(("at", "year", "day"), [(NEW_YEAR, 2027, "2027-01-01"), (EVENING, 2026, "2026-11-20")])
def test_a_sheet_bears_the_local_year_and_day(world, at: datetime, year: int, day: str) -> None:
    plan = ledger_world.published(world)
    actor = Actor.of(world.people["officer"], clock.local_day(at))
    sheet, data = sheets.issue(plan, world.departments["ecology"], by=actor, at=at)
    assert sheet.number.startswith(f"分办〔{year}〕")
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    assert day in page["A2"].value
    assert Assignment.objects.filter(task__plan=plan).exists()
