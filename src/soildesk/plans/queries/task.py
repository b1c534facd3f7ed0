"""The page of one task: its terms, its units and why they are on it, what was said and what proves it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from soildesk.core.calendar import working_calendar
from soildesk.core.models import Duty, FileUse
from soildesk.core.permissions import OF_DEPARTMENT, Actor, may
from soildesk.kit.parts import Chip, Event, Step
from soildesk.plans import wording
from soildesk.plans.models import (
    Assignment,
    Binding,
    Milestone,
    Plan,
    PlanConflict,
    PlanTask,
    ProgressEntry,
    TaskEvent,
    TaskLink,
    TaskUnit,
)
from soildesk.plans.queries.events import MOVED, event_line, moved_words
from soildesk.plans.queries.evidence import evidence_of, visible_events
from soildesk.plans.queries.reading import because_of
from soildesk.plans.queries.states import DutyRow, TaskStanding, duty_rows, end_of, standings
from soilrules.deadlines import State, state
from soilrules.plantext.draft import UnitSource

OPENING, CLOSING = ("（", "(", "【", "["), ("）", ")", "】", "]")
BRACKET = 240
"""Characters a responsibility bracket reaches to either side of a unit at most."""
CONTEXT = 120
"""Characters shown before and after the clause."""
WORST = (
    State.OVERDUE,
    State.DUE_TODAY,
    State.DUE_SOON,
    State.DUE_LATER,
    State.UNDETERMINED,
    State.STANDING,
    State.DUE_BEFORE_ISSUE,
    State.DONE_LATE,
    State.DONE,
)


@dataclass(frozen=True)
class Hands:
    """What the actor may do on a task, found once: the rule that stops an act is said on its button."""

    office: bool
    verifier: bool
    own: frozenset[int]
    live: bool
    person: int | None

    @classmethod
    def of(cls, actor: Actor, plan: Plan) -> Hands:
        own = {grant.department_id for grant in actor.grants if grant.role in OF_DEPARTMENT and grant.department_id}
        return cls(
            office=may(actor, "plans.review", plan),
            verifier=may(actor, "plans.verify", plan),
            own=frozenset(own),
            live=plan.stage == Plan.Stage.PUBLISHED,
            person=actor.person.pk if actor.person else None,
        )

    def on(self, department_id: int) -> bool:
        """Whether the actor may report for a department."""
        return self.live and (self.office or department_id in self.own)


@dataclass(frozen=True)
class Term:
    """One term of a task on its page: as printed, the day, how it stands over all units."""

    milestone: Milestone | None
    label: str
    printed: str
    due: date | None
    chip: Chip
    done: int
    units: int
    internal: bool
    state: State | None
    overruled: PlanConflict | None = None
    moved: str = ""


@dataclass(frozen=True)
class Why:
    """A unit and the words that put it on the task."""

    unit: TaskUnit
    role: str
    source: str
    quote: str


@dataclass(frozen=True)
class Clause:
    """The clause in its context."""

    before: str
    words: str
    after: str
    start: int


@dataclass(frozen=True)
class UnitRow:
    """One 分办 on the task's page."""

    assignment: Assignment
    chip: Chip
    role: str
    due: date | None
    internal: bool
    late: bool
    entries: tuple[ProgressEntry, ...]
    files: int

    @property
    def last(self) -> ProgressEntry | None:
        """What the unit said last."""
        return self.entries[0] if self.entries else None

    @property
    def unverified(self) -> bool:
        """Whether something waits for verification."""
        return any(entry.verified_at is None for entry in self.entries)

    def reported_by(self, person: int | None) -> bool:
        """Whether what waits is this person's own completion, or nothing but their own words: another person verifies it."""
        waiting = [one for one in self.entries if one.verified_at is None]
        own = [one for one in waiting if person is not None and one.by_id == person]
        return any(one.claims_done for one in own) or (bool(own) and len(own) == len(waiting))


@dataclass(frozen=True)
class TaskPage:
    """Everything the page shows, read in a constant number of queries."""

    task: PlanTask
    standing: TaskStanding
    chip: Chip
    terms: tuple[Term, ...]
    whys: tuple[Why, ...]
    clause: Clause | None
    units: tuple[UnitRow, ...]
    entries: tuple[ProgressEntry, ...]
    files: tuple[FileUse, ...]
    events: tuple[Event, ...]
    conflicts: tuple[PlanConflict, ...]
    upper: tuple[TaskLink, ...]
    lower: tuple[TaskLink, ...]
    bindings: tuple[Binding, ...]
    hands: Hands

    @property
    def steps(self) -> list[Step]:
        """The life of the task: issued, then every dated term, then the end of the plan's period."""
        return _steps(self)


