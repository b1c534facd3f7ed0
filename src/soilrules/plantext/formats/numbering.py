"""Automatic list numbers of a Word file (numbering.xml), counted the way Word prints them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from soilrules.plantext.formats.numerals import printed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PLACE = re.compile(r"%([1-9])")
SILENT = ("bullet", "none")
OPEN_ENDED = re.compile(r"[0-9A-Za-z一-鿿]$")


def value_of(element: etree._Element | None, path: str) -> str | None:
    """The w:val of the descendant at `path`, or None."""
    found = None if element is None else element.find(path)
    return None if found is None else found.get(f"{W}val")


@dataclass(frozen=True)
class Level:
    """One level of a list: `text` has %1 … %9 for the counters of the levels."""

    start: int
    form: str
    text: str
    legal: bool  # all counters as plain digits
    restart: int | None  # 0: never restarts


@dataclass(frozen=True)
class ListRef:
    """Which list and level a paragraph is on."""

    list_id: str
    level: int


@dataclass
class WordList:
    """One use of a list; uses with the same `abstract_id` count on together."""

    abstract_id: str
    levels: dict[int, Level]
    starts: dict[int, int]  # overrides: counting starts anew where this list is first used


@dataclass
class Numbering:
    """The lists of a document and their running counters."""

    lists: dict[str, WordList] = field(default_factory=dict)
    by_style: dict[str, ListRef] = field(default_factory=dict)  # paragraph style → level linked to it
    counters: dict[str, dict[int, int]] = field(default_factory=dict)  # per abstract list
    used: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def parse(cls, root: etree._Element | None) -> Numbering:
        """Read w:numbering; a document without it has no automatic numbers."""
        numbering = cls()
        if root is None:
            return numbering
        abstracts = {item.get(f"{W}abstractNumId", ""): item for item in root.iterfind(f"{W}abstractNum")}
        linked = {value_of(item, f"{W}styleLink"): key for key, item in abstracts.items()}
        for num in root.iterfind(f"{W}num"):
            key = value_of(num, f"{W}abstractNumId") or ""
            style_link = value_of(abstracts.get(key), f"{W}numStyleLink")
            numbering._add(num, linked.get(style_link, key) if style_link else key, abstracts)
        return numbering

    def next_number(self, ref: ListRef) -> str:
        """Count one paragraph on `ref` and give the number printed before it, "" for bullets."""
        found = self.lists.get(ref.list_id)
        level = found.levels.get(ref.level) if found else None
        if found is None or level is None:
            return ""
        counters = self._count(found, ref)
        if level.form in SILENT and "%" not in level.text:
            return ""
        text = PLACE.sub(lambda place: self._place(found, level, counters, int(place[1]) - 1), level.text).strip()
        return f"{text} " if OPEN_ENDED.search(text) else text

    def _count(self, found: WordList, ref: ListRef) -> dict[int, int]:
        counters = self.counters.setdefault(found.abstract_id, {})
        if ref.level in found.starts and (ref.list_id, ref.level) not in self.used:
            counters[ref.level] = found.starts[ref.level] - 1
        self.used.add((ref.list_id, ref.level))
        start = found.starts.get(ref.level, found.levels[ref.level].start)
        counters[ref.level] = counters.get(ref.level, start - 1) + 1
        for deeper in [at for at in counters if at > ref.level]:
            restart = found.levels[deeper].restart if deeper in found.levels else None
            if restart is None or ref.level < restart:
                del counters[deeper]
        return counters

    @staticmethod
    def _place(found: WordList, level: Level, counters: dict[int, int], at: int) -> str:
        other = found.levels.get(at)
        if other is None:
            return ""
        form = "decimal" if level.legal else other.form
        return printed(counters.get(at, found.starts.get(at, other.start)), form)

    def _add(self, num: etree._Element, key: str, abstracts: dict[str, etree._Element]) -> None:
        list_id = num.get(f"{W}numId", "")
        abstract = abstracts.get(key)
        levels = {} if abstract is None else dict(map(self._level, abstract.iterfind(f"{W}lvl")))
        starts: dict[int, int] = {}
        for override in num.iterfind(f"{W}lvlOverride"):
            at = int(override.get(f"{W}ilvl", "0"))
            levels.update(map(self._level, override.iterfind(f"{W}lvl")))
            start = value_of(override, f"{W}startOverride")
            if start is not None:
                starts[at] = int(start)
        self.lists[list_id] = WordList(key, levels, starts)
        for item in [] if abstract is None else abstract.iterfind(f"{W}lvl"):
            style = value_of(item, f"{W}pStyle")
            if style:
                self.by_style.setdefault(style, ListRef(list_id, int(item.get(f"{W}ilvl", "0"))))

    @staticmethod
    def _level(item: etree._Element) -> tuple[int, Level]:
        restart = value_of(item, f"{W}lvlRestart")
        level = Level(
            start=int(value_of(item, f"{W}start") or 1),
            form=value_of(item, f"{W}numFmt") or "decimal",
            text=value_of(item, f"{W}lvlText") or "",
            legal=item.find(f"{W}isLgl") is not None,
            restart=None if restart is None else int(restart),
        )
        return int(item.get(f"{W}ilvl", "0")), level
