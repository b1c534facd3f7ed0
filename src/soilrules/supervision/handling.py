"""How a 分办 is handled: one table of acts, the states they may be done in and where they lead (data/supervision/handling.yaml)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from soilrules.strict import Record, load_yaml


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


@dataclass(frozen=True, slots=True)
class Transition:
    """One act: who may do it, whether it needs a ground, from where, and to where (last: where something is left open)."""

    act: Handling
    zh: str
    en: str
    right: str
    ground: bool
    from_states: tuple[State, ...]
    to: tuple[State, ...]


@cache
def table() -> dict[Handling, Transition]:
    """Every act by its name."""
    source = files("soilrules") / "data" / "supervision" / "handling.yaml"
    data = Record(load_yaml(source), source.name)
    data.only("states", "acts")
    if list(data.texts("states")) != list(State):
        raise data.error(f"states are {', '.join(data.texts('states'))}; expected {', '.join(State)}")
    found = {}
    for row in data.mappings("acts"):
        record = Record(row, f"{source.name} {row.get('act')}")
        record.only("act", "zh", "en", "right", "ground", "from", "to")
        act = record.choice("act", Handling)
        states = {key: tuple(State(one) for one in record.texts(key)) for key in ("from", "to")}
        names = (record.text("zh"), record.text("en"), record.text("right"), record.true("ground"))
        found[act] = Transition(act, *names, states["from"], states["to"])
    if missing := set(Handling) - set(found):
        raise data.error(f"acts without a row: {', '.join(sorted(missing))}; expected one for each")
    return found


def may_be(act: Handling, state: str) -> bool:
    """Whether the act may be done in this state.

    >>> may_be(Handling.VERIFY, "reported"), may_be(Handling.MISDIRECT, "verified")
    (True, False)
    """
    return state in table()[act].from_states


def reached(act: Handling, state: str, *, left: bool = False) -> State:
    """The state after the act; `left` says that something of the unit is still open. Raises ValueError where it may not be done."""
    row = table()[act]
    if state not in row.from_states:
        raise ValueError(f"{act} in state {state}: expected one of {', '.join(row.from_states)}.")
    return row.to[-1 if left else 0]


def mermaid(language: str = "zh") -> str:
    """The table as a drawing."""
    lines = ["stateDiagram-v2", "    [*] --> sent"]
    for row in table().values():
        name = row.zh if language == "zh" else row.en
        lines += [
            f"    {source} --> {target}: {name}" for source in row.from_states for target in row.to if source != target
        ]
    return "\n".join(lines)