def task_page(task: PlanTask, actor: Actor, on: date) -> TaskPage:
    """The page of `task` on a day."""
    standing = standings([task.pk], on)[task.pk]
    calendar = working_calendar()
    judged = [(duty, state(duty, on, calendar)) for duty in duty_rows([task.pk]).get(task.pk, ())]
    entries = tuple(_entries(task, on))
    uses = tuple(evidence_of(actor, task))
    readable = Plan.objects.visible_to(actor)
    tone, icon, word = wording.state_look(standing, on)
    return TaskPage(
        task=task,
        standing=standing,
        chip=Chip(tone, str(word), icon, wording.state_why(standing)),
        terms=tuple(terms_of(task, judged)),
        whys=tuple(_whys(task)),
        clause=_clause(task),
        units=tuple(_unit_rows(task, judged, entries, uses)),
        entries=entries,
        files=uses,
        events=tuple(event_line(event) for event in _events(task, actor)),
        conflicts=tuple(task.conflicts.select_related("settled_by")),
        upper=tuple(task.takes_up.filter(upper__plan__in=readable).select_related("upper__plan")),
        lower=tuple(task.taken_up_by.filter(lower__plan__in=readable).select_related("lower__plan")),
        bindings=tuple(task.bindings.filter(superseded_at=None)),
        hands=Hands.of(actor, task.plan),
    )


def _events(task: PlanTask, actor: Actor) -> Iterable[TaskEvent]:
    return visible_events(actor, task, task.events.select_related("by", "department")[:100])


def _entries(task: PlanTask, on: date) -> Iterable[ProgressEntry]:
    rows = ProgressEntry.objects.filter(assignment__task=task, at__lt=end_of(on))
    return rows.select_related("assignment__department", "by", "verified_by")


MOST_GONE = 2
"""So many terms that had passed when the plan was issued stand by themselves on the life line."""


def worst(states: Sequence[State]) -> State | None:
    """The state that counts where units differ: late before due before done."""
    return next((wanted for wanted in WORST if wanted in states), None)


def terms_of(task: PlanTask, judged: Sequence[tuple[DutyRow, State]]) -> list[Term]:
    """Every term in order of its day: the printed ones, then the periods of our own rhythm."""
    by_period: dict[str, list[tuple[DutyRow, State]]] = defaultdict(list)
    for duty, how in judged:
        by_period[duty.period].append((duty, how))
    found = []
    moved = {
        event.data["period"]: moved_words(event.kind, event.data)
        for event in task.events.filter(kind__in=MOVED).order_by("id")
    }
    for milestone in task.milestones.select_related("overruled_by"):
        keys = [
            key for key in by_period if key == f"m{milestone.position}" or key.startswith(f"m{milestone.position}/")
        ]
        for key in keys or [""]:
            told = _printed_term(milestone, by_period.get(key, []) if key else [])
            found.append(replace(told, moved=moved.get(key, "")))
    for key, pairs in by_period.items():
        if pairs[0][0].kind == Duty.Kind.STANDING_CHECK:
            found.append(_period_term(key, pairs))
    return sorted(found, key=lambda term: (term.due is None, term.due or date.max))


def _look(how: State | None) -> Chip:
    if how is None:
        return Chip("calm", str(wording.DUTY_STATES[State.UNDETERMINED][2]), "question-circle")
    tone, icon, word = wording.DUTY_STATES[how]
    return Chip(tone, str(word), icon)


def _done(pairs: Sequence[tuple[DutyRow, State]]) -> int:
    return sum(how in {State.DONE, State.DONE_LATE} for _duty, how in pairs)


def _printed_term(milestone: Milestone, pairs: Sequence[tuple[DutyRow, State]]) -> Term:
    how = worst([how for _duty, how in pairs])
    due = pairs[0][0].due if pairs else milestone.last
    chip = _look(how) if pairs else Chip("calm", _not_owed(milestone), "circle")
    return Term(
        milestone,
        milestone.what or milestone.text,
        milestone.text,
        due,
        chip,
        _done(pairs),
        len(pairs),
        milestone.internal,
        how,
        milestone.overruled_by,
    )


def _not_owed(milestone: Milestone) -> str:
    if milestone.overruled_by_id:
        return _("已由裁定取代")
    if not milestone.completion:
        return _("起始或引用日期")
    return _("未设日期") if milestone.last is None else _("不计办理")


