"""One's own tokens: which there are, a new one, the end of one."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from soildesk.core import clock, tokens
from soildesk.core.forms import TokenForm
from soildesk.core.pages.base import attempt, page


@never_cache
@page()
def token_list(request: HttpRequest) -> HttpResponse:
    """My tokens; a new one's secret is shown on this answer only."""
    person, secret = request.actor.person, ""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = tokens.NewToken(**form.cleaned_data)
        _row, secret = tokens.create(person, new, by=request.actor, at=clock.now())
        form = TokenForm()
    rows = tokens.of_person(person)
    return render(request, "core/tokens.html", {"rows": rows, "form": form, "secret": secret, "now": clock.now()})


@require_POST
@page()
def token_revoke(request: HttpRequest, uid: UUID) -> HttpResponse:
    """End one of my tokens."""
    row = tokens.of_person(request.actor.person).filter(uid=uid).first()
    if row is None:
        raise Http404
    attempt(request, lambda: tokens.revoke(row, by=request.actor, at=clock.now()), _("访问令牌已吊销。"))
    return redirect("core:tokens")
