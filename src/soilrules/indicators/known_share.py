"""A share where some rows are not known: those are counted apart, and the share lies between two bounds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class KnownShare:
    """How many rows do, do not, and are not known; as fractions of 1 the least and the most the share can be."""

    yes: int
    no: int
    unknown: int

    def __post_init__(self) -> None:
        if min(self.yes, self.no, self.unknown) < 0:
            raise ValueError(
                f"{self.yes} yes, {self.no} no, {self.unknown} unknown are no counts: expected 0 or more. "
                "Check that all figures are of the same rows and day."
            )

    @property
    def whole(self) -> int:
        """All rows."""
        return self.yes + self.no + self.unknown

    @property
    def applicable(self) -> bool:
        """Whether there is any row at all; without one there is no share."""
        return self.whole > 0

    @property
    def least(self) -> Decimal | None:
        """The share if nothing unknown counts; None where not applicable.

        >>> KnownShare(yes=3, no=0, unknown=1).least
        Decimal('0.75')
        """
        return Decimal(self.yes) / self.whole if self.whole else None

    @property
    def most(self) -> Decimal | None:
        """The share if everything unknown counts; None where not applicable."""
        return Decimal(self.yes + self.unknown) / self.whole if self.whole else None

    def reaches(self, target: Decimal) -> bool | None:
        """Whether the share is at least `target`, a fraction of 1; None where the unknown rows decide or there is none.

        >>> KnownShare(yes=9, no=1, unknown=0).reaches(Decimal("0.9"))
        True
        >>> KnownShare(yes=8, no=1, unknown=1).reaches(Decimal("0.9")) is None
        True
        """
        least, most = self.least, self.most
        if least is None or most is None:
            return None
        return True if least >= target else None if most >= target else False
