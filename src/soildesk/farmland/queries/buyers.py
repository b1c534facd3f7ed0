"""Buyers and mills of grain: what they bought, which tests they made, what of it was bought without one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from soildesk.core.permissions import Actor
from soildesk.farmland.models import HoldingVersion, LotMove, ProduceTest
from soildesk.farmland.queries import bought
from soildesk.plots.controlwords import basis_of
from soilrules.farmland import purchases
from soilrules.farmland.custody import PURCHASE_BASES
from soilrules.farmland.grain import Part
from soilrules.farmland.producelimits import Sample
from soilrules.farmland.purchases import Answered, Timing

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Bought:
    """One buyer in a year; `holding` None: no register holds the receiver the tonnes went to, called `name`.

    `bare`: what of it was bought and never tested; `late`: what was tested only after it was bought.
    """

    holding: HoldingVersion | None
    name: str
    moves: Sequence[LotMove]
    tests: Sequence[ProduceTest]
    bare: Sequence[LotMove]
    late: Sequence[LotMove]

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
        """Tonnes of lots bought without any test of that lot by this buyer."""
        return sum((one.tonnes for one in self.bare), ZERO)

    @property
    def tested_late(self) -> Decimal:
        """Tonnes of lots this buyer tested only after it had bought them."""
        return sum((one.tonnes for one in self.late), ZERO)

    @property
    def owes(self) -> bool:
        """Whether it owes a test: something was bought without one."""
        return self.untested > 0

    @property
    def silent(self) -> bool:
        """Whether nobody told what it bought or tested: that it bought nothing is not known either."""
        return not self.moves and not self.tests


def of_year(actor: Actor, on: date, year: int) -> list[Bought]:
    """The buyers of a day with what they did in a year, and receivers no register holds; those that owe a test first."""
    stored = LotMove.objects.visible_to(actor).filter(superseded_at=None, part=Part.STORED, tonnes__gt=0, on__lte=on)
    of_lots = list(stored.filter(lot__in=stored.filter(on__year=year).values("lot")).select_related("lot"))
    made = ProduceTest.objects.visible_to(actor).filter(superseded_at=None, sampled_on__lte=on, stage__in=bought.STAGES)
    tests = list(made.select_related("lot"))
    known = bought.buyers_on(on)
    answered = bought.answers(of_lots, tests, known, on)
    takers = {one.pk: purchases.taker(bought.purchase(one), known) for one in of_lots}
    moves = [one for one in of_lots if one.on.year == year]
    recent = [one for one in tests if one.sampled_on.year == year]
    rows = HoldingVersion.objects.visible_to(actor).standing(on).filter(kind=HoldingVersion.Kind.BUYER)
    found = [
        _bought(one, [each for each in moves if takers[each.pk] == one.holding_id], recent, answered)
        for one in rows.select_related("holding").order_by("holding__number")
    ]
    seen = {each.pk for one in found for each in one.moves}
    found += _of_no_register([each for each in moves if each.pk not in seen], recent, answered)
    return sorted(
        found, key=lambda one: (not one.owes, not one.late, not one.silent, one.holding is not None, one.name)
    )


def _bought(
    one: HoldingVersion, moves: Sequence[LotMove], tests: Sequence[ProduceTest], answered: Mapping[int, Answered]
) -> Bought:
    own = [each for each in tests if each.holding_id == one.holding_id]
    return Bought(one, one.name, moves, own, *_open(moves, answered))


def _open(moves: Sequence[LotMove], answered: Mapping[int, Answered]) -> Iterator[list[LotMove]]:
    return (bought.that_are(moves, answered, how) for how in (Timing.NONE, Timing.LATE))


def _of_no_register(
    moves: Sequence[LotMove], tests: Sequence[ProduceTest], answered: Mapping[int, Answered]
) -> list[Bought]:
    """Receivers no register holds, with what was tested of their lots by nobody in particular."""
    names: Mapping[str, list[LotMove]] = defaultdict(list)
    for each in moves:
        names[each.to].append(each)
    found = []
    for name, rows in names.items():
        lots = {each.lot_id for each in rows}
        own = [one for one in tests if one.lot_id in lots and one.holding_id is None]
        found.append(Bought(None, name, rows, own, *_open(rows, answered)))
    return found


def basis(on: date) -> str:
    """What obliges buyers to test."""
    return basis_of(PURCHASE_BASES, on)
