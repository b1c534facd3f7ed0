"""A check of the whole life of a plot: every state its table can reach, and in each what must never be.

From an empty register every event is tried in every state that is found: told well, with each fact missing, with each
fact wrong, and by each level that does not decide. An event told badly has to be refused and every state has to keep the
promises below.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from soilrules.enterprises.lists import Level
from soilrules.plots.guards import Facts
from soilrules.plots.life import START, Refused, apply
from soilrules.plots.lifedata import (
    OF_THE_EVENT,
    FactKind,
    FactSpec,
    Guard,
    GuardKind,
    LifeTable,
    Transition,
    life_table,
)
from soilrules.plots.lists import ListKey, plot_lists
from soilrules.plots.state import Event, EventKind, Exit, Fact, PlotState, Stage

ON = date(2026, 9, 1)
BEFORE_THE_CODE = date(2026, 8, 14)
CARRIED = frozenset(one for one in EventKind if one.startswith("carried_"))
SIDE = frozenset(
    {
        EventKind.RISK_LEVEL_SET,
        EventKind.NEGATIVE_LISTED,
        EventKind.NEGATIVE_LEFT,
        EventKind.PRIORITY_LISTED,
        EventKind.PRIORITY_LEFT,
        EventKind.VIOLATION_FOUND,
        EventKind.VIOLATION_SETTLED,
    }
)
PARTS: Mapping[str, frozenset[EventKind]] = {
    "stages, exits, the suspected and polluted lists, the roster": frozenset(EventKind) - SIDE,
    "negative and priority lists, risk level, violations": SIDE | CARRIED | {EventKind.REOPENED},
}
IN_WORKS = (Stage.S4, Stage.S5, Stage.S6)
BY_EXIT = {
    Exit.SURVEY: (EventKind.PRELIMINARY_WITHIN, EventKind.DETAILED_WITHIN, EventKind.CARRIED_WITHIN),
    Exit.ASSESSMENT: (EventKind.ASSESSED_NO_CONTROL, EventKind.CARRIED_NO_CONTROL),
    Exit.EFFECT: (EventKind.REMOVAL_DECIDED, EventKind.CARRIED_REMOVED),
}


@dataclass(frozen=True, slots=True)
class Explored:
    """What was gone through. `broken`: promises that did not hold, in words; empty when all is well."""

    states: int
    transitions: int
    refusals: int
    by_stage: Mapping[Stage, int]
    broken: tuple[str, ...]


def explore(
    on: date = ON,
    kinds: Collection[EventKind] | None = None,
    table: LifeTable | None = None,
    *,
    badly_everywhere: bool = True,
) -> Explored:
    """Go through every state that events of `kinds` (all of them by default) reach on a day.

    An event told badly is tried in every state, or in the first state of every stage where not `badly_everywhere`.
    """
    table = table or life_table()
    rows = [row for row in table.transitions.values() if kinds is None or row.event in kinds]
    well = {row.event: tuple(_told_well(row, table, on)) for row in rows}
    badly = {row.event: tuple(_told_badly(row, table, on)) for row in rows}
    seen, waiting, tried, broken = {START}, [START], set[tuple[EventKind, Stage]](), dict[str, None]()
    transitions = refusals = 0
    while waiting:
        state = waiting.pop()
        for row in (one for one in rows if state.stage in one.from_stages):
            for event in well[row.event]:
                after = _plain(apply(state, event, table))
                if isinstance(after, Refused):
                    refusals += 1
                    continue
                transitions += 1
                broken.update(dict.fromkeys(_promises(state, event, after)))
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
            if badly_everywhere or (row.event, state.stage) not in tried:
                tried.add((row.event, state.stage))
                refusals += len(badly[row.event])
                broken.update(dict.fromkeys(_passed(state, badly[row.event], table)))
    by_stage = {stage: sum(one.stage is stage for one in seen) for stage in Stage}
    return Explored(len(seen), transitions, refusals, by_stage, tuple(broken))


def _passed(state: PlotState, badly: Collection[tuple[Event, str]], table: LifeTable) -> Iterator[str]:
    """Events told badly that were not refused."""
    for event, what in badly:
        if not isinstance(apply(state, event, table), Refused):
            yield f"{event.kind} passed though {what}"


def good_facts(row: Transition, table: LifeTable | None = None, *, on: date = ON) -> dict[str, Fact]:
    """Facts by which every guard of a row that an event can answer is met."""
    table = table or life_table()
    found: dict[str, Fact] = {key: _some(table.facts[key], on) for key in row.facts}
    for guard in row.guards:
        found |= _answering(guard)
    return found


def _answering(guard: Guard) -> dict[str, Fact]:
    yes: Mapping[GuardKind, dict[str, Fact]] = {
        GuardKind.YES: {guard.fact: True},
        GuardKind.NO: {guard.fact: False},
        GuardKind.AMONG: {guard.fact: guard.values[0] if guard.values else None},
        GuardKind.INDEPENDENT: {guard.fact: ("EVALUATOR",)},
        GuardKind.VIOLATION: {"violation": "V1"},
    }
    return yes.get(guard.kind, {})


def _some(spec: FactSpec, on: date) -> Fact:
    some: Mapping[FactKind, Fact] = {
        FactKind.TEXT: spec.values[0] if spec.values else "V1",
        FactKind.DAY: on,
        FactKind.PAPER: "V1.jpg",
        FactKind.FLAG: True,
        FactKind.CODES: ("CONTRACTOR",),
    }
    return some[spec.kind]


def _told_well(row: Transition, table: LifeTable, on: date) -> Iterator[Event]:
    """The event told well, in each way that leads elsewhere."""
    facts = good_facts(row, table, on=on)
    by = min(row.by, default=None)
    ways: list[dict[str, Fact]] = [{}]
    if row.to_fact:
        works, codes = table.facts["works"].values, ((), ("CONTRACTOR",))
        ways = [
            {"stage": stage, "works": some, "contractors": known}
            for stage, some, known in product(table.facts["stage"].values, works, codes)
        ]
    elif row.sets_aftercare:
        ways = [{"residual_above_first_class": value} for value in (True, False, None)]
        if row.event is EventKind.CARRIED_REMOVED:
            ways = [{**way, "contractors": ("CONTRACTOR",)} for way in ways]
    elif row.event is EventKind.EVALUATION_BEGUN:
        ways = [{}, {"evaluator": ("CONTRACTOR",)}]
    for way in ways:
        yield Event(row.event, on, by, None, {**facts, **way})


def _told_badly(row: Transition, table: LifeTable, on: date) -> Iterator[tuple[Event, str]]:
    """The event with one fact missing or wrong, or decided by another level; and what is bad about it."""
    facts, by = good_facts(row, table, on=on), min(row.by, default=None)
    for guard in row.guards:
        if guard.kind in OF_THE_EVENT and guard.kind not in (GuardKind.INDEPENDENT, GuardKind.GIVEN_FOR):
            for bad in _wrong(guard, table):
                yield Event(row.event, on, by, None, {**facts, **bad}), f"{guard.id} is told as {bad}"
    for level in (*Level, None):
        if row.by and level not in row.by:
            yield Event(row.event, on, level, None, facts), f"{level} decides"


def _wrong(guard: Guard, table: LifeTable) -> Iterator[Facts]:
    fact = guard.fact or {GuardKind.VIOLATION: "violation", GuardKind.WORKS_TOLD: "stage"}[guard.kind]
    yield {fact: None}
    if guard.kind in (GuardKind.YES, GuardKind.NO):
        yield {fact: guard.kind is GuardKind.NO}
    if guard.kind is GuardKind.AMONG:
        yield from ({fact: value} for value in table.facts[fact].values if value not in guard.values)
    if guard.kind is GuardKind.WORKS_TOLD:
        yield from ({"stage": stage, "works": "none"} for stage in IN_WORKS)
        yield {"stage": Stage.S0, "works": "control"}


def _plain(after: PlotState | Refused) -> PlotState | Refused:
    """A state without its day and its names, which lead nowhere else."""
    return after if isinstance(after, Refused) else replace(after, last_on=None, risk_level="")


def _promises(before: PlotState, event: Event, after: PlotState) -> Iterator[str]:
    """What does not hold of a step that must."""
    if (after.exit is not None) != (after.stage in (Stage.RELEASED, Stage.REMOVED)):
        yield f"{event.kind}: stage {after.stage} with the exit {after.exit}"
    if (after.exit is Exit.EFFECT) != (after.stage is Stage.REMOVED):
        yield f"{event.kind}: removed without exit ③"
    if after.exit is not None and after.exit is not before.exit and event.kind not in BY_EXIT[after.exit]:
        yield f"{event.kind}: exit {after.exit} by another event"
    if after.stage is Stage.REMOVED and before.stage is not Stage.REMOVED and after.evaluators & after.contractors:
        yield f"{event.kind}: removed on the word of one who did the works"
    if after.on_roster and (after.stage not in IN_WORKS or not after.works):
        yield f"{event.kind}: on the roster at {after.stage}"
    if event.kind is EventKind.REMOVAL_DECIDED and EventKind.EFFECT_REACHED not in before.done:
        yield f"{event.kind}: removed before the target was reached"
    yield from _list_promises(before, event, after)


def _list_promises(before: PlotState, event: Event, after: PlotState) -> Iterator[str]:
    """No list is entered or left but by its own event, decided by a level that decides the list."""
    for key in before.lists ^ after.lists:
        held, entered = plot_lists()[ListKey(key)], key in after.lists
        if event.kind not in ((held.enters_by,) if entered else held.leaves_by) or event.by not in held.deciders:
            yield f"{event.kind}: {key} is {'entered' if entered else 'left'} without its event and authority"
