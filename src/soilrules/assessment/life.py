"""How an assessment goes its way: one table of acts, the states they may be done in and where they lead (data/assessment/life.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from soilrules.transitions import Transition, read_table


class State(StrEnum):
    """How far an assessment is."""

    OPENED = "opened"
    SELF_ASSESSED = "self_assessed"
    CHECKED = "checked"
    OBJECTED = "objected"
    FINAL = "final"


class Act(StrEnum):
    """What is done to it."""

    FILL = "fill"
    SIGN = "sign"
    SEND_BACK = "send_back"
    DRAW = "draw"
    CHECK_ROW = "check_row"
    CONFIRM = "confirm"
    ANNOUNCE = "announce"
    OBJECT = "object"
    ANSWER = "answer"
    FINISH = "finish"


class Side(StrEnum):
    """Whose act it is: of the assessed, or of those who assess."""

    ASSESSED = "assessed"
    ASSESSOR = "assessor"


@dataclass(frozen=True, slots=True)
class SidedTransition(Transition[Act, State]):
    """One act, and whose it is."""

    side: Side


@cache
def table() -> Mapping[Act, SidedTransition]:
    """Every act by its name. Raises BadRuleData."""
    return read_table("assessment", "life", Act, State, SidedTransition, side=Side)


def may_be(act: Act, state: str) -> bool:
    """Whether the act may be done in this state.

    >>> may_be(Act.SIGN, "opened"), may_be(Act.FILL, "final")
    (True, False)
    """
    return state in table()[act].from_states


def reached(act: Act, state: str) -> State:
    """The state after the act. Raises ValueError where it may not be done."""
    return table()[act].reached(state)
