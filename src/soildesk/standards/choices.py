"""What a person chooses for a judgement: the words of the form, and the plain data kept with it.

Kept: {"on": "2026-11-22", "standard": "gb15618", "as_if_on": null, "land": …, "land_class": …, "crop": …,
"water_use": …, "level": …, "ph": "6.5", "unit": …, "division": "990101"}, empty ones left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l

STANDARDS = (
    ("gb36600", _l("GB 36600 建设用地土壤")),
    ("gb15618", _l("GB 15618 农用地土壤")),
    ("gbt14848", _l("GB/T 14848 地下水")),
    ("gb5084", _l("GB 5084 农田灌溉水")),
    ("gb2762", _l("GB 2762 食品中污染物（农产品）")),
)
LAND = (
    ("水田", _l("水田")),
    ("水浇地", _l("水浇地")),
    ("旱地", _l("旱地")),
    ("果园", _l("果园")),
    ("水旱轮作", _l("水旱轮作")),
    ("其他", _l("其他")),
)
LAND_CLASS = (
    ("第一类用地", _l("第一类用地（居住、学校、医疗等）")),
    ("第二类用地", _l("第二类用地（工业、商业、仓储等）")),
)
WATER_USE = (
    ("水田作物", _l("水田作物")),
    ("旱地作物", _l("旱地作物")),
    ("蔬菜a", _l("蔬菜a：加工、烹调及去皮")),
    ("蔬菜b", _l("蔬菜b：生食类蔬菜、瓜类和草本水果")),
)
LEVELS = (("I", _l("Ⅰ类")), ("II", _l("Ⅱ类")), ("III", _l("Ⅲ类")), ("IV", _l("Ⅳ类")))
CROPS = ("稻谷", "小麦", "玉米", "大豆", "花生", "大白菜", "菠菜", "芹菜", "番茄", "黄瓜", "萝卜", "马铃薯", "茶叶")
"""Offered; any other name may be written."""

ASKED_BY = {
    "land": ("gb15618", ""),
    "land_class": ("gb36600", ""),
    "level": ("gbt14848", ""),
    "water_use": ("gb5084", ""),
    "crop": ("gb2762", ""),
    "ph": ("gb15618", ""),
}
"""The standards that ask for a choice; empty: where the standard follows from the table."""
TITLES = {
    "standard": _l("执行标准"),
    "land": _l("用地类型"),
    "land_class": _l("用地类别"),
    "level": _l("水质类别"),
    "water_use": _l("灌溉用途"),
    "crop": _l("作物"),
    "ph": _l("没有 pH 的样品按"),
    "unit": _l("没有单位的结果按"),
    "on": _l("判定日期"),
    "as_if_on": _l("一律按此日的标准"),
    "division": _l("地方标准按"),
}
WORDS: Mapping[str, Mapping[str, Any]] = {
    "standard": dict(STANDARDS),
    "land": dict(LAND),
    "land_class": dict(LAND_CLASS),
    "water_use": dict(WATER_USE),
    "level": dict(LEVELS),
}


def kept(given: Mapping[str, Any]) -> dict[str, str]:
    """The choices as they are kept: plain text, empty ones left out."""
    return {name: str(given[name]) for name in TITLES if given.get(name) not in (None, "")}


def told(choices: Mapping[str, str], place: str) -> list[tuple[str, str]]:
    """The choices in the user's words; `place` is the name of the division."""
    found = [
        (
            str(TITLES["standard"]),
            str(WORDS["standard"].get(choices.get("standard", ""), _l("自动（按表中的用地、作物等判断）"))),
        )
    ]
    for name, title in TITLES.items():
        value = choices.get(name)
        if value is None or name == "standard":
            continue
        shown = place if name == "division" else WORDS.get(name, {}).get(value, value)
        found.append((str(title), str(shown)))
    return found
