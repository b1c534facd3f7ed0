"""The measure of a clause that prints targets: each is read as an indicator, and the records say whether it is reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.kit.folding import fold
from soildesk.kit.measures import MeasureResult, Outcome, Proof, Reason, measure_of_many
from soildesk.kit.passes import once_a_pass, under_way
from soildesk.plans.measures import TASK, _basis, _not_known
from soildesk.plans.models import Indicator
from soildesk.plans.queries.checked import WORST, Judged, Pass
from soildesk.plans.queries.taskrows import Task

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

INDICATOR = "plans.indicator"
LEAST = 6
"""A shorter quote may stand in any clause."""
ENDING = 5
"""So many characters of the end of a name tell one rate of a clause from another; a shorter name has one less at least."""
NONE_READ = gettext_noop("条文中没有读出指标，不能判断。")


@measure_of_many(
    "plans.targets_reached",
    title=_("条文所列指标均达到目标"),
    reads=(INDICATOR,),
    words=("率达到", "率均达到", "率保持在", "率不低于", "率分别达到", "率实现", "实现零增长"),
    subjects=(TASK,),
)
def targets_reached(actor: Actor, tasks: Sequence[Task], on: date, known_on: date) -> Mapping[int, MeasureResult]:
    """Every target the clause prints is reached, as the measure its indicator is bound to says."""
    reading, said = _reading(actor, on, known_on)
    clauses = list(of_clauses(tasks))
    asked = {one.pk: one for _task, printed in clauses for one in printed if one.pk not in said}
    said |= {pk: checked.judged for pk, checked in reading.of_indicators(list(asked.values())).items()}
    return {
        task.pk: _not_known(task, on, known_on) or _answer(task, [(one, said[one.pk]) for one in printed], on)
        for task, printed in clauses
    }


@once_a_pass(lambda actor, on, known_on: (on, known_on))
def _reading(actor: Actor, on: date, known_on: date) -> tuple[Pass, dict[int, Sequence[Judged]]]:
    """The pass over indicators, and what it has found out of them so far."""
    return Pass(actor, on, known_on, under_way()), {}


def _answer(task: Task, said: Sequence[tuple[Indicator, Sequence[Judged]]], on: date) -> MeasureResult:
    if not said:
        return MeasureResult(Outcome.CANNOT_SAY, Reason(NONE_READ), on, basis=_basis(task))
    outcomes = [_outcome(judged) for _one, judged in said]
    rows = tuple(proof for one, judged in said for proof in _proofs(one, judged))
    good, outcome = sum(one is Outcome.DONE for one in outcomes), min(outcomes, key=WORST.index)
    reason = Reason(gettext_noop("条文所列 %(all)d 项指标中，%(good)d 项达到目标。"), {"good": good, "all": len(said)})
    return MeasureResult(outcome, reason, on, good, len(said), "", rows, _basis(task))


def of_clauses(tasks: Sequence[Task]) -> Iterator[tuple[Task, list[Indicator]]]:
    """Each task with the accepted indicators whose words stand in it, or whose target is printed there again."""
    of_plan = defaultdict(list)
    rows = Indicator.objects.filter(plan__in={task.plan_id for task in tasks}, accepted_at__isnull=False)
    for one in rows.filter(overruled_by=None).select_related("plan__division").order_by("position"):
        of_plan[one.plan_id].append(one)
    for task in tasks:
        printed = of_plan.get(task.plan_id, ())
        text = fold(f"{task.title}{task.text}") if printed else ""
        yield task, [one for one in printed if _stands_in(one, text)]


def _stands_in(indicator: Indicator, text: str) -> bool:
    """Its own words, or its number with the end of its name: 评估合格率达到92%."""
    quote, name, number = fold(indicator.quote), fold(indicator.name), indicator.target_number
    if len(quote) >= LEAST and quote in text:
        return True
    if number is None or len(name) < ENDING - 1:
        return False
    return f"{number.normalize():f}{indicator.unit}" in text and name[-ENDING:] in text


def _outcome(judged: Sequence[Judged]) -> Outcome:
    return min((one.result.outcome for one in judged), key=WORST.index, default=Outcome.CANNOT_SAY)


def _proofs(indicator: Indicator, judged: Sequence[Judged]) -> list[Proof]:
    """The rows behind an indicator under its name; without any, that there are none."""
    rows = [replace(row, name=f"{indicator.name}：{row.name}", amount=1) for one in judged for row in one.result.rows]
    if rows:
        return rows
    note = "；".join(str(one.result.reason) for one in judged) or _t("没有选定核算办法")
    return [Proof(INDICATOR, str(indicator.pk), indicator.name, _outcome(judged) is Outcome.DONE, note)]
