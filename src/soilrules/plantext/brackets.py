"""Find the responsibility brackets and label lines of a paragraph.

A bracket is one where it names units with role words, or nothing but units at the end of a sentence;
brackets that explain, define or cite are not. A label line is a bracket without brackets:
`责任单位：甲局、乙局`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from soilrules.deadlines.grammar import TERM
from soilrules.plantext.headings import MARK
from soilrules.plantext.lexicon import ANY_LABEL, LABEL, NOT_A_UNIT, ROLE_END, ROLE_STEM, TITLE_END, UNIVERSAL
from soilrules.plantext.source import Words
from soilrules.plantext.units import Unit, is_unit, may_be_unit, units_in

LONGEST = 900
LONGEST_TITLE = 60
LONGEST_SENTENCE = 240
WITHOUT_NAMES = re.compile("[，、；。\n和及由等与]|以及|会同")
SHORTEST, LONGEST_TERM = 2, 30
BESIDE_TERM = re.compile(
    "(?:[（）()，。；、]|前|底|止|于|到|自|起|力争|全面|基本|全部|按期|完成|启动|实施|办结|落实|到位)*"
)
AFTER = frozenset("。；，、（！\n")
BEFORE = frozenset("。；！？\n）：")
AMID = "，"
OFFICE = re.compile("[\u4e00-\u9fff]{1,6}(?:处|科|股)")
GENERIC_UNITS = ("街镇", "镇街", "乡镇", "海关", "法院", "公安", "各镇", "各乡", "各村", "各县", "各区", "各市", "村居")
GROUP = re.compile("(?:部门|单位)(?:[，、；]|按|负责|牵头|配合|参与|落实|共同|分工|$)")
BRACKET = re.compile("[（）]")
ALSO = re.compile(
    "[^。：]{2,60}(?:负责|落实)(?:落实)?[（，。](?:以下|本方案|其他)[^。：]{0,40}不再"
)  # who else, behind a label line
LAST_SENTENCE = re.compile("[。；]?(?P<dash>[—－-]{2})|[。；]|，(?=由)")
RUN_IN = re.compile("[^，。；：（）]{2,40}[。：]")
DASHED = re.compile("(?<=[。；！）])[—－-]{2,}")
LEADING = re.compile("牵头|主办|主责|职责分工")
MOST_CLAUSES = 4
NOBODY = re.compile(
    rf"(?:{ANY_LABEL.pattern})[/—－无\s-]*|(?:责任|牵头|分管|挂钩|包联|负责|联系)(?:领导|人员?)：[^，。；：]{{2,30}}"
)  # a label that names no unit: `配合单位：/`, `责任领导：某某`
LABEL_LINE = re.compile(rf"(?:(?<=^)|(?<=[，。；！？\n）])){ANY_LABEL.pattern}")
NO_LONGER = re.compile(
    "(?:不再(?:一一|逐一|逐项|逐条|重复|另行|分别|单独)*|不(?:一一|逐一|逐项|逐条|重复|另行|另)+)(?:列|重复|赘述|罗列|注明|标)"
)


@dataclass(frozen=True)
class Bracket:
    """A responsibility bracket: from its opening to behind its closing sign, and what it says."""

    start: int
    end: int
    inner: tuple[int, int]
    units: tuple[Unit, ...]
    clause: tuple[int, int] | None = None  # a universal clause inside it
    clause_units: tuple[Unit, ...] = ()
    balanced: bool = True
    opens: bool = False  # it stands before the words it speaks for


def brackets_of(words: Words, start: int, end: int) -> list[Bracket]:
    """Responsibility brackets and label lines of the paragraph `[start, end)`, in order."""
    found: list[Bracket] = []
    for first, last, balanced in _pairs(words.fold, start, end):
        bracket = _bracket(words, (first, last), (start, end), balanced)
        if bracket:
            found.append(bracket)
        elif found and found[-1].end == first and only_term(words.fold, first, last):
            found.append(Bracket(first, last, (first + 1, last - 1), ()))
    for region in _label_lines(words.fold, start, end):
        if not any(bracket.start <= region[0] < bracket.end for bracket in found):
            bracket = _read(words, region, region, True)
            if bracket.units or _states_term(words.fold, region) or NOBODY.fullmatch(words.fold, *region):
                found.append(bracket)
    if not found:
        found.extend(islice(_sentences(words, start, end), 1))
    return sorted(found, key=lambda bracket: bracket.start)


def _sentences(words: Words, start: int, end: int) -> Iterator[Bracket]:
    """Sentences that say who does it, and nothing else: the paragraph, its end, or what opens it behind its title."""
    fold = words.fold
    yield from _dashed(words, start, end)
    if not ROLE_STEM.search(fold, start, end):
        return
    yield from _sentence(words, start, end)
    floor = max(start, end - LONGEST_SENTENCE)
    for match in LAST_SENTENCE.finditer(fold, floor, end):
        begin = match.start("dash") if match["dash"] else match.end()
        yield from (replace(bracket, start=begin) for bracket in _sentence(words, match.end(), end))
    yield from _opening(words, start, end)


def _dashed(words: Words, start: int, end: int) -> Iterator[Bracket]:
    """`……。——甲局、乙局`: nothing but units behind a dash that follows a full stop."""
    dashes = list(DASHED.finditer(words.fold, max(start, end - LONGEST_SENTENCE), end))
    if dashes:
        inner = words.strip(dashes[-1].end(), end, "。；，\n")
        units = tuple(units_in(words, *inner))
        if units and _bare_list(words, inner, (dashes[-1].end(), end)):
            yield Bracket(dashes[-1].start(), end, inner, units)


def _opening(words: Words, start: int, end: int) -> Iterator[Bracket]:
    """`加强准入。甲局牵头，乙局配合，在编制规划时…`: clauses that say who, before the words they speak for."""
    fold = words.fold
    mark = MARK.match(fold, start, end)
    body = mark.end() if mark else start
    title = RUN_IN.match(fold, body, end)
    begin = title.end() if title else body
    if not LEADING.search(fold, begin, min(end, begin + LONGEST_SENTENCE)):
        return
    stops = list(islice(re.compile("[，。；]").finditer(fold, begin, end), MOST_CLAUSES))
    commas = list(takewhile(lambda stop: stop[0] == "，", stops))
    for comma in reversed(commas):
        for bracket in _sentence(words, begin, comma.start()):
            if LEADING.search(fold, begin, comma.start()):
                yield replace(bracket, end=comma.end(), opens=True)
                return


def _sentence(words: Words, start: int, end: int) -> Iterator[Bracket]:
    """`甲局牵头，乙局配合。` is a bracket without brackets."""
    fold = words.fold
    if not SHORTEST < end - start <= LONGEST_SENTENCE or fold[start] in "（" or not ROLE_STEM.search(fold, start, end):
        return
    bracket = _read(words, (start, end), (start, end), True)
    until = bracket.clause[0] if bracket.clause else end
    names = sorted((unit.start, unit.end) for unit in bracket.units)
    if (
        not names
        or any(unit.bare for unit in bracket.units)
        or not all(is_unit(fold[first:last]) for first, last in names)
    ):
        return
    rest, at = "", start
    for first, last in names:
        rest, at = rest + fold[at:first] + "，", last
    if not WITHOUT_NAMES.sub("", ROLE_END.sub("", rest + fold[at:until])):
        yield bracket


def _pairs(fold: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Outermost bracket pairs; a bracket left open runs to the end, one never opened begins at its sentence."""
    depth, opened = 0, start
    closed = start
    for match in BRACKET.finditer(fold, start, end):
        if match[0] == "（":
            if depth and match.start() - opened > LONGEST:
                depth = 0
            if not depth:
                opened = match.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield opened, match.end(), True
                closed = match.end()
        else:
            floor = max(closed, match.start() - LONGEST)
            begin = max(fold.rfind("。", floor, match.start()), fold.rfind("；", floor, match.start())) + 1
            if begin > closed or closed == start:
                yield max(begin, closed), match.end(), False
                closed = match.end()
    if depth:
        yield from _left_open(fold, opened, end)


