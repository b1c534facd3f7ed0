"""The standards held here as a person looks them up: editions with their marks, tables as printed, limits of an analyte."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from soildesk.core.models import Division
from soildesk.core.permissions import READERS, Actor, scope_condition
from soildesk.standards.editiondata import edition_of
from soildesk.standards.models import LocalEdition
from soilrules.intervals import Interval
from soilrules.standards.library import shipped
from soilrules.standards.model import Edition, Limit, UseKind
from soilrules.verdict import Mark

MEDIA = ("soil", "groundwater", "irrigation_water", "produce")


@dataclass(frozen=True, slots=True)
class Held:
    """One edition, national (`row` is None) or of a place."""

    edition: Edition
    slug: str
    row: LocalEdition | None = None

    @property
    def marks(self) -> list[tuple[str, int]]:
        """How many limits bear each mark, the least sure first."""
        found = Counter(str(one.mark) for one in self.edition.limits)
        return [(str(mark), found[mark]) for mark in sorted(Mark, key=lambda one: -one.doubt) if found[mark]]

    @property
    def from_knowledge(self) -> int:
        """How many limits nobody has checked against print."""
        return sum(one.mark is Mark.FROM_KNOWLEDGE for one in self.edition.limits)

    def standing(self, on: date) -> str:
        """in_force, ahead or ended."""
        if self.edition.in_force(on):
            return "in_force"
        return "ahead" if on < self.edition.since else "ended"


def local_rows(actor: Actor) -> QuerySet[LocalEdition]:
    """Editions of places in the actor's reach and those that bind there, as known now."""
    return reachable(actor).filter(superseded_at=None).select_related("division")


def reachable(actor: Actor) -> QuerySet[LocalEdition]:
    """The same, also those that were corrected since."""
    binding = {
        "/".join(codes[:end]) + "/"
        for grant in actor.grants
        if grant.role in READERS
        for codes in [grant.division.path.strip("/").split("/")]
        for end in range(1, len(codes) + 1)
    }
    return LocalEdition.objects.filter(scope_condition(actor, LocalEdition) | Q(division_path__in=binding))


def held(actor: Actor) -> list[Held]:
    """Every edition, those of the nation first, in the order of media and days."""
    nation = [Held(one, one.id) for one in shipped().editions if not one.division]
    places = [Held(edition_of(row.data), str(row.uid), row) for row in local_rows(actor)]
    return (
        sorted(nation, key=lambda one: (MEDIA.index(one.edition.medium), one.edition.family, one.edition.since))
        + places
    )


def national(slug: str) -> Held | None:
    """A national edition by its id."""
    return next((Held(one, one.id) for one in shipped().editions if one.id == slug and not one.division), None)


def place_name(edition: Edition) -> str:
    """The name of the place an edition holds in; empty for the nation."""
    row = Division.objects.filter(code=edition.division, until=None).first() if edition.division else None
    return row.name if row else edition.division


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a printed table: its limits (several where a condition decides), over how many columns."""

    limits: tuple[Limit, ...]
    span: int = 1


@dataclass(frozen=True, slots=True)
class Printed:
    """A table as a person reads it: headings, and for each row the analyte, its use, and a cell for each column."""

    level: str
    headings: tuple[str, ...]
    rows: list[tuple[str, str, list[Cell]]]
    with_use: bool


def printed(edition: Edition, language: str, only: frozenset[str] | None = None) -> list[Printed]:
    """The tables of an edition; `only` these analytes."""
    limits = [one for one in edition.limits if only is None or one.analyte in only]
    if any(one.ph is not None for one in edition.limits):
        return [one for level in edition.levels if (one := _by_band(edition, limits, level, language)).rows]
    if edition.use_kind in (UseKind.LAND_CLASS, UseKind.WATER_USE):
        return [_by_use(edition, limits, language)]
    return [_by_level(edition, limits, language)]


def _uses(limit: Limit, edition: Edition, language: str) -> str:
    gap = "、" if language == "zh" else ", "
    return gap.join(edition.uses[key].name(language) for key in limit.uses)


def _grouped(limits: list[Limit], edition: Edition, language: str) -> Iterator[tuple[str, str, list[Limit]]]:
    found: dict[tuple[str, str], list[Limit]] = {}
    for one in limits:
        found.setdefault((one.analyte, _uses(one, edition, language)), []).append(one)
    for (analyte, use), rows in found.items():
        yield analyte, use, rows


def _by_band(edition: Edition, limits: list[Limit], level: str, language: str) -> Printed:
    """Rows of analyte and use, a column for each pH band; a limit for every pH spans them all."""
    here = [one for one in limits if one.level == level]
    bands = sorted({one.ph for one in edition.limits if one.ph and one.level == level}, key=_start)
    rows = []
    for analyte, use, some in _grouped(here, edition, language):
        if all(one.ph is None for one in some):
            rows.append((analyte, use, [Cell(tuple(some), len(bands))]))
        else:
            rows.append((analyte, use, [Cell(tuple(one for one in some if one.ph == band)) for band in bands]))
    return Printed(level, tuple(f"pH {band}" for band in bands), rows, with_use=True)


def _start(band: Interval) -> tuple[bool, object]:
    return (False, 0) if band.low is None else (True, band.low)


def _by_use(edition: Edition, limits: list[Limit], language: str) -> Printed:
    """A row for each analyte, a column for each level and use."""
    columns = [(level, key) for level in edition.levels for key, use in edition.uses.items() if not use.stricter_of]
    rows = []
    for analyte in dict.fromkeys(one.analyte for one in limits):
        some = [one for one in limits if one.analyte == analyte]
        cells = [
            Cell(tuple(one for one in some if one.level == level and (not one.uses or key in one.uses)))
            for level, key in columns
        ]
        rows.append((analyte, "", cells))
    several = len(edition.levels) > 1
    headings = tuple(
        f"{level}|{edition.uses[key].name(language)}" if several else edition.uses[key].name(language)
        for level, key in columns
    )
    return Printed("", headings, rows, with_use=False)


def _by_level(edition: Edition, limits: list[Limit], language: str) -> Printed:
    """A row for each analyte and group of crops, a column for each level."""
    rows = []
    for analyte, use, some in _grouped(limits, edition, language):
        rows.append(
            (analyte, use, [Cell(tuple(one for one in some if one.level == level)) for level in edition.levels])
        )
    return Printed("", tuple(f"{level}|" for level in edition.levels), rows, with_use=edition.use_kind is UseKind.CROP)
