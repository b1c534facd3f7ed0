"""Acts on candidates: made a plot, linked to one, dismissed with a reason, looked at again; the feed from firms."""

from __future__ import annotations

from functools import partial
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
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.pages.forms import WhyForm
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.refused import stopped
from soildesk.land.pages.forms import Day, GroundField, posted
from soildesk.land.pages.parcels import asked
from soildesk.plots.models import Candidate
from soildesk.plots.pages.events import led_on
from soildesk.plots.queries.plots import called
from soildesk.plots.refusals import CandidateRefused
from soildesk.plots.services import candidates, feeds
from soildesk.plots.services.events import Document, Told

SHOWN = 150
"""Rows of one feed shown at once; the rest comes when these are taken in."""


class ConfirmForm(GroundField):
    """A plot made of a candidate, with the decision that lists it, where there is one."""

    name = forms.CharField(label=_l("地块名称"), max_length=160)
    reason = forms.CharField(label=_l("理由"), max_length=300, help_text=_l("为什么疑似：原用途、行业、发现的情况"))
    listed = forms.BooleanField(label=_l("已决定列入疑似污染地块名单"), required=False)
    on = forms.DateField(label=_l("列入日期"), widget=Day, required=False)
    authority = forms.CharField(
        label=_l("决定机关"), max_length=120, required=False, help_text=_l("县级生态环境部门；列入的必须填写")
    )
    document = forms.CharField(label=_l("文号"), max_length=120, required=False)
    paper = forms.FileField(label=_l("公告或决定文件"), required=False)
    field_order = ["name", "reason", "ground", "crs", "file", "listed", "on", "authority", "document", "paper"]  # fmt: skip

    def told(self) -> Told | None:
        """The event that lists the plot; None where nobody decided that yet."""
        said = self.cleaned_data
        if not said["listed"]:
            return None
        if not said["on"]:
            raise CandidateRefused(_("没有填写列入日期：请照文件填写。"), code="plots.candidate.words")
        paper = said["paper"]
        file = Document(paper.name, paper.read()) if paper else None
        return Told(
            "suspected_listed",
            said["on"],
            said["authority"],
            "county",
            said["document"],
            note=said["reason"],
            file=file,
        )


class LinkForm(forms.Form):
    """The plot a candidate is."""

    plot = forms.CharField(label=_l("地块"), max_length=160, help_text=_l("地块编号、全国系统编码或全名"))
    reason = forms.CharField(label=_l("理由"), max_length=300)


def _seen(request: HttpRequest, uid: UUID) -> tuple[Actor, Candidate]:
    actor = actor_of(request)
    found: Candidate = get_object_or_404(Candidate.objects.visible_to(actor), uid=uid)
    require(actor, "plots.decide", found)
    return actor, found


def _context(found: Candidate, title: str, save: str, note: str = "") -> dict[str, Any]:
    listed = reverse("kit:collection", args=["plot_candidates"])
    crumbs = [(_("疑似地块线索"), listed), (found.title, _url(found)), (save, "")]
    return {"title": title, "note": note, "crumbs": crumbs, "save": save}


def _url(found: Candidate) -> str:
    return reverse("kit:record", args=["plot_candidates", str(found.uid)])


