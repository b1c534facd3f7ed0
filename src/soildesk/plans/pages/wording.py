"""What codes of a plan are called on pages: one name for one thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.kit.languages import listed
from soildesk.plans.models import Milestone, TaskUnit
from soildesk.plans.words import (
    CHOICES,
    COMPARATORS,
    CONFLICT_MEANS,
    CONFLICTS,
    ORIGINS,
    ROLES,
    SOURCES,
    Words,
    choice_word,
)
from soilrules.deadlines.model import Deadline, DeadlineKind
from soilrules.deadlines.periods import MONTHS

__all__ = ["CHOICES", "COMPARATORS", "CONFLICTS", "CONFLICT_MEANS", "ORIGINS", "ROLES", "SOURCES", "choice_word"]

COUNT_UNITS: Words = {
    "days": gettext_lazy("日"),
    "weeks": gettext_lazy("周"),
    "months": gettext_lazy("个月"),
    "years": gettext_lazy("年"),
    "working_days": gettext_lazy("个工作日"),
}
DOUBT = 0.8
"""A field less sure than this stands out."""

Term = Milestone | Deadline


def role_word(role: str) -> str:
    """牵头, 责任 or 配合."""
    return str(ROLES.get(role, role))


def term_reading(term: Term) -> str:
    """What the words of a term are taken to mean: the day, the window, or that they fix none."""
    if term.kind == DeadlineKind.YEARLY:
        return _yearly(term)
    if term.kind == DeadlineKind.WINDOW and term.first and term.last:
        return f"{term.first} 至 {term.last}"
    if term.last:
        return str(term.last)
    return {
        DeadlineKind.STANDING: _("长期"),
        DeadlineKind.BEFORE_EVENT: _("事前，日子未定"),
        DeadlineKind.AFTER_EVENT: _after_event(term),
        DeadlineKind.AS_DIRECTED: _("日子未定"),
        DeadlineKind.UNDETERMINED: _("日子未定"),
    }.get(DeadlineKind(term.kind), _("日子未定"))


def printed_terms(terms: Iterable[Term]) -> list[list[Any]]:
    """Terms by the words that print them: `每月5日前` is one line and twelve days."""
    return [list(found) for _words, found in groupby(terms, key=lambda term: (term.text, _repeats(term) or id(term)))]


def terms_reading(terms: Sequence[Term]) -> str:
    """What words that print several days of a year are taken to mean: `每月 5 日前`, `每年 3、6、9、12 月 25 日前`."""
    if len(terms) == 1:
        return term_reading(terms[0])
    months = sorted({term.month or 0 for term in terms})
    days = {term.day for term in terms}
    (day,) = days if len(days) == 1 else (None,)
    told = {"months": listed(str(month) for month in months), "day": day}
    if len(months) == MONTHS["year"]:
        return _("每月 %(day)d 日前") % told if day else _("每月底前")
    return _("每年 %(months)s 月 %(day)d 日前") % told if day else _("每年 %(months)s 月底前") % told


def _repeats(term: Term) -> bool:
    """Whether a term may be one day of several that the same words print."""
    return term.kind == DeadlineKind.YEARLY and term.month is not None


def _yearly(term: Term) -> str:
    if term.month and term.day:
        return _("每年 %(month)d 月 %(day)d 日前") % {"month": term.month, "day": term.day}
    return _("每年 %(month)d 月底前") % {"month": term.month} if term.month else _("每年")


def _after_event(term: Term) -> str:
    if not term.count:
        return _("事后，日子未定")
    unit = str(COUNT_UNITS.get(term.count_unit, term.count_unit))
    return _("事后 %(count)d %(unit)s内") % {"count": term.count, "unit": unit}


def asks_review(term: Milestone) -> bool:
    """Whether the words fix no day, so that a person is asked when to look at the term again."""
    loose = {DeadlineKind.UNDETERMINED, DeadlineKind.AS_DIRECTED, DeadlineKind.BEFORE_EVENT, DeadlineKind.AFTER_EVENT}
    return term.kind in loose and term.completion and not term.overruled_by_id


def match_sentence(unit: TaskUnit) -> str:
    """Which department the printed name is taken for, or why that is open."""
    match unit.match:
        case TaskUnit.Match.CERTAIN:
            return _("对应：%(name)s") % {"name": unit.department}
        case TaskUnit.Match.CONFIRMED:
            return _("经人工确认，对应：%(name)s") % {"name": unit.department}
        case TaskUnit.Match.GROUP:
            return _("分办至各单位：%(why)s") % {"why": unit.match_note or _("见单位对应")}
        case TaskUnit.Match.DOUBTFUL if unit.department:
            return _("可能是 %(name)s，请确认。%(note)s") % {"name": unit.department, "note": unit.match_note}
        case TaskUnit.Match.DOUBTFUL:
            return _("请确认是哪些单位。%(note)s") % {"note": unit.match_note}
    return _("没有对应到本地单位。%(note)s") % {"note": unit.match_note}


def iso_or_none(text: str) -> date | None:
    """The day a date field holds, None where it is empty or no day."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
