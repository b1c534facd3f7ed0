"""The acts an office asks about, who decides each and where it stands in the order (data/gate/acts.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.gate.results import Outcome
from soilrules.strict import BadRuleData, Record, load_yaml

FLAGS = ("changes_use", "key_unit", "query", "local", "to_farmland", "registry", "eia", "uses")
_OUTCOMES = {"no": Outcome.NO, "conditions": Outcome.CONDITIONS, "none": Outcome.NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class Act:
    """One act by its Chinese name. `change`, `build`, `enters`: what ground that is not clear brings at this act."""

    id: str
    en: str
    key: str
    moment: int
    decides: str
    decides_en: str
    change: Outcome
    build: Outcome
    enters: Outcome
    changes_use: bool
    key_unit: bool
    query: bool
    local: bool
    to_farmland: bool
    registry: bool
    eia: bool
    uses: bool

    @property
    def zh(self) -> str:
        """Its Chinese name, which is its id."""
        return self.id


def act(name: str) -> Act:
    """An act by its Chinese name. Raises ValueError, naming those there are.

    >>> act("出让合同").decides
    '自然资源主管部门'
    """
    found = acts().get(name.strip())
    if found is None:
        raise ValueError(f"no act {name!r}; expected one of {'、'.join(acts())}.")
    return found


def behaviours() -> tuple[str, ...]:
    """One act of each behaviour: acts that no check but a local row by name tells apart behave alike."""
    alike = {astuple(one)[_TOLD:]: one.id for one in reversed(list(acts().values()))}
    return tuple(one for one in acts() if one in alike.values())


@cache
def acts() -> Mapping[str, Act]:
    """Every act in its order. Raises BadRuleData."""
    source = files("soilrules") / "data" / "gate" / "acts.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("acts")
    found = [_act(Record(row, f"{source.name} {row.get('id')}")) for row in top.mappings("acts")]
    if len(by_id := {one.id: one for one in sorted(found, key=lambda one: one.moment)}) < len(found):
        raise BadRuleData(f"{source.name}: an act stands twice; expected each once.")
    return MappingProxyType(by_id)


_TOLD = [one.name for one in fields(Act)].index("change")
"""How many fields of an act only name it."""


def _act(record: Record) -> Act:
    record.only("id", "en", "key", "moment", "decides", "decides_en", "change", "build", "enters", *FLAGS)
    moment = record.row.get("moment")
    if record.row.get("change") == "none":
        raise record.error(
            "change is none; expected no or conditions, so that no act passes over a change without survey"
        )
    if not isinstance(moment, int):
        raise record.error(f"moment is {moment!r}; expected a whole number")
    return Act(
        moment=moment,
        change=_outcome(record, "change"),
        build=_outcome(record, "build"),
        enters=_outcome(record, "enters"),
        id=record.text("id"),
        en=record.text("en"),
        key=record.text("key"),
        decides=record.text("decides"),
        decides_en=record.text("decides_en"),
        changes_use=record.true("changes_use"),
        key_unit=record.true("key_unit"),
        query=record.true("query"),
        local=record.true("local"),
        to_farmland=record.true("to_farmland"),
        registry=record.true("registry"),
        eia=record.true("eia"),
        uses=record.true("uses"),
    )


def _outcome(record: Record, key: str) -> Outcome:
    word = record.text(key)
    if word not in _OUTCOMES:
        raise record.error(f"{key} is {word!r}; expected {', '.join(_OUTCOMES)}")
    return _OUTCOMES[word]
