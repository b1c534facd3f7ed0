"""What happened to the example plan since it was published: receipts, reports, verifications, and what is late.

The story is made up and the same every time; it is told through the services people use, each act on its day.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from soildesk.core import clock
from soildesk.core.models import Duty, Person
from soildesk.core.permissions import Actor
from soildesk.plans.models import Assignment, Plan
from soildesk.plans.queries.taking_up import superiors, taking_up
from soildesk.plans.services import linking, work

LATE_EVERY = 9
"""Every ninth assignment of the story has not been answered."""


def tell(plan: Plan, city: Plan) -> None:
    """Receipts in the week after publication, then each unit's reports on the days they were due."""
    today = clock.today()
    officer = Person.objects.get(username="linlan")
    _link(plan, city, officer)
    rows = list(plan_assignments(plan))
    for number, assignment in enumerate(rows):
        if number % LATE_EVERY != LATE_EVERY - 1:
            _receive(assignment, number, today)
            _report(assignment, number, today, officer)


def plan_assignments(plan: Plan) -> list[Assignment]:
    """All assignments of a plan in a fixed order."""
    rows = Assignment.objects.filter(task__plan=plan).select_related("task__plan", "department")
    return list(rows.order_by("task__position", "department_id"))


def _at(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _staff(assignment: Assignment) -> Person | None:
    return assignment.department.people.filter(is_active=True).order_by("-id").first()


def _receive(assignment: Assignment, number: int, today: date) -> None:
    person, day = _staff(assignment), date(2026, 3, 17) + timedelta(days=number % 5)
    if person and day <= today:
        work.receive(assignment, by=Actor.of(person, on=day), at=_at(day))


def _report(assignment: Assignment, number: int, today: date, officer: Person) -> None:
    """Answer each duty some days before it was due; the office verifies two out of three."""
    person = _staff(assignment)
    owed = Duty.objects.for_subject(assignment.task).of_unit(assignment.department_id).filter(done_on__isnull=True)
    for duty in owed.order_by("due"):
        day = (duty.due or today) - timedelta(days=3 + number % 12)
        if person is None or day > today or day < date(2026, 3, 18) or (number + len(duty.period)) % 7 == 0:
            continue
        standing = duty.kind == Duty.Kind.STANDING_CHECK
        said = work.Report(
            text=f"{'本期工作正常开展' if standing else '已按时限完成'}：{assignment.task.heading}。",
            claims_done=not standing, done_on=day, period=duty.period,
        )
        work.report(assignment, said, by=Actor.of(person, on=day), at=_at(day))
        if number % 3:
            checked = min(today, day + timedelta(days=4))
            work.verify(assignment, by=Actor.of(officer, on=checked), at=_at(checked, 15))


def _link(plan: Plan, city: Plan, officer: Person) -> None:
    """The office registered the clearest 承接; the rest is left for a person to see."""
    day = date(2026, 3, 20)
    actor = Actor.of(officer, on=day)
    if city not in superiors(plan, actor):
        return
    for row in taking_up(plan, city):
        if row.proposals and row.proposals[0].score >= 0.45:
            linking.link_task(row.upper, row.proposals[0].task, by=actor, at=_at(day))
