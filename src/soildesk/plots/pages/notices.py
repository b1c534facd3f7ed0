"""Pages of written notices: one written, its receipt, its withdrawal, the letter."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.pages.forms import WhyForm
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.kit.refused import stopped
from soildesk.land.pages.forms import Day, posted
from soildesk.land.pages.parcels import asked
from soildesk.plots import noticeletter
from soildesk.plots.models import WrittenNotice
from soildesk.plots.pages.events import crumbs, led_on, plot_or_404, plot_url
from soildesk.plots.queries.plots import version_of
from soildesk.plots.services import notices


class NoticeForm(forms.Form):
    """A notice."""

    kind = forms.ChoiceField(label=_l("事项"), choices=WrittenNotice.Kind.choices)
    number = forms.CharField(label=_l("文号"), max_length=120)
    recipient = forms.CharField(
        label=_l("送达对象"), max_length=160, help_text=_l("土地使用权人；已收回的，为收储机构或政府")
    )
    sent_on = forms.DateField(label=_l("发出日期"), widget=Day)
    received_on = forms.DateField(
        label=_l("送达日期"), widget=Day, required=False, help_text=_l("照送达回证填写；还没有送达的留空，以后再登记")
    )
    file = forms.FileField(label=_l("通知书或送达回证"), required=False)  # fmt: skip


class ReceivedForm(forms.Form):
    """The receipt of a notice."""

    on = forms.DateField(label=_l("送达日期"), widget=Day, help_text=_l("照送达回证填写；期限自这一天起算"))


def notice_url(notice: WrittenNotice) -> str:
    """The record page of a notice."""
    return reverse("kit:record", args=["written_notices", str(notice.uid)])


def _seen(actor: Actor, uid: UUID) -> WrittenNotice:
    rows = WrittenNotice.objects.visible_to(actor).select_related("plot", "owner_department__division")
    notice: WrittenNotice = get_object_or_404(rows, uid=uid)
    return notice


def _crumbs(notice: WrittenNotice, title: str) -> list[tuple[str, str]]:
    listed = reverse("kit:collection", args=["written_notices"])
    return [(_("书面通知"), listed), (notice.number, notice_url(notice)), (title, "")]


@staff_page("plots.read")
def new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A notice to whoever holds a plot."""
    actor = actor_of(request)
    version = plot_or_404(actor, uid)
    require(actor, "plots.notify", version)
    context = {
        "title": _("制发书面通知 %(name)s") % {"name": version.name},
        "note": _("登记后可下载通知书底稿。要求调查的期限自送达之日起算；不能改期，写错的请撤回后重新制发。"),
        "crumbs": crumbs(version, (_("制发书面通知"), "")),
        "save": _("登记"),
    }

    def write(said: dict[str, Any]) -> str:
        upload = said.pop("file", None)
        paper = (upload.name, upload.read()) if upload else None
        made = notices.serve(version.plot, said, by=actor, at=clock.now(), paper=paper)
        context["done"] = notice_url(made)
        return _("已登记通知“%(number)s”。") % {"number": made.number}

    initial = {"sent_on": clock.today(), "recipient": version.holder}
    return led_on(request, posted(NoticeForm, request, initial), context, write, plot_url(version))


@staff_page("plots.read")
def received(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The receipt of a notice."""
    actor = actor_of(request)
    notice = _seen(actor, uid)
    require(actor, "plots.notify", notice)
    if answer := stopped(request, partial(notices.need_waiting, notice), notice_url(notice), _("回到这份通知")):
        return answer

    def write(said: dict[str, Any]) -> str:
        held = notices.receive(notice, said["on"], by=actor, at=clock.now())
        if held.due:
            return _("已登记 %(on)s 送达，应于 %(due)s 前完成。") % {"on": said["on"], "due": held.due}
        return _("已登记 %(on)s 送达。") % {"on": said["on"]}

    context = {
        "title": _("登记送达 %(number)s") % {"number": notice.number},
        "crumbs": _crumbs(notice, _("登记送达")),
        "save": _("登记"),
    }
    return asked(request, posted(ReceivedForm, request, {"on": clock.today()}), context, write, notice_url(notice))


@staff_page("plots.read")
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A notice taken back."""
    actor = actor_of(request)
    notice = _seen(actor, uid)
    require(actor, "plots.notify", notice)
    if answer := stopped(request, partial(notices.need_standing, notice), notice_url(notice), _("回到这份通知")):
        return answer

    def write(said: dict[str, Any]) -> str:
        notices.withdraw(notice, said["reason"], by=actor, at=clock.now())
        return _("已撤回通知“%(number)s”。") % {"number": notice.number}

    context = {
        "title": _("撤回通知 %(number)s") % {"number": notice.number},
        "note": _("撤回后不再要求办理，通知和原因留在历史里；需要的，请另行制发。"),
        "crumbs": _crumbs(notice, _("撤回")),
        "save": _("撤回"),
    }
    return asked(request, posted(WhyForm, request), context, write, notice_url(notice))


@staff_page("plots.read")
def letter(request: HttpRequest, uid: UUID, kind: str) -> HttpResponse:
    """The letter, as Word to be worked on or as PDF."""
    actor = actor_of(request)
    notice = _seen(actor, uid)
    require(actor, "plots.notify", notice)
    version = version_of(notice.plot_id, notice.sent_on)
    term = notices.term_of(notice.kind, None, "", notice.sent_on, notice.division_path)
    name = f"{version.name}_{notice.get_kind_display()}_{notice.sent_on}"
    if kind == "pdf":
        return download(noticeletter.as_pdf(notice, version, term, at=clock.now()), name, kind)
    return download(noticeletter.as_word(notice, version, term), name, "docx")
