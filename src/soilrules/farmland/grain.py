"""Grain of a lot from harvest to its end: tonnes that must balance, and grain of locked ground that must not reach a table.

harvest = bought into store + kept as food + feed and seed + sold elsewhere + moisture and loss + unexplained. The rest that
nobody explains is shown and never put into another part. Of a locked lot every tonne kept as food needs a replacement or
a record of its disposal. Tonnes are Decimals; a part nobody reported is None and leaves the balance open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from soilrules.farmland.grainrules import Decides, GrainRule, Rules, params, rule
from soilrules.farmland.rulesets import ROOM
from soilrules.messages import Message


class Part(StrEnum):
    """Where the grain of a harvest went."""

    STORED = "stored"  # 收购入库
    KEPT = "kept"  # 自留口粮
    FEED_SEED = "feed_seed"  # 饲料和种子
    SOLD = "sold"  # 其他销售
    LOSS = "loss"  # 水分和损耗


class Finding(StrEnum):
    """What a lot is short of."""

    UNREPORTED = "unreported"
    UNEXPLAINED = "unexplained"
    MORE_THAN_HARVEST = "more_than_harvest"
    KEPT_UNCOVERED = "kept_uncovered"
    SOLD_WHILE_LOCKED = "sold_while_locked"
    FED_UNCOVERED = "fed_uncovered"
    STORE_UNCOVERED = "store_uncovered"
    NOT_SEPARATE = "not_separate"
    LOSS_UNPROVEN = "loss_unproven"


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot of one harvest, in tonnes. `covered`: of each part, what a replacement or a disposal on paper stands for.

    `mixed` is what was bought into store and not kept apart from other grain, or of which nobody said so; `bare_loss` is moisture
    and loss without a paper.
    """

    harvest: Decimal | None
    parts: Mapping[Part, Decimal | None]
    locked: bool
    covered: Mapping[Part, Decimal]
    mixed: Decimal = Decimal(0)
    bare_loss: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Balance:
    """The balance of a lot: `unexplained` None while a part was not reported; findings with their tonnes.

    `loss` is the rule by which moisture and loss ask for a paper.
    """

    unexplained: Decimal | None
    findings: tuple[tuple[Finding, Decimal | None], ...]
    loss: GrainRule | None = None

    @property
    def closed(self) -> bool:
        """Whether every tonne is accounted for and none of locked ground is loose."""
        return not self.findings

    def messages(self) -> tuple[Message, ...]:
        """The findings as sentences."""
        told = params(self.loss)
        return tuple(Message(ROOM, "grain", kind, {**told, "tonnes": plain(tonnes)}) for kind, tonnes in self.findings)


def plain(tonnes: Decimal | int | None) -> str:
    """Tonnes as people write them; a dash where nobody told.

    >>> plain(Decimal("9.500")), plain(Decimal("0.000")), plain(None)
    ('9.5', '0', '—')
    """
    if tonnes is None:
        return "—"
    return f"{Decimal(tonnes).normalize():f}" if tonnes else "0"


LOCKED_PARTS = {
    Part.KEPT: Finding.KEPT_UNCOVERED,
    Part.SOLD: Finding.SOLD_WHILE_LOCKED,
    Part.FEED_SEED: Finding.FED_UNCOVERED,
    Part.STORED: Finding.STORE_UNCOVERED,
}
"""What of a locked lot must have its replacement, directed sale or disposal on paper."""


def balance(lot: Lot, on: date, rules: Rules | None = None) -> Balance:
    """The balance of a lot on a day. Raises ValueError for tonnes below 0 and for more covered than a part holds.

    >>> parts = {part: Decimal(0) for part in Part} | {Part.STORED: Decimal(9), Part.LOSS: Decimal(1)}
    >>> balance(Lot(Decimal(10), parts, locked=False, covered={}), date(2026, 11, 20)).closed
    True
    """
    _check(lot)
    loss = rule(Decides.LOSS_ASKED, on, rules)
    findings: list[tuple[Finding, Decimal | None]] = []
    parts = [lot.parts.get(part) for part in Part]
    left = None if lot.harvest is None else lot.harvest - sum((one for one in parts if one is not None), Decimal(0))
    unexplained = None if None in parts else left
    if unexplained is None:
        findings.append((Finding.UNREPORTED, None))
    elif unexplained > 0:
        findings.append((Finding.UNEXPLAINED, unexplained))
    if left is not None and left < 0:  # more than the harvest stays more, whatever is told yet
        findings.append((Finding.MORE_THAN_HARVEST, -left))
    if lot.locked:
        findings.extend(_loose(lot, loss))
    return Balance(unexplained, tuple(findings), loss)


