"""The balance of lots on a day: where the tonnes went, what is loose, what must happen next. Kept as food is told by household."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from soildesk.farmland.models import (
    Disposal,
    GrainNotice,
    Household,
    Lot,
    LotHousehold,
    LotMove,
    LotPayment,
    ProduceTest,
)
from soildesk.farmland.queries import bought
from soilrules.farmland import grain
from soilrules.farmland.custody import ON_PAPER, LotFacts, Next, Notice, Step, holds_lock, next_steps
from soilrules.farmland.grain import Balance, Finding, Part
from soilrules.farmland.producelimits import Sample
from soilrules.farmland.purchases import Answered, Buyer, Timing
from soilrules.standards.crops import groups_of

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Source:
    """What of a lot is disposed of: a move, or what a household keeps; `left` is what nothing stands for yet."""

    move: LotMove | None
    kept: LotHousehold | None
    left: Decimal

    @property
    def household(self) -> Household | None:
        """The household, where it is one's food."""
        return self.kept.household if self.kept else None


@dataclass(frozen=True)
class Held:
    """A lot with everything told of it by a day."""

    lot: Lot
    on: date
    moves: Sequence[LotMove]
    households: Sequence[LotHousehold]
    disposals: Sequence[Disposal]
    notices: Sequence[GrainNotice]
    tests: Sequence[ProduceTest]
    payments: Sequence[LotPayment]
    buyers: Sequence[Buyer] = ()

    @property
    def locked(self) -> bool:
        """Whether the ground was locked for it; grain of a lock that was lifted was locked all the same."""
        return self.lot.locked_on is not None and self.lot.locked_on <= self.on

    @property
    def lifted(self) -> bool:
        """Whether the lock was lifted by the day."""
        return self.lot.unlocked_on is not None and self.lot.unlocked_on <= self.on

    @property
    def harvest(self) -> Decimal | None:
        """The harvest, once it was told."""
        told = self.lot.harvested_on is None or self.lot.harvested_on <= self.on
        return self.lot.harvest_t if told else None

    @property
    def parts(self) -> dict[Part, Decimal | None]:
        """Tonnes that went each way; None where nobody told."""
        found: dict[Part, Decimal | None] = dict.fromkeys(Part)
        for one in self.moves:
            found[Part(one.part)] = (found[Part(one.part)] or ZERO) + one.tonnes
        if self.households:
            kept = [one.kept_t for one in self.households]
            found[Part.KEPT] = None if None in kept else sum((one for one in kept if one is not None), ZERO)
        return found

    @property
    def kept_told(self) -> Decimal:
        """What the households that told it keep; more may come."""
        return sum((one.kept_t for one in self.households if one.kept_t is not None), ZERO)

    @property
    def covered(self) -> dict[Part, Decimal]:
        """Of each way what a replacement or disposal stands for."""
        parts = {one.pk: Part(one.part) for one in self.moves}
        found: dict[Part, Decimal] = defaultdict(lambda: ZERO)
        for one in self.disposals:
            if not self.counts(one):
                continue
            found[Part.KEPT if one.household_id else parts[one.move_id or 0]] += one.tonnes
        return dict(found)

    @property
    def above(self) -> Sequence[ProduceTest]:
        """Tests of a laboratory by which grain of the lot lies above its limit: while one stands, no retest clears any of it."""
        told = [one for one in self.tests if one.result_on and one.result_on <= self.on]
        return [one for one in told if one.way == ProduceTest.Way.LABORATORY and Sample(one.said).above]

    def counts(self, one: Disposal) -> bool:
        """Whether a disposal stands for its tonnes: a clearance does not once another laboratory found the lot above."""
        return one.kind != Disposal.Kind.CLEARED or not self.above

    @property
    def silent(self) -> int:
        """Households that have not told what they keep."""
        return sum(one.kept_t is None for one in self.households)

    @property
    def mixed(self) -> Decimal:
        """Bought into store and not said to be apart."""
        return sum((one.tonnes for one in self.moves if one.part == Part.STORED and one.separate is not True), ZERO)

    @property
    def bare_loss(self) -> Decimal:
        """Moisture and loss without a paper."""
        return sum((one.tonnes for one in self.moves if one.part == Part.LOSS and not one.document), ZERO)

    @cached_property
    def answers(self) -> Mapping[int, Answered]:
        """Of each purchase how a test of its buyer answers for it."""
        return bought.answers(self.moves, self.tests, self.buyers, self.on)

    @property
    def untested(self) -> Decimal:
        """The tonnes that were bought and that no test of its buyer answers for, not even a late one."""
        return sum((one.tonnes for one in bought.that_are(self.moves, self.answers, Timing.NONE)), ZERO)

    def source(self, move: str, household: str) -> Source | None:
        """The move or the household of a key, with what is left of it."""
        for one in self.moves:
            if str(one.uid) == move:
                return Source(one, None, one.tonnes - self._done(one.pk, None))
        for kept in self.households:
            if str(kept.household.uid) == household:
                return Source(None, kept, (kept.kept_t or ZERO) - self._done(None, kept.household_id))
        return None

    def _done(self, move: int | None, household: int | None) -> Decimal:
        rows = [one for one in self.disposals if (one.move_id, one.household_id) == (move, household)]
        return sum((one.tonnes for one in rows), ZERO)

    @property
    def balance(self) -> Balance:
        """The balance by soilrules.farmland.grain; of food the households have told so far, what is loose is loose now."""
        parts, covered = self.parts, self.covered
        told = parts[Part.KEPT] is not None or not self.households
        known = parts if told else {**parts, Part.KEPT: self.kept_told}
        bare = {"mixed": self.mixed, "bare_loss": self.bare_loss}
        found = grain.balance(grain.Lot(self.harvest, known, locked=self.locked, covered=covered, **bare), self.on)
        return found if told else _open(found)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What must happen next where the ground was locked; of a lock that was lifted, what was left undone or came loose since."""
        if not self.locked:
            return ()
        kinds = {Notice(one.kind) for one in self.notices}
        unanswered = sum(one.answered_on is None or one.answered_on > self.on for one in self.notices)
        facts = LotFacts(self.balance, kinds, unanswered, self.silent, self.untested, self.odd_yield)
        found = next_steps(facts, self.on)
        told = {Next.UNLOCK, *(Next(str(one)) for one in ON_PAPER if self.lot.unlock_why)} if self.lifted else set()
        return tuple(one for one in found if one.kind not in told)

    @property
    def urgent(self) -> Step | None:
        """The first of it; of a lock that was lifted only what came loose since."""
        again = {str(one) for one in holds_lock(self.balance)}
        return next((one for one in self.steps if not self.lifted or str(one.kind) in again), None)

    @property
    def odd_yield(self) -> Decimal | None:
        """The kg of one mu, where a harvest is not believed."""
        found = grain.odd_yield(self.harvest, self.lot.area_m2, groups_of(self.lot.crop), self.on)
        return None if found is None else found.quantize(Decimal("1"))


def _open(found: Balance) -> Balance:
    """A balance in which a part is told only in part: what is missing is not known yet."""
    numbers = (Finding.UNEXPLAINED, Finding.UNREPORTED)
    loose = tuple(one for one in found.findings if one[0] not in numbers)
    return replace(found, unexplained=None, findings=((Finding.UNREPORTED, None), *loose))


def of(lot: Lot, on: date) -> Held:
    """One lot on a day."""
    return of_many([lot], on)[lot.pk]


def of_many(lots: Iterable[Lot], on: date) -> Mapping[int, Held]:
    """Lots on a day, by key, in a constant number of queries."""
    rows = {one.pk: one for one in lots}
    if not rows:
        return {}
    moves = _by_lot(LotMove.objects.filter(superseded_at=None, lot__in=rows, on__lte=on).order_by("on", "pk"))
    households = _by_lot(
        LotHousehold.objects.filter(superseded_at=None, lot__in=rows).select_related("household").order_by("pk")
    )
    disposals = _by_lot(Disposal.objects.filter(superseded_at=None, lot__in=rows, on__lte=on).order_by("on", "pk"))
    notices = GrainNotice.objects.filter(superseded_at=None, lot__in=rows, on__lte=on).select_related("to")
    tests = ProduceTest.objects.filter(superseded_at=None, lot__in=rows, sampled_on__lte=on).order_by("sampled_on")
    payments = LotPayment.objects.filter(superseded_at=None, lot__in=rows, on__lte=on).order_by("on", "pk")
    told = (moves, households, disposals, _by_lot(notices.order_by("on", "pk")), _by_lot(tests), _by_lot(payments))
    buyers = bought.buyers_on(on) if moves else ()
    return {pk: Held(lot, on, *(by_lot.get(pk, []) for by_lot in told), buyers=buyers) for pk, lot in rows.items()}


def _by_lot(rows: Iterable[object]) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for one in rows:
        found[one.lot_id].append(one)  # type: ignore[attr-defined]
    return found
