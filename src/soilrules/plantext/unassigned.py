"""Clauses that became no task: words below the headings of a plan that no bracket, line or row gives to anybody.

A chapter of safeguards (保障措施) mostly names no unit. Such a clause is no task by itself, but it is not lost either: a
person takes it up or leaves it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from soilrules.plantext.building import Stretch, TaskSeed
from soilrules.plantext.draft import TaskOrigin
from soilrules.plantext.headings import ANNEX, Node
from soilrules.plantext.layout import Para
from soilrules.plantext.lexicon import PLAN_TITLE
from soilrules.plantext.metadata import DATED_LINE
from soilrules.plantext.pairing import Index
from soilrules.plantext.sections import BACKGROUND_HEADING
from soilrules.plantext.source import Words
from soilrules.plantext.units import is_unit

SHORTEST_TEXT, SHORTEST_REST, LONGEST_TITLE = 8, 14, 60
SAID_IN_TABLE = 0.6
"""From this share of its pairs of characters on, a row of a task table says the clause again and gives it to somebody."""
FIGURES = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[%％]|万?亩|[个家处座眼]|年(?=底|末|[0-9，、]))")
REPORTING = re.compile(
    "前[^。；，]{0,20}(?:报送|上报|报至|报|反馈|提交)|每[月季半年旬周][^。；，]{0,12}(?:报送|上报|报)"
)
"""What the notice itself, or the foot of a table, asks of everybody: `请于每季度末25日前报送进展`."""
NO_DUTIES = re.compile(
    "指导思想|基本原则|工作原则|总体(?:要求|思路|思想|目标)|(?:目标|指标|原则)$|(?:工作|主要|总体|阶段|年度)目标(?!任务)"
    "|编制(?:依据|背景)|适用范围|名词解释|术语|附则|解读|重要意义|重要性|^意义"
)
NOTICE_END = re.compile("的?通知$")
TITLE = re.compile(
    f"^[^。；，：]{{4,60}}(?:{PLAN_TITLE}|[表图]|指标|名单|名录)(?:（[^（）]{{1,20}}）)?$"
)  # of an annex, or in their list
OPENING_VERB = re.compile(
    "制定|编制|建立|开展|完善|落实|加强|推进|印发|出台|实施|细化|明确|形成|更新|公布|组织|做好|健全|强化|严格|完成|提出|纳入|推动|继续"
)
NO_CLAUSE = re.compile(
    r"^(?:联系人|联系电话|联系方式|抄送|主送|参会(?:单位|人员)|出席|列席|记录(?:人)?：|（?此(?:件|页)|（?公开|注[：:]|备注|填表说明|[0-9\-—\s]+$)|印发$|：$"
)
EDGE = "。；，、：\n）（ "


@dataclass(frozen=True)
class Seen:
    """A paragraph as the walk over the plan met it: where its own words begin, and the headings open there."""

    para: Para
    body: int
    nodes: tuple[Node, ...]
    headings: tuple[str, ...]
    part: int


def unassigned(
    words: Words, seen: Sequence[Seen], seeds: Sequence[TaskSeed], spoken: Iterable[Stretch]
) -> list[TaskSeed]:
    """The clauses no task holds, in order of print; what a task table says again is held by its row.

    `spoken`: brackets, label lines and universal clauses, whose words are those of their tasks, and the goals.
    """
    taken = _Taken([*spoken, *(each for seed in seeds for each in (seed.text, seed.title) if each)])
    first = min((seed.text[0] for seed in seeds), default=len(words.fold))
    free = [
        (one, stretch)
        for one in seen
        if (one.nodes or one.para.start > first or REPORTING.search(words.fold, one.para.start, one.para.end))
        and not _speaks_of_no_duty(words, one)
        for stretch in _free(words, one, taken)
    ]
    found = []
    for _key, group in groupby(free, key=lambda pair: _place(pair[0])):
        pieces = list(group)
        found.append(_seed(words, pieces[0][0], (pieces[0][1][0], pieces[-1][1][1]), taken))
    return _without_rows(words, found, seeds)


class _Taken:
    """Stretches of the words that belong to tasks."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        self.held: list[Stretch] = []
        for start, end in sorted(stretches):
            if self.held and start <= self.held[-1][1]:
                self.held[-1] = (self.held[-1][0], max(end, self.held[-1][1]))
            else:
                self.held.append((start, end))
        self.ends = [end for _start, end in self.held]

    def gaps(self, start: int, end: int) -> Iterator[Stretch]:
        """What of a stretch is free."""
        for at in range(bisect_right(self.ends, start), len(self.held)):
            first, last = self.held[at]
            if first >= end:
                break
            if first > start:
                yield start, first
            start = max(start, last)
        if start < end:
            yield start, end

    def touches(self, start: int, end: int) -> bool:
        """Whether a task holds any of it."""
        return list(self.gaps(start, end)) != [(start, end)]


