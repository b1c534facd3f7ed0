"""Kinds of ground and uses by the other names they go by: the classes of land surveys, by name and by code.

Maps of units come with the classes of the land survey, 水田 or 0103, where a form asks for 耕地 or 其他.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from soildesk.core.permissions import Actor
from soildesk.farmland.models import UnitVersion
from soildesk.kit.faces import Named
from soilrules.standards.uses import land_codes, words_of

Ground = UnitVersion.Ground
FAMILY = "gb15618"
FIRST = {"01": Ground.CROPLAND, "02": Ground.GARDEN, "03": Ground.FOREST, "04": Ground.GRASS}
"""The first class of GB/T 21010, the third land survey and the guide of 2023 a code begins with."""
BESIDE = {
    Ground.CROPLAND: ("望天田", "菜地"),
    Ground.GARDEN: ("种植园用地", "种植园地"),
    Ground.FOREST: (
        "03", "0301", "0302", "0303", "0304", "0305", "0306", "0307", "乔木林地", "竹林地", "灌木林地", "其他林地",
    ),
    Ground.GRASS: ("04", "0404", "其他草地"),
}  # fmt: skip
"""Second classes and words that the list of land codes has no row of."""
CLEAN = ("无污染", "清洁")


def grounds(actor: Actor, on: date) -> Sequence[tuple[str, Any]]:
    """The kinds of ground, each with the classes of land surveys that are of it."""
    return [(value, Named(str(label), _of_ground(Ground(value)))) for value, label in Ground.choices]


def uses(actor: Actor, on: date) -> Sequence[tuple[str, Any]]:
    """The uses of GB 15618, each with the words and classes of land surveys that mean it."""
    return [(value, Named(str(label), _of_use(value))) for value, label in UnitVersion.Use.choices]


def pollutions(actor: Actor, on: date) -> Sequence[tuple[str, Any]]:
    """How polluted ground is, as surveys say it."""
    return [
        (value, Named(str(label), CLEAN if value == UnitVersion.Pollution.NONE else (f"{label}污染",)))
        for value, label in UnitVersion.Pollution.choices
    ]


@cache
def _of_ground(ground: Ground) -> frozenset[str]:
    codes = [one for one in land_codes() if FIRST.get(one.code[:2]) == ground and one.code[:2].isdigit()]
    return frozenset([*BESIDE.get(ground, ()), *(name for one in codes for name in (one.code, one.zh))])


@cache
def _of_use(use: str) -> frozenset[str]:
    codes = [one for one in land_codes() if one.farmland == use and len(one.code) > len("01")]
    return frozenset([*words_of(FAMILY, use), *(name for one in codes for name in (one.code, one.zh))])
