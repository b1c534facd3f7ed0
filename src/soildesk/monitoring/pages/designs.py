"""The design of a campaign: points that stand are chosen, new places laid on a grid; samples dropped."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.filters import ChoiceFilter, Scope, contains
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.land.queries import choices
from soildesk.monitoring import gridcells
from soildesk.monitoring.models import Campaign, Medium, PointVersion, SamplingTask
from soildesk.monitoring.pages.campaigns import crumbs, found_or_404, url_of
from soildesk.monitoring.pages.forms_network import UNSAID, DropForm, GridForm
from soildesk.monitoring.queries import designs
from soildesk.monitoring.refusals import SamplingRefused
from soildesk.monitoring.register.points import POINTS
from soildesk.monitoring.services import sampling
from soildesk.monitoring.services.sampling import Wanted
from soildesk.monitoring.sketch import Sketch, Spot

MOST = 300
MOST_CELLS = 20_000
FILTERS = ("level", "kind", "medium", "town", "due")


@staff_page("monitoring.read")
def design(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Choose points, or lay new places on a grid; what it comes to is drawn before it is done."""
    campaign, actor = found_or_404(request, uid), actor_of(request)
    require(actor, "monitoring.plan", campaign)
    needed = designs.needed(campaign, actor.today)
    form = _grid_form(request, campaign, designs.spacing_m(needed))
    context: dict[str, Any] = {"refused": "", "proposed": []}
    if request.method == "POST":
        try:
            done = _act(request, campaign, form, context)
        except Refusal as refusal:
            context["refused"] = str(refusal)
            done = ""
        if done:
            messages.success(request, done)
            return HttpResponseRedirect(request.get_full_path())
    free, more = _free(request.GET, campaign, actor)
    context |= {
        "campaign": campaign,
        "needed": needed,
        "has_density": designs.has_density(campaign, needed),
        "form": form,
        "free": free,
        "more": more,
        "filters": _filters(request.GET, Scope(actor, actor.today)),
        "picture": _picture(campaign, free, context["proposed"]),
        "crumbs": crumbs(campaign, _("布点设计")),
        "back": url_of(campaign),
    }
    return render(request, "monitoring/design.html", context, status=422 if context["refused"] else 200)


def _act(request: HttpRequest, campaign: Campaign, form: GridForm, context: dict[str, Any]) -> str:
    """What was asked: choose points, show a grid, or take it. Returns what was done."""
    actor, step = actor_of(request), request.POST.get("step")
    if step == "points":
        chosen = request.POST.getlist("point")
        rows = designs.free_points(campaign, actor, actor.today).filter(point__uid__in=chosen)
        made = sampling.plan_points(campaign, list(rows), by=actor, at=clock.now())
        if not made:
            raise SamplingRefused(_("没有选择点位：请勾选后再加入。"), code="monitoring.task.place")
        return _("已安排 %(count)d 个样品。") % {"count": len(made)}
    if not form.is_valid():
        raise SamplingRefused(_("网格没有填对：请看下面标出的地方。"), code="monitoring.task.place")
    places = _grid(campaign, form.cleaned_data["spacing_m"])
    context["proposed"] = places
    if step != "grid":
        return ""
    made = sampling.plan(campaign, [_wanted(form.cleaned_data, at) for at in places], by=actor, at=clock.now())
    return _("已按网格布设 %(count)d 个采样位置。") % {"count": len(made)}


def _wanted(said: dict[str, Any], at: Any) -> Wanted:
    unit = choices.department(int(said["unit"])) if said["unit"] else None
    return Wanted(
        medium=said["medium"], depth_from_cm=said["depth_from_cm"], depth_to_cm=said["depth_to_cm"], unit=unit,
        due=said["due"], at=at,
    )  # fmt: skip


