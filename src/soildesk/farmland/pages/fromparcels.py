"""Units proposed from parcels: what alike means is asked, what would be entered is shown, then all of it is entered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor
from soildesk.farmland.models import UnitVersion
from soildesk.farmland.mu import told
from soildesk.farmland.queries.fromparcels import Asked, Proposed, proposed
from soildesk.farmland.services import units
from soildesk.farmland.services.units import Entered
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import Day
from soildesk.land.queries import standing
from soildesk.land.queries.choices import department, keepers, own_towns
from soildesk.land.services.writing import place_at

SHOWN = 200


class FromParcelsForm(forms.Form):
    """Which parcels, and what makes them one unit."""

    town = forms.ChoiceField(label=_l("乡镇（街道）"))
    gap_m = forms.FloatField(
        label=_l("相隔不超过（米）算一片"),
        min_value=0,
        max_value=200,
        initial=0,
        help_text=_l("0 为必须相邻；隔着田间道路的填路宽。"),
    )
    soil = forms.ChoiceField(
        label=_l("土壤图层"), required=False, help_text=_l("有土壤图的选择，按所在图斑分；没有就不按土壤分。")
    )
    source_m = forms.FloatField(
        label=_l("多少米内的企业算污染源"), min_value=0, required=False, help_text=_l("不填则不按污染源分。")
    )
    keeper = forms.ChoiceField(label=_l("责任单位"))
    on = forms.DateField(label=_l("自哪一天起"), widget=Day)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        layers = [("", _("不按土壤分")), *((one.code, one.title) for one in standing.layers(actor))]
        self.fields["town"].choices = own_towns(actor, today)
        self.fields["soil"].choices = layers
        self.fields["keeper"].choices = [("", _("请选择")), *keepers(actor, today)]


@staff_page("farmland.keep_units")
def page(request: HttpRequest) -> HttpResponse:
    """Ask, show, enter."""
    actor = actor_of(request)
    given = {"data": request.POST} if request.method == "POST" else {}
    form = FromParcelsForm(actor, initial={"on": clock.today(), "gap_m": 0}, **given)
    context: dict[str, Any] = {
        "form": form,
        "crumbs": [(_("评价单元"), reverse("kit:collection", args=["farmland_units"])), (_("由地块归并"), "")],
    }
    status = 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            found = proposed(actor, _asked(actor, said), said["on"])
            context |= _shown(found)
            if request.POST.get("step") == "save" and str(len(found)) == request.POST.get("seen"):
                messages.success(request, _done(actor, found, said))
                return HttpResponseRedirect(f"{reverse('kit:collection', args=['farmland_units'])}?class=-")
        except Refusal as refusal:
            context["refused"], status = str(refusal), 422
    elif request.method == "POST":
        status = 422
    return render(request, "farmland/from_parcels.html", context, status=status)


def _asked(actor: Actor, said: dict[str, Any]) -> Asked:
    soil = next((one for one in standing.layers(actor) if one.code == said["soil"]), None) if said["soil"] else None
    return Asked(said["town"], said["gap_m"], soil, said["source_m"])


def _shown(found: Sequence[Proposed]) -> dict[str, Any]:
    grounds, uses = dict(UnitVersion.Ground.choices), dict(UnitVersion.Use.choices)
    rows = [
        (at, grounds[one.ground], uses.get(one.use, ""), one.soil_type, one.source, len(one.parcels), told(one.area_m2))
        for at, one in enumerate(found[:SHOWN], 1)
    ]
    total = told(sum(one.area_m2 for one in found))
    return {"asked": True, "found": found, "rows": rows, "total": total, "more": max(len(found) - SHOWN, 0)}


def _done(actor: Actor, found: Sequence[Proposed], said: dict[str, Any]) -> str:
    on: date = said["on"]
    keeper = department(int(said["keeper"]))
    grounds = dict(UnitVersion.Ground.choices)
    rows = []
    for at, one in enumerate(found, 1):
        place = place_at(one.path, actor)
        facts = {
            "name": f"{place.division.name}{grounds[one.ground]}{on.year}-{at}", "ground": one.ground, "use": one.use,
            "soil_type": one.soil_type, "source": one.source[:200], "keeper": keeper, "geometry": one.geometry,
            "note": _("由 %(n)d 块地块归并") % {"n": len(one.parcels)},
        }  # fmt: skip
        rows.append(Entered(facts, place))
    made = units.enter_many(rows, since=on, by=actor, at=clock.now(), why=_("由地块归并"))
    return _("已登记 %(n)d 个评价单元；还没有现行类别，类别由省级人民政府批准。") % {"n": len(made)}
