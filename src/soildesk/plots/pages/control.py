"""Pages of plots that are not developed for now: what is missing of each, zones, the plans and media of years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import Actor, may, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.refused import stopped
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.plots.controlwords import medium_word
from soildesk.plots.models import ControlYear, ControlZone, Plot, PlotVersion
from soildesk.plots.pages import controlforms as ask
from soildesk.plots.pages.events import crumbs, plot_or_404, plot_url
from soildesk.plots.queries import control as reads
from soildesk.plots.refusals import ControlRefused
from soildesk.plots.register.control import missing_words, zone_chip
from soildesk.plots.services import control
from soildesk.plots.services.control import Approval, Monitored, Terms
from soildesk.plots.services.events import Document


@staff_page("plots.read")
def overview(request: HttpRequest) -> HttpResponse:
    """Every plot that waits, with what is missing."""
    actor, on = actor_of(request), page_day(request)
    rows = reads.overview(actor, on, on.year)
    lines = [(one, zone_chip(one.zone) if one.zone else None, missing_words(one.missing)) for one in rows]
    context = {
        "lines": lines,
        "unknown": sum(one.waits is None for one in rows),
        "year": on.year,
        "on": on,
        "may_record": any(control_may(actor, one.plot.version) for one in rows),
        "crumbs": [(_("建设用地地块"), reverse("kit:collection", args=["plots"])), (_("暂不开发利用地块"), "")],
    }
    return render(request, "plots/control.html", context)


def control_may(actor: Actor, version: PlotVersion) -> bool:
    """Whether the actor keeps zones and years of a plot."""
    return may(actor, "plots.record", version)


def document(upload: Any) -> Document | None:
    """An uploaded file."""
    return Document(upload.name, upload.read()) if upload else None


@staff_page("plots.read")
def propose(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A zone proposed."""
    actor = actor_of(request)
    version = plot_or_404(actor, uid)
    require(actor, control.OFFICE, version)
    back = plot_url(version)
    if answer := stopped(request, partial(control.need_proposable, version.plot), back, _("回到这个地块")):
        return answer
    form = posted(ask.ProposeForm, request, {"on": clock.today()})

    def write(said: dict[str, Any]) -> str:
        control.propose(
            version.plot, said["measures"], said["on"], by=actor, at=clock.now(), ground=form.given()
        )  # fmt: skip
        return _("已登记管控区域建议：政府批准后，登记批准文件。")

    context = {
        "title": _("提出管控区域 %(name)s") % {"name": version.name},
        "note": _("本级提出建议，由同级人民政府批准后才生效；批准前可以重新提出。"),
        "crumbs": crumbs(version, (_("提出管控区域"), "")),
        "save": _("登记"),
    }
    return asked(request, form, context, write, back)


@dataclass(frozen=True, slots=True)
class ZoneAct:
    """A form about a zone: what it asks, who may, and what has to hold before."""

    form: Any
    title: str
    need: Callable[[ControlZone], object] = lambda zone: None
    permission: str = control.OFFICE


def _zone_act(
    request: HttpRequest, uid: UUID, act: ZoneAct, write: Callable[[ControlZone, Actor, dict[str, Any]], str]
) -> HttpResponse:
    """A form about the zone of a plot."""
    actor = actor_of(request)
    version = plot_or_404(actor, uid)
    require(actor, act.permission, version)
    back, title = plot_url(version), act.title
    check = partial(_need, version.plot, act)
    if answer := stopped(request, check, back, _("回到这个地块")):
        return answer
    try:
        zone = control.need_zone(version.plot)
    except ControlRefused as refusal:  # it ended while the form was filled in
        told = {"refused": str(refusal), "url": back, "back": _("回到这个地块")}
        return render(request, "kit/refused.html", told, status=409)
    context = {
        "title": f"{title} {version.name}",
        "crumbs": crumbs(version, (title, "")),
        "save": _("登记"),
    }
    form = posted(act.form, request, {"on": clock.today()})
    return asked(request, form, context, lambda said: write(zone, actor, said), back)


def _need(plot: Plot, act: ZoneAct) -> None:
    act.need(control.need_zone(plot))


