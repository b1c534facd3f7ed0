"""How an activity of publicity or training goes: planned, held with its papers, counted by another person, or cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from soilrules.transitions import Transition, read_table


class State(StrEnum):
    """How far an activity is."""

    PLANNED = "planned"
    HELD = "held"
    COUNTED = "counted"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """What is done to it."""

    HOLD = "hold"
    COUNT = "count"
    CANCEL = "cancel"


@cache
def table() -> Mapping[Act, Transition[Act, State]]:
    """Every act by its name. Raises BadRuleData."""
    return read_table("outreach", "activities", Act, State, Transition)
