"""A person's answer to a printed name the desk could not place alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.models import Department
from soildesk.core.permissions import Actor, require
from soildesk.plans.models import Plan, TaskUnit, UnitAnswer
from soildesk.plans.queries.reading import OPEN_MATCHES, departments_day, open_units
from soildesk.plans.refusals import NotInReview, WrongValue
from soildesk.plans.services.holding import hold
from soildesk.plans.services.publishing import fan_out_again
from soildesk.plans.services.units import UnitPlacer

CURRENT = frozenset({Plan.Stage.REVIEW, Plan.Stage.PUBLISHED})
"""Plans that an answer still changes."""


def answer_unit(plan: Plan, printed: str, chosen: Iterable[Department], *, by: Actor, at: datetime) -> int:
    """Say once which departments `printed` means here; the division's plans under review and at work take it.

    Tasks of a plan at work go out to the units at once, with their terms; what is history stays as it was.
    Returns how many rows changed.
    """
    require(by, "plans.review", plan)
    chosen = list(chosen)
    with transaction.atomic():
        if hold(plan).stage not in CURRENT:
            raise NotInReview(plan)
        if not TaskUnit.objects.filter(task__plan=plan, name=printed).exists():
            raise WrongValue(_("方案中没有“%(name)s”这个单位名称。请从列表中选择。") % {"name": printed})
        answer, _created = UnitAnswer.objects.update_or_create(
            division=plan.division, printed=printed, defaults={"answered_by": by.person, "answered_at": at}
        )
        answer.departments.set(chosen)
        one = chosen[0] if len(chosen) == 1 else None
        match = TaskUnit.Match.CONFIRMED if one else TaskUnit.Match.GROUP if chosen else TaskUnit.Match.NONE
        rows = TaskUnit.objects.filter(task__plan__division=plan.division, task__plan__stage__in=CURRENT, name=printed)
        changed = rows.update(department=one, match=match, match_note="")
        _send_out(rows, by=by)
        audit.record(
            "plans.unit.answered",
            subject=plan,
            by=by,
            at=at,
            data={"printed": printed, "departments": [str(d.uid) for d in chosen], "rows": changed},
        )
    return changed


def _send_out(rows: QuerySet[TaskUnit], *, by: Actor) -> None:
    """Tasks of plans at work go to the units they were just found to mean."""
    for plan in Plan.objects.filter(pk__in=rows.values("task__plan"), stage=Plan.Stage.PUBLISHED):
        fan_out_again(plan, rows.filter(task__plan=plan).values_list("task_id", flat=True), by=by, day=by.today)


def found_since(plan: Plan) -> list[TaskUnit]:
    """Open rows whose printed name the desk can place by now: the unit was registered, or was given another name, since.

    Placed, not saved.
    """
    placer, found = UnitPlacer(plan.division, departments_day(plan)), []
    for row in open_units(plan):
        placer.place(row)
        if row.match not in OPEN_MATCHES:
            found.append(row)
    return found


def place_again(plan: Plan, *, by: Actor, at: datetime) -> int:
    """Place the names that can be placed by now; tasks of a plan at work go out. Returns how many names."""
    require(by, "plans.review", plan)
    with transaction.atomic():
        if hold(plan).stage not in CURRENT:
            raise NotInReview(plan)
        rows = found_since(plan)
        TaskUnit.objects.bulk_update(rows, ["department", "match", "match_note"], batch_size=500)
        names = sorted({row.name for row in rows})
        if names:
            _send_out(TaskUnit.objects.filter(pk__in=[row.pk for row in rows]), by=by)
            audit.record("plans.units.placed", subject=plan, by=by, at=at, data={"names": names, "rows": len(rows)})
    return len(names)