def _place(one: Seen) -> tuple[int, int]:
    return (one.part, one.nodes[-1].start if one.nodes else -1 - one.para.start)


def _speaks_of_no_duty(words: Words, one: Seen) -> bool:
    """Goals, principles, background: chapters that give nobody anything to do."""
    if one.nodes and NOTICE_END.search(words.fold, one.nodes[-1].body, one.nodes[-1].title_end):
        return True  # the notice's own words; a web page sets its title as a heading over everything
    for node in one.nodes:
        heading = words.fold[node.body : node.title_end]
        if NO_DUTIES.search(heading) or (node.whole and not node.sentence and BACKGROUND_HEADING.search(heading)):
            return True
    return False


def _free(words: Words, one: Seen, taken: _Taken) -> Iterator[Stretch]:
    """The stretches of a paragraph that no task holds and that say something."""
    (start, end), body = (one.para.start, one.para.end), one.body
    if body >= end:
        if not _is_leaf(one):
            return  # a heading with words below it
        body = one.nodes[-1].body
    whole = not taken.touches(start, end)
    if whole and _says_nothing(words.fold[start:end], words.fold[body:end]):
        return
    for first, last in taken.gaps(body, end):
        first, kept = words.strip(first, last, EDGE)
        if kept - first >= (SHORTEST_TEXT if whole else SHORTEST_REST):
            yield first, words.strip(first, last, "\n")[1]


def _is_leaf(one: Seen) -> bool:
    """An item that is only a short sentence, with nothing below it."""
    node = one.nodes[-1] if one.nodes else None
    if node is None or not node.number or node.start != one.para.start:
        return False
    return not (node.kids or node.used or (node.content and not node.sentence))


def _says_nothing(text: str, own: str) -> bool:
    """Lists of annexes, their titles, signatures, dates, contacts, and sentences that only open a list."""
    if REPORTING.search(text):
        return False
    titled = TITLE.match(own) is not None and OPENING_VERB.match(own) is None
    return bool(titled or NO_CLAUSE.search(text) or DATED_LINE.match(text) or ANNEX.match(text) or is_unit(own))


def _seed(words: Words, one: Seen, text: Stretch, taken: _Taken) -> TaskSeed:
    """The clause as a task without units: number and title are those of its item, unless a task has them."""
    seed = TaskSeed(text, TaskOrigin.BODY, one.part, text[0], section=one.headings)
    node = one.nodes[-1] if one.nodes else None
    if node is None or not node.number or node.used or taken.touches(node.start, node.start + 1):
        return seed
    seed.number = node.number
    if node.whole:
        seed.section = one.headings[:-1]
    if node.whole and node.title_end <= text[0]:
        seed.title = (node.body, node.title_end)
    elif node.body == text[0] and node.title_end - node.body <= LONGEST_TITLE and node.title_end < text[1]:
        seed.title, seed.body = (node.body, node.title_end), node.title_end + 1 - text[0]
    return seed


def _without_rows(words: Words, found: list[TaskSeed], seeds: Sequence[TaskSeed]) -> list[TaskSeed]:
    rows = [seed for seed in seeds if seed.origin is TaskOrigin.TABLE]
    if not rows:
        return found
    index = Index([_text(words, seed) for seed in rows])
    kept = []
    for seed in found:
        text = _text(words, seed)
        best = index.best(text, mutual=True)
        if best is None or best[1] < SAID_IN_TABLE or _says_more(text, _text(words, rows[best[0]])):
            kept.append(seed)
    return kept


def _says_more(clause: str, row: str) -> bool:
    """Whether a clause prints a rate, a count or a year that the row leaves out."""
    return not set(FIGURES.findall(clause)) <= set(FIGURES.findall(row))


def _text(words: Words, seed: TaskSeed) -> str:
    title = words.fold[slice(*seed.title)] if seed.title else ""
    return f"{title}。{words.fold[slice(*seed.text)]}"
