"""Cropland of the priority class of two days compared 年度核对: whether its area and quality were kept, and which units were not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from soildesk.core.permissions import Actor
from soildesk.farmland.models import Trigger, UnitClass, UnitLink, UnitVersion
from soildesk.farmland.queries.classifications import shown
from soilrules.farmland.priority import Ground, Kept, compare
from soilrules.farmland.units import FarmlandClass

PRIORITY = FarmlandClass.PRIORITY


@dataclass(frozen=True)
class Checked:
    """The answer, with the units by their keys: what they are called, and open threads that may touch them."""

    kept: Kept
    names: Mapping[str, tuple[str, str]]  # number → name, uid of the unit
    basic: Mapping[str, bool | None]
    threads: int


@dataclass(frozen=True)
class _Day:
    """What stood on a day: classes of units of cropland, and areas of units."""

    classes: Mapping[int, str]
    areas: Mapping[int, float]


def checked(actor: Actor, before: date, after: date, path: str = "", known: datetime | None = None) -> Checked:
    """The priority farmland the actor sees on two days, as known at a moment; of one place where its path is given."""
    first, last = _day(actor, before, path, known), _day(actor, after, path, known)
    held = [unit for unit, named in first.classes.items() if named == PRIORITY]
    went = _went(held, before, after)
    rows = UnitVersion.objects.filter(superseded_at=None, unit__in=held, since__lte=before).order_by("since")
    told = {
        unit: (number, name, str(uid), basic)
        for unit, number, name, uid, basic in rows.values_list(
            "unit_id", "unit__number", "name", "unit__uid", "basic_farmland"
        )
    }
    grounds = [_ground(unit, told[unit][0], first, last, went) for unit in held if unit in told]
    current = [unit for unit, named in last.classes.items() if named == PRIORITY]
    whole = all(unit in last.areas for unit in current)
    kept = compare(grounds, sum(last.areas[unit] for unit in current) if whole else None)
    names = {number: (name, uid) for number, name, uid, _basic in told.values()}
    basic = {number: flag for number, _name, _uid, flag in told.values()}
    threads = shown(Trigger.objects.visible_to(actor), actor)
    threads = threads.filter(superseded_at=None, state=Trigger.State.OPEN, unit__in=current)
    return Checked(kept, names, basic, threads.count())


def _day(actor: Actor, on: date, path: str, known: datetime | None) -> _Day:
    rows = UnitClass.objects.visible_to(actor).standing(on, known).filter(division_path__startswith=path)
    classes: dict[int, str] = {}
    approved: dict[int, float] = {}
    for unit, named, area in rows.values_list("unit_id", "farmland_class", "area_m2"):
        classes[unit] = named
        if area is not None:
            approved[unit] = float(area)
    standing = UnitVersion.objects.standing(on, known).filter(division_path__startswith=path)
    computed = dict(standing.values_list("unit_id", "area_m2"))
    other = set(standing.exclude(ground=UnitVersion.Ground.CROPLAND).values_list("unit_id", flat=True))
    cropland = {unit: named for unit, named in classes.items() if unit not in other}
    return _Day(cropland, {**computed, **approved})


def _went(units: list[int], before: date, after: date) -> dict[int, list[tuple[int, float]]]:
    """Where the ground of units went by divisions, joins and other bounds between two days, step by step."""
    links: dict[int, list[tuple[int, float]]] = defaultdict(list)
    rows = UnitLink.objects.filter(change__superseded_at=None, change__on__gt=before, change__on__lte=after)
    for one, other, area in rows.order_by("change__on", "pk").values_list("before_id", "after_id", "area_m2"):
        links[one].append((other, area))
    found: dict[int, list[tuple[int, float]]] = {}
    for unit in units:
        if unit in links:
            found[unit] = _followed(unit, links)
    return found


def _followed(unit: int, links: Mapping[int, list[tuple[int, float]]]) -> list[tuple[int, float]]:
    """The last units some ground went to, each with its share of the first one's area."""
    ends: dict[int, float] = defaultdict(float)
    open_ = [(other, area) for other, area in links[unit]]
    while open_:
        here, area = open_.pop()
        further = [one for one in links.get(here, ()) if one[0] != here]
        whole = sum(part for _other, part in links.get(here, ()))
        if not further or not whole or here == unit:
            ends[here] += area
            continue
        open_ += [(other, area * part / whole) for other, part in further]
    return sorted(ends.items())


def _ground(
    unit: int, number: str, first: _Day, last: _Day, went: Mapping[int, list[tuple[int, float]]]
) -> Ground:  # fmt: skip
    before = first.areas.get(unit)
    if unit not in went:
        named = last.classes.get(unit)
        still = min(before or 0.0, last.areas.get(unit, 0.0)) if named == PRIORITY else 0.0
        return Ground(number, before, still, (FarmlandClass(named),) if named else ())
    parts = [(last.classes.get(other), area) for other, area in went[unit]]
    still = sum(area for named, area in parts if named == PRIORITY)
    return Ground(number, before, still, tuple(sorted({FarmlandClass(named) for named, _area in parts if named})))
