"""The kinds of fault a geometry can have: how grave each is and who must act, as data of this room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from soilrules.messages import Message
from soilrules.strict import Record, load_yaml


class Severity(StrEnum):
    """What a fault does to its row, the gravest first."""

    BLOCKING = "blocking"
    WARNING = "warning"
    NOTE = "note"


class Who(StrEnum):
    """Who must act."""

    SURVEYOR = "surveyor"
    OFFICE = "office"
    IMPORT = "import"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of the taxonomy; `rule` says in English how it is found."""

    code: str
    severity: Severity
    who: Who
    rule: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of the geometry at `index`; `place` is where, in longitude and latitude, if it is at a point."""

    index: int
    code: str
    severity: Severity
    who: Who
    message: Message
    place: tuple[float, float] | None = None


@cache
def taxonomy() -> Mapping[str, Kind]:
    """Every kind of fault by its code, in the order in which faults of one geometry are told."""
    data = Record(load_yaml(files("soilrules.geodesy").joinpath("faults.yaml")), "faults.yaml")
    data.only("faults")
    rows = data.mappings("faults")
    kinds = [_kind(Record(row, f"faults.yaml {row.get('code')}")) for row in rows]
    return {kind.code: kind for kind in kinds}


def _kind(row: Record) -> Kind:
    row.only("code", "severity", "who", "rule")
    return Kind(row.text("code"), row.choice("severity", Severity), row.choice("who", Who), row.text("rule"))


def fault(
    index: int,
    code: str,
    params: Mapping[str, str],
    place: tuple[float, float] | None = None,
    *,
    sentence: str | None = None,
) -> Fault:
    """A fault in the words of the catalogue; `sentence` where its code has more than one."""
    kind = taxonomy()[code]
    return Fault(index, code, kind.severity, kind.who, Message("geodesy", "faults", sentence or code, params), place)
