"""The share of an area where some of it is not known: the share lies between two bounds, and a plot without an area opens them wholly."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class AreaShare:
    """Square metres that do, do not, and are not known; `without_area` are plots that count but whose area nobody told."""

    yes_m2: Decimal
    no_m2: Decimal
    unknown_m2: Decimal = Decimal(0)
    without_area: int = 0

    def __post_init__(self) -> None:
        if min(self.yes_m2, self.no_m2, self.unknown_m2) < 0 or self.without_area < 0:
            raise ValueError(
                f"{self.yes_m2} m² yes, {self.no_m2} m² no, {self.unknown_m2} m² unknown, {self.without_area} plots "
                "without area: expected 0 or more. Check that all figures are of the same plots and day."
            )

    @property
    def whole_m2(self) -> Decimal:
        """All the area that is known."""
        return self.yes_m2 + self.no_m2 + self.unknown_m2

    @property
    def applicable(self) -> bool:
        """Whether there is any plot at all; without one there is no share."""
        return self.whole_m2 > 0 or self.without_area > 0

    @property
    def least(self) -> Decimal | None:
        """The share if nothing unknown counts; None where not applicable.

        >>> AreaShare(Decimal(300), Decimal(0), Decimal(100)).least
        Decimal('0.75')
        """
        if not self.applicable:
            return None
        return Decimal(0) if self.without_area else self.yes_m2 / self.whole_m2

    @property
    def most(self) -> Decimal | None:
        """The share if everything unknown counts; None where not applicable."""
        if not self.applicable:
            return None
        return Decimal(1) if self.without_area else (self.yes_m2 + self.unknown_m2) / self.whole_m2

    @property
    def exact(self) -> Decimal | None:
        """The share where nothing is unknown, else None."""
        return self.least if self.least == self.most else None

    def reaches(self, target: Decimal) -> bool | None:
        """Whether the share is at least `target`; None where what is unknown decides, or there is no share.

        >>> AreaShare(Decimal(95), Decimal(5)).reaches(Decimal("0.95"))
        True
        >>> AreaShare(Decimal(90), Decimal(5), Decimal(5)).reaches(Decimal("0.95")) is None
        True
        """
        least, most = self.least, self.most
        if least is None or most is None:
            return None
        return True if least >= target else None if most >= target else False
