"""Make task drafts: the same for prose and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from soilrules.deadlines.model import Deadline, DeadlineKind
from soilrules.deadlines.parse import parse
from soilrules.deadlines.reasons import TermReason
from soilrules.plantext.alignment import EMPTY
from soilrules.plantext.draft import Role, TaskDraft, TaskOrigin, UnitMention, UnitSource
from soilrules.plantext.reasons import Reason
from soilrules.plantext.source import Words
from soilrules.plantext.units import Unit, is_unit

Stretch = tuple[int, int]
PIECE = re.compile("[^，；。]+")
CLOSING = re.compile("(?<=[，；。])长期(?:坚持|实施|推进|开展|执行|落实)?(?=[。；]|$)")
"""`严禁种植食用农产品，长期坚持。`: what a text without another term ends with."""
ROLE_WORD, LONGEST_TERM = 14, 40
EDGE = "。；，、：\n）"


@dataclass
class TaskSeed:
    """A task being read: ranges of the words, not yet fields."""

    text: Stretch
    origin: TaskOrigin
    part: int
    start: int
    number: str | None = None
    style: str = ""
    parent_number: str = ""
    section: tuple[str, ...] = ()
    title: Stretch | None = None
    body: int = 0  # offset in the text behind a run-in title
    units: list[UnitMention] = field(default_factory=list)
    terms: list[Stretch] = field(default_factory=list)  # where its deadlines are read, besides its text
    outer_terms: list[Stretch] = field(default_factory=list)  # in its heading: where it states none itself
    own_terms: bool = False  # a deadline column speaks: the text is not asked


def mention(words: Words, unit: Unit, source: UnitSource, because: Stretch | None = None) -> UnitMention:
    """A unit of the words as a mention; a name the lexicon does not know is less sure."""
    name = words.fold[unit.start : unit.end]
    sure = is_unit(name)
    shown = words.field(unit.start, unit.end, 1.0 if sure else 0.7, "" if sure else Reason.UNIT_BY_POSITION)
    if unit.bare and source is UnitSource.BRACKET:
        shown = replace(shown, confidence=min(shown.confidence, 0.8), reason=shown.reason or Reason.ROLE_NOT_STATED)
    return UnitMention(shown, unit.role, source, words.spans(*(because or unit.because)))


def mentions(
    words: Words, units: Sequence[Unit], source: UnitSource, because: Stretch | None = None
) -> list[UnitMention]:
    """All units of a bracket, cell or clause as mentions."""
    return [mention(words, unit, source, because) for unit in units]


def add_units(seed: TaskSeed, units: Sequence[UnitMention]) -> None:
    """Add units a task does not have yet; a name that only differs by inner brackets is the same."""
    known = {(_plain(unit.name.value), unit.role) for unit in seed.units}
    seed.units.extend(unit for unit in units if (_plain(unit.name.value), unit.role) not in known)


def _plain(name: str) -> str:
    return "".join(char for char in name if char not in "（）()【】〔〕[]")


def convention(units: Sequence[UnitMention], rest_support: bool, source: str = "") -> list[UnitMention]:
    """`列第一位者为牵头单位`: the first of a bare list leads; `按职责分工负责` says otherwise."""
    divided = any(
        "分工" in span.of(source) and span.end - span.start < ROLE_WORD for unit in units for span in unit.because
    )
    if not units or divided or any(unit.role is not Role.RESPONSIBLE for unit in units):
        return list(units)
    rest = Role.SUPPORT if rest_support else Role.RESPONSIBLE
    leading = _first_group(units, source) if source else 1
    return [
        replace(unit, role=rest if at >= leading else Role.LEAD, source=UnitSource.CONVENTION)
        for at, unit in enumerate(units)
    ]


def _first_group(units: Sequence[UnitMention], source: str) -> int:
    """How many units stand before the first comma where the others are listed with `、`: `甲局、乙局，丙局、丁局`."""
    marks = [source[one.name.spans[-1].end : two.name.spans[0].start].strip()[:1] for one, two in pairwise(units)]
    first = next((at for at, mark in enumerate(marks) if mark in "，,；;"), -1)
    return first + 1 if first >= 0 and "、" in marks else 1


def draft_of(words: Words, seed: TaskSeed, year: int | None, title_limit: int = 120) -> TaskDraft:
    """The finished draft of a task."""
    start, end = seed.text
    text = words.field(start, end)
    named = words.strip(*seed.title, "，、；") if seed.title else (0, 0)
    title = words.field(*named) if 0 < named[1] - named[0] <= title_limit else None
    return TaskDraft(
        number=seed.number,
        section=seed.section,
        title=title,
        text=text,
        body_start=seed.body,
        units=tuple(seed.units),
        inherited=(),
        deadlines=_deadlines(words, seed, year),
        origin=seed.origin,
        part=seed.part,
        line=words.line_of(seed.start) if words.at else 1,
    )


def _deadlines(words: Words, seed: TaskSeed, year: int | None) -> tuple[Deadline, ...]:
    """Terms of the deadline cell or label, else of the task's own words."""
    stated = [term for stretch in seed.terms for term in _stated(words, stretch, year, cell=seed.own_terms)]
    if stated and (seed.own_terms or any(term.kind is DeadlineKind.STANDING for term in stated)):
        return tuple(stated)
    labelled = [
        term.last
        for stretch in seed.terms
        if _has_label(words, stretch)
        for term in terms_in(words, stretch, year)
        if term.last
    ]
    own = terms_in(words, seed.text, year)
    if labelled:  # 完成时限：12月20日 decides; 年底前 in the words before it is no later term
        own = [replace(one, completion=one.completion and (one.last or date.min) <= max(labelled)) for one in own]
    found = (*own, *stated)
    outer = found or tuple(term for stretch in seed.outer_terms for term in _stated(words, stretch, year))
    return outer or tuple(
        term for match in CLOSING.finditer(words.fold, *seed.text) for term in terms_in(words, match.span(), year)
    )


