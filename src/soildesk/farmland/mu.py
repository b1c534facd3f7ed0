"""Areas of farmland: kept in m², told in 亩 (1 亩 = 10000/15 m²) and hectares."""

from __future__ import annotations

import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

M2_PER_HA = Decimal(10000)
MU_PER_HA = Decimal(15)
M2_OF_MU = 10_000 / 15
CENT = ONE_PER_CENT = Decimal("0.01")
ROUNDING_M2 = Decimal("3.4")
"""What half of a hundredth of a 亩 comes to, rounded up: areas given in 亩 are not truer than that."""

PLACES = range(-4, 13)
"""Where the first digit of a written area may stand, from the fourth place behind the point on: the whole country has 13 digits of m²."""


def written(text: object) -> Decimal:
    """A written area as a number above 0. Raises ValueError where it is none, or none that ground can have.

    >>> written("１，234.5")
    Decimal('1234.5')
    """
    try:
        value = Decimal(unicodedata.normalize("NFKC", str(text)).replace(",", ""))
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite() or value <= 0 or value.adjusted() not in PLACES:
        raise ValueError(text)
    return value


def to_mu(area_m2: Decimal | float) -> Decimal:
    """Square metres in 亩, to a hundredth.

    >>> to_mu(Decimal(10000))
    Decimal('15.00')
    """
    return (Decimal(str(area_m2)) * MU_PER_HA / M2_PER_HA).quantize(CENT, ROUND_HALF_UP)


def to_m2(area_mu: Decimal | float) -> Decimal:
    """亩 in square metres, to a hundredth."""
    return (Decimal(str(area_mu)) * M2_PER_HA / MU_PER_HA).quantize(CENT, ROUND_HALF_UP)


def differs(on_paper: Decimal, found: Decimal | float) -> bool:
    """Whether an area on paper is told as different: by more than 1 %, as everywhere areas are compared.

    >>> differs(Decimal(101), 100), differs(Decimal("101.1"), 100)
    (False, True)
    """
    other = Decimal(str(found))
    return abs(on_paper - other) > ONE_PER_CENT * other


def told(area_m2: Any) -> str:
    """An area as a page tells it: 亩, and hectares beside.

    >>> told(Decimal(40000))
    '60.00 亩（4.0000 公顷）'
    """
    if area_m2 is None:
        return "—"
    hectares = Decimal(str(area_m2)) / M2_PER_HA
    return f"{to_mu(area_m2):,} 亩（{hectares:,.4f} 公顷）"
