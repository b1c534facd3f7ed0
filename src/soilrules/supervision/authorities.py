"""Which body may do which act of supervision: beyond its authority an office only proposes 提请."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from soilrules.messages import Message
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import Record, load_yaml

ROOM = "supervision"


class Act(StrEnum):
    """An act of supervision."""

    REMINDER = "reminder"
    ASSIGN = "assign"
    SUPERVISE = "supervise"
    CIRCULAR = "circular"
    TALK = "talk"
    LIMIT = "limit"


class Body(StrEnum):
    """What an office is in supervision."""

    BUREAU = "bureau"
    CAMPAIGN_OFFICE = "campaign_office"
    GOVERNMENT = "government"
    SUPERIOR = "superior"


@dataclass(frozen=True, slots=True)
class Authority:
    """One act and the bodies that do it in their own name."""

    act: Act
    zh: str
    en: str
    bodies: tuple[Body, ...]
    basis: str
    mark: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a body may do an act itself; None: what the body is is not known. Otherwise it `proposes` to `bodies`."""

    allowed: bool | None
    bodies: tuple[Body, ...]
    message: Message

    @property
    def proposes(self) -> bool:
        """Whether it may be proposed instead."""
        return self.allowed is False


@cache
def authorities() -> dict[Act, Authority]:
    """Every act with its bodies, read from data/supervision/authorities.yaml."""
    data = _data()
    bases = data.mapping("bases")
    found = {}
    for row in data.mappings("acts"):
        record = Record(row, f"authorities.yaml {row.get('act')}")
        record.only("act", "zh", "en", "bodies", "basis", "mark")
        act = record.choice("act", Act)
        bodies = tuple(Body(one) for one in record.texts("bodies"))
        basis = bases.text(record.text("basis"))
        found[act] = Authority(act, record.text("zh"), record.text("en"), bodies, basis, mark_of(record))
    if missing := set(Act) - set(found):
        raise data.error(f"acts without a body: {', '.join(sorted(missing))}; expected a row for each")
    return found


@cache
def body_names(language: str = "zh") -> dict[Body, str]:
    """What the bodies are called."""
    named = _data().mapping("bodies")
    return {one: named.mapping(one).text(language) for one in Body}


def _data() -> Record:
    source = files("soilrules") / "data" / "supervision" / "authorities.yaml"
    data = Record(load_yaml(source), source.name)
    data.only("acts", "bodies", "bases")
    return data


def asked(act: Act, own: frozenset[Body]) -> Answer:
    """Whether an office that is `own` (several hats are possible) may do `act` in its own name.

    >>> asked(Act.TALK, frozenset({Body.CAMPAIGN_OFFICE})).proposes
    True
    >>> asked(Act.TALK, frozenset()).allowed is None
    True
    """
    rule = authorities()[act]
    names = body_names("zh")
    params = {
        "act": rule.zh,
        "bodies": "、".join(names[one] for one in rule.bodies),
        "own": "、".join(names[one] for one in Body if one in own),
    }
    if not own:
        return Answer(None, rule.bodies, Message(ROOM, "authority", "unknown", params))
    allowed = bool(own & set(rule.bodies))
    return Answer(allowed, rule.bodies, Message(ROOM, "authority", "allowed" if allowed else "propose", params))
