"""What happened to the example plan since it was published: receipts, reports, verifications, and what is late.

The story is made up and the same every time; it is told through the services people use, each act on its day.
Most units answer in time. Two are slow, a few of the last month's reports wait to be verified, one was sent back.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

from django.utils import timezone

from soildesk.core import clock
from soildesk.core.models import Duty, Person, RoleGrant
from soildesk.core.permissions import Actor
from soildesk.plans.models import Assignment, Plan
from soildesk.plans.queries.taking_up import superiors, taking_up
from soildesk.plans.services import linking, work

PUBLISHED = date(2026, 3, 16)
BEGUN = date(2025, 3, 18)
"""When the plan of three years went out."""
SLOW = {"青禾区林业局": date(2026, 6, 15), "站前街道办事处": date(2026, 10, 9)}
"""Units that stopped answering on a day."""
SENT_BACK = "青石镇人民政府"
VERIFIED_UNTIL = timedelta(days=12)
"""The office verifies within a fortnight: younger reports still wait."""
LINKED = 0.45
"""How alike a superior's task must be to be taken up when the story begins."""


def tell(plan: Plan, city: Plan, longer: Plan) -> None:
    """Receipts in the week after publication, then each unit's reports on the days they were due."""
    district_office, city_office, chief, city_chief = (
        Person.objects.get(username=name) for name in ("linlan", "luomin", "zhouzheng", "fangzhou")
    )
    for upper in (city, longer):
        _link(plan, upper, district_office)
    for told, office, second, since in (
        (longer, district_office, chief, BEGUN),
        (city, city_office, city_chief, PUBLISHED),
        (plan, district_office, chief, PUBLISHED),
    ):
        for number, assignment in enumerate(plan_assignments(told)):
            person = staff_of(assignment) or office
            _receive(assignment, person, number, since)
            verifier = second if person == office else office  # nobody verifies what they reported themselves
            _report(assignment, person, number, verifier, since)
    _send_back(plan, district_office, clock.today())


def staff_of(assignment: Assignment) -> Person | None:
    """Who fills in for the unit; for one without such a person the office does."""
    roles = (RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN)
    return assignment.department.people.filter(is_active=True, grants__role__in=roles).order_by("id").first()


def plan_assignments(plan: Plan) -> list[Assignment]:
    """All assignments of a plan in a fixed order."""
    rows = Assignment.objects.filter(task__plan=plan).select_related("task__plan", "department")
    return list(rows.order_by("task__position", "department_id"))


@cache
def _actor(person: Person, day: date) -> Actor:
    return Actor.of(person, on=day)


def _at(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _receive(assignment: Assignment, person: Person, number: int, since: date) -> None:
    day = since + timedelta(days=1 + number % 4)
    late_signer = assignment.department.name in SLOW and number % 3 == 0
    if day <= clock.today() and not late_signer:
        work.receive(assignment, by=_actor(person, day), at=_at(day))


def _report(assignment: Assignment, person: Person, number: int, officer: Person, since: date) -> None:
    """Answer each duty some days before it was due, until the unit became slow."""
    today = clock.today()
    last = SLOW.get(assignment.department.name, today)
    owed = Duty.objects.for_subject(assignment.task).of_unit(assignment.department_id).filter(done_on__isnull=True)
    for duty in owed.order_by("due"):
        day = max((duty.due or today) - timedelta(days=2 + number % 9), since + timedelta(days=2))
        if day > last or duty.due is None or duty.due < since:
            continue
        standing = duty.kind == Duty.Kind.STANDING_CHECK
        said = work.Report(
            text=f"{'本期工作正常开展' if standing else '已按时限完成'}：{assignment.task.heading}。",
            claims_done=not standing,
            done_on=day,
            period=duty.period,
        )
        work.report(assignment, said, by=_actor(person, day), at=_at(day))
        checked = day + VERIFIED_UNTIL
        if checked <= today:
            work.verify(assignment, by=_actor(officer, checked), at=_at(checked, 15))


def _send_back(plan: Plan, officer: Person, today: date) -> None:
    reported = Assignment.objects.filter(task__plan=plan, department__name=SENT_BACK, state=Assignment.State.VERIFIED)
    row = reported.select_related("task__plan", "department").order_by("-task__position").first()
    if row:
        work.send_back(
            row, why="台账缺少现场照片和整改前后对比，请补齐后重报。", by=Actor.of(officer, on=today), at=_at(today, 9)
        )


def _link(plan: Plan, upper: Plan, officer: Person) -> None:
    """The office registered the clearest 承接; the rest is left for a person to see."""
    day = PUBLISHED + timedelta(days=4)
    actor = Actor.of(officer, on=day)
    if upper in superiors(plan, actor):
        for row in taking_up(plan, upper):
            if row.proposals and row.proposals[0].score >= LINKED:
                linking.link_task(row.upper, row.proposals[0].task, by=actor, at=_at(day))
