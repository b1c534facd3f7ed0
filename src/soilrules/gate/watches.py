"""Watches: what the order of permits, contracts, pictures and clearances of a plot shows, each with its violation.

A picture shows that something happened between the one before it and itself: only where the whole of that time was banned
is the finding sure; else, and where there is no picture before, a person looks. Data: data/gate/watches.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from soilrules.bases import Basis, bases, bases_on
from soilrules.enterprises.violations import violations
from soilrules.gate.facts import Membership, Step
from soilrules.gate.kinds import StepKind
from soilrules.gate.results import ROOM
from soilrules.gate.rules import check_rules
from soilrules.messages import LANGUAGES, Message
from soilrules.strict import Record, load_yaml


class Happened(StrEnum):
    """What can happen to a plot."""

    BUILDING_PERMIT = "building_permit"
    CONSTRUCTION = "construction"
    TAKEN_INTO_USE = "taken_into_use"
    SUPPLIED = "supplied"
    CONTRACT = "contract"
    TRANSFERRED = "transferred"


BUILDING = (Happened.BUILDING_PERMIT, Happened.CONSTRUCTION)
ALLOCATION = (Happened.SUPPLIED, Happened.CONTRACT, Happened.TRANSFERRED)
WIDER = "gate.code.build"
_BEFORE_ALL = date.min


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, at the latest on a day; `after`: the last day on which it was seen not to have happened yet.

    `open`: it was only seen, and nobody looked before, so that no first day is known. `related`: it belongs to the control
    or remediation itself; None where nobody knows.
    """

    kind: Happened
    on: date
    after: date | None = None
    source: str = ""
    related: bool | None = False
    open: bool = False


@dataclass(frozen=True, slots=True)
class PlotOrder:
    """A plot with the dates the watches compare.

    `survey_owed_since`: the day from which a survey is owed by notice, list, key unit or change of use. `surveyed_on`: its
    first accepted survey. `cleared_on`: its exit. `target_reached_on`: an accepted evaluation that reached the target.
    """

    plot: str
    events: tuple[Event, ...]
    memberships: tuple[Membership, ...] = ()
    steps: tuple[Step, ...] = ()
    survey_owed_since: date | None = None
    surveyed_on: date | None = None
    target_reached_on: date | None = None
    cleared_on: date | None = None


@dataclass(frozen=True, slots=True)
class WatchFinding:
    """One finding; `sure` False: a person looks first. `from_day` to `to_day`: when it happened; no `from_day` where nobody knows."""

    watch: str
    plot: str
    violation: str
    event: Happened
    from_day: date | None
    to_day: date
    sure: bool
    source: str
    because: Message
    bases: tuple[Basis, ...]


def findings(orders: Iterable[PlotOrder]) -> list[WatchFinding]:
    """What the order of events of each plot shows, by plot and day."""
    found = [one for order in orders for one in _of(order)]
    return sorted(found, key=lambda one: (one.plot, one.to_day, one.watch, one.event, one.source))


def watch_names() -> Mapping[str, tuple[str, str]]:
    """Chinese and English name of each watch."""
    return {key: (one["zh"], one["en"]) for key, one in _data().row["watches"].items()}


def _of(order: PlotOrder) -> Iterator[WatchFinding]:
    for event in order.events:
        if event.kind in BUILDING and event.related is not True:
            yield from _building(order, event)
        elif event.kind is Happened.TAKEN_INTO_USE:
            yield from _use(order, event)
        elif event.kind in ALLOCATION:
            yield from _allocation(order, event)


def _building(order: PlotOrder, event: Event) -> Iterator[WatchFinding]:
    watch = "unrelated_construction"
    days = _days(order, event, "on_roster_unrelated_build")
    banned = [_build_banned(order, day) for day in days]
    if any(banned):
        sure = all(banned) and event.kind is Happened.CONSTRUCTION and event.related is False
        violation = _data().row["watches"][watch]["violation"]
        yield _finding(order, event, watch, violation, "on_roster_unrelated_build", sure=sure)
    elif any(_built_unsurveyed(order, day) for day in days):
        violation = _data().row["steps"][StepKind.SURVEY]
        yield _finding(order, event, watch, violation, "on_roster_unrelated_build", sure=False)


def _build_banned(order: PlotOrder, day: date) -> bool:
    """Whether unrelated building is banned on a day: target open, and by the wider law a required step not done."""
    cited = bases_on(check_rules()["on_roster_unrelated_build"].bases, day)
    if not cited or _by(order.cleared_on, day):
        return False
    if any(one.list_key == "roster" and one.on(day) for one in order.memberships) and not _by(
        order.target_reached_on, day
    ):
        return True
    return any(one.id == WIDER for one in cited) and bool(_missing(order, day))


