"""Measures of construction land: safe use of polluted plots and of key land, surveys done, the roster counted.

Shares of area keep what is not known apart: where it could turn the answer, the answer is "cannot say".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.kit.measures import MeasureResult, Outcome, Proof, Reason, measure
from soildesk.monitoring.measuring import BOTH, PERCENT, Asked, Counted
from soildesk.plots import written  # noqa: F401 - what explains a difference makes itself known
from soildesk.plots.queries import measured
from soildesk.plots.queries.measured import Used
from soilrules.indicators.area_share import AreaShare
from soilrules.indicators.key_construction_land_safe_use_rate import (
    BRANCH,
    key_construction_land_safe_use_rate,
    passes_either_branch,
)
from soilrules.indicators.polluted_plot_safe_use_rate import polluted_plot_safe_use_rate
from soilrules.indicators.roster_counts import roster_counts
from soilrules.indicators.survey_completion import survey_completion

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor
    from soildesk.plots.models import Plot

PLOTS = ("plots.plotversion", "plots.plotstage", "plots.plotevent", "plots.membership")
PLOT = "plots.plot"
NONE_USED = gettext_noop("没有污染地块再开发利用，这项指标不适用：没有分母，不等于 100%。")
NONE_CHANGED = gettext_noop("当年没有地块变更为住宅、公共管理与公共服务用地，这项指标不适用：没有分母，不等于 100%。")
NONE_OWED = gettext_noop("没有应当开展调查的地块记录：没有登记不等于没有，不能判断。")
NO_PLOT = gettext_noop("%(year)d 年末以前没有登记过地块：没有登记不等于没有，不能判断。")
YEAR_AHEAD = gettext_noop("%(year)d 年还没有开始，不能判断。")
NO_ROSTER = gettext_noop("没有风险管控和修复名录的记录：没有登记不等于没有，不能判断。")
RATE = gettext_noop("算得 %(percent)s%%：%(good)s m²/%(all)s m²。")
SPAN = gettext_noop("在 %(low)s%% 到 %(high)s%% 之间：%(all)s m² 中 %(open)s m² 没有资料，不能判断是否达到。")

SPAN_SURE = gettext_noop("在 %(low)s%% 到 %(high)s%% 之间：%(all)s m² 中 %(open)s m² 没有资料，不论怎样结论相同。")


def _areas(rows: Sequence[Used]) -> dict[str, Decimal]:
    parts = {True: Decimal(0), False: Decimal(0), None: Decimal(0)}
    for one in rows:
        parts[one.good] += one.area_m2
    return {"yes": parts[True], "no": parts[False], "unknown": parts[None]}


def _url(plot: Plot) -> str:
    return reverse("kit:record", args=["plots", str(plot.uid)])


def _percent(share: Decimal) -> str:
    return f"{share * 100:.1f}".removesuffix(".0")


def _answer(asked: Asked, rate: AreaShare, rows: Sequence[Used], outcome: Outcome) -> MeasureResult:
    """A share of area with its rows: known in one number, or between two."""
    assert rate.least is not None, "a share without rows is answered before"
    assert rate.most is not None, "a share without rows is answered before"
    told = {
        "percent": _percent(rate.least),
        "low": _percent(rate.least),
        "high": _percent(rate.most),
        "good": f"{rate.yes_m2:.0f}",
        "all": f"{rate.whole_m2:.0f}",
        "open": f"{rate.unknown_m2:.0f}",
    }
    proofs = tuple(
        Proof(
            PLOT,
            str(one.version.plot.uid),
            f"{one.version.name}（{one.area_m2:.0f} m²）",
            one.good is True,
            one.note,
            _url(one.version.plot),
            one.area_m2,
        )
        for one in sorted(rows, key=lambda one: (one.good is True, one.good is None, one.version.plot.number))
    )
    message = RATE if not rate.unknown_m2 else SPAN if outcome is Outcome.CANNOT_SAY else SPAN_SURE
    return MeasureResult(
        outcome, Reason(message, told), asked.on, rate.yes_m2, rate.whole_m2, "m²", proofs, asked.basis
    )


@measure(
    "plots.polluted_used_safely",
    title=_("污染地块安全利用率"),
    reads=PLOTS,
    words=("污染地块安全利用率", "污染地块安全利用", "再开发利用的污染地块"),
    subjects=BOTH,
    of_period=True,
)
def polluted_used_safely(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Of the area of polluted plots put to new use, how much was clear when its use began."""
    asked = Asked.of(actor, subject, on, known_on)
    if answer := asked.stopped():
        return answer
    rows = measured.polluted_used(asked)
    areas = _areas(rows)
    rate = polluted_plot_safe_use_rate(meeting_m2=areas["yes"], failing_m2=areas["no"], unknown_m2=areas["unknown"])
    if rate.least is None or rate.most is None:
        return _none(asked, NONE_USED)
    return _answer(asked, rate, rows, asked.outcome(rate.least, rate.most))


