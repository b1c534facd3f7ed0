"""Slips answered in time: one reading for the measure and for the ranking."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _t

from soildesk.monitoring.measuring import Counted
from soildesk.supervision.models import Slip


def asking(slips: QuerySet[Slip], path: str, on: date) -> list[Slip]:
    """The slips of a place that ask for an answer, issued by a day."""
    rows = slips.filter(division_path__startswith=path, on__lte=on, answer_by__isnull=False)
    return list(rows.select_related("unit").order_by("on", "id"))


def fell_due(found: Iterable[Slip], first: date, last: date, on: date) -> list[Slip]:
    """Those whose answer fell due in a span, judged on a day; where the matter changed nothing is owed any more."""
    return [
        one
        for one in found
        if one.answer_by and first <= one.answer_by <= last and _is_due(one, on) and one.state != Slip.State.OVER
    ]


def row_of(one: Slip) -> Counted:
    """A slip as a row behind a figure: it counts where the answer came in time."""
    return Counted("supervision.slip", str(one.uid), f"{one.number} {one.title[:40]}", _in_time(one), _note(one))


def _is_due(one: Slip, limit: date) -> bool:
    """A slip counts once its answer is late or was given."""
    answered = _answered_on(one)
    return (one.answer_by is not None and one.answer_by < limit) or (answered is not None and answered <= limit)


def _answered_on(one: Slip) -> date | None:
    return one.answered_on or (one.ended_on if one.state == Slip.State.DONE else None)


def _in_time(one: Slip) -> bool:
    answered = _answered_on(one)
    return answered is not None and one.answer_by is not None and answered <= one.answer_by


def _note(one: Slip) -> str:
    answered: Any = _answered_on(one)
    said = _t("%(day)s 答复") % {"day": answered} if answered else _t("未答复")
    term = _t("答复时限 %(day)s") % {"day": one.answer_by}
    return f"{one.unit or ''} {term}，{said}"
