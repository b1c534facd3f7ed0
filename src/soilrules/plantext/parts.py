"""Where a new plan or an annex begins in a file."""

from __future__ import annotations

import re

from soilrules.plantext.headings import ANNEX, mark_of
from soilrules.plantext.layout import Grid, Item, Para
from soilrules.plantext.lexicon import TITLE_END
from soilrules.plantext.prose import Prose
from soilrules.plantext.source import Words

ANNEX_ALONE = re.compile(r"^(?:附件|附表|附录|附)[0-9一二三四五六七八九十]{0,2}(?:-[0-9])?[：:]?$")
ANNEX_TITLED = re.compile(r"^(?:附件|附表|附录)[0-9一二三四五六七八九十]{1,2}[：:]?[^。；]{4,60}$")
ANNEX_NAMED = re.compile(r"^(?:附件|附表|附录)[：:][^。；]{4,60}$")
ANNEX_BLANK = re.compile(r"^(?:附件|附表|附录)[^0-9：:。；，]{3,58}$")  # 附表 重点任务表: the blank is gone
NOTICE = re.compile(r"^[^。；]{0,40}关于(?:印发|下发)[^。；]{4,80}通知$")
SHORTEST_TITLE = 10
AHEAD = 14


def begins_part(words: Words, items: tuple[Item, ...], at: int, prose: Prose) -> str | None:
    """The printed root of a part that begins with this paragraph, `""` for a plan, None for none."""
    para = items[at]
    if not isinstance(para, Para):
        return None
    text = words.fold[para.start : para.end]
    if len(text) > 90:
        return None
    above_table = (
        (ANNEX_NAMED.match(text) or ANNEX_BLANK.match(text)) and at + 1 < len(items) and isinstance(items[at + 1], Grid)
    )
    if ANNEX_ALONE.match(text) or ANNEX_TITLED.match(text) or above_table:
        if not (prose.seeds or (above_table and prose.outline.open)) or _is_list_of_annexes(words, items, at):
            return None  # a plan that is itself an annex of its notice is no part of another
        return _annex_root(words, items, at, para)
    if not prose.outline.open or not prose.seeds:
        return None
    if NOTICE.match(text) or (_is_title(words, para) and _restarts(words, items, at)):
        return ""
    return None


def _is_title(words: Words, para: Para) -> bool:
    text = words.fold[para.start : para.end]
    return (
        SHORTEST_TITLE <= len(text) <= 60
        and TITLE_END.search(text) is not None
        and not any(char in text for char in "。；：，")
        and mark_of(words.fold, para.start, para.end, words.printed) is None
    )


def _restarts(words: Words, items: tuple[Item, ...], at: int) -> bool:
    """Whether numbering begins anew soon behind a title."""
    for item in items[at + 1 : at + 1 + AHEAD]:
        if isinstance(item, Grid):
            return True
        mark = mark_of(words.fold, item.start, item.end, words.printed)
        if mark and mark.style in ("chinese", "chapter", "arabic_comma"):
            return mark.number in ("一", "第一章", "1")
    return False


def _is_list_of_annexes(words: Words, items: tuple[Item, ...], at: int) -> bool:
    """`附件1：…` followed by `附件2：…`, a date or the end is a list, not an annex."""
    following = items[at + 1] if at + 1 < len(items) else None
    if following is None:
        return True
    if not isinstance(following, Para):
        return False
    text = words.fold[following.start : following.end]
    return ANNEX.match(text) is not None or re.match(r"^[0-9]\.", text) is not None


def _annex_root(words: Words, items: tuple[Item, ...], at: int, para: Para) -> str:
    root = words.printed[para.start : para.end].rstrip("：:")
    following = items[at + 1] if at + 1 < len(items) else None
    if (
        ANNEX_ALONE.match(words.fold[para.start : para.end])
        and isinstance(following, Para)
        and _is_title(words, following)
    ):
        return f"{root} {words.printed[following.start : following.end]}"
    return root
