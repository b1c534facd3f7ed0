"""The page of watches: what the order of permits, contracts and pictures shows, each made a problem or set aside."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, may
from soildesk.decisions.queries import watches as found
from soildesk.decisions.queries.watches import Watched
from soildesk.decisions.services import watches
from soildesk.enterprises.pages.forms import WhyForm
from soildesk.enterprises.sentences import said
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.parts import Chip
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.oversight.register.problempages import state_chip
from soildesk.oversight.violationwords import penalty_lines, violation_name

RECORD = "oversight.record"


def _problem_url(one: Watched) -> str:
    return reverse("kit:record", args=["problems", str(one.problem.uid)]) if one.problem else ""


@staff_page("decisions.read")
def overview(request: HttpRequest) -> HttpResponse:
    """Everything that was found, what nobody decided on first."""
    actor = actor_of(request)
    lines = [_line(one) for one in found.watched(actor, actor.today)]
    context = {
        "lines": lines,
        "open": sum(not one["problem_url"] for one in lines),
        "may_record": may(actor, RECORD),
        "crumbs": [(_("办理次序比对"), "")],
    }
    return render(request, "decisions/watches.html", context)


def _line(one: Watched) -> dict[str, Any]:
    sure = Chip("warn", _("待登记")) if one.finding.sure else Chip("unknown", _("待核实"))
    return {
        "one": one,
        "chip": state_chip(one.problem.state) if one.problem else sure,
        "sentence": said(one.finding.because),
        "basis": [basis.cited for basis in one.finding.bases],
        "violation": violation_name(one.finding.violation),
        "laws": [penalty_lines(penalty) for penalty in one.choice.ranges.penalties],
        "choose": said(one.choice.message) if one.choice.needs_person else "",
        "plot_url": reverse("kit:record", args=["plots", str(one.plot.version.plot.uid)]),
        "problem_url": _problem_url(one),
    }


def _called(request: HttpRequest, actor: Actor) -> Watched:
    origin = request.POST.get("origin", "") or request.GET.get("origin", "")
    one = found.watch_called(actor, actor.today, origin)
    if one is None:
        raise Http404("origin")
    return one


@staff_page(RECORD)
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """One click: a problem."""
    actor = actor_of(request)
    try:
        made = watches.take(_called(request, actor), by=actor, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("decisions:watches"))
    messages.success(request, _("已登记为问题 %(number)s。") % {"number": made.number})
    return HttpResponseRedirect(reverse("kit:record", args=["problems", str(made.uid)]))


@staff_page(RECORD)
def dismiss(request: HttpRequest) -> HttpResponse:
    """Set aside with a reason."""
    actor = actor_of(request)
    one = _called(request, actor)

    def write(given: dict[str, Any]) -> str:
        watches.dismiss(one, given["reason"], by=actor, at=clock.now())
        return _("已留存原因，不再提示。")

    back = reverse("decisions:watches")
    context = {
        "title": _("不是问题"),
        "note": said(one.finding.because),
        "crumbs": [(_("办理次序比对"), back), (_("不是问题"), "")],
        "save": _("留存"),
    }
    return asked(request, posted(WhyForm, request), context, write, back)
