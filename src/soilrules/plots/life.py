"""The life of a plot: what may happen next, what is missing for it, and the state after its whole history.

`apply` takes one event: the state after it, or a refusal that says why and by what. `replay` takes a whole history.
`next_steps` says "you are here, this is missing". Nothing is decided by what nobody told. Data: data/plots/life.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from soilrules.bases import Basis, bases_on
from soilrules.enterprises.lists import Level
from soilrules.messages import LANGUAGES, Message, catalogue
from soilrules.plots.guards import Answer, Facts, Finding, codes, findings, told, works_in
from soilrules.plots.lifedata import FactKind, FactSpec, LifeTable, Transition, life_table
from soilrules.plots.lists import ROOM, ListKey, acts_at
from soilrules.plots.state import Aftercare, Event, EventKind, Exit, Fact, PlotState, Stage, Work

START = PlotState()
FRESH = frozenset({EventKind.CARRIED_OVER, EventKind.REOPENED, EventKind.SUSPICION_DISMISSED})  # a new round begins
JOINS = {"zh": "、", "en": ", "}


class Why(StrEnum):
    """Why an event is refused."""

    STAGE = "stage"
    AUTHORITY = "authority"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    ORDER = "order"
    NO_BASIS = "no_basis"


@dataclass(frozen=True, slots=True)
class Refused:
    """An event that cannot be; `state` is as it was. `findings` are the guards that stand in the way."""

    event: Event
    why: Why
    state: PlotState
    row: Transition
    findings: tuple[Finding, ...] = ()

    @property
    def bases(self) -> tuple[Basis, ...]:
        """What it stands on: the citations of the guards in the way, else those of the event."""
        ids = dict.fromkeys(basis for one in self.findings for basis in one.guard.bases)
        return bases_on(ids, self.event.on) or bases_on(self.row.bases, self.event.on)

    @property
    def message(self) -> Message:
        """Why, and what to do, as a sentence."""
        days = {"day": str(self.event.on), "last": str(self.state.last_on)}
        words = {
            **_worded("event", "events", [self.event.kind]),
            **_worded("stage", "stages", [self.state.stage]),
            **_worded("from", "stages", self.row.from_stages),
            **_worded("levels", "levels", [one for one in Level if one in self.row.by]),
            **_worded("asks", "guards", [one.guard.id for one in self.findings], {"zh": "；", "en": "; "}),
        }
        return Message(ROOM, "refused", self.why, {**days, **words})


@dataclass(frozen=True, slots=True)
class NextStep:
    """One event that may follow at this stage, what it needs, and what of it is so."""

    event: EventKind
    main: bool
    to: Stage | None
    by: frozenset[Level]
    findings: tuple[Finding, ...]
    bases: tuple[Basis, ...]
    facts: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return all(one.answer is Answer.MET for one in self.findings)

    @property
    def missing(self) -> tuple[Finding, ...]:
        """What is not so or not known."""
        return tuple(one for one in self.findings if one.answer is not Answer.MET)

    @property
    def blocked(self) -> tuple[Finding, ...]:
        """What something else has to bring about first; entering the event cannot."""
        return tuple(one for one in self.missing if not one.of_event)


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay on one list, half-open, with the events that began and ended it."""

    list_key: ListKey
    since: date
    entered: Event
    until: date | None = None
    left: Event | None = None

    def holds(self, on: date) -> bool:
        """Whether the plot stood on the list on a day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Leave:
    """One leave of the process: how, when, and until when it held if the plot was opened again."""

    exit: Exit
    since: date
    event: Event
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a history with the state after it, or its refusal."""

    event: Event
    after: PlotState
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class History:
    """A history gone through: each event, the state at the end, every stay on a list and every leave."""

    steps: tuple[Step, ...]
    state: PlotState
    stays: tuple[Stay, ...]
    leaves: tuple[Leave, ...]

    @property
    def refused(self) -> tuple[Refused, ...]:
        """The events that could not be."""
        return tuple(step.refused for step in self.steps if step.refused is not None)

    def lists_on(self, on: date) -> frozenset[ListKey]:
        """The lists it stood on on a day."""
        return frozenset(stay.list_key for stay in self.stays if stay.holds(on))

    def stage_on(self, on: date) -> Stage:
        """The stage it was in at the end of a day."""
        return next((step.after.stage for step in reversed(self.steps) if step.event.on <= on), Stage.OUTSIDE)


