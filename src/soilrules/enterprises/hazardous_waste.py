"""The level of one assessment of hazardous-waste management: points, items that fail the whole, accidents.

Numbers: data/enterprises/hazardous_waste.yaml, from one public program, not from the notice itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from soilrules.messages import LANGUAGES, Message
from soilrules.monitoring.dated import DatedRule, origin, read


class Level(StrEnum):
    """What an assessment comes to."""

    PASSES = "passes"
    MOSTLY = "mostly"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AssessmentRule(DatedRule):
    """The numbers and the items that fail the whole."""

    veto: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The points and the level they give, None and unknown where items are missing that decide."""

    level: Level
    points: int | None
    rule: AssessmentRule | None
    message: Message


def assess(
    scores: Mapping[int, int | None],
    on: date,
    *,
    accidents: int | None = 0,
    serious_accident: bool | None = False,
    rule: AssessmentRule | None = None,
) -> Assessment:
    """The level of the scores of the items 1 to 30; an item left out or None is not known. Raises ValueError.

    >>> assess({item: 2 for item in range(1, 31)}, date(2026, 5, 1)).points
    60
    """
    rule = rule or assessment_rule()
    if not (rule.in_use and rule.in_force(on)):
        return Assessment(Level.UNKNOWN, None, None, _said("no_rule", day=str(on)))
    items, most = range(1, rule.whole("items") + 1), rule.whole("most")
    if wrong := [item for item, score in scores.items() if item not in items or score not in (None, *range(most + 1))]:
        raise ValueError(
            f"items {sorted(wrong)}: expected items 1 to {items[-1]} with 0 to {most} points each; correct the sheet."
        )
    if serious_accident or any(scores.get(item) == 0 for item in rule.veto):
        return Assessment(Level.FAILS, None, rule, _failed(scores, rule, serious=bool(serious_accident)))
    missing = [item for item in items if scores.get(item) is None]
    if missing or accidents is None or serious_accident is None:
        return Assessment(Level.UNKNOWN, None, rule, _said("missing", items="、".join(map(str, missing)) or "—"))
    points = sum(score or 0 for score in scores.values()) - accidents * rule.whole("accident")
    level = _level(points, rule)
    words = {f"level_{one}": Message("enterprises", "assessment_levels", level).sentence(one) for one in LANGUAGES}
    return Assessment(level, points, rule, _said("points", points=str(points), mark=rule.mark, **words))


def level_of(points: int, on: date, *, failed: bool = False, rule: AssessmentRule | None = None) -> Level:
    """The level of points that another system gives as one number; `failed`: an item or accident fails the whole.

    >>> level_of(50, date(2026, 5, 1)).value, level_of(49, date(2026, 5, 1)).value
    ('passes', 'mostly')
    >>> level_of(60, date(2026, 5, 1), failed=True).value
    'fails'
    """
    rule = rule or assessment_rule()
    most = rule.whole("items") * rule.whole("most")
    if not 0 <= points <= most:
        raise ValueError(f"{points} points: expected 0 to {most}; correct the sheet.")
    if failed:
        return Level.FAILS
    return _level(points, rule) if rule.in_use and rule.in_force(on) else Level.UNKNOWN


def _level(points: int, rule: AssessmentRule) -> Level:
    if points >= rule.whole("passes"):
        return Level.PASSES
    return Level.MOSTLY if points >= rule.whole("mostly") else Level.FAILS


def _failed(scores: Mapping[int, int | None], rule: AssessmentRule, *, serious: bool) -> Message:
    if serious:
        return _said("serious_accident", mark=rule.mark)
    return _said("veto", items="、".join(str(item) for item in rule.veto if scores.get(item) == 0), mark=rule.mark)


@cache
def assessment_rule() -> AssessmentRule:
    """The rule of data/enterprises/hazardous_waste.yaml. Raises BadRuleData."""
    (record,) = read("hazardous_waste", room="enterprises")
    return AssessmentRule(**origin(record, "veto"), veto=tuple(int(one) for one in record.texts("veto")))


def _said(message_id: str, **params: str) -> Message:
    return Message("enterprises", "assessment", message_id, params)
