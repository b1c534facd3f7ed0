"""Figures of towns made into those of a county or city, and indicators of it; who has not reported is named.

What the statistics bureau gives for the whole place goes before the sum of its towns; both are told. Without it the sum counts
only where every town that is asked has reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from soilrules.farmland.inputdata import Indicator, Kind, inputs
from soilrules.farmland.inputs import shown
from soilrules.farmland.rulesets import ROOM
from soilrules.messages import Message

NAMED = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its own figures and the places below it; `asked`: it has to report where nothing lies below it."""

    name: str
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    below: Sequence[Place] = ()
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Total:
    """One figure of a place: its value, what it is made of, the towns still missing, and what the bureau gave for the whole."""

    value: Decimal | None
    parts: tuple[tuple[Place, Decimal | None], ...] = ()
    missing: tuple[str, ...] = ()
    own: Decimal | None = None

    @property
    def summed(self) -> Decimal | None:
        """The sum of the places below; None where one of them is missing or none is there."""
        told = [value for _place, value in self.parts if value is not None]
        return None if self.missing or not told else sum(told, Decimal(0))

    @property
    def differs(self) -> bool:
        """Whether the figure for the whole is not the sum of its towns."""
        return self.own is not None and self.summed is not None and self.own != self.summed


@dataclass(frozen=True, slots=True)
class Made:
    """An indicator of a place in a year: its value, or the sentence that says why it has none; with the figures behind it."""

    indicator: Indicator
    value: Decimal | None
    part: Total
    whole: Total | None
    why: Message | None = None

    @property
    def not_applicable(self) -> bool:
        """Whether there is nothing to take a share of."""
        return self.why is not None and self.why.id == "zero"


def total(figure: str, place: Place) -> Total:
    """A figure of a place.

    >>> towns = [Place("甲", {"film_t": Decimal(3)}), Place("乙", {})]
    >>> total("film_t", Place("区", {}, towns)).missing
    ('乙',)
    """
    own = place.figures.get(figure)
    if not place.below or inputs().figures[figure].of_place:
        return Total(own, missing=(place.name,) if own is None and place.asked else (), own=own)
    found = [(one, total(figure, one)) for one in place.below]
    parts = tuple((one, made.value) for one, made in found if made.value is not None or made.missing)
    missing = tuple(name for _one, made in found if made.value is None for name in made.missing)
    made = Total(own, parts, missing, own)
    return made if own is not None else Total(made.summed, parts, missing, None)


def make(key: str, this_year: Place, last_year: Place) -> Made:
    """An indicator of a place."""
    told = inputs().indicators[key]
    part = total(told.part, this_year)
    if told.kind is Kind.CHANGE:
        return _change(told, part, total(told.part, last_year))
    if told.kind is not Kind.SHARE:
        value = part.value if told.kind is Kind.COUNT or part.value is None else part.value / 100
        return Made(told, value, part, None, _open(part, told.part))
    whole = total(told.whole, this_year)
    why = _open(whole, told.whole) or _open(part, told.part)
    if why is None and whole.value is not None and part.value is not None and part.value > whole.value:
        why = _about("more_than_all", told.part, value=shown(part.value), beside=shown(whole.value), of=told.whole)
    if why is None and not whole.value:
        why = _about("zero", told.whole)
    value = None if why or part.value is None or not whole.value else part.value / whole.value
    return Made(told, value, part, whole, why)


def _change(told: Indicator, part: Total, last: Total) -> Made:
    why = _open(part, told.part)
    if why is None and last.value is None:
        why = _about("last_year", told.part)
    if why is None and not last.value:
        why = _about("zero", told.part)
    value = None if why or part.value is None or not last.value else part.value / last.value - 1
    return Made(told, value, part, last, why)


def _open(figure: Total, key: str) -> Message | None:
    """Why a figure is not known; None where it is."""
    if figure.value is not None:
        return None
    if not any(value is not None for _place, value in figure.parts):
        return _about("nobody", key)
    names = "、".join(figure.missing[:NAMED]) + ("……" if len(figure.missing) > NAMED else "")
    return _about("not_all", key, n=str(len(figure.missing)), names=names)


def _about(what: str, key: str, *, of: str = "", **params: str) -> Message:
    known = inputs().figures
    named = {"zh": known[key].zh, "en": known[key].en}
    beside = {"zh2": known[of].zh, "en2": known[of].en} if of else {}
    return Message(ROOM, "inputs", what, {**named, **beside, **params})
