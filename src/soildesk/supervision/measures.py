"""Measures of supervision: slips answered in time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.kit.measures import MeasureResult, measure
from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.measuring import BOTH, Asked, of_place
from soildesk.supervision.models import Slip
from soildesk.supervision.queries import answered
from soilrules.indicators.slip_answers import slip_answer_rate

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

NONE_KNOWN = gettext_noop("本地没有发出过督办单：没有发出不等于没有逾期，不能判断。")
NONE_DUE = gettext_noop("没有到答复时限的督办单，不适用。")


@once_a_pass(of_place)
def _asking(asked: Asked) -> list[Slip]:
    visible = Slip.objects.visible_to(asked.actor).filter(recorded_at__lt=asked.known)
    return answered.asking(visible, asked.division.path, asked.limit)


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
    found = _asking(asked)
    if not any(one.on.year <= asked.year for one in found):
        return asked.cannot_say(NONE_KNOWN)
    first, last = date(asked.year, 1, 1), date(asked.year, 12, 31)
    counted = [answered.row_of(one) for one in answered.fell_due(found, first, last, asked.limit)]
    if not counted:
        return asked.not_applicable(NONE_DUE)
    return asked.share(
        counted,
        lambda good, all_: slip_answer_rate(answered_in_time=good, due_slips=all_),
        gettext_noop("到答复时限的 %(all)d 张督办单中，%(good)d 张按期答复（%(percent)s%%）。"),
    )
