"""度量: which tasks and indicators of a plan are checked from records, which might be, which not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.kit import measures
from soildesk.kit.day import page_day
from soildesk.kit.measures import OUTCOME_PARTS
from soildesk.kit.parts import Chip
from soildesk.plans.models import Binding, Indicator, PlanTask
from soildesk.plans.pages.access import actor_of, logged_in, plan_or_404, sentence_of, stopped, task_or_404
from soildesk.plans.pages.request import back
from soildesk.plans.pages.upkeep import published_plan, upkeep
from soildesk.plans.queries.states import standings
from soildesk.plans.services import binding as acts
from soildesk.plans.wording import TASK_STATES, target_words


@require_GET
@logged_in
def measure_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Every task with what it reports and every indicator with its target, beside what the records say."""
    plan = published_plan(request, uid)
    actor, on = actor_of(request), page_day(request)
    tasks = list(plan.tasks.filter(status=PlanTask.Status.ACCEPTED))
    standing = standings([task.pk for task in tasks], on)
    rows = [_row(task, standing[task.pk].state, actor, on) for task in tasks]
    indicators = plan.indicators.filter(overruled_by=None, rejected_why="").select_related("plan__division")
    context = {
        "indicators": [_indicator_row(indicator, actor, on) for indicator in indicators],
        "bound": [row for row in rows if row["judged"]],
        "proposed": [row for row in rows if not row["judged"] and row["proposals"]],
        "unbound": sum(not row["judged"] and not row["proposals"] for row in rows),
        "stopped_by": stopped(actor, "plans.bind", plan),
        "total": len(rows),
    }
    return render(request, "plans/upkeep/measures.html", {**upkeep(request, plan, "measures"), **context})


def _row(task: PlanTask, state: Any, actor: Actor, on: Any) -> dict[str, Any]:
    tone, icon, word = TASK_STATES[state]
    return {"task": task, "reported": Chip(tone, str(word), icon), **_checked(task, actor, on)}


def _indicator_row(indicator: Indicator, actor: Actor, on: Any) -> dict[str, Any]:
    return {"indicator": indicator, "target": target_words(indicator), **_checked(indicator, actor, on)}


def _checked(subject: PlanTask | Indicator, actor: Actor, on: Any) -> dict[str, Any]:
    """What the bound measures say; where none is bound, what might be."""
    judged = acts.judge(subject, actor=actor, on=on)
    proposed = [] if judged else acts.proposals(subject)[:2]
    return {
        "judged": [{"row": item, "chip": chip_of(item.result)} for item in judged],
        "proposals": [{"measure": measures.get(p.measure_id), "why": p.why} for p in proposed],
    }


def chip_of(result: measures.MeasureResult) -> Chip:
    """What a measure says, with its numbers and the reason."""
    tone, icon, word = OUTCOME_PARTS[result.outcome]
    numbers = f" {result.numerator}/{result.denominator}" if result.denominator is not None else ""
    return Chip(tone, f"{word}{numbers}", icon, str(result.reason))  # type: ignore[arg-type]


@require_POST
@logged_in
def bind(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let a measure check the task."""
    return _bind(request, task_or_404(actor_of(request), uid))


@require_POST
@logged_in
def bind_indicator(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a measure compute the indicator."""
    rows = Indicator.objects.visible_to(actor_of(request)).select_related("plan__division", "plan__owner_department")
    return _bind(request, get_object_or_404(rows, pk=pk))


def _bind(request: HttpRequest, subject: PlanTask | Indicator) -> HttpResponse:
    try:
        acts.bind(subject, request.POST.get("measure", ""), by=actor_of(request), at=clock.now())
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    except measures.UnknownMeasure:
        messages.error(request, _("没有这项核算办法，请在列表中选择。"))
    return back(request, "plans:measures", subject.plan.uid)


@require_POST
@logged_in
def unbind(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop checking the task or indicator by this measure."""
    by = actor_of(request)
    row = get_object_or_404(Binding.objects.select_related("task__plan", "indicator__plan"), pk=pk, superseded_at=None)
    plan = plan_or_404(by, acts.plan_of(row).uid)
    try:
        acts.unbind(row, by=by, at=clock.now())
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    return redirect("plans:measures", uid=plan.uid)
