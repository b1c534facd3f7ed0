"""Axes: where a number or a day stands in a drawing, and the ticks a person counts by."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from soildesk.kit.cells import escape

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
LOG_FROM = 50.0
"""Numbers that differ by more than this factor are drawn on a logarithmic axis."""
DAYS_A_MONTH = 30.44


@dataclass(frozen=True, slots=True)
class Axis:
    """Numbers from `low` to `high` between `start` and `end` of the drawing, evenly or by their logarithm."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, number: float) -> float:
        """Where a number stands; one outside is held at the edge."""
        low, high, here = self.low, self.high, min(max(number, self.low), self.high)
        if self.log:
            low, high, here = math.log(low), math.log(high), math.log(here)
        share = (here - low) / (high - low)
        return round(self.start + share * (self.end - self.start), 2)

    def ticks(self) -> list[float]:
        """Round numbers along the axis."""
        if self.log:
            first, last = round(math.log10(self.low)), round(math.log10(self.high))
            return [10.0**power for power in range(first, last + 1)]
        step = _step(self.high - self.low, 5)
        first = math.ceil(self.low / step - 1e-9)
        return [round(step * at, 12) for at in range(first, math.floor(self.high / step + 1e-9) + 1)]


def axis_of(numbers: Iterable[float], start: float, end: float, *, log: bool = False) -> Axis:
    """An axis that holds all numbers: from 0, or from power of ten to power of ten."""
    held = [one for one in numbers if math.isfinite(one)]
    if log:
        some = [one for one in held if one > 0] or [1.0]
        first, last = math.floor(math.log10(min(some)) + 1e-9), math.ceil(math.log10(max(some)) - 1e-9)
        return Axis(10.0**first, 10.0 ** max(last, first + 1), start, end, log=True)
    low, high = min([0.0, *held]), max([0.0, *held])
    high = high if high > low else low + 1.0
    step = _step(high - low, 5)
    return Axis(math.floor(low / step) * step, math.ceil(high / step - 1e-9) * step, start, end)


def wants_log(numbers: Iterable[float]) -> bool:
    """Whether numbers above 0 differ so much that an even axis would hide the small ones."""
    held = [one for one in numbers if one > 0]
    return bool(held) and max(held) / min(held) > LOG_FROM


def _step(reach: float, wanted: int) -> float:
    rough = reach / wanted
    size = 10.0 ** math.floor(math.log10(rough))
    return next(size * step for step in STEPS if size * step >= rough * (1 - 1e-9))


@dataclass(frozen=True, slots=True)
class Days:
    """Days from `first` to `last` between `start` and `end` of the drawing."""

    first: date
    last: date
    start: float
    end: float

    def at(self, day: date) -> float:
        """Where a day stands; one outside is held at the edge."""
        share = (day - self.first).days / max(1, (self.last - self.first).days)
        return round(self.start + min(1.0, max(0.0, share)) * (self.end - self.start), 2)

    def ticks(self) -> list[tuple[date, str]]:
        """Firsts of months or years with their words, never more than fit."""
        months = (self.last - self.first).days / DAYS_A_MONTH
        every = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if months / step <= 9 or step == 1200)
        first = self.first.year * 12 + self.first.month - 1
        start = -(-first // every) * every
        last = self.last.year * 12 + self.last.month - 1
        found = [date(at // 12, at % 12 + 1, 1) for at in range(start, last + 1, every)]
        return [(day, f"{day:%Y}" if every >= 12 else f"{day:%Y-%m}") for day in found if day >= self.first]


def days_of(days: Iterable[date], start: float, end: float) -> Days:
    """The span of some days with room on both sides; a single day stands in the middle of a year."""
    held = sorted(days)
    reach = max((held[-1] - held[0]).days, 0)
    room = max(round(reach * 0.04), 15) if reach else 180
    first, last = held[0].toordinal() - room, held[-1].toordinal() + room
    return Days(date.fromordinal(max(first, 1)), date.fromordinal(last), start, end)


def figures(number: float | None, digits: int = 4) -> str:
    """A number as a person reads it: few digits, no exponent; a dash for none.

    >>> figures(0.000123456), figures(1234.5678), figures(None)
    ('0.0001235', '1235', '—')
    """
    if number is None or not math.isfinite(number):
        return "—"
    if number == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(number))))
    text = f"{number:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rule_lines(axis: Axis, left: float, right: float) -> Iterator[str]:
    """Level lines across a drawing with their numbers at the left."""
    for tick in axis.ticks():
        y = axis.at(tick)
        yield f'<line class="p-grid" x1="{left}" x2="{right}" y1="{y}" y2="{y}"/>'
        yield f'<text class="p-tick" x="{left - 6}" y="{y + 4}" text-anchor="end" data-tick="{tick:g}">{figures(tick)}</text>'


def day_lines(days: Days, top: float, bottom: float) -> Iterator[str]:
    """Upright lines at the ticks of the days with their words below."""
    for day, word in days.ticks():
        x = days.at(day)
        yield f'<line class="p-grid" x1="{x}" x2="{x}" y1="{top}" y2="{bottom}"/>'
        yield f'<text class="p-tick" x="{x}" y="{bottom + 18}" text-anchor="middle">{word}</text>'


def label(text: str, x: float, y: float, *, kind: str = "p-label", anchor: str = "start", longest: int = 40) -> str:
    """Words at a place; what is too long is cut and told in full on pointing at it."""
    shown = text if len(text) <= longest else text[: longest - 1] + "…"
    whole = f"<title>{escape(text)}</title>" if shown != text else ""
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(shown)}{whole}</text>'


def path(points: Sequence[tuple[float, float]]) -> str:
    """The data of a line through some places."""
    return "".join(f"{'L' if at else 'M'}{x:g} {y:g}" for at, (x, y) in enumerate(points))
