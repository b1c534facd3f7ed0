"""Plans without any bracket or task table: duties unit by unit (`区教育局：负责…`, `市水利局负责…`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from soilrules.plantext.building import EDGE, TaskSeed, mentions
from soilrules.plantext.draft import Role, TaskOrigin, UnitSource
from soilrules.plantext.headings import Node, Outline, mark_of
from soilrules.plantext.layout import Item, Para
from soilrules.plantext.lexicon import LABEL
from soilrules.plantext.prose import Prose
from soilrules.plantext.source import Words
from soilrules.plantext.units import is_unit, may_be_unit, units_in

NAMED = re.compile(r"(?P<unit>[^。；：，]{2,60}?)(?:：|。|主要职责：|职责：)(?=.{4})")
ACTING = re.compile(
    r"(?P<unit>[^。；：，]{2,60}?)(?:要|应当|应|主要|具体|共同|统筹|牵头|依法)*(?:负责|承担|牵头)(?=.{4})"
)
ITEM = re.compile("[；，]")
LONGEST_LIST, SHORTEST_DUTY = 60, 8


@dataclass
class Duties:
    """What the paragraphs share: the words, the open headings and the part of the file."""

    words: Words
    part: int
    outline: Outline = field(default_factory=Outline)


def read_unitwise(words: Words, items: tuple[Item, ...], prose: Prose, *, headed: bool = False) -> Iterator[TaskSeed]:
    """One task per paragraph of a unit; a heading that is a unit gives its paragraphs to it (`headed`: only these)."""
    duties = Duties(words, prose.part)
    outline = duties.outline
    owner: tuple[tuple[int, int], str] | None = None
    for item in items:
        if not isinstance(item, Para):
            continue
        mark = mark_of(words.fold, item.start, item.end, words.printed)
        body = item.start + (mark.length if mark else 0)
        if mark or item.level is not None:
            style = mark.style if mark else f"level{item.level}"
            whole = "。" not in words.fold[body : item.end] and item.end - body <= LONGEST_LIST
            if owner and style != owner[1] and ITEM.search(words.fold, body, item.end):
                whole = False  # `1.牵头制定方案，负责调度；` under a unit is a duty, no heading
            if whole:
                outline.enter(
                    Node(style, item.start, body, item.end, mark.number if mark else ""), None if mark else item.level
                )
                named = _all_units(words, body, item.end)
                owner = ((body, item.end), style) if named else None if owner is None or owner[1] == style else owner
                continue
        seed = None if headed else _duty(duties, item, body, mark.number if mark else None)
        if seed is None and owner:
            seed = _owned(duties, (body, item.end), mark.number if mark else None, owner[0])
        if seed:
            _take_term(words, seed)
            yield seed


def _take_term(words: Words, seed: TaskSeed) -> None:
    """`…。完成时限：2023年10月` behind a duty is its term."""
    start, end = seed.text
    for match in LABEL.finditer(words.fold, start, end):
        if match.lastgroup == "deadline" and match.start() > start:
            seed.terms, seed.own_terms = [(match.end(), end)], True
            seed.text = words.strip(start, match.start(), "\n，；")
            return


def _section(duties: Duties) -> tuple[str, ...]:
    return tuple(duties.words.printed[node.start : node.title_end] for node in duties.outline.open)


def _all_units(words: Words, start: int, end: int) -> bool:
    start, end = words.strip(start, end, EDGE)
    units = units_in(words, start, end)
    return bool(units) and all(is_unit(words.fold[unit.start : unit.end]) for unit in units)


def _duty(duties: Duties, para: Para, body: int, number: str | None) -> TaskSeed | None:
    """A paragraph that opens with its unit."""
    words = duties.words
    for pattern in (NAMED, ACTING):
        match = pattern.match(words.fold, body, para.end)
        if not match:
            continue
        units = units_in(words, *match.span("unit"), Role.RESPONSIBLE)
        if not units or not all(_names_unit(words.fold[unit.start : unit.end], pattern is NAMED) for unit in units):
            continue
        start = match.end() if pattern is NAMED else body
        seed = TaskSeed(
            words.strip(start, para.end, "\n"),
            TaskOrigin.BODY,
            duties.part,
            start,
            number=number,
            section=_section(duties),
        )
        seed.units = mentions(words, units, UnitSource.SECTION, match.span("unit"))
        return seed
    return None


def _names_unit(name: str, standing: bool) -> bool:
    return is_unit(name) or (standing and may_be_unit(name) and len(name) >= 3)


def _owned(duties: Duties, text: tuple[int, int], number: str | None, owner: tuple[int, int]) -> TaskSeed | None:
    """A paragraph under a heading that is a unit."""
    if text[1] - text[0] < SHORTEST_DUTY:
        return None
    text = duties.words.strip(*text, "；\n")
    seed = TaskSeed(text, TaskOrigin.BODY, duties.part, text[0], number=number, section=_section(duties))
    seed.units = mentions(duties.words, units_in(duties.words, *owner, Role.RESPONSIBLE), UnitSource.SECTION, owner)
    return seed
