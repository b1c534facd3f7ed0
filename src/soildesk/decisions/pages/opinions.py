"""Pages of written opinions: asked for, answered with a document, given back."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import Actor, require
from soildesk.decisions.models import OpinionRequest
from soildesk.decisions.pages.gate import crumbs, query_or_404
from soildesk.decisions.queries import kept
from soildesk.decisions.services import opinions
from soildesk.enterprises.pages.forms import WhyForm
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.refused import stopped
from soildesk.land.pages.forms import Day, posted
from soildesk.land.pages.parcels import asked as act_page
from soildesk.oversight.services.problems import Proof


class RequestForm(forms.Form):
    """An opinion asked for."""

    asked_of = forms.ChoiceField(label=_l("请求哪个单位出具意见"))
    incoming = forms.CharField(label=_l("来函文号"), max_length=120, required=False)
    asked_on = forms.DateField(label=_l("来函日期"), widget=Day)
    due = forms.DateField(label=_l("答复时限"), widget=Day, required=False)
    due_note = forms.CharField(
        label=_l("时限说明"), max_length=200, required=False, help_text=_l("时限从哪里来；没有约定时限的，在这里写明")
    )  # fmt: skip

    def __init__(self, *args: Any, bureaus: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked_of"].choices = [(str(one.pk), one.name) for one in bureaus]


class AnswerForm(forms.Form):
    """The answer."""

    answer = forms.CharField(label=_l("答复意见"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))
    outgoing = forms.CharField(label=_l("复函文号"), max_length=120)
    answered_on = forms.DateField(label=_l("复函日期"), widget=Day)
    file = forms.FileField(label=_l("盖章的复函"), required=False)


def opinion_url(held: OpinionRequest) -> str:
    """The record page of a request."""
    return reverse("kit:record", args=["gate-opinions", str(held.uid)])


def _opinion(actor: Actor, uid: UUID) -> OpinionRequest:
    found = kept.opinion_called(actor, uid)
    if found is None:
        raise Http404(str(uid))
    require(actor, opinions.OPINE, found)
    return found


@staff_page("decisions.read")
def new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An opinion asked for on an answer."""
    actor = actor_of(request)
    query = query_or_404(actor, uid)
    require(actor, opinions.ASK, query)
    bureaus = {str(one.pk): one for one in opinions.bureaus(query)}
    context = {
        "title": _("请求书面意见 %(number)s") % {"number": query.number},
        "note": _("核查单由系统得出；需要生态环境主管部门书面意见的，在这里登记来函，由其在时限内复函。"),
        "crumbs": crumbs(query, _("请求书面意见")),
        "save": _("登记"),
    }

    def write(said: dict[str, Any]) -> str:
        asked_from = query.owner_department
        facts = {**said, "asked_of": bureaus[said["asked_of"]], "asked_from": asked_from}
        made = opinions.request(query, facts, by=actor, at=clock.now())
        return _("已请求%(who)s出具书面意见。") % {"who": made.asked_of}

    initial = {"asked_on": clock.today(), "incoming": query.document}
    given = {"data": request.POST} if request.method == "POST" else {}
    form = RequestForm(bureaus=bureaus.values(), initial=initial, **given)
    return act_page(request, form, context, write, reverse("kit:record", args=["gate-queries", str(uid)]))


@staff_page("decisions.read")
def answer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The answer with its document."""
    actor = actor_of(request)
    held = _opinion(actor, uid)
    if stop := stopped(request, partial(opinions.need_asked, held), opinion_url(held), _("回到这份请求")):
        return stop
    context = {
        "title": _("答复书面意见 %(number)s") % {"number": held.query.number},
        "note": _("先下载复函草稿，审签、编号、盖章后在这里登记并上传。"),
        "crumbs": crumbs(held.query, _("答复书面意见")),
        "save": _("登记答复"),
    }

    def write(said: dict[str, Any]) -> str:
        upload = said.pop("file", None)
        letter = Proof(upload.name, upload.read()) if upload else None
        made = opinions.answer(held, said, letter, by=actor, at=clock.now())
        return _("已登记复函 %(number)s。") % {"number": made.outgoing}

    form = posted(AnswerForm, request, {"answered_on": clock.today()})
    return act_page(request, form, context, write, opinion_url(held))


@staff_page("decisions.read")
def give_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A request given back."""
    actor = actor_of(request)
    held = _opinion(actor, uid)
    if stop := stopped(request, partial(opinions.need_asked, held), opinion_url(held), _("回到这份请求")):
        return stop
    context = {
        "title": _("退回书面意见请求 %(number)s") % {"number": held.query.number},
        "note": _("写明缺什么材料、怎样补正；补正后可以重新请求。"),
        "crumbs": crumbs(held.query, _("退回")),
        "save": _("退回"),
    }

    def write(said: dict[str, Any]) -> str:
        opinions.give_back(held, said["reason"], by=actor, at=clock.now())
        return _("已退回。")

    return act_page(request, posted(WhyForm, request), context, write, opinion_url(held))
