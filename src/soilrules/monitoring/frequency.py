"""When a point is due next: the interval of its kind, halved after an anomaly until it is normal again.

The interval is that of the rule in force on the day of the last round. Where a fact is missing that the interval
depends on, the day is unknown and only the latest it can be is said. Intervals: data/monitoring/frequency.yaml; the
doubling is that of soilrules.statistics.self_monitoring.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from soilrules.messages import Message
from soilrules.monitoring.dated import DatedRule, Layer, Medium, origin, read, said, worded, worst_mark
from soilrules.statistics import self_monitoring
from soilrules.statistics.rule_data import evaluation_rules
from soilrules.statistics.self_monitoring import Frequency, Round, frequency_after
from soilrules.strict import Record


class Network(StrEnum):
    """Whose the point is: the self-monitoring of a key unit, or the routine network."""

    SELF_MONITORING = "self_monitoring"
    ROUTINE = "routine"


class UnitClass(StrEnum):
    """The class of a monitoring unit: first holds hidden facilities (隐蔽性重点设施设备); none: known to stand in no unit."""

    FIRST = "first"
    SECOND = "second"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MonitoredPoint:
    """What the interval depends on; None is not known."""

    network: Network
    medium: Medium
    layer: Layer | None = None
    unit_class: UnitClass | None = None
    near_sensitive: bool | None = None


@dataclass(frozen=True, slots=True)
class RoundDone:
    """One round: its day, and whether it was normal over all analytes of the point."""

    on: date
    outcome: Round


@dataclass(frozen=True, slots=True)
class FrequencyRule(DatedRule):
    """One interval; None where it holds for any layer, class or place."""

    network: Network
    medium: Medium
    layer: Layer | None
    unit_class: UnitClass | None
    near_sensitive: bool | None
    doubles: bool

    def may_hold(self, point: MonitoredPoint, on: date) -> bool:
        """Whether no known fact is against it on a day."""
        asked = {name: getattr(self, name) for name in _FACTS if getattr(self, name) is not None}
        return (
            self.in_force(on)
            and (self.network, self.medium) == (point.network, point.medium)
            and all(getattr(point, name) in (None, value) for name, value in asked.items())
        )


@dataclass(frozen=True, slots=True)
class NextDue:
    """The day the point is due, None where that is unknown; then `at_the_latest` is the latest it can be, if any."""

    day: date | None
    at_the_latest: date | None
    frequency: Frequency
    rules: tuple[FrequencyRule, ...]
    message: Message

    @property
    def mark(self) -> str:
        """The mark of the least sure rule."""
        return worst_mark(self.rules)


_FACTS = ("layer", "unit_class", "near_sensitive")


def next_due(
    point: MonitoredPoint, rounds: Sequence[RoundDone], *, rules: Mapping[str, FrequencyRule] | None = None
) -> NextDue:
    """When `point` is due after its `rounds`.

    >>> point = MonitoredPoint(Network.SELF_MONITORING, Medium.SOIL, Layer.SURFACE)
    >>> next_due(point, [RoundDone(date(2026, 3, 31), Round.NORMAL)]).day
    datetime.date(2027, 3, 31)
    """
    ordered = sorted(rounds, key=lambda one: one.on)
    if not ordered:
        return NextDue(None, None, Frequency.UNKNOWN, (), said("frequency", "no_round"))
    last = ordered[-1].on
    held = [rule for rule in (rules or frequency_rules()).values() if rule.may_hold(point, last)]
    if not held or not all(rule.in_use for rule in held):
        return NextDue(None, None, Frequency.UNKNOWN, (), _no_rule(point, held, last))
    frequency = frequency_after([one.outcome for one in ordered]).outcome
    return _due(point, held, last, frequency)


def _due(point: MonitoredPoint, held: Sequence[FrequencyRule], last: date, frequency: Frequency) -> NextDue:
    if not any(rule.doubles for rule in held):
        frequency = Frequency.REGULAR
    times = _times() if frequency is Frequency.DOUBLED else 1
    days = {after(last, rule.whole("months"), parts=times) for rule in held}
    latest, rules = max(days), tuple(held)
    if len(days) > 1:
        missing = [
            name for name in _FACTS if getattr(point, name) is None and any(getattr(r, name) is not None for r in held)
        ]
        message = said("frequency", "facts_missing", latest=str(latest), **worded("facts", "facts", missing))
        return NextDue(None, latest, frequency, rules, message)
    if frequency is Frequency.UNKNOWN:
        return NextDue(None, latest, frequency, rules, said("frequency", "rounds_unknown", latest=str(latest)))
    params = {"day": str(latest), "last": str(last), "standard": rules[0].standard, "mark": worst_mark(rules)}
    return NextDue(latest, latest, frequency, rules, said("frequency", f"due_{frequency}", **params))


def after(day: date, months: int, *, parts: int = 1) -> date:
    """The day `months` later, or the end of the first of `parts` of that time: whole months where they divide, else days.

    >>> after(date(2026, 8, 31), 6), after(date(2026, 1, 1), 3, parts=2)
    (datetime.date(2027, 2, 28), datetime.date(2026, 2, 15))
    """
    if months % parts:
        return day + (after(day, months) - day) // parts
    year, month = divmod(day.month - 1 + months // parts, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@cache
def frequency_rules() -> Mapping[str, FrequencyRule]:
    """The rules of data/monitoring/frequency.yaml by id. Raises BadRuleData."""
    return {record.text("id"): _rule(record) for record in read("frequency")}


def _rule(record: Record) -> FrequencyRule:
    known = origin(record, "network", "medium", *_FACTS, "doubles")
    return FrequencyRule(
        **known,
        network=record.choice("network", Network),
        medium=record.choice("medium", Medium),
        layer=record.choice("layer", Layer) if "layer" in record.row else None,
        unit_class=record.choice("unit_class", UnitClass) if "unit_class" in record.row else None,
        near_sensitive=record.true("near_sensitive") if "near_sensitive" in record.row else None,
        doubles=record.true("doubles"),
    )


def _times() -> int:
    return evaluation_rules("hj1209-2021")[self_monitoring.FREQUENCY].whole("times_frequency")


def _no_rule(point: MonitoredPoint, held: Sequence[FrequencyRule], last: date) -> Message:
    if held:
        return said("frequency", "switched_off", rules=", ".join(rule.id for rule in held if not rule.in_use))
    if point.unit_class is UnitClass.NONE:
        return said("frequency", "no_unit", **worded("medium", "media", [point.medium]))
    return said("frequency", "no_rule", day=str(last), **worded("medium", "media", [point.medium]))
