"""Yearly figures of inputs and wastes of a place: by town, made into indicators, and which of them ask for an explanation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import Q, QuerySet

from soildesk.core.groups import FARMING
from soildesk.core.models import Division, DivisionAttribute
from soildesk.core.models.places import is_valid, valid_on
from soildesk.core.permissions import Actor, divisions_of, system_actor
from soildesk.farmland.models import TownFigure
from soildesk.kit.passes import once_a_pass
from soilrules.farmland.inputdata import inputs
from soilrules.farmland.inputs import Checked, Line, town_by_town
from soilrules.farmland.inputsums import Made, Place, make

LEVELS = (Division.Level.CITY, Division.Level.COUNTY, Division.Level.TOWN)
"""Levels of which figures are told."""
COUNTY, TOWN = Division.Level.COUNTY, Division.Level.TOWN


def standing(actor: Actor | None, known: datetime | None = None) -> QuerySet[TownFigure]:
    """The figures an actor sees that stand now, or stood as far as was known before a moment."""
    rows = TownFigure.objects.visible_to(actor)
    if known is None:
        return rows.filter(superseded_at=None)
    return rows.filter(Q(superseded_at=None) | Q(superseded_at__gte=known), recorded_at__lt=known)


def value_of(year: int, division: Division, figure: str) -> Decimal | None:
    """What stands of a figure; None where nothing was told."""
    rows = TownFigure.objects.filter(superseded_at=None, year=year, division=division, figure=figure)
    return rows.values_list("value", flat=True).first()


@dataclass(frozen=True, slots=True)
class Asking:
    """A figure of a town as it lies in line: its row (None where it is missing), and whether it was explained."""

    town: Division
    checked: Checked
    row: TownFigure | None

    @property
    def explained(self) -> bool:
        """Whether the town said why; a figure that is missing is reported, not explained."""
        return self.row is not None and bool(self.row.explained)

    @property
    def open(self) -> bool:
        """Whether the town still owes a word."""
        return self.checked.asks and not self.explained


@dataclass(frozen=True)
class Book:
    """The figures of a place over some years."""

    division: Division
    years: tuple[int, ...]
    places: tuple[Division, ...]
    asked: frozenset[int]  # towns that have to report
    rows: Mapping[tuple[int, int], Mapping[str, TownFigure]]

    def of(self, year: int, division: Division) -> Mapping[str, TownFigure]:
        """The figures of one place and year."""
        return self.rows.get((year, division.pk), {})

    def place(self, year: int) -> Place:
        """The place with all below it, as the rules add it up."""
        return self._place(self.division, year)

    def made(self, key: str, year: int) -> Made:
        """An indicator of the place."""
        return make(key, self.place(year), self.place(year - 1))

    @cached_property
    def towns(self) -> tuple[Division, ...]:
        """The towns that report or have to."""
        told = {pk for (_year, pk), rows in self.rows.items() if rows}
        return tuple(
            one for one in self.places if one.level == Division.Level.TOWN and (one.pk in self.asked or one.pk in told)
        )

    def lines(self, year: int) -> list[Asking]:
        """Every figure asked of every town of a year, county by county; none where nobody reported anything."""
        found = []
        for county, towns in self._by_county().items():
            this = {str(one.pk): _values(self.of(year, one)) for one in towns}
            if not any(this.values()):
                continue
            last = {str(one.pk): _values(self.of(year - 1, one)) for one in towns}
            known = {str(one.pk): one for one in towns}
            for key, checked in town_by_town(this, last):
                found.append(Asking(known[key], checked, self.of(year, known[key]).get(checked.figure)))
            found += self._of_county(county, year)
        return found

    def newest(self) -> int | None:
        """The newest year of which anything is told."""
        return max((year for (year, _pk), rows in self.rows.items() if rows), default=None)

    def _place(self, division: Division, year: int) -> Place:
        below = [self._place(one, year) for one in self._below.get(division.pk, ())]
        asked = division.pk in self.asked or division.level != Division.Level.TOWN
        return Place(division.name, _values(self.of(year, division)), below, asked)

    @cached_property
    def _below(self) -> Mapping[int, list[Division]]:
        found: dict[int, list[Division]] = defaultdict(list)
        for one in self.places:
            if one.parent_id:
                found[one.parent_id].append(one)
        return found

    def _by_county(self) -> Mapping[int, list[Division]]:
        found: dict[int, list[Division]] = defaultdict(list)
        for one in self.towns:
            found[one.parent_id or 0].append(one)
        return found

    def _of_county(self, county: int, year: int) -> Iterable[Asking]:
        """Figures told for the county itself, against last year's and the figure they are a part of."""
        place = next((one for one in self.places if one.pk == county), None)
        if place is None:
            return
        rows, last = self.of(year, place), self.of(year - 1, place)
        alone = {place.name: {key: row.value for key, row in rows.items()}}
        before = {place.name: {key: row.value for key, row in last.items() if key in rows}}
        for _key, checked in town_by_town(alone, before):
            if checked.line is not Line.MISSING:
                yield Asking(place, checked, rows.get(checked.figure))


