"""What asks for a new look at classes in force 动态调整线索: found in units, results, tests of produce and editions.

Each is told under a key that says what it is about, so that one event is one thread however often one looks.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from soildesk.core.geometry import RawWkb
from soildesk.core.permissions import Actor
from soildesk.farmland.models import (
    Classification,
    FieldCheck,
    ProduceTest,
    StandsFor,
    UnitClass,
    UnitVersion,
)
from soildesk.farmland.queries import whatif
from soildesk.monitoring.queries import columns
from soildesk.monitoring.queries.columns import Over
from soilrules.analytes import all_analytes
from soilrules.farmland.adjustments import produce_asks, soil_asks
from soilrules.farmland.elements import in_produce
from soilrules.farmland.produce import Excess
from soilrules.farmland.rulesets import Grade, rulesets
from soilrules.farmland.soil import grade_of
from soilrules.farmland.units import FarmlandClass, class_of
from soilrules.verdict import Outcome

Why = Classification.Why


class Medium(StrEnum):
    """Where a result over a limit may ask for a new look."""

    SOIL = "soil"
    PRODUCE = "produce"


MEDIA = tuple(Medium)
GUIDE = next(iter(rulesets().values()))
DECIDING: Mapping[str, Iterable[str]] = {
    Medium.SOIL: frozenset(GUIDE.elements), Medium.PRODUCE: frozenset(in_produce(GUIDE.elements)),
}  # fmt: skip
"""The elements that make a class; what else lies above a limit changes none."""


@dataclass(frozen=True, slots=True)
class Thread:
    """One thing that asks for a new look at the class of a unit; `proposed` is the class it speaks for, where it does."""

    unit: int
    why: str
    on: date
    key: str
    what: str
    proposed: str = ""


@dataclass(frozen=True)
class Standing:
    """Units with a class in force that the actor sees, and their ground."""

    classes: Mapping[int, UnitClass]
    versions: Mapping[int, UnitVersion]
    shapes: Sequence[tuple[int, Any]]


def standing_of(actor: Actor, on: date) -> Standing:
    """The units whose class may have to be looked at again."""
    classes = {one.unit_id: one for one in UnitClass.objects.visible_to(actor).standing(on)}
    rows = (
        UnitVersion.objects.visible_to(actor)
        .standing(on)
        .filter(unit__in=UnitClass.objects.standing(on).values("unit"))
    )
    versions = {one.unit_id: one for one in rows.defer("geometry").select_related("unit")}
    wkb = rows.values_list("unit_id", RawWkb("geometry"))
    shapes = [(unit, bytes(shape)) for unit, shape in wkb.iterator(5_000) if unit in classes]
    return Standing({unit: one for unit, one in classes.items() if unit in versions}, versions, shapes)


def threads(actor: Actor, on: date) -> list[Thread]:
    """Everything that asks for a new look, of whatever kind."""
    held = standing_of(actor, on)
    found = [*_changed_use(held), *_checked_use(held), *_results(actor, held, on), *_tests(held, on)]
    return [*found, *_editions(actor, held, on)]


def _changed_use(held: Standing) -> Iterator[Thread]:
    """Ground or use that is another than on the day the class came into force."""
    then: dict[int, UnitVersion] = {}
    rows = UnitVersion.objects.filter(superseded_at=None, unit__in=list(held.versions)).defer("geometry")
    for one in rows.order_by("since"):
        if one.unit_id in held.classes and one.since <= held.classes[one.unit_id].since:
            then[one.unit_id] = one
    for unit, now in held.versions.items():
        was = then.get(unit)
        if was is None or (was.ground, was.use) == (now.ground, now.use):
            continue
        what = _("%(was)s变为%(now)s（%(since)s 起）") % {"was": used(was), "now": used(now), "since": now.since}
        yield Thread(unit, Why.USE_CHANGE, now.since, f"use:{now.since}:{now.ground}:{now.use}", what)


def used(version: UnitVersion) -> str:
    """Ground and use of a unit in words."""
    return " ".join(filter(None, (str(version.get_ground_display()), str(version.get_use_display()))))


def _checked_use(held: Standing) -> Iterator[Thread]:
    """Field checks that found another use than was on record."""
    for one in FieldCheck.objects.filter(superseded_at=None, use_fits=False, unit__in=list(held.versions)):
        if one.on >= held.classes[one.unit_id].since:
            what = _("外业核实利用方式不符：%(found)s") % {"found": one.found or _("未写明")}
            yield Thread(one.unit_id, Why.USE_CHANGE, one.on, f"check:{one.uid}", what)


def _results(actor: Actor, held: Standing, on: date) -> Iterator[Thread]:
    """Results over a limit sampled since the class came into force: of each unit and medium the last round that has any."""
    if not held.classes:
        return
    first = min(one.since for one in held.classes.values())
    over = [one for one in columns.over_limits(actor, MEDIA, first, on) if one.analyte in DECIDING[one.medium]]
    places = columns.places_of(sorted({one.point for one in over}), on)
    units = _units_of(held, {point: place[2] for point, place in places.items()}, on)
    rounds: dict[tuple[int, str], dict[str, list[Over]]] = defaultdict(lambda: defaultdict(list))
    for one in over:
        for unit in units.get(one.point, ()):
            if one.on >= held.classes[unit].since and _asks(held.classes[unit], one):
                rounds[unit, one.medium][one.campaign].append(one)
    for (unit, medium), some in rounds.items():
        last = max(some, key=lambda number: max(one.on for one in some[number]))
        yield _thread(unit, medium, some[last], {point: place[0] for point, place in places.items()})


def _thread(unit: int, medium: str, some: Sequence[Over], names: Mapping[int, str]) -> Thread:
    """The results of one round over a limit in one unit; more of them in the same round are another event."""
    soil = medium == Medium.SOIL
    events = sorted({(names[one.point], one.on.isoformat(), one.analyte) for one in some})
    digest = hashlib.sha256(repr(events).encode()).hexdigest()[:16]
    by_point: dict[str, list[str]] = defaultdict(list)
    for one in some:
        by_point[names[one.point]].append(over_words(one))
    told = "；".join(f"{point} {'、'.join(sorted(set(words)))}" for point, words in sorted(by_point.items()))
    said = {"campaign": some[0].campaign, "medium": _("土壤") if soil else _("农产品"), "what": told}
    what = _("%(campaign)s %(medium)s超标：%(what)s") % said
    grade = max(_grade(one) for one in some)
    return Thread(
        unit,
        Why.MONITORING if soil else Why.CO_MONITORING,
        max(one.on for one in some),
        f"{medium}:{some[0].campaign}:{digest}",
        what[:500],
        str(class_of(grade)) if soil else "",
    )


def _asks(current: UnitClass, over: Over) -> bool:
    held = FarmlandClass(current.farmland_class)
    if over.medium == Medium.SOIL:
        return soil_asks(held, grade_of(Outcome(over.verdict)))
    severe = over.factor is not None and over.factor > float(GUIDE.light)
    return produce_asks(held, Excess.SEVERE if severe else Excess.LIGHT)


def _grade(over: Over) -> Grade:
    return grade_of(Outcome(over.verdict)) or Grade.ONE


def over_words(over: Over) -> str:
    """One result over a limit in words."""
    known = all_analytes().get(over.analyte)
    name = known.zh if known else over.analyte
    words = {
        Outcome.EXCEEDS_SCREENING: _("超筛选值"), Outcome.EXCEEDS_CONTROL: _("超管制值"), Outcome.EXCEEDS: _("超限量"),
    }  # fmt: skip
    return f"{name}{words[Outcome(over.verdict)]}"


def _units_of(held: Standing, places: Mapping[int, Any], on: date) -> dict[int, list[int]]:
    """The units each point stands for."""
    found: dict[int, list[int]] = defaultdict(list)
    if held.shapes and places:
        tree = shapely.STRtree(shapely.from_wkb(np.array([shape for _unit, shape in held.shapes], object)))
        points = list(places)
        at, unit = tree.query(np.array([places[one] for one in points], object), predicate="intersects")
        for point, place in sorted(zip(at.tolist(), unit.tolist(), strict=True)):
            if not found[points[point]]:
                found[points[point]].append(held.shapes[place][0])
    for one in StandsFor.objects.filter(superseded_at=None, since__lte=on, unit__in=list(held.versions)):
        units = found[one.point_id]
        if one.counts and one.unit_id not in units:
            units.append(one.unit_id)
        if not one.counts and one.unit_id in units:
            units.remove(one.unit_id)
    return found


def _tests(held: Standing, on: date) -> Iterator[Thread]:
    """Tests of produce of a unit above a limit."""
    rows = ProduceTest.objects.filter(superseded_at=None, unit__in=list(held.versions), sampled_on__lte=on)
    for test in rows.filter(values__verdict__in=("light", "severe")).distinct().prefetch_related("values"):
        current = held.classes[test.unit_id]  # type: ignore[index]
        over = [one for one in test.values.all() if one.verdict in ("light", "severe")]
        asks = any(produce_asks(FarmlandClass(current.farmland_class), Excess(one.verdict)) for one in over)
        if test.sampled_on < current.since or not asks:
            continue
        names = "、".join(
            all_analytes()[one.analyte].zh if one.analyte in all_analytes() else one.analyte for one in over
        )
        said = {"stage": test.get_stage_display(), "number": test.number, "crop": test.crop, "what": names}
        what = _("%(stage)s %(number)s：%(crop)s%(what)s超过限量") % said
        yield Thread(int(test.unit_id or 0), Why.CO_MONITORING, test.sampled_on, f"test:{test.uid}", what[:500])


def _editions(actor: Actor, held: Standing, on: date) -> Iterator[Thread]:
    """Units whose class would be another by an edition that came into force after their classification was approved."""
    seen: set[int] = set()
    for one, new in to_compare(actor, on):
        yield from _by_editions(one, new, held, (seen, on))


def to_compare(actor: Actor, on: date) -> list[tuple[Classification, list[Any]]]:
    """Approved classifications with the editions newer than their approval that were not yet looked at with them."""
    approved = Classification.objects.visible_to(actor).filter(state=Classification.State.APPROVED)
    found = []
    for one in approved.select_related("decision").order_by("-decision__since", "-pk"):
        assert one.decision is not None
        new = whatif.new_editions(one.division_path, one.decision.since, on)
        if new and set(names_of(new)) - set(one.told.get("looked_at", ())):
            found.append((one, new))
    return found


def names_of(editions: Iterable[Any]) -> list[str]:
    """The printed names of editions."""
    return sorted({one.standard for one in editions})


def _by_editions(
    classification: Classification, new: Sequence[Any], held: Standing, known: tuple[set[int], date]
) -> Iterable[Thread]:
    seen, on = known
    day = max(one.since for one in new)
    names = "、".join(names_of(new))
    terms = whatif.Terms(classification.ruleset, tuple(classification.switches), on, classification.local_limits)
    found = whatif.compared(classification, terms)
    units = {one.unit.number: unit for unit, one in held.versions.items()}
    for one in found.differs:
        unit = units.get(one.number)
        if unit is None or unit in seen or not one.after:
            continue
        seen.add(unit)
        what = _("%(standards)s 自 %(day)s 起施行：按新标准重新评价，建议类别变化（%(number)s 的监测结果）") % {
            "standards": names, "day": day, "number": classification.number,
        }  # fmt: skip
        yield Thread(unit, Why.STANDARD, day, f"standard:{names}:{day}"[:160], what[:500], one.after)
