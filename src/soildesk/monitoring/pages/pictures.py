"""Pages of pictures for daily use: the series of points."""

from __future__ import annotations

import re
from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.monitoring import picturefiles, pictures
from soildesk.monitoring.picturefiles import Behind
from soildesk.monitoring.pictures import Shown
from soildesk.monitoring.queries import contents, network
from soildesk.monitoring.queries import series as queries

KNOWN = 200
MOST_POINTS = 20
_BETWEEN = re.compile(r"[\s,，、;；]+")


@staff_page("monitoring.read")
def series(request: HttpRequest) -> HttpResponseBase:
    """One analyte at one or several points over time."""
    actor, on = actor_of(request), page_day(request)
    numbers = [one for text in request.GET.getlist("point") for one in _BETWEEN.split(text) if one][:MOST_POINTS]
    points = queries.named(actor, numbers, on)
    asked = request.GET.get("analyte", ""), request.GET.get("layer", "")
    shown = pictures.shown(actor, points, asked, on) if points else None
    if shown and shown.figure and "data" in request.GET:
        return picturefiles.file(shown.figure, _behind(actor, shown, on), request.GET["data"])
    held = {one.point.number for one in points}
    context = {
        "points": points,
        "asked": "，".join(numbers),
        "missing": [one for one in dict.fromkeys(numbers) if one not in held],
        "known": list(network.points(actor, on).order_by("point__number").values_list("point__number", "name")[:KNOWN]),
        "shown": shown,
        "records": [(one.name, reverse("kit:record", args=["points", str(one.point.uid)])) for one in points],
        "analytes": [(slug, pictures.named(slug)) for slug in shown.choice.analytes] if shown else [],
        "files": picturefiles.links(request),
        "graded": bool(shown and shown.figure) and picturefiles.is_graded(_behind(actor, shown, on).rows),
        "crumbs": [(_("监测点位"), reverse("kit:collection", args=["points"])), (_("时间序列"), "")],
    }
    return render(request, "monitoring/series.html", context)


def _behind(actor: Actor, shown: Shown, on: date) -> Behind:
    """What the picture was drawn from: the results of one point, or of the analyte where there are several."""
    series = shown.series
    rows = contents.seen(actor, on).filter(pk__in=[one.pk for one in series.contents])
    query = {"analyte": series.analyte}
    if len(series.lines) == 1:
        query["point"] = series.lines[0].number
    return Behind(rows, query, _("截至 %(day)s") % {"day": on})