def apply(state: PlotState, event: Event, table: LifeTable | None = None) -> PlotState | Refused:
    """The state after an event, or why it cannot be. Raises ValueError for a fact there is not or of another kind."""
    table = table or life_table()
    row = table.transitions[event.kind]
    _check_facts(event, table)
    if why := _outright(state, event, row):
        return Refused(event, why, state, row)
    found = findings(row, state, event.facts)
    for why, answer in ((Why.NOT_MET, Answer.NOT_MET), (Why.UNKNOWN, Answer.UNKNOWN)):
        if stopping := tuple(one for one in found if one.answer is answer):
            return Refused(event, why, state, row, stopping)
    return _after(state, event, row, table)


def replay(events: Iterable[Event], table: LifeTable | None = None) -> History:
    """A whole history, put in the order of days; what cannot be is told and changes nothing.

    Events of one day stay in the order they are given in.
    """
    state, steps, stays, leaves = START, list[Step](), list[Stay](), list[Leave]()
    for event in sorted(events, key=lambda one: one.on):
        after = apply(state, event, table)
        if isinstance(after, Refused):
            steps.append(Step(event, state, after))
            continue
        _follow_lists(stays, state.lists, after.lists, event)
        _follow_exit(leaves, state.exit, after.exit, event)
        state = after
        steps.append(Step(event, after))
    return History(tuple(steps), state, tuple(stays), tuple(leaves))


def admit(events: Iterable[Event], event: Event, table: LifeTable | None = None) -> History | Refused:
    """The history with one event more, which may be of an earlier day; refused too where it would undo a later event."""
    before = list(events)
    refused_before = {id(one.event) for one in replay(before, table).refused}
    after = replay([*before, event], table)
    newly = [one for one in after.refused if id(one.event) not in refused_before]
    return next((one for one in newly if one.event is event), newly[0]) if newly else after


def next_steps(
    state: PlotState, on: date, known: Mapping[EventKind, Facts] | None = None, table: LifeTable | None = None
) -> tuple[NextStep, ...]:
    """What may follow at this stage, the way forward first, with what is missing for each.

    `known`: facts already at hand for an event, as from a report; without them what an event tells is not known.
    """
    table, known = table or life_table(), known or {}
    rows = [row for row in table.transitions.values() if state.stage in row.from_stages]
    steps = [
        NextStep(
            event=row.event,
            main=row.main,
            to=_target(row, state, known.get(row.event, {})),
            by=row.by,
            findings=findings(row, state, known.get(row.event, {})),
            bases=bases_on(row.bases, on),
            facts=row.facts,
        )
        for row in rows
        if bases_on(row.bases, on)
    ]
    return tuple(sorted(steps, key=lambda one: (not one.main, len(one.blocked))))


def _acting(event: Event) -> Level | None:
    return None if event.by is None else acts_at(event.by, event.acting_for)


def _outright(state: PlotState, event: Event, row: Transition) -> Why | None:
    """Why an event cannot be whatever is told of it."""
    if state.last_on is not None and event.on < state.last_on:
        return Why.ORDER
    if not bases_on(row.bases, event.on):
        return Why.NO_BASIS
    if state.stage not in row.from_stages:
        return Why.STAGE
    return Why.AUTHORITY if row.by and _acting(event) not in row.by else None


