"""方案: the plans a person may read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from soildesk.kit.pages import register_list
from soildesk.plans.register import PLANS


def plan_list(request: HttpRequest) -> HttpResponse:
    """Every plan in reach, with its phase and counts."""
    return register_list(request, PLANS, template="plans/ledger/ledger.html")
