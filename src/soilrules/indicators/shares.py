"""The share of a whole, as every rate of a plan is: a part of the same rows, never more than all of them."""

from __future__ import annotations

from decimal import Decimal


def share(part: int, whole: int, *, part_is: str = "rows that count", whole_is: str = "rows") -> Decimal | None:
    """`part` of `whole` as a fraction of 1; nothing at all has no share, which is None and not 100 %.

    Raises ValueError where the part is negative or exceeds the whole.

    >>> share(3, 4, part_is="done", whole_is="tasks")
    Decimal('0.75')
    >>> share(0, 0, part_is="done", whole_is="tasks") is None
    True
    """
    if not 0 <= part <= whole:
        raise ValueError(
            f"{part} {part_is} of {whole} {whole_is} is no share: expected 0 to {whole}. "
            "Check that both figures are of the same plan and day."
        )
    return Decimal(part) / Decimal(whole) if whole else None
