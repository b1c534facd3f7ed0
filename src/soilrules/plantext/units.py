"""Who does what: units and their roles in a responsibility bracket, a label line or a table cell.

Role words stand behind the units they govern (`甲局牵头，乙局参与`) or before them as a label
(`牵头单位：甲局；配合单位：乙局`); a role word in the text beats the label or column it stands under.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from soilrules.plantext.draft import Role
from soilrules.plantext.lexicon import BARE_UNIT, LABEL, ROLE_END, UNIT_NAME
from soilrules.plantext.source import Words

INNER = re.compile(r"（[^（）]*）")
DEEPER = re.compile(r"（[^（）]*（[^（）]*）[^（）]*）")
SEPARATOR = re.compile(r"[、，；;。/\n\s|]|(?<=[\u4e00-\u9fff）])(?:以及|及其|及|和|与|暨|会同)(?=[\u4e00-\u9fff])|－")
CONJUNCTIONS = ("以及", "及其", "及", "和", "与", "暨", "会同")
GROUPS = ("单位", "部门", "有关单位和部门", "责任单位", "牵头单位", "配合单位")
GROUP_END = re.compile("[，；。]")
OPENING = re.compile(
    r"^(?:并由|由|协调|会同|联合|并|且|以及|及其?(?=[市区县省州旗各有相其])|和(?=[市区县省州旗各有相其])|与(?=[市区县省州旗各有相其])|请|具体由|主要由|其中|原则上由|按照?职责由|督促|均?需|要求|[0-9]{1,2}[.)]|[①②③④⑤⑥⑦⑧⑨])(?=.{2})"
)
TAIL = re.compile(
    r"等(?:[市区县省州直]?(?:级|直)?(?:各?有关|各?相关|其他|多个|[0-9一二三四五六七八九十]+个|各)?(?:单位|部门|成员单位|责任单位|机构|委办局|方面)?)?$"
)
LIKE = re.compile(r"等(?=.{0,3}(?:相关|有关|各))")
FOLLOWED = re.compile(r"[，、；。：（）\n\s]|等|$")
FOLLOWED_BY_UNIT = re.compile(r"[，、；。：（）\n\s市区县省州旗各由有相会]|$")
NOTHING = re.compile(r"^[-—–/无\s\\*]*$")
GENERIC = re.compile(
    r"各(?:乡|镇|县|市|区|旗|州|街道|师|团场?)(?:、(?:乡|镇|县|市|区|旗|州|街道|师|团场?)(?:（[^（）]*）)?)+(?=(?:人民)?政府|办事处|党委|管委会)"
)
PARTY = re.compile(r"(?<=党委)[、和及](?=(?:人民)?政府)|(?<=党工委)[、和及](?=管委会|办事处)")  # 各县党委和政府 is one
TERM_NAME = re.compile(
    "(?:长期|常年|全年|持续|常态|每年|每季|每月|每半年|[按逐分](?:月|季|年|周|旬|批|期|步)|滚动|同步|适时|年内|年底|月底|近期|即日)(?:化|坚持|实施|推进|开展|落实|执行|度|前|完成)*$"
)
NO_NAME = re.compile(r"报送|备案|[0-9]{1,4}[年月日]|完成$|不再|不得|为牵头|[<>]|工作方案|情况|全面|定期|及时")
OWN_ROLE = re.compile(
    "（(?:(?P<lead>(?:牵头|主办|主责|总牵头)(?:单位|部门|负责)?)|(?P<support>(?:配合|参与|协办|协助)(?:单位|部门)?)"
    "|(?P<duty>(?:按照?|根据)?(?:各自)?职责(?:分工)?(?:负责|落实)?|负责|落实|分工负责|责任单位))）$"
)
PART_OF_UNIT = re.compile("(?:分局|支局|办公室|分公司|中心|大队|中队|支队|[站所科股室队会])$")
"""What may be the rest of a name that a line end cut: `市生态环境局` above `某县分局`."""
SHORTEST_OWN = 3
LONGEST_NAME = 30
ROLE_OF = {"lead": Role.LEAD, "support": Role.SUPPORT, "duty": Role.RESPONSIBLE, "responsible": Role.RESPONSIBLE}


@dataclass(frozen=True)
class Unit:
    """A unit in the words: its range, its role, and the range that gives it the role."""

    start: int
    end: int
    role: Role
    because: tuple[int, int]
    bare: bool = False  # no role word of its own


def hide_inner(fold: str) -> str:
    """The same words with everything inside inner brackets blotted out, the same length."""
    fold = GENERIC.sub(lambda match: match[0].replace("、", "\x01"), PARTY.sub("\x01", fold))
    fold = DEEPER.sub(lambda match: "（" + "\x01" * (len(match[0]) - 2) + "）", fold)
    return INNER.sub(lambda match: "（" + "\x01" * (len(match[0]) - 2) + "）", fold)


def units_in(words: Words, start: int, end: int, column: Role | None = None) -> list[Unit]:
    """Units of a stretch with their roles; `column` is the role of the column or label it stands under."""
    fold = hide_inner(words.fold[start:end])
    found: list[Unit] = []
    for label, first, last in _regions(fold):
        role = ROLE_OF.get(label) if label else column
        if label in ("deadline", "person"):
            continue
        found.extend(_with_role_words(words, fold, start, (first, last), role))
    return _distinct(words, [_own_role(words.fold, unit) for unit in found])


def _own_role(fold: str, unit: Unit) -> Unit:
    """`甲局（牵头）、乙局`: a role in the brackets of one unit is that unit's."""
    match = OWN_ROLE.search(fold, unit.start, unit.end)
    if match is None or not match.lastgroup:
        return unit
    because = match.start() + 1, match.end() - 1
    return replace(unit, end=match.start(), role=ROLE_OF[match.lastgroup], because=because, bare=False)


