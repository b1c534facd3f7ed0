"""Measures of supervision: slips answered in time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.kit.measures import MeasureResult, measure
from soildesk.monitoring.measuring import BOTH, Asked, Counted
from soildesk.supervision.models import Slip
from soilrules.indicators.slip_answers import slip_answer_rate

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

NONE_KNOWN = gettext_noop("本地没有发出过督办单：没有发出不等于没有逾期，不能判断。")
NONE_DUE = gettext_noop("没有到答复时限的督办单，不适用。")


@measure(
    "supervision.slips_answered",
    title=_("督办单按期答复"),
    reads=("supervision.slip",),
    words=("督办单答复", "按期答复督办", "督办按期反馈", "督办件办结"),
    subjects=BOTH,
)
def slips_answered(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every slip whose answer fell due in the year was answered, or its matter done, by that day."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    rows = Slip.objects.visible_to(actor).filter(
        division_path__startswith=asked.division.path,
        on__lte=asked.limit,
        recorded_at__lt=asked.known,
        answer_by__isnull=False,
    )
    found = list(rows.select_related("unit").order_by("on", "id"))
    if not found:
        return asked.cannot_say(NONE_KNOWN)
    due = [one for one in found if one.answer_by.year == asked.year and _is_due(one, asked.limit)]
    counted = [
        Counted("supervision.slip", str(one.uid), f"{one.number} {one.title[:40]}", _in_time(one), _note(one))
        for one in due
        if one.state != Slip.State.OVER
    ]
    if not counted:
        return asked.not_applicable(NONE_DUE)
    return asked.share(
        counted,
        lambda good, all_: slip_answer_rate(answered_in_time=good, due_slips=all_),
        gettext_noop("到答复时限的 %(all)d 张督办单中，%(good)d 张按期答复（%(percent)s%%）。"),
    )


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
    answered = _answered_on(one)
    said = _t("%(day)s 答复") % {"day": answered} if answered else _t("未答复")
    term = _t("答复时限 %(day)s") % {"day": one.answer_by}
    return f"{one.unit or ''} {term}，{said}"
