"""Clauses without a bracket that say themselves who acts.

What a paper gives to somebody is a task: `由区财政局统筹…`, `请区财政局于…`, and lists of duties unit by unit. Whose sentence
merely begins with a unit (`区财政局统筹资金`) stays a clause, for safeguards read so too: the unit stands beside it, and a person
takes it up with its unit or leaves it; a dated item among the tasks is one. A sentence that only names departments in
general (`各有关部门要…`) names nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from soilrules.plantext.brackets import GENERIC_UNITS
from soilrules.plantext.building import TaskSeed, mentions, terms_in
from soilrules.plantext.draft import Role, UnitSource
from soilrules.plantext.source import Words
from soilrules.plantext.units import Unit, is_unit, units_in
from soilrules.plantext.unitwise import ACTING, NAMED

DOES = (
    "(?:"
    "统筹|组织|牵头|负责(?!解释|人|同志)|加强|强化|做好|抓好|推进|推动|完善|健全|履行|督促|支持|配合|承担|会同|制定|编制|安排|开展|建立|监督|保障|落实|指导|汇总|审计|验收|审核|通报"
    "|以[^。；，：]{2,30}?为(?:重点|主|抓手|基础)"
    "|[对就将把][^。；，：]{2,40}?(?:进行|开展|实施|纳入|作出|给予|予以)"
    ")(?![^。；，、：]{0,4}[局厅委署])"  # 监督 of 市场监督管理局 is a name
)
ADVERBS = "(?:要|应当|应|须|需|具体|共同|统一|依法|积极|按照?(?:各自)?职责(?:分工)?|定期|及时|切实|进一步|每[年季月半][^。；，：]{0,3})*"
BY = re.compile(
    rf"(?:^|(?<=[。；，：\n]))[^。；，：\n由]{{0,16}}由(?P<units>[^。；，：（）\n]{{2,60}}?){ADVERBS}"
    rf"(?:{DOES}|予以|给予|实施|完成|管理|监管|提出|审定|报)"
)
ASKED = re.compile(
    rf"(?:^|(?<=[。；，：\n]))(?:并|同时)?请(?P<units>[^。；，：（）\n]{{2,60}}?)(?:于|在|按|结合|对照|认真|抓紧|尽快|提供|报送|完成|提出|{ADVERBS}{DOES})"
)
SUBJECT = re.compile(rf"(?:^|(?<=[。；，：\n]))(?P<units>[^。；，：（）\n由]{{2,60}}?){ADVERBS}(?:{DOES})")
BETWEEN = re.compile("[、和及与]|以及|会同")
AND_OTHERS = re.compile("等(?:[有相]关)?(?:部门|单位)?$")
VAGUE = re.compile("^(?:有关|相关|全体|其他|本)|(?:部门|单位|企业|公司|机构|成员|人员)$|主管")
IN_GENERAL = re.compile(f"^各|(?:小组|指挥部|委员会)$|{VAGUE.pattern}")
SAFEGUARDS = re.compile("保障|要求|组织|领导|附则|考核|监督")
SOME_YEAR = 2000  # for terms that state none: asked is only whether there is a day
LEAST_LINES = 2
"""So many lines in a row that open with their unit are a list of duties; one may be anything."""


def with_units(words: Words, clauses: Sequence[TaskSeed]) -> tuple[list[TaskSeed], list[TaskSeed]]:
    """The clauses that give something to somebody, and the rest; both with the units they name as acting."""
    acting: list[TaskSeed] = []
    for _section, group in groupby(clauses, key=lambda seed: (seed.part, seed.section)):
        rows = list(group)
        lines = [_line_of(words, seed) for seed in rows]
        listed = sum(found is not None for found in lines) >= LEAST_LINES
        for seed, line in zip(rows, lines, strict=True):
            if listed and line:
                _take_line(words, seed, line)
                acting.append(seed)
                continue
            named = _in_sentences(words, seed)
            seed.units = [
                one for _by, units, because in named for one in mentions(words, units, UnitSource.SENTENCE, because)
            ]
            if any(given for given, _units, _because in named) or (named and _dated_item(words, seed)):
                acting.append(seed)
    held = {id(seed) for seed in acting}
    return acting, [seed for seed in clauses if id(seed) not in held]


def _dated_item(words: Words, seed: TaskSeed) -> bool:
    """A numbered item among the tasks, not the safeguards, that says by which day."""
    if not seed.number or any(SAFEGUARDS.search(name) for name in seed.section):
        return False
    return any(term.last and term.completion for term in terms_in(words, seed.text, SOME_YEAR))


Line = tuple[list[Unit], tuple[int, int], int]
"""The units a line opens with, the words that name them, and where what they do begins."""


def _line_of(words: Words, seed: TaskSeed) -> Line | None:
    """`区水利局：负责…`, `（三）区水利局。负责…` or `区水利局负责…`."""
    start, end = seed.title[0] if seed.title else seed.text[0], seed.text[1]
    for pattern in (NAMED, ACTING):
        match = pattern.match(words.fold, start, end)
        if match is None:
            continue
        units = _all_named(words, *match.span("unit"), general=True)
        if units:
            return units, match.span("unit"), match.end() if pattern is NAMED else start
    return None


def _take_line(words: Words, seed: TaskSeed, line: Line) -> None:
    units, because, start = line
    seed.units = mentions(words, units, UnitSource.SECTION, because)
    seed.title, seed.body = None, 0
    seed.text = words.strip(start, seed.text[1], "\n")


def _in_sentences(words: Words, seed: TaskSeed) -> list[tuple[bool, list[Unit], tuple[int, int]]]:
    """The units named as those who act, sentence by sentence, each once, and whether the paper gives it to them."""
    start, end = seed.text
    text = words.fold[start:end]  # a clause begins like a sentence
    found: list[tuple[bool, list[Unit], tuple[int, int]]] = []
    known: set[str] = set()
    matches = [match for pattern in (BY, ASKED, SUBJECT) for match in pattern.finditer(text)]
    for match in sorted(matches, key=lambda one: one.start("units")):
        first, last = match.span("units")
        last = first + len(AND_OTHERS.sub("", text[first:last]))
        named = _all_named(words, start + first, start + last, general=match.re is not SUBJECT)
        units = [unit for unit in named if words.fold[unit.start : unit.end] not in known]
        known |= {words.fold[unit.start : unit.end] for unit in units}
        if units:
            found.append((match.re is not SUBJECT, units, (start + match.start(), start + match.end())))
    return found


def _all_named(words: Words, start: int, end: int, *, general: bool) -> list[Unit]:
    """The units of a stretch that says nothing else; none where it does, or where it names them in general."""
    units = units_in(words, start, end, Role.RESPONSIBLE)
    names = [words.fold[unit.start : unit.end] for unit in units]
    rest = words.fold[start:end]
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(name, "", 1)
    if not units or BETWEEN.sub("", rest).strip() or not all(is_unit(name) or name in GENERIC_UNITS for name in names):
        return []
    vague = VAGUE if general else IN_GENERAL
    return [] if any(vague.search(name) for name in names) else units
