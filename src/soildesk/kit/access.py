"""Who asks: the actor of a request, or a refusal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from soildesk.core.permissions import NotAllowed, require

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor


def actor_of(request: HttpRequest) -> Actor:
    """The actor; nobody is refused."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise NotAllowed(_("请先登录，再打开这个页面。"))
    return actor


def staff_page(permission: str = "") -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Mark a view as a page of the desk: strangers go to the login page, those without `permission` are refused."""

    def mark(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = getattr(request, "actor", None)
            if actor is None:
                return redirect_to_login(request.get_full_path())
            if permission:
                require(actor, permission)
            return view(request, *args, **kwargs)

        return page

    return mark
