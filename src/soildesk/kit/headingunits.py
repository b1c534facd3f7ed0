"""A heading that names another unit than its entry does not mean it: nothing of 面积（公顷） is taken for 亩."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from django.utils.translation import gettext as _

from soildesk.kit.faces import Entry
from soilrules.units import parse

UNITS: Mapping[str, tuple[str, ...]] = {
    "亩": ("亩", "mu"),
    "万亩": ("万亩",),
    "m²": ("m2", "㎡", "平方米", "平米"),
    "公顷": ("公顷", "hm2", "ha"),
    "km²": ("km2", "平方公里", "平方千米"),
    "吨": ("吨", "t"),
    "万吨": ("万吨",),
    "公斤": ("公斤", "kg", "千克"),
    "斤": ("斤", "市斤"),
    "克": ("克", "g"),
    "元": ("元",),
    "万元": ("万元",),
    "亿元": ("亿元",),
}
"""The units tables of offices are kept in, by the name they are told by."""
_CALLED = {alias: unit for unit, aliases in UNITS.items() for alias in aliases}
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


def unit_in(heading: str) -> str:
    """The unit in the brackets of a heading; empty where none is known.

    >>> unit_in("批准面积（ hm² ）"), unit_in("镉（ug/kg）"), unit_in("数量（年）")
    ('公顷', 'µg/kg', '')
    """
    folded = "".join(unicodedata.normalize("NFKC", heading).casefold().split())
    said = (_called(one.removeprefix("单位:")) for one in reversed(_IN_BRACKETS.findall(folded)))
    return next(filter(None, said), "")


def _called(text: str) -> str:
    content = parse(text)
    return _CALLED.get(text, content.symbol if content else "")


def unit_before(text: str) -> str:
    """The unit a text begins with; of several the longest.

    >>> unit_before("万亩，其中安全利用"), unit_before("，其中")
    ('万亩', '')
    """
    folded = unicodedata.normalize("NFKC", text).casefold().lstrip()
    found = max((alias for alias in _CALLED if not alias.isascii() and folded.startswith(alias)), key=len, default="")
    return _CALLED.get(found, "")


SIZES: Mapping[str, tuple[str, Fraction]] = {
    "m²": ("m²", Fraction(1)),
    "亩": ("m²", Fraction(2000, 3)),
    "万亩": ("m²", Fraction(20_000_000, 3)),
    "公顷": ("m²", Fraction(10_000)),
    "km²": ("m²", Fraction(1_000_000)),
    "克": ("克", Fraction(1)),
    "斤": ("克", Fraction(500)),
    "公斤": ("克", Fraction(1_000)),
    "吨": ("克", Fraction(1_000_000)),
    "万吨": ("克", Fraction(10_000_000_000)),
    "元": ("元", Fraction(1)),
    "万元": ("元", Fraction(10_000)),
    "亿元": ("元", Fraction(100_000_000)),
}
"""Each unit in the base of its kind; a mu is 2000/3 m²."""


def times(kept: str, said: str) -> Fraction | None:
    """What a number in one unit is multiplied by to stand in another; None where they measure different things.

    >>> times("亩", "万亩"), times("公顷", "亩"), times("亩", "吨")
    (Fraction(1, 10000), Fraction(15, 1), None)
    """
    ours, theirs = SIZES.get(unit_in(f"({kept})")), SIZES.get(said)
    return ours[1] / theirs[1] if ours and theirs and ours[0] == theirs[0] else None


def unit_of(entry: Entry) -> str:
    """The unit an entry is kept in; empty where it has none of these."""
    return unit_in(f"({entry.unit})") or unit_in(str(entry.title))


def another(heading: str, entry: Entry) -> bool:
    """Whether a heading says that its numbers are in another unit than the entry's."""
    said, kept = unit_in(heading), unit_of(entry)
    return bool(said and kept and said != kept)


def left_out(headings: Iterable[str], meant: Callable[[str], Entry | None]) -> list[str]:
    """What is said of the columns that were left out for their unit; `meant`: the entry a heading would be but for that."""
    found = []
    for heading in headings:
        entry = meant(heading)
        if entry is not None and another(heading, entry):
            title, kept = str(entry.title).split("（")[0], unit_of(entry)
            words = {"heading": heading, "said": unit_in(heading), "title": title, "kept": kept}
            found.append(
                _(
                    "“%(heading)s”的单位是%(said)s，“%(title)s”按%(kept)s填写，没有读取这一列：请换算后把表头改为“%(title)s（%(kept)s）”。"
                )
                % words
            )
    return found
