"""Indicators: named quantities with a target, in sentences and in tables of targets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from soilrules.plantext import quantities as q
from soilrules.plantext.draft import IndicatorDraft
from soilrules.plantext.indicator_tables import read_indicator_tables
from soilrules.plantext.layout import Grid, Item, Para
from soilrules.plantext.metadata import Front
from soilrules.plantext.reasons import Reason
from soilrules.plantext.source import Words

CLAUSE = "，。；：\n！？"
SENTENCE = "。\n！？"
REACH = 90
LONGEST_SENTENCE, LONGEST_GOAL = 400, 1200


def read_indicators(words: Words, items: tuple[Item, ...], front: Front, tables: list[Grid]) -> tuple[IndicatorDraft, ...]:
    """All indicators of the document, the same quantity, target and year once."""
    year = front.year if front.one_year else None
    goals, background = sorted(front.goal_ranges), sorted(front.background_ranges)
    found: list[IndicatorDraft] = []
    seen: set[tuple[str, str, int | None]] = set()
    held = {id(grid) for grid in tables}
    for item in items:
        stretches = [(item.start, item.end)] if isinstance(item, Para) else (
            [] if id(item) in held else sorted({(cell.start, cell.end) for row in item.rows for cell in row}))
        for start, end in stretches:
            if _inside(background, start):
                continue
            scope = "goal" if _inside(goals, start) else "task"
            found.extend(_of_stretch(words, (start, end), scope, year))
    found.extend(read_indicator_tables(words, tables, year))
    distinct = []
    for indicator in found:
        key = (q.plain(indicator.name.value), str(indicator.target), indicator.year)
        if key not in seen:
            seen.add(key)
            distinct.append(indicator)
    return tuple(distinct)


def _inside(ranges: list[tuple[int, int]], at: int) -> bool:
    place = bisect_right(ranges, (at, 1 << 60)) - 1
    return place >= 0 and ranges[place][0] <= at < ranges[place][1]


def _of_stretch(words: Words, stretch: tuple[int, int], scope: str, year: int | None) -> Iterator[IndicatorDraft]:
    """Indicators of a paragraph or cell."""
    fold = words.fold
    start, end = stretch
    spotted: list[tuple[int, list[IndicatorDraft]]] = []
    counted = -1  # where the last counted quantity ended: one listed behind it may go without a verb
    done = amount_end = start
    for match in q.AMOUNT.finditer(fold, start, end):
        if match.start() < done:
            continue
        read = _amount(words, match, (max(start, amount_end), stretch), scope, year, counted)
        if read:
            indicators, until = read
            amount_end = match.end()
            counted = until if match["count"] or match["measure"] else -1
            done = until
            spotted.append((match.start(), indicators))
    spotted.extend(_worded(words, stretch, scope, year))
    spotted.sort(key=lambda one: one[0])
    for _, indicators in spotted:
        yield from indicators


def _clause_start(fold: str, at: int, floor: int) -> int:
    begin = max(floor, at - REACH)
    return max(begin, *(fold.rfind(char, begin, at) + 1 for char in CLAUSE))


def _year(fold: str, at: int, floor: int, scope: str, plan_year: int | None) -> int | None:
    """The year stated nearest before `at` in the sentence (in a goals paragraph: in the paragraph)."""
    near = max(floor, at - LONGEST_SENTENCE)
    sentence = max(near, *(fold.rfind(char, near, at) + 1 for char in SENTENCE))
    for begin in (sentence, max(floor, at - LONGEST_GOAL)) if scope == "goal" else (sentence,):
        years = [match for match in q.STATED_YEAR.finditer(fold, begin, at) if not q.is_baseline(fold, match)]
        if years:
            return q.year_of(years[-1])
    return plan_year


def _amount(words: Words, match: re.Match[str], place: tuple[int, tuple[int, int]], scope: str, year: int | None, counted: int
            ) -> tuple[list[IndicatorDraft], int] | None:
    """The indicators an amount is the target of, and where they end; `place`: the end of the amount before, the stretch."""
    fold = words.fold
    behind, stretch = place
    begin = _clause_start(fold, match.start(), stretch[0])
    if begin < behind and fold[behind] in "、和及与":
        begin = behind + 1
    if begin < counted < match.start() and fold[counted] in "、和及":
        begin = counted + 1
    clause = fold[begin:match.start()]
    if q.EXCLUDED.search(clause) or q.is_threshold(fold, match):
        return None
    named = q.before_amount(clause, match, counted == begin - 1 or counted == begin)
    stated = _year(fold, match.start(), stretch[0], scope, year)
    if named:
        values = q.amounts(fold, match, stretch[1])
        names = q.names(clause, named, len(values))
        if names is None:
            return None
        until = values[-1].end()
        wording = (begin + named.end, named.wording)
        return [_draft(words, (begin + first, begin + last), value, (begin, until), stated, scope, wording, shown, stretch)
                for (first, last, shown), value in zip(names, values * (len(names) if len(values) == 1 else 1), strict=True)
                ], until
    after = q.after_amount(fold, match, clause, stretch[1], listed=counted == begin - 1)
    if after:
        draft = _draft(words, after, match, (begin, after[1]), stated, scope, (match.start(), ""), None, stretch)
        return [draft], after[1]
    return None


def _draft(words: Words, name: tuple[int, int], amount: re.Match[str], quote: tuple[int, int], year: int | None, scope: str,
           wording: tuple[int, str], shown: str | None, stretch: tuple[int, int]) -> IndicatorDraft:
    """One indicator; a name that is short of its qualifier takes it from the clause before."""
    fold = words.fold
    if shown is None:
        shown = q.qualified(fold, name, stretch[0])
    shown = q.without_baseline(fold[name[0]:name[1]]) if shown is None else shown
    reason = Reason.NAME_COMPOSED if shown else ""
    target, unit = q.target_of(amount)
    return IndicatorDraft(
        name=words.field(*name, 0.8 if reason else 1.0, reason, shown), comparator=q.comparator(amount, wording[1]),
        target=target, unit=unit, year=year, quote=words.field(*quote), scope=scope,
        alternative=q.alternative(words.printed, fold, amount.end(), stretch[1]),
        wording=words.printed[wording[0]:amount.end()])


def _worded_target(words: Words, match: re.Match[str]) -> str:
    start = match.start("target") if match["target"] else match.end() - len(match["wished"])
    return words.printed[start:match.end()]


def _worded(words: Words, stretch: tuple[int, int], scope: str, year: int | None) -> Iterator[tuple[int, list[IndicatorDraft]]]:
    """零增长 anywhere; worded end values of a named quantity in the goals only."""
    fold = words.fold
    for match in q.WORDED.finditer(fold, *stretch):
        zero = match["zero"] is not None
        if scope != "goal" and not zero:
            continue
        begin = _clause_start(fold, match.start(), stretch[0])
        clause = fold[begin:match.start()]
        named = q.quantity_name(clause)
        if named is None:
            continue
        names = q.names(clause, named, 1)
        stated = _year(fold, match.start(), stretch[0], scope, year)
        if names:
            yield match.start(), [IndicatorDraft(
                name=words.field(begin + first, begin + last, 1.0 if not shown else 0.8, Reason.NAME_COMPOSED if shown else "", shown),
                comparator="text", target=_worded_target(words, match), unit="", year=stated,
                quote=words.field(begin, match.end()), scope=scope, wording=match[0]) for first, last, shown in names]