def _period_term(key: str, pairs: Sequence[tuple[DutyRow, State]]) -> Term:
    how = worst([how for _duty, how in pairs])
    word = wording.period_word(key)
    chip = Chip("warn", _("未报齐"), "exclamation-triangle-fill") if how is State.OVERDUE else _look(how)
    return Term(None, word, "", pairs[0][0].due, chip, _done(pairs), len(pairs), True, how)


def _whys(task: PlanTask) -> Iterable[Why]:
    text = task.plan.document.text if task.plan.document else ""
    for unit in task.units.select_related("department", "overruled_by"):
        yield Why(
            unit,
            str(wording.ROLES.get(unit.role, unit.role)),
            str(wording.SOURCES.get(unit.source, unit.source)),
            quote_of(unit, text),
        )


def quote_of(unit: TaskUnit, text: str) -> str:
    """The words that put a unit on its task; of a bracket the whole bracket, for "牵头" alone tells nobody anything."""
    words = because_of(unit, text).strip()
    if unit.source != UnitSource.BRACKET or not unit.spans:
        return words
    start = max(text.rfind(sign, 0, unit.spans[0][0] + 1) for sign in OPENING)
    ends = [text.find(sign, unit.spans[-1][1]) for sign in CLOSING]
    end = min((found for found in ends if found >= 0), default=-1)
    near = start >= 0 and unit.spans[0][0] - start < BRACKET and 0 <= end - unit.spans[-1][1] < BRACKET
    return text[start : end + 1].replace("\n", "") if near else words


def _clause(task: PlanTask) -> Clause | None:
    spans = (task.reading.get("text") or {}).get("spans") or []
    if task.plan.document is None or not spans:
        return None
    text = task.plan.document.text
    start, end = min(span[0] for span in spans), max(span[1] for span in spans)
    return Clause(text[max(0, start - CONTEXT) : start], text[start:end], text[end : end + CONTEXT], start)


def _unit_rows(
    task: PlanTask, judged: Sequence[tuple[DutyRow, State]], entries: Sequence[ProgressEntry], uses: Sequence[FileUse]
) -> Iterable[UnitRow]:
    said: dict[int, list[ProgressEntry]] = defaultdict(list)
    for entry in entries:
        said[entry.assignment_id].append(entry)
    for assignment in task.assignments.select_related("department", "received_by", "verified_by").order_by("pk"):
        own = [(d, how) for d, how in judged if d.unit_id == assignment.department_id]
        waiting = [d for d, how in own if how not in {State.DONE, State.DONE_LATE, State.DUE_BEFORE_ISSUE} and d.due]
        following = next((d for d in waiting if not d.internal), None) or next(iter(waiting), None)
        tone, icon, word = wording.ASSIGNMENT_STATES[assignment.state]
        yield UnitRow(
            assignment=assignment,
            chip=Chip(tone, str(word), icon, assignment.returned_why),
            role=str(wording.ROLES.get(assignment.role, assignment.role)),
            due=following.due if following else None,
            internal=bool(following and following.internal),
            late=any(how is State.OVERDUE and not d.internal for d, how in own),
            entries=tuple(said[assignment.pk]),
            files=sum(use.note == str(assignment.department) for use in uses),
        )


def _stage(term: Term, here: Term | None) -> str:
    if term.state in {State.DONE, State.DONE_LATE}:
        return "done"
    if term.state is State.OVERDUE:
        return "missing"
    if term.state is State.DUE_BEFORE_ISSUE:
        return "skipped"
    return "here" if term is here else "ahead"


def _steps(page: TaskPage) -> list[Step]:
    plan = page.task.plan
    dated = [term for term in page.terms if term.due and term.overruled is None and term.units]
    ahead = {State.DUE_LATER, State.DUE_SOON, State.DUE_TODAY}
    here = next((term for term in dated if term.state in ahead), None)
    steps = [Step(_("下发"), "done", plan.issued_on)] if plan.issued_on else []
    gone = [term for term in dated if term.state is State.DUE_BEFORE_ISSUE]
    if len(gone) > MOST_GONE:  # of a monthly term half a year may have passed: one stage tells them
        told = _("下发前已到期 %(n)d 个节点") % {"n": len(gone)}
        steps.append(Step(told, "skipped", gone[-1].due, _("不计逾期")))
        dated = [term for term in dated if term not in gone]
    for term in dated:
        notes = [_("内部时限")] if term.internal else []
        if term.state is State.DUE_BEFORE_ISSUE:
            notes.append(_("下发前已到期"))
        if term.units > 1:
            notes.append(f"{term.done}/{term.units}")
        steps.append(Step(term.label[:24], _stage(term, here), term.due, " · ".join(notes)))  # type: ignore[arg-type]
    return sorted(steps, key=lambda step: step.on or date.min)
