"""Acts on visits: write one down with photographs and the problems found, correct one with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry import Point

from soildesk.core import audit, files
from soildesk.core.permissions import Actor, require
from soildesk.land.refusals import UnusedRefused
from soildesk.land.services.patrols import Photo, check_photos
from soildesk.land.services.writing import Place, number_for, place_at, refuse_future
from soildesk.land.shapes import CHINA
from soildesk.oversight.models import InspectionPlan, Problem, Visit
from soildesk.oversight.refusals import VisitRefused
from soildesk.oversight.services import problems

VISIT = "oversight.visit"
PHOTO = "photo"
Found = Visit.Found


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen on a visit, and by whom."""

    on: date
    inspectors: str
    found: str
    note: str = ""
    point: Point | None = None
    photos: Sequence[Photo] = ()


@dataclass(frozen=True, slots=True)
class FoundProblem:
    """One problem found on a visit."""

    fact: str
    requirement: str = ""
    due: date | None = None
    violation: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """Which firm was visited, and for which plan."""

    firm: Any  # its version of today
    plan: InspectionPlan | None = None

    def place(self, by: Actor) -> Place:
        """The firm's place."""
        return place_at(self.firm.division_path, by)


@transaction.atomic
def record(where: Where, seen: Seen, found: Sequence[FoundProblem], *, by: Actor, at: datetime) -> Visit:
    """Write a visit down; what was found goes on the list of problems."""
    require(by, VISIT, where.firm)
    found = [one for one in found if one.fact.strip()]
    _check(seen, by, found=len(found))
    plan = _plan(where)
    place = where.place(by)
    visit = _write(Visit(enterprise=where.firm.enterprise, plan=plan, **place.columns), seen, by, at)
    visit.number = number_for(place.department, "XC", seen.on.year)
    visit.save(force_insert=True)
    _attach(visit, seen, by, at)
    _list(visit, found, place, by=by, at=at)
    data = {"number": visit.number, "found": visit.found, "photos": len(seen.photos), "problems": len(found)}
    audit.record("oversight.visit.recorded", subject=visit, by=by, at=at, data=data)
    return visit


@transaction.atomic
def correct(visit: Visit, seen: Seen, why: str, *, by: Actor, at: datetime) -> Visit:
    """What was written wrongly told anew under the same number; the former row, its photographs and problems stay."""
    require(by, VISIT, visit)
    held = Visit.objects.select_for_update().get(pk=visit.pk)
    if held.superseded_at is not None:
        raise VisitRefused(_("这条检查记录已经更正过：请更正最新的一条。"), code="oversight.visit.superseded")
    if not why.strip():
        raise VisitRefused(_("更正请写明原因。"), code="oversight.visit.missing")
    listed = Problem.objects.filter(origin__startswith=f"oversight.visit:{held.number}:").count()
    _check(seen, by, found=listed)
    held.superseded_at = at
    held.save(update_fields=["superseded_at"])
    new = Visit(
        enterprise_id=held.enterprise_id, plan_id=held.plan_id, number=held.number, division_path=held.division_path,
        owner_department_id=held.owner_department_id, reason=why.strip()[:300],
    )  # fmt: skip
    new = _write(new, seen, by, at)
    new.save(force_insert=True)
    _attach(new, seen, by, at)
    audit.record(
        "oversight.visit.corrected", subject=new, by=by, at=at, data={"number": new.number, "found": new.found}
    )
    return new


def _write(visit: Visit, seen: Seen, by: Actor, at: datetime) -> Visit:
    visit.on, visit.found, visit.point = seen.on, seen.found, seen.point
    visit.inspectors, visit.note = seen.inspectors.strip()[:200], seen.note.strip()[:2000]
    visit.recorded_at, visit.recorded_by = at, by.person
    return visit


def _attach(visit: Visit, seen: Seen, by: Actor, at: datetime) -> None:
    for photo in seen.photos:
        files.attach(visit, data=photo.data, name=photo.name, kind=PHOTO, by=by, at=at, note=photo.towards)


def _list(visit: Visit, found: Sequence[FoundProblem], place: Place, *, by: Actor, at: datetime) -> None:
    """Each thing found is one problem, named by the visit and its place in it."""
    for number, one in enumerate(found, start=1):
        facts = {
            "source": Problem.Source.VISIT, "origin": f"oversight.visit:{visit.number}:{number}", "document": visit.number,
            "found_on": visit.on, "fact": one.fact, "requirement": one.requirement, "due": one.due,
            "violation": one.violation, "enterprise": visit.enterprise, "geometry": visit.point,
        }  # fmt: skip
        problems.record(facts, place, by=by, at=at)


def _plan(where: Where) -> InspectionPlan | None:
    """The plan, if it is at work and the firm was drawn."""
    plan = where.plan
    if plan is None:
        return None
    if plan.state == InspectionPlan.State.CLOSED:
        raise VisitRefused(_("检查计划 %(number)s 已经结束。") % {"number": plan.number}, code="oversight.visit.plan")
    if not plan.drawings.filter(enterprise=where.firm.enterprise, drawn=True).exists():
        raise VisitRefused(
            _("%(firm)s 没有被 %(number)s 抽中：请不选计划，作为日常检查登记。")
            % {"firm": where.firm.name, "number": plan.number},
            code="oversight.visit.plan",
        )
    return plan


def _check(seen: Seen, by: Actor, *, found: int) -> None:
    refuse_future(seen.on, by, VisitRefused, "oversight.visit.future")
    if not seen.inspectors.strip():
        raise VisitRefused(_("请填写检查人员（两人以上）。"), code="oversight.visit.missing")
    if seen.found not in Found.values:
        raise VisitRefused(_("请选择检查结果。"), code="oversight.visit.found")
    if seen.found == Found.PROBLEMS and not found:
        raise VisitRefused(_("结果是“发现问题”，但没有写问题：请至少写一条。"), code="oversight.visit.problems")
    if seen.found != Found.PROBLEMS and found:
        raise VisitRefused(
            _("写了 %(n)d 个问题，结果却不是“发现问题”：请核对。") % {"n": found}, code="oversight.visit.problems"
        )
    if seen.found == Found.NOT_MET and not seen.note.strip():
        raise VisitRefused(_("未能检查的，请写明原因。"), code="oversight.visit.missing")
    if seen.point is not None and not CHINA.contains(seen.point):
        raise VisitRefused(
            _("位置（%(x).4f，%(y).4f）不在我国境内：请检查定位，或不填位置。")
            % {"x": seen.point.x, "y": seen.point.y},
            code="oversight.visit.point",
        )
    try:
        check_photos(seen.photos)
    except UnusedRefused as refusal:
        raise VisitRefused(str(refusal), code="oversight.visit.photos") from refusal
