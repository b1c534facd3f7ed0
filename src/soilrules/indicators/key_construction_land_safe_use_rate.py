"""Safe use of key construction land (重点建设用地安全利用率): land changed in the year to housing or public use (一住两公).

rate = (area of it − area developed against the rules) / area of it (mark K-med).
One plan passes on either of two branches: 100 %, or at least 95 % with every violation punished and put right (mark S).
No such land is no rate, not 100 %; the national plan names no number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from soilrules.indicators.area_share import AreaShare

MARK = "K-med"
BRANCH = Decimal("0.95")
BRANCH_MARK = "S"


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation found on such land; None is not known."""

    punished: bool | None
    rectified: bool | None

    @property
    def settled(self) -> bool | None:
        """Whether it is punished and put right."""
        both = (self.punished, self.rectified)
        return False if False in both else None if None in both else True


def key_construction_land_safe_use_rate(
    *, lawful_m2: Decimal, violating_m2: Decimal, unknown_m2: Decimal = Decimal(0), without_area: int = 0
) -> AreaShare:
    """Share of the area changed to housing or public use that was not developed against the rules.

    >>> key_construction_land_safe_use_rate(lawful_m2=Decimal(950), violating_m2=Decimal(50)).exact
    Decimal('0.95')
    """
    return AreaShare(lawful_m2, violating_m2, unknown_m2, without_area)


def passes_either_branch(rate: AreaShare, violations: Sequence[Violation]) -> bool | None:
    """Whether the rate passes by the two branches; None where what is unknown decides, or there is no rate.

    >>> passes_either_branch(AreaShare(Decimal(96), Decimal(4)), [Violation(punished=True, rectified=True)])
    True
    >>> passes_either_branch(AreaShare(Decimal(96), Decimal(4)), [Violation(punished=True, rectified=False)])
    False
    """
    if not rate.applicable:
        return None
    settled = [one.settled for one in violations]
    if (rate.no_m2 and not violations) or rate.unknown_m2 or rate.without_area:
        settled.append(None)  # there is, or may be, a violation nobody wrote down
    all_settled = False if False in settled else None if None in settled else True
    branches = (rate.reaches(Decimal(1)), _both(rate.reaches(BRANCH), all_settled))
    return True if True in branches else None if None in branches else False


def _both(one: bool | None, other: bool | None) -> bool | None:
    return False if False in (one, other) else None if None in (one, other) else True
