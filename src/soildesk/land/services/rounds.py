"""The duty to go and look: one open patrol for each piece of unused land, due a period after the last one.

The plans ask for patrols 定期; how often is the office's own choice on each piece. Six months is a default from
knowledge, not from a text, and says so where it is shown.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from django.utils.translation import gettext as _

from soildesk.core import duties
from soildesk.core.duties import DutySpec, Life
from soildesk.core.models import Duty
from soildesk.core.permissions import Actor
from soildesk.land.models import Patrol, UnusedLand, UnusedLandVersion

DEFAULT_MONTHS = 6


def owing(version: UnusedLandVersion) -> UnusedLand:
    """The land as the subject of its duties, with the place it has now."""
    land = version.land
    land.division_path, land.owner_department_id = version.division_path, version.owner_department_id
    return land


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day: 31 August and six months is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_due(version: UnusedLandVersion) -> date:
    """The day by which the next patrol is owed: a period after the last one, or after the land was registered."""
    last = Patrol.objects.filter(land=version.land_id).order_by("-on").values_list("on", flat=True).first()
    first = version.land.versions.order_by("since").values_list("since", flat=True).first()
    return months_after(last or first or version.since, version.patrol_every_months)


def owe_next(version: UnusedLandVersion, *, by: Actor) -> None:
    """Make the open patrol of a piece of land the one owed now; land that has ended owes none."""
    if version.until is not None:
        return
    land, due = owing(version), next_due(version)
    spec = DutySpec(
        kind=Duty.Kind.PATROL,
        title=_("巡查未利用地：%(name)s（%(number)s）") % {"name": version.name, "number": land.number},
        unit=version.keeper,
        basis=_("方案要求对未利用地定期开展巡查；本地块每 %(months)d 个月一次")
        % {"months": version.patrol_every_months},
        period=f"{due:%Y-%m-%d}",
        due=due,
    )
    duties.replace_for(land, [spec], by=by, life=Life(version.since))


def keep(version: UnusedLandVersion, patrol: Patrol, *, by: Actor) -> None:
    """A patrol was made: what was owed is done, the next one is owed. One of an earlier day fulfils nothing anew."""
    land = owing(version)
    later = land.patrols.exclude(pk=patrol.pk).filter(on__gte=patrol.on).exists()
    for duty in Duty.objects.for_subject(land).filter(done_on__isnull=True):
        if not later:
            duties.done(duty, on=patrol.on, by=by, evidence=[{"type": "land.patrol", "uid": str(patrol.uid)}])
    owe_next(version, by=by)


def stop(version: UnusedLandVersion, on: date, *, by: Actor) -> None:
    """Nothing is owed from the day the land has ended."""
    duties.set_life(UnusedLand.objects.filter(pk=version.land_id), Life(version.since, on), by=by)