def _after(state: PlotState, event: Event, row: Transition, table: LifeTable) -> PlotState:
    fresh = event.kind in FRESH
    works = (frozenset() if fresh else state.works) | row.asks
    if event.kind is EventKind.CARRIED_OVER:
        works = works_in(event.facts)
    done = ((frozenset() if fresh else state.done) - row.forgets) | ({event.kind} & table.remembered)
    entered = {row.enters} if row.enters else set()
    forgot = fresh or EventKind.EVALUATION_BEGUN in row.forgets
    changed = replace(
        state,
        stage=_target(row, state, event.facts) or state.stage,
        lists=(state.lists | entered) - {row.leaves},
        done=frozenset() if row.exit else done,  # the round is over
        works=works,
        exit=row.exit or (None if event.kind is EventKind.REOPENED else state.exit),
        contractors=(frozenset() if fresh else state.contractors) | codes(event.facts, "contractors"),
        evaluators=(frozenset() if forgot else state.evaluators) | codes(event.facts, "evaluator"),
        violations=_violations(state, event),
        risk_level=str(told(event.facts, "risk_level") or state.risk_level),
        last_on=event.on,
    )
    return replace(changed, aftercare=_aftercare(changed, event, row))


def _target(row: Transition, state: PlotState, facts: Facts) -> Stage | None:
    if row.to_works:
        return Stage.S5 if Work.REMEDIATION in state.works else Stage.S4
    if row.to_fact:
        value = told(facts, row.to_fact)
        return Stage(value) if isinstance(value, str) and value in list(Stage) else None
    return row.to


def _violations(state: PlotState, event: Event) -> frozenset[str]:
    subject = frozenset({str(told(event.facts, "violation"))})
    if event.kind is EventKind.VIOLATION_FOUND:
        return state.violations | subject
    return state.violations - subject if event.kind is EventKind.VIOLATION_SETTLED else state.violations


def _aftercare(state: PlotState, event: Event, row: Transition) -> Aftercare:
    """Aftercare follows risk control, and what is left above the value of the first class of use."""
    if not row.sets_aftercare:
        return Aftercare.NONE if event.kind is EventKind.REOPENED else row.aftercare or state.aftercare
    residual = told(event.facts, "residual_above_first_class")
    works = state.works | works_in(event.facts)
    if Work.CONTROL in works or residual is True:
        return Aftercare.OWED
    return Aftercare.NONE if works and residual is False else Aftercare.UNKNOWN


def _follow_lists(stays: list[Stay], before: frozenset[ListKey], after: frozenset[ListKey], event: Event) -> None:
    for key in sorted(before - after):
        at = next(place for place, stay in enumerate(stays) if stay.list_key is key and stay.left is None)
        stays[at] = replace(stays[at], until=event.on, left=event)
    stays.extend(Stay(key, event.on, event) for key in sorted(after - before))


def _follow_exit(leaves: list[Leave], before: Exit | None, after: Exit | None, event: Event) -> None:
    if before is not None and after is None:
        leaves[-1] = replace(leaves[-1], until=event.on)
    if after is not None and before is None:
        leaves.append(Leave(after, event.on, event))


_KINDS: Mapping[FactKind, type | tuple[type, ...]] = {
    FactKind.TEXT: str,
    FactKind.PAPER: str,
    FactKind.DAY: date,
    FactKind.FLAG: bool,
    FactKind.CODES: (str, tuple),
}


def _check_facts(event: Event, table: LifeTable) -> None:
    if unknown := [key for key in event.facts if key not in table.facts]:
        raise ValueError(f"{event.kind}: {', '.join(unknown)} is no fact; expected some of {', '.join(table.facts)}.")
    for key, value in event.facts.items():
        _check_fact(event.kind, table.facts[key], value)


def _check_fact(kind: EventKind, spec: FactSpec, value: Fact) -> None:
    if value is None or value == "":
        return
    if not isinstance(value, _KINDS[spec.kind]) or (spec.values and value not in spec.values):
        raise ValueError(f"{kind}: {spec.key} is {value!r}; expected {', '.join(spec.values) or f'a {spec.kind}'}.")


def _worded(name: str, group: str, ids: Sequence[str], joins: Mapping[str, str] = JOINS) -> dict[str, str]:
    words = catalogue(ROOM)[group]
    return {f"{name}_{one}": joins[one].join(words[word][one] for word in ids) for one in LANGUAGES}
