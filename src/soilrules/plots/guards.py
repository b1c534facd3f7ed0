"""Whether what an event needs is so: met, not met, or not known because nobody told it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from soilrules.messages import Message
from soilrules.plots.lifedata import OF_THE_EVENT, Guard, GuardKind, Transition
from soilrules.plots.state import EventKind, Fact, PlotState, Stage, Work

Facts = Mapping[str, Fact]


class Answer(StrEnum):
    """The answer of a guard."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One guard and its answer. `of_event`: the event tells it, so it is asked for when the event is entered."""

    guard: Guard
    answer: Answer

    @property
    def of_event(self) -> bool:
        """Whether what the event tells can still answer it."""
        return self.guard.kind in OF_THE_EVENT

    @property
    def asks(self) -> Message:
        """What is asked, as a phrase."""
        return self.guard.asks


def findings(row: Transition, state: PlotState, facts: Facts) -> tuple[Finding, ...]:
    """The answers of the guards of a row, in its order."""
    return tuple(Finding(one, _ANSWERS[one.kind](one, state, facts)) for one in row.guards)


def told(facts: Facts, key: str) -> Fact:
    """A fact as it was told; blank texts and empty sets are not known."""
    value = facts.get(key)
    return None if value == () or (isinstance(value, str) and not value.strip()) else value


def codes(facts: Facts, key: str) -> frozenset[str]:
    """Credit codes of a fact, written alike."""
    value = told(facts, key)
    many = value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
    return frozenset(one.strip().upper() for one in many if one.strip())


def works_in(facts: Facts) -> frozenset[Work]:
    """The works a record of the national system tells."""
    value = told(facts, "works")
    both = frozenset(Work)
    return {"control": frozenset({Work.CONTROL}), "remediation": frozenset({Work.REMEDIATION})}.get(
        str(value), both if value == "control_and_remediation" else frozenset()
    )


def _answer(met: bool | None) -> Answer:
    return Answer.UNKNOWN if met is None else Answer.MET if met else Answer.NOT_MET


def _given(guard: Guard, _state: PlotState, facts: Facts) -> Answer:
    return _answer(told(facts, guard.fact) is not None or None)


def _given_for(guard: Guard, state: PlotState, facts: Facts) -> Answer:
    return _given(guard, state, facts) if guard.work in state.works else Answer.MET


def _yes(guard: Guard, _state: PlotState, facts: Facts) -> Answer:
    value = told(facts, guard.fact)
    return _answer(value if isinstance(value, bool) else None)


def _no(guard: Guard, _state: PlotState, facts: Facts) -> Answer:
    value = told(facts, guard.fact)
    return _answer(not value if isinstance(value, bool) else None)


def _among(guard: Guard, _state: PlotState, facts: Facts) -> Answer:
    value = told(facts, guard.fact)
    return _answer(None if value is None else value in guard.values)


def _done(guard: Guard, state: PlotState, _facts: Facts) -> Answer:
    return _answer(bool(guard.events & state.done))


def _not_done(guard: Guard, state: PlotState, _facts: Facts) -> Answer:
    return _answer(not guard.events & state.done)


def _on_list(guard: Guard, state: PlotState, _facts: Facts) -> Answer:
    return _answer(guard.list_key in state.lists)


def _off_list(guard: Guard, state: PlotState, _facts: Facts) -> Answer:
    return _answer(guard.list_key not in state.lists)


def _works_told(_guard: Guard, _state: PlotState, facts: Facts) -> Answer:
    """From S4 on the record has to tell what the assessment asked, and the same as its stage does."""
    works, stage = works_in(facts), str(told(facts, "stage") or "")
    fits: Mapping[str, bool] = {
        Stage.S4: works == {Work.CONTROL},
        Stage.S5: Work.REMEDIATION in works,
        Stage.S6: bool(works),
    }
    if stage not in fits:
        return _answer(not works if stage else None)
    return _answer(None if told(facts, "works") is None else fits[stage])


def _works_known(_guard: Guard, state: PlotState, _facts: Facts) -> Answer:
    return _answer(bool(state.works) or None)


def _asked(guard: Guard, state: PlotState, _facts: Facts) -> Answer:
    return _answer(guard.work in state.works)


def _plans_filed(_guard: Guard, state: PlotState, _facts: Facts) -> Answer:
    plans = {Work.CONTROL: EventKind.CONTROL_PLAN_FILED, Work.REMEDIATION: EventKind.REMEDIATION_PLAN_FILED}
    return _answer({plans[one] for one in state.works} <= state.done if state.works else None)


def _independent(guard: Guard, state: PlotState, facts: Facts) -> Answer:
    """No evaluator of the effect did works on the plot; who did either has to be known."""
    evaluators = codes(facts, guard.fact) | state.evaluators
    contractors = codes(facts, "contractors") | state.contractors
    return _answer(not evaluators & contractors if evaluators and contractors else None)


def _aftercare(guard: Guard, state: PlotState, _facts: Facts) -> Answer:
    return _answer(state.aftercare in guard.values)


def _violation(_guard: Guard, state: PlotState, facts: Facts) -> Answer:
    value = told(facts, "violation")
    return _answer(False if not state.violations else None if value is None else value in state.violations)


_ANSWERS: Mapping[GuardKind, Callable[[Guard, PlotState, Facts], Answer]] = MappingProxyType(
    {
        GuardKind.GIVEN: _given,
        GuardKind.GIVEN_FOR: _given_for,
        GuardKind.YES: _yes,
        GuardKind.NO: _no,
        GuardKind.AMONG: _among,
        GuardKind.DONE: _done,
        GuardKind.NOT_DONE: _not_done,
        GuardKind.ON_LIST: _on_list,
        GuardKind.OFF_LIST: _off_list,
        GuardKind.WORKS_TOLD: _works_told,
        GuardKind.WORKS_KNOWN: _works_known,
        GuardKind.ASKED: _asked,
        GuardKind.PLANS_FILED: _plans_filed,
        GuardKind.INDEPENDENT: _independent,
        GuardKind.AFTERCARE: _aftercare,
        GuardKind.VIOLATION: _violation,
    }
)
