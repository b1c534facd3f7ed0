"""Proposals for the lists: made anew for a year, put forward or dismissed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.enterprises.models import ListProposal
from soildesk.enterprises.services import proposals
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.land.services.writing import place_at


class DecideForm(forms.Form):
    """What becomes of a proposal."""

    state = forms.ChoiceField(
        label=_l("办理"),
        choices=[("put_forward", _l("报送建议")), ("dismissed", _l("不报"))],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label=_l("理由"), max_length=300, required=False, help_text=_l("不报的必填"))


@staff_page("enterprises.keep_lists")
def make(request: HttpRequest) -> HttpResponse:
    """The proposals of this year, anew."""
    actor, today = actor_of(request), clock.today()
    listed = reverse("kit:collection", args=["list_proposals"])

    def write(said: dict[str, Any]) -> str:
        made = proposals.make(today.year, place_at("", actor), by=actor, at=clock.now())
        return _("建议列入 %(enter)d 家，建议移出 %(leave)d 家，无法判断 %(cannot_say)d 家，维持 %(stay)d 家。") % made

    context = {
        "title": _("生成 %(year)d 年名录建议") % {"year": today.year},
        "note": _("按国家条件对每家企业逐条判断；已报送或不报的保留。名录由市级确定。"),
        "crumbs": [(_("名录建议"), listed), (_("生成"), "")],
        "save": _("生成"),
    }
    return asked(request, posted(forms.Form, request), context, write, listed)


@staff_page("enterprises.read")
def decide(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put forward or dismissed."""
    actor = actor_of(request)
    found = get_object_or_404(ListProposal.objects.visible_to(actor), uid=uid)
    require(actor, "enterprises.keep_lists", found)
    back = reverse("kit:record", args=["list_proposals", str(uid)])

    def write(said: dict[str, Any]) -> str:
        held = proposals.decide(found, said["state"], why=said["why"], by=actor, at=clock.now())
        return _("已登记：%(state)s。") % {"state": held.get_state_display()}

    context = {
        "title": _("办理名录建议 %(number)s") % {"number": found.enterprise.number},
        "crumbs": [(_("名录建议"), reverse("kit:collection", args=["list_proposals"])), (found.enterprise.number, back), (_("办理"), "")],
        "save": _("确定"),
    }  # fmt: skip
    return asked(request, posted(DecideForm, request), context, write, back)
