"""Whatever is thrown at the life of a plot, told well or badly and in any order, what must never be is not."""

from __future__ import annotations

import re
from datetime import date, timedelta
from importlib.resources import files

from hypothesis import given, settings
from hypothesis import strategies as st

from soilrules.enterprises.lists import Level
from soilrules.plots.explore import SIDE, good_facts
from soilrules.plots.life import START, Refused, apply, next_steps, replay
from soilrules.plots.lifedata import FactKind, GuardKind, life_table
from soilrules.plots.lists import ListKey, acts_at, plot_lists
from soilrules.plots.state import Event, EventKind, Exit, Fact, Stage

TABLE = life_table()
DAYS = st.integers(0, 3600).map(lambda days: date(2017, 6, 1) + timedelta(days))
WAY = (
    "survey_required", "notice_served", "preliminary_exceeds", "polluted_listed", "detailed_exceeds", "assessed_both", "roster_listed",
    "control_plan_filed", "remediation_plan_filed", "works_begun", "works_finished", "evaluation_begun", "effect_reached",
    "removal_applied", "removal_decided",
)  # fmt: skip


@st.composite
def events(draw: st.DrawFn) -> Event:
    """One event of any kind and day, told well or with something missing or wrong."""
    row = TABLE.transitions[draw(st.sampled_from(EventKind))]
    on = draw(DAYS)
    facts: dict[str, Fact] = good_facts(row, on=on)
    for key in draw(st.sets(st.sampled_from(row.facts), max_size=2) if row.facts else st.just(set[str]())):
        spec = TABLE.facts[key]
        others: dict[FactKind, list[Fact]] = {
            FactKind.FLAG: [True, False],
            FactKind.CODES: [("CONTRACTOR",), ("EVALUATOR",), ()],
            FactKind.TEXT: [*spec.values] if spec.values else ["", "V2"],
            FactKind.DAY: [on],
            FactKind.PAPER: ["", "V2.jpg"],
        }
        facts[key] = draw(st.sampled_from([None, *others[spec.kind]]))
    by = draw(st.sampled_from([min(row.by, default=None)] * 4 + [*Level]))
    return Event(row.event, on, by, draw(st.sampled_from([None, None, *Level])), facts)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Part of the whole way through remediation, with anything in between."""
    steps = draw(st.integers(0, len(WAY)))
    way = []
    for place, kind in enumerate(WAY[:steps]):
        row, on = TABLE.transitions[EventKind(kind)], date(2019, 1, 1) + timedelta(100 * place)
        way.append(Event(row.event, on, min(row.by, default=None), None, good_facts(row, on=on)))
    return [*way, *draw(st.lists(events(), max_size=8))]


@settings(max_examples=120, deadline=None)
@given(histories())
def test_what_must_never_be(found: list[Event]) -> None:
    history = replay(found)
    done = [step.event for step in history.steps if step.refused is None]

    for stay in history.stays:
        held = plot_lists()[ListKey(stay.list_key)]
        for event, kinds in ((stay.entered, (held.enters_by,)), (stay.left, held.leaves_by)):
            if event is not None:
                assert event.kind in kinds
                assert event.by is not None
                assert acts_at(event.by, event.acting_for) in held.deciders
        assert held.since <= stay.since
    for leave in history.leaves:
        if leave.exit is Exit.EFFECT and leave.event.kind is EventKind.REMOVAL_DECIDED:
            assert leave.event.by is Level.PROVINCE
            before = [one.kind for one in done[: done.index(leave.event)]]
            assert EventKind.EFFECT_REACHED in before
            assert EventKind.REMOVAL_APPLIED in before
            assert any(one.list_key is ListKey.ROSTER and one.left is leave.event for one in history.stays)
    assert (history.state.exit is None) == (history.state.stage not in (Stage.RELEASED, Stage.REMOVED))
    assert {one.list_key for one in history.stays if one.until is None} == history.state.lists


@settings(max_examples=80, deadline=None)
@given(histories())
def test_a_refusal_changes_nothing_and_a_history_can_be_cut_at_any_day(found: list[Event]) -> None:
    history = replay(found)
    kept = [step.event for step in history.steps if step.refused is None]
    state = START
    for step in history.steps:
        after = apply(state, step.event)
        assert isinstance(after, Refused) == (step.refused is not None)
        assert isinstance(after, Refused) or after == step.after
        state = state if isinstance(after, Refused) else after
        assert step.after == state

    assert replay(kept).state == history.state
    for day in {step.event.on for step in history.steps}:
        cut = replay([one for one in found if one.on <= day])
        assert cut.state.lists == history.lists_on(day)
        assert cut.state.stage == history.stage_on(day)


@settings(max_examples=60, deadline=None)
@given(histories(), DAYS)
def test_what_is_ready_passes_and_what_is_missing_does_not(found: list[Event], on: date) -> None:
    state = replay(found).state
    day = max(on, state.last_on or on)
    known = {row.event: good_facts(row, on=day) for row in TABLE.transitions.values()}
    for step in next_steps(state, day, known):
        event = Event(step.event, day, min(step.by, default=None), None, known[step.event])
        assert isinstance(apply(state, event), Refused) != step.ready


def test_the_main_life_reads_nothing_of_the_side() -> None:
    lists = {ListKey.NEGATIVE, ListKey.PRIORITY}
    for event, row in TABLE.transitions.items():
        if event not in SIDE:
            assert not {one.list_key for one in row.guards} & lists
            assert not {one.kind for one in row.guards} & {GuardKind.VIOLATION}
            assert not {kind for one in row.guards for kind in one.events} & SIDE
        else:
            assert row.to is None
            assert not row.to_fact
            assert not row.forgets


def test_articles_stand_in_the_data_of_citations_only() -> None:
    for source in (files("soilrules") / "data" / "plots").iterdir():
        assert not re.search("第[一二三四五六七八九十百0-9]+条", source.read_text("utf-8")), source.name
