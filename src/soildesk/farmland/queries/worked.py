"""Where a technique or variety worked: the units it was used on, and what the produce of those units was found to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from soildesk.core.permissions import Actor
from soildesk.farmland.models import UnitMeasure
from soildesk.farmland.queries import produced
from soildesk.farmland.queries.then import Then


@dataclass(frozen=True, slots=True)
class Used:
    """A technique used on one unit in one year; `within` None: no produce of that year says anything; `yuan` None: nobody said
    what it cost.
    """

    unit_id: int
    year: int
    area_m2: Decimal
    within: bool | None
    yuan: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """All uses of one technique."""

    uses: tuple[Used, ...] = ()

    @property
    def within(self) -> int:
        """Uses whose produce was within its limits."""
        return sum(one.within is True for one in self.uses)

    @property
    def above(self) -> int:
        """Uses whose produce was above."""
        return sum(one.within is False for one in self.uses)

    @property
    def yuan_of_mu(self) -> Decimal | None:
        """What it cost on one mu, of the uses whose cost was told; None where none was."""
        told = [one for one in self.uses if one.yuan is not None and one.area_m2]
        area = sum((one.area_m2 for one in told), Decimal(0))
        if not area:
            return None
        return (sum((one.yuan or Decimal(0) for one in told), Decimal(0)) * 10_000 / 15 / area).quantize(
            Decimal("0.01")
        )

    @property
    def area_m2(self) -> Decimal:
        """The ground it was used on, each use once."""
        return sum((one.area_m2 for one in self.uses), Decimal(0))


def worked(actor: Actor | None, techniques: Collection[int], on: date) -> dict[int, Worked]:
    """By technique; those that were never used are not there."""
    rows = UnitMeasure.objects.visible_to(actor).filter(superseded_at=None, technique__in=techniques, year__lte=on.year)
    areas: dict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
    costs: dict[tuple[int, int, int], Decimal | None] = {}
    for technique, unit, year, area, yuan in rows.values_list("technique", "unit", "year", "area_m2", "cost_yuan"):
        key = (technique, unit, year)
        areas[key] = max(areas[key], area)
        before = costs.get(key, Decimal(0))
        costs[key] = None if yuan is None or before is None else before + yuan
    eaten = {
        year: produced.within([unit for _t, unit, each in areas if each == year], Then(year, on))
        for year in {year for _t, _u, year in areas}
    }
    found: dict[int, list[Used]] = defaultdict(list)
    for (technique, unit, year), area in areas.items():
        found[technique].append(Used(unit, year, area, eaten[year].get(unit), costs[technique, unit, year]))
    return {key: Worked(tuple(sorted(uses, key=lambda one: (-one.year, one.unit_id)))) for key, uses in found.items()}
