"""A page that says a refusal in its sentence: for acts that are one button, and pages that cannot be made."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.errors import Refusal

if TYPE_CHECKING:
    from django.utils.functional import Promise

View = Callable[..., HttpResponse]


def stopped(
    request: HttpRequest, check: Callable[[], object], url: str, back: str | Promise = ""
) -> HttpResponse | None:
    """The page of a form that could only be refused: opened by its address, it says what saving would say, with 409.

    Asked before the form is shown only: what somebody has typed is refused beside it. `back` are the words of the link.
    """
    refused = refusal_of(check) if request.method == "GET" else ""
    if not refused:
        return None
    return render(request, "kit/refused.html", {"refused": refused, "url": url, "back": back or _("返回")}, status=409)


def refusal_of(check: Callable[[], object]) -> str:
    """What a check refuses, in its sentence; empty where it refuses nothing: also for the reason of an act that is not offered."""
    try:
        check()
    except Refusal as refusal:
        return str(refusal)
    return ""


def telling(collection: str, back: str | Promise) -> Callable[[View], View]:
    """Mark a view: a refusal is told on a page of its own that leads back to the list, in the words of `back`."""

    def mark(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except Refusal as refusal:
                url = reverse("kit:collection", args=[collection])
                told = {"refused": str(refusal), "url": url, "back": back}
                return render(request, "kit/refused.html", told, status=422)

        return page

    return mark
