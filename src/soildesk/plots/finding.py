"""How the desk's one search finds plots and notices of lists: by name, code, number."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.kit import search
from soildesk.kit.filters import holding
from soildesk.plots.queries import lists, plots
from soildesk.plots.words import list_name, stage_word


def find_plots(actor: Actor, text: str, on: date, limit: int) -> list[search.Hit]:
    """Plots by number, name, national code and place."""
    found = plots.plots(actor, on).filter(holding(("plot__number", "name", "code", "location"), text))
    rows = found.order_by("plot__number").values("plot__uid", "plot__number", "name", "town", "stage")[:limit]
    return [
        search.Hit(
            row["name"],
            reverse("kit:record", args=["plots", str(row["plot__uid"])]),
            "，".join(filter(None, (row["town"], stage_word(row["stage"])))),
            row["plot__number"],
        )
        for row in rows
    ]


def find_notices(actor: Actor, text: str, on: date, limit: int) -> list[search.Hit]:
    """Notices of lists by number and title."""
    found = lists.notices(actor, on).filter(holding(("number", "title"), text)).order_by("-since")[:limit]
    return [
        search.Hit(
            one.title, reverse("kit:record", args=["plot_notices", str(one.uid)]), list_name(one.list_key), one.number
        )
        for one in found
    ]


search.register("plots.plots", _l("建设用地地块"), find_plots, "plots.read", order=44)
search.register("plots.notices", _l("名单、名录文件"), find_notices, "plots.read", order=45)
