"""What was bought of lots against the tests of its buyers: one reading for the page of a lot and the page of the buyers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from soildesk.farmland.models import HoldingVersion, LotMove, ProduceTest
from soilrules.farmland import purchases
from soilrules.farmland.grain import Part
from soilrules.farmland.grainrules import Decides, rule
from soilrules.farmland.purchases import Answered, Buyer, LotTest, Purchase, Timing

STAGES = (ProduceTest.Stage.PURCHASE, ProduceTest.Stage.STORE)


def buyers_on(on: date) -> Sequence[Buyer]:
    """The buyers and mills of a day. Whoever reads a lot must know who took its grain, also from beyond his places: nothing
    of them is shown here.
    """
    rows = HoldingVersion.objects.standing(on).filter(kind=HoldingVersion.Kind.BUYER)
    return [Buyer(*one) for one in rows.values_list("holding_id", "name", "code")]


def purchase(move: LotMove) -> Purchase:
    """A move as the rules see a purchase."""
    return Purchase(move.lot_id, move.on, move.to.strip(), move.to_code)


def lot_test(test: ProduceTest) -> LotTest:
    """A test as the rules see one of a lot."""
    return LotTest(test.lot_id, test.sampled_on, test.holding_id, test.taken_at.strip())


def of_moves(moves: Sequence[LotMove]) -> list[LotMove]:
    """Those of some moves that are purchases."""
    return [one for one in moves if one.part == Part.STORED and one.tonnes]


def answers(
    moves: Sequence[LotMove], tests: Sequence[ProduceTest], buyers: Sequence[Buyer], on: date
) -> dict[int, Answered]:
    """Of each purchase among some moves, all of their lots, how a test whose result is known by a day answers for it."""
    bought = of_moves(moves)
    known = [lot_test(one) for one in tests if one.stage in STAGES and one.result_on and one.result_on <= on]
    found = purchases.answers([purchase(one) for one in bought], known, buyers, on)
    return {one.pk: each for one, each in zip(bought, found, strict=True)}


def that_are(moves: Iterable[LotMove], answered: Mapping[int, Answered], how: Timing) -> list[LotMove]:
    """The purchases among some moves that were tested in time, late or not at all."""
    return [one for one in moves if one.pk in answered and answered[one.pk].how is how]


def is_of(test: ProduceTest, move: LotMove, on: date) -> bool:
    """Whether a test of a lot is of the grain that went one way; of any of it, where the rule of own tests is switched off."""
    if rule(Decides.OWN_TEST, on) is None:
        return test.lot_id == move.lot_id
    rows = LotMove.objects.filter(superseded_at=None, lot=move.lot_id, part=move.part, tonnes__gt=0)
    return purchases.is_of(lot_test(test), purchase(move), [purchase(one) for one in rows], buyers_on(on))
