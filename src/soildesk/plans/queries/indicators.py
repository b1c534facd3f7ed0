"""One indicator of a place: its figure of a day as known on a day, and every target plans set for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from soildesk.core.permissions import READERS, Actor
from soildesk.kit import hindsight, measures
from soildesk.kit.folding import fold
from soildesk.kit.hindsight import Difference
from soildesk.kit.measures import Measure, MeasureResult
from soildesk.monitoring.measuring import WholePlace
from soildesk.plans.models import Binding, Indicator, Plan
from soildesk.plans.queries.checked import OWN, Pass, stood
from soildesk.plans.wording import target_words

OF_INDICATOR = Indicator._meta.label_lower


@dataclass(frozen=True)
class Target:
    """A target bound to the measure, with what the records say of it."""

    indicator: Indicator
    result: MeasureResult


@dataclass(frozen=True)
class Shown:
    """A measure of the actor's place, its targets, and what was learnt since the day of knowledge.

    `answer` is None for a measure that only a plan can be asked for.
    """

    measure: Measure
    place: WholePlace
    answer: MeasureResult | None
    since: Difference | None
    targets: Sequence[Target]


def measure_named(code: str) -> list[Measure]:
    """Measures of indicators under an id, the last part of one, or a name that is one of their words."""
    known = [one for one in measures.measures().values() if OF_INDICATOR in one.subjects]
    name = fold(code)
    exact = [one for one in known if one.id == code]
    ends = [one for one in known if one.id.partition(".")[2] == code]
    named = [one for one in known if name in {fold(str(one.title)), *map(fold, one.words)}]
    titled = [one for one in named if fold(str(one.title)) == name]
    return exact or ends or titled or named


def place_asked(actor: Actor, on: date) -> WholePlace | None:
    """The whole place an actor reads, asked about the year of the day."""
    division = next((grant.division for grant in actor.grants if grant.role in READERS), None)
    return WholePlace(division, on.year) if division else None


def shown(measure: Measure, place: WholePlace, actor: Actor, on: date, known: tuple[date, date]) -> Shown:
    """A measure of a place on a day, as known on the first of two days, and what the second knows more."""
    answer, since = None, None
    if not measure.id.startswith(OWN):
        since = hindsight.difference(measure, actor, place, on, known)
        answer = since.then
    bound = stood(Binding.objects.filter(measure=measure.id, indicator__isnull=False), known[0])
    rows = Indicator.objects.visible_to(actor).filter(pk__in=bound.values("indicator"), overruled_by=None)
    rows = rows.filter(plan__in=Plan.objects.counted())
    reading = Pass(actor, on, known[0])
    targets = [Target(one, reading.result(measure, one)) for one in rows.select_related("plan__division")]
    return Shown(measure, place, answer, since if known[0] != known[1] else None, targets)


def share(result: MeasureResult) -> Decimal | None:
    """The figure as a share, where there is a denominator."""
    if result.numerator is None or not result.denominator:
        return None
    return round(Decimal(result.numerator) / Decimal(result.denominator), 6)


def as_json(found: Shown, on: date, known_on: date) -> dict[str, Any]:
    """The indicator as data."""
    return {
        "code": found.measure.id,
        "name": str(found.measure.title),
        "place": found.place.division.code,
        "on": on.isoformat(),
        "as_known_on": known_on.isoformat(),
        **(_answer(found.answer) if found.answer else {}),
        "since": _since(found.since) if found.since else None,
        "targets": [
            {
                "plan": str(one.indicator.plan.uid),
                "indicator": one.indicator.name,
                "target": target_words(one.indicator),
                "year": one.indicator.year,
                **_answer(one.result),
            }
            for one in found.targets
        ],
    }


def _answer(result: MeasureResult) -> dict[str, Any]:
    return {
        "outcome": str(result.outcome),
        "as_of": result.as_of.isoformat(),
        "reason": str(result.reason),
        "value": share(result),
        "numerator": result.numerator,
        "denominator": result.denominator,
        "unit": result.unit,
        "rows": [
            {
                "register": row.subject_type,
                "id": row.uid,
                "name": row.name,
                "counts": row.counts,
                "amount": row.amount,
                "note": row.note,
            }
            for row in result.rows
        ],
    }


def _since(found: Difference) -> dict[str, Any]:
    """What is known today and was not then, record by record."""
    return {
        "value": share(found.now),
        "outcome": str(found.now.outcome),
        "whole": found.whole,
        "changes": [
            {
                "change": str(one.change),
                "register": one.row.subject_type,
                "id": one.row.uid,
                "name": one.row.name,
                "numerator": one.numerator,
                "denominator": one.denominator,
                "written": [
                    {"at": each.at, "who": each.who, "what": each.what, "why": each.why} for each in one.written
                ],
            }
            for one in found.changes
        ],
    }
