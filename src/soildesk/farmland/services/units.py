"""Acts on evaluation units: enter, change, correct, end. Dividing and joining them is the matter of `lineage`.

What class a unit has is said by nobody here: that is what was approved (`approvals`).
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

from soildesk.core import audit, versions
from soildesk.core.models import Department
from soildesk.core.numbers import next_numbers
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.farmland.models import Unit, UnitChange, UnitClass, UnitVersion
from soildesk.farmland.refusals import UnitRefused
from soildesk.farmland.services import classlines, households, unitgrounds
from soildesk.land.services.writing import Place, county_of, refuse_future
from soildesk.land.shapes import area_m2, areas_m2, surface

CHOICES = {"ground": UnitVersion.Ground, "use": UnitVersion.Use, "pollution": UnitVersion.Pollution}
YES_NO = ("industry_near", "basic_farmland")
TEXTS = (
    "name", "code", "ground", "use", "location", "soil_type", "topography", "source", "irrigation", "crop", "pollution",
    "pollution_source", "field_chief", "forest_chief", "note",
)  # fmt: skip
FACTS = frozenset({*TEXTS, *YES_NO, "keeper", "area_of_record_m2", "geometry", "batch", "place"})
LARGEST_M2 = Decimal(10) ** 11


@dataclass(frozen=True, slots=True)
class Entered:
    """One of many units entered at once: what is said of it, and where it lies."""

    facts: Mapping[str, Any]
    place: Place


@transaction.atomic
def enter(
    facts: Mapping[str, Any], place: Place, *, since: date, by: Actor, at: datetime, why: str = ""
) -> UnitVersion:
    """A new unit from the day `since`, under our own number, with its computed area. It has no class until one is approved."""
    clean = check_new(facts, place, since=since, by=by)
    made = insert(clean, place, since, Recording(by, at, why))
    data = {"unit": made.unit.number, "area_m2": made.area_m2, "since": since}
    audit.record("farmland.unit.entered", subject=made, by=by, at=at, data=data)
    return made


def check_new(facts: Mapping[str, Any], place: Place, *, since: date, by: Actor) -> dict[str, Any]:
    """The facts of a new unit as they may be stored; refused where it may not be entered."""
    require(by, "farmland.keep_units", place.division)
    refuse_future(since, by, UnitRefused, "farmland.unit.future")
    clean = cleaned({"name": "", "ground": "", "keeper": None, "geometry": None, **facts})
    refuse_code_taken(clean.get("code", ""), place.division.path)
    unitgrounds.refuse_overlap(clean["geometry"], since)
    return clean


@transaction.atomic
def enter_many(rows: Sequence[Entered], *, since: date, by: Actor, at: datetime, why: str = "") -> list[UnitVersion]:
    """Many units at once, of one place that keeps them: all of them or none."""
    for row in rows:
        require(by, "farmland.keep_units", row.place.division)
    refuse_future(since, by, UnitRefused, "farmland.unit.future")
    clean = [cleaned({"name": "", "ground": "", "keeper": None, "geometry": None, **row.facts}) for row in rows]
    _refuse_codes([(one.get("code", ""), row.place.division.path) for row, one in zip(rows, clean, strict=True)])
    shapes = [one["geometry"] for one in clean]
    unitgrounds.refuse_shared([one["name"] for one in clean], shapes)
    unitgrounds.refuse_overlaps(shapes, since)
    made = _insert_many(clean, [row.place for row in rows], since, Recording(by, at, why))
    told = audit.bulk([[one.unit.number, one.code, one.area_m2] for one in made])
    audit.record("farmland.unit.entered_many", subject="farmland.unitversion", by=by, at=at, data=told)
    return made


@transaction.atomic
def change(
    version: UnitVersion, changes: Mapping[str, Any], *, since: date | None, recording: Recording
) -> UnitVersion:
    """Say `changes` of a unit too: from `since` on, or (None) from the beginning, as a correction.

    Ground that was drawn wrong is corrected; ground that moves on a day goes from unit to unit by `lineage`.
    """
    clean = check_change(version, changes, since=since, by=recording.by)
    held = versions.revise(version, columns(clean), since=since, recording=recording)
    if clean.get("division_path", version.division_path) != version.division_path:
        classlines.move(held.unit, held.division_path, since, recording)
        households.follow(held, recording)
    act = "farmland.unit.changed" if since else "farmland.unit.corrected"
    data = {"unit": held.unit.number, "facts": sorted(clean), "since": since}
    audit.record(act, subject=held, by=recording.by, at=recording.at, data=data)
    return held


def check_change(version: UnitVersion, changes: Mapping[str, Any], *, since: date | None, by: Actor) -> dict[str, Any]:
    """Changes as they may be stored, the ground only where it is another; refused where they may not be made."""
    require(by, "farmland.keep_units", version)
    clean = cleaned(changes)
    if since:
        refuse_future(since, by, UnitRefused, "farmland.unit.future")
    if place := clean.pop("place", None):
        require(by, "farmland.keep_units", place.division)
        clean["division_path"] = place.division.path
    if clean.get("code", version.code) != version.code:
        refuse_code_taken(clean["code"], version.division_path, version.unit_id)
    if "geometry" in clean and clean["geometry"].equals(version.geometry):
        del clean["geometry"]
    if "geometry" in clean:
        _must_be_free_to_correct(version, since)
        unitgrounds.refuse_overlap(clean["geometry"], version.since, version.unit_id)
    return clean


def _must_be_free_to_correct(version: UnitVersion, since: date | None) -> None:
    """A unit's ground is corrected from the beginning only; from a day on it goes somewhere, which the lineage tells."""
    if since and since > version.since:
        raise UnitRefused(
            _(
                "%(number)s 的边界不能从某日起直接改动：土地去了哪里要留痕。请在单元页办理拆分或调整边界；原来画错的，用“更正”。"
            )
            % {"number": version.unit.number},
            code="farmland.unit.ground_moved",
        )
    of_unit = Q(links__before=version.unit_id) | Q(links__after=version.unit_id)
    counted = UnitChange.objects.filter(of_unit, superseded_at=None).order_by("on").first()
    if counted:
        raise UnitRefused(
            _("%(number)s 在 %(day)s 有%(kind)s，面积已据此分摊，不能再更正此前的边界：请用调整边界办理。")
            % {"number": version.unit.number, "day": counted.on, "kind": counted.get_kind_display()},
            code="farmland.unit.lineage_fixed",
        )


