"""Tests of produce that are owed before a harvest: of which units, why, and how each stands on a day.

A test counts with a result for every element that controls the class of its unit; what came through the laboratory counts as
what was entered here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from soildesk.core.permissions import Actor
from soildesk.farmland.models import ProduceTest, ProhibitedZone, Season, UnitClass, UnitVersion
from soildesk.farmland.queries import ancestry, labproduce
from soildesk.farmland.queries.lines import WOODED
from soildesk.farmland.queries.named import names_in
from soildesk.kit.passes import once_a_pass
from soilrules.farmland import harvests
from soilrules.farmland.harvests import OwedState, Risk, UnitFacts, crop_key
from soilrules.farmland.producelimits import Sample, Sampled, element_of, limited, not_tested
from soilrules.farmland.units import FarmlandClass
from soilrules.standards.library import shipped


@dataclass(frozen=True, slots=True)
class Test:
    """One sample of a unit's produce, wherever it was written down. `answered`: the contents that were judged."""

    unit_id: int
    crop: str
    sampled: date
    result: date | None
    said: Sample
    answered: frozenset[str]
    above: frozenset[str]
    number: str
    row: ProduceTest | None = None

    __test__ = False


@dataclass(frozen=True, slots=True)
class Owed:
    """One season and the test it owes. `risks` empty: none is owed; None: the unit has no class and nobody can say.

    `late`: the first test that counts came after its time. `lacking`: elements no test of the season answered.
    """

    season: Season
    version: UnitVersion
    risks: tuple[Risk, ...] | None
    state: OwedState
    due: date | None
    done_on: date | None
    last: Test | None
    lacking: tuple[str, ...]
    prohibited: bool

    @property
    def gravity(self) -> int:
        """The graver the earlier in a plan."""
        return min((list(Risk).index(one) for one in self.risks or ()), default=len(Risk))


@dataclass(frozen=True)
class _Known:
    """What is known of some units on a day."""

    versions: dict[int, UnitVersion]
    classes: dict[int, UnitClass]
    zones: dict[int, list[ProhibitedZone]]
    tests: dict[int, list[Test]]
    before: dict[int, set[int]]

    def risks(self, unit_id: int) -> tuple[Risk, ...] | None:
        """Why a unit is at risk."""
        held = self.classes.get(unit_id)
        return harvests.risks(
            UnitFacts(
                FarmlandClass(held.farmland_class) if held else None,
                last_above=self.last_above(unit_id),
                in_zone=bool(self.zones.get(unit_id)),
                garden=self.versions[unit_id].ground in WOODED,
            )
        )

    def last_above(self, unit_id: int) -> bool:
        """Whether any element was above when it was last measured on this ground, also before it was divided or joined: a
        test of lead answers nothing of cadmium, and of two samples of one day the one above stands."""
        newest: dict[str, tuple[date, bool]] = {}
        told = [test for each in self.before.get(unit_id, {unit_id}) for test in self.tests.get(each, ())]
        for test in told:
            for content in test.answered if test.result else ():
                element, said = element_of(content), (test.sampled, content in test.above)
                newest[element] = max(newest.get(element, said), said)
        return any(above for _day, above in newest.values())

    def controlling(self, unit_id: int, crop: str, on: date) -> tuple[str, ...]:
        """The elements that control the class of a unit and have a limit in what grows there, as slugs."""
        held = self.classes.get(unit_id)
        return limited(names_in(held.controlling), Sampled(crop, on), shipped()) if held else ()


def plan(actor: Actor, on: date, year: int, known: datetime | None = None) -> list[Owed]:
    """The tests the seasons of a year owe, those at risk alone: the earliest harvest first, of one day the gravest."""
    rows = of_year(actor, on, year, known)
    found = [one for one in rows if one.risks]
    return sorted(found, key=lambda one: (one.due or date.max, one.gravity, one.season.unit.number))


@once_a_pass(lambda actor, on, year, known=None: (on, year, known))
def of_year(actor: Actor, on: date, year: int, known: datetime | None = None) -> list[Owed]:
    """How the tests of all seasons of a year stand, at risk or not, as they were known at a moment (None: now)."""
    rows = Season.objects.visible_to(actor).filter(told_by(known), year=year)
    return _owed(list(rows.select_related("unit")), on, known)


def of_units(unit_ids: Iterable[int], on: date) -> list[Owed]:
    """How the tests of all seasons of some units stand."""
    rows = Season.objects.filter(superseded_at=None, unit__in=list(unit_ids)).select_related("unit")
    return _owed(list(rows), on)


def of_seasons(season_ids: Iterable[int], on: date) -> dict[int, Owed]:
    """How the tests of some seasons stand, by key."""
    rows = Season.objects.filter(pk__in=list(season_ids)).select_related("unit")
    return {one.season.pk: one for one in _owed(list(rows), on)}


