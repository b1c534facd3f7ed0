"""Measures of a plan's indicators that need only plans: rates over its own tasks, reports and subordinate plans.

An indicator is proposed one of these only when its whole name is one of the measure's words: 安全利用任务完成率 is
not the completion rate of the plan's tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.core import clock
from soildesk.kit.measures import MeasureResult, Outcome, Proof, Reason, measure
from soildesk.monitoring.measuring import target_reached
from soildesk.plans.models import Indicator
from soildesk.plans.queries import rates
from soilrules.indicators.plan_coverage import plan_coverage_rate
from soilrules.indicators.task_completion import task_completion_rate
from soilrules.indicators.timely_reporting import timely_reporting_rate

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

INDICATOR = "plans.indicator"
REACHED = gettext_noop("算得 %(percent)s%%（%(good)d/%(all)d），达到目标。")
BELOW = gettext_noop("算得 %(percent)s%%（%(good)d/%(all)d），没有达到目标。")
OPEN = gettext_noop("算得 %(percent)s%%（%(good)d/%(all)d）；目标的写法没有定下界线，是否达到由人判断。")


def _against_target(
    indicator: Indicator, rows: Sequence[rates.Counted], rate: Decimal | None, on: date, nothing: str
) -> MeasureResult:
    """The rate beside the printed target; a rate over nothing is not applicable."""
    basis = f"{indicator.plan.doc_number or indicator.plan.title} {indicator.name}"
    if rate is None:
        return MeasureResult(Outcome.NOT_APPLICABLE, Reason(nothing), on, basis=basis)
    good, percent = sum(row.counts for row in rows), rate * 100
    outcome, message = _judged(indicator, percent)
    told = {"percent": f"{percent:.1f}".removesuffix(".0"), "good": good, "all": len(rows)}
    proofs = tuple(Proof(row.type, row.uid, row.name, row.counts, row.note) for row in rows)
    return MeasureResult(outcome, Reason(message, told), on, good, len(rows), "", proofs, basis)


def _judged(indicator: Indicator, percent: Decimal) -> tuple[Outcome, str]:
    reached = target_reached(indicator, percent)
    if reached is None:
        return Outcome.CANNOT_SAY, OPEN
    return (Outcome.DONE, REACHED) if reached else (Outcome.NOT_DONE, BELOW)


def _unknown(indicator: Indicator, on: date, known_on: date) -> MeasureResult | None:
    """What was not published by then, or asks nothing here, has no rate."""
    published = indicator.plan.published_at
    if indicator.not_applicable:
        return MeasureResult(Outcome.NOT_APPLICABLE, Reason(gettext_noop("方案对本地没有下达这项指标。")), on)
    if published is None or clock.local_day(published) > min(on, known_on):
        reason = Reason(gettext_noop("方案在该日尚未发布，没有记录可查。"))
        return MeasureResult(Outcome.CANNOT_SAY, reason, on)
    return None


@measure(
    "plans.task_completion_rate",
    title=_("任务完成率"),
    reads=("plans.plantask", "core.duty"),
    words=("任务完成率", "重点任务完成率", "工作任务完成率", "任务办结率"),
    subjects=(INDICATOR,),
)
def task_completion(actor: Actor, indicator: Indicator, on: date, known_on: date) -> MeasureResult:
    """Share of the plan's tasks that are done; standing tasks never end and are left out."""
    return _unknown(indicator, on, known_on) or _rated(
        indicator, rates.tasks_with_an_end(indicator.plan, actor, min(on, known_on)), on,
        lambda good, all_: task_completion_rate(done_tasks=good, ending_tasks=all_),
        gettext_noop("方案只有长期任务，没有可办结的任务，不适用。"),
    )  # fmt: skip


@measure(
    "plans.timely_reporting_rate",
    title=_("按时报送率（上一季度）"),
    reads=("core.duty", "plans.progressentry"),
    words=("按时报送率", "报送及时率", "按时填报率", "填报及时率", "进展报送及时率"),
    subjects=(INDICATOR,),
)
def timely_reporting(actor: Actor, indicator: Indicator, on: date, known_on: date) -> MeasureResult:
    """Share of the units owing reports in the last full quarter that were on time with all of them."""
    return _unknown(indicator, on, known_on) or _rated(
        indicator, rates.units_owing_reports(indicator.plan, actor, min(on, known_on)), on,
        lambda good, all_: timely_reporting_rate(timely_units=good, owing_units=all_),
        gettext_noop("上一季度没有到期的填报，不适用。"),
    )  # fmt: skip


@measure(
    "plans.lower_plans_rate",
    title=_("下级方案印发率"),
    reads=("plans.plan", "core.division"),
    words=("下级方案印发率", "方案印发率", "实施方案印发率", "工作方案印发率"),
    subjects=(INDICATOR,),
)
def lower_plans(actor: Actor, indicator: Indicator, on: date, known_on: date) -> MeasureResult:
    """Share of the cities, counties and districts below that published a plan of the same year."""
    rows = rates.divisions_below(indicator.plan, actor, min(on, known_on))
    return _unknown(indicator, on, known_on) or _none_below(rows, on) or _rated(
        indicator, rows, on,
        lambda good, all_: plan_coverage_rate(published_divisions=good, divisions_below=all_),
        gettext_noop("本级没有下级市县区，不适用。"),
    )  # fmt: skip


def _none_below(rows: Sequence[rates.Counted], on: date) -> MeasureResult | None:
    """Without one plan of a place below there is no rate: nobody may have entered them."""
    if not rows or any(row.counts for row in rows):
        return None
    return MeasureResult(Outcome.CANNOT_SAY, Reason(rates.NONE_BELOW, {"all": len(rows)}), on)


def _rated(
    indicator: Indicator, rows: Sequence[rates.Counted], on: date,
    formula: Callable[[int, int], Decimal | None], nothing: str,
) -> MeasureResult:  # fmt: skip
    return _against_target(indicator, rows, formula(sum(row.counts for row in rows), len(rows)), on, nothing)
