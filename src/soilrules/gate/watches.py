"""Watches: what the order of permits, contracts, pictures and clearances of a plot shows, each with its violation.

A picture shows that something happened between the one before it and itself: where only a part of that time was banned
the finding is not sure, and a person looks. Data: data/gate/watches.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from soilrules.bases import Basis, bases_on
from soilrules.enterprises.violations import violations
from soilrules.gate.facts import Membership, Step, StepKind
from soilrules.gate.results import ROOM
from soilrules.gate.rules import check_rules
from soilrules.messages import Message
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


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, at the latest on a day; `after`: the day of the picture before, on which it had not happened yet.

    `related`: it belongs to the control or remediation itself; None where nobody knows.
    """

    kind: Happened
    on: date
    after: date | None = None
    source: str = ""
    related: bool | None = False


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
    """One finding; `sure` False: a person looks first. `from_day` to `to_day`: when it happened."""

    watch: str
    plot: str
    violation: str
    event: Happened
    from_day: date
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
    first, last = _span(event)
    banned = [_build_banned(order, one) for one in (first, last)]
    if any(banned):
        sure = all(banned) and event.kind is Happened.CONSTRUCTION and event.related is False
        watch = "unrelated_construction"
        yield _finding(
            order, event, watch, _data().row["watches"][watch]["violation"], "on_roster_unrelated_build", sure=sure
        )


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


def _use(order: PlotOrder, event: Event) -> Iterator[WatchFinding]:
    first, last = _span(event)
    if _by(order.cleared_on, first):
        return
    missing = _missing(order, last)
    listed = any(one.list_key in ("polluted", "roster") and one.on(last) for one in order.memberships)
    if missing or listed:
        step = next((one for one in StepKind if one in missing), StepKind.REMEDIATION)
        sure = bool(missing) and not _by(order.cleared_on, last) and bool(_missing(order, first))
        yield _finding(
            order, event, "use_before_clearance", _data().row["steps"][step], "polluted_not_assessed", sure=sure
        )


def _allocation(order: PlotOrder, event: Event) -> Iterator[WatchFinding]:
    first, last = _span(event)
    owed = order.survey_owed_since
    if owed is None or owed > last or _by(order.surveyed_on, first):
        return
    sure = owed <= first and not _by(order.surveyed_on, last)
    watch = "allocation_before_survey"
    yield _finding(
        order, event, watch, _data().row["watches"][watch]["violation"], "use_change_needs_survey", sure=sure
    )


def _finding(order: PlotOrder, event: Event, watch: str, violation: str, check: str, *, sure: bool) -> WatchFinding:
    first, last = _span(event)
    params = {"plot": order.plot, "from": first.isoformat(), "to": last.isoformat(), "source": event.source}
    said = f"{watch}_sure" if sure else f"{watch}_look"
    because = Message(ROOM, "watches", said, params)
    bases = bases_on(check_rules()[check].bases, last)
    return WatchFinding(watch, order.plot, violation, event.kind, first, last, sure, event.source, because, bases)


def _missing(order: PlotOrder, day: date) -> frozenset[StepKind]:
    """Required steps that are known not to be done by a day."""
    return frozenset(one.kind for one in order.steps if one.since <= day and one.known and not _by(one.done_on, day))


def _span(event: Event) -> tuple[date, date]:
    return event.after or event.on, event.on


def _by(day: date | None, other: date) -> bool:
    return day is not None and day <= other


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
