"""Pages of a plot's life: what may follow, one event written down or taken back, the end of a plot."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.enterprises.pages.forms import WhyForm
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.refused import stopped
from soildesk.land.pages.forms import EndForm, posted
from soildesk.land.pages.parcels import asked
from soildesk.plots import lifedrawing, lifewords, reportwords
from soildesk.plots.entering import plot_version
from soildesk.plots.eventforms import BeginForm, EventForm
from soildesk.plots.lifefacts import cited
from soildesk.plots.models import PlotEvent, PlotVersion
from soildesk.plots.queries import next_steps
from soildesk.plots.refusals import PlotRefused
from soildesk.plots.services import events, plots
from soilrules.bases import bases_on
from soilrules.plots.lifedata import life_table
from soilrules.plots.state import EventKind


def plot_or_404(actor: Actor, uid: UUID) -> PlotVersion:
    """The plot as it is; nothing where the actor sees none."""
    try:
        return plot_version(actor, str(uid))
    except PlotRefused as refusal:
        raise Http404(str(uid)) from refusal


def plot_url(version: PlotVersion) -> str:
    """The record page of a plot."""
    return reverse("kit:record", args=["plots", str(version.plot.uid)])


def crumbs(version: PlotVersion, *titles: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to an act on a plot."""
    return [(_("建设用地地块"), reverse("kit:collection", args=["plots"])), (version.name, plot_url(version)), *titles]


def led_on(request: HttpRequest, form: Any, context: dict[str, Any], write: Any, back: str) -> HttpResponse:
    """As `asked`, where the act itself says where it leads: `done` of the context, written by `write`."""
    answer = asked(request, form, context, write, back)
    if answer.status_code == 302 and context.get("done"):
        answer["Location"] = context["done"]
    return answer


