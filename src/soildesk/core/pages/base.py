"""What the pages share: who is asked to log in, and how an act's refusal reaches the user."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from soildesk.core.errors import Refusal
from soildesk.core.permissions import NotAllowed, require

PAGE_SIZE = 50
View = Callable[..., HttpResponse]


def page(permission: str = "") -> Callable[[View], View]:
    """A page for people who are logged in and hold `permission` somewhere."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor is None:
                return redirect_to_login(request.get_full_path())
            if permission:
                require(request.actor, permission)
            return view(request, *args, **kwargs)

        return inner

    return wrap


def attempt(request: HttpRequest, act: Callable[[], Any], said: str) -> bool:
    """Do one act and say how it went; a refusal is shown, never raised."""
    try:
        act()
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, said)
    return True


def paged(request: HttpRequest, rows: QuerySet[Any], size: int = PAGE_SIZE) -> Page[Any]:
    """The page of rows the address asks for."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