@measure(
    "plots.key_land_used_safely",
    title=_("重点建设用地安全利用率"),
    reads=(*PLOTS, "oversight.problem", "oversight.penalty"),
    words=("重点建设用地安全利用率", "重点建设用地安全利用", "重点建设用地"),
    subjects=BOTH,
)
def key_land_used_safely(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Of the land changed to housing or public use in the year, how much was not developed against the rules."""
    asked = Asked.of(actor, subject, on, known_on)
    if answer := asked.stopped():
        return answer
    rows = measured.sensitive_changed(asked)
    areas = _areas(rows)
    rate = key_construction_land_safe_use_rate(
        lawful_m2=areas["yes"], violating_m2=areas["no"], unknown_m2=areas["unknown"]
    )
    if rate.least is None or rate.most is None:
        return _none(asked, NONE_CHANGED)
    outcome = asked.outcome(rate.least, rate.most)
    if _has_branch(subject) and outcome is not Outcome.DONE:
        violations = [one for row in rows for one in row.violations]
        passes = passes_either_branch(rate, violations)
        outcome = {True: Outcome.DONE, False: Outcome.NOT_DONE, None: Outcome.CANNOT_SAY}[passes]
    return _answer(asked, rate, rows, outcome)


def _none(asked: Asked, message: str) -> MeasureResult:
    """No plot is concerned: that says something only of a year in which plots were registered."""
    if measured.held_in_year(asked):
        return asked.not_applicable(message)
    return asked.cannot_say(NO_PLOT, year=asked.year)


def _has_branch(subject: Any) -> bool:
    """Whether the target names another way to pass: 95 % with every violation punished and put right."""
    named = str(getattr(subject, "alternative", "") or "")
    return _percent(BRANCH) in named and getattr(subject, "unit", "") in PERCENT


@measure(
    "plots.surveys_done",
    title=_("土壤污染状况调查完成"),
    reads=PLOTS,
    words=("土壤污染状况调查完成率", "土壤污染状况调查", "开展土壤污染状况调查", "疑似污染地块调查"),
    subjects=BOTH,
)
def surveys_done(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every plot that owed a preliminary survey has one that passed its review."""
    asked = Asked.of(actor, subject, on, known_on)
    if answer := asked.stopped():
        return answer
    rows = [
        Counted(PLOT, str(one.version.plot.uid), one.version.name, one.done, one.note)
        for one in measured.surveys_owed(asked)
    ]
    if not rows:
        return asked.cannot_say(NONE_OWED)
    return asked.share(
        rows, lambda good, all_: survey_completion(accepted=good, owing=all_ - good).least,
        gettext_noop("应开展调查的 %(all)d 个地块中，%(good)d 个的调查报告已通过评审（%(percent)s%%）。"),
    )  # fmt: skip


@measure(
    "plots.roster_counted",
    title=_("风险管控和修复名录统计"),
    reads=("plots.membership",),
    words=("风险管控和修复名录", "建设用地土壤污染风险管控和修复名录"),
    subjects=BOTH,
)
def roster_counted(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """How many plots stood on the roster before the year, came and left in it, and stand on it on the day.

    Nothing says how many there should be: there is the figure, and no answer whether it is enough.
    """
    asked = Asked.of(actor, subject, on, known_on)
    if answer := asked.stopped():
        return answer
    if asked.on < date(asked.year, 1, 1):
        return asked.cannot_say(YEAR_AHEAD, year=asked.year)
    stays = measured.roster_stays(asked)
    if not any(one.since.year <= asked.year for one in stays):
        return asked.cannot_say(NO_ROSTER)
    until = min(date(asked.year, 12, 31), asked.on) + timedelta(days=1)
    counted = roster_counts([(one.since, one.until) for one in stays], date(asked.year, 1, 1), until)
    names = measured.names_of(stays)
    first = date(asked.year, 1, 1)
    in_year = [one for one in stays if one.until is None or one.until >= max(first, one.since + timedelta(days=1))]
    rows = tuple(
        Proof(PLOT, str(one.plot.uid), names.get(one.plot_id, one.plot.number), one.until is None or one.until >= until,
              _t("%(since)s 列入") % {"since": one.since} + (_t("，%(until)s 移出") % {"until": one.until} if one.until else ""),
              _url(one.plot))
        for one in in_year
    )  # fmt: skip
    told = {"before": counted.before, "entered": counted.entered, "left": counted.left, "end": counted.at_end}
    message = gettext_noop(
        "年初 %(before)d 个，年内列入 %(entered)d 个、移出 %(left)d 个，期末 %(end)d 个。没有规定要达到多少，只列数。"
    )
    whole = counted.before + counted.entered
    if not whole:
        return asked.not_applicable(message, **told)
    return MeasureResult(Outcome.CANNOT_SAY, Reason(message, told), on, counted.at_end, whole, "个", rows, asked.basis)
