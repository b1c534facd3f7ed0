"""Papers of the gate: the certificate, the page that verifies it, the draft of the answering letter."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from soildesk.core import clock
from soildesk.decisions import answershown, certificate, outdatedshown, replyletter
from soildesk.decisions.pages.gate import query_or_404
from soildesk.decisions.queries import kept
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.context import tell_of
from soildesk.kit.downloads import download


@staff_page("decisions.read")
def paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The certificate."""
    query = query_or_404(actor_of(request), uid)
    url = request.build_absolute_uri(reverse("decisions:verify", args=[query.token]))
    answer = HttpResponse(certificate.made(query, url), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{query.number}.pdf"'
    return answer


@staff_page("decisions.read")
def letter(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The draft of the answering letter."""
    query = query_or_404(actor_of(request), uid)
    opinion = next(iter(kept.opinions_of(query)), None)
    return download(
        replyletter.as_word(query, opinion, clock.today()), _("复函草稿_%(number)s") % {"number": query.number}, "docx"
    )


@require_GET
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Whether a certificate is genuine, for whoever holds it: what the paper says, and no more."""
    query = kept.by_token(token)
    if query is None:
        return _guarded(render(request, "decisions/verify_missing.html", status=404))
    tell_of(request, query.owner_department.division)
    context = {
        "query": query,
        "outdated": outdatedshown.outdated(query, public=True),
        "word": answershown.decision_word(query),
        "use": answershown.use_of(query),
        "decides": answershown.decides(query),
        "reasons": answershown.reasons(query),
        "limits": answershown.limits(query),
        "later": kept.followed_by(query),
    }
    return _guarded(render(request, "decisions/verify.html", context))


def _guarded(answer: HttpResponse) -> HttpResponse:
    """A token in an address is passed on to nobody."""
    answer["X-Robots-Tag"] = "noindex"
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
