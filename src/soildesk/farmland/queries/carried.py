"""What measures cover of units whose ground came from other units within the year: what was done there was done on it.

A measure stays on the unit it was written down for. Where that was divided, joined or given other bounds afterwards, the unit
that took the ground has of it what was drawn on that ground; of a measure without a shape its share of the ground.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import shapely
from django.db.models import QuerySet
from django.utils import timezone

from soildesk.farmland.models import UnitChange, UnitLink, UnitMeasure, UnitVersion
from soildesk.farmland.mu import ROUNDING_M2
from soildesk.farmland.queries.then import Then
from soildesk.kit.passes import once_a_pass
from soildesk.land.shapes import area_m2, union


class Took(NamedTuple):
    """Ground a unit took from another on a day, as a share of all the other had. `goes_on`: the other still stands."""

    on: date
    before: int
    share: float
    goes_on: bool


class Done(NamedTuple):
    """A measure as far as ground asks for it: its day is that it was in place, or that it was written down."""

    on: date
    shape: Any
    area: float


def links(then: Then) -> QuerySet[UnitLink]:
    """The ground that went from unit to unit within the year, up to the day."""
    changes = UnitChange.objects.filter(on__gt=date(then.year, 1, 1), on__lte=then.day)
    return UnitLink.objects.filter(change__in=then.known(changes))


def covered(rows: QuerySet[UnitMeasure], areas: Mapping[int, Decimal], then: Then) -> dict[int, Decimal]:
    """Of those units that took ground within the year, how much of their area measures cover."""
    took = _took(then)
    wanted = sorted(set(areas) & set(took))
    if not wanted:
        return {}
    asked = _reached(wanted, took)
    shapes = UnitVersion.objects.standing(then.day, then.known_on).filter(unit__in=wanted)
    held = _Held(took, _done(rows, asked))
    found = {}
    for unit, shape in shapes.values_list("unit_id", "geometry"):
        area, whole = held.on(_Asked(unit, shape, 1.0, None))[0], areas[unit]
        exact = min(Decimal(str(round(area, 2))), whole)
        if exact:
            found[unit] = whole if whole - exact <= ROUNDING_M2 else exact
    return found


def came_from(unit: int) -> set[int]:
    """The units whose ground a unit took, at any time, and itself."""
    found, open_ = {unit}, {unit}
    while open_:
        rows = UnitLink.objects.filter(after__in=open_, change__superseded_at=None)
        open_ = set(rows.values_list("before", flat=True)) - found
        found |= open_
    return found


class _Asked(NamedTuple):
    """How much of `ground` was covered while it was of `unit`: `share` of the unit's ground, before a day."""

    unit: int
    ground: Any
    share: float
    before: date | None


@dataclass(frozen=True, slots=True)
class _Held:
    took: Mapping[int, list[Took]]
    done: Mapping[int, list[Done]]

    def on(self, asked: _Asked) -> tuple[float, list[Done]]:
        """The area covered, and all that was drawn on it or on what it was."""
        changes = [one for one in self.took.get(asked.unit, ()) if asked.before is None or one.on < asked.before]
        last = max((one.on for one in changes), default=None)
        parts = [one for one in changes if one.on == last]
        own = [one for one in self.done.get(asked.unit, ()) if asked.before is None or one.on < asked.before]
        if last is not None and any(one.before == asked.unit for one in parts):
            own = [one for one in own if one.on >= last]
        plain = max((one.area for one in own if one.shape is None), default=0.0) * asked.share
        drawn = [one for one in own if one.shape is not None]
        came = 0.0
        for part in parts:
            area, earlier = self.on(
                _Asked(part.before, asked.ground, part.share * asked.share, part.on if part.goes_on else None)
            )
            came += area
            drawn += earlier
        return max(plain, came, _drawn_m2(drawn, asked.ground)), drawn


def _drawn_m2(drawn: Sequence[Done], ground: Any) -> float:
    """What drawn measures cover of a ground, each square metre once and no more than was said of them."""
    if not drawn:
        return 0.0
    together = union([one.shape for one in drawn])
    said = min(1.0, sum(one.area for one in drawn) / area_m2(together))
    return area_m2(shapely.intersection(together, ground)) * said


@once_a_pass(lambda then: then)
def _took(then: Then) -> dict[int, list[Took]]:
    """By unit, from which others it took ground."""
    rows = list(links(then).values_list("change", "change__on", "change__kind", "before", "after", "area_m2"))
    whole: dict[tuple[int, int], float] = defaultdict(float)
    for change, _on, _kind, before, _after, area in rows:
        whole[change, before] += area
    found: dict[int, list[Took]] = defaultdict(list)
    for change, on, kind, before, after, area in rows:
        goes_on = kind == UnitChange.Kind.RESHAPE
        found[after].append(Took(on, before, area / whole[change, before], goes_on))
    return found


def _reached(units: Collection[int], took: Mapping[int, list[Took]]) -> set[int]:
    """Some units and all whose ground they took."""
    found, open_ = set(units), list(units)
    while open_:
        new = {one.before for one in took.get(open_.pop(), ())} - found
        found |= new
        open_ += new
    return found


def _done(rows: QuerySet[UnitMeasure], units: Collection[int]) -> dict[int, list[Done]]:
    found: dict[int, list[Done]] = defaultdict(list)
    asked = rows.filter(unit__in=sorted(units)).values_list("unit", "finished_on", "recorded_at", "geometry", "area_m2")
    for unit, finished, recorded, shape, area in asked:
        on = finished or timezone.localdate(recorded)
        found[unit].append(Done(on, shape, float(area)))
    return found
