"""Indicators of inputs and wastes of a place: this year and the years before, with the figures behind each."""

from __future__ import annotations

from dataclasses import dataclass

from soildesk.core.models import Division
from soildesk.farmland.models import TownFigure
from soildesk.farmland.queries.figures import Book, book
from soildesk.monitoring.measuring import Asked
from soilrules.farmland.inputdata import Indicator, Kind, inputs
from soilrules.farmland.inputsums import Made

YEARS = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """An indicator of a place: this year's, and those of the years before, the oldest first."""

    indicator: Indicator
    made: Made
    series: tuple[tuple[int, Made], ...]

    @property
    def collected(self) -> bool:
        """Whether anybody told anything of it in these years."""
        return any(_told(made) for _year, made in self.series)


def _told(made: Made) -> bool:
    """Whether anybody told a figure it is made of."""
    totals = [one for one in (made.part, made.whole) if one is not None]
    return any(one.own is not None or any(value is not None for _place, value in one.parts) for one in totals)


def shown(of: Book, year: int) -> list[Shown]:
    """Every indicator of a place: those of which nobody ever told anything last."""
    found = []
    for key, indicator in inputs().indicators.items():
        series = tuple((one, of.made(key, one)) for one in range(year - YEARS + 1, year + 1))
        found.append(Shown(indicator, series[-1][1], series))
    return sorted(found, key=lambda one: not one.collected)


def years_of(year: int) -> list[int]:
    """The years a page needs."""
    return list(range(year - YEARS + 1, year + 1))


@dataclass(frozen=True, slots=True)
class Row:
    """One place behind an indicator: its share of numerator and denominator, and the rows that tell it."""

    division: Division | None
    name: str
    part: TownFigure | None
    whole: TownFigure | None


def asked_for(asked: Asked, indicator: Indicator) -> TownFigure | None:
    """What a superior asks of an indicator of a place and year, in percent; None where nobody wrote it down."""
    figures = book(asked.actor, asked.division, [asked.year], asked.known).of(asked.year, asked.division)
    return figures.get(indicator.asked)


def of_asked(asked: Asked, key: str) -> tuple[Made, list[Row], int | None]:
    """An indicator as a measure asks for it, the places behind it, and the newest year anything was told of."""
    of = book(asked.actor, asked.division, [asked.year], asked.known)
    made = of.made(key, asked.year)
    told = made.indicator
    newest = book(asked.actor, asked.division, [asked.on.year - back for back in range(YEARS)], asked.known).newest()
    rows = []
    for one in of.places:
        last = told.kind is Kind.CHANGE
        part = of.of(asked.year, one).get(told.part)
        whole = of.of(asked.year - last, one).get(told.part if last else told.whole)
        if part or whole or one.pk in of.asked:
            rows.append(Row(one, one.name, part, whole))
    return made, rows, newest
