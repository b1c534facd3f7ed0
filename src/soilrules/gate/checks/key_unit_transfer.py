"""Ground of a key unit is surveyed before its use changes or its right is recalled or transferred, whatever it becomes.

The holder of the right has it surveyed. What a unit that left its ground or the list before means for that is a reading
of the text, with its mark: data/gate/key_units.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.bases import bases
from soilrules.gate.answers import answer, area, names, not_applicable, say, sliver
from soilrules.gate.case import Case, Pieces
from soilrules.gate.facts import KeyUnitSite
from soilrules.gate.results import CheckResult, Force, Outcome
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import BadRuleData, Record, load_yaml

CHECK = "key_unit_transfer"
LAW = "gate.law.key_unit"
_ANSWERS = {"no": Outcome.NO, "conditions": Outcome.CONDITIONS}


class Gone(StrEnum):
    """What became of a key unit before the day; the first of these that holds for ground without survey answers for it."""

    LISTED = "listed"
    LEFT_SITE = "left_site"
    LEFT_LIST = "left_list"
    BEFORE_LAW = "before_law"


@dataclass(frozen=True, slots=True)
class Reading:
    """What ground of a unit of which this became answers; `mark` tells how sure the reading is."""

    answer: Outcome
    mark: str
    words: str


def check(case: Case) -> CheckResult:
    """What the readings say of the ground of key units that no survey since they came covers."""
    if not case.act.key_unit:
        return not_applicable(CHECK)
    sites, pieces = case.key_units()
    whole = case.facts.ground.area_m2
    if not case.decisive(pieces):
        return answer(case, CHECK, Outcome.YES, say(CHECK, "none"), *sliver(case, CHECK, pieces), pieces=pieces)
    bare = case.unsurveyed_key_units
    if not case.decisive(bare):
        return answer(case, CHECK, Outcome.YES, say(CHECK, "surveyed", units=names(sites)))
    gone, bare = _first(case, {one.id: _gone(case, one) for one in sites}, bare)
    lying = frozenset().union(*(one.over for one in bare))
    owing = [one for one in sites if one.id in lying]
    held = readings()[gone]
    told = [say(CHECK, gone, units=names(owing), **area(bare, whole))]
    told += [say(CHECK, "older", units=names(owing))] if case.decisive(case.surveyed_before(bare)) else []
    force = Force.STATUTORY if held.answer is Outcome.NO else Force.PRINCIPLE
    return replace(answer(case, CHECK, held.answer, *told, pieces=bare, force=force), mark=held.mark)


def _first(case: Case, became: Mapping[str, Gone], bare: Pieces) -> tuple[Gone, Pieces]:
    """The first of what became of the units on more than a sliver of the ground, with the ground it and those before hold for."""
    order = list(Gone)
    ranks = {piece.id: min(order.index(became[one]) for one in piece.over if one in became) for piece in bare}
    for rank, gone in enumerate(order):
        pieces = tuple(one for one in bare if ranks[one.id] <= rank)
        if case.decisive(pieces):
            return gone, pieces
    return order[-1], bare


def _gone(case: Case, site: KeyUnitSite) -> Gone:
    if site.until is None or case.on < site.until:
        return Gone.LISTED if site.left_on is None or case.on < site.left_on else Gone.LEFT_SITE
    return Gone.BEFORE_LAW if site.until <= bases()[LAW].since else Gone.LEFT_LIST


@cache
def readings() -> Mapping[Gone, Reading]:
    """The reading of each case. Raises BadRuleData."""
    source = files("soilrules") / "data" / "gate" / "key_units.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("readings")
    rows = [Record(row, f"{source.name} {row.get('id')}") for row in top.mappings("readings")]
    if [row.row.get("id") for row in rows] != list(Gone):
        raise BadRuleData(f"{source.name}: expected each of {', '.join(Gone)} once, in this order.")
    return MappingProxyType({one: _reading(row) for one, row in zip(Gone, rows, strict=True)})


def _reading(record: Record) -> Reading:
    record.only("id", "answer", "mark", "reading")
    word = record.text("answer")
    if word not in _ANSWERS:
        raise record.error(f"answer is {word!r}; expected {' or '.join(_ANSWERS)}")
    return Reading(_ANSWERS[word], mark_of(record), record.text("reading"))
