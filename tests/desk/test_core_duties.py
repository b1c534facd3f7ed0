"""Duties: kept, replaced and judged; the SQL conditions are the one function that says late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.conftest import DAY, World
from soildesk.core import duties
from soildesk.core.calendar import working_calendar
from soildesk.core.duties import DutyRefused, DutySpec, Life
from soildesk.core.models import Duty
from soildesk.core.permissions import NotAllowed, system_actor
from soilrules.deadlines import State, state

pytestmark = pytest.mark.store
BY = system_actor("test", DAY)
LIVE = Life(date(2026, 1, 1))


@pytest.fixture
def anchor(world: World) -> Duty:
    """A record of the district that makes duties."""
    return Duty.objects.create(
        division_path=world.district.path,
        owner_department=world.departments["ecology"],
        subject_type="test",
        subject_id=0,
        kind=Duty.Kind.CLOSING,
        title="方案",
    )


def _spec(world: World, title: str = "建立台账", due: date | None = DAY, **more: object) -> DutySpec:
    return DutySpec(Duty.Kind.MILESTONE, title, world.departments["agriculture"], due=due, **more)


DAYS = st.integers(-4, 4).map(lambda n: DAY + timedelta(days=n))
MAYBE = st.none() | DAYS
ROW = st.fixed_dictionaries(
    {
        "due": MAYBE,
        "done_on": MAYBE,
        "issued_on": MAYBE,
        "standing": st.booleans(),
        "live_from": MAYBE,
        "live_until": MAYBE,
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, min_size=1, max_size=12), day=DAYS, days=st.integers(0, 4))
def test_sql_says_late_exactly_where_the_rule_does(
    world: World, anchor: Duty, rows: list[dict[str, object]], day: date, days: int
) -> None:
    Duty.objects.exclude(pk=anchor.pk).delete()
    base = {
        "division_path": anchor.division_path,
        "owner_department": anchor.owner_department,
        "subject_type": "t",
        "kind": Duty.Kind.MILESTONE,
        "title": "t",
    }
    made = Duty.objects.bulk_create(Duty(**base, subject_id=n, **row) for n, row in enumerate(rows))
    calendar = working_calendar()

    def live(duty: Duty) -> bool:
        begun = duty.live_from is not None and duty.live_from <= day
        return begun and (duty.live_until is None or duty.live_until > day)

    states = {duty.pk: state(duty, day, calendar, soon_days=days) for duty in made if live(duty)}
    late = {pk for pk, found in states.items() if found is State.OVERDUE}
    soon = {pk for pk, found in states.items() if found in {State.DUE_SOON, State.DUE_TODAY}}
    undone = {pk for pk, found in states.items() if found not in {State.DONE, State.DONE_LATE}}
    mine = Duty.objects.exclude(pk=anchor.pk)
    assert set(mine.live_on(day).values_list("pk", flat=True)) == set(states)
    assert set(mine.late_on(day).values_list("pk", flat=True)) == late
    assert set(mine.due_within(day, days).values_list("pk", flat=True)) == soon
    assert set(mine.open_on(day).values_list("pk", flat=True)) == undone


def test_duty_of_an_unpublished_or_closed_plan_is_never_late(world: World, anchor: Duty) -> None:
    duty = duties.open_duty(anchor, _spec(world, due=DAY - timedelta(days=9)), by=BY)
    assert not Duty.objects.late_on(DAY).exists()
    duties.set_life(Duty.objects.filter(pk=anchor.pk), LIVE, by=BY)
    assert Duty.objects.late_on(DAY).get() == duty
    duties.set_life(Duty.objects.filter(pk=anchor.pk), Life(LIVE.start, DAY), by=BY)
    assert not Duty.objects.late_on(DAY).exists()
    assert Duty.objects.late_on(DAY - timedelta(days=1)).exists()


def test_due_before_issue_is_never_red(world: World, anchor: Duty) -> None:
    duty = duties.open_duty(anchor, _spec(world, due=date(2026, 3, 1), issued_on=date(2026, 4, 1)), by=BY, life=LIVE)
    assert duties.state_of(duty, DAY) is State.DUE_BEFORE_ISSUE
    assert not Duty.objects.late_on(DAY).exists()


def test_due_on_the_day_of_issue_counts(world: World, anchor: Duty) -> None:
    day = DAY - timedelta(days=5)
    duty = duties.open_duty(anchor, _spec(world, due=day, issued_on=day), by=BY, life=LIVE)
    assert duties.state_of(duty, DAY) is State.OVERDUE
    assert Duty.objects.late_on(DAY).get() == duty


def test_working_days_give_the_due_day(world: World, anchor: Duty) -> None:
    duty = duties.open_duty(anchor, _spec(world, due=None, since=date(2026, 9, 30), working_days=2), by=BY, life=LIVE)
    assert duty.due == date(2026, 10, 9)  # the national holiday lies between
    assert not duty.provisional


def test_provisional_day_is_recomputed(world: World, anchor: Duty) -> None:
    duty = duties.open_duty(anchor, _spec(world, due=None, since=date(2031, 9, 30), working_days=3), by=BY, life=LIVE)
    assert duty.provisional
    Duty.objects.filter(pk=duty.pk).update(due=date(2031, 12, 31))
    assert duties.recompute_provisional(by=BY) == 1
    duty.refresh_from_db()
    assert duty.due == working_calendar().add_working_days(date(2031, 9, 30), 3)[0]


def test_done_and_reopened(world: World, anchor: Duty) -> None:
    duty = duties.open_duty(anchor, _spec(world), by=BY, life=LIVE)
    with pytest.raises(DutyRefused, match="晚于今天"):
        duties.done(duty, on=DAY + timedelta(days=1), by=BY)
    duties.done(duty, on=DAY, by=BY, evidence=[{"type": "file", "uid": "x"}])
    assert duties.state_of(duty, DAY) is State.DONE
    duties.reopen(duty, by=BY)
    assert duty.evidence == [{"type": "file", "uid": "x"}]
    with pytest.raises(DutyRefused, match="尚未办结"):
        duties.reopen(duty, by=BY)


def test_replacing_keeps_what_is_done(world: World, anchor: Duty) -> None:
    kept, gone = duties.replace_for(anchor, [_spec(world, "甲"), _spec(world, "乙")], by=BY, life=LIVE)
    finished = duties.replace_for(anchor, [_spec(world, "甲"), _spec(world, "丙")], by=BY, life=LIVE)[1]
    assert not Duty.objects.filter(pk=gone.pk).exists()
    duties.done(finished, on=DAY, by=BY)
    duties.done(kept, on=DAY, by=BY)
    later = DAY + timedelta(days=30)
    (again,) = duties.replace_for(anchor, [_spec(world, "甲", due=later)], by=BY, life=LIVE)
    assert (again.pk, again.due, again.done_on) == (kept.pk, later, DAY)
    assert Duty.objects.for_subject(anchor).count() == 2


def test_no_actor_no_duty(world: World, anchor: Duty) -> None:
    with pytest.raises(NotAllowed):
        duties.open_duty(anchor, _spec(world), by=None)
