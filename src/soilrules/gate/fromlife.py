"""What a plot's events say to the gate: the steps it was required to take and the reports that conclude them.

An event of soilrules.plots is the only source; what no event tells stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from soilrules.gate.facts import Report, Step
from soilrules.gate.kinds import ReportKind, StepKind
from soilrules.plots.aftercare import Owed, aftercare_of
from soilrules.plots.lifedata import life_table
from soilrules.plots.state import Event, EventKind

E = EventKind
CLASSES = {"first": "class_1", "second": "class_2"}
_SURVEY_OF = {
    E.PRELIMINARY_WITHIN: (ReportKind.PRELIMINARY, False),
    E.PRELIMINARY_EXCEEDS: (ReportKind.PRELIMINARY, True),
    E.DETAILED_WITHIN: (ReportKind.DETAILED, False),
    E.DETAILED_EXCEEDS: (ReportKind.DETAILED, True),
    E.CARRIED_WITHIN: (ReportKind.PRELIMINARY, False),
}
_ASSESSMENT_OF = {
    E.ASSESSED_NO_CONTROL: False,
    E.CARRIED_NO_CONTROL: False,
    E.ASSESSED_CONTROL: True,
    E.ASSESSED_REMEDIATION: True,
    E.ASSESSED_BOTH: True,
}
_OPENS = {
    E.SURVEY_REQUIRED: (StepKind.SURVEY,),
    E.NOTICE_SERVED: (StepKind.SURVEY,),
    E.PRELIMINARY_EXCEEDS: (StepKind.SURVEY,),
    E.DETAILED_EXCEEDS: (StepKind.ASSESSMENT,),
    E.ASSESSED_CONTROL: (StepKind.CONTROL,),
    E.ASSESSED_REMEDIATION: (StepKind.REMEDIATION,),
    E.ASSESSED_BOTH: (StepKind.CONTROL, StepKind.REMEDIATION),
    E.WORKS_FINISHED: (StepKind.EVALUATION,),
    E.REOPENED: (StepKind.SURVEY,),
}
_CLOSES = {
    E.PRELIMINARY_WITHIN: (StepKind.SURVEY,),
    E.PRELIMINARY_EXCEEDS: (StepKind.SURVEY,),
    E.DETAILED_WITHIN: (StepKind.SURVEY,),
    E.DETAILED_EXCEEDS: (StepKind.SURVEY,),
    E.ASSESSED_NO_CONTROL: (StepKind.ASSESSMENT,),
    E.ASSESSED_CONTROL: (StepKind.ASSESSMENT,),
    E.ASSESSED_REMEDIATION: (StepKind.ASSESSMENT,),
    E.ASSESSED_BOTH: (StepKind.ASSESSMENT,),
    E.WORKS_FINISHED: (StepKind.CONTROL, StepKind.REMEDIATION),
    E.EFFECT_REACHED: (StepKind.EVALUATION,),
    E.EFFECT_NOT_REACHED: (StepKind.EVALUATION,),
}
_CARRIED = {
    "S0": (StepKind.SURVEY,),
    "S1": (StepKind.SURVEY,),
    "S2": (StepKind.SURVEY,),
    "S3": (StepKind.ASSESSMENT,),
    "S4": (StepKind.CONTROL,),
    "S5": (StepKind.REMEDIATION,),
    "S6": (StepKind.EVALUATION,),
}
EXCEEDED_STAGES = frozenset({"S2", "S3", "S4", "S5", "S6"})


@dataclass(frozen=True, slots=True)
class Told:
    """What one plot's events tell. `reports` go by the id of the event that concluded each; the area is the desk's to add."""

    steps: tuple[Step, ...]
    reports: tuple[Report, ...]
    exceeds: bool | None
    target_reached: bool | None
    aftercare: Owed


def told_by(events: Iterable[Event], plot: str = "") -> Told:
    """Read the events of one plot, in their order, up to the day asked about."""
    held = list(events)
    return Told(_steps(held), _reports(held, plot), _exceeds(held), _reached(held), aftercare_of(held))


@cache
def speaking() -> frozenset[EventKind]:
    """The kinds of event the gate reads: those that move a plot to a stage or a list, conclude a report, open or close a
    step, tell of a violation or of aftercare."""
    moving = {one.event for one in life_table().transitions.values() if one.to or one.to_works or one.to_fact}
    listing = {one.event for one in life_table().transitions.values() if one.enters or one.leaves}
    told = {E.EFFECT_REACHED, E.EFFECT_NOT_REACHED, E.VIOLATION_FOUND, E.VIOLATION_SETTLED}
    cared = {E.AFTERCARE_BEGUN, E.AFTERCARE_ENDED}
    return frozenset(moving | listing | told | cared | {*_SURVEY_OF, *_ASSESSMENT_OF, *_OPENS, *_CLOSES})


def _steps(events: Sequence[Event]) -> tuple[Step, ...]:
    found: list[Step] = []
    for event in events:
        for kind in _CLOSES.get(event.kind, ()):
            found = [replace(one, done_on=event.on) if _open(one, kind) else one for one in found]
        opened = _opened(event, found)
        found += [Step(kind, event.on) for kind in opened if not any(_open(one, kind) for one in found)]
    return tuple(found)


def _opened(event: Event, before: Sequence[Step]) -> tuple[StepKind, ...]:
    """What an event asks: works that missed their target are asked again."""
    if event.kind is E.CARRIED_OVER:
        return _CARRIED.get(str(event.facts.get("stage")), ())
    if event.kind is E.EFFECT_NOT_REACHED:
        asked = {one.kind for one in before}
        return tuple(kind for kind in (StepKind.CONTROL, StepKind.REMEDIATION) if kind in asked)
    return _OPENS.get(event.kind, ())


def _open(step: Step, kind: StepKind) -> bool:
    return step.kind is kind and step.done_on is None


def _reports(events: Sequence[Event], plot: str) -> tuple[Report, ...]:
    found: list[Report] = []
    for event in events:
        if event.kind is E.REOPENED:
            found = [replace(one, withdrawn_on=one.withdrawn_on or event.on) for one in found]
        if event.kind is E.REMOVAL_DECIDED:
            found = [_removed(one, event) for one in found]
        report = _report(event, plot)
        if report is not None:
            found.append(report)
    return tuple(found)


def _removed(report: Report, event: Event) -> Report:
    """The evaluation behind a removal; what the removal says of the residual fits the evaluation that did not say it."""
    open_ = report.kind is ReportKind.EFFECT_EVALUATION and report.removed_on is None and report.withdrawn_on is None
    if not open_:
        return report
    return replace(report, removed_on=event.on, land_class=report.land_class or _class_of(event))


def _report(event: Event, plot: str) -> Report | None:
    """The report an event concludes, without what only the desk knows of it."""
    number = str(event.facts.get("report") or "")
    said = {
        "id": event.id,
        "plot": plot,
        "number": number,
        "accepted_on": event.on,
        "filed_on": _day(event, "filed_on"),
    }
    if event.kind in _SURVEY_OF:
        kind, exceeds = _SURVEY_OF[event.kind]
        return Report(kind=kind, exceeds=exceeds, land_class=_class_of(event), **said)  # type: ignore[arg-type]
    if event.kind in _ASSESSMENT_OF:
        needs = _ASSESSMENT_OF[event.kind]
        return Report(kind=ReportKind.RISK_ASSESSMENT, needs_control=needs, land_class=_class_of(event), **said)  # type: ignore[arg-type]
    if event.kind in (E.EFFECT_REACHED, E.EFFECT_NOT_REACHED, E.CARRIED_REMOVED):
        reached = event.kind is not E.EFFECT_NOT_REACHED
        removed = event.on if event.kind is E.CARRIED_REMOVED else None
        return Report(
            kind=ReportKind.EFFECT_EVALUATION, reached=reached, separate_party=_separate(event), removed_on=removed,
            land_class=_class_of(event), **said,  # type: ignore[arg-type]
        )  # fmt: skip
    return None


def _class_of(event: Event) -> str | None:
    """The class of use an assessment or an evaluation speaks of; what is left within the values of the first class fits any."""
    if event.facts.get("residual_above_first_class") is False:
        return CLASSES["first"]
    return CLASSES.get(str(event.facts.get("column")))


def _separate(event: Event) -> bool | None:
    """Whether the evaluator is another party: the event stands only where its guard was sure of that."""
    return True if event.facts.get("evaluator") or event.kind is E.EFFECT_REACHED else None


def _day(event: Event, key: str) -> date | None:
    held = event.facts.get(key)
    return held if isinstance(held, date) else None


def _exceeds(events: Sequence[Event]) -> bool | None:
    found: bool | None = None
    for event in events:
        if event.kind in _SURVEY_OF:
            found = _SURVEY_OF[event.kind][1]
        elif event.kind is E.CARRIED_OVER:
            found = True if event.facts.get("stage") in EXCEEDED_STAGES else None
        elif event.kind is E.REOPENED:
            found = None
    return found


def _reached(events: Sequence[Event]) -> bool | None:
    found: bool | None = None
    for event in events:
        if event.kind in (E.EFFECT_REACHED, E.CARRIED_REMOVED):
            found = True
        elif event.kind is E.EFFECT_NOT_REACHED:
            found = False
        elif event.kind is E.REOPENED:
            found = None
    return found