@staff_page("plots.read")
def confirm(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A candidate that becomes a plot."""
    actor, found = _seen(request, uid)
    if answer := stopped(request, partial(candidates.need_open, found), _url(found), _("回到这条线索")):
        return answer
    note = _("立为地块后，列入名单仍由有权机关决定：已有决定的一并登记，没有的先不勾选。")
    if found.geometry is not None and found.geometry.area:
        note += _("不另给范围的，用线索的范围。")
    else:
        note += _("线索没有范围，或只有一个位置：请画出或上传范围。")
    context = _context(found, _("立为地块 %(title)s") % {"title": found.title}, _("立为地块"), note)
    form = posted(ConfirmForm, request, {"name": found.title, "on": clock.today()})

    def write(said: dict[str, Any]) -> str:
        facts = {"name": said["name"], "geometry": form.given()}
        made = candidates.confirm(found, facts, form.told(), by=actor, at=clock.now(), why=said["reason"])
        context["done"] = reverse("kit:record", args=["plots", str(made.plot.uid)])
        return _("已立为地块 %(number)s。") % {"number": made.plot.number}

    return led_on(request, form, context, write, _url(found))


@staff_page("plots.read")
def link(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A candidate that is a plot already."""
    actor, found = _seen(request, uid)
    if answer := stopped(request, partial(candidates.need_open, found), _url(found), _("回到这条线索")):
        return answer
    context = _context(found, _("归入已有地块 %(title)s") % {"title": found.title}, _("归入"))

    def write(said: dict[str, Any]) -> str:
        rows = called(actor, said["plot"], clock.today())
        if len(rows) != 1:
            raise CandidateRefused(
                _("没有找到地块“%(text)s”，或不止一个：请填写地块编号或全国系统编码。") % {"text": said["plot"]},
                code="plots.candidate.not_found",
            )
        candidates.link(found, rows[0].plot, by=actor, at=clock.now(), why=said["reason"])
        return _("已归入“%(name)s”。") % {"name": rows[0].name}

    form = posted(LinkForm, request, {"plot": request.GET.get("plot", "")})
    return asked(request, form, context, write, _url(found))


@staff_page("plots.read")
def dismiss(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A candidate that is no suspicion."""
    actor, found = _seen(request, uid)
    if answer := stopped(request, partial(candidates.need_open, found), _url(found), _("回到这条线索")):
        return answer
    note = _("排除后不再提示；理由留在历史里，有新情况可以重新核实。")
    context = _context(found, _("不列为疑似 %(title)s") % {"title": found.title}, _("不列为疑似"), note)

    def write(said: dict[str, Any]) -> str:
        candidates.dismiss(found, by=actor, at=clock.now(), why=said["reason"])
        return _("已排除“%(title)s”。") % {"title": found.title}

    return asked(request, posted(WhyForm, request), context, write, _url(found))


@staff_page("plots.read")
def reopen(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A candidate looked at again."""
    actor, found = _seen(request, uid)
    if answer := stopped(request, partial(candidates.need_closed, found), _url(found), _("回到这条线索")):
        return answer
    context = _context(found, _("重新核实 %(title)s") % {"title": found.title}, _("重新核实"))

    def write(said: dict[str, Any]) -> str:
        candidates.reopen(found, by=actor, at=clock.now(), why=said["reason"])
        return _("“%(title)s”已重新列为待核实。") % {"title": found.title}

    return asked(request, posted(WhyForm, request), context, write, _url(found))


@staff_page("plots.read")
def feed(request: HttpRequest) -> HttpResponse:
    """What the registers tell of suspicious ground: seen first, then what a person chose is taken in."""
    actor = actor_of(request)
    require(actor, "plots.decide")
    listed = reverse("kit:collection", args=["plot_candidates"])
    refused = ""
    if request.method == "POST":
        if chosen := set(request.POST.getlist("take")):
            made = feeds.take_in(chosen, by=actor, at=clock.now())
            messages.success(request, _("新列入 %(n)d 条线索；以前列过的不重复。") % {"n": len(made)})
            return HttpResponseRedirect(f"{listed}?state=open")
        refused = _("一条也没有勾选：请勾选要列为线索的，或返回。")
    offers = feeds.offered(actor)
    context = {
        "title": _("从各台账查找线索"),
        "refused": refused,
        "crumbs": [(_("疑似地块线索"), listed), (_("查找线索"), "")],
        "offers": [(one, one.new[:SHOWN], max(len(one.new) - SHOWN, 0)) for one in offers],
        "any": any(one.new for one in offers),
        "back": listed,
    }
    return render(request, "plots/feed.html", context, status=422 if refused else 200)
