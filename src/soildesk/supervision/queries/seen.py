"""What people see of supervision: matters, slips, requests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, When

from soildesk.core.calendar import working_calendar
from soildesk.core.models import Duty
from soildesk.core.permissions import Actor
from soildesk.monitoring.queries.network import short_name, town
from soildesk.supervision.models import Extension, Importance, Slip, Suspension
from soildesk.supervision.models.matters import matter_of
from soildesk.supervision.queries.about import addresses
from soildesk.supervision.queries.facts import SELF
from soilrules.deadlines import Due, State, state

SOON = timedelta(days=14)
ALL_KINDS = list(Duty.Kind.choices)
KINDS = [choice for choice in ALL_KINDS if choice[0] != Duty.Kind.SLIP.value]
COLOURED = (Slip.Colour.BLUE, Slip.Colour.YELLOW, Slip.Colour.RED)
UNANSWERED = Q(state__in=[Slip.State.WAITING, Slip.State.FOLLOWED], answered_on=None)
ANSWERED = Q(answered_on__isnull=False)


def suspended_on(on: date) -> Q:
    """Suspensions that rest the escalation on a day."""
    return Q(since__lte=on, until__gt=on) & (Q(ended_on=None) | Q(ended_on__gt=on))


def important_on(on: date) -> Q:
    """Matters that are important ones on a day."""
    return Q(since__lte=on) & (Q(until=None) | Q(until__gt=on))


def matters(actor: Actor | None, on: date) -> QuerySet[Duty]:
    """The dated duties of departments that count on a day, with what supervision says of them."""
    rows = Duty.objects.visible_to(actor).live_on(on).filter(unit__isnull=False, due__isnull=False)
    rows = rows.exclude(kind__in=SELF)
    slips = Slip.objects.filter(duty=OuterRef("pk"), colour__in=COLOURED, on__lte=on).order_by("-on", "-id")
    return rows.annotate(
        unit_name=short_name("unit"),
        town=town(),
        finished=Case(When(open_on(on), then=0), default=1, output_field=IntegerField()),
        slip_colour=Subquery(slips.values("colour")[:1]),
        suspended=Exists(Suspension.objects.filter(suspended_on(on), duty=OuterRef("pk"))),
        important=Exists(Importance.objects.filter(important_on(on), duty=OuterRef("pk"))),
    )


def late_on(on: date) -> Q:
    """Matters overdue on a day."""
    return Q(pk__in=Duty.objects.late_on(on).values("pk"))


def soon_on(on: date) -> Q:
    """Matters due within 14 days."""
    return Q(pk__in=Duty.objects.due_within(on, SOON.days).values("pk"))


def open_on(on: date) -> Q:
    """Matters not done by a day."""
    return Q(done_on=None) | Q(done_on__gt=on)


def add_states(rows: list[dict[str, Any]], actor: Actor, on: date) -> None:
    """How each matter stands, by the one function that says late, and where its record is."""
    calendar = working_calendar()
    links = addresses([(row["subject_type"], row["subject_id"]) for row in rows], on)
    for row in rows:
        row["_state"] = state(Due(row["due"], row["done_on"], issued_on=row["issued_on"]), on, calendar)
        row["_late"] = max(0, (on - row["due"]).days) if row["_state"] is State.OVERDUE else 0
        row["_about"] = links.get((row["subject_type"], row["subject_id"]), "")


def slips(actor: Actor | None, on: date) -> QuerySet[Slip]:
    """Slips and reminders issued by a day."""
    rows = Slip.objects.visible_to(actor).filter(on__lte=on)
    return rows.annotate(unit_name=short_name("unit"), issuer=short_name("owner_department"), town=town())


def waits_long(on: date) -> Q:
    """Slips whose answer is late."""
    return Q(state=Slip.State.WAITING, answer_by__lt=on)


def slips_of(duty: Duty) -> Sequence[Slip]:
    """All slips of a matter, the earliest first."""
    rows = Slip.objects.filter(Q(duty=duty) | Q(matter=matter_of(duty)))
    return list(rows.select_related("unit", "owner_department", "answered_by", "follows").order_by("on", "id"))


def slip_of(actor: Actor, uid: UUID) -> Slip | None:
    """One slip the actor sees."""
    rows = Slip.objects.visible_to(actor).select_related("duty", "unit", "owner_department", "answered_by", "follows")
    return rows.filter(uid=uid).first()


def matter(actor: Actor, uid: UUID) -> Duty | None:
    """One duty the actor sees."""
    return Duty.objects.visible_to(actor).select_related("unit", "owner_department").filter(uid=uid).first()


def matter_of_row(pk: int) -> Duty:
    """The duty of a row that is seen."""
    found: Duty = Duty.objects.select_related("unit", "owner_department").get(pk=pk)
    return found


def extensions(actor: Actor | None, on: date) -> QuerySet[Extension]:
    """Requests for more time asked by a day."""
    return Extension.objects.visible_to(actor).filter(asked_on__lte=on).annotate(unit_name=short_name("unit"))


def suspensions(actor: Actor | None, on: date) -> QuerySet[Suspension]:
    """Suspensions asked by a day."""
    return Suspension.objects.visible_to(actor).filter(asked_on__lte=on).annotate(unit_name=short_name("unit"))


def of_task(actor: Actor, task: int, on: date) -> Sequence[Slip]:
    """The slips of the duties of a task that the actor sees, the latest first; one that was overtaken is left to its own page."""
    rows = Slip.objects.visible_to(actor).filter(duty__subject_type="plans.plantask", duty__subject_id=task, on__lte=on)
    rows = rows.filter(colour__in=COLOURED).exclude(state=Slip.State.FOLLOWED)
    return list(rows.select_related("unit").order_by("-on", "-id"))


def requests_of(duty: Duty) -> dict[str, list[Any]]:
    """What was asked and decided of a matter."""
    found: dict[str, list[Any]] = defaultdict(list)
    name = matter_of(duty)
    found["extensions"] = list(Extension.objects.filter(matter=name).select_related("asked_by", "decided_by"))
    found["suspensions"] = list(Suspension.objects.filter(matter=name).select_related("asked_by", "decided_by"))
    found["important"] = list(Importance.objects.filter(matter=name).select_related("set_by"))
    return found


def late_matters(actor: Actor, on: date) -> list[dict[str, Any]]:
    """The overdue matters, those due first before others: what, whose, since when."""
    rows = matters(actor, on).filter(late_on(on)).order_by("due", "pk")
    return list(rows.values("uid", "title", "kind", "due", "unit_id", "unit_name"))


def marked_important(on: date) -> Q:
    """Matters that are important ones on a day, found from those that were marked."""
    return Q(pk__in=Importance.objects.filter(important_on(on), duty__isnull=False).values("duty"))


def marked_suspended(on: date) -> Q:
    """Matters whose escalation rests on a day, found from the suspensions."""
    return Q(pk__in=Suspension.objects.filter(suspended_on(on), duty__isnull=False).values("duty"))


def due_by_day(actor: Actor, on: date, until: date) -> dict[date, int]:
    """How many open matters fall due on each day of a span that has any."""
    rows = matters(actor, on).filter(open_on(on), due__gte=on, due__lte=until).order_by()
    return {row["due"]: row["all"] for row in rows.values("due").annotate(all=Count("pk"))}
