"""The assessment as a file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from soildesk.assessment import papers
from soildesk.assessment.pages.base import found
from soildesk.assessment.queries.standing import Standing
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download


@staff_page("assessment.read")
def word(request: HttpRequest, uid: UUID) -> HttpResponse:
    """As Word."""
    one = found(actor_of(request), uid)
    return download(papers.docx(Standing(one)), f"{one.place.name}_{one.year}_{one.number}", "docx")