def _grid(campaign: Campaign, spacing_m: float) -> list[Any]:
    if campaign.geometry is None:
        raise SamplingRefused(
            _("任务没有范围，不能布网格：请先在“修改”中画出或导入范围。"), code="monitoring.task.place"
        )
    if gridcells.count_cells(campaign.geometry, spacing_m) > MOST_CELLS:
        raise SamplingRefused(
            _("网格间距 %(side)g 米对这个范围太密（超过 %(most)d 格）：请加大间距。")
            % {"side": spacing_m, "most": MOST_CELLS},
            code="monitoring.task.too_many",
        )
    return gridcells.grid_points(campaign.geometry, spacing_m)


def _grid_form(request: HttpRequest, campaign: Campaign, spacing: float | None) -> GridForm:
    actor = actor_of(request)
    depth = {"depth_from_cm": 0, "depth_to_cm": 20} if campaign.media[0] == Medium.SOIL else {}
    initial = {"spacing_m": spacing, "medium": campaign.media[0], "unit": campaign.organiser_id, **depth}
    gridded = request.method == "POST" and request.POST.get("step") != "points"
    form = posted(GridForm, request, initial) if gridded else GridForm(initial=initial)
    words = dict(Medium.choices)
    form.fields["medium"].choices = [(each, words[each]) for each in campaign.media]  # type: ignore[attr-defined]
    form.fields["unit"].choices = [*UNSAID, *choices.keepers(actor, actor.today)]  # type: ignore[attr-defined]
    return form


def _filters(asked_for: QueryDict, scope: Scope) -> list[tuple[ChoiceFilter, list[tuple[str, str]], str]]:
    """The filters of the register of points, to choose by."""
    held = [each for each in POINTS.filters if each.key in FILTERS and isinstance(each, ChoiceFilter)]
    return [(each, each.options(scope), asked_for.get(each.key, "")) for each in held]


def _free(asked_for: QueryDict, campaign: Campaign, actor: Any) -> tuple[list[PointVersion], int]:
    rows = designs.free_points(campaign, actor, actor.today)
    scope = Scope(actor, actor.today)
    for each in POINTS.filters:
        if each.key in FILTERS and each.chosen(asked_for):
            rows = rows.filter(each.condition(asked_for, scope))
    for word in asked_for.get("q", "").split():
        rows = rows.filter(contains(("name", "code", "point__number"), word))
    found = list(rows.order_by("point__number")[: MOST + 1])
    return found[:MOST], max(0, len(found) - MOST)


def _picture(campaign: Campaign, free: list[PointVersion], proposed: list[Any]) -> Any:
    held = campaign.tasks.exclude(state=SamplingTask.State.DROPPED).exclude(planned_at=None)
    spots = [
        *(Spot(at, "held", code) for at, code in held.values_list("planned_at", "code")[:2000]),
        *(Spot(point.geometry, "near", point.name) for point in free),
        *(Spot(at, "new") for at in proposed[:2000]),
    ]
    grounds = [(campaign.geometry, "ground", _("任务范围"))] if campaign.geometry is not None else []
    return Sketch(_("布点示意：圆点已安排，菱形可选点位，方块网格布设。"), grounds, spots).render()


@staff_page("monitoring.read")
def drop(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A sample that will not be taken."""
    actor = actor_of(request)
    task = SamplingTask.objects.visible_to(actor).select_related("campaign").filter(uid=uid).first()
    if task is None:
        raise Http404(str(uid))
    require(actor, "monitoring.plan", task)

    def write(said: dict[str, Any]) -> str:
        sampling.drop(task, said["reason"], by=actor, at=clock.now())
        return _("已取消样品 %(code)s。") % {"code": task.code}

    back = reverse("kit:record", args=["sampling_tasks", str(uid)])
    context = {
        "title": _("取消样品 %(code)s") % {"code": task.code},
        "note": _("取消后留有记录；它的密码平行样一并取消。"),
        "crumbs": crumbs(task.campaign, task.code, _("取消")),
        "save": _("取消这个样品"),
    }
    return asked(request, posted(DropForm, request), context, write, back)
