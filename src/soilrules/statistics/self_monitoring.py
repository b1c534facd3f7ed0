"""When the self-monitoring of a key unit is abnormal, and when it is normal again (HJ 1209).

Three triggers for one analyte at one point: above the limit, far above the former result, several rises in a row. One of
them makes the round abnormal and doubles the frequency until enough normal rounds follow each other. The numbers
are data (data/evaluation/hj1209-2021.yaml).

Non-detects: a content not detected lies between 0 and its reporting limit. Only what holds for every content in
that range is said; otherwise the trigger is unknown. Convention: not detected twice, the second limit no higher than the
first, shows no rise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from soilrules import __version__
from soilrules.messages import Message
from soilrules.statistics.readings import Observation, Reading, in_order
from soilrules.statistics.rule_data import ROOM, Rule, Rules, evaluation_rules

ABOVE_LIMIT = "self_monitoring.above_limit"
ABOVE_LAST = "self_monitoring.above_last"
RISES = "self_monitoring.rises"
FREQUENCY = "self_monitoring.frequency"


class Trigger(StrEnum):
    """Whether one trigger is met. A rule switched off is `not_in_use` and decides nothing."""

    TRIGGERED = "triggered"
    NOT_TRIGGERED = "not_triggered"
    UNKNOWN = "unknown"
    NOT_IN_USE = "not_in_use"


class Round(StrEnum):
    """A round of monitoring as a whole."""

    ABNORMAL = "abnormal"
    NORMAL = "normal"
    UNKNOWN = "unknown"


class Frequency(StrEnum):
    """How often the point is to be monitored now."""

    REGULAR = "regular"
    DOUBLED = "doubled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One trigger with its rule and reason."""

    outcome: Trigger
    rule: Rule
    message: Message


@dataclass(frozen=True, slots=True)
class RoundVerdict:
    """The latest round: abnormal with any trigger met, normal only where every rule in use says so."""

    outcome: Round
    findings: tuple[Finding, ...]
    version: str = __version__


@dataclass(frozen=True, slots=True)
class FrequencyVerdict:
    """The frequency after a series of rounds; `normal_rounds` in a row so far."""

    outcome: Frequency
    rule: Rule
    message: Message
    normal_rounds: int
    version: str = __version__


def judge_round(
    series: Sequence[Observation], *, above_limit: bool | None, whole_series: bool, rules: Rules | None = None
) -> RoundVerdict:
    """Judge the latest round of `series` (one analyte, one point, one unit).

    `above_limit`: the verdict of the limits on the latest result, None where that is unknown. `whole_series`: whether
    the series begins with the first round of the point; where it does not, a short series proves nothing.
    """
    rules = rules or evaluation_rules("hj1209-2021")
    readings = [one.reading for one in in_order(series)]
    if not readings:
        raise ValueError("no round to judge: expected the results of one point, the latest among them.")
    findings = (
        _above_limit(rules[ABOVE_LIMIT], above_limit),
        _above_last(rules[ABOVE_LAST], readings, whole_series),
        _rises(rules[RISES], readings, whole_series),
    )
    return RoundVerdict(_together([one.outcome for one in findings]), findings)


def frequency_after(rounds: Sequence[Round], *, rules: Rules | None = None) -> FrequencyVerdict:
    """The frequency after `rounds`, oldest first: doubled by an abnormal one, regular again after normal ones in a row.

    A round that cannot be judged leaves a regular frequency unknown, and starts the count again.
    """
    rule = (rules or evaluation_rules("hj1209-2021"))[FREQUENCY]
    needed, normal, now = rule.whole("normal_rounds"), 0, Frequency.REGULAR
    if not rule.in_use:
        return FrequencyVerdict(Frequency.UNKNOWN, rule, _message("switched_off", rule=rule.id), 0)
    for one in rounds:
        normal = normal + 1 if one is Round.NORMAL else 0
        now = _frequency(now, one, enough=normal >= needed)
    params = {"normal": str(normal), "needed": str(needed), "times": str(rule.number("times_frequency"))}
    return FrequencyVerdict(now, rule, _message(f"frequency_{now}", **params), normal)


