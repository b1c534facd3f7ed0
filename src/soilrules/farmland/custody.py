"""What must happen next with a locked lot, and whose it is: food first, then what is loose, then what is not told.

Rests on the balance of soilrules.farmland.grain; the offices are those of the plans: the farming office tests and locks, the
grain office buys and stores, towns keep the households.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from soilrules.farmland.grain import Balance, Finding, plain
from soilrules.farmland.grainrules import Decides, GrainRule, params, rule
from soilrules.farmland.rulesets import ROOM
from soilrules.messages import Message

BASES = ("farmland.produce_law.sale", "farmland.food_law.limits")
PURCHASE_BASES = ("farmland.grain_order.test",)


class Office(StrEnum):
    """Whose a step is."""

    FARMING = "agriculture"
    GRAIN = "grain"
    TOWN = "town"


class Notice(StrEnum):
    """Notices about a lot."""

    LOCK = "lock"
    PURCHASE = "purchase"
    RECALL = "recall"


class Next(StrEnum):
    """What must happen, the most urgent first."""

    KEPT_UNCOVERED = "kept_uncovered"
    SOLD_WHILE_LOCKED = "sold_while_locked"
    RECALL = "recall"
    LOCK_NOTICE = "lock_notice"
    HOUSEHOLDS_SILENT = "households_silent"
    PURCHASE_NOTICE = "purchase_notice"
    FED_UNCOVERED = "fed_uncovered"
    NOT_SEPARATE = "not_separate"
    STORE_UNCOVERED = "store_uncovered"
    LOSS_UNPROVEN = "loss_unproven"
    PURCHASE_UNTESTED = "purchase_untested"
    UNREPORTED = "unreported"
    HARVEST_ODD = "harvest_odd"
    MORE_THAN_HARVEST = "more_than_harvest"
    UNEXPLAINED = "unexplained"
    ANSWERS_MISSING = "answers_missing"
    UNLOCK = "unlock"


WHOSE = {
    Next.HOUSEHOLDS_SILENT: Office.TOWN,
    Next.KEPT_UNCOVERED: Office.TOWN,
    Next.NOT_SEPARATE: Office.GRAIN,
    Next.STORE_UNCOVERED: Office.GRAIN,
    Next.PURCHASE_UNTESTED: Office.GRAIN,
}
"""Whose a step is, where it is not the farming office's."""
BY_RULE = {
    Next.HARVEST_ODD: Decides.USUAL_YIELD,
    Next.LOSS_UNPROVEN: Decides.LOSS_ASKED,
}
"""Steps that rest on a rule of data/farmland/grain.yaml, whose mark they tell."""


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What is known of a locked lot beside its balance: notices sent, answers and households that are missing, tonnes that
    buyers took without a test of theirs, the kg of one mu where the harvest told is not believed."""

    balance: Balance
    notices: Collection[Notice]
    unanswered: int
    silent: int
    untested: Decimal
    odd_yield: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: how much it is about, None where that is not known or not asked; the rule it rests on, where one is data."""

    kind: Next
    amount: Decimal | int | None = None
    rule: GrainRule | None = None

    @property
    def office(self) -> Office:
        """Whose it is."""
        return WHOSE.get(self.kind, Office.FARMING)

    @property
    def message(self) -> Message:
        """The step as a sentence."""
        return Message(ROOM, "custody", self.kind, {**params(self.rule), "tonnes": plain(self.amount)})


def next_steps(lot: LotFacts, on: date) -> tuple[Step, ...]:
    """What must happen next with a locked lot on a day, the most urgent first; it may be unlocked when nothing else is left."""
    found: dict[Next, Decimal | int | None] = {Next(kind.value): tonnes for kind, tonnes in lot.balance.findings}
    if Next.SOLD_WHILE_LOCKED in found and Notice.RECALL not in lot.notices:
        found[Next.RECALL] = None
    if Notice.LOCK not in lot.notices:
        found[Next.LOCK_NOTICE] = None
    if Notice.PURCHASE not in lot.notices:
        found[Next.PURCHASE_NOTICE] = None
    counted: dict[Next, Decimal | int] = {
        Next.HOUSEHOLDS_SILENT: lot.silent,
        Next.PURCHASE_UNTESTED: lot.untested,
        Next.ANSWERS_MISSING: lot.unanswered,
        Next.HARVEST_ODD: lot.odd_yield or 0,
    }
    found |= {kind: amount for kind, amount in counted.items() if amount}
    steps = tuple(Step(kind, found[kind], _rule(kind, on)) for kind in Next if kind in found)
    return steps or (Step(Next.UNLOCK),)


def _rule(kind: Next, on: date) -> GrainRule | None:
    return rule(BY_RULE[kind], on) if kind in BY_RULE else None


ON_PAPER = (Finding.UNEXPLAINED, Finding.NOT_SEPARATE)
"""What nothing can mend any more: grain nobody can trace, grain that lay among other grain and was disposed of with it."""


def holds_lock(balance: Balance) -> tuple[Finding, ...]:
    """The findings with which a lock may not be lifted: only what nothing can mend may be left, with a written ground."""
    return tuple(kind for kind, _tonnes in balance.findings if kind not in ON_PAPER)
