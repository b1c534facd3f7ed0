"""The two maps of a classification: the classes proposed, and those in force on the same ground."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.farmland.classmap import Drawn, class_map
from soildesk.farmland.models import Classification, UnitProposal
from soildesk.farmland.queries.classifications import final, live
from soildesk.monitoring.drawings.figure import Figure
from soildesk.monitoring.queries.coverage import divisions

MOST = 3_000
"""Units drawn on a page; more are shown on the map of the desk."""


def proposed(held: Classification, actor: Actor, *, linked: bool = True) -> Figure:
    """The classes proposed, or as sent."""
    rows = _rows(held)
    drawn = [_drawn(one, final(one), linked) for one in rows]
    title = _("%(title)s建议类别分布图") % {"title": held.title}
    return class_map(drawn, divisions(actor, held.on), title)


def both(held: Classification, actor: Actor) -> Sequence[Figure]:
    """What is proposed, and beside it what was in force, on the day of the classification."""
    rows, grounds = _rows(held), divisions(actor, held.on)
    return (
        class_map([_drawn(one, final(one), True) for one in rows], grounds, _("建议类别")),
        class_map(
            [_drawn(one, one.before, True) for one in rows],
            grounds,
            _("现行类别（%(on)s）") % {"on": held.on},
            _("无现行类别"),
        ),
    )


def _rows(held: Classification) -> list[UnitProposal]:
    return list(live(held).select_related("unit", "version").defer("detail").order_by("unit__number"))


def _drawn(one: UnitProposal, farmland_class: str, linked: bool) -> Drawn:
    url: Any = reverse("kit:record", args=["class_proposals", str(one.uid)]) if linked else ""
    return Drawn(one.version.name, farmland_class, one.version.geometry, one.version.area_m2, url)
