"""Whether a computed rate reaches the target a plan prints for it."""

from __future__ import annotations

from decimal import Decimal


def reaches(percent: Decimal, comparator: str, target_percent: Decimal | None) -> bool | None:
    """Whether a rate in percent meets a target in percent; None where the words fix no edge.

    `comparator` is that of the reader: ">=", "<=", "=", "~" (左右, about) or "text". About a figure is reached from
    the figure on; below it nobody wrote how far is still about, so that is None. The edge itself is inside.

    >>> reaches(Decimal("95"), ">=", Decimal("95"))
    True
    >>> reaches(Decimal("90.9"), "~", Decimal("91")) is None
    True
    """
    if target_percent is None or comparator not in {">=", "<=", "=", "~"}:
        return None
    if comparator == "<=":
        return percent <= target_percent
    if comparator == "=":
        return percent == target_percent
    if percent >= target_percent:
        return True
    return None if comparator == "~" else False
