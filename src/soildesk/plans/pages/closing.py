"""总结: what became of every open task, and the sheet that says so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from soildesk.core import clock, files
from soildesk.core.errors import Refusal
from soildesk.core.permissions import NotAllowed
from soildesk.kit.access import staff_page
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.plans.models import ClosingRow, Plan, PlanTask
from soildesk.plans.pages.access import actor_of, logged_in, sentence_of, stopped
from soildesk.plans.pages.forms import AbolitionForm
from soildesk.plans.pages.request import is_uid
from soildesk.plans.pages.upkeep import published_plan, upkeep
from soildesk.plans.services import closing


@require_http_methods(["GET", "POST"])
@logged_in
def close_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The closing sheet of a plan: filled in while it runs or waits, read once it is closed."""
    plan = published_plan(request, uid)
    by, at = actor_of(request), clock.now()
    waiting = closing.open_tasks(plan, at) if plan.stage == Plan.Stage.PUBLISHED else []
    given = {str(task.uid): task for task in waiting}
    if request.method == "POST":
        try:
            fates = {task: _fate(request, key) for key, task in given.items() if request.POST.get(f"outcome-{key}")}
            closing.close(plan, fates, request.POST.get("remark", ""), by=by, at=at)
        except (Refusal, NotAllowed) as refusal:
            messages.error(request, sentence_of(refusal))
        else:
            messages.success(request, _("《%(plan)s》已总结，转为历史。") % {"plan": plan})
            return redirect("plans:close", uid=plan.uid)
    context = {
        **upkeep(request, plan, "close"),
        "rows": [_row(request, key, task) for key, task in given.items()],
        "remark": request.POST.get("remark", ""),
        "closed": ClosingRow.objects.filter(plan=plan)
        .select_related("task", "carried_to__plan")
        .order_by("task__position"),
        "papers": files.uses_of(plan).filter(kind=closing.PAPER).order_by("id") if plan.abolished_on else [],
        "readable": set(Plan.objects.visible_to(by)),
        "outcomes": ClosingRow.Outcome.choices,
        "targets": _targets(plan, request) if given else [],
        "early": bool(plan.period_end and plan.period_end >= by.today and plan.stage == Plan.Stage.PUBLISHED),
        "stopped_by": stopped(by, "plans.close", plan),
    }
    return render(request, "plans/upkeep/close.html", context, status=422 if request.method == "POST" else 200)


@staff_page("plans.close")
def abolish(request: HttpRequest, uid: UUID) -> HttpResponse:
    """登记废止: the number, day and paper that end the plan; what becomes of its open tasks follows from it."""
    plan = published_plan(request, uid)
    by, at = actor_of(request), clock.now()
    back = reverse("plans:close", args=[plan.uid])

    def write(said: dict[str, Any]) -> str:
        paper = (said["paper"].name, said["paper"].read())
        closing.abolish(plan, closing.Abolition(said["number"], said["on"], said["why"], paper), by=by, at=at)
        return _("《%(plan)s》已登记废止，转为历史。") % {"plan": plan}

    waiting = closing.open_tasks(plan, at) if plan.stage == Plan.Stage.PUBLISHED else []
    told = _("没有办结的 %(n)d 项任务就此终止，不再提醒和催办；已有的填报、材料和逾期记录都保留。") % {
        "n": len(waiting)
    }
    context = {
        "title": _("登记废止：%(plan)s") % {"plan": plan},
        "note": told + _("有新方案代替的，请读入新方案并发布，原方案自动标为已被替代，不用登记废止。"),
        "crumbs": [(_("方案与任务"), reverse("plans:list")), (plan.title, back), (_("登记废止"), "")],
        "save": _("登记废止"),
    }
    return asked(request, posted(AbolitionForm, request, {"on": by.today}), context, write, back)


def _row(request: HttpRequest, key: str, task: PlanTask) -> dict[str, object]:
    """One open task with what was filled in, so that a refusal loses nothing."""
    return {
        "key": key,
        "task": task,
        "outcome": request.POST.get(f"outcome-{key}", ""),
        "ground": request.POST.get(f"ground-{key}", ""),
        "to": request.POST.get(f"to-{key}", ""),
    }


def _fate(request: HttpRequest, key: str) -> closing.Fate:
    outcome = request.POST.get(f"outcome-{key}", "")
    if outcome not in ClosingRow.Outcome.values:
        raise Refusal(_("“%(outcome)s”不是可选的去向。请选择办结、结转或终止。") % {"outcome": outcome})
    carried = None
    if outcome == ClosingRow.Outcome.CARRIED:
        to = request.POST.get(f"to-{key}", "")
        visible = PlanTask.objects.visible_to(actor_of(request)).select_related("plan")
        carried = visible.filter(uid=to).first() if is_uid(to) else None
    return closing.Fate(ClosingRow.Outcome(outcome), request.POST.get(f"ground-{key}", ""), carried)


def _targets(plan: Plan, request: HttpRequest) -> list[PlanTask]:
    """Tasks an open one can be carried over to: accepted ones of later plans of the same division."""
    later = Plan.objects.visible_to(actor_of(request)).filter(division=plan.division).exclude(pk=plan.pk)
    if plan.period_end:
        later = later.filter(period_end__gt=plan.period_end)
    rows = PlanTask.objects.filter(plan__in=later).exclude(
        status__in=[PlanTask.Status.REJECTED, PlanTask.Status.MERGED, PlanTask.Status.SPLIT]
    )
    return list(rows.select_related("plan").order_by("plan_id", "position"))
