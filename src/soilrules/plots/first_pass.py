"""How often a consultant's reports pass at the first review, with what chance alone may do, and which reports are checked again.

The interval is Wilson's: it stays between 0 and 1 and says little where there are few reports. The recheck lot is drawn
from a published seed and anybody can draw it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from soilrules.enterprises.inspection_lot import Lot, draw

Z = Decimal("1.959963984540054")  # 95 %, two-sided


@dataclass(frozen=True, slots=True)
class FirstPass:
    """One consultant: reports that passed at once of those reviewed; `waiting` have no verdict yet and count in neither."""

    consultant: str
    passed: int
    reviewed: int
    waiting: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.passed <= self.reviewed or self.waiting < 0:
            raise ValueError(
                f"{self.passed} passed of {self.reviewed}, {self.waiting} waiting: expected 0 to all reviewed. "
                "Check that the figures are of the same consultant and time."
            )

    @property
    def rate(self) -> Decimal | None:
        """The share that passed at once; None where nothing was reviewed.

        >>> FirstPass("A", 9, 10).rate
        Decimal('0.9')
        """
        return Decimal(self.passed) / self.reviewed if self.reviewed else None

    @property
    def interval(self) -> tuple[Decimal, Decimal] | None:
        """Where the rate of the consultant lies with 95 % confidence; None where nothing was reviewed.

        >>> [str(round(one, 4)) for one in FirstPass("A", 9, 10).interval or ()]
        ['0.5958', '0.9821']
        """
        return wilson(self.passed, self.reviewed) if self.reviewed else None


def wilson(part: int, whole: int, z: Decimal = Z) -> tuple[Decimal, Decimal]:
    """Wilson's score interval of a share. Raises ValueError where there is no share.

    >>> wilson(0, 10)[0]
    Decimal('0')
    """
    if not 0 <= part <= whole or whole == 0:
        raise ValueError(f"{part} of {whole} is no share: expected 0 to {whole}, of 1 or more.")
    share, n = Decimal(part) / whole, Decimal(whole)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * (share * (1 - share) / n + z * z / (4 * n * n)).sqrt() / (1 + z * z / n)
    low = Decimal(0) if part == 0 else max(Decimal(0), middle - half)
    high = Decimal(1) if part == whole else min(Decimal(1), middle + half)
    return low, high


def by_consultant(outcomes: Sequence[tuple[str, bool | None]]) -> tuple[FirstPass, ...]:
    """The first reviews counted by consultant: passed, not passed, or None while there is no verdict.

    >>> by_consultant([("A", True), ("A", None), ("B", False)])[0]
    FirstPass(consultant='A', passed=1, reviewed=1, waiting=1)
    """
    found: list[FirstPass] = []
    for consultant in sorted({name for name, _ in outcomes}):
        own = [outcome for name, outcome in outcomes if name == consultant]
        known = [outcome for outcome in own if outcome is not None]
        found.append(FirstPass(consultant, sum(known), len(known), len(own) - len(known)))
    return tuple(found)


def recheck_lot(reports: Mapping[str, Decimal], share: Decimal, seed: str) -> Lot:
    """Reports to be checked again: so large a share of them, rounded up, drawn by weight. Raises ValueError.

    >>> recheck_lot({"R1": Decimal(1), "R2": Decimal(1), "R3": Decimal(1)}, Decimal("0.1"), "2026-01-05 3141").drawn
    ('R1',)
    """
    if not 0 < share <= 1:
        raise ValueError(f"{share} is no share of the reports: expected above 0 and at most 1, such as 0.1.")
    count = int((len(reports) * share).to_integral_value(ROUND_CEILING))
    return draw(reports, count, seed)
