"""The report of a campaign as a Word file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.monitoring import campaignlinks
from soildesk.monitoring.campaignword import Report, campaign_docx, file_name
from soildesk.monitoring.models import Grade
from soildesk.monitoring.pages.campaigns import found_or_404
from soildesk.monitoring.queries import exceedance
from soildesk.monitoring.queries.surfaces import approval
from soildesk.monitoring.services import exporting

campaignlinks.add(
    campaignlinks.Link(
        _l("任务报告（Word）"),
        "monitoring.read",
        lambda campaign: reverse("monitoring:campaign_report", args=[campaign.uid]),
        icon="file-earmark-text",
    )
)


@staff_page("monitoring.read")
def report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The report; single results of a graded campaign stand in it under an approval, which is written down."""
    campaign, actor, at = found_or_404(request, uid), actor_of(request), clock.now()
    mark = ""
    under = approval(actor, campaign) if campaign.grade != Grade.PUBLIC else None
    if under is not None:
        exporting.given_out(under, exceedance.verdicts_of(campaign).count(), "docx", by=actor, at=at)
        mark = exporting.watermark(under)
    return download(campaign_docx(Report(campaign, actor, at, mark)), file_name(campaign), "docx")
