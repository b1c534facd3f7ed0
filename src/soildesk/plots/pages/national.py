"""The sheet that is uploaded to the national system."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.imports import ImportBatch
from soildesk.plots import nationalsheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff_page("plots.read")
def sheet(request: HttpRequest) -> HttpResponse:
    """All plots of a day; on the first sheet those that changed after the last export was compared."""
    actor, on = actor_of(request), page_day(request)
    require(actor, "plots.keep")
    rows = ImportBatch.objects.filter(kind="plots.national", state=ImportBatch.State.ACCEPTED, by=actor.person)
    last = rows.order_by("-at").first()
    since = clock.local_day(last.at) if last else None
    answer = HttpResponse(nationalsheet.made(actor, on, since), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="national-{on}.xlsx"'
    return answer
