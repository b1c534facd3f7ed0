"""Which plot a candidate is: by code, by name with former names, and by space, each part with its worth shown.

Nothing here decides: a person confirms or dismisses. Weights and thresholds: data/plots/matching.yaml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.messages import LANGUAGES, Message
from soilrules.plots.lists import ROOM
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import Readable, Record, load_yaml

CENT = Decimal("0.01")
BRACKETS = re.compile(r"[(\[【〔](?P<inside>[^)\]】〕]*)[)\]】〕]")  # of a text in normal width


class PartKind(StrEnum):
    """What is compared."""

    PLOT_CODE = "plot_code"
    CREDIT_CODE = "credit_code"
    NAME = "name"
    FORMER_NAME = "former_name"
    OVERLAP = "overlap"
    DISTANCE = "distance"


class Verdict(StrEnum):
    """How much speaks for a match."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


class Answer(StrEnum):
    """How one part compares; nothing is said where a side does not tell it."""

    FITS = "fits"
    PARTLY = "partly"
    DIFFERS = "differs"
    NOT_TOLD = "not_told"


@dataclass(frozen=True, slots=True)
class Described:
    """A candidate, or a plot with the firms that stood on it. Names may carry former ones in brackets: 甲厂（原乙厂）."""

    names: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    credit_codes: tuple[str, ...] = ()
    plot_code: str = ""


