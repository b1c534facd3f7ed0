"""分办单: one Excel per unit out, and the way back in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import NotAllowed
from soildesk.kit.downloads import download
from soildesk.plans.pages.access import actor_of, logged_in, sentence_of, stopped
from soildesk.plans.pages.upkeep import published_plan, upkeep
from soildesk.plans.queries.sheets import sheet_units, unit_of_plan
from soildesk.plans.services import sheets


@require_GET
@logged_in
def sheet_list(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Every unit of the plan with its tasks, its accounts and the last sheet that went out."""
    plan = published_plan(request, uid)
    back = f"{reverse('kit:import_new', args=['plans.sheet'])}?{urlencode({'plan': plan.uid})}"
    context = {
        "rows": sheet_units(plan),
        "back_url": back,
        "stopped_by": stopped(actor_of(request), "plans.review", plan),
    }
    return render(request, "plans/upkeep/sheets.html", {**upkeep(request, plan, "sheets"), **context})


@require_POST
@logged_in
def issue(request: HttpRequest, uid: UUID, department: UUID) -> HttpResponse:
    """Make and send one unit's sheet."""
    plan = published_plan(request, uid)
    unit = unit_of_plan(plan, department)
    if unit is None:
        raise Http404(str(department))
    try:
        sheet, data = sheets.issue(plan, unit, by=actor_of(request), at=clock.now())
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
        return redirect("plans:sheets", uid=plan.uid)
    return download(data, f"{sheet.number}_{unit}_{plan.title}", "xlsx")
