"""Classes as they would be by another rule set, edition or limit: worked out anew, compared unit by unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from soildesk.core.models import Division
from soildesk.core.permissions import Actor
from soildesk.farmland.models import Classification, ClassTrial, UnitClass, UnitVersion
from soildesk.farmland.queries.gathering import Gathered, Rounds, Step, gather, silent
from soildesk.farmland.queries.grading import PRODUCE, SOIL, Standards
from soildesk.farmland.queries.proposals import Worked, ruleset_of, work
from soildesk.standards.services.tables import library_for
from soilrules.farmland.rulesets import rulesets
from soilrules.standards.library import shipped


@dataclass(frozen=True, slots=True)
class Terms:
    """By what units are put into classes. `standards_on` None: each sample by the edition of its day."""

    ruleset: str
    switches: tuple[str, ...] = ()
    standards_on: date | None = None
    local_limits: bool = True

    @classmethod
    def of(cls, held: Classification | ClassTrial) -> Terms:
        """The terms a classification was opened with, or a trial asked with."""
        return cls(held.ruleset, tuple(held.switches), held.standards_on, held.local_limits)


def usual() -> Terms:
    """The rule set that stands first, as it is."""
    return Terms(next(iter(rulesets())))


@dataclass(frozen=True, slots=True)
class Differs:
    """A unit whose class is another by other terms."""

    number: str
    name: str
    uid: str
    area_m2: float
    before: str
    after: str
    controlling: str
    version: int = 0  # the ground it was worked out on


@dataclass(frozen=True)
class Compared:
    """Both answers: how many m² each class has, and the units that differ, the largest first."""

    before_m2: Mapping[str, float]
    after_m2: Mapping[str, float]
    differs: Sequence[Differs] = field(default_factory=tuple)
    units: int = 0
    standards: tuple[Sequence[str], Sequence[str]] = ((), ())  # editions applied, before and after

    @property
    def moved_m2(self) -> float:
        """The area of the units that differ."""
        return sum(one.area_m2 for one in self.differs)


def units_of(classification: Classification) -> QuerySet[UnitVersion]:
    """The units a classification is about: those of its threads, else all of its place, as they stood on its day."""
    rows = UnitVersion.objects.standing(classification.on).filter(
        division_path__startswith=classification.division_path
    )
    asked = classification.triggers.filter(superseded_at=None).values("unit")
    return rows.filter(unit__in=asked) if asked.exists() else rows


def standards_of(path: str, terms: Terms, on: date) -> Standards:
    """The tables in force at a place."""
    division = Division.objects.filter(path=path).order_by("-since", "-pk")[:1].get()
    library = library_for(division) if terms.local_limits else shipped()
    return Standards(library, division.code, on, terms.standards_on)


def gathered_of(classification: Classification, terms: Terms, step: Step = silent) -> Gathered:
    """Units, points and results of a classification."""
    rules = ruleset_of(terms.ruleset, terms.switches)
    rounds = Rounds(
        list(classification.soil_rounds.order_by("pk")),
        list(classification.produce_rounds.order_by("pk")),
        rules.elements,
        rules.beside,
    )
    return gather(units_of(classification), rounds, classification.on, step)


def worked_of(
    classification: Classification, terms: Terms | None = None, step: Step = silent, gathered: Gathered | None = None
) -> Worked:
    """A classification worked out, by its own terms or by others; nothing is kept."""
    terms = terms or Terms.of(classification)
    held = gathered or gathered_of(classification, terms, step)
    by = standards_of(classification.division_path, terms, classification.on)
    return work(held, ruleset_of(terms.ruleset, terms.switches), by, step)


def worked_of_rounds(actor: Actor, campaign: Any, terms: Terms, step: Step = silent) -> Worked:
    """The units of a campaign's place put into classes by its results alone; nothing is kept."""
    rules = ruleset_of(terms.ruleset, terms.switches)
    on = actor.today
    rows = UnitVersion.objects.visible_to(actor).standing(on).filter(division_path__startswith=campaign.division_path)
    held = gather(rows, Rounds([campaign], [campaign], rules.elements, rules.beside), on, step)
    return work(held, rules, standards_of(campaign.division_path, terms, on), step)


def compared(classification: Classification, terms: Terms, step: Step = silent) -> Compared:
    """What other terms would change."""
    held = gathered_of(classification, terms, step)
    before = worked_of(classification, step=step, gathered=held)
    return _compared(before, worked_of(classification, terms, step, held))


def _compared(before: Worked, after: Worked) -> Compared:
    units = before.gathered.units
    was, now = (
        [one.class_at(at) for at in range(len(units))] for one in (before, after)
    )  # fmt: skip
    areas: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for unit, *both in zip(units, was, now, strict=True):
        for tally, each in zip(areas, both, strict=True):
            tally[each] += unit.area_m2  # type: ignore[assignment]
    differs = [
        Differs(unit.number, unit.name, unit.uid, unit.area_m2, was[at], now[at], after.controlling(at), unit.version)
        for at, unit in enumerate(units)
        if was[at] != now[at]
    ]
    largest = tuple(sorted(differs, key=lambda one: -one.area_m2))
    return Compared(dict(areas[0]), dict(areas[1]), largest, len(units), (before.standards(), after.standards()))


def classes_on(path: str, on: date) -> dict[int, str]:
    """The classes in force of the units of a place on a day."""
    rows = UnitClass.objects.standing(on).filter(division_path__startswith=path)
    return dict(rows.values_list("unit_id", "farmland_class"))


def new_editions(path: str, after: date, until: date) -> list[Any]:
    """The editions of the limits of soil and produce that came into force at a place after a day, up to another."""
    division = Division.objects.filter(path=path).order_by("-since", "-pk")[:1].get()
    held = library_for(division)
    local = [one for family in (SOIL, PRODUCE) for one in held.overlays(family, until, division.code)]
    national = [one for family in (SOIL, PRODUCE) for one in held.national(family)]
    return [one for one in (*national, *local) if after < one.since <= until]


def next_edition_days(path: str, on: date) -> list[tuple[str, date]]:
    """The editions somebody may ask "what if" of: their printed names and the first day they hold, the newest first."""
    found = [(one.standard, one.since) for one in new_editions(path, date(2000, 1, 1), on + timedelta(days=3650))]
    return sorted(set(found), key=lambda pair: pair[1], reverse=True)
