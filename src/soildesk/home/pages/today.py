"""今日: what is to be done, owed and watched."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from soildesk.core.permissions import may
from soildesk.home.queries.today import groups
from soildesk.home.queries.today import waiting as waiting_list
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.plans.queries.department import has_plans


@staff_page()
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The first page of the day: short lists and no chart; without plans, how to begin. A firm begins with itself."""
    actor, on = actor_of(request), page_day(request)
    if not actor.system and may(actor, "enterprises.own"):
        return redirect("enterprises:own")
    any_plan, in_force = has_plans(actor, on)
    found = groups(actor, on)
    return render(
        request,
        "home/today.html",
        {
            "groups": found if any_plan or any(group.count for group in found) else [],
            "any_plan": any_plan,
            "in_force": in_force,
            "may_import": may(actor, "plans.import"),
        },
    )


@staff_page()
@require_GET
def waiting(request: HttpRequest, key: str) -> HttpResponse:
    """One of the short lists to the last line; one in which nothing is left says so."""
    actor, on = actor_of(request), page_day(request)
    if not actor.system and may(actor, "enterprises.own"):
        raise Http404(key)
    context = {"short": waiting_list(actor, on, key), "crumbs": [(_("今日"), reverse("home:today")), (_("全部"), "")]}
    return render(request, "home/waiting.html", context)
