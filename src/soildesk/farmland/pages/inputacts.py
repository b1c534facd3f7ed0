"""Irrigation water with its verdicts and traces; small acts on holdings and on facts that were told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import may, require
from soildesk.core.versions import Recording
from soildesk.enterprises.pages.forms import WhyForm
from soildesk.farmland.holdingentering import holding_version
from soildesk.farmland.holdingwords import law_words
from soildesk.farmland.queries.waters import Water, waters
from soildesk.farmland.services import filmpoints, holdings, keeping, spreading, watertraces
from soildesk.farmland.services.telling import Telling
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.parts import Chip, Tile
from soildesk.land.pages.forms import EndForm, posted
from soildesk.land.pages.parcels import asked
from soildesk.monitoring.register.verdictmap import CHIPS

TOLD: Mapping[str, tuple[Telling, str]] = {
    "input": (holdings.ENTRIES, "farm_inputs"),
    "check": (holdings.CHECKS, "farm_checks"),
    "soil": (holdings.SOIL, "farm_soil_checks"),
    "residue": (filmpoints.RESIDUES, "farm_residues"),
    "spreading": (spreading.SPREADINGS, "farm_spreadings"),
    "trace": (watertraces.TRACES, "farm_watertraces"),
}


@staff_page("farmland.read")
def waters_page(request: HttpRequest) -> HttpResponse:
    """Points of irrigation water, those that owe a trace first."""
    actor, on = actor_of(request), page_day(request)
    found = waters(actor, on)
    tiles = [
        Tile(_("灌溉水点位"), len(found)),
        Tile(
            _("超标"),
            sum(one.exceeds is True for one in found),
            tone="bad" if any(one.exceeds for one in found) else "good",
        ),
        Tile(_("待溯源"), sum(one.owes for one in found), tone="warn" if any(one.owes for one in found) else "good"),
        Tile(_("没有结论"), sum(one.exceeds is None for one in found), tone="unknown"),
    ]
    context = {
        "on": on,
        "waters": [_line(actor, one) for one in found],
        "tiles": tiles,
        "law": law_words("spreading", on),
    }
    return render(request, "farmland/waters.html", context)


def _line(actor: Any, one: Water) -> dict[str, Any]:
    tone, icon, word = CHIPS[one.verdict]
    asks = urlencode(
        {
            "point": one.point.point.number,
            "analytes": one.analyte,
            "year": one.sampled_on.year if one.sampled_on else "",
        }
    )
    return {
        "name": one.point.name, "number": one.point.point.number, "chip": Chip(tone, str(word), icon), "analyte": one.analyte,
        "factor": None if one.factor is None else f"{one.factor:.2f}", "sampled_on": one.sampled_on, "trace": one.trace,
        "owes": one.owes, "url": reverse("kit:record", args=["points", str(one.point.point.uid)]),
        "trace_url": reverse("kit:record", args=["farm_watertraces", str(one.trace.uid)]) if one.trace else "",
        "add": f"{reverse('kit:collection_add', args=['farm_watertraces'])}?{asks}" if may(actor, watertraces.KEEP, one.point) else "",
    }  # fmt: skip


@staff_page("farmland.read")
def told_back(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    """A small fact that was told wrongly."""
    if kind not in TOLD:
        raise Http404(kind)
    telling, collection = TOLD[kind]
    actor = actor_of(request)
    rows = telling.model._default_manager.visible_to(actor).filter(superseded_at=None)  # type: ignore[attr-defined]
    held = get_object_or_404(rows, uid=uid)
    require(actor, telling.permission, held)

    def write(given: dict[str, Any]) -> str:
        keeping.take_back(telling.subject, held, why=given["reason"], by=actor, at=clock.now())
        return _("已撤销，记录仍留在历史里。")

    listed = reverse("kit:collection", args=[collection])
    context = {
        "title": _("撤销记录"), "note": _("撤销后这条记录不再计算，仍留在历史里；正确的请重新登记。"),
        "crumbs": [(_("台账"), listed), (_("撤销"), "")], "save": _("撤销"), "done": listed,
    }  # fmt: skip
    return asked(request, posted(WhyForm, request), context, write, reverse("kit:record", args=[collection, str(uid)]))


@staff_page("farmland.read")
def holding_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A holding that is no more."""
    actor = actor_of(request)
    version = holding_version(actor, str(uid))
    require(actor, holdings.KEEP, version)

    def write(given: dict[str, Any]) -> str:
        holdings.end(version, on=given["on"], recording=Recording(actor, clock.now(), given["reason"]))
        return _("%(name)s 自 %(on)s 起停办。") % {"name": version.name, "on": given["on"]}

    back = reverse("kit:record", args=["farm_holdings", str(uid)])
    context = {
        "title": _("停办：%(name)s") % {"name": version.name},
        "note": _("停办后不再列入当日及以后的名单，台账和检测记录仍保留。"),
        "crumbs": [(_("农业经营主体"), reverse("kit:collection", args=["farm_holdings"])), (version.name, back), (_("停办"), "")],
        "save": _("停办"), "done": reverse("kit:collection", args=["farm_holdings"]),
    }  # fmt: skip
    return asked(request, posted(EndForm, request, {"on": clock.today()}), context, write, back)
