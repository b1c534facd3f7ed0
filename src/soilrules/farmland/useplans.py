"""Plans of use of polluted farmland: who makes them, what they hold, who approves and who evaluates. Data: data/farmland/useplans.yaml."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.bases import known_bases
from soilrules.farmland.units import FarmlandClass
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import Record, load_yaml

LINES = ("agriculture", "forestry", "ecology")


class Block(StrEnum):
    """What the law asks a plan to hold."""

    AGRONOMY = "agronomy"  # 农艺调控、替代种植
    ZONE = "zone"  # the proposal of a zone where certain produce must not be grown
    MONITORING = "monitoring"  # 协同监测与评价
    TRAINING = "training"  # 技术指导和培训
    OTHER = "other"  # 其他风险管控措施


@dataclass(frozen=True, slots=True)
class PlanKind:
    """One kind of plan; `approved` by the government of the same level, `uploaded`, `evaluated` by another body: where a text asks it."""

    kind: str
    line: str
    classes: frozenset[FarmlandClass]
    blocks: tuple[Block, ...]
    approved: bool
    uploaded: bool
    evaluated: bool
    mark: str
    bases: tuple[str, ...]

    def missing(self, filled: Collection[str]) -> tuple[Block, ...]:
        """The blocks nothing was said of.

        >>> [str(one) for one in plan_kinds()["safe_use"].missing(["agronomy", "training"])]
        ['monitoring', 'other']
        """
        return tuple(block for block in self.blocks if block not in filled)


def evaluator_fits(worker_code: str, evaluator_code: str) -> bool | None:
    """Whether the one who evaluates is another body than the one who worked; None where a code was not given.

    >>> evaluator_fits("91990101MA2600006A", " 91990101ma2600006a ")
    False
    """
    worker, evaluator = worker_code.strip().upper(), evaluator_code.strip().upper()
    return worker != evaluator if worker and evaluator else None


@cache
def plan_kinds() -> Mapping[str, PlanKind]:
    """The kinds of plans by key. Raises BadRuleData."""
    source = files("soilrules") / "data" / "farmland" / "useplans.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("plans")
    found = [_kind(Record(row, f"{source.name} {row.get('kind')}")) for row in top.mappings("plans")]
    if len({one.kind for one in found}) < len(found):
        raise top.error("a kind stands twice; expected each once")
    return MappingProxyType({one.kind: one for one in found})


def _kind(record: Record) -> PlanKind:
    record.only("kind", "line", "classes", "blocks", "approved", "uploaded", "evaluated", "mark", "bases")
    if record.text("line") not in LINES:
        raise record.error(f"line is {record.text('line')}; expected one of {', '.join(LINES)}")
    return PlanKind(
        kind=record.text("kind"),
        line=record.text("line"),
        classes=frozenset(map(FarmlandClass, record.texts("classes"))),
        blocks=tuple(map(Block, record.texts("blocks"))),
        approved=record.true("approved"),
        uploaded=record.true("uploaded"),
        evaluated=record.true("evaluated"),
        mark=mark_of(record),
        bases=known_bases(record),
    )
