"""The measure of a clause that prints targets: each is read as an indicator, and the records say whether it is reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.kit import measures
from soildesk.kit.folding import fold
from soildesk.kit.measures import MeasureResult, Outcome, Proof, Reason, measure
from soildesk.plans.measures import TASK, _basis, _not_known
from soildesk.plans.models import Indicator, PlanTask
from soildesk.plans.queries.checked import WORST, Judged, bindings_of, judge

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

INDICATOR = "plans.indicator"
LEAST = 6
"""A shorter quote may stand in any clause."""
NONE_READ = gettext_noop("条文中没有读出指标，不能判断。")


@measure(
    "plans.targets_reached",
    title=_("条文所列指标均达到目标"),
    reads=(INDICATOR,),
    words=("率达到", "率均达到", "率保持在", "率不低于", "率分别达到", "率实现", "实现零增长"),
    subjects=(TASK,),
)
def targets_reached(actor: Actor, task: PlanTask, on: date, known_on: date) -> MeasureResult:
    """Every target the clause prints is reached, as the measure its indicator is bound to says."""
    if unknown := _not_known(task, on, known_on):
        return unknown
    printed = of_clause(task)
    if not printed:
        return MeasureResult(Outcome.CANNOT_SAY, Reason(NONE_READ), on, basis=_basis(task))
    said = [(one, judge(one, actor=actor, on=on, known_on=known_on)) for one in printed]
    outcomes = [_outcome(judged) for _one, judged in said]
    rows = tuple(proof for one, judged in said for proof in _proofs(one, judged))
    good = sum(outcome is Outcome.DONE for outcome in outcomes)
    reason = Reason(
        gettext_noop("条文所列 %(all)d 项指标中，%(good)d 项达到目标。"), {"good": good, "all": len(printed)}
    )
    outcome = min(outcomes, key=WORST.index)
    return MeasureResult(outcome, reason, on, good, len(printed), "", rows, _basis(task))


def of_clause(task: PlanTask) -> list[Indicator]:
    """The accepted indicators whose words stand in the clause, or whose target is printed there again."""
    text = fold(f"{task.title}{task.text}")
    rows = task.plan.indicators.filter(accepted_at__isnull=False, overruled_by=None).order_by("position")
    return [one for one in rows if _stands_in(one, text)]


def _stands_in(indicator: Indicator, text: str) -> bool:
    quote = fold(indicator.quote)
    if len(quote) >= LEAST and quote in text:
        return True
    number = indicator.target_number
    if number is None or f"{number.normalize():f}{indicator.unit}" not in text:
        return False
    bound = [one.measure for one in bindings_of(indicator) if one.measure]
    return any(fold(word) in text for each in bound for word in measures.get(each).words)


def _outcome(judged: Sequence[Judged]) -> Outcome:
    return min((one.result.outcome for one in judged), key=WORST.index, default=Outcome.CANNOT_SAY)


def _proofs(indicator: Indicator, judged: Sequence[Judged]) -> list[Proof]:
    """The rows behind an indicator under its name; without any, that there are none."""
    rows = [replace(row, name=f"{indicator.name}：{row.name}", amount=1) for one in judged for row in one.result.rows]
    if rows:
        return rows
    note = "；".join(str(one.result.reason) for one in judged) or _t("没有选定核算办法")
    return [Proof(INDICATOR, str(indicator.pk), indicator.name, _outcome(judged) is Outcome.DONE, note)]
