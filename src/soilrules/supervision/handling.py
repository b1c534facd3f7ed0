"""How a 分办 is handled: one table of acts, the states they may be done in and where they lead (data/supervision/handling.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from soilrules.transitions import Transition, read_table


class State(StrEnum):
    """Where a task stands at its unit."""

    SENT = "sent"
    RECEIVED = "received"
    UNDER_WAY = "under_way"
    REPORTED = "reported"
    VERIFIED = "verified"
    RETURNED = "returned"
    MISDIRECTED = "misdirected"
    WITHDRAWN = "withdrawn"


class Handling(StrEnum):
    """What is done to it."""

    RECEIVE = "receive"
    REPORT = "report"
    REPORT_DONE = "report_done"
    REPORT_MORE = "report_more"
    SAY_WHY_NOT = "say_why_not"
    MISDIRECT = "misdirect"
    VERIFY = "verify"
    VERIFY_PART = "verify_part"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"
    SEND_AGAIN = "send_again"
    REOPEN = "reopen"


@cache
def table() -> Mapping[Handling, Transition[Handling, State]]:
    """Every act by its name. Raises BadRuleData."""
    return read_table("supervision", "handling", Handling, State, Transition)


def may_be(act: Handling, state: str) -> bool:
    """Whether the act may be done in this state.

    >>> may_be(Handling.VERIFY, "reported"), may_be(Handling.MISDIRECT, "verified")
    (True, False)
    """
    return state in table()[act].from_states


def reached(act: Handling, state: str, *, left: bool = False) -> State:
    """The state after the act; `left` says that something of the unit is still open. Raises ValueError where it may not be done."""
    return table()[act].reached(state, left=left)


def mermaid(language: str = "zh") -> str:
    """The table as a drawing."""
    lines = ["stateDiagram-v2", "    [*] --> sent"]
    for row in table().values():
        lines += [
            f"    {source} --> {target}: {row.name(language)}"
            for source in row.from_states
            for target in row.to
            if source != target
        ]
    return "\n".join(lines)