def _built_unsurveyed(order: PlotOrder, day: date) -> bool:
    """Whether a survey is owed on a day, as of suspected ground, and not done: by the wider law a person looks whether it was required."""
    wider = any(one.id == WIDER for one in bases_on(check_rules()["on_roster_unrelated_build"].bases, day))
    owed = _by(order.survey_owed_since, day) and not _by(order.surveyed_on, day)
    return wider and owed and not _by(order.cleared_on, day)


def _use(order: PlotOrder, event: Event) -> Iterator[WatchFinding]:
    days = _days(order, event, "polluted_not_assessed")
    missing = [frozenset() if _by(order.cleared_on, day) else _missing(order, day) for day in days]
    if any(missing) or any(_listed_open(order, day) for day in days):
        lacking = next((one for one in reversed(missing) if one), frozenset())
        step = next((one for one in StepKind if one in lacking), StepKind.REMEDIATION)
        violation = _data().row["steps"][step]
        yield _finding(order, event, "use_before_clearance", violation, "polluted_not_assessed", sure=all(missing))


def _listed_open(order: PlotOrder, day: date) -> bool:
    """Whether the plot is on a list of polluted ground on a day and not cleared."""
    listed = any(one.list_key in ("polluted", "roster") and one.on(day) for one in order.memberships)
    return listed and not _by(order.cleared_on, day)


def _allocation(order: PlotOrder, event: Event) -> Iterator[WatchFinding]:
    watch = "allocation_before_survey"
    days = _days(order, event, "use_change_needs_survey")
    owing = [_by(order.survey_owed_since, day) and not _by(order.surveyed_on, day) for day in days]
    if any(owing):
        violation = _data().row["watches"][watch]["violation"]
        yield _finding(order, event, watch, violation, "use_change_needs_survey", sure=all(owing))


def _days(order: PlotOrder, event: Event, check: str) -> list[date]:
    """The days that tell of every day on which an event may have been: its ends, and each on which something changes between."""
    known = (order.survey_owed_since, order.surveyed_on, order.target_reached_on, order.cleared_on)
    stays = [day for one in order.memberships for day in (one.since, one.until)]
    steps = [day for one in order.steps for day in (one.since, one.done_on)]
    laws = [day for one in check_rules()[check].bases for day in (bases()[one].since, bases()[one].until)]
    first = _BEFORE_ALL if event.open else event.after or event.on
    between = {day for day in (*known, *stays, *steps, *laws) if day is not None and first < day < event.on}
    return sorted({first, event.on, *between})


def _finding(order: PlotOrder, event: Event, watch: str, violation: str, check: str, *, sure: bool) -> WatchFinding:
    first = None if event.open else event.after or event.on
    params = {"plot": order.plot, "from": str(first), "to": event.on.isoformat(), "source": event.source}
    span = Message(ROOM, "watch_spans", "day" if first == event.on else "days", params)
    params |= {f"span_{one}": span.sentence(one) for one in LANGUAGES}
    said = f"{watch}_sure" if sure else f"{watch}_look" if first else f"{watch}_open"
    because = Message(ROOM, "watches", said, params)
    cited = bases_on(check_rules()[check].bases, event.on)
    return WatchFinding(watch, order.plot, violation, event.kind, first, event.on, sure, event.source, because, cited)


def _missing(order: PlotOrder, day: date) -> frozenset[StepKind]:
    """Required steps that are known not to be done by a day."""
    return frozenset(one.kind for one in order.steps if one.since <= day and one.known and not _by(one.done_on, day))


def _by(day: date | None, other: date) -> bool:
    return day is not None and day <= other


def development_violations() -> frozenset[str]:
    """The violations that ground was built on, used or passed on against the rules: those the watches look for.

    >>> "no_survey" in development_violations()
    True
    """
    top = _data()
    return frozenset([*top.row["steps"].values(), *_violations_of(top.row["watches"])])


@cache
def _data() -> Record:
    source = files("soilrules") / "data" / "gate" / "watches.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("watches", "steps")
    named = [*top.row["steps"].values(), *_violations_of(top.row["watches"])]
    if unknown := [one for one in named if one not in violations()]:
        raise top.error(f"violations {', '.join(unknown)}; expected ids of violations.yaml")
    return top


def _violations_of(watches: Mapping[str, Any]) -> list[str]:
    return [one["violation"] for one in watches.values() if "violation" in one]
