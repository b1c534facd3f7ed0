"""Inputs and wastes of agriculture by town and year: figures that ask for an explanation, and indicators made of figures.

A figure nobody reported is None; an indicator that rests on one is None, never 0 or 100 %. The statistics bureau's table is
taken as it is; towns only explain what is out of line: with last year, with the other towns, or with the figure it is a
part of. Data: `inputdata`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from statistics import median

from soilrules.farmland.inputdata import Figure, Kind, inputs
from soilrules.farmland.rulesets import ROOM
from soilrules.messages import Message

Figures = Mapping[str, Decimal | None]
NORMAL = Decimal("0.6745")  # the median deviation of a normal distribution, in standard deviations


class Line(StrEnum):
    """How a figure lies in line."""

    PLAUSIBLE = "plausible"
    UNLIKE_LAST_YEAR = "unlike_last_year"
    UNLIKE_NEIGHBOURS = "unlike_neighbours"
    ABOVE_WHOLE = "above_whole"
    CANNOT_SAY = "cannot_say"
    MISSING = "missing"


ASKING = frozenset({Line.UNLIKE_LAST_YEAR, Line.UNLIKE_NEIGHBOURS, Line.ABOVE_WHOLE, Line.MISSING})
"""A town has to explain, or to report."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One figure of one town: how it lies in line with last year and with other towns."""

    figure: str
    line: Line
    message: Message

    @property
    def asks(self) -> bool:
        """Whether the town has to explain or to report."""
        return self.line in ASKING


def indicator(key: str, this_year: Figures, last_year: Figures) -> Decimal | None:
    """An indicator of one place: a fraction of 1, or a count; None where a figure it needs was not reported or the whole is 0.

    Raises ValueError for a part above its whole and for an unknown key.

    >>> indicator("film_recovery", {"film_t": Decimal(8), "film_recovered_t": Decimal(6)}, {})
    Decimal('0.75')
    """
    if key not in inputs().indicators:
        raise ValueError(f"{key} is no indicator: expected one of {', '.join(inputs().indicators)}.")
    told = inputs().indicators[key]
    part = this_year.get(told.part)
    if part is None or told.kind is Kind.COUNT:
        return part
    if told.kind is Kind.TOLD:
        return part / 100
    whole = this_year.get(told.whole) if told.kind is Kind.SHARE else last_year.get(told.part)
    if not whole:
        return None
    if told.kind is Kind.CHANGE:
        return part / whole - 1
    if part > whole:
        raise ValueError(
            f"{key}: {part} of {whole} is more than all: expected a part of the whole. Check both figures."
        )
    return part / whole


def checked(
    figure: str,
    value: Decimal | None,
    last_year: Decimal | None,
    around: Sequence[Decimal],
    rate: Decimal | None = None,
) -> Checked:
    """A figure against last year's and those of the other towns.

    `around` are the figures of the other towns as they are, or their rates; then `rate` is this town's.

    >>> checked("film_t", Decimal(21), Decimal(10), []).line
    <Line.UNLIKE_LAST_YEAR: 'unlike_last_year'>
    """
    rule = inputs().plausible
    if value is None:
        return _told(figure, Line.MISSING)
    if last_year is not None and _far(value, last_year, rule.times):
        return _told(figure, Line.UNLIKE_LAST_YEAR, value, last_year)
    beside = value if rate is None else rate
    if len(around) >= rule.neighbours:
        middle = median(around)
        spread = median([abs(one - middle) for one in around])
        if spread and NORMAL * abs(beside - middle) / spread > rule.spread:
            return _told(figure, Line.UNLIKE_NEIGHBOURS, beside, middle, inputs().figures[figure].per)
    known = last_year is not None or len(around) >= rule.neighbours
    return _told(figure, Line.PLAUSIBLE if known else Line.CANNOT_SAY)


def town_by_town(this_year: Mapping[str, Figures], last_year: Mapping[str, Figures]) -> Iterator[tuple[str, Checked]]:
    """Every figure asked of every town of a county, as it lies in line; towns by any key, those that reported nothing too.

    A figure is asked of a town where any town reported it this year or the town did last year: a county that does not
    count a figure at all owes none.
    """
    collected = {key for figures in this_year.values() for key, value in figures.items() if value is not None}
    for figure in inputs().figures.values():
        if figure.of_place:
            continue
        rates = {town: _rate(figure, figures) for town, figures in this_year.items()}
        for town, figures in this_year.items():
            value, last = figures.get(figure.key), last_year.get(town, {}).get(figure.key)
            if value is None and figure.key not in collected and last is None:
                continue
            others = [one for name, one in rates.items() if name != town and one is not None]
            yield town, _of_town(figure, figures, last, others, rates[town])


def _of_town(
    figure: Figure, figures: Figures, last: Decimal | None, others: Sequence[Decimal], rate: Decimal | None
) -> Checked:
    value, whole = figures.get(figure.key), figures.get(figure.of)
    if value is not None and whole is not None and value > whole:
        return _told(figure.key, Line.ABOVE_WHOLE, value, whole, figure.of)
    return checked(figure.key, value, last, others if rate is not None else [], rate)


def _rate(figure: Figure, figures: Figures) -> Decimal | None:
    """The figure for each one of what towns are compared by; None where it is not compared or not known."""
    value, by = figures.get(figure.key), figures.get(figure.per)
    return value / by if figure.per and value is not None and by else None


def _far(value: Decimal, last: Decimal, times: Decimal) -> bool:
    """Whether one is more than so many times the other."""
    low, high = sorted((value, last))
    return high > low * times


def _told(
    figure: str, line: Line, value: Decimal | None = None, beside: Decimal | None = None, of: str = ""
) -> Checked:
    params = {"value": shown(value), "beside": shown(beside), "zh": "", "en": ""}
    if of:
        params |= {"zh": inputs().figures[of].zh, "en": inputs().figures[of].en}
    return Checked(figure, line, Message(ROOM, "inputs", line, params))


def shown(value: Decimal | None) -> str:
    """A number as people read it: at most four significant places behind the point, no trailing zeros.

    >>> shown(Decimal("1.50")), shown(Decimal("0.000123456")), shown(Decimal(1200))
    ('1.5', '0.0001235', '1200')
    """
    if value is None:
        return ""
    places = 4 if abs(value) >= 1 or not value else 3 - value.adjusted()
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