def risks_of(unit_ids: Iterable[int], on: date) -> dict[int, tuple[Risk, ...] | None]:
    """Why units are at risk on a day, by unit; None where they have no class and nobody can say."""
    known = _known(unit_ids, on)
    return {unit_id: known.risks(unit_id) for unit_id in known.versions}


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A unit at risk of which nobody said what grows there this year: its test cannot be planned."""

    version: UnitVersion
    risks: tuple[Risk, ...]


def unplanned(actor: Actor, on: date, year: int) -> list[Unplanned]:
    """Units at risk without a season in a year. Gardens and forest are asked for what they bear only where they bore before."""
    planted = Season.objects.filter(superseded_at=None, year=year).values("unit")
    rows = UnitVersion.objects.visible_to(actor).standing(on).exclude(unit__in=planted)
    bearing = Season.objects.filter(superseded_at=None).values("unit")
    risky = UnitClass.objects.standing(on).exclude(farmland_class=FarmlandClass.PRIORITY.value).values("unit")
    zoned = ProhibitedZone.objects.filter(_zone_stands(on)).values("units")
    asked = rows.filter(Q(unit__in=risky) | Q(unit__in=zoned) | Q(ground__in=WOODED, unit__in=bearing))
    versions = list(asked.select_related("unit").order_by("unit__number"))
    known = _known([one.unit_id for one in versions], on)
    return [Unplanned(one, risks) for one in versions if (risks := known.risks(one.unit_id))]


def _owed(seasons: Sequence[Season], on: date, by: datetime | None = None) -> list[Owed]:
    if not seasons:
        return []
    known = _known([one.unit_id for one in seasons], on, by)
    kept = [one for one in seasons if one.unit_id in known.versions]
    asked = [harvests.Season(str(one.unit_id), one.crop, one.sown_on, one.harvest_from) for one in kept]
    counting = [
        harvests.ProduceTest(str(test.unit_id), test.crop, test.sampled, test.result)
        for tests in known.tests.values()
        for test in tests
        if not not_tested(known.controlling(test.unit_id, test.crop, test.sampled), test.answered)
        and test.said is not Sample.UNKNOWN
    ]
    stand = harvests.owed_tests(asked, counting, on)
    return [_one(season, owed, known) for season, owed in zip(kept, stand, strict=True)]


def _one(season: Season, owed: harvests.OwedTest, known: _Known) -> Owed:
    wanted = known.controlling(season.unit_id, season.crop, season.harvest_from or date(season.year, 12, 31))
    crops = [one for one in known.tests.get(season.unit_id, ()) if crop_key(one.crop) == crop_key(season.crop)]
    own = [one for one in crops if season.sown_on and season.sown_on <= one.sampled]
    known_on = [one for one in own if season.harvest_from is None or one.sampled <= season.harvest_from]
    told = [one for one in known_on if one.result]
    done = [one for one in told if not not_tested(wanted, one.answered) and one.said is not Sample.UNKNOWN]
    answered = {content for one in told for content in one.answered}
    named = {name for zone in known.zones.get(season.unit_id, ()) for name in names_in(zone.produce)}
    return Owed(
        season,
        known.versions[season.unit_id],
        known.risks(season.unit_id),
        owed.state,
        owed.due,
        min((one.result for one in done if one.result), default=None),
        max(told, key=lambda one: one.sampled, default=None),
        not_tested(wanted, answered) if told and not done else (),
        crop_key(season.crop) in {crop_key(name) for name in named},
    )


def told_by(known: datetime | None) -> Q:
    """Told rows as they were known at a moment; now, without one."""
    if known is None:
        return Q(superseded_at=None)
    return Q(recorded_at__lt=known) & (Q(superseded_at=None) | Q(superseded_at__gte=known))


def _zone_stands(on: date, known: datetime | None = None) -> Q:
    """Zones the government approved that hold on a day."""
    return told_by(known) & Q(approved_on__lte=on) & (Q(until=None) | Q(until__gt=on))


def _known(unit_ids: Iterable[int], on: date, by: datetime | None = None) -> _Known:
    ids = set(unit_ids)
    versions = UnitVersion.objects.standing(on, by).filter(unit__in=ids).select_related("unit", "keeper")
    classes = UnitClass.objects.standing(on, by).filter(unit__in=ids)
    zones: dict[int, list[ProhibitedZone]] = defaultdict(list)
    for zone in ProhibitedZone.objects.filter(_zone_stands(on, by), units__in=ids).distinct().prefetch_related("units"):
        for unit in zone.units.all():
            zones[unit.pk].append(zone)
    before = ancestry.forebears(ids)
    return _Known(
        {one.unit_id: one for one in versions},
        {one.unit_id: one for one in classes},
        zones,
        tests_of(ids.union(*before.values()), on, by),
        before,
    )


def tests_of(unit_ids: Iterable[int], on: date, known: datetime | None) -> dict[int, list[Test]]:
    """The tests of some units known by a day, by unit: those entered here and those of the laboratory.

    What was entered here is read as known at a moment; a batch of the laboratory counts from its results on.
    """
    ids = list(unit_ids)
    found: dict[int, list[Test]] = defaultdict(list)
    rows = ProduceTest.objects.filter(told_by(known), unit__in=ids, sampled_on__lte=on).prefetch_related("values")
    for row in rows:
        found[row.unit_id or 0].append(_entered(row, on))
    for one in labproduce.of_units(ids, on):
        found[one.unit_id].append(
            Test(one.unit_id, one.crop, one.sampled, one.result, one.said, one.answered, one.above, one.sample)
        )
    return found


def _entered(row: ProduceTest, on: date) -> Test:
    known = row.result_on if row.result_on and row.result_on <= on else None
    values: list[Any] = list(row.values.all()) if known else []
    answered = frozenset(one.analyte for one in values if one.verdict != Sample.UNKNOWN)
    above = frozenset(one.analyte for one in values if Sample(one.verdict).above)
    said = Sample(row.said)
    return Test(row.unit_id or 0, row.crop, row.sampled_on, known, said, answered, above, row.number, row)
