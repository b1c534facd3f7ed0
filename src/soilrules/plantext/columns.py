"""What the columns of a task table hold, by their headings."""

from __future__ import annotations

import re

from soilrules.plantext.lexicon import COLUMNS

SEVERAL_ROLES = re.compile("牵头.*(?:配合|责任|参与|协办|落实)|(?:责任|主办).*(?:牵头|配合|协办)")
UNIT_KINDS = frozenset({"lead", "support", "responsible"})
TEXT_KINDS = frozenset({"task", "text"})
MAX_HEADING = 24
LEAST = 2


def kind_of(heading: str) -> str | None:
    """The kind of a column, None where the words are no column heading.

    >>> kind_of("完成时限"), kind_of("牵头单位"), kind_of("开展农用地土壤污染深度调查及溯源")
    ('deadline', 'lead', None)
    """
    words = heading.strip("（）：")
    if not words or len(words) > MAX_HEADING or any(char in words for char in "，。；："):
        return None
    if len(words) > 8 and "（" not in words and "及" not in words and "/" not in words and "、" not in words:
        return None
    words = words.split("（")[0] or words
    if SEVERAL_ROLES.search(words):
        return "responsible"
    return next((kind for kind, pattern in COLUMNS if pattern.search(words)), None)


def header_kinds(cells: list[str]) -> list[str] | None:
    """Kinds of the columns where the cells are the header of a task table, else None."""
    if len([cell for cell in cells if cell]) < LEAST:
        return None
    kinds = [kind_of(cell) for cell in cells]
    known = [kind for kind in kinds if kind]
    if not UNIT_KINDS & set(known) or len(known) < max(LEAST, len([cell for cell in cells if cell]) - 1):
        return None
    if not TEXT_KINDS & set(known):
        return None
    return [kind or ("remark" if cell else "text") for kind, cell in zip(kinds, cells, strict=True)]
