"""Yards of solid waste: every one on the ledger patrolled in each quarter that has ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.enterprises.models import FacilityRecord, FacilityVersion
from soildesk.kit.measures import MeasureResult, measure
from soildesk.monitoring.measuring import TASK, Asked, Counted
from soilrules.indicators.shares import share

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

YARD = "solid_waste_store"
"""A kind of facility of soilrules.enterprises.inspection."""
NO_YARD = gettext_noop("没有登记过固体废物堆存场所：没有登记不等于没有，不能判断。")
NONE_ENDED = gettext_noop("%(year)d 年还没有结束的季度，不适用。")
PATROLLED = gettext_noop(
    "台账中的 %(all)d 处堆存场所，%(good)d 处在册期间已结束的每个季度都有巡查记录（%(percent)s%%）。"
)


@measure(
    "enterprises.yards_patrolled",
    title=_("固体废物堆存场所每季度巡查"),
    reads=("enterprises.facilityversion", "enterprises.facilityrecord"),
    words=("固体废物堆存场所", "堆存场所台账", "堆存场所巡查", "工业固体废物堆存场所"),
    subjects=(TASK,),
)
def yards_patrolled(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every yard that stands was patrolled in every quarter of the year that ended while it stood."""
    asked = Asked.of(actor, subject, on, known_on)
    if answer := asked.stopped():
        return answer
    rows = FacilityVersion.objects.visible_to(actor).standing(asked.limit, asked.known).filter(
        kind=YARD, division_path__startswith=asked.division.path
    )  # fmt: skip
    yards = list(rows.select_related("facility").order_by("facility__number"))
    first = _first_days([one.facility_id for one in yards])
    if not any(day.year <= asked.year for day in first.values()):
        return asked.cannot_say(NO_YARD)
    ended = [one for one in _quarters(asked.year) if one[1] <= asked.limit]
    counted = list(_counted(asked, yards, ended, first))
    return asked.share(counted, share, PATROLLED) if counted else asked.not_applicable(NONE_ENDED, year=asked.year)


def _counted(
    asked: Asked, yards: Sequence[FacilityVersion], ended: Sequence[tuple[date, date]], first: Mapping[int, date]
) -> Iterator[Counted]:
    """Each yard against the quarters it stood in from their first day; one that is newer owes none yet."""
    seen = _patrols(asked, [one.facility_id for one in yards])
    for one in yards:
        owed = [quarter for quarter in ended if first[one.facility_id] <= quarter[0]]
        missed = [
            _t("第%(n)d季度") % {"n": (begin.month + 2) // 3}
            for begin, end in owed
            if not any(begin <= day < end for day in seen[one.facility_id])
        ]
        note = _t("没有巡查记录：%(quarters)s") % {"quarters": "、".join(missed)} if missed else ""
        if owed:
            name = f"{one.facility.number} {one.name}"
            uid = str(one.facility.uid)
            yield Counted("enterprises.facility", uid, name, not missed, note, silent=not seen[one.facility_id])


def _quarters(year: int) -> list[tuple[date, date]]:
    """The quarters of a year, each to the day after its end."""
    edges = [date(year, month, 1) for month in (1, 4, 7, 10)] + [date(year + 1, 1, 1)]
    return list(zip(edges[:-1], edges[1:], strict=True))


def _patrols(asked: Asked, facilities: list[int]) -> dict[int, list[date]]:
    found: dict[int, list[date]] = defaultdict(list)
    rows = FacilityRecord.objects.visible_to(asked.actor).filter(
        facility__in=facilities, kind=FacilityRecord.Kind.PATROL, on__lte=asked.limit, recorded_at__lt=asked.known
    )
    for facility, day in rows.values_list("facility_id", "on"):
        found[facility].append(day)
    return found


def _first_days(facilities: list[int]) -> dict[int, date]:
    """The day each yard came onto the ledger."""
    rows = FacilityVersion.objects.filter(facility__in=facilities, superseded_at=None).order_by("-since")
    return dict(rows.values_list("facility_id", "since"))
