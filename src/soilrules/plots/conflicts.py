"""Conflicts of interest: an expert bound to a party of the report, and a firm that does what another has to check."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from soilrules.bases import Basis, bases_on
from soilrules.messages import LANGUAGES, Message
from soilrules.plots.lists import ROOM
from soilrules.plots.matching import plain_name
from soilrules.plots.reports import report_data


class Conflict(StrEnum):
    """Whether there is a conflict; unknown where nobody declared or nobody told whom somebody works for."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Expert:
    """An expert of a panel. `declared`: whether they declared an interest; None while they declared nothing."""

    name: str
    employer: str = ""
    employer_code: str = ""
    declared: bool | None = None


@dataclass(frozen=True, slots=True)
class PartyOfReport:
    """Who made, ordered or profits from a report: consultant, laboratory, holder, contractor."""

    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer for one expert."""

    expert: Expert
    conflict: Conflict
    message: Message


@dataclass(frozen=True, slots=True)
class Mixed:
    """One firm in two groups of activities of one plot that have to stay apart."""

    code: str
    activities: tuple[str, ...]
    bases: tuple[Basis, ...]
    message: Message


def judge_expert(expert: Expert, parties: Collection[PartyOfReport]) -> Judged:
    """Whether an expert may sit on the panel of a report of these parties.

    >>> judge_expert(Expert("甲", "某公司", declared=False), [PartyOfReport("某 公司")]).conflict
    <Conflict.YES: 'yes'>
    """
    code, employer = expert.employer_code.strip().upper(), plain_name(expert.employer)
    bound = [
        one
        for one in parties
        if (code and code == one.code.strip().upper()) or (employer and employer == plain_name(one.name))
    ]
    if bound:
        return _judged(expert, Conflict.YES, "same_employer", party="、".join(one.name or one.code for one in bound))
    if expert.declared:
        return _judged(expert, Conflict.YES, "declared")
    if expert.declared is None:
        return _judged(expert, Conflict.UNKNOWN, "not_declared")
    if not (code or employer):
        return _judged(expert, Conflict.UNKNOWN, "employer_unknown")
    return _judged(expert, Conflict.NO, "none")


def mixed_roles(firms: Mapping[str, Collection[str]], division: str, on: date) -> tuple[Mixed, ...]:
    """Firms that do on one plot what the rules of the place keep apart. `firms`: credit codes by activity.

    >>> mixed_roles({"survey": ["A"], "effect_evaluation": ["A"]}, "410102", date(2026, 9, 1))
    ()
    """
    found: dict[str, Mixed] = {}
    codes = {activity: {one.strip().upper() for one in some if one.strip()} for activity, some in firms.items()}
    for rule in report_data().separate:
        bases = bases_on(rule.bases, on)
        if not bases or not division.startswith(rule.division):
            continue
        groups = [set().union(*(codes.get(one, set()) for one in group)) for group in rule.groups]
        for code in sorted(set().union(*groups)):
            if sum(code in group for group in groups) > 1 and code not in found:
                did = tuple(
                    one for one in dict.fromkeys(a for g in rule.groups for a in g) if code in codes.get(one, ())
                )
                found[code] = Mixed(code, did, bases, _mixed(code, did, bases))
    return tuple(found.values())


def _mixed(code: str, did: tuple[str, ...], bases: tuple[Basis, ...]) -> Message:
    joins = {"zh": "、", "en": ", "}
    words = {
        f"did_{one}": joins[one].join(Message(ROOM, "activities", word).sentence(one) for word in did)
        for one in LANGUAGES
    }
    return Message(ROOM, "conflict", "mixed", {"code": code, "law": "；".join(one.cited for one in bases), **words})


def _judged(expert: Expert, conflict: Conflict, name: str, **params: str) -> Judged:
    return Judged(expert, conflict, Message(ROOM, "conflict", name, {"expert": expert.name, **params}))
