"""Small acts on one parcel or one piece of unused land: another code, the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import require
from soildesk.core.versions import Recording
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.entering import unused_version
from soildesk.land.pages.forms import CodeForm, EndForm, posted
from soildesk.land.pages.lineage import crumbs, found_or_404, record_url
from soildesk.land.refusals import UnusedRefused
from soildesk.land.services import parcels, unused


def asked(
    request: HttpRequest, form: Any, context: dict[str, Any], write: Callable[[dict[str, Any]], str], back: str
) -> HttpResponse:
    """A page with one form and one act behind it: shown, refused in words, or done and led on (`done`, else back)."""
    done = context.pop("done", back)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, write(form.cleaned_data))
            return HttpResponseRedirect(done)
        except Refusal as refusal:
            context["refused"] = str(refusal)
    status = 422 if request.method == "POST" else 200
    return render(request, "land/act.html", {"form": form, "back": back, **context}, status=status)


@staff_page("land.read")
def code(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Another code a parcel is known by."""
    version, actor = found_or_404(request, uid), actor_of(request)
    require(actor, "land.keep_parcels", version)

    def write(said: dict[str, Any]) -> str:
        parcels.set_code(version, said["scheme"], said["code"], by=actor, at=clock.now(), since=said["since"])
        return _("已登记%(scheme)s“%(code)s”。") % said

    context = {"title": _("登记其他代码"), "crumbs": crumbs(version, _("其他代码")), "save": _("登记")}
    return asked(request, posted(CodeForm, request), context, write, record_url(version))


@staff_page("land.read")
def end_parcel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The end of a parcel."""
    version, actor = found_or_404(request, uid), actor_of(request)
    require(actor, "land.keep_parcels", version)

    def write(said: dict[str, Any]) -> str:
        parcels.end(version, on=said["on"], recording=Recording(actor, clock.now(), said["reason"]))
        return _("%(number)s 自 %(on)s 起终止。") % {"number": version.parcel.number, "on": said["on"]}

    context = {
        "title": _("终止 %(number)s") % {"number": version.parcel.number},
        "note": _("终止后这块地不再出现在当日及以后的台账与地图上，历史仍可查看。分割、合并请用相应办理。"),
        "crumbs": crumbs(version, _("终止")),
        "save": _("终止"),
        "done": reverse("kit:collection", args=["parcels"]),
    }
    form = posted(EndForm, request, {"on": clock.today()})
    return asked(request, form, context, write, record_url(version))


@staff_page("land.read")
def end_unused(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The end of a piece of unused land."""
    actor = actor_of(request)
    try:
        version = unused_version(actor, str(uid))
    except UnusedRefused as refusal:
        raise Http404(str(uid)) from refusal
    require(actor, "land.keep_unused", version)
    back = reverse("kit:record", args=["unused_land", str(uid)])

    def write(said: dict[str, Any]) -> str:
        unused.end(version, on=said["on"], recording=Recording(actor, clock.now(), said["reason"]))
        return _("%(number)s 自 %(on)s 起终止，不再要求巡查。") % {"number": version.land.number, "on": said["on"]}

    context = {
        "title": _("终止 %(number)s") % {"number": version.land.number},
        "note": _("已经开垦、建设或重复登记的，在此终止；以往的巡查记录保留。"),
        "crumbs": [
            (_("未利用地"), reverse("kit:collection", args=["unused_land"])),
            (version.name, back),
            (_("终止"), ""),
        ],
        "save": _("终止"),
        "done": reverse("kit:collection", args=["unused_land"]),
    }
    form = posted(EndForm, request, {"on": clock.today()})
    return asked(request, form, context, write, back)
