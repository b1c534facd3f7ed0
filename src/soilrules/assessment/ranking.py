"""Ranks among like places: only of those whose score is known well enough to stand before or behind the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Rank:
    """The place in the order: one number, or from which to which where ranges overlap."""

    first: int
    last: int


def ranked(scores: Mapping[str, tuple[Decimal, Decimal]], least: int) -> dict[str, Rank]:
    """The rank of each by its worst and best score; none where there are fewer than `least`. Equal scores share a rank.

    >>> ranked({"a": (Decimal(90), Decimal(90)), "b": (Decimal(80), Decimal(95))}, 2)["b"]
    Rank(first=1, last=2)
    """
    if len(scores) < max(least, 1):
        return {}
    return {
        name: Rank(
            1 + sum(other[0] > best for key, other in scores.items() if key != name),
            1 + sum(other[1] > worst for key, other in scores.items() if key != name),
        )
        for name, (worst, best) in scores.items()
    }
