"""台账: the tasks of the plans in force, or of the plans named in the address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.pages import register_list
from soildesk.plans.queries.ledger import OURS
from soildesk.plans.register import ledger_register


@staff_page("plans.read")
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger; without a plan in the address, that of our own plans in force."""
    params = request.GET.copy()
    if not params.get("plan"):
        params["plan"] = OURS
    request.GET = params
    wanted = params.getlist("plan")
    register = ledger_register(actor_of(request), page_day(request), wanted)
    return register_list(request, register, template="plans/ledger/ledger.html")
