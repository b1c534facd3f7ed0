"""Of several milestones, the one that closes the task.

An explicit completion date beats `到2020年`; of several, the latest closes and the others stay as
alternatives. Terms that fix no day, starts (自…起), yearly terms and five-year-plan windows give none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from soilrules.deadlines.model import Deadline, DeadlineKind
from soilrules.deadlines.reasons import TermReason


@dataclass(frozen=True)
class Choice:
    """The term that closes a task, and the other days its words could be held to."""

    term: Deadline
    alternatives: tuple[date, ...]


def closing_term(terms: Sequence[Deadline]) -> Choice | None:
    """The latest explicit completion date, else the latest target year; None where no day is fixed."""
    dated = [
        term
        for term in terms
        if term.last
        and term.completion
        and term.kind in (DeadlineKind.DATE, DeadlineKind.WINDOW)
        and term.reason != TermReason.FIVE_YEAR_PLAN
    ]
    if not dated:
        return None
    explicit = [term for term in dated if term.reason != TermReason.TARGET_YEAR]
    chosen = max(explicit or dated, key=lambda term: term.last or date.min)
    days = {day for term in dated for day in (term.last, *term.alternatives) if day}
    return Choice(chosen, tuple(sorted(days - {chosen.last})))
