"""Acts on seasons: what is sown on a unit and when it is harvested; each says what test its unit owes before the harvest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.models.scoped import new_uid
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import Season, UnitVersion
from soildesk.farmland.mu import to_mu
from soildesk.farmland.refusals import SeasonRefused
from soildesk.farmland.services import labtests, testduties
from soilrules.farmland.harvests import crop_key

KEEP = "farmland.keep_seasons"
LONGEST = timedelta(days=550)
"""A test counts for the season it was taken in: one that lasts for years would count tests of harvests long eaten."""
FACTS = frozenset({"year", "crop", "variety", "sown_on", "harvest_from", "area_m2", "note", "batch"})


@transaction.atomic
def register(unit: UnitVersion, facts: Mapping[str, Any], *, by: Actor, at: datetime) -> Season:
    """One crop on a unit; its test before the harvest is owed from now on where the unit is at risk."""
    clean = check_new(unit, facts, by=by)
    made = Season.objects.create(
        unit_id=unit.unit_id, division_path=unit.division_path, owner_department_id=unit.owner_department_id,
        **clean, recorded_at=at, recorded_by=by.person,
    )  # fmt: skip
    testduties.fit([unit.unit_id], by=by)
    audit.record("farmland.season.registered", subject=made, by=by, at=at, data=_data(made))
    return made


@transaction.atomic
def register_many(
    told: Sequence[tuple[UnitVersion, Mapping[str, Any]]], *, by: Actor, at: datetime
) -> list[Season]:  # fmt: skip
    """The seasons of many units at once: all of them or none."""
    made = [
        Season.objects.create(
            unit_id=unit.unit_id, division_path=unit.division_path, owner_department_id=unit.owner_department_id,
            **check_new(unit, facts, by=by), recorded_at=at, recorded_by=by.person,
        )
        for unit, facts in told
    ]  # fmt: skip
    testduties.fit([one.unit_id for one in made], by=by)
    data = audit.bulk([[one.unit_id, one.crop, one.year] for one in made])
    audit.record("farmland.season.registered", subject="farmland.season", by=by, at=at, data=data)
    return made


def check_new(unit: UnitVersion, facts: Mapping[str, Any], *, by: Actor) -> dict[str, Any]:
    """The facts of a season as they may be stored; refused where they may not."""
    require(by, KEEP, unit)
    clean = _clean(facts)
    _check(unit, clean)
    _refuse_twice(unit.unit_id, clean, None)
    return clean


@transaction.atomic
def change(season: Season, changes: Mapping[str, Any], *, why: str, by: Actor, at: datetime) -> Season:
    """A season told better: the row as it was stays in the history, superseded with the reason."""
    held, unit, clean = _changed(season, changes, by)
    if not why.strip():
        raise SeasonRefused(_("请写明更正的原因：原因会留在历史里。"), code="farmland.season.why_missing")
    was = Season.objects.get(pk=held.pk)
    was.pk, was.uid, was.superseded_at, was.reason = None, new_uid(), at, why.strip()[:300]
    was._state.adding = True
    was.save(force_insert=True)
    for name, value in clean.items():
        setattr(held, name, value)
    held.recorded_at, held.recorded_by, held.reason = at, by.person, why.strip()[:300]
    held.save()
    testduties.fit([unit.unit_id], by=by)
    data = _data(held) | {"why": held.reason, "changed": sorted(changes)}
    audit.record("farmland.season.changed", subject=held, by=by, at=at, data=data)
    return held


def check_change(season: Season, changes: Mapping[str, Any], *, by: Actor) -> None:
    """Refuse a change that may not be made."""
    _changed(season, changes, by)


@transaction.atomic
def take_back(season: Season, *, why: str, by: Actor, at: datetime) -> Season:
    """A season that was told wrongly: it owes nothing any more."""
    held = _open(season)
    require(by, KEEP, held)
    if not why.strip():
        raise SeasonRefused(_("请写明撤销的原因：原因会留在历史里。"), code="farmland.season.why_missing")
    if held.lots.filter(superseded_at=None).exists():
        raise SeasonRefused(_("这一季已有锁定批次：请先办理批次。"), code="farmland.season.used")
    held.superseded_at, held.reason = at, why.strip()[:300]
    held.save(update_fields=["superseded_at", "reason"])
    testduties.fit([held.unit_id], by=by)
    audit.record("farmland.season.taken_back", subject=held, by=by, at=at, data=_data(held) | {"why": held.reason})
    return held


@transaction.atomic
def plan_year(year: int, *, by: Actor, at: datetime) -> int:
    """Plan the tests of a year anew: classes, zones and last tests may say otherwise now, and laboratories found produce above.

    Returns how many duties changed and locks were proposed.
    """
    require(by, KEEP)
    taken = labtests.take_over(year, by=by, at=at)
    rows = Season.objects.visible_to(by).filter(superseded_at=None, year=year)
    if not rows.exists():
        raise SeasonRefused(
            _("%(year)s 年还没有登记种植季：请先登记，再更新检测待办。") % {"year": year}, code="farmland.season.year"
        )
    made = testduties.fit(rows.values_list("unit_id", flat=True), by=by)
    data = {"year": year, "seasons": rows.count(), "changed": made}
    audit.record("farmland.season.planned", subject="farmland.season", by=by, at=at, data=data)
    return made + taken


def _changed(season: Season, changes: Mapping[str, Any], by: Actor) -> tuple[Season, UnitVersion, dict[str, Any]]:
    held = _open(season)
    require(by, KEEP, held)
    unit = UnitVersion.objects.standing(by.today).filter(unit=held.unit_id).first()
    if unit is None:
        raise SeasonRefused(_("这个单元已经终止：它的种植季不再更改。"), code="farmland.season.unit")
    clean = _clean(changes)
    whole = {name: clean.get(name, getattr(held, name)) for name in FACTS - {"batch"}}
    _check(unit, whole)
    _refuse_twice(held.unit_id, whole, held.pk)
    return held, unit, clean


def _open(season: Season) -> Season:
    held = Season.objects.select_for_update().get(pk=season.pk)
    if held.superseded_at is not None:
        raise SeasonRefused(_("这一季已经撤销：请刷新页面。"), code="farmland.season.stale")
    return held


def _clean(facts: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(facts) - FACTS):
        raise SeasonRefused(
            _("种植季没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="farmland.season.words",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    for name in ("crop", "variety", "note"):
        if name in clean:
            clean[name] = clean[name] or ""
    return clean


def _check(unit: UnitVersion, said: Mapping[str, Any]) -> None:
    if not said.get("crop"):
        raise SeasonRefused(_("没有填写作物：请填写当季种植的作物。"), code="farmland.season.words")
    year, sown, harvest = said.get("year"), said.get("sown_on"), said.get("harvest_from")
    if not year or not 2000 <= year <= 2100:
        raise SeasonRefused(_("年度“%(year)s”不对：请填写四位年份。") % {"year": year}, code="farmland.season.year")
    if sown and harvest and sown >= harvest:
        raise SeasonRefused(
            _("播种日期 %(sown)s 不早于收获日期 %(harvest)s：请核对。") % {"sown": sown, "harvest": harvest},
            code="farmland.season.days",
        )
    for day in filter(None, (harvest, None if harvest else sown)):
        if not year - 1 <= day.year <= year + 1:
            raise SeasonRefused(
                _("%(day)s 不在 %(year)s 年度前后：年度按收获填写。") % {"day": day, "year": year},
                code="farmland.season.days",
            )
    if sown and harvest and harvest - sown > LONGEST:
        raise SeasonRefused(
            _("从 %(sown)s 到 %(harvest)s 超过一年半，不是一季：多年生作物填写当季开花或者坐果的日期。")
            % {"sown": sown, "harvest": harvest},
            code="farmland.season.days",
        )
    area = said.get("area_m2")
    most = max(Decimal(str(unit.area_m2)), unit.area_of_record_m2 or Decimal(0))
    if area is not None and not 0 < area <= most * Decimal("1.01"):
        raise SeasonRefused(
            _("种植面积 %(area)s 亩超过单元面积 %(most)s 亩，或不大于 0：请核对。")
            % {"area": to_mu(area), "most": to_mu(most)},
            code="farmland.season.area",
        )


def _refuse_twice(unit_id: int, said: Mapping[str, Any], but: int | None) -> None:
    """One crop of one year and sowing is one season, whatever year it is told under."""
    year, days = said["year"], (said.get("sown_on"), said.get("harvest_from"))
    rows = Season.objects.filter(superseded_at=None, unit=unit_id, year__in=(year - 1, year, year + 1)).exclude(pk=but)
    for one in rows:
        own = (one.sown_on, one.harvest_from)
        same = all(map(_same, own, days)) if one.year == year else own == days and None not in days
        if same and crop_key(one.crop) == crop_key(said["crop"]):
            raise SeasonRefused(
                _("%(year)s 年度的%(crop)s已经登记过：日期有变的请更正原来的记录。")
                % {"year": one.year, "crop": one.crop},
                code="farmland.season.twice",
            )


def _same(one: date | None, other: date | None) -> bool:
    return one is None or other is None or one == other


def _data(season: Season) -> dict[str, Any]:
    return {
        "unit": season.unit.number,
        "crop": season.crop,
        "year": season.year,
        "harvest_from": season.harvest_from,
    }
