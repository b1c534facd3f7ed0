"""今日: what is to be done, owed and watched."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from soildesk.core.permissions import Actor, is_outside, may
from soildesk.home.queries import begin, keeping, safeuse
from soildesk.home.queries.today import groups
from soildesk.home.queries.today import waiting as waiting_list
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.plans.queries.department import has_plans

OWN = (
    ("enterprises.own", "enterprises:own"),
    ("monitoring.send_results", "monitoring:sent"),
    ("plots.opine", "plots:panels"),
)
"""Where people of no office begin, by what they may do."""


def own_page(actor: Actor) -> str:
    """The first page of somebody of no office: a firm, a laboratory, an expert; empty for whoever works in one."""
    if not is_outside(actor):
        return ""
    return next((page for permission, page in OWN if may(actor, permission)), "")


@staff_page()
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The first page of the day: short lists and no chart; without plans, how to begin. People of no office begin with their own."""
    actor, on = actor_of(request), page_day(request)
    if own := own_page(actor):
        return redirect(own)
    any_plan, in_force = has_plans(actor, on)
    found = groups(actor, on)
    safe = safeuse.kept(actor, on)
    return render(
        request,
        "home/today.html",
        {
            "groups": found if any_plan or any(group.count for group in found) else [],
            "any_plan": any_plan,
            "in_force": in_force,
            "may_import": may(actor, "plans.import"),
            "stages": [] if any_plan else begin.stages(actor, on),
            "shows_safe_use": any(group.key == "red" for group in found),
            "safe": safe,
            "stale": not keeping.is_fresh(safe),
        },
    )


@staff_page()
@require_GET
def safe_use(request: HttpRequest) -> HttpResponse:
    """⑤ of 今日: both rates and what the order of events shows. A page of its own where no script fetches it."""
    actor, on = actor_of(request), page_day(request)
    if own_page(actor):
        raise Http404("safe-use")
    part = request.headers.get("HX-Request") == "true"
    context = {
        "safe": safeuse.safe_use(actor, on),
        "stale": False,
        "crumbs": [(_("今日"), reverse("home:today")), (_("安全利用"), "")],
    }
    return render(request, "home/safe_use.html" if part else "home/safe_use_alone.html", context)


@staff_page()
@require_GET
def waiting(request: HttpRequest, key: str) -> HttpResponse:
    """One of the short lists to the last line; one in which nothing is left says so."""
    actor, on = actor_of(request), page_day(request)
    if own_page(actor):
        raise Http404(key)
    context = {"short": waiting_list(actor, on, key), "crumbs": [(_("今日"), reverse("home:today")), (_("全部"), "")]}
    return render(request, "home/waiting.html", context)
