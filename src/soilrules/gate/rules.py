"""The checks as data: force, citations, what each reads; and the tolerance of boundaries (data/gate/checks.yaml)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from soilrules.bases import Basis, bases_on, known_bases
from soilrules.gate.results import Force
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import BadRuleData, Record, load_yaml

KEYS = ("id", "zh", "en", "force", "mark", "bases", "reads", "in_use")


@dataclass(frozen=True, slots=True)
class CheckRule:
    """One check as data. `in_use` false: it is switched off and asks nothing."""

    id: str
    zh: str
    en: str
    force: Force
    mark: str
    bases: tuple[str, ...]
    reads: tuple[str, ...]
    in_use: bool


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Slivers up to so many m² in all, and up to this share of the ground, decide nothing."""

    m2: Decimal
    share: Decimal

    def of(self, area_m2: float) -> float:
        """The tolerance on a ground of an area."""
        return min(float(self.m2), float(self.share) * area_m2)


@cache
def check_rules() -> Mapping[str, CheckRule]:
    """Every check by id, in the order they are printed. Raises BadRuleData."""
    top = _data()
    found = [_rule(Record(row, f"{top.place} {row.get('id')}")) for row in top.mappings("checks")]
    if len(by_id := {one.id: one for one in found}) < len(found):
        raise BadRuleData(f"{top.place}: a check stands twice; expected each once.")
    return MappingProxyType(by_id)


@cache
def tolerance() -> Tolerance:
    """The boundary tolerance."""
    return Tolerance(_data().decimal("tolerance_m2"), _data().decimal("tolerance_share"))


@cache
def least_m2() -> Decimal:
    """Ground of so many m² or fewer is none to be asked about (K-high). Raises BadRuleData below the tolerance."""
    said = Record(_data().row["least_ground"], f"{_data().place} least_ground")
    said.only("m2", "mark", "reading")
    mark_of(said)
    least = said.decimal("m2")
    if least < tolerance().m2:
        raise said.error(f"m2 is {least}; expected at least the tolerance {tolerance().m2}")
    return least


@cache
def largest_m2() -> Decimal:
    """Ground of more m² is no one ground (K-high). Raises BadRuleData where it is below the smallest."""
    said = Record(_data().row["largest_ground"], f"{_data().place} largest_ground")
    said.only("m2", "mark", "reading")
    mark_of(said)
    largest = said.decimal("m2")
    if largest <= least_m2():
        raise said.error(f"m2 is {largest}; expected more than the smallest ground {least_m2()}")
    return largest


@cache
def neighbour_m() -> float:
    """How near a plot is told as a neighbour, in metres; no text read so far gives a distance (K-low)."""
    return float(_data().decimal("neighbour_m"))


@cache
def sources() -> Mapping[str, tuple[str, str]]:
    """Chinese and English name of each source checks read."""
    return MappingProxyType({key: (one["zh"], one["en"]) for key, one in _data().row["sources"].items()})


@cache
def fills() -> Mapping[str, tuple[str, str]]:
    """How each source is filled, in Chinese and in English."""
    return MappingProxyType({key: (one["fill"], one["fill_en"]) for key, one in _data().row["sources"].items()})


@lru_cache(maxsize=4096)
def cited_on(check: str, day: date) -> tuple[Basis, ...]:
    """The citations of a check in force on a day."""
    return bases_on(check_rules()[check].bases, day)


@cache
def rule_set() -> str:
    """A hash of every file the gate rests on: the same hash, the same rules."""
    data = files("soilrules") / "data"
    digest = hashlib.sha256()
    held = [*_files(data / "gate"), data / "bases" / "gate.yaml", data / "standards" / "land_use.yaml"]
    for source in held:
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _files(folder: Traversable) -> list[Traversable]:
    inside = sorted(folder.iterdir(), key=lambda one: one.name)
    return [found for one in inside for found in (_files(one) if one.is_dir() else [one])]


@cache
def _data() -> Record:
    source = files("soilrules") / "data" / "gate" / "checks.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("tolerance_m2", "tolerance_share", "least_ground", "largest_ground", "neighbour_m", "sources", "checks")
    return top


def _rule(record: Record) -> CheckRule:
    record.only(*KEYS)
    reads = record.texts("reads")
    if unknown := [one for one in reads if one not in sources()]:
        raise record.error(f"reads {', '.join(unknown)}; expected {', '.join(sources())}")
    in_use = record.row.get("in_use", True)
    if in_use not in (True, False):
        raise record.error(f"in_use is {in_use!r}; expected true or false")
    return CheckRule(
        id=record.text("id"),
        zh=record.text("zh"),
        en=record.text("en"),
        force=record.choice("force", Force),
        mark=mark_of(record),
        bases=known_bases(record),
        reads=reads,
        in_use=in_use,
    )
