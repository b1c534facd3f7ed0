"""承接: what of the superiors' plans was taken up, and what nobody took up."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import NotAllowed
from soildesk.plans.models import Indicator, Plan, PlanTask, TaskLink
from soildesk.plans.pages.access import actor_of, logged_in, sentence_of, stopped, task_or_404
from soildesk.plans.pages.upkeep import published_plan, upkeep
from soildesk.plans.queries.taking_up import superiors, taking_up, target_gaps
from soildesk.plans.services import linking
from soildesk.plans.wording import target_words


@require_GET
@logged_in
def taking_up_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One superior plan at a time beside ours; those that ours takes up, from below too."""
    plan = published_plan(request, uid)
    actor = actor_of(request)
    above = list(superiors(plan, actor))
    upper = next((row for row in above if str(row.uid) == request.GET.get("upper")), above[0] if above else None)
    context = {
        **upkeep(request, plan, "taking_up"),
        "above": above,
        "upper": upper,
        "below": Plan.objects.visible_to(actor).filter(tasks__takes_up__upper__plan=plan).distinct(),
        "stopped_by": stopped(actor, "plans.link", plan),
    }
    if upper:
        rows = taking_up(plan, upper)
        context |= {
            "open": [row for row in rows if not row.lower],
            "taken": [row for row in rows if row.lower],
            "links": {link.upper_id: link for link in TaskLink.objects.filter(lower__plan=plan, upper__plan=upper)},
            "later": [item for row in rows for item in ((row.upper, *late) for late in row.later)],
            "targets": [
                (gap, target_words(gap.upper), target_words(gap.lower) if gap.lower else "")
                for gap in target_gaps(plan, upper)
            ],
        }
    return render(request, "plans/upkeep/taking_up.html", context)


@require_POST
@logged_in
def link(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say that one of our tasks takes up a superior's."""
    plan = published_plan(request, uid)
    by = actor_of(request)
    upper = task_or_404(by, _uid(request.POST.get("upper", "")))
    lower = task_or_404(by, _uid(request.POST.get("lower", "")))
    try:
        linking.link_task(upper, lower, by=by, at=clock.now())
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    else:
        messages.success(request, _("已登记：“%(lower)s”承接“%(upper)s”。") % {"lower": lower, "upper": upper})
    return _back(plan, upper)


@require_POST
@logged_in
def link_target(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say that one of our targets takes up a superior's, and which 目标责任书 hands it down."""
    plan = published_plan(request, uid)
    by = actor_of(request)
    rows = Indicator.objects.visible_to(by).select_related("plan")
    upper = get_object_or_404(rows, pk=_number(request.POST.get("upper", "")))
    lower = get_object_or_404(rows, pk=_number(request.POST.get("lower", "")), plan=plan)
    try:
        linking.link_indicator(upper, lower, by=by, at=clock.now(), document=request.POST.get("document", ""))
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    else:
        messages.success(request, _("已登记目标承接：%(name)s。") % {"name": lower.name})
    return _back(plan, upper)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise Http404(text)
    return int(text)


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404(text) from None


def _back(plan: Plan, upper: PlanTask | Indicator) -> HttpResponse:
    return redirect(f"{reverse('plans:taking_up', args=[plan.uid])}?upper={upper.plan.uid}")


@require_POST
@logged_in
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a link back."""
    by = actor_of(request)
    row = get_object_or_404(TaskLink.objects.select_related("lower__plan", "upper__plan"), pk=pk)
    task_or_404(by, row.lower.uid)
    try:
        linking.unlink_task(row, by=by, at=clock.now())
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    return _back(row.lower.plan, row.upper)
