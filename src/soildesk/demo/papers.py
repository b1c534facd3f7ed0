"""Documents of the example that were filed for tasks: most found right, some waiting to be looked at, some returned, some missing.

Made up and the same every time: the place of a document in its plan says what became of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from soildesk.core import clock
from soildesk.core.models import Duty, Person
from soildesk.demo.monitoring import actor, moment
from soildesk.demo.story import staff_of
from soildesk.plans.models import AskedDocument, Assignment, Plan
from soildesk.plans.services import documents

OFFICES = {"9901": ("luomin", "fangzhou"), "990101": ("linlan", "zhouzheng")}
"""Who looks at documents, and who does where the first one filed it, by the code of the plan's place."""
STANDING = date(2026, 6, 30)
"""When documents of tasks without a term were filed."""
FIRST = date(2026, 4, 1)
MISSING, WAITING, RETURNED, ANSWERED_AGAIN = 0, 2, 5, 7
ROUND = 9
WHY = "没有盖章，也没有写明截至日期，请补齐后重报。"


@dataclass(frozen=True)
class _Owed:
    """One document of one unit (None: of the task), and its place among those of its plan."""

    document: AskedDocument
    assignment: Assignment | None
    number: int
    due: date | None


def tell(*plans: Plan) -> None:
    """What was filed by today for the plans at work, each act on its day."""
    for plan in plans:
        for owed in _owed(plan):
            _file(owed, OFFICES[plan.division.code])


def _owed(plan: Plan) -> Iterator[_Owed]:
    rows = AskedDocument.objects.filter(task__plan=plan, dropped_at=None).select_related("task__plan")
    number = 0
    for document in rows.order_by("task__position", "pk"):
        duties = Duty.objects.for_subject(document.task).filter(due__isnull=False)
        due = duties.order_by("due").values_list("due", flat=True).first()
        units = document.task.assignments.exclude(state=Assignment.State.WITHDRAWN).select_related("department")
        asked = list(units.order_by("pk")) if document.each_unit else [units.order_by("pk").first()]
        for assignment in asked:
            yield _Owed(document, assignment, number, due)
            number += 1


def _file(owed: _Owed, offices: tuple[str, str]) -> None:
    fate = owed.number % ROUND
    day = max((owed.due or STANDING) - timedelta(days=1 + owed.number % 5), FIRST)
    if fate == MISSING or day > clock.today():
        return
    who = _filer(owed, offices[0])
    checker = offices[1] if who == offices[0] else offices[0]
    filed = _give(owed, who, day)
    checked = day + timedelta(days=3 + owed.number % 4)
    if fate == WAITING or checked > clock.today():
        return
    right = fate not in (RETURNED, ANSWERED_AGAIN)
    documents.check(filed, right, why="" if right else WHY, by=actor(checker, checked), at=moment(checked, 15))
    again = checked + timedelta(days=6)
    if fate == ANSWERED_AGAIN and again <= clock.today():
        documents.check(
            _give(owed, who, checked + timedelta(days=4), "（盖章）"),
            True,
            by=actor(checker, again),
            at=moment(again, 15),
        )


def _filer(owed: _Owed, office: str) -> str:
    """Who fills in for the unit; the office where nobody does."""
    person: Person | None = staff_of(owed.assignment) if owed.assignment else None
    return person.username if person else office


def _give(owed: _Owed, who: str, day: date, sealed: str = "") -> documents.DocumentFiling:
    name = f"{owed.document.name}{sealed}.txt"
    unit = owed.assignment.department if owed.assignment else ""
    words = (owed.document.name, str(owed.document.task.heading), str(unit), str(day), "示例文件，纯属虚构。")
    data = "\n".join(filter(None, words)).encode()
    return documents.file(owed.document, owed.assignment, name, data, by=actor(who, day), at=moment(day, 10))
