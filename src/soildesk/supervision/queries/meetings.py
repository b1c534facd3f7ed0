"""Reads of joint meetings: the list, one of them, what is done of the decisions of the last ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from soildesk.core.models import Department, DepartmentAlias
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor
from soildesk.monitoring.queries.network import short_name
from soildesk.plans.queries import orders
from soildesk.plans.queries.orders import OrderTask
from soildesk.plans.queries.states import end_of
from soildesk.supervision.models import AgendaItem, Meeting, MeetingUnit
from soilrules.supervision import minutes

LAST = 3
"""How many earlier meetings a meeting's page looks back on."""


def meetings(actor: Actor | None, on: date) -> QuerySet[Meeting]:
    """Meetings, with how many units are invited."""
    rows = Meeting.objects.visible_to(actor).filter(made_at__lt=end_of(on))
    return rows.annotate(
        office=short_name("owner_department"),
        invited=Count("units", distinct=True),
        points=Count("agenda", distinct=True),
    )


def meeting_of(actor: Actor, uid: UUID) -> Meeting | None:
    """One meeting the actor sees."""
    rows = Meeting.objects.visible_to(actor).select_related(
        "owner_department__division", "plan", "made_by", "called_by", "minutes_by"
    )
    return rows.filter(uid=uid).first()


def agenda_of(meeting: Meeting) -> list[AgendaItem]:
    """Its agenda in order."""
    return list(meeting.agenda.select_related("unit"))


def invited(meeting: Meeting) -> list[MeetingUnit]:
    """Who is invited."""
    return list(meeting.units.select_related("department"))


def uninvited(meeting: Meeting) -> list[Department]:
    """Units a matter of the agenda is of, that are not invited; the office itself is there anyway."""
    rows = Department.objects.filter(pk__in=meeting.agenda.values("unit"))
    invited = meeting.units.values("department")
    return list(rows.exclude(pk__in=invited).exclude(pk=meeting.owner_department_id).order_by("division__path", "id"))


@dataclass(frozen=True, slots=True)
class Decided:
    """One meeting with its decisions as they stand."""

    meeting: Meeting
    tasks: Sequence[OrderTask]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(one.done for one in self.tasks)


def decided(actor: Actor, meetings: Iterable[Meeting], on: date) -> list[Decided]:
    """The decisions of some meetings as they stand on a day; a few queries for all."""
    rows = [one for one in meetings if one.plan_id is not None]
    tasks = orders.tasks_of(actor, [one.plan_id for one in rows], on)
    return [Decided(one, [task for task in tasks if task.plan_id == one.plan_id]) for one in rows]


def before(actor: Actor, meeting: Meeting, on: date) -> list[Decided]:
    """The decisions of the last meetings of the same office."""
    rows = Meeting.objects.visible_to(actor).filter(owner_department=meeting.owner_department, state=Meeting.State.HELD)
    rows = rows.filter(Q(on__lt=meeting.on) | Q(on=meeting.on, pk__lt=meeting.pk)).select_related("plan")
    return decided(actor, rows.order_by("-on", "-pk")[:LAST], on)


def unread(meeting: Meeting) -> list[str]:
    """Numbered sentences of the minutes of which no decision was made, since they name no unit of the place."""
    if meeting.held_on is None or not meeting.minutes_text:
        return []
    return minutes.unread(meeting.minutes_text, names(meeting, meeting.held_on), meeting.held_on.year)


def names(meeting: Meeting, on: date) -> set[str]:
    """Everything units of the place go by: what the reader of minutes looks for."""
    place = meeting.division_path
    rows = Department.objects.filter(valid_on(on), division__path__startswith=place)
    found = {name for pair in rows.values_list("name", "short_name") for name in pair if name}
    found |= set(rows.filter(kind=Department.Kind.TOWN).values_list("division__name", flat=True))
    aliases = DepartmentAlias.objects.filter(department__in=rows.values("pk"))
    return found | set(aliases.values_list("name", flat=True))
