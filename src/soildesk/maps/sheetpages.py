"""Printed map sheets: the form with its preview, the files, and the job for sheets with very many rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock, jobs
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.context import MADE_UP
from soildesk.kit.day import page_day, parse_day
from soildesk.kit.downloads import download
from soildesk.maps.layers import Bounds, extent_of, layers_of, shown_of
from soildesk.maps.sheetfile import LONGEST_TITLE, SCREEN_PPI, Kind, Wanted, sheet_file
from soildesk.maps.sheetframe import PAPERS, SCALES
from soildesk.maps.sheetrows import count_of

if TYPE_CHECKING:
    from datetime import date

    from soildesk.core.permissions import Actor

MANY = 20_000
TYPES = {"pdf": "application/pdf", "png": "image/png"}


def wanted_of(actor: Actor, on: date, asked: QueryDict) -> Wanted | None:
    """The sheet an address asks for; None without layers or ground."""
    every = layers_of(actor, on, asked)
    shown = shown_of(every, asked)
    box = _box(asked.get("bbox", "")) or extent_of(shown)
    if not shown or box is None:
        return None
    person = actor.person
    department = person.department.name if person and person.department else ""
    return Wanted(
        layers=shown,
        box=box,
        title=asked.get("title", "").strip()[:LONGEST_TITLE] or _default_title([layer.title for layer in shown]),
        on=on,
        made_on=clock.today(),
        paper="A3" if asked.get("paper") == "A3" else "A4",
        wide=asked.get("orientation", "landscape") != "portrait",
        scale=_scale(asked.get("scale", "")),
        department=asked.get("department", "").strip()[:LONGEST_TITLE] or department,
        approval=settings.MAP_APPROVAL,
        made_up="、".join(dict.fromkeys(g.division.name for g in actor.grants if g.division.path.startswith(MADE_UP))),
    )


def _default_title(titles: list[str]) -> str:
    return _("%(layers)s分布图") % {"layers": "、".join(titles[:3])}


def _box(text: str) -> Bounds | None:
    """A box of some extent, within the grid of China."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    if not (70 <= west < east <= 140 and 0 <= south < north <= 60):
        return None
    return west, south, east, north


def _scale(text: str) -> float | None:
    if not text.isdecimal() or len(text) > 8:
        return None
    return min(max(float(text), SCALES[0]), SCALES[-1])


def _asked(request: HttpRequest) -> Wanted | None:
    return wanted_of(actor_of(request), page_day(request), request.GET)


@staff_page()
def sheet(request: HttpRequest) -> HttpResponse:
    """The form with a preview; `as=pdf` or `as=png` gives the file."""
    wanted = _asked(request)
    kind = request.GET.get("as", "")
    if kind in TYPES:
        if wanted is None:
            raise Http404("nothing to print")
        return _file_response(wanted, kind)  # type: ignore[arg-type]  # one of TYPES
    count = count_of(wanted.layers, wanted.frame) if wanted else 0
    return render(request, "maps/sheet.html", _form(request, wanted, count))


def _form(request: HttpRequest, wanted: Wanted | None, count: int) -> dict[str, Any]:
    kept = request.GET.copy()
    for name in ("title", "paper", "orientation", "scale", "department", "as"):
        kept.pop(name, None)
    return {
        "wanted": wanted,
        "kept": [(name, value) for name, values in kept.lists() for value in values if name != "on"],
        "query": request.GET.urlencode(),
        "count": count,
        "many": count > MANY,
        "papers": list(PAPERS),
        "scales": [int(scale) for scale in SCALES if scale == int(scale)],
        "frame": wanted.frame if wanted else None,
        "map_url": f"{reverse('maps:map')}?{kept.urlencode()}",
    }


@staff_page()
def preview(request: HttpRequest) -> HttpResponse:
    """A small picture of the sheet."""
    wanted = _asked(request)
    if wanted is None or count_of(wanted.layers, wanted.frame) > MANY:
        raise Http404("no preview")
    return HttpResponse(sheet_file(wanted, "png", at=clock.now(), ppi=SCREEN_PPI), content_type=TYPES["png"])


def _file_response(wanted: Wanted, kind: Kind) -> HttpResponse:
    if count_of(wanted.layers, wanted.frame) > MANY:
        raise Http404("made by a job")
    return download(sheet_file(wanted, kind, at=clock.now()), f"{wanted.title}_{wanted.on:%Y%m%d}", kind)


@require_POST
@staff_page()
def by_job(request: HttpRequest) -> HttpResponse:
    """Let a job make the sheet; the file waits in the messages."""
    kind = request.POST.get("as", "pdf")
    asked = QueryDict(request.POST.get("query", "")[:8000])
    wanted = wanted_of(actor_of(request), parse_day(asked.get("on", "")) or clock.today(), asked)
    if wanted is None or kind not in TYPES:
        messages.error(request, _("没有可打印的内容：请先在地图上打开图层。"))
        return HttpResponseRedirect(reverse("maps:map"))
    told = {"query": asked.urlencode(), "on": wanted.on.isoformat(), "kind": kind}
    row = jobs.start("maps.sheet", told, by=actor_of(request), title=_("打印图幅：%(title)s") % {"title": wanted.title})
    return HttpResponseRedirect(reverse("core:job", args=[row.uid]))
