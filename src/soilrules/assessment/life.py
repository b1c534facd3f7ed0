"""How an assessment goes its way: one table of acts, the states they may be done in and where they lead (data/assessment/life.yaml)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from soilrules.strict import Record, load_yaml


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
class Transition:
    """One act: whose it is, the right it needs, whether it needs a ground, from where, and to where."""

    act: Act
    zh: str
    en: str
    side: Side
    right: str
    ground: bool
    from_states: tuple[State, ...]
    to: State | None  # None: it stays where it is


@cache
def table() -> dict[Act, Transition]:
    """Every act by its name. Raises BadRuleData."""
    source = files("soilrules") / "data" / "assessment" / "life.yaml"
    data = Record(load_yaml(source), source.name)
    data.only("states", "acts")
    if list(data.texts("states")) != list(State):
        raise data.error(f"states are {', '.join(data.texts('states'))}; expected {', '.join(State)}")
    found = {}
    for row in data.mappings("acts"):
        record = Record(row, f"{source.name} {row.get('act')}")
        record.only("act", "zh", "en", "side", "right", "ground", "from", "to")
        act = record.choice("act", Act)
        to = record.choice("to", State) if "to" in record.row else None
        found[act] = Transition(
            act, record.text("zh"), record.text("en"), record.choice("side", Side), record.text("right"), record.true("ground"),
            tuple(State(one) for one in record.texts("from")), to,
        )  # fmt: skip
    if missing := set(Act) - set(found):
        raise data.error(f"acts without a row: {', '.join(sorted(missing))}; expected one for each")
    return found


def may_be(act: Act, state: str) -> bool:
    """Whether the act may be done in this state.

    >>> may_be(Act.SIGN, "opened"), may_be(Act.FILL, "final")
    (True, False)
    """
    return state in table()[act].from_states


def reached(act: Act, state: str) -> State:
    """The state after the act. Raises ValueError where it may not be done."""
    row = table()[act]
    if state not in row.from_states:
        raise ValueError(f"{act} in state {state}: expected one of {', '.join(row.from_states)}.")
    return row.to or State(state)
