"""Acts on tasks of area given to towns and villages; how far they are is counted, never told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.models import Department, Division
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import AreaTask
from soildesk.farmland.mu import ROUNDING_M2, to_mu
from soildesk.farmland.queries.progress import area_open_to
from soildesk.farmland.refusals import UseRefused
from soildesk.farmland.services import keeping, offices, taskduties
from soildesk.farmland.services.keeping import Subject
from soildesk.farmland.services.offices import Line
from soildesk.land.services.writing import place_at

GIVE = "farmland.give_tasks"
TASKS = Subject(AreaTask, GIVE, "farmland.areatask", lambda row, by: taskduties.fit([row], by=by))


@dataclass(frozen=True, slots=True)
class Given:
    """A task as it is given; `stands_in`: the paper by which another office gives it."""

    year: int
    kind: str
    division: Division
    unit_in_charge: Department
    area_m2: Decimal
    due: date | None = None
    document: str = ""
    note: str = ""
    stands_in: str = ""
    batch: Any = None


@transaction.atomic
def give(said: Given, *, by: Actor, at: datetime) -> AreaTask:
    """A task of area for a town or village."""
    acting = check(said, by=by)
    facts = {name: getattr(said, name) for name in said.__slots__ if name != "stands_in"}
    if acting.stands_in:
        facts["note"] = _("代办依据：%(paper)s。%(note)s") % {"paper": acting.stands_in, "note": said.note}
    row = keeping.insert(AreaTask, facts, place_at(said.division.path, by), by=by, at=at)
    taskduties.fit([row], by=by)
    data = {"year": row.year, "kind": row.kind, "division": said.division.code, "area_m2": row.area_m2, **acting.told}
    audit.record("farmland.areatask.given", subject=row, by=by, at=at, data=data)
    return row


def check(said: Given, *, by: Actor) -> offices.Acting:
    """The office that gives it; refused where it cannot be given so, or asks for more ground than there is."""
    require(by, GIVE, said.division)
    if said.kind not in AreaTask.Kind.values:
        raise UseRefused(_("没有“%(kind)s”这类任务。") % {"kind": said.kind}, code="farmland.use.kind")
    if not 2016 <= said.year <= by.today.year + 1:
        raise UseRefused(
            _("年度 %(year)s 不对：请填写今年、明年或以前的年度。") % {"year": said.year}, code="farmland.use.year"
        )
    if said.area_m2 <= 0:
        raise UseRefused(_("任务面积应大于零。"), code="farmland.use.area")
    if said.due is not None and said.due.year < said.year:
        raise UseRefused(
            _("时限 %(due)s 早于任务年度 %(year)s：请核对时限或者年度。") % {"due": said.due, "year": said.year},
            code="farmland.use.days",
        )
    there = area_open_to(said.kind, said.division.path, min(by.today, date(said.year, 12, 31)))
    if said.area_m2 > there + ROUNDING_M2:
        raise UseRefused(
            _("任务面积 %(area)s 亩超过%(place)s这类耕地的全部面积 %(there)s 亩：请核对。")
            % {"area": to_mu(said.area_m2), "place": said.division.name, "there": to_mu(there)},
            code="farmland.use.area",
        )
    same = AreaTask.objects.filter(superseded_at=None, year=said.year, kind=said.kind, division=said.division)
    if same.exists():
        raise UseRefused(
            _("%(place)s %(year)d 年已有这类任务：需要调整的，先撤销原任务。")
            % {"place": said.division.name, "year": said.year},
            code="farmland.use.twice",
        )
    line = Line.FORESTRY if said.kind == AreaTask.Kind.GARDEN else Line.FARMING
    return offices.acting(by, line, said.division.path, said.stands_in)
