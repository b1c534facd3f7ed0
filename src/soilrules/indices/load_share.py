"""Load share (分担率): how much each element adds to the sum of the single factors of a set.

share = Pi / ΣPi, so the shares of a set sum to 1. One unknown element makes every share unknown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from soilrules.indices.method import Method, shipped
from soilrules.indices.results import ElementIndex, IndexResult, graded, shared, switched_off
from soilrules.indices.single_factor import SingleFactors
from soilrules.indices.wording import reason


@dataclass(frozen=True, kw_only=True)
class LoadShares(IndexResult):
    """The share of every element, 0 to 1; `total` is ΣPi, None where it is unknown."""

    total: float | None

    @property
    def largest(self) -> str | None:
        """The element with the largest share, None where it is unknown."""
        known = {row.element: row.value for row in self.rows if row.value is not None}
        return max(known, key=lambda one: known[one]) if known else None


def load_shares(factors: SingleFactors, *, method: Method | None = None) -> LoadShares:
    """The load shares over exactly the element set of `factors`."""
    method = method or shipped("load_share")
    known = [row.value for row in factors.rows if row.value is not None]
    total = math.fsum(known) if method.in_use and len(known) == len(factors.rows) else None
    rows = tuple(_share(row, total, method) for row in factors.rows)
    found = shared(factors) | graded(factors, method, ()) | {"method": method, "rows": rows}
    return LoadShares(**found, total=total)


def _share(factor: ElementIndex, total: float | None, method: Method) -> ElementIndex:
    """The share of one element; the row keeps the content and the standard of its factor."""
    row = ElementIndex(
        element=factor.element,
        content_mg_kg=factor.content_mg_kg,
        substituted=factor.substituted,
        reference=factor.reference,
        unknown=factor.unknown,
    )
    if not method.in_use:
        return replace(row, unknown=switched_off(method))
    if factor.value is None:
        return row
    if not total:
        return replace(row, unknown=reason("others_unknown" if total is None else "nothing_to_share", row.element))
    return replace(row, value=factor.value / total)
