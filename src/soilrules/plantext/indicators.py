"""Indicators: named quantities with a target, in sentences and in tables of targets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from soilrules.plantext import quantities as q
from soilrules.plantext.alignment import is_term
from soilrules.plantext.columns import header_kinds, schedule_columns
from soilrules.plantext.draft import Field, IndicatorDraft
from soilrules.plantext.headings import mark_of
from soilrules.plantext.indicator_tables import read_indicator_tables
from soilrules.plantext.layout import Grid, Item, Para
from soilrules.plantext.metadata import Front
from soilrules.plantext.reasons import Reason
from soilrules.plantext.source import Words

HOPED = "力争"
CLAUSE = "，。；：\n！？"
SENTENCE = "。\n！？"
REACH = 90
SHORTEST_NAME, MOST_COMPARED = 3, 100
LONGEST_SENTENCE, LONGEST_GOAL = 400, 1200


@dataclass(frozen=True)
class Passage:
    """A paragraph or cell: a stretch of the words, its scope, and the year that holds where it states none."""

    words: Words
    start: int
    end: int
    scope: str
    plan_year: int | None
    first_year: int | None = None  # what lies before the plan's own year is no target of it
    row: str = ""  # the row's task, which may say of what a rate beside it is

    def clause_start(self, at: int) -> int:
        """Where the clause before `at` begins."""
        begin = max(self.start, at - REACH)
        return max(begin, *(self.words.fold.rfind(char, begin, at) + 1 for char in CLAUSE))

    def years(self, at: int, count: int) -> list[int]:
        """The years the sentence lists before `at` for so many amounts; none where it does not."""
        near = max(self.start, at - LONGEST_SENTENCE)
        begin = max(near, *(self.words.fold.rfind(char, near, at) + 1 for char in SENTENCE))
        return q.years_listed(self.words.fold[begin:at], count)

    def year(self, at: int) -> int | None:
        """The year stated nearest before `at` in the sentence (in a goals paragraph: in the paragraph)."""
        fold, near = self.words.fold, max(self.start, at - LONGEST_SENTENCE)
        sentence = max(near, *(fold.rfind(char, near, at) + 1 for char in SENTENCE))
        goal = max(self.start, at - LONGEST_GOAL)
        for begin in (sentence, goal) if self.scope == "goal" else (sentence,):
            years = [match for match in q.STATED_YEAR.finditer(fold, begin, at) if not q.is_baseline(fold, match)]
            years = [one for one in years if q.year_of(one) >= (self.first_year or 0)]
            if years:
                return q.year_of(years[-1])
        return self.plan_year


@dataclass(frozen=True)
class Target:
    """An amount with the words before it and the comparator of its list."""

    amount: re.Match[str]
    quote: tuple[int, int]
    wording_start: int
    comparator: str


def read_indicators(
    words: Words, items: tuple[Item, ...], front: Front, tables: list[Grid]
) -> tuple[IndicatorDraft, ...]:
    """All indicators of the document, the same quantity, target and year once."""
    year = front.year if front.one_year else None
    goals, background = sorted(front.goal_ranges), sorted(front.background_ranges)
    found: list[IndicatorDraft] = []
    held = {id(grid) for grid in tables}
    for item in items:
        if isinstance(item, Grid) and id(item) in held:
            continue
        for (start, end), stated, row in _stretches(words, item, year):
            if _inside(background, start):
                continue
            scope = "goal" if _inside(goals, start) else "task"
            found.extend(_of_passage(Passage(words, start, end, scope, stated, year, row)))
    found.extend(read_indicator_tables(words, tables, year))
    return tuple(_distinct(found))


def _stretches(words: Words, item: Item, year: int | None) -> list[tuple[tuple[int, int], int | None, str]]:
    """Paragraphs and cells with the year that holds where they state none (a row's is that of its deadline) and its task."""
    if isinstance(item, Para):
        mark = mark_of(words.fold, item.start, item.end, words.printed)
        return [((item.start + (mark.length if mark else 0), item.end), year, "")]
    cells: dict[tuple[int, int], tuple[int | None, str]] = {}
    schedule: list[int] = []
    named: int | None = None
    for row in item.rows:
        texts = [words.fold[cell.start : cell.end] for cell in row]
        stated = year or max(
            (q.year_of(match) for text in texts if is_term(text) for match in q.STATED_YEAR.finditer(text)),
            default=None,
        )
        kinds = header_kinds(texts)
        schedule = schedule or (schedule_columns(texts) if kinds else [])
        if kinds:
            named = max((at for at, kind in enumerate(kinds) if kind == "task"), default=None)
        task = texts[named] if named is not None and named < len(texts) else ""
        for at, cell in enumerate(row):
            if at not in schedule:
                cells.setdefault((cell.start, cell.end), (stated, task))
    return [(place, *cells[place]) for place in sorted(cells)]


def _distinct(found: list[IndicatorDraft]) -> Iterator[IndicatorDraft]:
    """The same quantity, target and year once; a later name may be short of the first one's qualifier.

    A task that says a goal again without a year means the goal's.
    """
    seen: dict[tuple[str, int | None], list[str]] = {}
    goals = {(q.plain(one.name.value), one.comparator, str(one.target)) for one in found if one.scope == "goal"}
    for indicator in found:
        name = q.plain(indicator.name.value)
        again = (name, indicator.comparator, str(indicator.target)) in goals
        if again and indicator.scope == "task" and indicator.year is None:
            continue
        known = seen.setdefault((str(indicator.target), indicator.year), [])
        if name in known or (
            len(name) > SHORTEST_NAME and any(other.endswith(name) for other in known[:MOST_COMPARED])
        ):
            continue
        known.append(name)
        yield indicator


def _inside(ranges: list[tuple[int, int]], at: int) -> bool:
    place = bisect_right(ranges, (at, 1 << 60)) - 1
    return place >= 0 and ranges[place][0] <= at < ranges[place][1]


def _of_passage(passage: Passage) -> Iterator[IndicatorDraft]:
    """Indicators of a paragraph or cell, in order of print."""
    spotted: list[tuple[int, list[IndicatorDraft]]] = []
    worded = list(_worded(passage))
    counted = -1  # where the last counted quantity ended: one listed behind it may go without a verb
    done = amount_end = passage.start
    for match in q.AMOUNT.finditer(passage.words.fold, passage.start, passage.end):
        if match.start() < done:
            continue
        read = _amount(passage, match, amount_end, counted) or _again(passage, match, amount_end, spotted)
        if read:
            indicators, done = read
            place = bisect_right(worded, match.start(), key=lambda one: one[0])
            indicators = _in_full(
                passage, indicators, match.start(), [*spotted[-1:], *worded[max(place - 1, 0) : place]]
            )
            amount_end = match.end()
            counted = done if match["count"] or match["measure"] else -1
            spotted.append((match.start(), indicators))
    spotted.extend(worded)
    spotted.sort(key=lambda one: one[0])
    for _, indicators in spotted:
        yield from indicators


def _part_of_another(passage: Passage, at: int) -> bool:
    """`监测点位38个（其中国控5个、省控8个）`: a share of the quantity before the bracket."""
    fold = passage.words.fold
    opening = fold.rfind("（", max(passage.start, at - REACH), at)
    if opening < 0 or fold.find("）", opening, at) >= 0:
        return False
    whole = q.AMOUNT_ENDS.search(fold, max(passage.start, opening - 12), opening) is not None
    return whole or fold.startswith(("其中", "含", "包括", "共"), opening + 1)


def _again(
    passage: Passage, match: re.Match[str], behind: int, before: list[tuple[int, list[IndicatorDraft]]]
) -> tuple[list[IndicatorDraft], int] | None:
    """`到2021年达到91%；到2022年底达到92%`, `达到80%以上，力争达到90%`: the same quantity at another time, or hoped for."""
    fold, begin = passage.words.fold, passage.clause_start(match.start())
    begin = behind + 1 if begin < behind and fold[behind] in "、和及" else begin
    if not before or not match["percent"] or not q.names_nothing(fold[begin : match.start()]):
        return None
    place, named = before[-1]
    year, hoped = passage.year(match.start()), q.HOPE.search(fold, begin, match.start()) is not None
    if any(char in SENTENCE for char in fold[place : match.start()]) or any(
        one.unit != "%" or (one.year == year and not hoped and not q.CHANGED.search(one.name.value)) for one in named
    ):
        return None
    values = q.amounts(fold, match, passage.end) if "分别" in fold[begin : match.start()] else [match]
    years = passage.years(match.start(), len(values)) if len(values) > 1 else [year]
    values = values if len(years) == len(values) else [match]
    end = values[-1].end()
    return [
        replace(
            one,
            name=replace(one.name, value=q.CHANGED.sub("", one.name.value)),
            target=target,
            unit=unit,
            year=stated,
            comparator=q.comparator(match, fold[begin : match.start()]),
            quote=passage.words.field(begin, end),
            wording=passage.words.printed[begin : value.end()],
        )
        for one in named
        for value, stated in zip(values, years, strict=False)
        for target, unit in (q.target_of(value),)
    ], end


def _in_full(
    passage: Passage, indicators: list[IndicatorDraft], at: int, before: list[tuple[int, list[IndicatorDraft]]]
) -> list[IndicatorDraft]:
    """`包装物回收率达80%、处置率达100%`: a name that does not say of what takes it from the names before it."""
    if len(indicators) != 1 or not q.bare_rate(indicators[0].name.value):
        return indicators
    place, named = max(before, key=lambda one: one[0], default=(at, []))
    if at - place > 2 * REACH or any(char in SENTENCE + "；" for char in passage.words.fold[place:at]):
        return indicators
    name = indicators[0].name
    cores = [core for core in (q.core_of(other.name.value) for other in named) if core]
    return [
        replace(indicators[0], name=replace(name, value=core + name.value, confidence=0.8, reason=Reason.NAME_COMPOSED))
        for core in cores
    ] or indicators


def _amount(
    passage: Passage, match: re.Match[str], behind: int, counted: int
) -> tuple[list[IndicatorDraft], int] | None:
    """The indicators an amount is the target of, and where they end.

    `behind` is where the amount before ended, `counted` where the counted quantity before ended.
    """
    fold = passage.words.fold
    begin = passage.clause_start(match.start())
    for end in (behind, counted):
        if begin < end < match.start() and fold[end] in "、和及与":
            begin = end + 1
    if begin > passage.start and fold[begin - 1] == "：" and q.names_nothing(fold[begin : match.start()]):
        begin = passage.clause_start(begin - 1)  # 安全利用率：不低于90%
    clause = fold[begin : match.start()]
    if _part_of_another(passage, match.start()) or q.EXCLUDED.search(clause) or q.is_threshold(fold, match):
        return None
    listed = counted in (begin - 1, begin)
    named = q.before_amount(clause, match, listed)
    if named:
        return _listed(passage, match, (begin, clause), named)
    after = q.after_amount(fold, match, clause, passage.end, listed=counted == begin - 1)
    if after is None:
        return None
    target = Target(match, (begin, after[1]), match.start(), q.comparator(match, clause[-4:]))
    return [_draft(passage, after, target, None)], after[1]


def _listed(
    passage: Passage, match: re.Match[str], place: tuple[int, str], named: q.Named
) -> tuple[list[IndicatorDraft], int] | None:
    """The indicators of the names before an amount; what follows the last amount of a list holds for all."""
    begin, clause = place
    values = q.amounts(passage.words.fold, match, passage.end)
    values = values[:1] if named.counted else values  # a counted thing is one name: it has one amount
    names = q.names(clause, named, len(values))
    if names is None:
        return None
    until = values[-1].end()
    alone = len(values) > 1 and len({(first, last) for first, last, _shown in names}) == 1
    years = passage.years(match.start(), len(values)) if alone else []
    if len(values) == 1:
        values = values * len(names)
    drafts = []
    for (first, last, shown), value in zip(names, values, strict=True):
        closing = value if value["after"] or value["near"] else values[-1]
        target = Target(value, (begin, until), begin + named.end, q.comparator(closing, named.wording))
        drafts.append(_draft(passage, (begin + first, begin + last), target, shown))
    return [replace(one, year=year) for one, year in zip(drafts, years, strict=True)] if years else drafts, until


def _draft(passage: Passage, name: tuple[int, int], target: Target, shown: str | None) -> IndicatorDraft:
    """One indicator; a name that is short of its qualifier takes it from the clause before."""
    words = passage.words
    if shown is None:
        text = words.fold[slice(*name)]
        shown = q.qualified(words.fold, name, passage.start) or q.of_row(passage.row, text) or q.without_baseline(text)
    value, unit = q.target_of(target.amount)
    return IndicatorDraft(
        name=_name(words, name, shown),
        comparator=target.comparator,
        target=value,
        unit=unit,
        year=passage.year(target.amount.start()),
        quote=words.field(*target.quote),
        scope=passage.scope,
        alternative=q.alternative(words.printed, words.fold, target.amount.end(), passage.end),
        wording=_hoped(words, target, name) + words.printed[target.wording_start : target.amount.end()],
    )


def _hoped(words: Words, target: Target, name: tuple[int, int]) -> str:
    """力争 that stands before the name belongs to the target: `力争综合利用率达到92%`."""
    return HOPED if HOPED in words.fold[target.quote[0] : name[0]] else ""


def _name(words: Words, name: tuple[int, int], shown: str | None) -> Field:
    return words.field(*name, 0.8, Reason.NAME_COMPOSED, shown) if shown else words.field(*name)


def _worded_target(words: Words, match: re.Match[str]) -> str:
    start = match.start("target") if match["target"] else match.end() - len(match["wished"])
    return words.printed[start : match.end()]


def _worded(passage: Passage) -> Iterator[tuple[int, list[IndicatorDraft]]]:
    """零增长 anywhere; worded end values of a named quantity in the goals only."""
    words = passage.words
    for match in q.WORDED.finditer(words.fold, passage.start, passage.end):
        if passage.scope != "goal" and match["zero"] is None:
            continue
        begin = passage.clause_start(match.start())
        clause = words.fold[begin : match.start()]
        named = q.quantity_name(clause, zero=match["zero"] is not None)
        names = q.names(clause, named, 1) if named else None
        if names:
            yield (
                match.start(),
                [
                    IndicatorDraft(
                        name=_name(words, (begin + first, begin + last), shown),
                        comparator="text",
                        target=_worded_target(words, match),
                        unit="",
                        year=passage.year(match.start()),
                        quote=words.field(begin, match.end()),
                        scope=passage.scope,
                        wording=match[0],
                    )
                    for first, last, shown in names
                ],
            )
