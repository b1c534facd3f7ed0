"""Clauses without a unit: a person takes one up as a task, or leaves it; nobody else decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from soildesk.core import audit, clock
from soildesk.core.permissions import Actor
from soildesk.plans.models import Milestone, Plan, PlanTask, TaskUnit, UnassignedClause
from soildesk.plans.refusals import WrongState
from soildesk.plans.services.history import note
from soildesk.plans.services.holding import reviewing
from soildesk.plans.services.intake import milestone_row
from soildesk.plans.services.units import UnitPlacer
from soilrules import deadlines
from soilrules.deadlines.model import Deadline
from soilrules.plantext.draft import TaskOrigin, UnitSource

Decision = UnassignedClause.Decision


def take_up(clause: UnassignedClause, *, by: Actor, at: datetime) -> PlanTask:
    """Make a clause a task under review, in its place among the others; units it does not name are added by correcting it."""
    with reviewing(clause.plan, by):
        _still(clause, Decision.OPEN)
        before = _before(clause)
        clause.plan.tasks.filter(position__gt=before).update(position=F("position") + 1)
        task = _task(clause, before + 1)
        _decide(clause, Decision.TAKEN, by, at, task)
        note(task, "taken_up", by=by, at=at)
        audit.record("plans.clause.taken", subject=task, by=by, at=at)
    return task


def leave(plan: Plan, by: Actor, at: datetime, clauses: Sequence[UnassignedClause] | None = None) -> int:
    """Say that clauses (all nobody decided, or these) are no tasks; returns how many."""
    with reviewing(plan, by):
        rows = list(plan.unassigned.filter(decision=Decision.OPEN)) if clauses is None else list(clauses)
        for clause in rows:
            _still(clause, Decision.OPEN)
            _decide(clause, Decision.LEFT, by, at)
        if rows:
            data = audit.bulk([row.position, row.number, row.heading] for row in rows)
            audit.record("plans.clauses.left", subject=plan, by=by, at=at, data=data)
    return len(rows)


def reopen(clause: UnassignedClause, *, by: Actor, at: datetime) -> UnassignedClause:
    """Take back that a clause is no task."""
    with reviewing(clause.plan, by):
        _still(clause, Decision.LEFT)
        clause.decision, clause.decided_by, clause.decided_at = Decision.OPEN, None, None
        clause.save(update_fields=["decision", "decided_by", "decided_at"])
        audit.record("plans.clause.reopened", subject=clause.plan, by=by, at=at, data={"clause": clause.position})
    return clause


def _still(clause: UnassignedClause, wanted: str) -> None:
    """The clause as it stands now; what somebody decided meanwhile is not decided again."""
    clause.refresh_from_db(fields=["decision", "task"])
    if clause.decision != wanted:
        raise WrongState(
            _("“%(clause)s”%(state)s，不能再作这个决定。") % {"clause": clause, "state": clause.get_decision_display()}
        )


def _decide(
    clause: UnassignedClause, decision: UnassignedClause.Decision, by: Actor, at: datetime, task: PlanTask | None = None
) -> None:
    clause.decision, clause.task, clause.decided_by, clause.decided_at = decision, task, by.person, at
    clause.save(update_fields=["decision", "task", "decided_by", "decided_at"])


def _task(clause: UnassignedClause, position: int) -> PlanTask:
    plan, text = clause.plan, clause.reading["text"]
    read = _terms(clause)
    task = PlanTask.objects.create(
        plan=plan,
        division_path=plan.division_path,
        owner_department=plan.owner_department,
        position=position,
        number=clause.number,
        section=clause.section,
        section_key=" / ".join(clause.section)[:400],
        title=clause.title,
        text=clause.text,
        deadline_text="；".join(dict.fromkeys(term.text for term in read if term.completion))[:200],
        origin=TaskOrigin.BODY,
        part=clause.part,
        line=clause.line,
        reading=clause.reading,
        confidence=text["confidence"],
    )
    rows = [milestone_row(task, order, term) for order, term in enumerate(read)]
    if not _in_one_piece(clause):
        for row in rows:
            row.spans = []
    Milestone.objects.bulk_create(rows)
    _name_units(task, clause)
    return task


def _name_units(task: PlanTask, clause: UnassignedClause) -> None:
    """The units the clause itself names as acting are on the task, for a person to keep or change."""
    placer = UnitPlacer(clause.plan.division, clause.plan.issued_on or clock.local_day(clause.plan.imported_at))
    start, text = clause.reading["text"]["spans"][0][0], clause.text
    for position, (name, role) in enumerate(clause.reading.get("units", ())):
        at = text.find(name) if _in_one_piece(clause) else -1
        spans = [[start + at, start + at + len(name)]] if at >= 0 else []
        row = TaskUnit(task=task, position=position, name=name, role=role, source=UnitSource.SENTENCE, spans=spans)
        placer.place(row)
        row.save()


def _terms(clause: UnassignedClause) -> Sequence[Deadline]:
    start = clause.reading["text"]["spans"][0][0]
    return deadlines.parse(clause.text, plan_year=clause.plan.year, offset=start)


def _in_one_piece(clause: UnassignedClause) -> bool:
    """Whether the text stands in the document without a break, so that its terms have their places too."""
    spans = clause.reading["text"]["spans"]
    return len(spans) == 1 and spans[0][1] - spans[0][0] == len(clause.text)


def _before(clause: UnassignedClause) -> int:
    """The place behind the last task printed before the clause."""
    start = clause.reading["text"]["spans"][0][0]
    rows = clause.plan.tasks.order_by("position").values_list("position", "reading")
    before = [position for position, reading in rows if _starts(reading) < start]
    return max(before, default=-1)


def _starts(reading: dict[str, dict[str, list[list[int]]]]) -> int:
    spans = (reading.get("text") or {}).get("spans") or [[0, 0]]
    return min(span[0] for span in spans)
