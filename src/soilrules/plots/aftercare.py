"""Aftercare (后期管理) as later questions read it: since when it runs, and whether its report sets limits of use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from soilrules.plots.life import History, replay
from soilrules.plots.state import Aftercare, Event, EventKind

NO_LIMITS = frozenset({"无", "没有", "无限制", "没有限制", "不限制", "无使用限制", "没有使用限制", "none"})
"""How a report says that it sets no limits of use; every other wording is taken as limits and printed."""


@dataclass(frozen=True, slots=True)
class Owed:
    """Where the aftercare of a plot stands after its events, and the day it began (None while it has not)."""

    state: Aftercare
    since: date | None = None


def says_none(limits: str) -> bool:
    """Whether the words of a report say that use is not limited.

    >>> says_none("无。"), says_none("不得开挖")
    (True, False)
    """
    return limits.strip().rstrip("。.").strip().lower() in NO_LIMITS


def aftercare_of(events: Sequence[Event]) -> Owed:
    """The aftercare of a plot after its events; a plot that was never removed from the roster owes none."""
    if not any(one.kind in (EventKind.REMOVAL_DECIDED, EventKind.CARRIED_REMOVED) for one in events):
        return Owed(Aftercare.NONE)
    history = replay(events)
    return Owed(history.state.aftercare, begun_on(history))


def begun_on(history: History) -> date | None:
    """The day on which the aftercare began that runs at the end of a history; None where none runs."""
    if history.state.aftercare is not Aftercare.RUNNING:
        return None
    begun = [one.event.on for one in history.steps if one.event.kind is EventKind.AFTERCARE_BEGUN and not one.refused]
    return begun[-1] if begun else None
