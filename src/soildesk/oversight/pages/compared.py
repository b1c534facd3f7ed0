"""台账比对: what the desk found from dates, each made a problem with one click, or set aside with a reason."""

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
from soildesk.core.permissions import Actor
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.parts import Chip
from soildesk.land.pages.parcels import asked
from soildesk.oversight.pages.forms_problems import NoteForm
from soildesk.oversight.pages.problems import url_of
from soildesk.oversight.queries import compared
from soildesk.oversight.queries.compared import Shown
from soildesk.oversight.register.problempages import state_chip
from soildesk.oversight.services import fromrecords
from soildesk.oversight.violationwords import violation_name


@staff_page("oversight.record")
def compare(request: HttpRequest) -> HttpResponse:
    """The list."""
    actor = actor_of(request)
    found = compared.shown(actor, actor.today)
    lines = [_line(one) for one in found]
    context = {
        "lines": lines,
        "open": sum(one.problem is None for one in found),
        "crumbs": [(_("问题清单"), reverse("kit:collection", args=["problems"])), (_("台账比对"), "")],
    }
    return render(request, "oversight/compare.html", context)


def _line(one: Shown) -> dict[str, Any]:
    if one.problem is not None:
        chip = state_chip(one.problem.state)
    elif one.is_hint:
        chip = Chip("calm", _("提示"), "info-circle", _("只供核对，本身不是违法。"))
    else:
        chip = Chip("warn", _("待登记"), "exclamation-triangle-fill")
    return {
        "one": one,
        "chip": chip,
        "firm_url": reverse("kit:record", args=["enterprises", str(one.firm.row["enterprise__uid"])]),
        "problem_url": url_of(one.problem) if one.problem else "",
        "violation": violation_name(one.finding.violation) if one.finding.violation else "",
    }


def _called(request: HttpRequest, actor: Actor) -> Shown:
    found = compared.called(actor, actor.today, request.POST.get("origin", "") or request.GET.get("origin", ""))
    if found is None:
        raise Http404("origin")
    return found


@staff_page("oversight.record")
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """One click: a problem."""
    actor = actor_of(request)
    try:
        made = fromrecords.take(_called(request, actor), by=actor, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("oversight:compare"))
    messages.success(request, _("已登记为问题 %(number)s。") % {"number": made.number})
    return HttpResponseRedirect(url_of(made))


@staff_page("oversight.record")
def dismiss(request: HttpRequest) -> HttpResponse:
    """No problem, and why."""
    actor = actor_of(request)
    one = _called(request, actor)

    def write(said: dict[str, Any]) -> str:
        made = fromrecords.dismiss(one, said["note"], by=actor, at=clock.now())
        return _("已按不属实登记为 %(number)s，不再列为待登记。") % {"number": made.number}

    back = reverse("oversight:compare")
    context = {
        "title": _("核实不属实"),
        "note": f"{one.firm.name}：{one.sentence}",
        "crumbs": [(_("台账比对"), back), (_("核实不属实"), "")],
        "save": _("登记"),
    }
    form = NoteForm(request.POST) if request.method == "POST" else NoteForm()
    return asked(request, form, context, write, back)
