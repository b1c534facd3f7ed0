"""The comparison with the national system after it was made, and the sheet that is uploaded there."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.downloads import download
from soildesk.plots import nationalsheet
from soildesk.plots.queries import compared

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 24
"""Comparisons listed: two years of months."""


@staff_page("plots.read")
def result(request: HttpRequest, uid: UUID | None = None) -> HttpResponse:
    """What a comparison found to differ, the newest unless one is named; it stays until the next ones are made."""
    actor = actor_of(request)
    require(actor, "plots.keep")
    rows = compared.batches(actor)
    batch = get_object_or_404(rows, uid=uid) if uid else rows.first()
    context = {
        "batch": batch,
        "rows": compared.differences(batch, actor) if batch else [],
        "batches": rows[:SHOWN],
        "crumbs": [(_("建设用地地块"), reverse("kit:collection", args=["plots"])), (_("全国系统比对结果"), "")],
    }
    return render(request, "plots/national.html", context)


@staff_page("plots.read")
def sheet(request: HttpRequest) -> HttpResponse:
    """All plots of a day; on the first sheet those the last comparison found to differ and those that changed since."""
    actor, on = actor_of(request), page_day(request)
    require(actor, "plots.keep")
    last = compared.batches(actor).first()
    since = clock.local_day(last.at) if last else None
    differing = {one.plot.plot_id: one.told for one in compared.differences(last, actor)} if last else {}
    made = nationalsheet.made(actor, on, since, differing)
    return download(made, _("全国系统上传表_%(on)s") % {"on": on}, "xlsx")
