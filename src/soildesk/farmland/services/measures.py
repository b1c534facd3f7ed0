"""Acts on measures carried out on polluted farmland: written down with evidence, given more evidence, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import shapely
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import FarmlandClass, Technique, UnitClass, UnitMeasure, UnitVersion, UsePlan
from soildesk.farmland.mu import ROUNDING_M2, to_mu
from soildesk.farmland.queries.covered import area_of
from soildesk.farmland.refusals import UseRefused
from soildesk.farmland.services import keeping, taskduties
from soildesk.farmland.services.keeping import Subject
from soildesk.farmland.usewords import class_word, measure_word
from soildesk.land.services.writing import place_at, refuse_future
from soildesk.land.shapes import area_m2, surface
from soilrules.farmland.measures import measures
from soilrules.farmland.rates import Placing, method_of

KEEP = "farmland.keep_measures"
MEASURES = Subject(UnitMeasure, KEEP, "farmland.measure", lambda row, by: taskduties.fit_of([row], by=by))
FIRST_YEAR = 2010
SLIVER = 0.01
"""Share of a drawn area that may lie outside its unit: lines drawn by hand."""


SAFE_OR_STRICT = (FarmlandClass.SAFE_USE, FarmlandClass.STRICT)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done on a unit in a year. Without an area it is that of the shape; without both the act is refused."""

    year: int
    kind: str
    area_m2: Decimal | None = None
    geometry: Any = None
    started_on: date | None = None
    finished_on: date | None = None
    evidence: str = ""
    evidence_name: str = ""
    cost_yuan: Decimal | None = None
    doer: str = ""
    crop: str = ""
    technique: Technique | None = None
    plan: UsePlan | None = None
    note: str = ""
    batch: Any = None


@transaction.atomic
def record(unit: UnitVersion, done: Done, *, by: Actor, at: datetime) -> UnitMeasure:
    """A measure on a unit, as it was carried out. Of a file, `after_file` follows once."""
    facts = check(unit, done, by=by)
    made = keeping.insert(UnitMeasure, facts, place_at(unit.division_path, by), by=by, at=at)
    if done.batch is None:
        taskduties.fit_of([made], by=by)
    data = {"unit": unit.unit.number, "year": made.year, "kind": made.kind, "area_m2": made.area_m2}
    audit.record("farmland.measure.recorded", subject=made, by=by, at=at, data=data)
    return made


def after_file(by: Actor, batch: Any) -> None:
    """The tasks the measures of a file count for: part of taking it in."""
    taskduties.fit_of(UnitMeasure.objects.filter(batch=batch).defer("geometry"), by=by)


def check(unit: UnitVersion, done: Done, *, by: Actor) -> dict[str, Any]:
    """The facts as they may be stored; refused where they cannot be so."""
    require(by, KEEP, unit)
    _check_words(done)
    _check_days(done, by)
    held = class_then(unit, done.year, by)
    if done.kind not in _kinds_of(classes_during(unit, done, by)):
        _check_class(unit, held, done.kind)
    shape = _ground(unit, done.geometry)
    area = _area(unit, held, done.area_m2, shape)
    _refuse_twice(unit, done, area)
    said = {name: getattr(done, name) for name in done.__slots__}
    return {**said, "unit": unit.unit, "area_m2": area, "geometry": shape, "doer": done.doer.strip()}


def class_then(unit: UnitVersion, year: int, by: Actor) -> UnitClass | None:
    """The class of the unit at the end of the year, or today in the running one."""
    day = min(date(year, 12, 31), by.today)
    return UnitClass.objects.standing(day).filter(unit=unit.unit_id).first()


def classes_during(unit: UnitVersion, done: Done, by: Actor) -> set[str]:
    """Every class the unit held while a measure was done, in the whole year where its days are not told."""
    first = done.started_on or done.finished_on or date(done.year, 1, 1)
    last = min(done.finished_on or date(done.year, 12, 31), by.today)
    held = UnitClass.objects.filter(unit=unit.unit_id, superseded_at=None, since__lte=last)
    rows = held.filter(Q(until__isnull=True) | Q(until__gt=first))
    return set(rows.values_list("farmland_class", flat=True))


