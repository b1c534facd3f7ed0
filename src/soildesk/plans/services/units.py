"""Which department a printed unit is: certain ones by the desk, doubtful ones by a person, once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from soildesk.core import audit, departments, groups
from soildesk.core.models import Department, Division
from soildesk.core.permissions import Actor, require
from soildesk.plans.models import Plan, TaskUnit, UnitAnswer
from soildesk.plans.refusals import NotInReview, WrongValue
from soildesk.plans.services.holding import hold

CURRENT = frozenset({Plan.Stage.REVIEW, Plan.Stage.PUBLISHED})
"""Plans that an answer still changes."""
CERTAIN = frozenset({"exact", "alias", "short", "suffix"})


class UnitPlacer:
    """Places the printed names of one plan; each name is looked up once."""

    def __init__(self, division: Division, on: date) -> None:
        self._division = division
        self._on = on
        self._directory = departments.Directory(division, on)
        self._seen: dict[str, tuple[Department | None, str, str]] = {}
        self._answers = {
            answer.printed: list(answer.departments.all())
            for answer in UnitAnswer.objects.filter(division=division).prefetch_related("departments")
        }

    def place(self, row: TaskUnit) -> None:
        """Fill in department, match and note of `row` (not saved)."""
        if row.name not in self._seen:
            self._seen[row.name] = self._find(row.name)
        row.department, row.match, row.match_note = self._seen[row.name]

    def _find(self, name: str) -> tuple[Department | None, str, str]:
        if name in self._answers:
            known = self._answers[name]
            if len(known) == 1:
                return known[0], TaskUnit.Match.CONFIRMED, ""
            return None, TaskUnit.Match.GROUP, ""
        match = self._directory.match(name)
        if match.department and match.how in CERTAIN:
            return match.department, TaskUnit.Match.CERTAIN, match.note[:200]
        group = groups.expand_group(name, self._division, self._on)
        if group.departments and not group.needs_person:
            return None, TaskUnit.Match.GROUP, group.why[:200]
        if match.department or match.candidates or group.departments:
            return match.department, TaskUnit.Match.DOUBTFUL, (match.note or group.why)[:200]
        return None, TaskUnit.Match.NONE, match.note[:200]


def members_of(unit: TaskUnit, division: Division, on: date) -> list[Department]:
    """The departments a unit stands for: one, or the members of a group; none while a person is still to be asked."""
    if unit.department_id and unit.match in {TaskUnit.Match.CERTAIN, TaskUnit.Match.CONFIRMED}:
        return [unit.department]
    if unit.match != TaskUnit.Match.GROUP:
        return []
    answer = UnitAnswer.objects.filter(division=division, printed=unit.name).first()
    if answer:
        return list(answer.departments.all())
    return list(groups.expand_group(unit.name, division, on).departments)


def answer_unit(
    plan: Plan, printed: str, chosen: Iterable[Department], *, by: Actor, at: datetime
) -> int:
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
    from soildesk.plans.services.publishing import fan_out_again  # publishing asks this module who a unit is

    for plan in Plan.objects.filter(pk__in=rows.values("task__plan"), stage=Plan.Stage.PUBLISHED):
        fan_out_again(plan, rows.filter(task__plan=plan).values_list("task_id", flat=True), by=by, day=by.today)
