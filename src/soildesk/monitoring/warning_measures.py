"""Measures of warnings and verdicts: closed, closed in time, points over a limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.kit.measures import MeasureResult, Outcome, Reason, measure
from soildesk.monitoring.measuring import BOTH, INDICATOR, Asked, Counted, Rate
from soildesk.monitoring.models import Alert
from soildesk.monitoring.queries import measured
from soilrules.indicators.exceedance_share import exceedance_bounds
from soilrules.indicators.warning_closure import timely_closure_rate, warning_closure_rate

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

ALERTS = ("monitoring.alert", "monitoring.alertact", "monitoring.judgement")
NOT_JUDGED = gettext_noop("当年没有评价过检测结果：没有预警不等于没有问题，不能判断。")
NONE_DUE = gettext_noop("当年没有到期的预警，不适用。")
Judged = Callable[[Alert, date | None], bool | None]


@measure(
    "monitoring.warnings_closed",
    title=_("到期预警已销号"),
    reads=ALERTS,
    words=("预警制度", "预警工作方案", "监测-预判-处置", "预警体系", "预警销号率", "预警处置率"),
    subjects=BOTH,
)
def warnings_closed(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every warning of the year that fell due is closed or merged."""
    return _of_warnings(
        Asked.of(actor, subject, on, known_on),
        _closed,
        lambda good, all_: warning_closure_rate(ended_warnings=good, due_warnings=all_),
        gettext_noop("到期的 %(all)d 条预警中，%(good)d 条已销号或并入（%(percent)s%%）。"),
    )


@measure(
    "monitoring.warnings_in_time",
    title=_("预警按时销号"),
    reads=ALERTS,
    words=("及时处置预警", "预警及时处置", "预警按时销号率", "预警按时处置率", "预警及时处置率"),
    subjects=BOTH,
)
def warnings_in_time(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every warning of the year that fell due was closed or merged by its day."""
    return _of_warnings(
        Asked.of(actor, subject, on, known_on),
        _in_time,
        lambda good, all_: timely_closure_rate(ended_in_time=good, due_warnings=all_),
        gettext_noop("到期的 %(all)d 条预警中，%(good)d 条按时销号或并入（%(percent)s%%）。"),
    )


def _closed(alert: Alert, ended: date | None) -> bool | None:
    """A live warning without a term is never late: nobody can say of it."""
    if ended is not None:
        return True
    return None if alert.due is None else False


def _in_time(alert: Alert, ended: date | None) -> bool | None:
    return None if alert.due is None else ended is not None and ended <= alert.due


def _of_warnings(asked: Asked, judged: Judged, rate: Rate, message: str) -> MeasureResult:
    """Warnings that were live in the year and fell due, or ended before they did."""
    if stopped := asked.stopped():
        return stopped
    found = measured.alerts(asked)
    if not found and not measured.was_judged(asked):
        return asked.cannot_say(NOT_JUDGED)
    ended, moved = measured.ended_on(asked), measured.extended(asked)
    rows = [
        Counted("monitoring.alert", str(one.uid), f"{one.number} {one.title}", judged(one, ended.get(one.pk)),
                _note(one, ended.get(one.pk), one.pk in moved))
        for one in found
        if one.due is None or one.due < asked.limit or one.pk in ended
    ]  # fmt: skip
    return asked.share(rows, rate, message) if rows else asked.not_applicable(NONE_DUE)


def _note(alert: Alert, ended: date | None, moved: bool) -> str:
    notes = [_t("时限 %(due)s") % {"due": alert.due} if alert.due else _t("没有时限")]
    if moved:
        notes.append(_t("时限曾调整"))
    notes.append(_t("%(day)s 办结") % {"day": ended} if ended else _t("未销号"))
    return "，".join(notes)


@measure(
    "monitoring.points_over_limit",
    title=_("土壤点位超标率"),
    reads=("monitoring.pointversion", "monitoring.result", "monitoring.resultverdict"),
    words=("点位超标率", "土壤点位超标率", "土壤环境质量点位超标率", "土壤污染点位超标率"),
    subjects=(INDICATOR,),
)
def points_over_limit(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Share of the soil points with results of the year over a limit; points not fully judged are told apart."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    points = measured.soil_points(asked)
    over = measured.over_limit(points, asked)
    rows = [
        Counted("monitoring.point", str(one.point.uid), f"{one.point.number} {one.name}", said, str(SAID[said]))
        for one in points
        if one.point_id in over
        for said in (over[one.point_id],)
    ]
    if not rows:
        return asked.cannot_say(gettext_noop("当年没有已接收的土壤检测结果，不能计算超标率。"))
    found = asked.share(rows, _over, gettext_noop("有结果的 %(all)d 个点位中，%(good)d 个超标（%(percent)s%%）。"))
    if hasattr(subject, "comparator"):
        return found
    return replace(found, outcome=Outcome.CANNOT_SAY, reason=Reason(NO_TARGET, found.reason.parameters))


NO_TARGET = gettext_noop(
    "有结果的 %(all)d 个点位中，%(good)d 个超标（%(percent)s%%），%(open)d 个无法判断；没有目标，不说达到还是没有达到。"
)
SAID: dict[bool | None, Any] = {True: _("超标"), False: _("未超标"), None: _("无法判断")}


def _over(over: int, points: int) -> Decimal | None:
    """The share over a limit; asked with the open points among them it is the most there may be."""
    bounds = exceedance_bounds(over=over, within=points - over, unknown=0)
    return bounds[0] if bounds else None