def _loose(lot: Lot, loss: GrainRule | None) -> list[tuple[Finding, Decimal | None]]:
    """What of a locked lot went somewhere without paper."""
    rest = {part: (lot.parts.get(part) or Decimal(0)) - lot.covered.get(part, Decimal(0)) for part in LOCKED_PARTS}
    loose: list[tuple[Finding, Decimal | None]] = [
        (finding, rest[part]) for part, finding in LOCKED_PARTS.items() if rest[part] > 0
    ]
    if lot.mixed > 0:
        loose.append((Finding.NOT_SEPARATE, lot.mixed))
    if loss and lot.harvest is not None and lot.bare_loss > loss.numbers["share"] * lot.harvest:
        loose.append((Finding.LOSS_UNPROVEN, lot.bare_loss))
    return loose


CEREALS = frozenset({"rice", "wheat", "maize", "other_cereals"})
M2_OF_15_MU = 10_000


def kg_per_mu(harvest_t: Decimal, area_m2: Decimal) -> Decimal | None:
    """The harvest of one mu in kg; None without an area.

    >>> kg_per_mu(Decimal("8.62"), Decimal("34411.27")).quantize(Decimal("0.1"))
    Decimal('167.0')
    """
    return harvest_t * 1000 * M2_OF_15_MU / (15 * area_m2) if area_m2 > 0 else None


def odd_yield(
    harvest_t: Decimal | None, area_m2: Decimal, groups: Collection[str], on: date, rules: Rules | None = None
) -> Decimal | None:
    """The harvest of one mu in kg where a cereal does not yield so; None where nothing is odd or nobody can say.

    >>> odd_yield(Decimal(1), Decimal(20_000), ("rice",), date(2026, 11, 20)).quantize(Decimal("0.1"))
    Decimal('33.3')
    """
    usual = rule(Decides.USUAL_YIELD, on, rules)
    if usual is None or harvest_t is None or CEREALS.isdisjoint(groups):
        return None
    found = kg_per_mu(harvest_t, area_m2)
    return None if found is None or usual.numbers["least_kg"] <= found <= usual.numbers["most_kg"] else found


def too_much(
    harvest_t: Decimal, area_m2: Decimal, on: date, rules: Rules | None = None
) -> tuple[Decimal, GrainRule] | None:
    """The tonnes of one mu with the rule that believes no such harvest; None where it may be.

    >>> too_much(Decimal(900), Decimal(20_000), date(2026, 9, 25)) is None
    True
    """
    most, each = rule(Decides.MOST_YIELD, on, rules), kg_per_mu(harvest_t, area_m2)
    if most is None or each is None or each / 1000 <= most.numbers["tonnes"]:
        return None
    return each / 1000, most


def _check(lot: Lot) -> None:
    amounts: dict[str, Decimal | None] = {"harvest": lot.harvest}
    amounts |= {str(part): one for part, one in lot.parts.items()}
    amounts |= {f"covered {part}": one for part, one in lot.covered.items()} | {"mixed": lot.mixed}
    amounts["bare_loss"] = lot.bare_loss
    for name, tonnes in amounts.items():
        if tonnes is not None and not tonnes >= 0:
            raise ValueError(f"{name}: {tonnes} t is below 0: expected tonnes from 0 on. Check the ledger.")
    for part, tonnes in lot.covered.items():
        if tonnes > (lot.parts.get(part) or Decimal(0)):
            raise ValueError(
                f"{part}: {tonnes} t replaced or disposed of, {lot.parts.get(part)} t there: expected no more than there is."
            )