@staff_page("plots.read")
def approve(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The approval of the government."""

    def write(zone: ControlZone, actor: Actor, said: dict[str, Any]) -> str:
        approval = Approval(said["on"], said["number"], said["authority"])
        control.approve(zone, approval, document(said["file"]), by=actor, at=clock.now())
        return _("已登记批准：接着发布公告、设置标识。")

    return _zone_act(request, uid, ZoneAct(ask.ApproveForm, _("登记管控区域批准"), control.need_unapproved), write)


@staff_page("plots.read")
def announce(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The announcement."""

    def write(zone: ControlZone, actor: Actor, said: dict[str, Any]) -> str:
        control.announce(zone, said["on"], document(said["file"]), by=actor, at=clock.now())
        return _("已登记公告。")

    return _zone_act(request, uid, ZoneAct(ask.ProofForm, _("登记管控区域公告"), control.need_approved), write)


@staff_page("plots.read")
def set_sign(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The sign."""

    def write(zone: ControlZone, actor: Actor, said: dict[str, Any]) -> str:
        control.set_sign(zone, said["on"], document(said["file"]), by=actor, at=clock.now())
        return _("已登记标识。")

    act = ZoneAct(ask.SignForm, _("登记管控区域标识"), control.need_approved, control.FIELD)
    return _zone_act(request, uid, act, write)


@staff_page("plots.read")
def end_zone(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The end of a zone."""

    def write(zone: ControlZone, actor: Actor, said: dict[str, Any]) -> str:
        control.end_zone(zone, said["on"], said["reason"], by=actor, at=clock.now())
        return _("管控区域自 %(on)s 起终止。") % {"on": said["on"]}

    return _zone_act(request, uid, ZoneAct(ask.EndForm, _("终止管控区域")), write)


@staff_page("plots.read")
def open_year(request: HttpRequest) -> HttpResponse:
    """The year asked of one plot, or of all that wait."""
    actor = actor_of(request)
    require(actor, control.OFFICE)
    chosen = request.GET.get("plot", "")
    rows = _waiting_in(actor, actor.today.year, chosen)
    form = posted(ask.YearForm, request, {"year": actor.today.year})
    listed = reverse("plots:control")

    def write(said: dict[str, Any]) -> str:
        terms = Terms(said["year"], said["due"], said["basis"], form.media, said["media_basis"])
        asked_of = _waiting_in(actor, said["year"], chosen)
        made = control.open_year([one.plot for one in asked_of], terms, by=actor, at=clock.now())
        return _("已为 %(n)d 个地块开列 %(year)s 年度管控。") % {"n": len(made), "year": said["year"]}

    names = "、".join(one.name for one in rows)
    context = {
        "title": _("开列年度管控"),
        "note": _("将为 %(n)d 个地块开列：%(names)s。时限照当地文件填写；没有文件规定的留空，不设时限。已开列的按本次填写更新时限。")
        % {"n": len(rows), "names": names or _("没有暂不开发利用的地块")},
        "crumbs": [(_("暂不开发利用地块"), listed), (_("开列年度管控"), "")],
        "save": _("开列"),
    }  # fmt: skip
    return asked(request, form, context, write, listed)


def _waiting_in(actor: Actor, year: int, chosen: str) -> list[PlotVersion]:
    """The plots that waited in a year, all of them or the chosen one; a year to come is that of today."""
    on = min(actor.today, date(min(max(year, 1), 9999), 12, 31))
    kept = [one.plot.version for one in reads.overview(actor, on, year) if one.waits or one.zone]
    return [one for one in kept if control_may(actor, one) and chosen in ("", str(one.plot.uid))]


def _year(actor: Actor, uid: UUID, permission: str) -> ControlYear:
    row = get_object_or_404(ControlYear.objects.visible_to(actor).select_related("plot"), uid=uid)
    require(actor, permission, row)
    found: ControlYear = row
    return found


def _year_page(row: ControlYear, title: str) -> tuple[dict[str, Any], str]:
    back = reverse("kit:record", args=["control_years", str(row.uid)])
    listed = reverse("kit:collection", args=["control_years"])
    name = _("%(year)s 年度 %(number)s") % {"year": row.year, "number": row.plot.number}
    crumbs_ = [(_("年度管控计划"), listed), (name, back), (title, "")]
    return {"title": f"{title} {name}", "crumbs": crumbs_, "save": _("登记")}, back


@staff_page("plots.read")
def file_plan(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The plan handed in."""
    actor = actor_of(request)
    row = _year(actor, uid, control.OFFICE)
    context, back = _year_page(row, _("登记年度计划报送"))
    if answer := stopped(request, partial(control.need_unfiled, row), back, _("回到这份年度计划")):
        return answer

    def write(said: dict[str, Any]) -> str:
        control.file_plan(row, said["on"], said["content"], document(said["file"]), by=actor, at=clock.now())
        return _("已登记 %(on)s 报送。") % {"on": said["on"]}

    return asked(request, posted(ask.PlanForm, request, {"on": clock.today()}), context, write, back)


@staff_page("plots.read")
def monitored(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A medium monitored."""
    actor = actor_of(request)
    row = _year(actor, uid, control.FIELD)
    context, back = _year_page(row, _("登记监测"))
    said_ = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = ask.MonitoredForm(initial={"on": clock.today()}, batches=reads.batches(actor), **said_)

    def write(said: dict[str, Any]) -> str:
        told = Monitored(said["medium"], said["on"], said["batch"], document(said["file"]))
        control.monitored(row, told, by=actor, at=clock.now())
        return _("已登记%(medium)s监测。") % {"medium": medium_word(said["medium"])}

    return asked(request, form, context, write, back)
