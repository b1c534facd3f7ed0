"""今日: what is to be done, owed and watched."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from soildesk.core.permissions import may
from soildesk.home.queries.today import groups
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
