"""Buyers and mills of grain: what they bought, which tests they made, what of it was bought without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from soildesk.core.permissions import Actor
from soildesk.farmland.models import HoldingVersion, LotMove, ProduceTest
from soildesk.plots.controlwords import basis_of
from soilrules.farmland.custody import PURCHASE_BASES
from soilrules.farmland.grain import Part
from soilrules.farmland.producelimits import Sample

ZERO = Decimal(0)
BOUGHT = (ProduceTest.Stage.PURCHASE, ProduceTest.Stage.STORE)


@dataclass(frozen=True, slots=True)
class Bought:
    """One buyer in a year; `holding` None: no register holds the receiver the tonnes went to, called `name`."""

    holding: HoldingVersion | None
    name: str
    moves: Sequence[LotMove]
    tests: Sequence[ProduceTest]

    @property
    def tonnes(self) -> Decimal:
        """What it bought of lots."""
        return sum((one.tonnes for one in self.moves), ZERO)

    @property
    def above(self) -> int:
        """Its tests above the limit."""
        return sum(Sample(one.said).above for one in self.tests)

    @property
    def last(self) -> date | None:
        """The day of its last sample."""
        return max((one.sampled_on for one in self.tests), default=None)

    @property
    def untested(self) -> Decimal:
        """Tonnes of lots bought without a test of that lot by this buyer by the day."""
        tested: dict[int | None, date] = {}
        for one in self.tests:
            if one.result_on:
                tested[one.lot_id] = min(tested.get(one.lot_id, one.sampled_on), one.sampled_on)
        return sum((one.tonnes for one in self.moves if tested.get(one.lot_id, date.max) > one.on), ZERO)

    @property
    def owes(self) -> bool:
        """Whether it owes a test: none this year, or something bought without one."""
        return not self.tests or self.untested > 0


def of_year(actor: Actor, on: date, year: int) -> list[Bought]:
    """The buyers of a day with what they did in a year, and receivers no register holds; those that owe a test first."""
    rows = HoldingVersion.objects.visible_to(actor).standing(on).filter(kind=HoldingVersion.Kind.BUYER)
    buyers = list(rows.select_related("holding").order_by("holding__number"))
    moves = list(
        LotMove.objects.visible_to(actor)
        .filter(superseded_at=None, part=Part.STORED, tonnes__gt=0, on__year=year, on__lte=on)
        .select_related("lot")
    )
    made = ProduceTest.objects.visible_to(actor).filter(superseded_at=None, sampled_on__year=year, sampled_on__lte=on)
    tests = list(made.filter(stage__in=BOUGHT).select_related("lot"))
    found = [
        Bought(
            one,
            one.name,
            [each for each in moves if _took(one, each)],
            [each for each in tests if each.holding_id == one.holding_id],
        )
        for one in buyers
    ]
    known = {each.pk for one in found for each in one.moves}
    found += _of_no_register([each for each in moves if each.pk not in known], tests)
    return sorted(found, key=lambda one: (not one.owes, one.holding is not None, one.name))


def _of_no_register(moves: Sequence[LotMove], tests: Sequence[ProduceTest]) -> list[Bought]:
    """Receivers no register holds, with what was tested of their lots by nobody in particular."""
    names: dict[str, list[LotMove]] = {}
    for each in moves:
        names.setdefault(each.to, []).append(each)
    found = []
    for name, rows in names.items():
        lots = {each.lot_id for each in rows}
        found.append(Bought(None, name, rows, [one for one in tests if one.lot_id in lots and one.holding_id is None]))
    return found


def basis(on: date) -> str:
    """What obliges buyers to test."""
    return basis_of(PURCHASE_BASES, on)


def _took(buyer: HoldingVersion, move: LotMove) -> bool:
    """Whether tonnes went to a buyer: by its code, else by its name."""
    if move.to_code and buyer.code:
        return move.to_code == buyer.code
    return buyer.name in move.to
