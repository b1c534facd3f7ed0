"""One laboratory value as the rules take it: a number, or not detected below a reporting limit. Never zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation


@dataclass(frozen=True, slots=True)
class Reading:
    """A detected `value`, or with `detected=False` the reporting limit (报告限) below which nothing was found.

    Units are the caller's: all values of one call, its target and its limits stand in one unit. Raises ValueError
    for anything that is not a number above zero.
    """

    value: Decimal
    detected: bool = True
    label: str = ""

    def __post_init__(self) -> None:
        if not self.value.is_finite() or self.value <= 0:
            raise ValueError(
                f"{self.value} ({self.label or 'a laboratory value'}) is no content: expected a number above 0. "
                "Give a non-detect as `<` and its reporting limit, never as 0."
            )

    @classmethod
    def parse(cls, text: str, label: str = "") -> Reading:
        """The reading of "0.3" or "<0.01".

        >>> Reading.parse("<0.01").detected
        False
        """
        plain = text.strip()
        try:
            return cls(Decimal(plain.removeprefix("<").strip()), not plain.startswith("<"), label)
        except InvalidOperation:
            raise ValueError(f"{text!r} ({label or 'a laboratory value'}): expected a number or `<` and one.") from None

    def __str__(self) -> str:
        return f"{'' if self.detected else '<'}{self.value}"

    @property
    def least(self) -> Decimal:
        """The smallest content the reading allows: its value, or 0 where nothing was detected."""
        return self.value if self.detected else Decimal(0)


@dataclass(frozen=True, slots=True)
class Observation:
    """One reading of a series: one point, one analyte, the day of sampling."""

    on: date
    reading: Reading


def in_order(series: Sequence[Observation]) -> tuple[Observation, ...]:
    """The series by day. Raises ValueError where a day stands twice."""
    ordered = tuple(sorted(series, key=lambda one: one.on))
    for one, following in zip(ordered, ordered[1:], strict=False):
        if one.on == following.on:
            raise ValueError(
                f"two values of {one.on}: expected one for a day. Put parallel samples together before asking."
            )
    return ordered


def listed(readings: Sequence[Reading]) -> str:
    """The readings as an officer reads them: label and value."""
    return "；".join(f"{one.label} {one}".strip() for one in readings)
