"""Violations around soil: the act, what shows it, and the fines of the law of 2019 and of the Code.

Where the act lies before the Code and the decision after it, both ranges are given and a person chooses: the law of the
day of the act, or the newer rule where it is lighter. Nothing here chooses. Data: data/enterprises/violations.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.messages import Message
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import BadRuleData, Record, load_yaml


class Whom(StrEnum):
    """On whom a fine falls."""

    UNIT = "unit"
    PERSON = "person"


class Grade(StrEnum):
    """In which case a fine falls: in every case, in a serious one, or once an order to correct was refused."""

    ORDINARY = "ordinary"
    SERIOUS = "serious"
    REFUSAL = "refusal"


class Direction(StrEnum):
    """What the Code did to a fine; new where the act had none of its own before."""

    SAME = "same"
    LIGHTER = "lighter"
    HEAVIER = "heavier"
    MIXED = "mixed"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Law:
    """One of the two laws, half-open in time."""

    key: str
    zh: str
    en: str
    since: date
    until: date | None

    def in_force(self, on: date) -> bool:
        """Whether it is the law of that day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Fine:
    """One range in units of 10 000 yuan, or another consequence where `low` and `high` are None."""

    whom: Whom
    grade: Grade
    low: Decimal | None
    high: Decimal | None
    more: str


@dataclass(frozen=True, slots=True)
class Penalty:
    """What one law says of a violation."""

    law: Law
    article: str
    fines: tuple[Fine, ...]

    @property
    def citation(self) -> str:
        """The law and its article as they are cited."""
        return f"{self.law.zh}{self.article}"

    def fine(self, whom: Whom, grade: Grade) -> Fine | None:
        """The range for one case that is an amount, None without one."""
        return next((one for one in self.fines if (one.whom, one.grade) == (whom, grade) and one.low is not None), None)


@dataclass(frozen=True, slots=True)
class Violation:
    """One kind of violation. `shown_by` names the fact in the system that shows it."""

    id: str
    zh: str
    en: str
    shown_by: str
    direction: Direction
    mark: str
    note: str
    old: Penalty | None
    new: Penalty | None


@dataclass(frozen=True, slots=True)
class Ranges:
    """The penalties to lay before a person: that of the law of the act, that of the decision where it is another."""

    penalties: tuple[Penalty, ...]
    needs_choice: bool
    message: Message


def violations() -> Mapping[str, Violation]:
    """The catalogue by id.

    >>> violations()["no_toxic_report"].direction.value
    'lighter'
    """
    return _shipped()


def shown_by(fact: str) -> tuple[Violation, ...]:
    """The violations one fact of the system may show; that they are proved is for a person to say."""
    return tuple(one for one in _shipped().values() if one.shown_by == fact)


def ranges_for(violation: Violation, act_on: date, decided_on: date, *, act_began_on: date | None = None) -> Ranges:
    """The fines of a violation whose (last) act was on one day and which is decided on another.

    `act_began_on`: the first day of an act that went on. Raises ValueError for days that cannot follow each other.

    >>> ranges = ranges_for(violations()["no_toxic_report"], date(2026, 4, 1), date(2026, 9, 1))
    >>> [one.law.key for one in ranges.penalties], ranges.needs_choice
    (['old', 'new'], True)
    """
    began = act_began_on or act_on
    if not began <= act_on <= decided_on:
        raise ValueError(
            f"began {began}, last act {act_on}, decided {decided_on}: expected each day not before the one before it."
        )
    laws = [law for law in _laws().values() if law.since <= decided_on and (law.until is None or began < law.until)]
    penalties = tuple(one for law in laws if (one := _of(violation, law)))
    across = began < laws[-1].since <= act_on if laws else False
    return Ranges(penalties, len(laws) > 1, _message(violation, laws, penalties, across=across))


def _of(violation: Violation, law: Law) -> Penalty | None:
    return next((one for one in (violation.old, violation.new) if one and one.law == law), None)


def _message(violation: Violation, laws: list[Law], penalties: tuple[Penalty, ...], *, across: bool) -> Message:
    cited = "；".join(one.citation for one in penalties)
    if not penalties:
        return _said("none", act=violation.zh, act_en=violation.en)
    if len(laws) == 1:
        return _said("one", cited=cited)
    if len(penalties) == 1:
        return _said("no_fine_then", cited=cited)
    return _said("across" if across else f"both_{violation.direction}", cited=cited)


@cache
def _laws() -> Mapping[str, Law]:
    laws = _data().mapping("laws")
    return MappingProxyType({key: _law(laws.mapping(key), key) for key in laws.row})


def _law(record: Record, key: str) -> Law:
    record.only("zh", "en", "since", "until")
    return Law(key, record.text("zh"), record.text("en"), record.day("since"), record.day_or_none("until"))


@cache
def _shipped() -> Mapping[str, Violation]:
    """The catalogue. Raises BadRuleData."""
    top = _data()
    kinds = [_violation(Record(row, f"{top.place} {row.get('id')}")) for row in top.mappings("violations")]
    if len(by_id := {kind.id: kind for kind in kinds}) < len(kinds):
        raise BadRuleData(f"{top.place}: an id stands twice; expected each once.")
    return MappingProxyType(by_id)


@cache
def _data() -> Record:
    source = files("soilrules") / "data" / "enterprises" / "violations.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("laws", "violations")
    return top


def _violation(record: Record) -> Violation:
    record.only("id", "zh", "en", "shown_by", "direction", "mark", "note", "old", "new")
    texts = {key: record.text(key) for key in ("id", "zh", "en", "shown_by")}
    return Violation(
        **texts,
        direction=record.choice("direction", Direction),
        mark=mark_of(record),
        note=record.text("note", ""),
        old=_penalty(record, "old"),
        new=_penalty(record, "new"),
    )


def _penalty(record: Record, law: str) -> Penalty | None:
    if not (one := record.mapping(law)).row:
        return None
    one.only("article", "fines")
    return Penalty(
        _laws()[law], one.text("article"), tuple(_fine(Record(row, one.place)) for row in one.mappings("fines"))
    )


def _fine(record: Record) -> Fine:
    record.only("for", "grade", "from", "to", "more")
    low = record.decimal("from") if "from" in record.row else None
    high = record.decimal("to") if "to" in record.row else None
    if (low is None) != (high is None) or (low is not None and high is not None and low > high):
        raise record.error(f"from is {low}, to is {high}; expected both, the smaller first, or neither")
    if low is None and "more" not in record.row:
        raise record.error("neither an amount nor another consequence; expected one")
    return Fine(record.choice("for", Whom), record.choice("grade", Grade), low, high, record.text("more", ""))


def _said(message_id: str, **params: str) -> Message:
    return Message("enterprises", "violations", message_id, params)