def _same_book(
    actor: Actor | None, division: Division, years: Iterable[int], known: datetime | None = None
) -> Hashable:
    return (division.pk, tuple(years), known)


@once_a_pass(_same_book)
def book(actor: Actor | None, division: Division, years: Iterable[int], known: datetime | None = None) -> Book:
    """The figures of a place in some years and the year before each."""
    wanted = sorted({each for year in years for each in (year, year - 1)})
    day = date(max(wanted), 12, 31)
    places = tuple(one for one in _places(division) if is_valid(one, day))
    found: dict[tuple[int, int], dict[str, TownFigure]] = defaultdict(dict)
    for year in wanted:
        for row in _of_year(actor, division, year, known):
            found[row.year, row.division_id][row.figure] = row
    return Book(division, tuple(wanted), places, _asked(division, places, day), found)


@once_a_pass(lambda actor, division, year, known: (division.pk, year, known))
def _of_year(actor: Actor | None, division: Division, year: int, known: datetime | None) -> list[TownFigure]:
    return list(standing(actor, known).filter(year=year, division_path__startswith=division.path))


@once_a_pass(lambda division: division.pk)
def _places(division: Division) -> list[Division]:
    """A place with all below it, of every day."""
    return list(Division.objects.filter(path__startswith=division.path, level__in=LEVELS).order_by("path"))


@once_a_pass(lambda division: division.pk)
def _farming(division: Division) -> list[DivisionAttribute]:
    """What was entered of farming towns below a place, of every day."""
    return list(DivisionAttribute.objects.filter(name=FARMING, division__path__startswith=division.path))


def _asked(division: Division, places: Sequence[Division], day: date) -> frozenset[int]:
    """The towns that have to report: those entered as farming; of a county that entered none, all."""
    towns = [one for one in places if one.level == Division.Level.TOWN]
    farming = {one.division_id for one in _farming(division) if is_valid(one, day)}
    marked = {one.parent_id for one in towns if one.pk in farming}
    return frozenset(one.pk for one in towns if one.pk in farming or one.parent_id not in marked)


def _values(rows: Mapping[str, TownFigure]) -> dict[str, Decimal]:
    return {key: row.value for key, row in rows.items() if key in inputs().figures}


def newest_year(actor: Actor, division: Division, known: datetime | None = None) -> int | None:
    """The newest year of which the place told anything."""
    rows = standing(actor, known).filter(division_path__startswith=division.path).order_by("-year")
    return rows.values_list("year", flat=True).first()


def places_of(actor: Actor) -> list[Division]:
    """The cities, counties and towns an actor may look at, his own first."""
    own = actor.person.department.division.path if actor.person and actor.person.department else ""
    rows = Division.objects.filter(divisions_of(actor), valid_on(actor.today), level__in=LEVELS).order_by("path")
    return sorted(rows, key=lambda one: (one.path != own, one.level == TOWN, one.path))


def lines_of(actor: Actor, of: Book, year: int, known: datetime | None = None) -> list[Asking]:
    """What asks for a word in a place; a town is compared with the others of its county, whoever looks at it."""
    county = of.division.parent
    if of.division.level != TOWN or county is None:
        return of.lines(year)
    whole = book(system_actor("farmland", actor.today), county, [year], known)
    return [one for one in whole.lines(year) if one.town.pk == of.division.pk]
