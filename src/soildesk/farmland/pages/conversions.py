"""Pages of a unit beside its class: heavy farmland to construction land, other land to farmland, points that stand for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.farmland.models import StandsFor, UnitVersion
from soildesk.farmland.mu import told
from soildesk.farmland.pages.classforms import WhyForm
from soildesk.farmland.pages.classlooks import YEAR, PriorityForm
from soildesk.farmland.queries import origins
from soildesk.farmland.services import conversions, standing
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.land.pages.forms import Day, posted
from soildesk.plots.pages.events import led_on
from soilrules.bases import bases_on


class ConvertForm(forms.Form):
    """By what paper, from which day."""

    document = forms.CharField(label=_l("转用依据的文号"), max_length=120)
    on = forms.DateField(label=_l("日期"), widget=Day)


@staff_page("farmland.read")
def convert(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Heavy farmland that is to become construction land."""
    actor = actor_of(request)
    rows = UnitVersion.objects.visible_to(actor).standing(actor.today).select_related("unit")
    version = get_object_or_404(rows, unit__uid=uid)
    require(actor, conversions.PERMISSION, version)
    back = reverse("kit:record", args=["farmland_units", str(uid)])
    context: dict[str, Any] = {
        "title": _("转为城镇建设用地 %(name)s") % {"name": version.name},
        "note": _("登记后列为疑似地块线索，由县级人民政府组织调查评估；土地用途变更后，再在单元页登记终止。"),
        "crumbs": [(version.name, back), (_("转为城镇建设用地"), "")],
        "save": _("登记"),
    }

    def write(said: dict[str, Any]) -> str:
        made = conversions.to_construction(version, said["document"], said["on"], by=actor, at=clock.now())
        context["done"] = reverse("kit:record", args=["plot_candidates", made])
        return _("已列为疑似地块线索。")

    return led_on(request, posted(ConvertForm, request, {"on": clock.today()}), context, write, back)


@staff_page("farmland.read")
def new_ground(request: HttpRequest) -> HttpResponse:
    """Cropland that was something else before, and whether it was surveyed."""
    actor, on = actor_of(request), page_day(request)
    days = {"before": on - YEAR, "after": on}
    form = PriorityForm(request.GET if "before" in request.GET else days)
    if form.is_valid():
        days = {"before": form.cleaned_data["before"], "after": form.cleaned_data["after"]}
    found = origins.new_ground(actor, days["before"], days["after"])
    context = {
        "form": form,
        "days": days,
        "rows": [(one, origin, told(one.area_m2)) for one, origin in found],
        "bases": [f"{one.cited}：{one.words}" for one in bases_on(origins.BASES, on)],
        "crumbs": [(_("评价单元"), reverse("kit:collection", args=["farmland_units"])), (_("新增耕地来源核对"), "")],
    }
    return render(request, "farmland/new_ground.html", context)


class StandsForm(forms.Form):
    """A point that counts in a unit, or must not."""

    point = forms.CharField(label=_l("点位"), max_length=80, help_text=_l("点位编号或外部代码"))
    counts = forms.ChoiceField(
        label=_l("怎样计入"),
        choices=[("yes", _l("代表本单元，计入")), ("no", _l("不计入本单元"))],
        widget=forms.RadioSelect,
    )
    since = forms.DateField(label=_l("自哪一天起"), widget=Day)
    reason = forms.CharField(
        label=_l("理由"),
        max_length=300,
        help_text=_l("例如土壤类型、利用方式、污染来源与本单元相同；或者点位在填土、田埂上"),
    )


@staff_page("farmland.read_proposals")
def stands_for(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A point that stands for a unit, or must not count there."""
    actor = actor_of(request)
    rows = UnitVersion.objects.visible_to(actor).standing(actor.today).select_related("unit")
    version = get_object_or_404(rows, unit__uid=uid)
    back = reverse("kit:record", args=["farmland_units", str(uid)])
    context: dict[str, Any] = {
        "title": _("指定代表点位 %(name)s") % {"name": version.name},
        "note": _("落在单元内的点位自动计入，不用登记；已经计算的类别划分要重新计算才会用到。"),
        "crumbs": [(version.name, back), (_("指定代表点位"), "")],
        "save": _("登记"),
    }

    def write(said: dict[str, Any]) -> str:
        made = standing.say(
            version,
            said["point"],
            said["reason"],
            said["since"],
            by=actor,
            at=clock.now(),
            counts=said["counts"] == "yes",
        )
        return _("已登记点位 %(point)s。") % {"point": made.point.number}

    return led_on(request, posted(StandsForm, request, {"since": clock.today(), "counts": "yes"}), context, write, back)


@staff_page("farmland.read_proposals")
def stands_for_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What was said of a point and a unit taken back."""
    actor = actor_of(request)
    held = get_object_or_404(StandsFor.objects.visible_to(actor).select_related("unit", "point"), uid=uid)
    back = reverse("kit:record", args=["farmland_units", str(held.unit.uid)])

    def write(said: dict[str, Any]) -> str:
        standing.take_back(held, said["reason"], by=actor, at=clock.now())
        return _("已撤销点位 %(point)s 的指定。") % {"point": held.point.number}

    context: dict[str, Any] = {
        "title": _("撤销代表点位 %(point)s") % {"point": held.point.number},
        "crumbs": [(held.unit.number, back), (_("撤销代表点位"), "")],
        "save": _("撤销"),
    }
    return led_on(request, posted(WhyForm, request), context, write, back)
