"""Numbers and marks that open a heading or an item, and the outline they build.

Styles nest in the order in which the document first uses them (`1、` over `（一）` in one plan, under it
in another); only 第X章 and 一、 always begin at the top.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

CHINESE = "一二三四五六七八九十百"
MARKS: tuple[tuple[str, str], ...] = (
    ("chapter", rf"第[{CHINESE}0-9]{{1,4}}[章编篇]"),
    ("section", rf"第[{CHINESE}0-9]{{1,4}}[节部]分?"),
    ("article", rf"第[{CHINESE}0-9]{{1,4}}条"),
    ("chinese", rf"[{CHINESE}]{{1,4}}[、.]"),
    ("bracketed", rf"（[{CHINESE}]{{1,4}}）、?"),
    ("decimal", r"[0-9]{1,2}(?:\.(?!(?:19|20)[0-9]{2}年)[0-9]{1,2}){1,3}[、.]?(?![0-9%年月日个万亩吨家级])"),
    ("arabic", r"[0-9]{1,3}\.(?:(?![0-9])|(?=(?:19|20)[0-9]{2}年|[0-9]{1,2}月))、?"),
    ("arabic_comma", r"[0-9]{1,3}、(?![0-9])"),
    ("arabic_bracketed", r"（[0-9]{1,3}）、?"),
    ("arabic_half", r"[0-9]{1,3}）"),
    ("circled", r"[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳]"),
    (
        "task",
        rf"(?:任务|专栏|措施)[{CHINESE}0-9]{{1,3}}[：、.]?|(?:行动|专项|工程|举措|板块)[{CHINESE}0-9]{{1,3}}[：、]",
    ),
)
MARK = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in MARKS))
RANK = {name: rank for rank, (name, _) in enumerate(MARKS)}
TOP = ("chapter", "chinese")
MARKDOWN = re.compile(r"[ \t]*(#{1,6})(?=[^#])")
ANNEX = re.compile(r"(?:附件|附表|附录|附)[ ]*[0-9一二三四五六七八九十]{0,2}(?:-[0-9])?[：:.]?")
SENTENCE_END = "。！？；"


@dataclass(frozen=True)
class Mark:
    """The number that opens a paragraph: its style, as printed, and its length in the words."""

    style: str
    text: str
    length: int

    @property
    def number(self) -> str:
        """The number as a ledger prints it: `（二）`, `12`, `第三条`."""
        return self.text.rstrip("、.：．: \u3000")


def mark_of(fold: str, start: int, end: int, printed: str) -> Mark | None:
    """The mark at the start of a paragraph of the words."""
    match = MARK.match(fold, start, end)
    if not match or match.end() >= end or not match.lastgroup or match.lastgroup == "circled":
        return None  # ①②③ count within an item
    if match.lastgroup == "decimal" and fold[match.end()].isascii():
        return None
    return Mark(match.lastgroup, printed[start : match.end()], match.end() - start)


@dataclass
class Node:
    """An open heading: where it stands, its title and whether a task has been taken from its own text."""

    style: str
    start: int
    body: int  # where the words after its number begin
    title_end: int
    number: str
    level: int = 0
    used: bool = False
    whole: bool = False  # the paragraph is nothing but the heading
    sentence: bool = False  # … with a full stop
    content: int | None = None  # where the first words under it begin
    kids: int = 0  # items directly under it
    worded: int = 0  # of them have words on paragraphs of their own


@dataclass
class Outline:
    """The headings open at a point of the document, outermost first."""

    open: list[Node] = field(default_factory=list)

    def has_no(self, style: str) -> bool:
        """Whether no open heading is numbered in this style."""
        return style not in [node.style for node in self.open]

    def enter(self, node: Node, level: int | None = None) -> None:
        """Open `node`, closing what it does not stand under; `level` is a format's own heading level."""
        if level is not None:
            while self.open and (self.open[-1].level == 0 or self.open[-1].level >= level):
                self.open.pop()
            node.level = level
            self.open.append(node)
            return
        styles = [heading.style for heading in self.open]
        if node.style in styles:
            del self.open[styles.index(node.style) :]
        elif node.style in TOP:
            while self.open and RANK.get(self.open[-1].style, -1) > RANK[node.style]:
                self.open.pop()
        self.open.append(node)