def _left_open(fold: str, opened: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """A bracket that never closes: its last pair may be whole, the opening sign before it stray."""
    inner = fold.rfind("（", opened + 1, end)
    if inner > 0 and fold[inner - 1] in BEFORE:
        close = fold.find("）", inner, end)
        yield inner, close + 1 if close >= 0 else end, close >= 0
        return
    stop = fold.find("。", opened, end)
    tail = fold[opened:end]
    yield opened, end if stop < 0 or ROLE_STEM.search(tail) and end - opened < 200 else stop, False


def _bracket(words: Words, pair: tuple[int, int], paragraph: tuple[int, int], balanced: bool) -> Bracket | None:
    """The bracket if it is a responsibility bracket."""
    fold = words.fold
    start, end = pair
    opening, closing = int(fold[start] == "（"), int(fold[end - 1] == "）")
    inner = (start + opening, end - closing)
    content = fold[inner[0] : inner[1]]
    if not SHORTEST < len(content) <= LONGEST:
        return None
    if not _ends_sentence(fold, pair, paragraph):
        return _amid(words, pair, inner)
    labelled = ANY_LABEL.match(content) is not None
    worded = ROLE_STEM.search(content) is not None
    if not labelled and NOT_A_UNIT.search(content) and not worded:
        return None
    if not (labelled or worded) and (_of_a_title(fold, pair, paragraph) or not _bare_list(words, inner, pair)):
        return None
    bracket = _read(words, pair, inner, balanced)
    if labelled or not worded:
        return bracket if bracket.units or _states_term(fold, inner) else None
    names = [fold[unit.start : unit.end] for unit in (*bracket.units, *bracket.clause_units)]
    sure = sum(may_be_unit(name) for name in names)
    named = bool(names) and (sure * 2 >= len(names) or GROUP.search(content) is not None)
    return bracket if named and not _explains(content, bracket) else None


def _amid(words: Words, pair: tuple[int, int], inner: tuple[int, int]) -> Bracket | None:
    """`设立标识牌，（甲局、乙局负责）每半年巡查一次`: nothing but units and their role, behind a comma."""
    if pair[0] == 0 or words.fold[pair[0] - 1] not in AMID:
        return None
    return next((replace(one, start=pair[0], end=pair[1], inner=inner) for one in _sentence(words, *inner)), None)


def _states_term(fold: str, stretch: tuple[int, int]) -> bool:
    return any(match.lastgroup == "deadline" for match in LABEL.finditer(fold, *stretch))


def _explains(content: str, bracket: Bracket) -> bool:
    """A definition or condition that happens to hold a role word."""
    opening = NOT_A_UNIT.match(content)
    return (
        bool(opening and opening.end())
        or len(bracket.units) == 1
        and content.startswith("由")
        and "负责" in content[:-2]
    )


def _ends_sentence(fold: str, pair: tuple[int, int], paragraph: tuple[int, int]) -> bool:
    start, end = pair
    return end >= paragraph[1] or fold[end] in AFTER or start == paragraph[0] or fold[start - 1] in BEFORE


def _of_a_title(fold: str, pair: tuple[int, int], paragraph: tuple[int, int]) -> bool:
    """`任务清单（市直部门）` says whose list it is."""
    before = fold[paragraph[0] : pair[0]]
    return (
        pair[1] >= paragraph[1]
        and len(before) <= LONGEST_TITLE
        and TITLE_END.search(before) is not None
        and not any(char in before for char in "。；，")
    )


def _bare_list(words: Words, inner: tuple[int, int], pair: tuple[int, int]) -> bool:
    """Nothing but units: at least two, or one behind a full stop."""
    units = units_in(words, *inner)
    names = [words.fold[unit.start : unit.end] for unit in units]
    behind_stop = pair[0] > 0 and words.fold[pair[0] - 1] in BEFORE
    if (
        not names
        or words.fold[pair[0] - 1].isdigit()
        or not all(is_unit(name) or name in GENERIC_UNITS or (behind_stop and OFFICE.fullmatch(name)) for name in names)
    ):
        return False
    covered = sum(map(len, names)) + 3 * len(names) + 8
    if inner[1] - inner[0] > covered:
        return False
    closes = words.fold[pair[1] : pair[1] + 1] != "，"
    dated = TERM.search(words.fold, *inner) is not None
    return (
        behind_stop
        or len(names) > 1
        or (closes and dated)
        or (closes and names[0][0] in "市区县省州旗各" and len(names[0]) > 3)
    )


def _read(words: Words, pair: tuple[int, int], inner: tuple[int, int], balanced: bool) -> Bracket:
    """Units and universal clause of a bracket."""
    clause = universal_clause(words.fold, *inner)
    if not clause:
        return Bracket(*pair, inner, tuple(units_in(words, *inner)), balanced=balanced)
    units = tuple(units_in(words, inner[0], clause[0]))
    clause_units = tuple(clause_units_in(words, clause, units))
    return Bracket(*pair, inner, units, clause, clause_units, balanced)


def universal_clause(fold: str, start: int, end: int) -> tuple[int, int] | None:
    """Where `以下均需…落实，不再列出` stands in a stretch."""
    if fold.find("不", start, end) < 0 or not NO_LONGER.search(fold, start, end):
        return None
    match = UNIVERSAL.search(fold, start, end)
    return match.span() if match else None


def clause_units_in(words: Words, clause: tuple[int, int], before: tuple[Unit, ...]) -> list[Unit]:
    """Units a universal clause names; where it names none, those of the last role before it."""
    opening = re.compile(
        r"(?:以下|如下|下同|上述|以上|其余|其他|本方案)(?:所列|部署的?|确定的?|提出的?|明确的?|以下|下列|各|每|该|所有|全部|上述|的|项|条|款|任务|工作|事项|措施|内容|重点|具体|[，：])*(?:均|都|皆|需|应|由|须|要|为|请)*"
    )
    match = opening.match(words.fold, *clause)
    start = match.end() if match else clause[0]
    stop = NO_LONGER.search(words.fold, start, clause[1])
    units = units_in(words, start, stop.start() if stop else clause[1])
    units = [unit for unit in units if may_be_unit(words.fold[unit.start : unit.end])]
    if units or not before:
        return units
    return [unit for unit in before if unit.because == before[-1].because]


def _label_lines(fold: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches from a label to the end of the paragraph or to prose behind a full stop."""
    if fold.find("：", start, end) < 0:
        return
    match = LABEL_LINE.search(fold, start, end) if start == 0 else _first_label(fold, start, end)
    while match:
        stop = end
        dot = fold.find("。", match.end(), end)
        while dot >= 0:
            if dot + 1 < end and not ANY_LABEL.match(fold, dot + 1, end) and not ALSO.match(fold, dot + 1, end):
                stop = dot + 1
                break
            dot = fold.find("。", dot + 1, end)
        yield match.start(), stop
        match = LABEL_LINE.search(fold, stop, end) if stop < end else None


def _first_label(fold: str, start: int, end: int) -> re.Match[str] | None:
    return ANY_LABEL.match(fold, start, end) or LABEL_LINE.search(fold, start, end)


def only_term(fold: str, start: int, end: int) -> bool:
    """Words behind the responsibility bracket that are nothing but a term: `（2021年6月底前完成）`."""
    term = TERM.search(fold, start, end) if end - start < LONGEST_TERM else None
    return term is not None and BESIDE_TERM.fullmatch(fold[start : term.start()] + fold[term.end() : end]) is not None
