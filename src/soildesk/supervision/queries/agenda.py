"""What a meeting could speak of: matters that are open now, each with its record; the office chooses and adds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.models import Department, Division
from soildesk.core.permissions import Actor
from soildesk.oversight.queries import problems
from soildesk.plans.addresses import task_address
from soildesk.plans.queries import lookup, orders
from soildesk.plans.queries.statuses import statuses
from soildesk.supervision.models import AgendaItem, DispatchRound, Extension, Meeting, Slip
from soildesk.supervision.queries import meetings, rounds, seen

Kind = AgendaItem.Kind
MOST = 10
"""Matters proposed of one kind; the rest stands in its register."""


@dataclass(frozen=True, slots=True)
class Point:
    """One open matter."""

    kind: AgendaItem.Kind
    text: str
    unit: Department | None
    why: str
    url: str
    key: str


def proposed(actor: Actor, meeting: Meeting, place: Division, on: date) -> list[Point]:
    """Open matters of a place, in the order in which a meeting would take them."""
    return [
        *_decisions(actor, meeting, on),
        *_red(actor, place, on),
        *_contradicting(actor, place, on),
        *_refused(actor, place, on),
        *_problems(actor, place, on),
        *_rounds(actor, place, on),
    ]


def _record(collection: str, row: object) -> str:
    return reverse("kit:record", args=[collection, str(row.uid)])  # type: ignore[attr-defined]


def _decisions(actor: Actor, meeting: Meeting, on: date) -> Iterator[Point]:
    """What earlier meetings decided and is not done."""
    earlier = meetings.before(actor, meeting, on)
    units = orders.speakers([task.uid for one in earlier for task in one.tasks if not task.done])
    for one in earlier:
        for task in one.tasks:
            if not task.done:
                why = _("%(meeting)s议定，%(units)s") % {"meeting": one.meeting.title, "units": task.units}
                yield Point(Kind.DECISION, task.text, units.get(task.uid), why, task.url, f"decision:{task.url}")


def _red(actor: Actor, place: Division, on: date) -> Iterator[Point]:
    """Red slips whose matter is not done, each matter once."""
    rows = seen.slips(actor, on).filter(division_path__startswith=place.path, colour=Slip.Colour.RED)
    rows = rows.filter(duty__isnull=False, duty__done_on=None).exclude(state=Slip.State.OVER)
    found: dict[str, Slip] = {}
    for slip in rows.select_related("unit").order_by("-on", "-id"):
        found.setdefault(slip.matter, slip)
    for slip in sorted(found.values(), key=lambda one: (one.due, one.pk))[:MOST]:
        yield Point(Kind.RED, slip.title, slip.unit, slip.why, _record("slips", slip), f"slip:{slip.matter}")


def _contradicting(actor: Actor, place: Division, on: date) -> Iterator[Point]:
    """Tasks on which the units say one thing and the records another."""
    plans = [one for one in lookup.visible_plans(actor) if one.division_id == place.pk and one.owes_on(on)]
    found = [one for plan in plans for one in statuses(actor, on, on, plan) if one.disagrees][:MOST]
    units = orders.speakers([str(one.task.uid) for one in found])
    for one in found:
        deciding = one.checked.deciding
        why = str(deciding.result.reason) if deciding else ""
        url = task_address(one.task.uid, on)
        yield Point(Kind.CONFLICT, one.task.heading, units.get(str(one.task.uid)), why, url, f"task:{one.task.uid}")


def _refused(actor: Actor, place: Division, on: date) -> Iterator[Point]:
    """Requests for more time that were refused, while the matter is open."""
    rows = seen.extensions(actor, on).filter(division_path__startswith=place.path, state=Extension.State.REFUSED)
    rows = rows.filter(duty__isnull=False, duty__done_on=None).select_related("unit").order_by("due_before", "id")
    for one in rows[:MOST]:
        why = _("申请延至 %(wanted)s，未同意：%(why)s") % {"wanted": one.due_wanted, "why": one.decision}
        yield Point(Kind.EXTENSION, one.title, one.unit, why, _record("extensions", one), f"extension:{one.uid}")


def _problems(actor: Actor, place: Division, on: date) -> Iterator[Point]:
    """Problems past their term."""
    rows = problems.problems(actor, on).filter(problems.late_on(on), division_path__startswith=place.path)
    for one in rows.select_related("unit").order_by("due", "pk")[:MOST]:
        why = _("整改时限 %(due)s") % {"due": one.due}
        yield Point(Kind.PROBLEM, str(one.fact)[:300], one.unit, why, _record("problems", one), f"problem:{one.uid}")


def _rounds(actor: Actor, place: Division, on: date) -> Iterator[Point]:
    """Sheets of the last round of 调度 that are missing, and what units ask to have settled."""
    rows = rounds.rounds(actor, on).filter(division_path__startswith=place.path).order_by("-first", "-pk")
    for one in rows[:1]:
        yield from _of_round(actor, one, on)


def _of_round(actor: Actor, one: DispatchRound, on: date) -> Iterator[Point]:
    url = reverse("kit:record", args=["rounds", str(one.uid)])
    for line in rounds.board(one, on, actor):
        unit = line.said.sheet.unit
        if not line.said.signed and line.late:
            why = _("%(round)s 填报时限 %(due)s，没有签报") % {"round": one.number, "due": line.due}
            yield Point(
                Kind.ROUND, _("%(unit)s没有填报调度") % {"unit": unit}, unit, why, url, f"sheet:{line.said.sheet.uid}"
            )
        elif line.helps:
            text = line.said.words["help"].strip()[:300]
            yield Point(Kind.COORDINATION, text, unit, one.number, url, f"help:{line.said.sheet.uid}")  # fmt: skip