@transaction.atomic
def end(version: UnitVersion, *, on: date, recording: Recording) -> UnitVersion:
    """A unit that is farmland no more from the day `on` (built on, 退耕, entered by mistake). Its class ends with it."""
    require(recording.by, "farmland.keep_units", version)
    refuse_future(on, recording.by, UnitRefused, "farmland.unit.future")
    refuse_later_versions(version)
    held = versions.end(version, on=on, recording=recording)
    end_class(version.unit, on, recording)
    data = {"unit": held.unit.number, "on": on, "area_m2": held.area_m2}
    audit.record("farmland.unit.ended", subject=held, by=recording.by, at=recording.at, data=data)
    return held


def end_class(unit: Unit, on: date, recording: Recording) -> UnitClass | None:
    """The class of a unit ended with it; what stood, if anything did. Part of an act."""
    held = UnitClass.objects.standing(on).filter(unit=unit).first()
    if held is None:
        return None
    if held.until is not None or held.since == on:
        raise UnitRefused(
            _("%(number)s 的现行类别自 %(since)s 起另有批准：请改用该日之后的日期办理。")
            % {"number": unit.number, "since": held.until or held.since},
            code="farmland.unit.later_versions",
        )
    versions.end(held, on=on, recording=recording)
    return held


def refuse_later_versions(version: UnitVersion) -> None:
    """What ends or divides a unit happens to its last version."""
    if version.until is not None:
        raise UnitRefused(
            _("%(number)s 在 %(day)s 之后另有变更或已终止，不能从更早的日期办理：请先打开最新的记录。")
            % {"number": version.unit.number, "day": version.until},
            code="farmland.unit.later_versions",
        )


def insert(facts: Mapping[str, Any], place: Place, since: date, recording: Recording) -> UnitVersion:
    """A unit with a number of its own and its first version: part of an act."""
    (number,) = _numbers(place.department, since.year, 1)
    unit = Unit.objects.create(number=number)
    said = {"unit_id": unit.pk, **place.columns, **columns(facts)}
    return versions.first(UnitVersion, said, since=since, until=None, recording=recording)


def _insert_many(
    facts: Sequence[Mapping[str, Any]], places: Sequence[Place], since: date, recording: Recording
) -> list[UnitVersion]:
    if not facts:
        return []
    numbers = _numbers(places[0].department, since.year, len(facts))
    made = Unit.objects.bulk_create([Unit(number=number) for number in numbers])
    areas = areas_m2([one["geometry"] for one in facts])
    shared = {
        "since": since, "until": None, "recorded_at": recording.at, "recorded_by": recording.by.person, "reason": recording.why.strip()[:300],
    }  # fmt: skip
    rows = [
        UnitVersion(unit=unit, **place.columns, **shared, **{**one, "area_m2": area})
        for unit, place, one, area in zip(made, places, facts, areas, strict=True)
    ]
    return UnitVersion.objects.bulk_create(rows, batch_size=200)


