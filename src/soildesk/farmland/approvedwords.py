"""Classes as approved 现行类别, and elements, as they are said and drawn; what is proposed is said by `classwords`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _l

from soildesk.farmland.models import FarmlandClass
from soildesk.kit import cells
from soildesk.kit.faces import LegendClass
from soildesk.kit.languages import language
from soilrules.analytes import get

NO_CLASS = _l("无现行类别")
COLORS = {
    FarmlandClass.PRIORITY: "#3c8c40",
    FarmlandClass.SAFE_USE: "#f2c230",
    FarmlandClass.STRICT: "#d8362a",
    "": "#b0b7b9",
}
"""The official colours of the classes, as on the layer of imported classes."""
PRINTED = {"优先保护": "priority", "安全利用": "safe_use", "严格管控": "strict"}
"""As approvals print them."""
PRINTED_AS = re.compile(f"({'|'.join(PRINTED)})类?(?:耕地|园地|林地|草地|农用地)?")
GRADES = {"1": "priority", "2": "safe_use", "3": "strict"}
GRADE_AS = re.compile("(?:第)?(1|2|3|i{1,3}|[一二三])(?:级|类)?")
DIGITS = {"i": "1", "ii": "2", "iii": "3", "一": "1", "二": "2", "三": "3"}
"""Classes written as grades Ⅰ, Ⅱ, Ⅲ: that Ⅰ is the priority class and Ⅲ the strict one, everybody agrees."""
LOOKS = {
    FarmlandClass.PRIORITY: ("good", "shield-check"),
    FarmlandClass.SAFE_USE: ("warn", "exclamation-triangle-fill"),
    FarmlandClass.STRICT: ("bad", "slash-circle"),
}
LEGEND = [
    LegendClass(value, FarmlandClass(value).label if value else NO_CLASS, color) for value, color in COLORS.items()
]
BETWEEN = "、"


def class_word(value: str) -> str:
    """A class as it is written; that none was approved is said."""
    return str(FarmlandClass(value).label) if value in FarmlandClass.values else str(NO_CLASS)


def class_look(value: str) -> tuple[str, str]:
    """The tone and icon of a class; none is unknown, never good."""
    return LOOKS[FarmlandClass(value)] if value in FarmlandClass.values else ("unknown", "question-octagon")


def class_cell(value: Any, row: Any) -> str:
    """The class as a chip."""
    return cells.chip_html(*class_look(value or ""), class_word(value or ""))


def class_called(text: str) -> str:
    """The class a printed word means, with or without 类 or the kind of land at its end; empty where it means none."""
    said = PRINTED_AS.fullmatch("".join(text.split()))
    return PRINTED[said[1]] if said else ""


def class_graded(text: str) -> str:
    """The class a grade means that stands for its name, as Ⅱ, 2 or 二类; empty where it is none.

    >>> class_graded("Ⅲ类"), class_graded("４")
    ('strict', '')
    """
    said = GRADE_AS.fullmatch("".join(unicodedata.normalize("NFKC", text).split()).casefold())
    return GRADES[DIGITS.get(said[1], said[1])] if said else ""


def element_names(slugs: str | Iterable[str]) -> str:
    """Elements by name, from slugs parted by 、."""
    parts = slugs.split(BETWEEN) if isinstance(slugs, str) else list(slugs)
    return BETWEEN.join(get(slug).name(language()) for slug in parts if slug)
