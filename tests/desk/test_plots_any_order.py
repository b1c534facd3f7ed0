"""Any order of events and take-backs: stages and lists are what replay gives, and no stay or removal without its reason."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import count
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.land_world import square
from desk.plot_world import FIRST, Plots, noon, told
from soildesk.core.errors import Refusal
from soildesk.plots.models import Membership, PlotEvent
from soildesk.plots.queries import stages
from soildesk.plots.services import events
from soilrules.plots.lists import ListKey, plot_lists
from soilrules.plots.state import EventKind, Stage

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
NUMBERS = count()
KINDS = [one for one in EventKind if not one.startswith("carried")]
Step = tuple[str, int]


def steps() -> st.SearchStrategy[list[Step]]:
    """Events on days, mostly the way forward, with take-backs of the last or of any between."""
    forward = st.sampled_from(KINDS).map(lambda kind: str(kind))
    return st.lists(
        st.tuples(st.one_of(forward, st.sampled_from(["back", "back_any"])), st.integers(0, 40)), max_size=14
    )


@pytest.mark.django_db
@pytest.mark.store
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=steps(), walk=st.sampled_from(["S2", "S5", "removed", "released", "outside"]))
def test_what_stands_is_what_the_events_give(world: Any, said: list[Step], walk: str) -> None:
    made = Plots(world)
    number = next(NUMBERS)
    plot = made.to(made.plot(f"地块{number}", square(number % 20, number // 20)), walk).plot
    for at, (kind, day) in enumerate(said):
        on = FIRST + timedelta(days=10 + day)
        with suppress(Refusal):
            _do(made, plot, kind, on, at)
        _holds(plot)


def _do(made: Plots, plot: Any, kind: str, on: date, at: int) -> None:
    standing = list(events.standing(plot))
    if kind == "back" and standing:
        events.take_back(standing[-1], "误登", by=made.officer, at=AT)
    elif kind == "back_any" and standing:
        events.take_back(standing[at % len(standing)], "误登", by=made.officer, at=AT)
    elif kind not in ("back", "back_any"):
        events.record(plot, told(kind, on), by=made.officer, at=AT)


def _holds(plot: Any) -> None:
    life = stages.of(plot)
    history = events.history_of(life.events)
    assert not history.refused
    days = sorted({one.on for one in life.events} | {FIRST, FIRST + timedelta(days=60)})
    for day in days:
        held = life.stage_on(day)
        assert (held.stage if held else Stage.OUTSIDE) == history.stage_on(day)
        assert life.lists_on(day) == stages.ordered(history.lists_on(day))
    for stay in life.stays:
        assert stay.event.kind == plot_lists()[ListKey(stay.list_key)].enters_by and stay.event.authority
        if stay.list_key == ListKey.ROSTER and stay.until:
            assert stay.event_out.kind == EventKind.REMOVAL_DECIDED and stay.event_out.level == "province"


@pytest.mark.django_db(transaction=True)
@pytest.mark.store
def test_two_offices_at_once_one_wins_and_the_other_is_told(world: Any) -> None:
    made = Plots(world)
    plot = made.to(made.plot("示例地块", square(0, 0)), "S5").plot
    seen, start = PlotEvent.objects.filter(plot=plot).count(), Barrier(2)
    told_off: list[str] = []

    def act() -> None:
        start.wait()
        try:
            events.record(
                plot, told("roster_listed", date(2026, 5, 1)), by=made.officer, at=noon(date(2026, 5, 1)), seen=seen
            )
        except Refusal as refusal:
            told_off.append(str(refusal))
        finally:
            connection.close()

    _together(act, act)
    assert len(told_off) == 1 and "刚才有人登记" in told_off[0]
    assert PlotEvent.objects.filter(plot=plot, kind="roster_listed").count() == 1
    assert Membership.objects.filter(plot=plot, list_key="roster", superseded_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.store
def test_two_offices_that_have_seen_nothing_are_told_by_the_guard(world: Any) -> None:
    made = Plots(world)
    plot = made.to(made.plot("示例地块", square(0, 0)), "S5").plot
    told_off: list[str] = []
    start = Barrier(2)

    def act() -> None:
        start.wait()
        try:
            events.record(plot, told("roster_listed", date(2026, 5, 1)), by=made.officer, at=noon(date(2026, 5, 1)))
        except Refusal as refusal:
            told_off.append(str(refusal))
        finally:
            connection.close()

    _together(act, act)
    assert len(told_off) == 1 and "目前不在风险管控和修复名录" in told_off[0]


def _together(*acts: Any) -> None:
    threads: Sequence[Thread] = [Thread(target=act) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