def _kinds_of(classes: set[str]) -> set[str]:
    """The kinds of measures the form lists for some classes."""
    return {kind for kind, one in measures().items() if classes & set(one.classes)}


def _check_words(done: Done) -> None:
    if done.kind not in measures():
        raise UseRefused(_("没有“%(kind)s”这种措施：请在清单中选择。") % {"kind": done.kind}, code="farmland.use.kind")
    if bool(done.evidence) != bool(done.evidence_name.strip()):
        raise UseRefused(
            _("佐证类型和佐证名称要一起填写：没有佐证的都留空，登记后再上传。"), code="farmland.use.evidence"
        )
    if done.evidence and done.evidence not in UnitMeasure.Evidence.values:
        known = "、".join(str(label) for label in UnitMeasure.Evidence.labels)
        raise UseRefused(
            _("佐证类型“%(given)s”不对：请在%(known)s中选择。") % {"given": done.evidence, "known": known},
            code="farmland.use.evidence",
        )
    if done.cost_yuan is not None and done.cost_yuan < 0:
        raise UseRefused(_("费用 %(cost)s 元小于零：请核对。") % {"cost": done.cost_yuan}, code="farmland.use.area")


def check_year(year: int, by: Actor) -> None:
    """Measures are of years that began."""
    if not FIRST_YEAR <= year <= by.today.year:
        raise UseRefused(
            _("年度 %(year)s 不对：应在 %(first)d 至 %(last)d 之间，只登记已经实施的措施。")
            % {"year": year, "first": FIRST_YEAR, "last": by.today.year},
            code="farmland.use.year",
        )


def _check_days(done: Done, by: Actor) -> None:
    check_year(done.year, by)
    for day in filter(None, (done.started_on, done.finished_on)):
        refuse_future(day, by, UseRefused, "farmland.use.future")
    if done.started_on and done.finished_on and done.finished_on < done.started_on:
        raise UseRefused(
            _("到位日期 %(finished)s 早于开始日期 %(started)s：请核对。")
            % {"finished": done.finished_on, "started": done.started_on},
            code="farmland.use.days",
        )
    if done.finished_on and done.finished_on.year != done.year:
        raise UseRefused(
            _("到位日期 %(day)s 不在 %(year)d 年度：请核对年度，跨年的按到位的年度登记。")
            % {"day": done.finished_on, "year": done.year},
            code="farmland.use.days",
        )


def _check_class(unit: UnitVersion, held: UnitClass | None, kind: str) -> None:
    """A kind the form lists for another class would never count: it is asked back."""
    if held is None or FarmlandClass(held.farmland_class) == FarmlandClass.PRIORITY:
        return
    if held.farmland_class not in measures()[kind].classes:
        raise UseRefused(
            _("%(unit)s 当年是%(class)s，“%(kind)s”不是这一类的措施：请核对单元和措施。")
            % {"unit": unit.name, "class": class_word(held.farmland_class), "kind": measure_word(kind)},
            code="farmland.use.class",
        )


def _ground(unit: UnitVersion, given: Any) -> Any:
    if given is None:
        return None
    shape = surface(given)
    outside = area_m2(shapely.difference(shape, unit.geometry))
    if outside > SLIVER * area_m2(shape) and outside > float(ROUNDING_M2):
        raise UseRefused(
            _("措施范围有 %(mu)s 亩在 %(unit)s 之外：请核对坐标，或者按单元分别登记。")
            % {"mu": to_mu(outside), "unit": unit.name},
            code="farmland.use.ground",
        )
    return shape


