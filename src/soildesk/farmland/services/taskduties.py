"""What is owed on tasks of area: the unit in charge owes it by its day, and it is done on the day measures reach the area.

Part of other acts; whether a task is late is said by `soilrules.deadlines.state` alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from soildesk.core import clock, duties
from soildesk.core.calendar import working_calendar
from soildesk.core.duties import DutySpec, Life, Standing
from soildesk.core.models import Duty
from soildesk.core.permissions import Actor, system_actor
from soildesk.farmland.models import AreaTask, UnitMeasure
from soildesk.farmland.mu import to_mu
from soildesk.farmland.queries import progress
from soildesk.farmland.queries.progress import Progress
from soildesk.farmland.queries.then import Then
from soilrules import deadlines
from soilrules.deadlines import State
from soilrules.deadlines.state import Due

YEAR = timedelta(days=366)


def fit(tasks: Iterable[AreaTask], *, by: Actor) -> int:
    """Make the duties of some tasks fit what is done of them; returns how many rows were written."""
    return duties.fit([(one, _standing(one, by.today)) for one in tasks], by=by)


def fit_of(measures: Iterable[UnitMeasure], *, by: Actor) -> int:
    """The same for the tasks some measures may count for."""
    wanted = {(one.year, one.division_path) for one in measures}
    tasks = AreaTask.objects.filter(superseded_at=None, year__in={year for year, _path in wanted}, due__isnull=False)
    found = [
        one
        for one in tasks.select_related("division", "unit_in_charge")
        if any(one.year == year and path.startswith(one.division.path) for year, path in wanted)
    ]
    return fit(found, by=by)


def keep_up() -> int:
    """What changes by itself: a class comes into force, a measure without its day is in place when its year is over."""
    by = system_actor("housekeeping")
    rows = AreaTask.objects.filter(superseded_at=None, due__gte=by.today - YEAR)
    return fit(rows.select_related("division", "unit_in_charge"), by=by)


def how(found: Sequence[Progress], on: date) -> dict[int, State]:
    """How tasks stand on a day, by the one function that says late; one without a day is done or not."""
    rows = Duty.objects.filter(
        subject_type=AreaTask._meta.label_lower, subject_id__in=[one.task.pk for one in found]
    )  # fmt: skip
    owed, calendar = {one.subject_id: one for one in rows}, working_calendar()
    return {
        one.task.pk: deadlines.state(
            owed.get(one.task.pk) or Due(one.task.due, on if one.done else None, issued_on=_given_on(one.task)), on, calendar
        )
        for one in found
    }  # fmt: skip


def _standing(task: AreaTask, today: date) -> Sequence[Standing]:
    if task.superseded_at is not None or task.due is None:
        return []
    title = _("%(kind)s任务 %(area)s 亩：%(place)s（%(year)d 年）") % {
        "kind": task.get_kind_display(),
        "area": to_mu(task.area_m2),
        "place": task.division.name,
        "year": task.year,
    }
    given = _given_on(task)
    spec = DutySpec(
        Duty.Kind.FARM_TASK, title[:300], task.unit_in_charge, basis=task.document, period=str(task.year), due=task.due,
        issued_on=given,
    )  # fmt: skip
    return [Standing(spec, Life(given), _done_on(task, today))]


def _given_on(task: AreaTask) -> date:
    return clock.local_day(task.recorded_at)


def _done_on(task: AreaTask, today: date) -> date | None:
    """The first day on which measures covered the area; None while they do not."""

    def done(day: date) -> bool:
        (found,) = progress.with_progress([task], Then(task.year, day))
        return found.done

    if not done(today):
        return None
    days = sorted(_days(task, today))
    return days[bisect_left(days, True, key=done)] if days and done(days[-1]) else today


def _days(task: AreaTask, today: date) -> set[date]:
    """The days on which what is done of a task may have grown."""
    rows = UnitMeasure.objects.filter(
        superseded_at=None, year=task.year, division_path__startswith=task.division.path
    )  # fmt: skip
    told = {
        finished or clock.local_day(recorded) for finished, recorded in rows.values_list("finished_on", "recorded_at")
    }
    return {day for day in {*told, date(task.year, 12, 31)} if day <= today}
