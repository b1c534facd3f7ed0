"""What requests to the ledger have in common: the 分办 they name, where they go back to, whether htmx asks."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from soildesk.core.permissions import Actor
from soildesk.plans.models import Assignment


def assignment_or_404(actor: Actor, uid: UUID) -> Assignment:
    """One 分办 of a plan the actor may read."""
    rows = Assignment.objects.visible_to(actor).filter(uid=uid)
    assignment = rows.select_related("task__plan__division", "department").first()
    if assignment is None:
        raise Http404(str(uid))
    return assignment


def is_uid(text: str) -> bool:
    """Whether a text from a form or an address is a row's name."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def next_of(request: HttpRequest) -> str:
    """The page of this desk the form came from; empty where none is named."""
    target = request.POST.get("next", "") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else ""


def back(request: HttpRequest, otherwise: str, *args: object) -> HttpResponse:
    """To the page the form came from, else to `otherwise`."""
    return HttpResponseRedirect(next_of(request) or resolve_url(otherwise, *args))


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"
