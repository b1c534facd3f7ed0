"""The headings a table or map of approved classes may have, and which of its columns each stands for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.kit.gis.targets import plain as of_map
from soildesk.kit.gis.understanding import cut_short
from soilrules.plantext.formats.sheets import SheetRow

TITLES: Mapping[str, Any] = {
    "unit": _l("单元代码"),
    "name": _l("单元名称"),
    "class": _l("批准类别"),
    "controlling": _l("控制元素"),
    "mu": _l("面积（亩）"),
    "m2": _l("面积（m²）"),
    "ha": _l("面积（公顷）"),
    "county": _l("县（市、区）"),
}
HEADINGS: Mapping[str, Sequence[str]] = {
    "unit": (
        "单元代码", "单元编号", "单元编码", "评价单元编号", "评价单元代码", "外部代码", "图斑编号", "地块编号", "地块编码", "代码",
        "地块代码", "图斑代码", "编码", "编号", "BSM", "DYBH", "TBBH", "DKBH", "code",
    ),
    "name": ("单元名称", "名称", "地块名称", "DYMC", "DKMC", "name"),
    "class": (
        "批准类别", "类别", "质量类别", "环境质量类别", "土壤环境质量类别", "农用地土壤环境质量类别", "耕地土壤环境质量类别", "最终类别",
        "划分类别", "现行类别", "LB", "HJZLLB", "class",
    ),
    "controlling": ("控制元素", "主控元素", "超标元素", "超标因子", "主要超标因子", "主要污染物", "污染物", "KZYS", "controlling"),
    "mu": ("面积（亩）", "亩", "亩数", "批准面积（亩）", "单元面积（亩）", "图斑面积（亩）", "面积亩", "MU"),
    "m2": ("面积（m²）", "面积（m2）", "面积（平方米）", "批准面积（m²）", "图斑面积（m²）", "面积平方米", "平方米", "area_m2"),
    "ha": ("面积（公顷）", "面积（hm²）", "面积（hm2）", "批准面积（公顷）", "图斑面积（公顷）", "面积公顷", "公顷", "area_ha"),
    "county": (
        "县", "县名", "县名称", "区县", "县区", "县（市、区）", "县（市、区）名称", "县（区）", "县（市）", "区（县）", "县级行政区", "所在县", "所属县",
        "行政区", "行政区名称", "行政区划", "行政区划名称", "行政区代码", "行政区划代码", "县代码", "县（市、区）代码", "XZQMC", "XZQDM", "XIAN",
    ),
}  # fmt: skip
AREAS = ("mu", "m2", "ha")
BARE_AREA = ("面积", "批准面积", "MJ", "TBMJ", "area")
"""Headings of an area that do not say of which unit: nobody guesses."""
WHOLE = "评价单元|批准|划分|划定|单元|图斑|地块|耕地|农用地|园地|林地|实际|总"
"""What may stand before 面积 where all of a unit is meant; 其中永久基本农田面积 is a part."""
UNITS = {"亩": "mu", "m2": "m2", "平方米": "m2", "公顷": "ha", "hm2": "ha"}
AREA = re.compile(f"(?:{WHOLE})*面积\\((?:单位:)?({'|'.join(UNITS)})\\)")
ABOVE = re.compile(f"单位:({'|'.join(UNITS)})(?!\\w)")
"""The unit of a table, told above it: 单位：亩."""
Header = Mapping[int, Sequence[str]]
"""What stands over each column, from above."""


def mapped(header: Header, unit: str = "") -> dict[int, str]:
    """Column → key, the first column of each heading: by all that stands over a column, else by what stands right over it.

    `unit` is that of areas whose heading says none, where the table tells it.
    """
    known = {_plain(heading): key for key, some in HEADINGS.items() for heading in some}
    known |= dict.fromkeys(map(_plain, BARE_AREA), unit) if unit else {}
    found: dict[int, str] = {}
    for words in (
        {at: "".join(parts) for at, parts in header.items()},
        {at: parts[-1] for at, parts in header.items()},
    ):
        for column, text in sorted(words.items()):
            key = known.get(_plain(text)) or _area(text)
            if key and column not in found and key not in found.values():
                found[column] = key
    return found


def mapped_of_map(header: Header) -> dict[int, str]:
    """The same for the short names of a map, some of which a .dbf cut to its ten bytes."""
    found = mapped(header)
    known = {of_map(name): key for key, some in HEADINGS.items() if key not in AREAS for name in some}
    for column, (title,) in header.items():
        key = cut_short(title, known)
        if key and column not in found and key not in found.values():
            found[column] = key
    return found


def unit_above(rows: Sequence[SheetRow]) -> str:
    """The unit of areas as the lines above a table tell it; empty where they do not."""
    said = (ABOVE.search(_plain(cell.text)) for row in rows for cell in row.cells)
    return next((UNITS[one[1]] for one in said if one), "")


def notes(titles: Mapping[int, str], mapping: Mapping[int, str]) -> list[str]:
    """What is to be said of an area nobody can read."""
    bare = [title for title in titles.values() if _plain(title.split()[-1]) in set(map(_plain, BARE_AREA))]
    if not bare or set(AREAS) & set(mapping.values()):
        return []
    return [
        _("“%(title)s”列没有写明单位，没有使用：请把表头改为“面积（亩）”“面积（m²）”或“面积（公顷）”。")
        % {"title": bare[0]}
    ]


def _plain(heading: str) -> str:
    """A heading without blanks, brackets of one kind: what stands in them is the unit of an area."""
    return "".join(unicodedata.normalize("NFKC", heading).split()).casefold()


def _area(heading: str) -> str:
    said = AREA.fullmatch(_plain(heading))
    return UNITS[said[1]] if said else ""
