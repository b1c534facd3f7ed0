"""Investigations: new warnings looked through, a case closed; the monitoring of a firm with what to look at in its data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import may, require
from soildesk.enterprises.models import Investigation
from soildesk.enterprises.pages.firms import crumbs, firm_or_404
from soildesk.enterprises.queries.watching import watching
from soildesk.enterprises.services import investigations
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.land.pages.forms import Day, posted
from soildesk.land.pages.parcels import asked


class CloseForm(forms.Form):
    """What came out."""

    conclusion = forms.CharField(
        label=_l("结论"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_l("原因、影响和已采取的措施"),
    )
    on = forms.DateField(label=_l("办结日期"), widget=Day)


@staff_page("enterprises.investigate")
def check(request: HttpRequest) -> HttpResponse:
    """New warnings of firms' own points; posted, an investigation is opened for each."""
    actor = actor_of(request)
    listed = reverse("kit:collection", args=["investigations"])
    if request.method == "POST":
        try:
            made = investigations.check_warnings(by=actor, at=clock.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("enterprises:investigations_check"))
        messages.success(request, _("已立项 %(n)d 件。") % {"n": len(made)})
        return HttpResponseRedirect(listed)
    found = investigations.new_warnings(actor)
    context = {
        "found": found,
        "known": sum(one.firm is not None for one in found),
        "listed": listed,
        "crumbs": [(_("异常数据调查"), listed), (_("核对新的预警"), "")],
    }
    return render(request, "enterprises/investigations_check.html", context)


@staff_page("enterprises.read")
def close(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The end of a case."""
    actor = actor_of(request)
    case = get_object_or_404(Investigation.objects.visible_to(actor), uid=uid)
    require(actor, "enterprises.investigate", case)
    back = reverse("kit:record", args=["investigations", str(uid)])

    def write(said: dict[str, Any]) -> str:
        investigations.close(case, said["conclusion"], on=said["on"], by=actor, at=clock.now())
        return _("%(number)s 已办结。") % {"number": case.number}

    context = {
        "title": _("办结 %(number)s") % {"number": case.number},
        "note": _("办结后，异常带来的隐患排查和加密监测仍要按期完成。"),
        "crumbs": [
            (_("异常数据调查"), reverse("kit:collection", args=["investigations"])),
            (case.number, back),
            (_("办结"), ""),
        ],
        "save": _("办结"),
    }
    return asked(request, posted(CloseForm, request, {"on": clock.today()}), context, write, back)


@staff_page("enterprises.read")
def monitoring(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What is measured at and around a firm: its own points, those of the bureau beside them, and what to look at."""
    actor, on = actor_of(request), page_day(request)
    version = firm_or_404(actor, uid)
    may_read = may(actor, "monitoring.read")
    found = watching(actor, version, on) if may_read else None
    context = {
        "version": version,
        "found": found,
        "on": on,
        "cases": Investigation.objects.visible_to(actor).filter(enterprise=version.enterprise_id),
        "crumbs": crumbs(version, _("监测")),
    }
    return render(request, "enterprises/monitoring.html", context)
