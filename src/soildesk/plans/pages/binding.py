"""核算: what checks each task and indicator of a plan, what the records say, and where they contradict the reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET, require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.kit import measures
from soildesk.kit.day import page_day
from soildesk.kit.measures import OUTCOME_PARTS
from soildesk.kit.parts import Chip, Tile
from soildesk.plans.models import Binding, Indicator, PlanTask
from soildesk.plans.pages.access import actor_of, logged_in, plan_or_404, sentence_of, stopped, task_or_404
from soildesk.plans.pages.request import back
from soildesk.plans.pages.upkeep import published_plan, upkeep
from soildesk.plans.queries.checked import Checked, Judged, Pass, ended
from soildesk.plans.queries.proposed import Earlier, indicator_proposals, proposals
from soildesk.plans.queries.statuses import Status, statuses
from soildesk.plans.services import binding as acts
from soildesk.plans.services import documents
from soildesk.plans.wording import TASK_STATES, target_words

GROUPS: dict[str, tuple[str, Any, Any]] = {
    "computed": ("good", _l("由台账核算"), _l("答案由登记的记录算出")),
    "evidence": ("busy", _l("由材料核对"), _l("列明的材料报齐并经人核对")),
    "none": ("calm", _l("写明不核算"), _l("没有记录能说明，理由在案")),
    "open": ("warn", _l("还没有选定"), _l("下面逐项选定，或写明不核算的理由")),
}
"""What a task is checked by: tone, title and what that means."""
BOUND = ("computed", "evidence")


@require_GET
@logged_in
def measure_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Every task with what it reports and every indicator with its target, beside what the records say."""
    plan = published_plan(request, uid)
    actor, on = actor_of(request), page_day(request)
    found = list(statuses(actor, on, on, plan))
    grouped: dict[str, list[Status]] = {name: [] for name in GROUPS}
    for one in found:
        grouped[_group(one.checked)].append(one)
    earlier, open_ = (
        Earlier(plan, actor),
        plan.tasks.prefetch_related("milestones").in_bulk([one.task.pk for one in grouped["open"]]),
    )
    indicators = list(plan.indicators.filter(overruled_by=None, rejected_why="").select_related("plan__division"))
    reading = Pass(actor, on, on).of_indicators(indicators)
    context = {
        "tiles": [_tile(name, len(rows), len(found)) for name, rows in grouped.items()],
        "disagreeing": [_row(one) for one in found if one.disagrees],
        "bound": [(name, GROUPS[name][1], list(map(_row, grouped[name]))) for name in BOUND if grouped[name]],
        "nothing": [_row(one) for one in grouped["none"]],
        "open": [{**_row(one), "proposals": proposals(open_[one.task.pk], earlier)} for one in grouped["open"]],
        "indicators": [_indicator_row(one, reading[one.pk]) for one in indicators],
        "stopped_by": stopped(actor, "plans.bind", plan) or _past(on),
        "ended": next((ended(one.task, on) for one in found[:1]), None),
    }
    return render(request, "plans/upkeep/measures.html", {**upkeep(request, plan, "measures"), **context})


def _past(on: date) -> str:
    """What was chosen by a past day is read, not changed."""
    if on >= clock.today():
        return ""
    return _("所列是到 %(day)s 已经选定的核算办法。选定、解除请回到今天。") % {"day": on}


def _group(checked: Checked) -> str:
    return "open" if checked.kind == "none" and not checked.nothing else checked.kind


def _tile(name: str, count: int, all_: int) -> Tile:
    tone, title, note = GROUPS[name]
    share = f"{count / all_:.0%} · " if all_ else ""
    return Tile(str(title), count, f"#{name}" if count else "", tone if count else "calm", f"{share}{note}")  # type: ignore[arg-type]


def _row(one: Status) -> dict[str, Any]:
    tone, icon, word = TASK_STATES[one.standing.state]
    return {
        "task": one.task,
        "reported": Chip(tone, str(word), icon),
        "judged": _judged(one.checked.judged),
        "nothing": one.checked.nothing,
        "against": one.against,
    }


def _judged(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    return [{"row": item, "chip": chip_of(item.result)} for item in judged]


def _indicator_row(indicator: Indicator, checked: Checked) -> dict[str, Any]:
    asked = not checked.judged and not checked.nothing
    return {
        "indicator": indicator,
        "target": target_words(indicator),
        "judged": _judged(checked.judged),
        "nothing": checked.nothing,
        "proposals": indicator_proposals(indicator) if asked else [],
    }


def chip_of(result: measures.MeasureResult) -> Chip:
    """What a measure says, with its numbers and the reason."""
    tone, icon, word = OUTCOME_PARTS[result.outcome]
    numbers = f" {result.numerator}/{result.denominator}" if result.denominator is not None else ""
    return Chip(tone, f"{word}{numbers}", icon, str(result.reason))  # type: ignore[arg-type]


@require_POST
@logged_in
def bind(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let a measure check the task, or nothing with the reason."""
    return _bind(request, task_or_404(actor_of(request), uid))


@require_POST
@logged_in
def bind_indicator(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a measure compute the indicator, or nothing with the reason."""
    rows = Indicator.objects.visible_to(actor_of(request)).select_related("plan__division", "plan__owner_department")
    return _bind(request, get_object_or_404(rows, pk=pk))


def _bind(request: HttpRequest, subject: PlanTask | Indicator) -> HttpResponse:
    try:
        _settle(subject, request.POST, actor_of(request))
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    except measures.UnknownMeasure:
        messages.error(request, _("没有这项核算办法，请在列表中选择。"))
    return back(request, "plans:measures", subject.plan.uid)


def _settle(subject: PlanTask | Indicator, said: QueryDict, by: Actor) -> None:
    """What was chosen: nothing with its reason, documents by their names, or a measure."""
    at, measure, names = clock.now(), said.get("measure", ""), said.getlist("document")
    if "reason" in said:
        acts.bind_nothing(subject, said["reason"], by=by, at=at, register=said.get("register", ""))
    elif isinstance(subject, PlanTask) and names and measure == documents.MEASURE:
        for name in names:
            documents.ask(subject, name, by=by, at=at)
    else:
        acts.bind(subject, measure, by=by, at=at)


@require_POST
@logged_in
def unbind(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop checking the task or indicator by this measure, or take back the reason why it is not checked."""
    by = actor_of(request)
    row = get_object_or_404(Binding.objects.select_related("task__plan", "indicator__plan"), pk=pk, superseded_at=None)
    plan = plan_or_404(by, acts.plan_of(row).uid)
    try:
        acts.unbind(row, by=by, at=clock.now())
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    return redirect("plans:measures", uid=plan.uid)
