"""What the records say of tasks and indicators: every binding's answer, and one answer for the whole task.

Measures of other rooms read of a task only its plan's place and the year asked for (a test holds that; those of a period
say so), so within one pass they are computed once for all tasks of plans of the same place and year. They are asked about
a day within the plan's period: what a place looks like years later says nothing of a plan that has ended. Asked are the
bindings that stood at the end of the day of knowledge: one accepted since checks nothing that was known then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from soildesk.core import clock
from soildesk.core.permissions import Actor
from soildesk.kit import measures
from soildesk.kit.measures import Kind, MeasureResult, Outcome, Reason
from soildesk.kit.passes import Memory, many_rows, remembering
from soildesk.monitoring.measuring import first_day, last_day, year_asked
from soildesk.plans.models import Binding, Indicator, Plan, PlanTask
from soildesk.plans.queries.states import CHUNK, end_of
from soildesk.plans.queries.taskrows import Task, TaskRow

NOT_BEGUN = gettext_noop("方案执行期从 %(day)s 开始，该日还没有要求，不能判断。")
OWN = "plans."
"""Measures of this room read the task itself."""
Subject = Task | Indicator
T = TypeVar("T", PlanTask, TaskRow)


class Bound(NamedTuple):
    """What of a binding in force is read: `measure` is empty where `reason` says why no record checks it."""

    pk: int
    measure: str
    reason: str
    register: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A bound measure with what it says of the task or indicator."""

    binding: Bound
    measure: measures.Measure
    result: MeasureResult


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything that is bound to one task or indicator. `nothing` is the binding that says why no record checks it."""

    judged: Sequence[Judged] = ()
    nothing: Bound | None = None

    @property
    def kind(self) -> str:
        """computed, evidence or none: a measure over registers weighs more than documents."""
        if not self.judged:
            return "none"
        computed = any(one.measure.kind is Kind.COMPUTED for one in self.judged)
        return str(Kind.COMPUTED if computed else Kind.EVIDENCE)

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
    _asked: dict[int, tuple[int, int, date]] = field(default_factory=dict)
    _early: dict[int, MeasureResult | None] = field(default_factory=dict)  # by plan: it asks nothing yet
    _known: Mapping[str, measures.Measure] = field(default_factory=measures.measures)

    def result(self, measure: measures.Measure, subject: Subject) -> MeasureResult:
        """What a measure says of a task or indicator."""
        with remembering(self._memory):
            return self._result(measure, subject)

    def _result(self, measure: measures.Measure, subject: Subject) -> MeasureResult:
        if not isinstance(subject, Indicator) and (found := self._of_tasks.get((measure.id, subject.pk))):
            return found
        if measure.id.startswith(OWN):
            return measure.run(self.actor, subject, self.on, self.known_on)
        plan = subject.plan
        if plan.pk not in self._early:
            self._early[plan.pk] = not_begun(subject, self.on)
        if early := self._early[plan.pk]:
            return early
        if isinstance(subject, Indicator):
            return measure.run(self.actor, subject, day_asked(measure, subject, self.on), self.known_on)
        place, year, day = self._asks(subject)
        key = (measure.id, place, year, day, plan.period_start if measure.of_period else None)
        found = self._of_places.get(key)
        if found is None:
            found = self._of_places[key] = measure.run(self.actor, subject, day, self.known_on)
        return found.resting_on(f"{plan.doc_number or plan.title} {subject.number}".strip())

    def _asks(self, task: Task) -> tuple[int, int, date]:
        """The place, the year and the day a task's plan is asked about."""
        plan = task.plan
        found = self._asked.get(plan.pk)
        if found is None:
            day = ended(task, self.on) or self.on
            found = self._asked[plan.pk] = (plan.division_id, year_asked(task, self.on), day)
        return found

    def checked(self, subject: Subject) -> Checked:
        """Everything bound to one task or indicator."""
        with remembering(self._memory):
            return self._checked(self._by(_named(subject), [subject.pk])[subject.pk], subject)

    def of_indicators(self, indicators: Sequence[Indicator]) -> dict[int, Checked]:
        """Everything bound to each of many indicators (with their plans and divisions joined), by their keys."""
        bound = self._by("indicator", [one.pk for one in indicators])
        with remembering(self._memory):
            return {one.pk: self._checked(bound[one.pk], one) for one in indicators}

    def of_tasks(self, tasks: Iterable[T], query: QuerySet[PlanTask] | None = None) -> Iterator[tuple[T, Checked]]:
        """Everything bound to each of many tasks (with their plans and divisions joined), a few queries for all.

        `query`: all of them as a query, where there is one.
        """
        source = iter(tasks)
        by_task = self._by("task", query.order_by().values("pk")) if query is not None else None
        while chunk := list(islice(source, CHUNK)):
            by_task = self._by("task", [task.pk for task in chunk]) if query is None else by_task
            with remembering(self._memory), many_rows():
                self._together(chunk, by_task)
                found = [self._checked(by_task[task.pk], task) for task in chunk]
            yield from zip(chunk, found, strict=True)

    def _by(self, subject: str, keys: Any) -> Mapping[int, list[Bound]]:
        """The bindings of tasks or of indicators that are asked, by the keys of these."""
        found: dict[int, list[Bound]] = defaultdict(list)
        rows = stood(Binding.objects.filter(**{f"{subject}__in": keys}), self.known_on).order_by("id")
        for row in rows.values_list(*Bound._fields, subject):
            found[row[-1]].append(Bound._make(row[:-1]))
        return found

    def _together(self, tasks: Sequence[Task], by_task: Mapping[int, list[Bound]]) -> None:
        """Ask the measures that answer for many tasks at once, once for these."""
        asked: dict[str, list[Task]] = defaultdict(list)
        for task in tasks:
            for one in by_task[task.pk]:
                asked[one.measure].append(task)
        for name, of in asked.items():
            if name in self._known and (run_many := self._known[name].run_many):
                found = run_many(self.actor, of, self.on, self.known_on)
                self._of_tasks |= {(name, pk): result for pk, result in found.items()}

    def _checked(self, bindings: Sequence[Bound], subject: Subject) -> Checked:
        return Checked(
            [self._judged(one, subject) for one in bindings if one.measure],
            next((one for one in bindings if not one.measure), None),
        )

    def _judged(self, binding: Bound, subject: Subject) -> Judged:
        measure = self._known.get(binding.measure) or measures.get(binding.measure)
        return Judged(binding, measure, self._result(measure, subject))


