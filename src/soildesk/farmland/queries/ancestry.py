"""Units that were divided or joined: whose ground a unit is, and what became of one. What was found on ground stays with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from soildesk.farmland.models import UnitChange, UnitLink, UnitVersion

KINDS = (UnitChange.Kind.SPLIT, UnitChange.Kind.MERGE)
"""Other bounds between neighbours leave each what it is."""


def forebears(unit_ids: Collection[int]) -> dict[int, set[int]]:
    """Of each unit those whose ground it is, itself among them."""
    return _closed(unit_ids, "after_id", "before_id")


def heirs(unit_ids: Collection[int]) -> dict[int, set[int]]:
    """Of each unit those its ground went to, itself among them."""
    return _closed(unit_ids, "before_id", "after_id")


def kin(unit_ids: Collection[int]) -> set[int]:
    """Units that are, were or became the ground of some units."""
    found = [*forebears(unit_ids).values(), *heirs(unit_ids).values()]
    return set().union(*found) if found else set()


def standing(unit_id: int, on: date) -> list[UnitVersion]:
    """What stands on a day of the ground of a unit: itself, or the units its ground went to."""
    rows = UnitVersion.objects.standing(on).select_related("unit", "owner_department")
    own = list(rows.filter(unit=unit_id))
    return own or list(rows.filter(unit__in=heirs([unit_id])[unit_id]).order_by("unit"))


def _closed(unit_ids: Collection[int], near: str, far: str) -> dict[int, set[int]]:
    found = {one: {one} for one in unit_ids}
    of: Mapping[int, set[int]] = {one: {one} for one in unit_ids}  # by unit reached last: from which it was reached
    while of:
        links = UnitLink.objects.filter(
            change__superseded_at=None, change__kind__in=KINDS, **{f"{near.removesuffix('_id')}__in": list(of)}
        )
        reached: dict[int, set[int]] = defaultdict(set)
        for here, there in links.values_list(near, far):
            for start in of[here]:
                if there not in found[start]:
                    found[start].add(there)
                    reached[there].add(start)
        of = reached
    return found