@staff_page("plots.read")
def overview(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Where a plot is and everything that may follow."""
    actor, on = actor_of(request), page_day(request)
    version = plot_or_404(actor, uid)
    require(actor, "plots.record", version)
    here = next_steps.here(version.plot, on)
    steps = lifewords.steps(here, str(uid))
    context = {
        "version": version,
        "here_name": lifewords.stage_name(here.history.state.stage),
        "drawing": lifedrawing.drawn(here.history),
        "possible": [one for one in steps if one.possible],
        "blocked": [one for one in steps if not one.possible],
        "reports_waiting": reportwords.waiting(actor, version.plot),
        "may_record": True,
        "crumbs": crumbs(version, (_("登记事项"), "")),
    }
    return render(request, "plots/events.html", context)


@staff_page("plots.read")
def new(request: HttpRequest, uid: UUID, kind: str) -> HttpResponse:
    """One event of a plot."""
    actor = actor_of(request)
    version = plot_or_404(actor, uid)
    require(actor, "plots.record", version)
    if kind not in list(EventKind):
        raise Http404(kind)
    said = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    count = PlotEvent.objects.filter(plot=version.plot).count()
    form = EventForm(kind=kind, initial={"on": page_day(request), "seen": count}, **said)

    def write(values: dict[str, Any]) -> str:
        made = events.record(version.plot, form.told(), by=actor, at=clock.now(), seen=values["seen"])
        return _("已登记“%(event)s”（%(on)s）。") % {"event": lifewords.event_name(made.kind), "on": made.on}

    day = min(form.day(), actor.today)
    step = next_steps.here(version.plot, day).step(kind)
    context = {
        "title": _("登记“%(event)s”") % {"event": lifewords.event_name(kind)},
        "note": _note(lifewords.step_said(step, str(uid)) if step else None, kind, day),
        "crumbs": crumbs(
            version, (_("登记事项"), reverse("plots:events", args=[uid])), (lifewords.event_name(kind), "")
        ),
        "save": _("登记"),
    }
    return asked(request, form, context, write, plot_url(version))


def _note(step: lifewords.StepSaid | None, kind: str, day: date) -> str:
    """Who decides, what has to be there, and by which articles of the day."""
    row = life_table().transitions[EventKind(kind)]
    articles = step.articles if step else cited(bases_on(row.bases, day))
    who = step.deciders if step else lifewords.deciders(row.by)
    told = [_("%(who)s：本页登记其结果。") % {"who": who}]
    if step is None:
        told.append(
            _("按已登记的事项，地块在 %(day)s 所处的阶段不能发生这一事项；补登过去的事项，请填写当时的日期。")
            % {"day": day}
        )
    elif step.to_bring:
        told.append(_("还缺：%(what)s。") % {"what": "；".join(step.to_bring)})
    if step and step.to_tell:
        told.append(_("要有：%(what)s。") % {"what": "；".join(step.to_tell)})
    if articles:
        told.append(_("%(day)s 有效的依据：%(what)s。") % {"day": day, "what": "、".join(articles)})
    return "".join(told)


@staff_page("plots.read")
def back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An event taken back that was written down wrongly."""
    actor = actor_of(request)
    event = get_object_or_404(PlotEvent.objects.visible_to(actor).select_related("plot", "report"), uid=uid)
    require(actor, "plots.record", event)
    version = plot_or_404(actor, event.plot.uid)
    name = lifewords.event_name(event.kind)

    def check() -> None:
        events.need_no_report(event)
        events.need_loose(event)

    if answer := stopped(request, check, plot_url(version), _("回到这个地块")):
        return answer

    def write(said: dict[str, Any]) -> str:
        events.take_back(event, said["reason"], by=actor, at=clock.now())
        return _("已撤销“%(event)s”，阶段和名单已按其余事项重新得出。") % {"event": name}

    context = {
        "title": _("撤销“%(event)s”（%(on)s）") % {"event": name, "on": event.on},
        "note": _("用于误登：撤销后视为从未发生；以它为前提的事项要先撤销。撤销前的登记仍可按登记时间查看。"),
        "crumbs": crumbs(version, (_("撤销误登"), "")),
        "save": _("撤销"),
    }
    return asked(request, posted(WhyForm, request), context, write, plot_url(version))


@staff_page("plots.read")
def begin(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The first day of a plot moved back, so that what happened earlier can be written down."""
    actor = actor_of(request)
    version = plot_or_404(actor, uid)
    require(actor, "plots.keep", version)
    first = plots.first_day(version.plot)

    def write(said: dict[str, Any]) -> str:
        plots.begin(version.plot, since=said["on"], recording=Recording(actor, clock.now(), said["reason"]))
        return _("“%(name)s”的起始日期已更正为 %(on)s。") % {"name": version.name, "on": said["on"]}

    context = {
        "title": _("更正起始日期：%(name)s") % {"name": version.name},
        "note": _(
            "现在自 %(since)s 起登记。以前已有这个地块、要补登更早的事项或名单的，改为更早的日期；范围、内容不变。"
        )
        % {"since": first},
        "crumbs": crumbs(version, (_("更正起始日期"), "")),
        "save": _("更正"),
    }
    return asked(request, posted(BeginForm, request), context, write, plot_url(version))


@staff_page("plots.read")
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The end of a plot."""
    actor = actor_of(request)
    version = plot_or_404(actor, uid)
    require(actor, "plots.keep", version)

    def write(said: dict[str, Any]) -> str:
        plots.end(version, on=said["on"], recording=Recording(actor, clock.now(), said["reason"]))
        return _("“%(name)s”自 %(on)s 起终止。") % {"name": version.name, "on": said["on"]}

    context = {
        "title": _("终止 %(name)s") % {"name": version.name},
        "note": _("用于重复登记、分割或合并后不再单独存在的地块；移出名录、解除管控请登记相应事项，不要终止。"),
        "crumbs": crumbs(version, (_("终止"), "")),
        "save": _("终止"),
        "done": reverse("kit:collection", args=["plots"]),
    }
    return asked(request, posted(EndForm, request, {"on": clock.today()}), context, write, plot_url(version))