def _frequency(now: Frequency, one: Round, *, enough: bool) -> Frequency:
    if one is Round.ABNORMAL:
        return Frequency.DOUBLED
    if one is Round.UNKNOWN and now is Frequency.REGULAR:
        return Frequency.UNKNOWN
    return Frequency.REGULAR if enough else now


def _together(outcomes: Sequence[Trigger]) -> Round:
    said = {one for one in outcomes if one is not Trigger.NOT_IN_USE}
    if Trigger.TRIGGERED in said:
        return Round.ABNORMAL
    return Round.NORMAL if said == {Trigger.NOT_TRIGGERED} else Round.UNKNOWN


def _above_limit(rule: Rule, above: bool | None) -> Finding:
    if above is None:
        return _finding(rule, Trigger.UNKNOWN, "limit_unknown")
    return _finding(rule, Trigger.TRIGGERED if above else Trigger.NOT_TRIGGERED, _worded("above_limit", above))


def _above_last(rule: Rule, readings: Sequence[Reading], whole: bool) -> Finding:
    times = rule.number("times_former")
    if len(readings) < 2:
        return _finding(
            rule, Trigger.NOT_TRIGGERED if whole else Trigger.UNKNOWN, "first_round" if whole else "no_former"
        )
    former, latest = readings[-2:]
    above = exceeds_times(former, latest, times)
    params = {"former": str(former), "latest": str(latest), "percent": f"{times * 100:g}"}
    return _finding(rule, _trigger(above), _worded("above_last", above), **params)


def _rises(rule: Rule, readings: Sequence[Reading], whole: bool) -> Finding:
    needed = rule.whole("rises_in_a_row")
    steps = [exceeds_times(former, latest, Decimal(1)) for former, latest in zip(readings, readings[1:], strict=False)]
    latest_steps = steps[-needed:]
    params = {"needed": str(needed), "values": " → ".join(map(str, readings[-needed - 1 :]))}
    if False in latest_steps:
        return _finding(rule, Trigger.NOT_TRIGGERED, "rises_no", **params)
    if len(latest_steps) < needed:
        if whole:
            return _finding(rule, Trigger.NOT_TRIGGERED, "rises_too_few_rounds", **params)
        return _finding(rule, Trigger.UNKNOWN, "rises_history_missing", **params)
    above = None if None in latest_steps else True
    return _finding(rule, _trigger(above), _worded("rises", above), **params)


def exceeds_times(former: Reading, latest: Reading, times: Decimal) -> bool | None:
    """Whether `latest` is above `times` the `former` result; None where non-detects leave it open.

    >>> exceeds_times(Reading.parse("<0.1"), Reading.parse("0.11"), Decimal("1.3")) is None
    True
    """
    if not former.detected and not latest.detected:
        return False if latest.value <= former.value else None
    if not latest.detected:
        return False if latest.value <= times * former.value else None
    if latest.value > times * former.value or (not former.detected and latest.value == times * former.value):
        return True
    return False if former.detected else None


def _trigger(met: bool | None) -> Trigger:
    if met is None:
        return Trigger.UNKNOWN
    return Trigger.TRIGGERED if met else Trigger.NOT_TRIGGERED


def _worded(name: str, met: bool | None) -> str:
    return f"{name}_{'unknown' if met is None else 'yes' if met else 'no'}"


def _finding(rule: Rule, outcome: Trigger, message: str, **params: str) -> Finding:
    if not rule.in_use:
        return Finding(Trigger.NOT_IN_USE, rule, _message("switched_off", rule=rule.id))
    return Finding(outcome, rule, _message(message, **params))


def _message(message_id: str, **params: str) -> Message:
    return Message(ROOM, "trend", message_id, params)
