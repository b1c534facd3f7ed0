"""What the columns of a task table hold, by their headings."""

from __future__ import annotations

import re

from soilrules.plantext.lexicon import COLUMNS

SEVERAL_ROLES = re.compile(
    "牵头.*(?:配合|参与|协办)|牵头.*[、/和及与].*(?:责任(?!人|领导)|落实)|(?:责任|主办).*(?:牵头|配合|协办)"
)
GROUPS = re.compile("(?:任务|工作|项目|重点)?(?:类别|分类|类型|大类|领域|方面|板块|专题)$")
PERIOD = re.compile("(?:19|20)[0-9]{2}年|第[一二三四1-4]季度|[0-9]{1,2}月")
DOING, REACHED = re.compile("措施|内容|举措|做法"), re.compile("(?:目标|标准|成果|成效)$")
OF_YEAR = re.compile("^(?:19|20)[0-9]{2}年度?")
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
    words = OF_YEAR.sub("", words) or words
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
    dated = schedule_columns(cells)
    kinds = [kind_of(cell) or ("remark" if at in dated else None) for at, cell in enumerate(cells)]
    known = [kind for kind in kinds if kind]
    if not UNIT_KINDS & set(known) or len(known) < max(LEAST, len([cell for cell in cells if cell]) - 1):
        return None
    if not TEXT_KINDS & set(known):
        return None
    kinds = _without_targets(_without_schedule(kinds, cells), cells)
    return [kind or ("remark" if cell else "text") for kind, cell in zip(kinds, cells, strict=True)]


def _without_schedule(kinds: list[str | None], cells: list[str]) -> list[str | None]:
    """`2018年措施 | 2019年措施 | 2020年措施` is a schedule beside the task, not its text."""
    dated = schedule_columns(cells)
    others = [kind for at, kind in enumerate(kinds) if kind in TEXT_KINDS and at not in dated]
    return ["remark" if at in dated else kind for at, kind in enumerate(kinds)] if others else kinds


def _without_targets(kinds: list[str | None], cells: list[str]) -> list[str | None]:
    """`主要内容 | 年度目标`: what is to be done is the task's text, what is to be reached stands beside it."""
    if not any(kind in TEXT_KINDS and DOING.search(cell) for kind, cell in zip(kinds, cells, strict=True)):
        return kinds
    return [
        "remark" if kind in TEXT_KINDS and REACHED.search(cell) else kind
        for kind, cell in zip(kinds, cells, strict=True)
    ]


def is_sorted(kinds: list[str], cells: list[str]) -> bool:
    """Whether the first column of words sorts the tasks of the next one: `类别 | 重点任务`; `类别 | 主要内容` names them.

    >>> is_sorted(["number", "task", "task", "responsible"], ["序号", "类别", "重点任务", "责任单位"])
    True
    """
    held = [at for at, kind in enumerate(kinds) if kind in TEXT_KINDS]
    return len(held) == LEAST and GROUPS.match(cells[held[0]]) is not None and kinds[held[1]] == "task"


def schedule_columns(cells: list[str]) -> list[int]:
    """The columns of a header that say when: several years, quarters or months side by side.

    >>> schedule_columns(["任务", "2018年措施", "2019年措施", "责任单位"])
    [1, 2]
    """
    dated = [at for at, cell in enumerate(cells) if PERIOD.match(cell) and kind_of(cell) not in UNIT_KINDS]
    return dated if len(dated) >= LEAST else []


def lower_storey(kinds: list[str], cells: list[str]) -> list[str] | None:
    """The columns where a row under the header divides its units column: `责任单位` over `牵头`, `配合`; else None.

    >>> lower_storey(["number", "text", "responsible", "text", "deadline"], ["", "", "牵头", "配合", ""])
    ['number', 'text', 'lead', 'support', 'deadline']
    """
    below = [kind_of(cell) if cell else "" for cell in cells]
    named = [kind for kind in below if kind]
    if len(named) < LEAST or None in below or not set(named) <= UNIT_KINDS:
        return None
    if len(cells) == len(kinds) or (len(cells) < len(kinds) and not cells[0]):
        below += [""] * (len(kinds) - len(cells))
        return [under or kind for kind, under in zip(kinds, below, strict=True)]
    held = [at for at, kind in enumerate(kinds) if kind in UNIT_KINDS]
    if len(held) != 1 or len(named) != len(cells):
        return None
    return [*kinds[: held[0]], *named, *kinds[held[0] + 1 :]]
