"""Small acts on one unit or one household: the end, and placing households of a divided unit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.core.versions import Recording
from soildesk.farmland.entering import household
from soildesk.farmland.mu import told
from soildesk.farmland.pages.lineage import crumbs, found_or_404, record_url
from soildesk.farmland.pages.unitforms import EndForm, PlaceForm
from soildesk.farmland.queries.units import left_behind
from soildesk.farmland.refusals import HouseholdRefused
from soildesk.farmland.services import households, units
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked


@staff_page("farmland.keep_units")
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The end of a unit."""
    version, actor = found_or_404(request, uid), actor_of(request)
    require(actor, "farmland.keep_units", version)

    def write(said: dict[str, Any]) -> str:
        units.end(version, on=said["on"], recording=Recording(actor, clock.now(), said["reason"]))
        return _("%(number)s 自 %(on)s 起终止。") % {"number": version.unit.number, "on": said["on"]}

    context = {
        "title": _("终止 %(number)s") % {"number": version.unit.number},
        "note": _(
            "转为建设用地、重复登记等不再作为农用地的，在此终止，现行类别随之终止，历史仍可查看。只有一部分变化的先拆分。"
        ),
        "crumbs": crumbs(version, _("终止")),
        "save": _("终止"),
        "done": reverse("kit:collection", args=["farmland_units"]),
    }
    return asked(request, posted(EndForm, request, {"on": clock.today()}), context, write, record_url(version))


@staff_page("farmland.keep_households")
def household_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A household that tills the ground no more."""
    actor = actor_of(request)
    try:
        held = household(actor, str(uid))
    except HouseholdRefused as refusal:
        raise Http404(str(uid)) from refusal
    back = reverse("kit:record", args=["farmland_households", str(uid)])

    def write(said: dict[str, Any]) -> str:
        households.end(held, on=said["on"], by=actor, at=clock.now(), why=said["reason"])
        return _("已登记 %(unit)s 的一户自 %(on)s 起停止耕种。") % {"unit": held.unit.number, "on": said["on"]}

    context = {
        "title": _("停止耕种"),
        "note": _("登记的是这户从哪一天起不再耕种本单元；登记错误的请用“更正”。"),
        "crumbs": [
            (_("农户（落地到户）"), reverse("kit:collection", args=["farmland_households"])),
            (_("停止耕种"), ""),
        ],
        "save": _("登记"),
        "done": reverse("kit:record", args=["farmland_units", str(held.unit.uid)]),
    }
    return asked(request, posted(EndForm, request, {"on": clock.today()}), context, write, back)


@staff_page("farmland.keep_households")
def place_households(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Households of a unit that was divided, placed where their ground lies now."""
    version, actor = found_or_404(request, uid), actor_of(request)
    require(actor, "farmland.keep_households", version)
    waiting = {str(one.uid): one for one in left_behind(version.unit, clock.today())}
    choices = [(key, f"{one.head}　{told(one.area_m2)}　{one.unit.number}") for key, one in waiting.items()]

    def write(said: dict[str, Any]) -> str:
        at = clock.now()
        for key in said["households"]:
            households.move(waiting[key], version.unit, on=said["on"], by=actor, at=at, why=_("随单元拆分"))
        return _("已将 %(n)d 户分到 %(unit)s。") % {"n": len(said["households"]), "unit": version.unit.number}

    if not choices:
        messages.info(
            request,
            _("没有等待分到 %(unit)s 的农户：原单元的农户都已分好，或者没有登记。新的农户请用“登记农户”。")
            % {"unit": version.unit.number},
        )
        return redirect(record_url(version))
    given = {"data": request.POST} if request.method == "POST" else {}
    form = PlaceForm(initial={"on": version.since}, choices=choices, **given)
    context = {
        "title": _("分到 %(number)s 的农户") % {"number": version.unit.number},
        "note": _(
            "原单元拆分后，农户要按地块实际位置分到新单元；跨新单元的，先分到一个单元，再更正面积并在另一个单元登记。"
        ),
        "crumbs": crumbs(version, _("农户")),
        "save": _("分到本单元"),
    }
    return asked(request, form, context, write, record_url(version))
