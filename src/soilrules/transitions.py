"""Tables of acts, read from rule data: which act in which state leads where, its right, whether it needs a ground."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any, Generic, TypeVar

from soilrules.strict import Record, load_yaml

ActT = TypeVar("ActT", bound=StrEnum)
StateT = TypeVar("StateT", bound=StrEnum)
Row = TypeVar("Row")
KEYS = ("act", "zh", "en", "right", "ground", "from", "to")


@dataclass(frozen=True, slots=True)
class Transition(Generic[ActT, StateT]):
    """One act: its names, the right it needs, whether it needs a ground, from where, and to where.

    Without `to` the state stays as it is. Of several the first is reached where nothing is left open, the last where
    something is.
    """

    act: ActT
    zh: str
    en: str
    right: str
    ground: bool
    from_states: tuple[StateT, ...]
    to: tuple[StateT, ...]

    def name(self, language: str = "zh") -> str:
        """What the act is called."""
        return self.en if language == "en" else self.zh

    def reached(self, state: str, *, left: bool = False) -> StateT:
        """The state after the act; `left` says that something is still open. Raises ValueError where it may not be done."""
        standing = next((one for one in self.from_states if one == state), None)
        if standing is None:
            raise ValueError(f"{self.act} in state {state}: expected one of {', '.join(self.from_states)}.")
        return self.to[-1 if left else 0] if self.to else standing


def read_table(
    room: str, name: str, acts: type[ActT], states: type[StateT], row: Callable[..., Row], **choices: type[StrEnum]
) -> Mapping[ActT, Row]:
    """Every act of data/`room`/`name`.yaml as a `row`; `choices` are its further keys and what they are one of.

    Raises BadRuleData.
    """
    source = files("soilrules") / "data" / room / f"{name}.yaml"
    data = Record(load_yaml(source), source.name)
    data.only("states", "acts")
    if list(data.texts("states")) != list(states):
        raise data.error(f"states are {', '.join(data.texts('states'))}; expected {', '.join(states)}")
    found = {}
    for each in data.mappings("acts"):
        record = Record(each, f"{source.name} {each.get('act')}")
        record.only(*KEYS, *choices)
        more: dict[str, Any] = {key: record.choice(key, kind) for key, kind in choices.items()}
        act = record.choice("act", acts)
        found[act] = row(
            act=act, zh=record.text("zh"), en=record.text("en"), right=record.text("right"), ground=record.true("ground"),
            from_states=_states(record, "from", states), to=_states(record, "to", states), **more,
        )  # fmt: skip
    if missing := set(acts) - set(found):
        raise data.error(f"acts without a row: {', '.join(sorted(missing))}; expected one for each")
    return found


def _states(record: Record, key: str, states: type[StateT]) -> tuple[StateT, ...]:
    said = record.texts(key)
    if unknown := set(said) - set(states):
        raise record.error(f"{key} names {', '.join(sorted(unknown))}; expected {', '.join(states)}")
    return tuple(states(one) for one in said)
