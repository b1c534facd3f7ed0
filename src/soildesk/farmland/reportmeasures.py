"""What the periodic reports of liable parties answer: of those due in the year, how many came."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.farmland.models import ControlReport
from soildesk.farmland.queries.then import Then
from soildesk.kit.measures import MeasureResult, measure
from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.measuring import BOTH, Asked, Counted, of_place
from soilrules.indicators.shares import share

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

NOTHING = gettext_noop("当年没有登记应交的定期报告：没有登记不等于没有，不能判断。")
COUNTED = gettext_noop("应交 %(all)d 份定期报告，已收到 %(good)d 份（%(percent)s%%）。")


def _rate(good: int, all_: int) -> Decimal | None:
    return share(good, all_, part_is="reports received", whole_is="reports due")


@measure(
    "farmland.control_reports_received",
    title=_("风险管控定期报告"),
    reads=("farmland.controlreport",),
    words=("风险管控定期报告", "定期报告风险管控措施落实情况", "土壤污染责任人定期报告"),
    subjects=BOTH,
)
def control_reports_received(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """The reports due in the year by the day; one that is not due yet is not asked for."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    counted = [
        Counted("farmland.controlreport", str(one.uid), f"{one.party} {one.period}", *_came(one, on))
        for one in _due(asked)
        if one.due.year == asked.year
    ]
    return asked.share(counted, _rate, COUNTED) if counted else asked.cannot_say(NOTHING)


@once_a_pass(of_place)
def _due(asked: Asked) -> list[ControlReport]:
    """The reports of a place due by the day, of every year."""
    rows = Then(asked.year, asked.on, asked.known).known(ControlReport.objects.visible_to(asked.actor))
    return list(rows.filter(due__lte=asked.on, division_path__startswith=asked.division.path).order_by("due", "pk"))


def _came(one: ControlReport, on: date) -> tuple[bool, str]:
    if one.received_on is None or one.received_on > on:
        return False, _t("时限 %(due)s，没有收到") % {"due": one.due}
    return True, _t("%(on)s 收到") % {"on": one.received_on}
