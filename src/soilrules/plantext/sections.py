"""Chapters of a kind: goals, and what was reached so far."""

from __future__ import annotations

import re

from soilrules.plantext.headings import mark_of
from soilrules.plantext.layout import Item, Para
from soilrules.plantext.source import Words

GOAL_HEADING = re.compile(r"目标|主要指标|任务指标|考核指标")
BACKGROUND_HEADING = re.compile(r"背景|进展|成效|现状|形势|回顾|概况|工作基础|取得的")
GOAL_OPENING = re.compile(
    r"^(?:（[^（）]{1,4}）|[0-9一二三四五六七八九十]{1,3}[.、])?(?:总体|工作|主要|阶段性?|年度|具体|任务|规划)?(?:目标|指标|目标任务|目标指标|任务目标)(?:要求)?[：。]"
)


def section_ranges(
    words: Words, items: tuple[Item, ...], heading: re.Pattern[str], opening: re.Pattern[str] | None
) -> list[tuple[int, int]]:
    """Paragraphs under a heading of a kind, and paragraphs that open with such a name."""
    ranges: list[tuple[int, int]] = []
    inside: str | None = None
    for item in items:
        if not isinstance(item, Para):
            inside = None
            continue
        mark = mark_of(words.fold, item.start, item.end, words.printed)
        text = words.fold[item.start : item.end]
        if opening and opening.match(text):
            ranges.append((item.start, item.end))
        if mark or item.level is not None:
            style = mark.style if mark else f"level{item.level}"
            body = text[mark.length :] if mark else text
            if len(body) <= 20 and heading.search(body):
                inside = style
            elif inside and (style == inside or style in ("chinese", "chapter") or not mark):
                inside = None
        if inside and (not mark or len(text) > 20) and (item.start, item.end) not in ranges:
            ranges.append((item.start, item.end))
    return ranges
