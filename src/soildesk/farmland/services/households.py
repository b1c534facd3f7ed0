"""Acts on households that till ground of a unit (落地到户): enter, correct, end, move to the unit their ground went to.

A household told wrongly is superseded with a reason. Towns keep them; names and numbers are personal data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.farmland.models import Household, Unit, UnitVersion
from soildesk.farmland.refusals import HouseholdRefused
from soildesk.land.services.writing import refuse_future

FACTS = ("head", "phone", "contract", "transferee", "area_m2", "since", "until", "note")
TEXTS = ("head", "phone", "contract", "transferee", "note")
SPARE = Decimal("1.01")
"""Areas on paper and areas computed differ by as much as one hundredth without a finding (soilrules.geodesy.measure)."""


@dataclass(frozen=True, slots=True)
class Tilling:
    """One of many households entered at once."""

    unit: Unit
    facts: Mapping[str, Any]


@transaction.atomic
def enter(unit: Unit, facts: Mapping[str, Any], *, by: Actor, at: datetime, batch: Any = None) -> Household:
    """A household that tills so much of a unit from a day on."""
    version, clean = check_new(unit, facts, by=by)
    made = _insert(version, clean, by, at, batch)
    data = {"unit": unit.number, "area_m2": made.area_m2, "since": made.since}
    audit.record("farmland.household.entered", subject=made, by=by, at=at, data=data)
    return made


def check_new(unit: Unit, facts: Mapping[str, Any], *, by: Actor) -> tuple[UnitVersion, dict[str, Any]]:
    """The ground and the facts as they may be stored; refused where the household may not be entered."""
    clean = cleaned(facts, by)
    version = ground_on(unit, clean["since"])
    require(by, "farmland.keep_households", version)
    _must_fit(version, [clean], _sum_of(_standing(unit, clean)))
    return version, clean


@transaction.atomic
def enter_many(rows: Sequence[Tilling], *, by: Actor, at: datetime) -> list[Household]:
    """Many households at once: all of them or none."""
    if not rows:
        return []
    grounds: dict[tuple[int, date], UnitVersion] = {}
    said: dict[tuple[int, date], list[dict[str, Any]]] = {}
    made: list[Household] = []
    versions = _versions([row.unit for row in rows])
    for row in rows:
        clean = cleaned(row.facts, by)
        key = (row.unit.pk, clean["since"])
        grounds[key] = _of_day(row.unit, versions.get(row.unit.pk, []), clean["since"])
        said.setdefault(key, []).append(clean)
        made.append(_row(grounds[key], clean, by, at))
    for place in {ground.division_path: ground for ground in grounds.values()}.values():
        require(by, "farmland.keep_households", place)
    tilled = _tilled_later([row.unit.pk for row in rows], min(since for _unit, since in said))
    for key, clean_rows in said.items():
        _must_fit(grounds[key], clean_rows, tilled.get(key[0], Decimal(0)))
        tilled[key[0]] = tilled.get(key[0], Decimal(0)) + _sum(clean_rows)
    Household.objects.bulk_create(made, batch_size=500)
    told = audit.bulk([[one.unit_id, one.area_m2, one.since] for one in made])
    audit.record("farmland.household.entered_many", subject="farmland.household", by=by, at=at, data=told)
    return made


@transaction.atomic
def correct(household: Household, changes: Mapping[str, Any], *, by: Actor, at: datetime, why: str) -> Household:
    """The household as it should have been told; what was told stays in the history with the reason."""
    held, version, clean = check_change(household, changes, by=by, why=why)
    _supersede(held, at, why)
    made = _insert(version, clean, by, at, held.batch)
    data = {"unit": held.unit.number, "facts": sorted(changes), "why": why.strip()[:300]}
    audit.record("farmland.household.corrected", subject=made, by=by, at=at, data=data)
    return made


def check_change(
    household: Household, changes: Mapping[str, Any], *, by: Actor, why: str
) -> tuple[Household, UnitVersion, dict[str, Any]]:
    """The household held, its ground and its facts as they may be stored; refused where they may not be changed."""
    held = _held(household, why)
    clean = cleaned({**{name: getattr(held, name) for name in FACTS}, **changes}, by)
    version = ground_on(held.unit, clean["since"])
    require(by, "farmland.keep_households", version)
    _must_fit(version, [clean], _sum_of(_standing(held.unit, clean).exclude(pk=held.pk)))
    return held, version, clean


@transaction.atomic
def end(household: Household, *, on: date, by: Actor, at: datetime, why: str) -> Household:
    """A household that tills the ground no more from a day on."""
    held = _held(household, why)
    require(by, "farmland.keep_households", ground_on(held.unit, held.since))
    made = _ended(held, on, by, at, why)
    audit.record("farmland.household.ended", subject=made, by=by, at=at, data={"unit": held.unit.number, "on": on})
    return made


@transaction.atomic
def move(household: Household, to: Unit, *, on: date, by: Actor, at: datetime, why: str) -> Household:
    """A household whose ground went to another unit by a change of units."""
    held = _held(household, why)
    version = ground_on(to, on)
    require(by, "farmland.keep_households", version)
    made = carry(held, version, on, Recording(by, at, why))
    data = {"from": held.unit.number, "to": to.number, "on": on}
    audit.record("farmland.household.moved", subject=made, by=by, at=at, data=data)
    return made


def carry(held: Household, version: UnitVersion, on: date, recording: Recording) -> Household:
    """The household ended on its old unit and begun on another, with all that was said of it: part of an act."""
    _ended(held, on, recording.by, recording.at, recording.why)
    facts = {name: getattr(held, name) for name in FACTS} | {"since": on, "until": held.until}
    return _insert(version, facts, recording.by, recording.at, held.batch)


def follow(version: UnitVersion, recording: Recording) -> None:
    """The households of a unit that lies in another division now: kept there, with all that was said of them."""
    rows = Household.objects.select_for_update().filter(unit=version.unit_id, superseded_at=None)
    for held in rows.filter(Q(until=None) | Q(until__gt=version.since)):
        _supersede(held, recording.at, recording.why)
        facts = {name: getattr(held, name) for name in FACTS}
        _insert(version, facts, recording.by, recording.at, held.batch)


def standing(unit: Unit, on: date) -> list[Household]:
    """Those who till a unit on a day."""
    rows = Household.objects.filter(unit=unit, superseded_at=None, since__lte=on)
    return list(rows.filter(Q(until=None) | Q(until__gt=on)))


def ground_on(unit: Unit, on: date) -> UnitVersion:
    """The unit as it is on a day; refused where it does not stand."""
    return _of_day(unit, list(UnitVersion.objects.standing(on).filter(unit=unit).select_related("unit")), on)


def _versions(units: Sequence[Unit]) -> dict[int, list[UnitVersion]]:
    found: dict[int, list[UnitVersion]] = {}
    keys = sorted({unit.pk for unit in units})
    for start in range(0, len(keys), 500):
        rows = UnitVersion.objects.filter(superseded_at=None, unit__in=keys[start : start + 500])
        for row in rows.select_related("unit").defer("geometry"):
            found.setdefault(row.unit_id, []).append(row)
    return found


def _of_day(unit: Unit, versions: Sequence[UnitVersion], on: date) -> UnitVersion:
    found = [one for one in versions if one.since <= on and (one.until is None or one.until > on)]
    if not found:
        raise HouseholdRefused(
            _("%(unit)s 在 %(day)s 尚未登记或已经终止：请核对单元和起始日期。") % {"unit": unit.number, "day": on},
            code="farmland.household.unit",
        )
    return found[0]


def _held(household: Household, why: str) -> Household:
    held = Household.objects.select_for_update().select_related("unit").get(pk=household.pk)
    if held.superseded_at is not None:
        raise HouseholdRefused(_("这条农户记录刚被别人改过：请刷新页面后再改。"), code="farmland.household.stale")
    if not why.strip():
        raise HouseholdRefused(_("请写明原因：变动的原因会留在历史里。"), code="farmland.household.why_missing")
    return held


def _ended(held: Household, on: date, by: Actor, at: datetime, why: str) -> Household:
    if on <= held.since or (held.until and on > held.until):
        raise HouseholdRefused(
            _("停止耕种的日期 %(day)s 应晚于起始日期 %(since)s，且不晚于已登记的终止日期。")
            % {"day": on, "since": held.since},
            code="farmland.household.days",
        )
    refuse_future(on, by, HouseholdRefused, "farmland.household.days")
    _supersede(held, at, why)
    facts = {name: getattr(held, name) for name in FACTS} | {"until": on}
    return _insert(held, facts, by, at, held.batch)


def _supersede(held: Household, at: datetime, why: str) -> None:
    held.superseded_at, held.reason = at, why.strip()[:300]
    held.save(update_fields=["superseded_at", "reason"])


def cleaned(facts: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """Facts as they may be stored; refused where one of them cannot be."""
    clean = {name: facts.get(name) for name in FACTS}
    clean |= {name: str(clean[name] or "").strip() for name in TEXTS}
    if not clean["head"]:
        raise HouseholdRefused(_("没有填写户主姓名：请填写。"), code="farmland.household.head")
    clean["area_m2"] = _area(clean["area_m2"])
    clean["since"] = clean["since"] or by.today
    clean["until"] = clean["until"] or None
    refuse_future(clean["since"], by, HouseholdRefused, "farmland.household.days")
    if clean["until"] and clean["until"] <= clean["since"]:
        raise HouseholdRefused(
            _("终止日期 %(until)s 应晚于起始日期 %(since)s：请核对。")
            % {"until": clean["until"], "since": clean["since"]},
            code="farmland.household.days",
        )
    return clean


def _area(value: Any) -> Decimal:
    try:
        area = Decimal(str(value).strip())
    except InvalidOperation:
        area = Decimal("NaN")
    if not area.is_finite() or area <= 0:
        raise HouseholdRefused(
            _("面积“%(value)s”不是正数：请填写这户在本单元内耕种的平方米数。")
            % {"value": "" if value is None else value},
            code="farmland.household.area",
        )
    return area.quantize(Decimal("0.01"))


def _standing(unit: Unit, clean: Mapping[str, Any]) -> Any:
    """Those who till the unit in the same time."""
    rows = Household.objects.filter(Q(until=None) | Q(until__gt=clean["since"]), unit=unit, superseded_at=None)
    return rows.filter(since__lt=clean["until"]) if clean["until"] else rows


def _tilled_later(units: Sequence[int], since: date) -> dict[int, Decimal]:
    """By unit, the area of the households that till it on a day or later."""
    found: dict[int, Decimal] = {}
    keys = sorted(set(units))
    for start in range(0, len(keys), 500):
        rows = Household.objects.filter(Q(until=None) | Q(until__gt=since), superseded_at=None)
        for unit, area in rows.filter(unit__in=keys[start : start + 500]).values_list("unit", "area_m2"):
            found[unit] = found.get(unit, Decimal(0)) + area
    return found


def _sum(rows: Sequence[Mapping[str, Any]]) -> Decimal:
    return sum((row["area_m2"] for row in rows), Decimal(0))


def _sum_of(rows: Any) -> Decimal:
    return sum(rows.values_list("area_m2", flat=True), Decimal(0))


def _must_fit(version: UnitVersion, rows: Sequence[Mapping[str, Any]], held: Decimal) -> None:
    """Households till no more than there is of a unit, by the larger of its areas; `held` is what others till."""
    whole = max(Decimal(str(version.area_m2)), version.area_of_record_m2 or Decimal(0))
    tilled = _sum(rows)
    if tilled + held > whole * SPARE:
        raise HouseholdRefused(
            _(
                "%(unit)s 共 %(whole)s 亩，已登记农户 %(held)s 亩，再登记 %(tilled)s 亩就超过了单元面积：请核对面积单位和地块归属。"
            )
            % {"unit": version.unit.number, "whole": _mu(whole), "held": _mu(held), "tilled": _mu(tilled)},
            code="farmland.household.beyond_unit",
        )


def _mu(area: Decimal) -> str:
    return f"{area * 15 / 10000:.2f}"


def _row(place: Any, clean: Mapping[str, Any], by: Actor, at: datetime, batch: Any = None) -> Household:
    keeper = by.person.department_id if by.person and by.person.department_id else place.owner_department_id
    return Household(
        unit_id=place.unit_id, division_path=place.division_path, owner_department_id=keeper, **clean, batch=batch,
        recorded_at=at, recorded_by=by.person,
    )  # fmt: skip


def _insert(place: Any, clean: Mapping[str, Any], by: Actor, at: datetime, batch: Any) -> Household:
    made = _row(place, clean, by, at, batch)
    made.save(force_insert=True)
    return made