def _has_label(words: Words, stretch: Stretch) -> bool:
    return words.fold[stretch[0] - 1 : stretch[0]] == "："


def _stated(words: Words, stretch: Stretch, year: int | None, *, cell: bool = False) -> list[Deadline]:
    """The terms of a cell, label or bracket; in a bracket a standing term may be one clause of several."""
    found = terms_in(words, stretch, year)
    start, end = stretch
    pieces = [match.span() for match in PIECE.finditer(words.fold, start, end)]
    each = [term for piece in pieces for term in terms_in(words, piece, year)] if len(pieces) > 1 else []
    found = [*found, *(term for term in each if term.kind is DeadlineKind.STANDING)] if found else each
    return found or _undetermined(words, stretch, cell)


def _undetermined(words: Words, stretch: Stretch, cell: bool) -> list[Deadline]:
    """Words of a deadline column or behind `完成时限：` that say no day: they are kept, and a person sets one."""
    start, end = words.strip(*stretch, EDGE)
    stated = cell or _has_label(words, stretch)
    if not stated or end - start > LONGEST_TERM or EMPTY.match(words.fold[start:end]):
        return []
    shown, spans = words.printed[start:end].replace("\n", ""), words.spans(start, end)
    kind, why = DeadlineKind.UNDETERMINED, TermReason.TERM_UNDETERMINED
    return [Deadline(shown, spans[0].start, spans[-1].end, kind, 0.5, why)]


def terms_in(words: Words, stretch: Stretch, year: int | None) -> list[Deadline]:
    """The terms of a stretch of the words, with spans of the source."""
    start, end = stretch
    found = []
    for term in parse(words.fold[start:end], plan_year=year, offset=start):
        printed = words.printed[term.start : term.end].replace("\n", "")
        spans = words.spans(term.start, term.end)
        found.append(replace(term, text=printed, start=spans[0].start, end=spans[-1].end))
    return found