def _numbers(department: Department, year: int, count: int) -> list[str]:
    """The next numbers of a place: `NY-990101-2026-00001`; one sequence serves all departments of the place."""
    keeper = Department.objects.filter(division=department.division_id).order_by("pk").first() or department
    serials = next_numbers(keeper, "land.NY", year, count)
    return [f"NY-{department.division.code}-{year}-{serial:05d}" for serial in serials]


def cleaned(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they may be stored; refused where one of them cannot be."""
    if unknown := sorted(set(facts) - FACTS):
        raise UnitRefused(
            _("评价单元没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="farmland.unit.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    clean |= {name: clean[name] or "" for name in TEXTS if name in clean}
    clean |= {name: None for name in YES_NO if name in clean and clean[name] == ""}
    _check_needed(clean)
    _check_choices(clean)
    if "area_of_record_m2" in clean:
        clean["area_of_record_m2"] = _area(clean["area_of_record_m2"])
    if "geometry" in clean:
        clean["geometry"] = surface(clean["geometry"])
    return clean


def _check_needed(facts: Mapping[str, Any]) -> None:
    if not facts.get("name", "x"):
        raise UnitRefused(_("单元没有名称：请填写，例如“柏庄镇东圩村南片”。"), code="farmland.unit.name_missing")
    if not facts.get("ground", "x"):
        raise UnitRefused(_("没有选择地类：耕地、园地、林地、草地或其他农用地，请选择。"), code="farmland.unit.choice")
    if "keeper" in facts and facts["keeper"] is None:
        raise UnitRefused(_("没有填写责任单位：请选择负责这片地的乡镇（街道）或部门。"), code="farmland.unit.keeper")


def _check_choices(facts: Mapping[str, Any]) -> None:
    for name, choices in CHOICES.items():
        if facts.get(name) and facts[name] not in choices.values:
            raise UnitRefused(
                _("%(what)s“%(value)s”不在可选范围内：请选择%(choices)s之一。")
                % {
                    "what": UnitVersion._meta.get_field(name).verbose_name,
                    "value": facts[name],
                    "choices": "、".join(map(str, choices.labels)),
                },
                code="farmland.unit.choice",
            )


def _area(value: Any) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        area = Decimal(str(value))
    except InvalidOperation:
        area = Decimal("NaN")
    if not area.is_finite() or not 0 < area < LARGEST_M2:
        raise UnitRefused(
            _("登记面积 %(value)s 不是正数：请照文件填写平方米数，没有就留空。") % {"value": value},
            code="farmland.unit.number",
        )
    return area.quantize(Decimal("0.01"))


def refuse_code_taken(code: str, path: str, beside: int | None = None) -> None:
    """A code of the province's map is one unit's of a county."""
    if not code:
        return
    rows = UnitVersion.objects.filter(superseded_at=None, until=None, code=code)
    rows = rows.filter(division_path__startswith=county_of(path)).exclude(unit=beside)
    taken = rows.select_related("unit").first()
    if taken:
        raise UnitRefused(
            _("外部代码“%(code)s”已由“%(name)s”（%(number)s）使用：请核对代码，或打开该单元办理变更。")
            % {"code": code, "name": taken.name, "number": taken.unit.number},
            code="farmland.unit.code_taken",
        )


def _refuse_codes(codes: Sequence[tuple[str, str]]) -> None:
    """The same of units that are entered together, each code with the path of its place."""
    seen: set[tuple[str, str]] = set()
    for code, path in codes:
        if code and (code, county_of(path)) in seen:
            raise UnitRefused(
                _("外部代码“%(code)s”在这批单元里出现两次：一个代码只能是一个单元的，请核对。") % {"code": code},
                code="farmland.unit.code_taken",
            )
        seen |= {(code, county_of(path))} if code else set()
    held = UnitVersion.objects.filter(superseded_at=None, until=None).exclude(code="")
    for county in {county for _code, county in seen}:
        standing = set(held.filter(division_path__startswith=county).values_list("code", flat=True))
        for code in standing & {code for code, each in seen if each == county}:
            refuse_code_taken(code, county)


def columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by attribute name of their column, the area beside the ground."""
    found = dict(facts)
    for name in ("keeper", "batch"):
        if name in found:
            held = found.pop(name)
            found[f"{name}_id"] = held.pk if held else None
    if "geometry" in found:
        found.setdefault("area_m2", area_m2(found["geometry"]))
    return found