def _area(unit: UnitVersion, held: UnitClass | None, given: Decimal | None, shape: Any) -> Decimal:
    """The area of the measure; it never exceeds its shape or its unit, but for the rounding of 亩."""
    drawn = Decimal(str(round(area_m2(shape), 2))) if shape is not None else None
    area, whole = given if given is not None else drawn, area_of(unit, held)
    if area is None or area <= 0:
        raise UseRefused(_("没有措施面积：请填写大于零的面积，或者画出范围。"), code="farmland.use.area")
    if drawn is not None and area > drawn * Decimal("1.01") + ROUNDING_M2:
        raise UseRefused(
            _("措施面积 %(area)s 亩比画出的范围 %(drawn)s 亩大：请核对。")
            % {"area": to_mu(area), "drawn": to_mu(drawn)},
            code="farmland.use.area",
        )
    if area > whole + ROUNDING_M2:
        raise UseRefused(
            _("措施面积 %(area)s 亩超过 %(unit)s 的面积 %(whole)s 亩：请核对，几个单元的分别登记。")
            % {"area": to_mu(area), "unit": unit.name, "whole": to_mu(whole)},
            code="farmland.use.area",
        )
    return min(area, whole).quantize(Decimal("0.01"))


def same_as(unit: UnitVersion, done: Done) -> dict[str, Any]:
    """What two measures that are one have in common beside their area."""
    said = {"unit": unit.unit_id, "year": done.year, "kind": done.kind}
    return {**said, "evidence_name": done.evidence_name.strip(), "finished_on": done.finished_on}


def _refuse_twice(unit: UnitVersion, done: Done, area: Decimal) -> None:
    same = UnitMeasure.objects.filter(superseded_at=None, area_m2=area, **same_as(unit, done))
    if done.geometry is None and same.exists():
        raise UseRefused(
            _("%(unit)s %(year)d 年的“%(kind)s”%(mu)s 亩已经登记过：不需要再登记；内容有误的，先撤销原记录。")
            % {"unit": unit.name, "year": done.year, "kind": measure_word(done.kind), "mu": to_mu(area)},
            code="farmland.use.twice",
        )


def worth_knowing(unit: UnitVersion, done: Done, by: Actor) -> list[str]:
    """What is not wrong, but should be known before a measure is written down."""
    told = _placed(unit, done.year, by)
    held = class_then(unit, done.year, by)
    if held and held.farmland_class in SAFE_OR_STRICT and done.kind not in _kinds_of({held.farmland_class}):
        told.append(
            _("单元从 %(day)s 起是%(class)s，“%(kind)s”是此前类别的措施：照实登记，不计入年末类别的安全利用率。")
            % {"day": held.since, "class": class_word(held.farmland_class), "kind": measure_word(done.kind)}
        )
    if not done.evidence:
        told.append(_("没有佐证：上传佐证之前不计入安全利用率。"))
    return told


def _placed(unit: UnitVersion, year: int, by: Actor) -> list[str]:
    """Why the rate of the year, by its method, would not count a measure on a unit."""
    try:
        method = method_of(year)
    except ValueError:
        return [_("%(year)s 年没有安全利用率的核算方法：措施不计入。") % {"year": year}]
    if method.by is Placing.POLLUTION:
        if not unit.pollution:
            return [_("该单元没有登记污染程度，这一年的安全利用率按它核算：措施不计入。")]
        clean = unit.pollution == UnitVersion.Pollution.NONE
        return [_("该单元未污染：措施不计入安全利用率。")] if clean else []
    held = class_then(unit, year, by)
    if held is None:
        return [_("该单元没有批准的类别：措施不计入安全利用率。")]
    priority = FarmlandClass(held.farmland_class) == FarmlandClass.PRIORITY
    return [_("该单元是优先保护类：措施不计入安全利用率。")] if priority else []


def as_done(facts: Mapping[str, Any]) -> Done:
    """The facts of a form or a row of a table; empty ones as if not given."""
    return Done(**{name: value for name, value in facts.items() if value not in (None, "")})
