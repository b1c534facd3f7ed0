"""How sure a rule of this room is, in words: a page never shows the letters of a mark."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l

MARKS: Mapping[str, Any] = {
    "K": _l("经验取值，待核对"),
    "K-low": _l("工作取值，待核对"),
    "K-med": _l("经验取值，待核对"),
    "K-high": _l("待核对原文"),
    "S": _l("地方规定"),
    "V": _l("已核对原文"),
    "V-ex": _l("据摘录，待核对原文"),
    "V-code": _l("据公开程序、表单，待核对原文"),
}


_LETTERS = re.compile(r"\bK-(?:low|med|high)\b")


def worded(sentence: str) -> str:
    """A sentence of the rules with the letters of its marks in words."""
    return _LETTERS.sub(lambda found: mark_word(found[0]), sentence)


def mark_word(mark: str) -> str:
    """A mark in words; one that is not known as it is."""
    return str(MARKS.get(mark, mark))