@dataclass(frozen=True, slots=True)
class InSpace:
    """How two grounds lie: the share of the smaller one that both cover, and the metres between them; None is not known."""

    overlap: Decimal | None = None
    distance_m: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One comparison: its degree from 0 to 1, and what it adds."""

    kind: PartKind
    answer: Answer
    degree: Decimal
    worth: Decimal

    @property
    def message(self) -> Message:
        """The comparison as a sentence."""
        names = {f"part_{one}": Message(ROOM, "match_parts", self.kind).sentence(one) for one in LANGUAGES}
        params = {"degree": str(self.degree.quantize(CENT)), "worth": str(self.worth.quantize(CENT)), **names}
        return Message(ROOM, "match", self.answer, params)


@dataclass(frozen=True, slots=True)
class Match:
    """The score of a candidate with a plot and what it is made of."""

    score: Decimal
    verdict: Verdict
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class MatchData:
    """Weights, least degrees and thresholds."""

    weights: Mapping[PartKind, Decimal]
    least: Mapping[PartKind, Decimal]
    distance_m: Decimal
    likely: Decimal
    possible: Decimal
    alike: tuple[str, ...]
    former_marks: tuple[str, ...]
    mark: str
    source: str


def match(candidate: Described, plot: Described, space: InSpace = InSpace(), data: MatchData | None = None) -> Match:
    """How much speaks for a candidate being this plot.

    >>> match(Described(names=("安阳市东风化工厂",)), Described(names=("东风机械厂 (原安阳市东风化工厂)",))).verdict
    <Verdict.POSSIBLE: 'possible'>
    """
    data = data or match_data()
    degrees = {
        PartKind.PLOT_CODE: _equal((candidate.plot_code,), (plot.plot_code,)),
        PartKind.CREDIT_CODE: _equal(candidate.credit_codes, plot.credit_codes),
        **_names(candidate, plot),
        PartKind.OVERLAP: space.overlap,
        PartKind.DISTANCE: _near(space.distance_m, data.distance_m),
    }
    parts = tuple(_part(kind, degree, data) for kind, degree in degrees.items())
    against = Decimal(1)
    for part in parts:
        against *= 1 - part.worth
    score = (1 - against).quantize(CENT)
    verdict = (
        Verdict.LIKELY if score >= data.likely else Verdict.POSSIBLE if score >= data.possible else Verdict.UNLIKELY
    )
    return Match(score, verdict, parts)


def plain_name(name: str, data: MatchData | None = None) -> str:
    """A name as it is compared: width, case, spaces, brackets and the words that say the same left out.

    >>> plain_name("安阳市 东风化工(集团)有限责任公司")
    '安阳市东风化工'
    """
    text = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name)).casefold()
    for word in (data or match_data()).alike:
        text = text.replace(word, "") or text
    return text


def names_in(text: str, data: MatchData | None = None) -> tuple[str, tuple[str, ...]]:
    """The name in a text and the former names it carries in brackets.

    >>> names_in("甲机械厂（原乙化工厂、丙厂）")
    ('甲机械厂', ('乙化工厂', '丙厂'))
    """
    data = data or match_data()
    text, former = unicodedata.normalize("NFKC", text), list[str]()
    for found in BRACKETS.finditer(text):
        inside = found["inside"].strip()
        mark = next((one for one in sorted(data.former_marks, key=len, reverse=True) if inside.startswith(one)), "")
        if mark:
            text = text.replace(found[0], "")
            former += re.split(r"[、,;]", inside.removeprefix(mark).removeprefix("为").lstrip(": "))
    return text.strip(), tuple(one.strip() for one in former if one.strip())


def _names(candidate: Described, plot: Described) -> dict[PartKind, Decimal | None]:
    now, before = _all_names(candidate)
    other_now, other_before = _all_names(plot)
    present = _similar(now, other_now)
    former = max(
        (one for one in (_similar(before, other_now | other_before), _similar(now, other_before)) if one is not None),
        default=None,
    )
    return {PartKind.NAME: present, PartKind.FORMER_NAME: former}


def _all_names(one: Described) -> tuple[frozenset[str], frozenset[str]]:
    split = [names_in(name) for name in one.names]
    now = frozenset(plain_name(name) for name, _ in split) - {""}
    former = (*one.former_names, *(name for _, some in split for name in some))
    return now, frozenset(plain_name(name) for name in former) - {""}


def _similar(some: Iterable[str], others: Iterable[str]) -> Decimal | None:
    """The likeness of the two names most alike; None where a side has none."""
    ratios = (SequenceMatcher(None, one, other, autojunk=False).ratio() for one in some for other in others)
    best = max(ratios, default=None)
    return None if best is None else Decimal(str(round(best, 4)))


def _equal(some: Iterable[str], others: Iterable[str]) -> Decimal | None:
    left, right = ({one.strip().upper() for one in codes} - {""} for codes in (some, others))
    return Decimal(bool(left & right)) if left and right else None


def _near(distance: Decimal | None, within: Decimal) -> Decimal | None:
    return None if distance is None else max(Decimal(0), 1 - distance / within)


def _part(kind: PartKind, degree: Decimal | None, data: MatchData) -> Part:
    if degree is None:
        return Part(kind, Answer.NOT_TOLD, Decimal(0), Decimal(0))
    counts = degree >= data.least[kind]
    answer = Answer.DIFFERS if not counts else Answer.FITS if degree >= 1 else Answer.PARTLY
    return Part(kind, answer, degree, data.weights[kind] * min(degree, Decimal(1)) if counts else Decimal(0))


@cache
def match_data() -> MatchData:
    """The data of data/plots/matching.yaml. Raises BadRuleData."""
    return match_data_in(files("soilrules") / "data" / "plots" / "matching.yaml")


def match_data_in(source: Readable) -> MatchData:
    """The weights of a file. Raises BadRuleData."""
    top = Record(load_yaml(source), source.name)
    top.only("mark", "source", "parts", "distance_m", "likely", "possible", "alike", "former_marks")
    parts = top.mapping("parts")
    parts.only(*PartKind)
    weights = {kind: parts.mapping(kind).decimal("weight") for kind in PartKind}
    least = {kind: parts.mapping(kind).decimal("least") for kind in PartKind}
    likely, possible, distance = (top.decimal(key) for key in ("likely", "possible", "distance_m"))
    if not all(0 < one <= 1 for one in (*weights.values(), *least.values())) or not 0 < possible < likely <= 1:
        raise top.error("weights, least degrees and thresholds are above 0 and at most 1, possible below likely")
    if distance <= 0:
        raise top.error(f"distance_m is {distance}; expected a number above 0")
    return MatchData(
        weights=MappingProxyType(weights),
        least=MappingProxyType(least),
        distance_m=distance,
        likely=likely,
        possible=possible,
        alike=top.texts("alike"),
        former_marks=top.texts("former_marks"),
        mark=mark_of(top),
        source=top.text("source"),
    )