def _regions(fold: str) -> Iterator[tuple[str, int, int]]:
    """The stretch cut at its labels: (label kind or "", first, last)."""
    labels = list(LABEL.finditer(fold))
    if not labels or labels[0].start():
        yield "", 0, labels[0].start() if labels else len(fold)
    for number, match in enumerate(labels):
        until = labels[number + 1].start() if number + 1 < len(labels) else len(fold)
        yield match.lastgroup or "", match.end(), until


def _with_role_words(words: Words, fold: str, start: int, region: tuple[int, int], role: Role | None) -> Iterator[Unit]:
    at, last = region
    named = False
    for match in ROLE_END.finditer(fold, at, last):
        if match.start() < at or not match.lastgroup:
            continue
        following = FOLLOWED if match.lastgroup == "duty" else FOLLOWED_BY_UNIT
        set_off = start + match.end() in words.gaps_between(start + match.end(), start + match.end() + 1)
        if not (set_off or following.match(fold, match.end())) or _inside_name(fold, match):
            continue
        because = (start + match.start(), start + match.end())
        split = _own_group(fold, at, match) if role else at
        for first, final in _names(words, fold, start, at, split):
            yield Unit(first, final, role or Role.RESPONSIBLE, (start + region[0], start + region[1]))
        for first, final in _names(words, fold, start, split, match.start()):
            named = True
            yield Unit(first, final, ROLE_OF[match.lastgroup], because)
        at = match.end()
    rest = list(_names(words, fold, start, at, last))
    if not rest or (named and not all(is_unit(words.fold[first:final]) for first, final in rest)):
        return
    joined = fold[at:last].lstrip("，、；。").startswith("会同")
    given = Role.SUPPORT if joined else role or Role.RESPONSIBLE
    for first, final in rest:
        yield Unit(first, final, given, (start + region[0], start + region[1]), bare=role is None)


def _own_group(fold: str, at: int, match: re.Match[str]) -> int:
    """Where the group a role word speaks for begins: under a label, `甲局、乙局，各社区配合` says only who supports."""
    if match.lastgroup == "duty" and "职" in match[0]:
        return at
    return max((mark.end() for mark in GROUP_END.finditer(fold, at, match.start() - 1)), default=at)


