"""Units on paper by class 类别分布图: what is proposed, and beside it what is in force, with the area of each class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.farmland.approvedwords import COLORS
from soildesk.farmland.classwords import class_word
from soildesk.farmland.mu import told
from soildesk.kit.cells import escape
from soildesk.kit.drawing import area_path
from soildesk.monitoring.drawings import ground
from soildesk.monitoring.drawings.axes import label
from soildesk.monitoring.drawings.figure import Figure
from soildesk.monitoring.drawings.ground import Paper, furniture, outline

KEY_HEIGHT = 30
ORDER = ("priority", "safe_use", "strict", "")
PATTERN = (
    '<defs><pattern id="p-hatch" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="#e4e8e9"/><path d="M0 6L6 0" stroke="#7b878a" stroke-width="1"/></pattern></defs>'
)
"""What nobody can say is hatched, as visible as red."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One unit on the map. `url` leads to it; a printed sheet has none."""

    name: str
    farmland_class: str
    shape: BaseGeometry
    area_m2: float
    url: str = ""


def class_map(units: Sequence[Drawn], grounds: Sequence[tuple[Any, str]], title: str, none: str = "") -> Figure:
    """Units coloured by class on their ground; the table tells the area of each class. `none`: what no class is called."""
    paper = Paper.over([one.shape for one in units]) if units else Paper.over([area for area, _name in grounds])
    areas: Counter[str] = Counter()
    numbers = Counter(one.farmland_class for one in units)
    for one in units:
        areas[one.farmland_class] += one.area_m2  # type: ignore[assignment]
    parts = [
        PATTERN,
        *(piece for area, name in grounds if (piece := outline(paper, area, name))),
        *(_unit(paper, one) for one in units),
        *furniture(paper),
        *_key(numbers, paper.height, none),
    ]
    return Figure(
        title=title,
        described=_("%(n)d 个评价单元按类别着色；下面有各类别面积的表格。") % {"n": len(units)},
        width=ground.WIDTH,
        height=paper.height + KEY_HEIGHT,
        parts=parts,
        head=[_("类别"), _("单元数"), _("面积")],
        rows=[[_word(key, none), str(numbers[key]), told(areas[key])] for key in ORDER if numbers[key]],
        narrow=True,
        linked=any(one.url for one in units),
    )


def _unit(paper: Paper, one: Drawn) -> str:
    part = shapely.clip_by_rect(shapely.make_valid(one.shape), *paper.bounds)
    if part.is_empty:
        return ""
    fill = COLORS[one.farmland_class] if one.farmland_class else "url(#p-hatch)"
    said = f"{one.name} {class_word(one.farmland_class)}"
    drawn = (
        f'<path d="{area_path(part, paper.at)}" fill="{fill}" fill-opacity="0.85" stroke="#3f4b4e" stroke-width="0.6"'
        f' fill-rule="evenodd" data-class="{escape(one.farmland_class)}"><title>{escape(said)}</title></path>'
    )
    return f'<a href="{escape(one.url)}">{drawn}</a>' if one.url else drawn


def _word(key: str, none: str) -> str:
    return none if none and not key else class_word(key)


def _key(numbers: Counter[str], top: float, none: str) -> Iterator[str]:
    x, y = 14.0, top + 16
    for key in ORDER:
        if not numbers[key]:
            continue
        fill = COLORS[key] if key else "url(#p-hatch)"
        words = f"{_word(key, none)} {numbers[key]}"
        yield f'<rect x="{x}" y="{y - 11}" width="20" height="14" fill="{fill}" stroke="#3f4b4e" stroke-width="0.6"/>'
        yield label(words, x + 26, y)
        x += 52 + 12.5 * len(words)
