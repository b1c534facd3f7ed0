"""Measures of plots not developed for now: the year's plan filed in time, rounds walked, the four media monitored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.kit.measures import MeasureResult, measure
from soildesk.monitoring.measuring import BOTH, Asked, Counted
from soildesk.plots.queries import controlmeasured
from soildesk.plots.queries.controlmeasured import Stood
from soilrules.indicators.undeveloped_control import undeveloped_control_rate

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

READS = ("plots.plotversion", "plots.controlzone", "plots.controlyear", "plots.controlround")
NONE_KNOWN = gettext_noop("没有登记本地的建设用地地块：没有登记不等于没有，不能判断。")
NONE_WAITING = gettext_noop("没有暂不开发利用的污染地块，不适用。")
Judged = Callable[[Stood, date], tuple[bool | None, str]]


@measure(
    "plots.control_plans_filed",
    title=_("暂不开发利用地块按时制定年度管控计划"),
    reads=READS,
    words=("风险管控年度计划", "年度管控计划", "暂不开发利用", "划定管控区域"),
    subjects=BOTH,
)
def control_plans_filed(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every plot that waits has its plan of the year, filed by its day."""
    message = gettext_noop("%(all)d 个暂不开发利用的地块中，%(good)d 个按时制定了年度管控计划（%(percent)s%%）。")
    return _of_plots(Asked.of(actor, subject, on, known_on), _plan, message)


@measure(
    "plots.control_rounds_walked",
    title=_("暂不开发利用地块开展管控巡查"),
    reads=READS,
    words=("管控区域巡查", "风险管控区域现场执法检查", "管控区域检查"),
    subjects=BOTH,
)
def control_rounds_walked(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every plot that waits was inspected in the year."""
    message = gettext_noop("%(all)d 个暂不开发利用的地块中，%(good)d 个当年开展了巡查（%(percent)s%%）。")
    return _of_plots(Asked.of(actor, subject, on, known_on), _rounds, message)


@measure(
    "plots.control_media_monitored",
    title=_("暂不开发利用地块四类介质监测"),
    reads=READS,
    words=("土壤、地表水、地下水、空气环境监测", "管控区域监测", "暂不开发利用地块监测"),
    subjects=BOTH,
)
def control_media_monitored(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Of every plot that waits, soil, groundwater, surface water and air were monitored by their days."""
    message = gettext_noop("%(all)d 个暂不开发利用的地块中，%(good)d 个完成了四类介质监测（%(percent)s%%）。")
    return _of_plots(Asked.of(actor, subject, on, known_on), _media, message)


def _of_plots(asked: Asked, judged: Judged, message: str) -> MeasureResult:
    if stopped := asked.stopped():
        return stopped
    found = controlmeasured.stood(asked)
    if found is None:
        return asked.cannot_say(NONE_KNOWN)
    rows = [_counted(one, judged, asked) for one in found]
    if not rows:
        return asked.not_applicable(NONE_WAITING)
    return asked.share(rows, lambda good, all_: undeveloped_control_rate(kept=good, undeveloped=all_), message)


def _counted(one: Stood, judged: Judged, asked: Asked) -> Counted:
    last = date(asked.year, 12, 31)
    counts, note = judged(one, min(asked.limit, last))
    if one.waits is None and not one.is_kept:
        counts, note = None, _t("没有登记是否已开发利用，不能判断是否属于暂不开发利用地块")
    return Counted("plots.plot", str(one.uid), f"{one.number} {one.name}", counts, note)


def _is_over(day: date) -> bool:
    """Whether the year is over on a day."""
    return (day.month, day.day) == (12, 31)


def _plan(one: Stood, day: date) -> tuple[bool | None, str]:
    told = {"filed": one.filed_on, "due": one.due}
    if one.filed_on is not None:
        if one.due is None:
            return None, _t("%(filed)s 报送，没有写明时限") % told
        return one.filed_on <= one.due, _t("%(filed)s 报送，时限 %(due)s") % told
    if one.due is not None:
        late = one.due < day or _is_over(day)
        return (False if late else None), (_t("时限 %(due)s，未报送") if late else _t("时限 %(due)s，尚未到期")) % told
    return (False if _is_over(day) else None), _t("未报送，没有写明时限")


def _rounds(one: Stood, day: date) -> tuple[bool | None, str]:
    if one.rounds:
        return True, _t("巡查 %(n)d 次") % {"n": one.rounds}
    return (False, _t("当年没有巡查")) if _is_over(day) else (None, _t("当年还没有巡查"))


def _media(one: Stood, day: date) -> tuple[bool | None, str]:
    answers = [_medium(due, done, day) for due, done in one.media]
    done = sum(done is not None for _due, done in one.media)
    note = _t("四类介质监测了 %(n)d 类") % {"n": done}
    if False in answers:
        return False, note
    return (None if None in answers else True), note


def _medium(due: date | None, done: date | None, day: date) -> bool | None:
    if done is not None:
        return due is None or done <= due
    late = _is_over(day) or (due is not None and due < day)
    return False if late else None
