"""Counts of what the departments of a place owe by a day, offered to reports too: the rows of the matters of supervision."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from soildesk.core.calendar import working_calendar
from soildesk.core.models import Duty
from soildesk.kit.measures import Proof
from soildesk.plans.wording import DUTY_STATES
from soildesk.reporting.queries.reading import Count, Figure, Reading, counted_by
from soildesk.supervision.queries import seen
from soilrules.deadlines import State, state

MATTER = "supervision.matters"
DONE = frozenset({State.DONE, State.DONE_LATE})


def _due(reading: Reading) -> list[tuple[Duty, State]]:
    """The matters of the place's own departments with a term in the period up to the day, each with how it stands.

    What was due before it was issued is nobody's fault and left out.
    """
    last = min(reading.period.last, reading.on)
    rows = seen.matters(reading.actor, reading.on).filter(
        unit__division=reading.place, due__range=(reading.period.first, last)
    )
    calendar = working_calendar()
    judged = [(row, state(row, reading.on, calendar)) for row in rows.order_by("due", "pk")]
    return [(row, how) for row, how in judged if how is not State.DUE_BEFORE_ISSUE]


def _add(count_id: str, title: str | Promise, wanted: Callable[[State], bool]) -> None:
    def run(reading: Reading) -> Figure:
        rows = tuple(_proof(row, how) for row, how in _due(reading) if wanted(how))
        return Figure(count_id, str(title), len(rows), _t("项"), rows=rows)

    counted_by(Count(count_id, title, run))


def _proof(row: Duty, how: State) -> Proof:
    note = _t("时限 %(due)s，%(state)s") % {"due": row.due, "state": DUTY_STATES[how][2]}
    return Proof(MATTER, str(row.uid), row.title, True, note, reverse("kit:record", args=["matters", str(row.uid)]))


_add("unit.duties_due", _("本级单位到期事项"), lambda how: True)
_add("unit.duties_done", _("本级单位到期已办结事项"), lambda how: how in DONE)
_add("unit.duties_late", _("本级单位逾期未办结事项"), lambda how: how is State.OVERDUE)
