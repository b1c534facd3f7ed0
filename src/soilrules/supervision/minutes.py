"""Minutes of a meeting read: which sentences are decisions, whose they are, by when.

A decision is a numbered clause (or one of 一是, 二是 …, or a line that begins with a unit) after the words that open the
decisions, in which a known unit stands where a unit acts: at the beginning of a clause, after 由, 请 or 会同. A unit that only receives (报区环委办) or a place that is
worked on is none. What is read is proposed; a person accepts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from soilrules import deadlines
from soilrules.plantext.draft import Role, Span
from soilrules.supervision.clauses import SURE, TO_BE_LOOKED_AT, Clause, Named

BEGINS = re.compile("议定|会议决定|会议明确|会议要求|决定事项|纪要如下")
NUMBER = re.compile(
    r"[ \t　]*(?P<number>[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、](?!\d)|[一二三四五六七八九十]{1,2}是(?=[^，。]))"
)
PART = re.compile(r"(?<=[：；。])(?=[一二三四五六七八九十]是)")
BESIDE = re.compile(r"[ \t　]*(参会|参加|出席|列席|主持|记录|抄送|分送|发送|主送|签发|缺席|请假|地点|时间|印发)")
GROUPS = (
    r"各(?:涉农)?(?:乡镇|镇街|街镇|街道|镇|乡)(?:[（(](?:街道|镇)[）)]|[、和]街道)?(?:人民政府|政府|办事处)?"
    r"|各(?:有关|相关|成员|责任)(?:部门|单位)"
)
"""Units named together; 各单位 alone is everybody and nobody."""
BEFORE = re.compile(r"(?:^|[，。；：、（(\s　]|由|请|会同|商|督促|要求)$")
TOGETHER = re.compile(r"(?:会同|商)$")
ASKS = re.compile("，|由|负责|牵头|完成|落实")
HEADING = 60
"""Characters of a numbered line that may be a heading."""
BETWEEN = re.compile(r"[、和与及]|以及")
LEADS, SUPPORTS = re.compile(r"(?:负责)?牵头"), re.compile(r"(?:积极)?(?:配合|协助|参与)")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line, or a part of one, with where it begins."""

    text: str
    start: int


def read_minutes(text: str, names: Iterable[str], year: int) -> list[Clause]:
    """The decisions in the order of the text. `names`: how units of the place are called; `year`: that of the meeting."""
    known, opened = _pattern(names), BEGINS.search(text) is not None
    found: list[Clause] = []
    section: tuple[str, ...] = ()
    for piece in _pieces(text):
        number = NUMBER.match(piece.text)
        units = _units(piece, known)
        if number and not units and len(piece.text.strip()) <= HEADING:
            section = (piece.text.strip().rstrip("。"),)
        elif units and (number or opened and _acts_first(piece, units[0])):
            found.append(_clause(piece, number, units, section, year))
    return found


def unread(text: str, names: Iterable[str], year: int) -> list[str]:
    """Numbered sentences that ask for something and name no known unit: no decision is made of them, so somebody should look.

    >>> unread("会议议定：\\n（一）由外星局负责，于12月1日前完成。", [], 2026)
    ['（一）由外星局负责，于12月1日前完成。']
    """
    known, found = _pattern(names), []
    for piece in _pieces(text):
        words = piece.text.strip()
        if NUMBER.match(piece.text) and not _units(piece, known):
            says = words.endswith(("。", "；", ";")) and ASKS.search(words)
            if says or len(words) > HEADING or deadlines.parse(words, plan_year=year):
                found.append(words)
    return found


def _acts_first(piece: _Piece, unit: Named) -> bool:
    """Whether a line without a number begins with the unit that acts."""
    return piece.text[: unit.span.start - piece.start].strip(" \t　") in ("", "由", "请")


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    every = sorted({name for name in names if len(name) > 2}, key=lambda one: (-len(one), one))
    return re.compile("|".join((*map(re.escape, every), GROUPS)))


def _pieces(text: str) -> Iterator[_Piece]:
    """Lines after the words that open the decisions (all lines where nothing opens them), cut before 一是, 二是."""
    begins = BEGINS.search(text)
    start = 0
    for line in text.splitlines(keepends=True):
        if begins is None or start + len(line) > begins.start():
            at = 0
            for part in [*(cut.start() for cut in PART.finditer(line)), len(line)]:
                if not BESIDE.match(line[at:part]):
                    yield _Piece(line[at:part], start + at)
                at = part
        start += len(line)


def _units(piece: _Piece, known: re.Pattern[str]) -> tuple[Named, ...]:
    """The units that act, each once."""
    found: dict[str, Named] = {}
    number = NUMBER.match(piece.text)
    at = number.end() if number else 0
    for group in _groups(piece.text, known):
        first, last = group[0].start(), group[-1].end()
        before = piece.text[at:first]
        if before.strip() and not BEFORE.search(before):
            continue
        role = _role(piece.text[:first], piece.text[last:])
        for match in group:
            span = Span(piece.start + match.start(), piece.start + match.end())
            found.setdefault(match.group(), Named(match.group(), role, span))
    units = tuple(found.values())
    if any(one.role is not Role.SUPPORT for one in units):
        return units
    return units and (replace(units[0], role=Role.RESPONSIBLE), *units[1:])


def _groups(text: str, known: re.Pattern[str]) -> list[list[re.Match[str]]]:
    """Names that stand side by side (甲局、乙局) share one verb."""
    groups: list[list[re.Match[str]]] = []
    for match in known.finditer(text):
        if groups and BETWEEN.fullmatch(text, groups[-1][-1].end(), match.start()):
            groups[-1].append(match)
        else:
            groups.append([match])
    return groups


def _role(before: str, after: str) -> Role:
    if TOGETHER.search(before) or SUPPORTS.match(after):
        return Role.SUPPORT
    return Role.LEAD if LEADS.match(after) else Role.RESPONSIBLE


def _clause(
    piece: _Piece, number: re.Match[str] | None, units: Sequence[Named], section: tuple[str, ...], year: int
) -> Clause:
    left = piece.text[number.end() if number else 0 :].lstrip()
    at = len(piece.text) - len(left)
    start, body = piece.start + at, left.rstrip()
    terms = tuple(
        replace(one, start=one.start + start, end=one.end + start) for one in deadlines.parse(body, plan_year=year)
    )
    sure = SURE if any(one.last and one.completion for one in terms) else TO_BE_LOOKED_AT
    printed = number["number"].rstrip("、.．") if number else ""
    return Clause(Span(start, start + len(body)), tuple(units), terms, printed, section, sure=sure)
