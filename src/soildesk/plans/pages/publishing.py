"""发布: what is still open, what publishing causes, then the act; throwing a draft away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import NotAllowed
from soildesk.plans.models import Plan
from soildesk.plans.pages.access import actor_of, logged_in, plan_or_404, sentence_of, stopped
from soildesk.plans.pages.frame import frame, open_names, url_or_none
from soildesk.plans.queries.reading import other_place
from soildesk.plans.queries.review import counts
from soildesk.plans.services import publishing, succession, whole_plan
from soildesk.plans.services.outlook import outlook

SHOWN = 6
"""How many open places are named; the rest are counted."""


@require_http_methods(["GET", "POST"])
@logged_in
def publish(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The check page; POST publishes."""
    by = actor_of(request)
    plan = plan_or_404(by, uid)
    if request.method == "GET":
        return render(request, "plans/review/publish.html", _check_page(request, plan))
    try:
        publishing.publish(plan, by=by, at=clock.now(), as_history=request.POST.get("as_history") == "1")
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
        return redirect("plans:publish", uid=plan.uid)
    messages.success(
        request,
        _("已发布《%(plan)s》。任务已分办到各单位，时限已列入今日。") % {"plan": plan}
        if plan.stage == Plan.Stage.PUBLISHED
        else _("《%(plan)s》已作为历史存档。") % {"plan": plan},
    )
    ledger = url_or_none("plans:overview", plan.uid)
    return redirect(ledger) if ledger else redirect("plans:publish", uid=plan.uid)


def _check_page(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    by = actor_of(request)
    found = counts(plan)
    ahead = outlook(plan, by.today)
    conflicts = plan.conflicts.filter(settled_at__isnull=True).count()
    clauses = plan.unassigned.filter(decision="").count()
    unsaid = succession.waiting(succession.proposals(plan, by.today))
    late = sum(each.late for each in unsaid)
    stops = [stopped(by, "plans.publish", plan)]
    if found["open"]:
        stops.append(_("还有 %(n)d 项任务没有审核。") % {"n": found["open"]})
    elif not found["accepted"]:
        stops.append(_("没有一项任务被采纳。"))
    if late:
        stops.append(_("上一版已逾期的 %(n)d 项任务有改动，还没有说明是不是同一项。") % {"n": late})
    return {
        **frame(request, plan, "publish"),
        "counts": found,
        "ahead": ahead,
        "shown": SHOWN,
        "open_names": open_names(plan),
        "other_place": other_place(plan),
        "open_conflicts": conflicts,
        "open_clauses": clauses,
        "unsaid": len(unsaid),
        "unsaid_late": late,
        "over": bool(plan.period_end and plan.period_end < by.today),
        "stops": [sentence for sentence in stops if sentence],
        "complete": not (
            found["open"] or conflicts or clauses or unsaid or ahead.no_review_date or ahead.nobody or open_names(plan)
        ),
    }


@require_POST
@logged_in
def discard(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Throw a draft away."""
    by = actor_of(request)
    plan = plan_or_404(by, uid)
    title = plan.title
    try:
        whole_plan.discard(plan, by=by, at=clock.now())
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
        return redirect("plans:review", uid=plan.uid)
    messages.success(request, _("草稿《%(title)s》已作废。") % {"title": title})
    return redirect(url_or_none("plans:list") or "plans:intake")
