"""A figure that asks for a word of its town, as pages show it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from soildesk.core.permissions import may
from soildesk.enterprises.sentences import said
from soildesk.farmland.queries import figures as found
from soildesk.farmland.services.figures import KEEP, name_of


def asked_line(actor: Any, one: found.Asking, year: int) -> dict[str, Any]:
    """One figure that asks for a word, with the page where it is said; no page for whoever may not."""
    missing = one.row is None
    start = f"{reverse('kit:collection_add', args=['farm_figures'])}?figure={one.checked.figure}&town={one.town.path}&year={year}"
    url = start if missing else reverse("farmland:figure_explain", args=[one.row.uid])  # type: ignore[union-attr]
    return {
        "town": one.town.name,
        "figure": name_of(one.checked.figure),
        "why": said(one.checked.message),
        "missing": missing,
        "url": url if may(actor, KEEP) else "",
        "record": "" if missing else reverse("kit:record", args=["farm_figures", str(one.row.uid)]),  # type: ignore[union-attr]
        "explained": one.row.explained if one.row else "",
    }
