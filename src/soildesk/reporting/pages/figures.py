"""The rows behind a figure, and the one page a director takes along: every number opens to its rows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import PARAMETER
from soildesk.kit.measures import Outcome, Proof
from soildesk.reporting.pages.base import told
from soildesk.reporting.pages.forms import day_or
from soildesk.reporting.pages.shown import figure as figure_shown
from soildesk.reporting.queries import records
from soildesk.reporting.queries.kinds import MAYOR
from soildesk.reporting.queries.making import figure_data
from soildesk.reporting.queries.reading import Reading, offered, row_url
from soildesk.reporting.refusals import ReportRefused
from soildesk.reporting.services.copies import Wanted, period_named, reading_of
from soilrules.deadlines.periods import period_of

ROWS = 1000


def rows_page(one: Mapping[str, Any], crumbs: list[tuple[str, str]], note: str = "") -> dict[str, Any]:
    """What the page of a figure shows."""
    rows = one["rows"]
    told = [
        {**row, "url": row["url"] or row_url(Proof(row["type"], row["uid"], row["name"], row["counts"]))}
        for row in rows[:ROWS]
    ]
    return {
        "one": figure_shown(one, lambda name: ""),
        "rows": told,
        "counting": sum(row["counts"] for row in rows),
        "amount": sum(Decimal(row["amount"]) for row in rows if row["counts"]),
        "whole": sum(Decimal(row["amount"]) for row in rows),
        "all": len(rows),
        "more": len(rows) - len(told),
        "crumbs": crumbs,
        "note": note,
    }


def _reading(request: HttpRequest, actor: Actor) -> Reading:
    place = records.place_of(actor, request.GET.get("place", ""))
    if place is None and not request.GET.get("place"):
        raise ReportRefused(
            _("这一页的数字要查全部记录：您的账户只能查阅本单位的，请本级生态环境部门或者政府办公室打开后打印。"),
            code="reporting.copy.place",
        )
    if place is None:
        raise Http404(request.GET.get("place", ""))
    named, on = request.GET.get("period", ""), day_or(request.GET.get(PARAMETER), actor.today)
    period = period_named(named) if named else period_of(on, "year")
    return reading_of(Wanted("", place, period, min(period.last, on)), by=actor)


@staff_page("reporting.read")
@told
def figure(request: HttpRequest) -> HttpResponse:
    """The rows behind a figure as the records stand."""
    actor, name = actor_of(request), request.GET.get("id", "")
    if name not in offered():
        raise Http404(name)
    reading = _reading(request, actor)
    one = figure_data(reading.figure(name))
    query = urlencode({"place": reading.place.code, "period": reading.period.name, "on": reading.on.isoformat()})
    crumbs = [(_("给领导的一页纸"), f"{reverse('reporting:mayor')}?{query}"), (one["title"], "")]
    note = _("%(place)s，%(period)s，数据截至 %(on)s。") % {
        "place": reading.place.name, "period": reading.period.name, "on": reading.on,
    }  # fmt: skip
    return render(request, "reporting/figure.html", rows_page(one, crumbs, note))


@staff_page("reporting.read")
@told
def mayor(request: HttpRequest) -> HttpResponse:
    """One A4 page."""
    actor = actor_of(request)
    reading = _reading(request, actor)
    query = {"place": reading.place.code, "period": reading.period.name, "on": reading.on.isoformat()}
    url = lambda name: f"{reverse('reporting:figure')}?{urlencode({'id': name, **query})}"  # noqa: E731
    figures = [figure_shown(figure_data(reading.figure(name)), url) for name in MAYOR.figures]
    context = {
        "title": _("%(place)s土壤污染防治情况") % {"place": reading.place.name},
        "reading": reading,
        "office": records.office_of(actor),
        "groups": _grouped(figures),
        "unknown": [one for one in figures if one["outcome"] == Outcome.CANNOT_SAY],
        "places": records.places(actor),
    }
    return render(request, "reporting/mayor.html", context)


def _grouped(figures: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    rooms = {
        "tasks": _("方案任务"), "farmland": _("农用地"), "plots": _("建设用地"), "enterprises": _("重点单位"),
        "monitoring": _("监测预警"), "oversight": _("问题整改"),
    }  # fmt: skip
    return [(title, [one for one in figures if one["id"].startswith(f"{room}.")]) for room, title in rooms.items()]
