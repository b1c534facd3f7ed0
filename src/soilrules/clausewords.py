"""How a clause speaks of what a measure checks: phrases as data, beside the words the measure names itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import resources
from typing import Any

import yaml

GAP = "…"
SENTENCE = re.compile("[。；;！!？?\n]")
MEASURED = ("率", "面积", "下降", "减少", "种植")
"""Ends of words that name a figure a clause may print a target for."""
FIGURE = "[^0-9。；;率]{0,12}?([0-9]+(?:[.][0-9]+)?)(%|亩|万亩)"
"""How the figure follows: 达到95%以上, 任务900亩."""
TIMES = "([0-9]+|[两二三四五六七八九十])(?:次|场|期|批次)"
"""How often: 不少于2次, 培训两期; 第二次 and 每季度一次 ask for no number of them."""
KEYS = {"say", "not_alone", "unless", "names", "target", "general", "once"}


@dataclass(frozen=True)
class Phrases:
    """What else proposes a measure, which of its words do not by themselves, what rules it out, and what its rate is called."""

    say: tuple[str, ...] = ()
    not_alone: frozenset[str] = frozenset()
    unless: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    general: bool = False
    once: bool = False


@dataclass(frozen=True)
class Hit:
    """A measure a clause may speak of, and the words that say so."""

    measure: str
    words: tuple[str, ...]
    general: bool

    @property
    def rank(self) -> tuple[object, ...]:
        """Measures for few clauses first, then the longest phrase: it says most."""
        lengths = [len(word.replace(GAP, "")) for word in self.words]
        return (self.general, -max(lengths), -sum(lengths), self.measure)


@cache
def phrases() -> Mapping[str, Phrases]:
    """The phrases by measure."""
    path = resources.files("soilrules") / "data" / "plans" / "phrases.yaml"
    read: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))["measures"]
    found = {}
    for measure, row in read.items():
        if unknown := row.keys() - KEYS:
            raise ValueError(f"phrases.yaml, {measure}: unknown keys {sorted(unknown)}, expected {sorted(KEYS)}.")
        lists = {name: tuple(row.get(name, ())) for name in ("say", "unless", "names", "target")}
        not_alone = frozenset(row.get("not_alone", ()))
        general, once = (bool(row.get(name)) for name in ("general", "once"))
        found[measure] = Phrases(**lists, not_alone=not_alone, general=general, once=once)
    return found


def stands_in(phrase: str, text: str) -> bool:
    """Whether a phrase stands in a text; the parts of `A…B` in this order within one sentence.

    >>> stands_in("隐患…整改率", "排查隐患。整改率达到95%。"), stands_in("隐患…整改率", "隐患的整改率达到95%。")
    (False, True)
    """
    if GAP not in phrase:
        return phrase in text
    parts = phrase.split(GAP)
    return any(_in_order(parts, sentence) for sentence in SENTENCE.split(text))


def _in_order(parts: Iterable[str], sentence: str) -> bool:
    at = 0
    for part in parts:
        at = sentence.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


def spoken_of(text: str, words: Mapping[str, Collection[str]]) -> list[Hit]:
    """The measures (by their own words) that a clause may speak of, what says most first."""
    hits = [_hit(text, measure, own, phrases().get(measure, Phrases())) for measure, own in words.items()]
    return sorted((hit for hit in hits if hit is not None), key=lambda hit: hit.rank)


class Aim(Enum):
    """How much of what a measure counts a clause asks for."""

    ALL = "all"
    FIGURE = "figure"
    UNSAID = "unsaid"


def aim_of(text: str, words: Iterable[str]) -> Aim | None:
    """What a clause prints behind the rates and areas among some words; None where there are none among them.

    >>> aim_of("隐患整改率达到95%以上", ["隐患整改率"]), aim_of("自行监测率100%", ["自行监测率"]), aim_of("开展自行监测", ["自行监测"])
    (<Aim.FIGURE: 'figure'>, <Aim.ALL: 'all'>, None)
    """
    tails = [tail for word in words if (tail := word.rpartition(GAP)[2]).endswith(MEASURED)]
    found = [aim for tail in tails for aim in _printed(text, tail)]
    if Aim.FIGURE in found:
        return Aim.FIGURE
    return Aim.ALL if found else Aim.UNSAID if any(tail.endswith("率") for tail in tails) else None


def asks_more(text: str, measure: str) -> bool:
    """Whether a clause asks for several times what the measure is content to find once.

    >>> asks_more("召开联席会议不少于2次", "supervision.joint_meetings"), asks_more("召开1次联席会议", "supervision.joint_meetings")
    (True, False)
    """
    counted = re.findall(TIMES, text) if phrases().get(measure, Phrases()).once else []
    return any(one not in {"0", "1"} for one in counted)


def _printed(text: str, tail: str) -> Iterable[Aim]:
    for one in re.finditer(re.escape(tail) + FIGURE, text):
        yield Aim.ALL if one[2] == "%" and float(one[1]) == 100 else Aim.FIGURE


def named_so(name: str, target: str, words: Mapping[str, Collection[str]]) -> list[str]:
    """The measures that compute what an indicator names; a measure of zero growth checks no target of decline."""
    said = name + target
    return [
        measure
        for measure, own in words.items()
        if name in (*own, *(more := phrases().get(measure, Phrases())).names)
        and not any(stands_in(word, said) for word in more.unless)
        and (not more.target or any(stands_in(word, said) for word in more.target))
    ]


def _hit(text: str, measure: str, own: Collection[str], more: Phrases) -> Hit | None:
    if any(stands_in(word, text) for word in more.unless):
        return None
    found = [word for word in (*own, *more.say) if stands_in(word, text)]
    if not found or more.not_alone.issuperset(found):
        return None
    return Hit(measure, tuple(dict.fromkeys(found)), more.general)
