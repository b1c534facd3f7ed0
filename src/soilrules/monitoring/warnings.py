"""What is a warning at one point for one analyte, and what is an exceedance that was to be expected.

Each rule in use is met, not met, or open because a fact is missing; an open one is told, never taken as not met. An
exceedance is expected in a farmland unit already classed 安全利用 or 严格管控 with that element, or within a recorded
geological background; only what is known makes it so. A worse class, a control value passed, a significant trend, a
new source or unsafe produce is a warning all the same. Rules: data/monitoring/warnings.yaml; the triggers of
self-monitoring and the trend are those of soilrules.statistics.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from soilrules import __version__
from soilrules.messages import Message
from soilrules.monitoring.checks import CHECKS, Kind
from soilrules.monitoring.dated import DatedRule, Medium, origin, read, said, worded, worst_mark
from soilrules.monitoring.facts import FarmlandClass, PointFacts, class_of
from soilrules.strict import Record
from soilrules.verdict import Outcome


class Level(StrEnum):
    """How grave a warning is, the graver the later."""

    NOTICE = "notice"
    WARNING = "warning"
    ALARM = "alarm"

    @property
    def gravity(self) -> int:
        """The place in the order above."""
        return list(Level).index(self)


@dataclass(frozen=True, slots=True)
class WarningRule(DatedRule):
    """One rule: what it looks at, how grave it is, and whether an expected exceedance silences it."""

    kind: Kind
    level: Level
    expected_silences: bool


@dataclass(frozen=True, slots=True)
class Met:
    """A rule and what it found; `evidence` names points, sources, units and days."""

    rule: WarningRule
    message: Message
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """A rule that is met, and why that is no warning."""

    met: Met
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The findings of one event: `warnings`, what was `expected`, and `open`: rules that could not be judged.

    `not_in_use` are rules of the day that are switched off: they decide nothing, which is shown.
    """

    merge_key: str
    warnings: tuple[Met, ...]
    expected: tuple[Expected, ...]
    open: tuple[Met, ...]
    not_in_use: tuple[WarningRule, ...]
    version: str = __version__

    @property
    def level(self) -> Level | None:
        """The gravest level among the warnings, None without one."""
        return max((one.rule.level for one in self.warnings), key=lambda level: level.gravity, default=None)

    @property
    def mark(self) -> str:
        """The mark of the least sure rule a warning rests on."""
        return worst_mark(one.rule for one in self.warnings)


WarningRules = Mapping[str, WarningRule]


def judge(facts: PointFacts, on: date, *, rules: WarningRules | None = None) -> Judgement:
    """The warnings of one point and analyte on a day, what is expected, and what is open."""
    held = [rule for rule in (rules or warning_rules()).values() if rule.in_force(on)]
    answers = [(rule, answer) for rule in held if rule.in_use and (answer := CHECKS[rule.kind](rule, facts))]
    met = [Met(rule, answer.message, answer.evidence) for rule, answer in answers if answer.met]
    grounds = tuple(expectations(facts)) if facts.above else ()
    expected = tuple(Expected(one, grounds) for one in met if grounds and _silenced(one.rule, facts))
    quiet = {one.met.rule.id for one in expected}
    return Judgement(
        merge_key=merge_key(facts.point, facts.analyte, facts.campaign),
        warnings=tuple(one for one in met if one.rule.id not in quiet),
        expected=expected,
        open=tuple(Met(rule, one.message, one.evidence) for rule, one in answers if not one.met),
        not_in_use=tuple(rule for rule in held if not rule.in_use),
    )


def merge_key(point: str, analyte: str, campaign: str) -> str:
    """One event, one warning: what is found at a point for an analyte in a campaign has one key.

    >>> merge_key("P1", "cadmium", "2026")
    '["P1","cadmium","2026"]'
    """
    return json.dumps([point, analyte, campaign], ensure_ascii=False, separators=(",", ":"))


def expectations(facts: PointFacts) -> Iterator[Message]:
    """Why an exceedance at this point was to be expected; nothing that is not known is a reason."""
    known, found = facts.unit_class, class_of(facts.verdict)
    if facts.medium is Medium.SOIL and facts.unit and known and found and FarmlandClass.SAFE_USE <= found <= known:
        yield said("expected", "classed", unit=facts.unit.name, **worded("class", "classes", [known.word]))
    if facts.background and facts.within_background:
        params = {"name": facts.background.name, "value": str(facts.latest), "upper": str(facts.background.upper)}
        yield said("expected", "background", **params)


@cache
def warning_rules() -> WarningRules:
    """The rules of data/monitoring/warnings.yaml by id. Raises BadRuleData."""
    return {record.text("id"): _rule(record) for record in read("warnings")}


def _rule(record: Record) -> WarningRule:
    known = origin(record, "kind", "level", "expected_silences")
    return WarningRule(
        **known,
        kind=record.choice("kind", Kind),
        level=record.choice("level", Level),
        expected_silences=record.true("expected_silences"),
    )


def _silenced(rule: WarningRule, facts: PointFacts) -> bool:
    """Whether an expected exceedance silences the rule; a control value only where it was passed before."""
    if rule.kind is Kind.OVER_CONTROL:
        return rule.expected_silences and _control_is_old(facts)
    return rule.expected_silences


def _control_is_old(facts: PointFacts) -> bool:
    return facts.unit_class is FarmlandClass.STRICT and facts.former is Outcome.EXCEEDS_CONTROL
