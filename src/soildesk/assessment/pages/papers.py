"""The assessment as a file."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from soildesk.assessment import papers
from soildesk.assessment.pages.base import found
from soildesk.assessment.queries.standing import Standing
from soildesk.core import audit
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download


@staff_page("assessment.read")
def word(request: HttpRequest, uid: UUID) -> HttpResponse:
    """As Word."""
    one = found(actor_of(request), uid)
    return download(papers.docx(Standing(one)), f"{one.place.name}_{one.year}_{one.number}", "docx")


@staff_page("assessment.read")
def frozen(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What a final result froze, byte for byte as its hash was made of: anybody can make the hash again."""
    one = found(actor_of(request), uid)
    if not one.digest:
        raise Http404(str(uid))
    return download(audit.canonical(one.snapshot).encode(), f"{one.place.name}_{one.year}_{one.number}", "json")