def _inside_name(fold: str, match: re.Match[str]) -> bool:
    """`组织、协调领导小组`: a duty word that opens a name and not the end of a list."""
    before = fold[max(match.start() - 1, 0) : match.start()]
    if before == "各" and match[0].endswith(("单位", "部门")):
        return True
    return match.lastgroup == "duty" and before in ("、", "") and match[0] in ("组织", "监督", "指导", "执行", "推进")


def _names(words: Words, fold: str, offset: int, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The units of a list, as ranges of the words."""
    cuts = sorted({first, last, *_cuts(words, fold, offset, first, last)})
    for begin, end in pairwise(cuts):
        name = _trim(fold, begin, end)
        if name:
            yield offset + name[0], offset + name[1]


def _cuts(words: Words, fold: str, offset: int, first: int, last: int) -> Iterator[int]:
    previous = first
    for match in SEPARATOR.finditer(fold, first, last):
        if match[0] in CONJUNCTIONS:
            if not BARE_UNIT.search(TAIL.sub("", fold[previous : match.start()])):
                continue
            following = SEPARATOR.split(fold[match.end() : last], maxsplit=1)[0]
            if len(following) < 2:
                continue
        previous = match.end()
        yield match.start()
        yield match.end()
    for gap in words.gaps_between(offset + first + 1, offset + last):
        at = gap - offset
        if not BARE_UNIT.search(fold[first:at]) or not words.blank_at(gap):
            continue
        following = SEPARATOR.split(fold[at:last], maxsplit=1)[0]
        wrapped = words.line_end_at(gap) and (
            len(following) < SHORTEST_OWN or PART_OF_UNIT.search(following) or fold.endswith("税务总局", first, at)
        )
        if fold[at] in "市区县省州旗镇乡各" or (is_unit(following) and not wrapped):
            yield at


def _trim(fold: str, begin: int, end: int) -> tuple[int, int] | None:
    name = fold[begin:end]
    left = len(name) - len(name.lstrip('、，；。：“”"（' if name.count("（") > name.count("）") else '、，；。：“”"'))
    begin += left
    name = name[left:].rstrip('、，；。：“”"')
    if name.count("）") > name.count("（"):
        name = name.rstrip("）")
    if name.endswith("（"):
        name = name.rstrip("（")
    opening = OPENING.match(name)
    while opening:
        begin, name = begin + opening.end(), name[opening.end() :]
        opening = OPENING.match(name)
    name = _without_tail(name)
    if NOTHING.match(name) or not 2 <= len(name) <= LONGEST_NAME or NO_NAME.search(name):
        return None
    if (
        TERM_NAME.match(name)
        or name in GROUPS
        or name in CONJUNCTIONS
        or name in ("等", "其中", "各自", "分别", "按", "根据")
    ):
        return None
    return begin, begin + len(name)


def _without_tail(name: str) -> str:
    """`乙局等部门` is 乙局; `军庄等相关镇街` names one group and stays."""
    tail = TAIL.search(name)
    if tail:
        return name[: tail.start()]
    like = LIKE.search(name)
    if like and BARE_UNIT.search(name[: like.start()]) and re.search("部门|单位$", name[like.end() :]):
        return name[: like.start()]
    return name


def is_unit(name: str) -> bool:
    """Whether a word is surely the name of a unit, standing alone."""
    return (
        len(name) >= 3 and len(name) <= LONGEST_NAME and BARE_UNIT.search(name) is not None and not NO_NAME.search(name)
    )


def may_be_unit(name: str) -> bool:
    """Whether a word can be a unit where a role word says so."""
    return len(name) >= 2 and UNIT_NAME.search(name) is not None


def _distinct(words: Words, units: list[Unit]) -> list[Unit]:
    """The same unit in the same role once."""
    seen: set[tuple[str, Role]] = set()
    kept: list[Unit] = []
    for unit in units:
        key = (words.fold[unit.start : unit.end], unit.role)
        if key not in seen:
            seen.add(key)
            kept.append(unit)
    return kept
