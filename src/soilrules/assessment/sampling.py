"""Which rows behind a self-assessment are looked at: drawn item by item from a published seed, drawable again by anybody.

The draw is that of the re-check of reports (`soilrules.plots.first_pass`): the same share of every item's rows, rounded up.
The hash of the population says what was in the urn.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from soilrules.plots.first_pass import recheck_lot

METHOD = "stratified-sha256-1"
"""Names this way of drawing; another way gets another name."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn: (item, row) in the order of the lot, and the hash of what there was to draw from."""

    drawn: tuple[tuple[str, str], ...]
    population: str


def population_hash(rows: Mapping[str, Collection[str]]) -> str:
    """The fingerprint of the rows of all items, whatever their order.

    >>> population_hash({"a": ["2", "1"]}) == population_hash({"a": ["1", "2"]})
    True
    """
    lines = sorted(f"{item}\t{key}" for item, keys in rows.items() for key in set(keys))
    return sha256("\n".join(lines).encode()).hexdigest()


def drawn_from(rows: Mapping[str, Collection[str]], share: Decimal, seed: str) -> Sample:
    """Draw such a share of the rows of every item. Raises ValueError for a blank seed or a share there cannot be.

    >>> drawn_from({"a": ["1", "2", "3"]}, Decimal("0.5"), "2026-01-05 3141").drawn
    (('a', '2'), ('a', '1'))
    """
    if not seed.strip():
        raise ValueError("the seed is blank; expected one that was published before the draw.")
    found = [
        (item, key)
        for item in sorted(rows)
        if rows[item]
        for key in recheck_lot(dict.fromkeys(rows[item], Decimal(1)), share, f"{seed.strip()}\n{item}").drawn
    ]
    return Sample(tuple(found), population_hash(rows))
