"""导出: the ledger as the form officials know."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from soildesk.kit.day import page_day
from soildesk.kit.downloads import download
from soildesk.plans import exports
from soildesk.plans.pages.access import actor_of, logged_in, plan_or_404
from soildesk.plans.queries.export import ledger_of

FORMATS = {"xlsx": exports.ledger_xlsx, "docx": exports.ledger_docx, "json": exports.ledger_json}


@require_GET
@logged_in
def export(request: HttpRequest, uid: UUID) -> HttpResponse:
    """任务分工明细表 as Excel (usual), Word or JSON: `?format=`."""
    plan = plan_or_404(actor_of(request), uid)
    extension = request.GET.get("format", "xlsx")
    if extension not in FORMATS:
        raise Http404(extension)
    return download(FORMATS[extension](ledger_of(plan, page_day(request))), f"{plan.title}任务分工明细表", extension)
