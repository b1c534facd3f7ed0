"""Drawings of plants: upload one, see facilities and hazards on it, place them by click or by numbers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import may
from soildesk.enterprises.pages import forms_hazards as ask
from soildesk.enterprises.pages.inspections import READ, bound
from soildesk.enterprises.queries import plants
from soildesk.enterprises.queries.firms import names_of
from soildesk.enterprises.services import plans
from soildesk.enterprises.services.plans import Drawing
from soildesk.enterprises.services.plantside import INSPECT, Done, Photo
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.parcels import asked


@staff_page(INSPECT)
def new(request: HttpRequest) -> HttpResponse:
    """Upload a drawing."""
    actor = actor_of(request)
    firms = plants.own_firms(actor)
    first = {"on": clock.today(), "page": 1, "firm": request.GET.get("firm", "")}
    if len(firms) == 1:
        first["firm"] = str(firms[0].enterprise.uid)
    form = bound(request, ask.PlanForm, firms=firms, initial=first)
    listed = reverse("kit:collection", args=["plant_plans"])
    context: dict[str, Any] = {
        "title": _("上传平面图"),
        "note": _("上传厂区总平面图或扫描件，再把设施和隐患标在图上。"),
        "crumbs": [(_("厂区平面图"), listed), (_("上传平面图"), "")],
        "save": _("上传"),
    }

    def write(said: dict[str, Any]) -> str:
        firm = plants.firm_by_uid(actor, said["firm"])
        if firm is None:
            raise Http404(said["firm"])
        file = Photo(said["file"].name, said["file"].read())
        context["made"] = plans.add(
            firm, Drawing(said["title"], said["on"], file, said["page"] or 1), Done(actor, clock.now())
        )
        return _("已上传，请标注设施和隐患。")

    answer = asked(request, form, context, write, listed)
    if "made" in context:
        return HttpResponseRedirect(reverse("enterprises:plan", args=[context["made"].uid]))
    return answer


@staff_page(READ)
def show(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A drawing with what stands on it; with a form where the actor may place things."""
    actor = actor_of(request)
    plan = plants.plan_of(actor, uid)
    picture = plants.picture_of(plan) if plan else None
    if plan is None or picture is None:
        raise Http404(str(uid))
    marks = plants.marks(plan, actor.today)
    form = bound(request, ask.PlaceForm, marks=marks) if may(actor, INSPECT, plan) else None
    context: dict[str, Any] = {"plan": plan, "form": form}
    if request.method == "POST" and form is not None and form.is_valid():
        said = form.cleaned_data
        try:
            _place(request, plan, said)
        except Refusal as refusal:
            context["refused"] = str(refusal)
        else:
            return HttpResponseRedirect(request.path)
    radius = round(max(plan.width_px, plan.height_px) / 70, 1)
    context |= {
        "picture": reverse("core:file", args=[picture.uid]),
        "marks": marks,
        "radius": radius,
        "side": 2 * radius,
        "firm": names_of([plan.enterprise_id], actor.today).get(plan.enterprise_id, ""),
        "crumbs": [(_("厂区平面图"), reverse("kit:collection", args=["plant_plans"])), (plan.title, "")],
    }
    status = 422 if "refused" in context or (form is not None and form.errors) else 200
    return render(request, "enterprises/plan.html", context, status=status)


def _place(request: HttpRequest, plan: Any, said: dict[str, Any]) -> None:
    actor = actor_of(request)
    thing = plans.thing_called(actor, said["thing"])
    off = said["x"] is None or said["y"] is None or "take_off" in request.POST
    at = None if off else (said["x"] / 100, said["y"] / 100)
    plans.place(plan, thing, at, Done(actor, clock.now()))
    messages.success(request, _("已从图上取下。") if off else _("已标在图上。"))
