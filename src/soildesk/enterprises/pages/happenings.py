"""Dated facts of a firm: written down after a look at what they change, and taken back."""

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
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.dutywords import line_of
from soildesk.enterprises.eventwords import WORDS, word
from soildesk.enterprises.models import EnterpriseVersion, Happening
from soildesk.enterprises.pages.firms import crumbs, firm_or_404
from soildesk.enterprises.pages.forms import WhyForm
from soildesk.enterprises.queries.cards import changed_by
from soildesk.enterprises.queries.facts import View, firms
from soildesk.enterprises.services import happenings
from soildesk.enterprises.services.happenings import Told
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import Day, posted
from soildesk.land.pages.parcels import asked
from soilrules.enterprises.duties import CardLine
from soilrules.enterprises.facts import Event, EventKind


class HappeningForm(forms.Form):
    """What happened, when, of what."""

    kind = forms.ChoiceField(label=_l("事项"), choices=[("", ""), *((str(kind), text) for kind, text in WORDS.items())])
    on = forms.DateField(label=_l("日期"), widget=Day, help_text=_l("计划类事项填写计划的日期，可以晚于今天"))
    period = forms.CharField(
        label=_l("期次"), max_length=20, required=False, help_text=_l("补报往年的写年份，如 2025；不填按日期归期")
    )
    subject = forms.CharField(
        label=_l("对象"), max_length=80, required=False, help_text=_l("哪一个项目、哪一次拆除或异常，前后写法要一致")
    )
    note = forms.CharField(label=_l("说明"), max_length=500, required=False)

    def told(self) -> Told:
        """The fact as the service wants it."""
        said = self.cleaned_data
        return Told(EventKind(said["kind"]), said["on"], said["period"], said["subject"], said["note"])


def card_url(uid: UUID) -> str:
    """The duty card of a firm."""
    return reverse("enterprises:duty_card", args=[uid])


@staff_page("enterprises.read")
def add(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A fact told: first what it changes, then written."""
    actor = actor_of(request)
    version = firm_or_404(actor, uid)
    require(actor, "enterprises.record", version)
    form = posted(HappeningForm, request, {"on": clock.today(), "kind": request.GET.get("kind", "")})
    context: dict[str, Any] = {
        "title": _("登记事项 %(name)s") % {"name": version.name},
        "form": form,
        "back": card_url(uid),
        "effects": None,
        "crumbs": crumbs(version, _("登记事项")),
    }
    if request.method == "POST" and form.is_valid():
        try:
            if "look" not in request.POST:
                made = happenings.record(version, form.told(), by=actor, at=clock.now())
                messages.success(request, _("已登记“%(what)s”。") % {"what": word(made.kind)})
                return HttpResponseRedirect(f"{card_url(uid)}#h-{made.uid}")
            happenings.check(version, form.told(), by=actor)
            context["effects"] = effects(actor, version, form.told())
        except Refusal as refusal:
            context["refused"] = str(refusal)
    refused = "refused" in context or bool(form.errors)
    return render(request, "enterprises/happening.html", context, status=422 if refused else 200)


def effects(actor: Actor, version: EnterpriseVersion, told: Told) -> list[str]:
    """What a fact would change, in sentences."""
    event = Event(told.kind, told.on, told.period.strip(), told.subject.strip(), known=min(told.on, actor.today))
    found = firms(View(actor, actor.today), only=[version.enterprise_id])
    uid = version.enterprise.uid
    return [_effect(before, after, uid) for one in found for before, after in changed_by(one, event, actor.today)]


def _effect(before: CardLine | None, after: CardLine | None, uid: UUID) -> str:
    if after is None:
        assert before is not None
        return _("不再需要：%(title)s") % {"title": line_of(before, uid).title}
    now = line_of(after, uid)
    told = {"title": f"{now.title} {now.period}".strip(), "state": now.chip.word, "reason": now.reason}
    if before is None:
        return _("新增：%(title)s（%(state)s）。%(reason)s") % told
    return _("%(title)s：%(old)s → %(state)s。%(reason)s") % {**told, "old": line_of(before, uid).chip.word}


@staff_page("enterprises.read")
def take_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A fact that was written down by mistake."""
    actor = actor_of(request)
    held = get_object_or_404(Happening.objects.visible_to(actor).select_related("enterprise"), uid=uid)
    require(actor, "enterprises.record", held)
    version = firm_or_404(actor, held.enterprise.uid)

    def write(said: dict[str, Any]) -> str:
        happenings.take_back(held, by=actor, at=clock.now(), why=said["reason"])
        return _("已撤销“%(what)s”，义务已重新计算。") % {"what": word(held.kind)}

    context = {
        "title": _("撤销 %(day)s %(what)s") % {"day": held.on, "what": word(held.kind)},
        "note": _("撤销后这条事项不再计入义务，仍留在历史里。"),
        "crumbs": crumbs(version, _("撤销事项")),
        "save": _("撤销"),
    }
    return asked(request, posted(WhyForm, request), context, write, card_url(held.enterprise.uid))