def day_asked(measure: measures.Measure, subject: Subject, on: date) -> date:
    """The day a measure is asked about: the day spoken of, or the last of what is asked for if that is over.

    What is told of a task itself (reported, filed, verified) may come after the period.
    """
    return on if measure.id.startswith(OWN) else ended(subject, on) or on


def not_begun(subject: Subject, on: date) -> MeasureResult | None:
    """The answer of registers about a day before the plan asks anything."""
    first = first_day(subject)
    if first is None or on >= first:
        return None
    return MeasureResult(Outcome.CANNOT_SAY, Reason(NOT_BEGUN, {"day": first}), on)


def ended(subject: Subject, on: date) -> date | None:
    """The day whose records answer where the plan was over by `on`.

    A plan its office still works on is not over, however late: what is done late is done. One that was closed is answered
    as of its closing, one taken in as history as of the end of its period; a target as of the end of its year.
    """
    last = last_day(subject)
    if last is not None and not isinstance(subject, Indicator):
        plan = subject.plan
        if plan.stage == Plan.Stage.PUBLISHED:
            return None
        last = max(last, clock.local_day(plan.closed_at)) if plan.closed_at else last
    return last if last is not None and last < on else None


def bindings_of(subject: Subject) -> Any:
    """The subject's bindings in force, in the order they were made."""
    return subject.bindings.filter(superseded_at=None).order_by("id")


def _named(subject: Subject) -> str:
    return "indicator" if isinstance(subject, Indicator) else "task"


def stood(rows: QuerySet[Binding], known_on: date) -> QuerySet[Binding]:
    """Of some bindings those that stood at the end of a day."""
    after = end_of(known_on)
    return rows.filter(Q(superseded_at=None) | Q(superseded_at__gte=after), recorded_at__lt=after)


def judge(subject: Subject, *, actor: Actor, on: date, known_on: date | None = None) -> Sequence[Judged]:
    """What every bound measure says of one task or indicator on a day, as known on a day."""
    return Pass(actor, on, known_on or on).checked(subject).judged
