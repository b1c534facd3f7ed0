"""What each kind of warning rule looks at: met, open because a fact is missing, or nothing to say.

A check never takes a missing fact for a good one. The triggers of self-monitoring and the trend are those of
soilrules.statistics, with their rules and numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from soilrules.messages import Message
from soilrules.monitoring.dated import DatedRule, Medium, said, worded
from soilrules.monitoring.facts import ABOVE, PointFacts, Source, class_of
from soilrules.statistics import self_monitoring
from soilrules.statistics.self_monitoring import Trigger, judge_round
from soilrules.statistics.trend import Trend, mann_kendall
from soilrules.verdict import Outcome


class Kind(StrEnum):
    """What a rule looks at."""

    OVER_SCREENING = "over_screening"
    OVER_CONTROL = "over_control"
    WORSE_CLASS = "worse_class"
    ABOVE_LAST = "above_last"
    RISES = "rises"
    TREND = "trend"
    NEIGHBOUR_CLUSTER = "neighbour_cluster"
    SOURCE_UPSTREAM = "source_upstream"
    NEW_SOURCE = "new_source"
    PRODUCE_OVER_LIMIT = "produce_over_limit"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rule says of the facts: met, or open because something is not known."""

    met: bool
    message: Message
    evidence: tuple[str, ...] = ()


Check = Callable[[DatedRule, PointFacts], Answer | None]


def _met(message_id: str, *evidence: str, **params: str) -> Answer:
    return Answer(True, said("warnings", message_id, **params), evidence)


def _open(message_id: str, *evidence: str, **params: str) -> Answer:
    return Answer(False, said("open", message_id, **params), evidence)


def _over_screening(_: DatedRule, facts: PointFacts) -> Answer | None:
    if facts.medium is Medium.PRODUCE:
        return None  # its one limit is that of produce
    if facts.above is None:
        return _open("verdict")
    return _met("over_screening", facts.point, value=str(facts.latest)) if facts.above else None


def _over_control(_: DatedRule, facts: PointFacts) -> Answer | None:
    if facts.medium is Medium.PRODUCE:
        return None
    if facts.above is None:
        return _open("verdict")
    over = facts.verdict is Outcome.EXCEEDS_CONTROL
    return _met("over_control", facts.point, value=str(facts.latest)) if over else None


def _worse_class(_: DatedRule, facts: PointFacts) -> Answer | None:
    """Worse than the class of the unit; than the former verdict where no class is recorded."""
    known, found = facts.unit_class, class_of(facts.verdict)
    if facts.medium is not Medium.SOIL:
        return None
    if found is None:
        return _open("verdict")
    if facts.unit and known:
        words = {**worded("class", "classes", [known.word]), **worded("found", "classes", [found.word])}
        return _met("worse_class", facts.unit.name, unit=facts.unit.name, **words) if found > known else None
    return _worse_than_former(facts)


def _worse_than_former(facts: PointFacts) -> Answer | None:
    former, found = class_of(facts.former or Outcome.UNKNOWN), class_of(facts.verdict)
    first = facts.whole_series and len(facts.series) == 1
    if not facts.above or facts.within_background or first:
        return None
    if former is None or found is None:
        return _open("former_verdict")
    return _met("worse_than_former", facts.point) if found > former else None


def _by_self_monitoring(rule_id: str) -> Check:
    def check(_: DatedRule, facts: PointFacts) -> Answer | None:
        if not facts.series:
            return _open("series")
        verdict = judge_round(facts.series, above_limit=facts.above, whole_series=facts.whole_series)
        found = next(one for one in verdict.findings if one.rule.id == rule_id)
        if found.outcome in (Trigger.NOT_TRIGGERED, Trigger.NOT_IN_USE):
            return None
        return Answer(found.outcome is Trigger.TRIGGERED, found.message, (facts.point,))

    return check


def _trend(_: DatedRule, facts: PointFacts) -> Answer | None:
    found = mann_kendall(facts.series)
    if found.outcome in (Trend.FALLING, Trend.NO_TREND_SHOWN):
        return None
    return Answer(found.outcome is Trend.RISING, found.message, (facts.point,))


def _neighbour_cluster(rule: DatedRule, facts: PointFacts) -> Answer | None:
    needed = rule.whole("neighbours")
    if facts.above is False:
        return None
    if facts.neighbours is None:
        return _open("neighbours")
    over = tuple(one.point for one in facts.neighbours if one.verdict in ABOVE)
    unknown = sum(one.verdict is Outcome.UNKNOWN for one in facts.neighbours)
    if facts.above and len(over) >= needed:
        return _met("neighbour_cluster", *over, count=str(len(over)), points="; ".join(over))
    if len(over) + unknown >= needed:
        return _open("neighbour_verdicts", *over, over=str(len(over)), unknown=str(unknown))
    return None


def _source_upstream(_: DatedRule, facts: PointFacts) -> Answer | None:
    return _sources(facts, "source_upstream", lambda source: True)


def _new_source(_: DatedRule, facts: PointFacts) -> Answer | None:
    return _sources(facts, "new_source", lambda source: source.new is not False)


def _sources(facts: PointFacts, message_id: str, counts: Callable[[Source], bool]) -> Answer | None:
    """Facilities upstream that may handle the analyte; one of which nobody said what it handles may."""
    if facts.above is False:
        return None
    if facts.upstream is None:
        return _open("upstream")
    handling = (one for one in facts.upstream if one.analytes is None or facts.analyte in one.analytes)
    names = tuple(one.name for one in handling if counts(one))
    if not names:
        return None
    return _met(message_id, *names, names="; ".join(names)) if facts.above else _open("verdict", *names)


def _produce_over_limit(_: DatedRule, facts: PointFacts) -> Answer | None:
    verdict = facts.verdict if facts.medium is Medium.PRODUCE else facts.produce
    if verdict is None:
        return _open("produce") if facts.unit else None  # produce is asked for on farmland only
    if verdict is Outcome.UNKNOWN:
        return _open("produce_verdict")
    return _met("produce_over_limit", facts.point) if verdict in ABOVE else None


CHECKS: Mapping[Kind, Check] = {
    Kind.OVER_SCREENING: _over_screening,
    Kind.OVER_CONTROL: _over_control,
    Kind.WORSE_CLASS: _worse_class,
    Kind.ABOVE_LAST: _by_self_monitoring(self_monitoring.ABOVE_LAST),
    Kind.RISES: _by_self_monitoring(self_monitoring.RISES),
    Kind.TREND: _trend,
    Kind.NEIGHBOUR_CLUSTER: _neighbour_cluster,
    Kind.SOURCE_UPSTREAM: _source_upstream,
    Kind.NEW_SOURCE: _new_source,
    Kind.PRODUCE_OVER_LIMIT: _produce_over_limit,
}
