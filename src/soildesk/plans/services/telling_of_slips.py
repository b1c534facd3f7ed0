"""What a unit answers to a slip about its task stands in the ledger too, so that nobody says it twice."""

from __future__ import annotations

from datetime import datetime

from soildesk.core.permissions import Actor
from soildesk.plans.models import Assignment
from soildesk.plans.services import work
from soilrules.supervision.handling import Handling, may_be


def tell(task: int, unit: int, why: str, *, misdirected: bool, by: Actor, at: datetime) -> None:
    """Say on the 分办 why it is not done or that it came wrong, where that can be said in the state it is in."""
    rows = Assignment.objects.select_related("task__plan", "department")
    assignment = rows.filter(task_id=task, department_id=unit).first()
    act = Handling.MISDIRECT if misdirected else Handling.SAY_WHY_NOT
    if assignment is None or not may_be(act, assignment.state):
        return
    if misdirected:
        work.misdirected(assignment, why=why[:300], by=by, at=at)
    else:
        work.report(assignment, work.Report("", unfinished_why=why, via="slip"), by=by, at=at)
