"""Whether a computed rate reaches the target a plan prints for it."""

from __future__ import annotations

import re
from decimal import Decimal

_AMOUNT = re.compile("[0-9]+(?:[.][0-9]+)?")


def reaches(percent: Decimal, comparator: str, target_percent: Decimal | None) -> bool | None:
    """Whether a rate in percent meets a target in percent; None where the words fix no edge.

    `comparator` is that of the reader: ">=", "<=", "=" (a figure alone, or with 达到), "~" (左右, about) or "text". What is
    counted is what is done, so a figure alone is reached by more of it, and so is about a figure; below that nobody
    wrote how far is still about, so that is None. The edge itself is inside.

    >>> reaches(Decimal("95"), ">=", Decimal("95"))
    True
    >>> reaches(Decimal("90.9"), "~", Decimal("91")) is None
    True
    """
    if target_percent is None or comparator not in {">=", "<=", "=", "~"}:
        return None
    if comparator == "<=":
        return percent <= target_percent
    if percent >= target_percent:
        return True
    return None if comparator == "~" else False


def amount_of(text: str, unit: str) -> Decimal | None:
    """The number of a target that is printed as a number with its unit; None where the words say anything else.

    >>> amount_of("4万亩", "万亩")
    Decimal('4')
    >>> amount_of("达到市级要求", "") is None
    True
    """
    digits = text.strip().removesuffix(unit).strip() if unit else ""
    return Decimal(digits) if _AMOUNT.fullmatch(digits) else None
