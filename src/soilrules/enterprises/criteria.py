"""Whether a unit belongs on the list of key units of soil pollution: a proposal to the city, which decides.

Facts are yes, no or None for unknown; an unknown fact never becomes a no. Criteria: data/enterprises/criteria.yaml,
leaving: leaving.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from soilrules.enterprises.industries import Match, classification
from soilrules.messages import LANGUAGES, Message, sentence
from soilrules.monitoring.dated import DatedRule, origin, read, worst_mark
from soilrules.strict import Record

ROOM = "enterprises"
FACTS = ("above_scale", "handles_toxic", "high_risk_ground", "discharges_cadmium", "metal_area")


class Verdict(StrEnum):
    """What is proposed; `stay` leaves the list as it is for this unit."""

    ENTER = "enter"
    LEAVE = "leave"
    STAY = "stay"
    CANNOT_SAY = "cannot_say"


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What the criteria ask of a unit. `industry` is a code of GB/T 4754, None or empty where unknown.

    `trades` answers for key industries that share a code with others: {"electroplating": True}. `metal_area`: it
    stands where the pollution of farmland by metals stands out. `state`: operating, closed, deregistered …
    """

    listed: bool
    industry: str | None = None
    trades: Mapping[str, bool] = field(default_factory=dict)
    permit_level: str | None = None
    above_scale: bool | None = None
    handles_toxic: bool | None = None
    high_risk_ground: bool | None = None
    discharges_cadmium: bool | None = None
    metal_area: bool | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Criterion(DatedRule):
    """One criterion: the industries, permit levels and facts it asks for."""

    industries: tuple[str, ...]
    permit_levels: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaving(DatedRule):
    """The states of a unit that take it off the list."""

    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriterionFinding:
    """Whether one criterion is met, None where what is `missing` decides it."""

    rule: DatedRule
    met: bool | None
    missing: tuple[str, ...]
    message: Message


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one unit, by which criteria, and what would have to be known."""

    verdict: Verdict
    findings: tuple[CriterionFinding, ...]
    message: Message

    @property
    def missing(self) -> tuple[str, ...]:
        """Every fact the verdict waits for, each once; none where it is decided."""
        if self.verdict is not Verdict.CANNOT_SAY:
            return ()
        return tuple(dict.fromkeys(name for one in self.findings for name in one.missing))

    @property
    def mark(self) -> str:
        """The mark of the least sure criterion it rests on: those met, or all where none is."""
        met = [one.rule for one in self.findings if one.met]
        return worst_mark(met or [one.rule for one in self.findings])


def propose(
    unit: UnitFacts,
    on: date,
    *,
    criteria: Mapping[str, Criterion] | None = None,
    leaving: Mapping[str, Leaving] | None = None,
) -> Proposal:
    """What to propose to the city for a unit on a day.

    >>> unit = UnitFacts(listed=False, industry="3212", above_scale=True)
    >>> propose(unit, date(2024, 3, 1)).verdict.value
    'enter'
    """
    left = [_left(rule, unit) for rule in (leaving or leaving_rules()).values() if rule.in_force(on)]
    if ended := [one for one in left if one.met]:
        return Proposal(Verdict.LEAVE if unit.listed else Verdict.STAY, tuple(ended), _ended(unit))
    findings = tuple(_judged(rule, unit) for rule in (criteria or criteria_rules()).values() if rule.in_force(on))
    if not findings:
        return Proposal(Verdict.CANNOT_SAY, (), _said("no_rule", day=str(on)))
    verdict = _verdict(unit.listed, [one.met for one in findings])
    return Proposal(verdict, findings, _summary(verdict, unit.listed, findings))


@cache
def criteria_rules() -> Mapping[str, Criterion]:
    """The criteria of data/enterprises/criteria.yaml by id. Raises BadRuleData."""
    return MappingProxyType({record.text("id"): _criterion(record) for record in read("criteria", room=ROOM)})


@cache
def leaving_rules() -> Mapping[str, Leaving]:
    """The rules of data/enterprises/leaving.yaml by id. Raises BadRuleData."""
    return MappingProxyType(
        {
            record.text("id"): Leaving(**origin(record, "states"), states=record.texts("states"))
            for record in read("leaving", room=ROOM)
        }
    )


def _criterion(record: Record) -> Criterion:
    industries, facts = record.texts("industries"), record.texts("facts")
    if unknown := {*industries} - {*classification().key_industries}:
        raise record.error(f"industries has {', '.join(sorted(unknown))}; expected keys of industries.yaml")
    if unknown := {*facts} - {*FACTS}:
        raise record.error(f"facts has {', '.join(sorted(unknown))}; expected some of {', '.join(FACTS)}")
    return Criterion(
        **origin(record, "industries", "permit_levels", "facts"),
        industries=industries,
        permit_levels=record.texts("permit_levels"),
        facts=facts,
    )


def _left(rule: Leaving, unit: UnitFacts) -> CriterionFinding:
    met = rule.in_use and unit.state in rule.states
    return CriterionFinding(rule, met, (), _ended(unit))


def _ended(unit: UnitFacts) -> Message:
    words = _word("unit_states", [unit.state or "unknown"], "state")
    return _said("ended_listed" if unit.listed else "ended_not_listed", **words)


def _judged(rule: Criterion, unit: UnitFacts) -> CriterionFinding:
    """One criterion: any no decides, then any unknown."""
    if not rule.in_use:
        return CriterionFinding(rule, None, ("rule_switched_off",), _said("switched_off", rule=rule.id))
    answers = {
        **({"industry": _of_industry(rule.industries, unit)} if rule.industries else {}),
        **({"permit_level": _of_level(rule.permit_levels, unit)} if rule.permit_levels else {}),
        **{name: getattr(unit, name) for name in rule.facts},
    }
    met = False if False in answers.values() else None if None in answers.values() else True
    missing = tuple(name for name, answer in answers.items() if answer is None) if met is None else ()
    against = [name for name, answer in answers.items() if answer is False]
    shown = missing if met is None else against or list(answers)
    name = {True: "met", False: "not_met", None: "open"}[met]
    params = {"standard": rule.standard, "source": rule.source, "mark": rule.mark}
    return CriterionFinding(rule, met, missing, _said(name, **params, **_word("unit_facts", shown, "facts")))


def _of_industry(keys: Sequence[str], unit: UnitFacts) -> bool | None:
    """Whether a unit is of one of the key industries; what a person answered goes before the code."""
    if any(unit.trades.get(key) for key in keys):
        return True
    open_keys = [key for key in keys if key not in unit.trades]
    if not unit.industry:
        return None if open_keys else False
    known = classification().key_industries
    found = {known[key].match(unit.industry) for key in open_keys}
    return True if Match.YES in found else None if Match.MAYBE in found else False


def _of_level(levels: Sequence[str], unit: UnitFacts) -> bool | None:
    return unit.permit_level in levels if unit.permit_level else None


def _verdict(listed: bool, met: Iterable[bool | None]) -> Verdict:
    answers = set(met)
    if True in answers:
        return Verdict.STAY if listed else Verdict.ENTER
    if None in answers:
        return Verdict.CANNOT_SAY
    return Verdict.LEAVE if listed else Verdict.STAY


def _summary(verdict: Verdict, listed: bool, findings: Sequence[CriterionFinding]) -> Message:
    if verdict is Verdict.CANNOT_SAY:
        missing = dict.fromkeys(name for one in findings for name in one.missing)
        return _said("cannot_say", **_word("unit_facts", missing, "facts"))
    met = "；".join(f"{one.rule.standard}{one.rule.source}" for one in findings if one.met)
    return _said(f"{verdict}_{'listed' if listed else 'not_listed'}", criteria=met)


def _word(group: str, ids: Iterable[str], name: str) -> dict[str, str]:
    """Words of the catalogue as params of a sentence, by language."""
    ids, joins = list(ids), {"zh": "、", "en": ", "}
    return {
        f"{name}_{one}": joins[one].join(sentence(ROOM, group, word, language=one) for word in ids) for one in LANGUAGES
    }


def _said(message_id: str, **params: str) -> Message:
    return Message(ROOM, "criteria", message_id, params)
