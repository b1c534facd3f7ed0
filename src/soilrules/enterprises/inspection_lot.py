"""Who is inspected: drawn at random by risk, and drawable again by anybody who has the seed.

Each unit gets a ticket from the seed and its own id alone (SHA-256), which its weight turns into a place: the smaller
−ln(ticket) / weight, the earlier. So the same seed gives the same order whatever the order of the units, one unit more or
less leaves the order of the others as it was, and twice the weight is twice the chance to be drawn first. The seed is
published before it is used. Weights: data/enterprises/lot_weights.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from functools import cache
from hashlib import sha256

from soilrules.messages import LANGUAGES, Message
from soilrules.monitoring.dated import DatedRule, origin, read

_EXACT = Context(prec=28)  # decimal and not float: the last digit is the same on every machine
_TICKETS = Decimal(2) ** 256
BASE = "base"


@dataclass(frozen=True, slots=True)
class Weight:
    """The weight of a unit: the facts that raised it, and those nobody knows."""

    value: Decimal
    reasons: tuple[str, ...]
    unknown: tuple[str, ...]
    rule: DatedRule
    message: Message


@dataclass(frozen=True, slots=True)
class Place:
    """A unit in the order of the lot, from 1. `ticket` is the hash anybody can make again."""

    unit: str
    place: int
    weight: Decimal
    ticket: str
    drawn: bool


@dataclass(frozen=True, slots=True)
class Lot:
    """The whole order, the drawn units first, and how it was made."""

    order: tuple[Place, ...]
    seed: str
    message: Message

    @property
    def drawn(self) -> tuple[str, ...]:
        """The units that are inspected."""
        return tuple(one.unit for one in self.order if one.drawn)


def weigh(facts: Mapping[str, bool | None], on: date, *, rule: DatedRule | None = None) -> Weight:
    """The weight of a unit by its facts; a fact left out or None is not known and adds nothing. Raises ValueError.

    >>> weigh({"soil_key": True, "complaint": False}, date(2026, 1, 5)).value
    Decimal('2')
    """
    rule = rule or weight_rule()
    known = [name for name in rule.numbers if name != BASE]
    if wrong := [name for name in facts if name not in known]:
        raise ValueError(f"{', '.join(sorted(wrong))}: no weight is held; expected some of {', '.join(known)}.")
    if not (rule.in_use and rule.in_force(on)):
        return Weight(rule.numbers[BASE], (), (), rule, _said("no_weights", day=str(on), base=str(rule.numbers[BASE])))
    reasons = tuple(name for name in known if facts.get(name))
    unknown = tuple(name for name in known if facts.get(name) is None)
    value = rule.numbers[BASE] + sum((rule.numbers[name] for name in reasons), Decimal(0))
    words = {**_words("reasons", reasons), **_words("unknown", unknown)}
    return Weight(value, reasons, unknown, rule, _said("weight", value=str(value), mark=rule.mark, **words))


def draw(weights: Mapping[str, Decimal], n: int, seed: str) -> Lot:
    """Draw `n` of the units. Raises ValueError for a blank seed, a number there cannot be, a weight not above 0.

    >>> draw({"A": Decimal(1), "B": Decimal(1), "C": Decimal(1)}, 2, "2026-01-05 3141").drawn
    ('C', 'B')
    """
    _check(weights, n, seed)
    tickets = {unit: sha256(f"{seed}\n{unit}".encode()).hexdigest() for unit in weights}
    order = sorted(weights, key=lambda unit: (_turn(tickets[unit], weights[unit]), unit))
    places = (Place(unit, place, weights[unit], tickets[unit], place <= n) for place, unit in enumerate(order, 1))
    params = {"seed": seed, "units": str(len(weights)), "drawn": str(n), "first": order[0] if order else "—"}
    return Lot(tuple(places), seed, _said("lot", **params))


def _turn(ticket: str, weight: Decimal) -> Decimal:
    """The turn of a ticket: exponential of the rate `weight`, so that a heavier one comes earlier."""
    share = _EXACT.divide(Decimal(int(ticket, 16) + 1), _TICKETS + 1)
    return _EXACT.divide(-_EXACT.ln(share), weight)


def _check(weights: Mapping[str, Decimal], n: int, seed: str) -> None:
    if not seed.strip():
        raise ValueError(
            "the seed is blank; expected one that was published before, such as a day and a number drawn on it."
        )
    if not 0 <= n <= len(weights):
        raise ValueError(f"{n} of {len(weights)} units cannot be drawn; expected 0 to {len(weights)}.")
    if wrong := sorted(unit for unit, weight in weights.items() if not (weight.is_finite() and weight > 0)):
        raise ValueError(f"{', '.join(wrong)}: the weight is not above 0; leave a unit out that is not to be drawn.")


@cache
def weight_rule() -> DatedRule:
    """The weights of data/enterprises/lot_weights.yaml. Raises BadRuleData."""
    (record,) = read("lot_weights", room="enterprises")
    return DatedRule(**origin(record))


def _words(name: str, facts: Sequence[str]) -> dict[str, str]:
    joins = {"zh": "、", "en": ", "}
    none = {"zh": "无", "en": "none"}
    return {
        f"{name}_{one}": joins[one].join(Message("enterprises", "lot_facts", fact).sentence(one) for fact in facts)
        or none[one]
        for one in LANGUAGES
    }


def _said(message_id: str, **params: str) -> Message:
    return Message("enterprises", "lot", message_id, params)
