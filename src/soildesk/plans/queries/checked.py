"""What the records say of tasks and indicators: every binding's answer, and one answer for the whole task.

Measures of other rooms read of a task only its plan's place and period (a test holds that), so within one pass they
are computed once for all tasks of plans of the same place and period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any

from soildesk.core.permissions import Actor
from soildesk.kit import measures
from soildesk.kit.measures import Kind, MeasureResult, Outcome
from soildesk.kit.passes import Memory, remembering
from soildesk.plans.models import Binding, Indicator, PlanTask

OWN = "plans."
"""Measures of this room read the task itself."""
CHUNK = 900
"""Tasks read at once: below the number of parameters every store takes."""
Subject = PlanTask | Indicator


@dataclass(frozen=True)
class Judged:
    """A bound measure with what it says of the task or indicator."""

    binding: Binding
    measure: measures.Measure
    result: MeasureResult


@dataclass(frozen=True)
class Checked:
    """Everything that is bound to one task or indicator. `nothing` is the binding that says why no record checks it."""

    judged: Sequence[Judged] = ()
    nothing: Binding | None = None

    @property
    def kind(self) -> str:
        """computed, evidence or none: a measure over registers weighs more than documents."""
        kinds = {one.measure.kind for one in self.judged}
        return str(Kind.COMPUTED if Kind.COMPUTED in kinds else Kind.EVIDENCE if kinds else "none")

    @property
    def leading(self) -> Judged | None:
        """The answer that stands for the task: of the leading kind the worst, the first bound among equals."""
        of_kind = [one for one in self.judged if str(one.measure.kind) == self.kind]
        return min(of_kind, key=lambda one: WORST.index(one.result.outcome), default=None)

    @property
    def deciding(self) -> Judged | None:
        """The answer that makes the whole what it is: the leading one where it says so itself."""
        leading = [self.leading] if self.leading else []
        return next((one for one in [*leading, *self.judged] if one.result.outcome is self.outcome), None)

    @property
    def outcome(self) -> Outcome:
        """Done when nothing bound says otherwise; what nobody checks cannot be said."""
        said = [one.result.outcome for one in self.judged]
        return min(said, key=WORST.index, default=Outcome.CANNOT_SAY)


WORST = (Outcome.NOT_DONE, Outcome.CANNOT_SAY, Outcome.DONE, Outcome.NOT_APPLICABLE)
"""One measure that says not done decides; what cannot be said comes before what is done."""


@dataclass
class Pass:
    """One reading of the records: by whom, of which day, as known on which day."""

    actor: Actor
    on: date
    known_on: date
    _memory: Memory = field(default_factory=dict)
    _of_places: dict[tuple[Any, ...], MeasureResult] = field(default_factory=dict)
    _of_tasks: dict[tuple[str, int], MeasureResult] = field(default_factory=dict)

    def result(self, measure: measures.Measure, subject: Subject) -> MeasureResult:
        """What a measure says of a task or indicator."""
        with remembering(self._memory):
            return self._result(measure, subject)

    def _result(self, measure: measures.Measure, subject: Subject) -> MeasureResult:
        if isinstance(subject, PlanTask) and (found := self._of_tasks.get((measure.id, subject.pk))):
            return found
        if isinstance(subject, Indicator) or measure.id.startswith(OWN):
            return measure.run(self.actor, subject, self.on, self.known_on)
        plan = subject.plan
        key = (measure.id, plan.division_id, plan.year, plan.period_start, plan.period_end)
        found = self._of_places.get(key)
        if found is None:
            found = self._of_places[key] = measure.run(self.actor, subject, self.on, self.known_on)
        return replace(found, basis=f"{plan.doc_number or plan.title} {subject.number}".strip())

    def judged(self, binding: Binding, subject: Subject) -> Judged:
        """A binding's answer."""
        measure = measures.get(binding.measure)
        return Judged(binding, measure, self.result(measure, subject))

    def checked(self, subject: Subject) -> Checked:
        """Everything bound to one task or indicator."""
        return self._checked(list(bindings_of(subject)), subject)

    def of_tasks(self, tasks: Iterable[PlanTask]) -> Iterator[tuple[PlanTask, Checked]]:
        """Everything bound to each of many tasks (with their plans and divisions joined), a few queries for all."""
        source = iter(tasks)
        while chunk := list(islice(source, CHUNK)):
            by_task: dict[int | None, list[Binding]] = defaultdict(list)
            in_force = Binding.objects.filter(task__in=[task.pk for task in chunk], superseded_at=None)
            for one in in_force.only("task", "measure", "reason", "register").order_by("id"):
                by_task[one.task_id].append(one)
            self._together(chunk, by_task)
            for task in chunk:
                yield task, self._checked(by_task[task.pk], task)

    def _together(self, tasks: Sequence[PlanTask], by_task: Mapping[int | None, list[Binding]]) -> None:
        """Ask the measures that answer for many tasks at once, once for these."""
        asked: dict[str, list[PlanTask]] = defaultdict(list)
        for task in tasks:
            for one in by_task[task.pk]:
                asked[one.measure].append(task)
        known = measures.measures()
        for name, of in asked.items():
            if name in known and (run_many := known[name].run_many):
                found = run_many(self.actor, of, self.on, self.known_on)
                self._of_tasks |= {(name, pk): result for pk, result in found.items()}

    def _checked(self, bindings: Sequence[Binding], subject: Subject) -> Checked:
        return Checked(
            [self.judged(one, subject) for one in bindings if one.measure],
            next((one for one in bindings if not one.measure), None),
        )


def bindings_of(subject: Subject) -> Any:
    """The subject's bindings in force, in the order they were made."""
    return subject.bindings.filter(superseded_at=None).order_by("id")


def judge(subject: Subject, *, actor: Actor, on: date, known_on: date | None = None) -> Sequence[Judged]:
    """What every bound measure says of one task or indicator on a day, as known on a day."""
    return Pass(actor, on, known_on or on).checked(subject).judged
