"""Limits on a sum of components, from results of the components.

A component that was not detected counts from nothing to its detection limit, so a sum lies between two numbers.
It meets where even the upper one does, exceeds where even the lower one does; across the limit nobody can say.
A component that is missing leaves the sum incomplete; only a part that exceeds by itself is already an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from soilrules import analytes
from soilrules.messages import Message
from soilrules.standards.judge import by_ruling
from soilrules.standards.model import Sum
from soilrules.standards.results import Result, Verdict
from soilrules.standards.rulings import Cause, Circumstances, Ruling
from soilrules.standards.wording import unknown
from soilrules.units import Unit
from soilrules.verdict import Mark, Outcome


@dataclass(frozen=True, slots=True)
class Range:
    """Between which two numbers a sum lies, in the unit of the limit, and the components nobody gave."""

    low: Decimal
    high: Decimal
    missing: tuple[str, ...]
    unit: Unit


def judge_sum(
    ruling: Ruling, of: Sum, parts: Mapping[str, Result], around: Circumstances, *, level: str = ""
) -> Verdict:
    """Judge the sum `of` by a ruling for it, from the results of its components (by slug)."""
    whole = Result(of.analyte, None, None)
    if ruling.cause or not ruling.limits:
        return by_ruling(ruling, whole, around, level=level)
    unit = next(iter(ruling.limits.values()))[0].unit
    known = {slug: span for slug, one in parts.items() if (span := _span(one, unit))}
    found = Range(
        sum((low for low, _ in known.values()), Decimal(0)),
        sum((high for _, high in known.values()), Decimal(0)),
        tuple(slug for slug in of.components if slug not in known),
        unit,
    )
    verdict = _with_mark(_judge(ruling, of, found, around, level), of, parts)
    return replace(verdict, sum_value=found.low if found.low == found.high and not found.missing else None)


def _span(one: Result, unit: Unit) -> tuple[Decimal, Decimal] | None:
    """The least and the most a component may be; None where its result says neither."""
    if one.unit is None or one.unit.dimension is not unit.dimension or one.at_least:
        return None
    if one.censored:
        limit = one.detection_limit
        return None if limit is None or limit < 0 else (Decimal(0), limit * one.unit.to(unit))
    if one.value is None or one.value < 0:
        return None
    return one.value * one.unit.to(unit), one.value * one.unit.to(unit)


def _judge(ruling: Ruling, of: Sum, found: Range, around: Circumstances, level: str) -> Verdict:
    low = by_ruling(ruling, Result(of.analyte, found.low, found.unit), around, level=level)
    if found.missing:
        return low if _is_over(low) else _unsaid(Cause.SUM_INCOMPLETE, of, found, around, low)
    if found.low == found.high:
        return low
    high = by_ruling(ruling, Result(of.analyte, found.high, found.unit), around, level=level)
    if low.outcome is high.outcome:
        return high if low.outcome is Outcome.MEETS else low
    if _is_over(low):
        return low
    return _unsaid(Cause.SUM_UNDETERMINED, of, found, around, low)


def _is_over(verdict: Verdict) -> bool:
    return verdict.outcome.gravity > Outcome.UNKNOWN.gravity


def _unsaid(cause: Cause, of: Sum, found: Range, around: Circumstances, low: Verdict) -> Verdict:
    reason = unknown(cause, Result(of.analyte, found.high, found.unit), around, None)
    limit = low.screening
    params = {
        **reason.params,
        **_names("parts", of.components),
        **_names("missing", found.missing),
        "low": f"{found.low:f}",
        "high": f"{found.high:f}",
        "limit": f"{limit.bound} {limit.unit.symbol}" if limit else "",
    }
    return replace(
        low, outcome=Outcome.UNKNOWN, cause=cause, reason=replace(reason, params=params), factor=None, notes=()
    )


def _with_mark(verdict: Verdict, of: Sum, parts: Mapping[str, Result]) -> Verdict:
    """The sum rests on the list of components too, and says what it was summed from."""
    marks: list[Mark] = [of.mark, *([verdict.mark] if verdict.mark else [])]
    notes = [Message("standards", "notes", "summed", _names("parts", tuple(parts)))]
    if of.note:
        notes.append(Message("standards", "notes", "of_limit", {"note": of.note}))
    weakest = max(marks, key=lambda one: one.doubt)
    if weakest is Mark.FROM_KNOWLEDGE and verdict.mark is not weakest:
        notes.append(Message("standards", "notes", "from_knowledge", {"basis": of.clause}))
    return replace(verdict, mark=weakest, notes=(*verdict.notes, *notes))


def _names(key: str, slugs: tuple[str, ...]) -> dict[str, str]:
    known = [analytes.get(slug) for slug in slugs]
    return {f"{key}_zh": "、".join(one.zh for one in known), f"{key}_en": ", ".join(one.en for one in known)}
