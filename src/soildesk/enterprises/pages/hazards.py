"""Acts on hazards and on facilities, each a page with one form; the rates; the ledger as an Excel file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.core.versions import Recording
from soildesk.enterprises.facilityentry import facility_version
from soildesk.enterprises.models import FacilityVersion, Hazard
from soildesk.enterprises.pages import forms_hazards as ask
from soildesk.enterprises.pages.inspections import READ, bound, ledger_file
from soildesk.enterprises.queries import hazards as found
from soildesk.enterprises.refusals import FacilityRefused
from soildesk.enterprises.services import facilities, hazards
from soildesk.enterprises.services.facilities import Noted
from soildesk.enterprises.services.hazards import Rectified
from soildesk.enterprises.services.plantside import INSPECT, VERIFY, Done, Photo
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import EndForm
from soildesk.land.pages.parcels import asked
from soilrules.indicators.hazard_rectification import TARGET, TARGET_ON

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """One act: its title, permission, form, service and what is said when it is done."""

    title: Any
    permission: str
    form: type[forms.Form]
    write: Callable[[Hazard, Said, Done], Hazard]
    done: Any


def _rectify(hazard: Hazard, said: Said, done: Done) -> Hazard:
    photos = [Photo(one.name, one.read()) for one in said["photos"]]
    return hazards.rectify(hazard, Rectified(said["measure"], said["responsible"], said["on"]), done, photos)


def _noted(service: Callable[[Hazard, str, Done], Hazard]) -> Callable[[Hazard, Said, Done], Hazard]:
    return lambda hazard, said, done: service(hazard, said["note"], done)


def _extend(hazard: Hazard, said: Said, done: Done) -> Hazard:
    return hazards.extend(hazard, said["due"], said["note"], done)


PAGES: Mapping[str, Page] = {
    "rectify": Page(_l("登记整改"), INSPECT, ask.RectifyForm, _rectify, _l("已登记整改，等待另一名人员验收。")),
    "verify": Page(_l("验收销号"), VERIFY, ask.VerifyForm, _noted(hazards.verify), _l("已验收销号。")),
    "return": Page(_l("退回整改"), VERIFY, ask.ReturnForm, _noted(hazards.give_back), _l("已退回整改。")),
    "extend": Page(_l("规定或调整时限"), VERIFY, ask.TermForm, _extend, _l("已规定整改时限。")),
    "drop": Page(_l("撤销误登"), VERIFY, ask.DropForm, _noted(hazards.drop), _l("已撤销误登，记录保留。")),
}


@staff_page(READ)
def hazard_act(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """One act on one hazard."""
    actor, page = actor_of(request), PAGES.get(name)
    hazard = found.hazard_of(actor, uid)
    if page is None or hazard is None:
        raise Http404(name)
    require(actor, page.permission, hazard)
    back = reverse("kit:record", args=["hazards", str(hazard.uid)])

    def write(said: dict[str, Any]) -> str:
        page.write(hazard, said, Done(actor, clock.now()))
        return str(page.done)

    context = {
        "title": f"{page.title}：{hazard.number}",
        "note": hazard.what,
        "crumbs": [(_("隐患台账"), reverse("kit:collection", args=["hazards"])), (hazard.number, back), (str(page.title), "")],
        "save": page.title,
    }  # fmt: skip
    form = bound(
        request, page.form, initial={"on": clock.today(), "due": hazard.due, "responsible": hazard.responsible}
    )
    return asked(request, form, context, write, back)


@staff_page(READ)
def rates(request: HttpRequest) -> HttpResponse:
    """How many of the hazards found are put right and verified, by firm."""
    actor = actor_of(request)
    whole, firms = found.rates(actor, actor.today)
    context = {
        "whole": _rate_row(whole),
        "firms": [_rate_row(one) for one in firms],
        "target": f"{TARGET * 100:.0f}%",
        "target_on": TARGET_ON,
        "on": actor.today,
        "crumbs": [(_("隐患台账"), reverse("kit:collection", args=["hazards"])), (_("整改合格率"), "")],
    }
    return render(request, "enterprises/hazard_rates.html", context)


def _rate_row(one: found.Rate) -> dict[str, Any]:
    """A rate as it is shown: `-` where there is no hazard, never 100 %."""
    share = one.share.least
    return {
        "name": one.name,
        "found": one.found,
        "rectified": one.rectified,
        "verified": one.share.yes,
        "percent": f"{share * 100:.1f}%" if share is not None else "—",
        "reaches": one.share.reaches(TARGET),
        "url": f"{reverse('kit:collection', args=['hazards'])}?firm={one.name}",
    }


@staff_page(READ)
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger of all hazards the actor sees, with the columns of the guide."""
    actor = actor_of(request)
    return ledger_file(found.hazards(actor, actor.today), actor, _("隐患排查整改台账"))


def _facility(request: HttpRequest, uid: UUID) -> FacilityVersion:
    actor = actor_of(request)
    try:
        version = facility_version(actor, str(uid))
    except FacilityRefused as refusal:
        raise Http404(str(uid)) from refusal
    require(actor, INSPECT, version)
    return version


def _facility_context(version: FacilityVersion, title: str, save: str) -> tuple[dict[str, Any], str]:
    listed = reverse("kit:collection", args=["facilities"])
    back = reverse("kit:record", args=["facilities", str(version.facility.uid)])
    crumbs = [(_("重点场所和设施设备"), listed), (version.name, back), (title, "")]
    return {"title": f"{title}：{version.name}", "crumbs": crumbs, "save": save}, back


@staff_page(READ)
def facility_note(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A patrol, a repair or a monitoring of a facility."""
    actor, version = actor_of(request), _facility(request, uid)
    context, back = _facility_context(version, _("登记巡查维修监测"), _("登记"))

    def write(said: dict[str, Any]) -> str:
        noted = Noted(said["kind"], said["on"], said["note"], said["abnormal"], said["by_whom"])
        facilities.note(version, noted, Done(actor, clock.now()))
        return _("已登记“%(name)s”的记录。") % {"name": version.name}

    return asked(request, bound(request, ask.NoteForm, initial={"on": clock.today()}), context, write, back)


@staff_page(READ)
def facility_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A facility taken down."""
    actor, version = actor_of(request), _facility(request, uid)
    context, back = _facility_context(version, _("停用拆除"), _("登记停用拆除"))
    context |= {
        "note": _("停用拆除后不再列入排查；历史和记录保留。"),
        "done": reverse("kit:collection", args=["facilities"]),
    }

    def write(said: dict[str, Any]) -> str:
        facilities.end(version, on=said["on"], recording=Recording(actor, clock.now(), said["reason"]))
        return _("“%(name)s”自 %(on)s 起停用拆除。") % {"name": version.name, "on": said["on"]}

    return asked(request, bound(request, EndForm, initial={"on": clock.today()}), context, write, back)
