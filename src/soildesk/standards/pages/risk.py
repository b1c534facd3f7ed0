"""风险评估: the sites of the actor's divisions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from soildesk.kit.pages import register_list
from soildesk.standards.riskregister import SITES


def site_list(request: HttpRequest) -> HttpResponse:
    """Every site in reach with its last run."""
    return register_list(request, SITES)
