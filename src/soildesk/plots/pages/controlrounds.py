"""Rounds of inspection, made for a telephone: choose a plot, answer four questions with photographs; what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, may, require
from soildesk.enterprises.pages.forms import WhyForm
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.record_pages import SAVED
from soildesk.kit.refused import stopped
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.land.services.patrols import Photo
from soildesk.plots.controlwords import FOUND
from soildesk.plots.models import ControlRound
from soildesk.plots.pages import controlforms as ask
from soildesk.plots.pages.events import plot_or_404
from soildesk.plots.queries import control as reads
from soildesk.plots.register.control import round_chip
from soildesk.plots.services import controlrounds as service
from soildesk.plots.services.control import FIELD, OFFICE
from soildesk.plots.services.controlrounds import Decided, Seen
from soilrules.plots.control import Found

PHOTOS = (("sign", _l("标识")), ("site", _l("地块全景")), ("spot", _l("发现的问题")))
"""Each taken with the camera; any number of others is chosen from those taken before."""


@staff_page(FIELD)
def choose(request: HttpRequest) -> HttpResponse:
    """The plots to walk, those not walked for longest first."""
    actor = actor_of(request)
    rows = [one for one in reads.overview(actor, actor.today, actor.today.year) if may(actor, FIELD, one.plot.version)]
    rows.sort(key=lambda one: one.rounds[0].on.toordinal() if one.rounds else 0)
    context = {
        "lines": [(one, one.rounds[0] if one.rounds else None) for one in rows],
        "crumbs": [(_("管控巡查"), reverse("kit:collection", args=["control_rounds"])), (_("去巡查"), "")],
        "saved_draft": request.session.pop(SAVED, ""),
    }
    return render(request, "plots/control_rounds.html", context)


@staff_page(FIELD)
def walk(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One round written down."""
    actor = actor_of(request)
    version = plot_or_404(actor, uid)
    require(actor, FIELD, version)
    form = posted(ask.RoundForm, request, {"on": clock.today()})
    draft = f"{actor.person.uid if actor.person else ''}.round.{version.plot.uid}"
    context: dict[str, Any] = {
        "form": form,
        "version": version,
        "photos": PHOTOS,
        "draft": draft,
        "crumbs": [(_("去巡查"), reverse("plots:control_rounds")), (version.name, "")],
    }
    if request.method == "POST" and form.is_valid():
        try:
            made = service.record(version.plot, _seen(request, form), by=actor, at=clock.now())
        except Refusal as refusal:
            context["refused"] = str(refusal)
        else:
            request.session[SAVED] = draft
            messages.success(request, _("已登记巡查：%(found)s。") % {"found": round_chip(made).word})
            return HttpResponseRedirect(_url(made))
    return render(request, "plots/control_round.html", context, status=422 if request.method == "POST" else 200)


def _seen(request: HttpRequest, form: ask.RoundForm) -> Seen:
    taken = [(one, str(word)) for key, word in PHOTOS for one in request.FILES.getlist(f"photo-{key}")]
    taken += [(one, "") for one in request.FILES.getlist("photo-other")]
    names = ("unrelated_building", "sign_intact", "spread", "in_use")
    return Seen(
        on=form.cleaned_data["on"],
        note=form.cleaned_data["note"],
        photos=[Photo(one.name or "photo.jpg", one.read(), shows) for one, shows in taken],
        **{name: form.answer(name) for name in names},
    )


def _url(one: ControlRound) -> str:
    return reverse("kit:record", args=["control_rounds", str(one.uid)])


@dataclass(frozen=True, slots=True)
class Asked:
    """A form about a round: who may, what it asks, what the page says."""

    permission: str
    form: Any
    title: str
    need: Callable[[ControlRound], object]
    note: str = ""


def _act(
    request: HttpRequest, uid: UUID, ask_: Asked, write: Callable[[ControlRound, Actor, dict[str, Any]], str]
) -> HttpResponse:
    """The page of a form about a round, and the act behind it."""
    actor = actor_of(request)
    one = get_object_or_404(ControlRound.objects.visible_to(actor).select_related("plot", "owner_department"), uid=uid)
    require(actor, ask_.permission, one)
    if answer := stopped(request, partial(ask_.need, one), _url(one), _("回到这次巡查")):
        return answer
    name = _("%(on)s 巡查 %(number)s") % {"on": one.on, "number": one.plot.number}
    listed = reverse("kit:collection", args=["control_rounds"])
    crumbs = [(_("管控巡查"), listed), (name, _url(one)), (ask_.title, "")]
    context = {"title": ask_.title, "note": ask_.note, "crumbs": crumbs, "save": _("登记")}
    first = {"on": clock.today(), "authority": one.owner_department.name, "level": "county"}
    return asked(request, posted(ask_.form, request, first), context, lambda told: write(one, actor, told), _url(one))


@staff_page("plots.read")
def confirm(request: HttpRequest, uid: UUID, what: str) -> HttpResponse:
    """What was found is a violation: an event of the plot."""
    if what not in list(Found):
        raise Http404(what)

    def write(one: ControlRound, actor: Actor, told: dict[str, Any]) -> str:
        service.confirm(one, Found(what), Decided(**told), by=actor, at=clock.now())
        return _("已登记为地块违规事项：整改到位后，在地块页面登记“违规已整改”。")

    need = partial(service.need_undecided, what=Found(what))
    title = _("登记违规：%(what)s") % {"what": FOUND[Found(what)]}
    note = _("登记后，地块显示“违规未整改”，直到登记整改；问题清单中的问题照常交办、验收。")
    return _act(request, uid, Asked(OFFICE, ask.ConfirmForm, title, need, note), write)


@staff_page("plots.read")
def set_aside(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What was found is no violation."""

    def write(one: ControlRound, actor: Actor, told: dict[str, Any]) -> str:
        service.set_aside(one, told["reason"], by=actor, at=clock.now())
        return _("已核定不是违规，理由留在巡查记录里；问题清单中的问题请在问题页面办理。")

    return _act(request, uid, Asked(OFFICE, WhyForm, _("核定不是违规"), service.need_no_event), write)


@staff_page("plots.read")
def stop_spread(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What was done against a spread."""

    def write(one: ControlRound, actor: Actor, told: dict[str, Any]) -> str:
        service.stop_spread(one, told["measure"], told["on"], by=actor, at=clock.now())
        return _("已登记防止扩散的措施。")

    return _act(request, uid, Asked(FIELD, ask.MeasureForm, _("登记防止扩散的措施"), service.need_spreading), write)


@staff_page("plots.read")
def back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A round written wrongly."""

    def write(one: ControlRound, actor: Actor, told: dict[str, Any]) -> str:
        service.take_back(one, told["reason"], by=actor, at=clock.now())
        return _("已作废。由此列入问题清单的问题仍在，不实的请在问题页面办理。")

    note = _("用于误登；记录和照片仍保留，可在历史里查看。")
    return _act(request, uid, Asked(FIELD, WhyForm, _("作废巡查记录"), service.need_no_event, note), write)
