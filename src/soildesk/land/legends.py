"""Layers in the official colours of their classes: one colour a kind, and one a level where the kind has levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _l

from soildesk.kit.faces import LegendClass
from soildesk.land import landuse
from soildesk.land.models import Layer

COLORS = {
    Layer.Kind.BASIC_FARMLAND: "#e3b23c",
    Layer.Kind.PRIORITY_FARMLAND: "#3c8c40",
    Layer.Kind.FOOD_ZONE: "#a68a00",
    Layer.Kind.WATER_SOURCE: "#2b6cb0",
    Layer.Kind.RED_LINE: "#c0392b",
    Layer.Kind.PARK: "#7d5ba6",
    Layer.Kind.CONTROL_ZONE: "#d35400",
    Layer.Kind.PLANNING: "#a47148",
    Layer.Kind.DIVISION: "#5f6b6d",
    Layer.Kind.OTHER: "#2f6f73",
}
LEVELS: dict[str, Sequence[tuple[str, Any, str]]] = {
    Layer.Kind.WATER_SOURCE: (
        ("一级", _l("一级保护区"), "#1f4e8c"),
        ("二级", _l("二级保护区"), "#4d8fcc"),
        ("准保护区", _l("准保护区"), "#a9cdea"),
    ),
    Layer.Kind.PRIORITY_FARMLAND: (
        ("优先保护类", _l("优先保护类"), "#3c8c40"),
        ("安全利用类", _l("安全利用类"), "#f2c230"),
        ("严格管控类", _l("严格管控类"), "#d8362a"),
    ),
    Layer.Kind.CONTROL_ZONE: (
        ("严格管控", _l("严格管控"), "#d8362a"),
        ("风险管控", _l("风险管控"), "#d35400"),
    ),
}
"""Levels by the words they begin with, and the official colours of their classes."""
UNCLASSED = "#b0b7b9"


def legend(kind: str) -> list[LegendClass]:
    """The classes of a kind of layer in their official colours; planning by the first letters of its land codes."""
    if kind == Layer.Kind.PLANNING:
        return landuse.legend_of_codes()
    rows = [LegendClass(value, title, color) for value, title, color in LEVELS.get(kind, ())]
    return [*rows, LegendClass("", _l("未分级"), UNCLASSED)] if rows else []


def level_of(kind: str, text: str) -> str:
    """The level a file's word means: 一级保护区 is 一级; another word stays as it is."""
    word = text.strip()
    if kind == Layer.Kind.PLANNING:
        return word.upper()
    return next((value for value, _title, _color in LEVELS.get(kind, ()) if word.startswith(value)), word)
