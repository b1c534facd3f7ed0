"""How the desk's one search finds sites of risk assessment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from soildesk.core.permissions import Actor
from soildesk.kit import search
from soildesk.kit.filters import contains
from soildesk.standards.models import RiskSite


def find_sites(actor: Actor, text: str, on: date, limit: int) -> Sequence[search.Hit]:
    """Sites by name, place and use."""
    rows = RiskSite.objects.visible_to(actor)
    for word in text.split():
        rows = rows.filter(contains(("name", "address", "planned_use", "former_use"), word))
    found = rows.select_related("division").order_by("name")[:limit]
    return [
        search.Hit(row.name, reverse("standards:risk_site", args=[row.uid]), row.planned_use, row.division.name)
        for row in found
    ]


search.register("standards.risk_sites", _("风险评估地块"), find_sites, "standards.read", order=60)
