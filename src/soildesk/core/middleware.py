"""Who acts in a request."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from soildesk.core import clock
from soildesk.core.models import Person
from soildesk.core.permissions import Actor
from soildesk.core.services import second_factor

SECOND_FACTOR_KEY = "second_factor_passed"


class ActorMiddleware:
    """Puts `request.actor` (None before login is complete) and sends people to the step they still owe."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("a NUL in the address: no store keeps one, and PostgreSQL would break off.")
        person = request.user if isinstance(request.user, Person) else None
        request.actor = None
        if person is None:
            return self.get_response(request)
        actor = Actor.of(person, clock.today())
        owed = owed_step(request, actor)
        if owed is None:
            request.actor = actor
        elif request.path not in _open_paths(owed):
            return redirect(owed)
        with translation.override(person.language):
            request.LANGUAGE_CODE = translation.get_language()
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, _args: object, _kwargs: object) -> None:
        """A NUL in a form is no word of anybody: the address has been looked at already."""
        if request.method == "POST" and any("\0" in value for values in request.POST.lists() for value in values[1]):
            raise BadRequest("a NUL in a form: PostgreSQL keeps none.")


def owed_step(request: HttpRequest, actor: Actor) -> str | None:
    """The page a person must pass before acting: second factor, new password, set-up of a factor; None: all is done."""
    person = actor.person
    if person is None:
        return None
    if second_factor.is_on(person) and request.session.get(SECOND_FACTOR_KEY) != str(person.uid):
        return "core:second_factor"
    if person.must_change_password:
        return "core:change_password"
    if second_factor.is_owed(person, {str(grant.role) for grant in actor.grants}):
        return "core:second_factor_setup"
    return None


def _open_paths(owed: str) -> set[str]:
    paths = {reverse(owed), reverse("logout"), reverse("set_language")}
    return paths | {reverse("core:second_factor_qr")} if owed == "core:second_factor_setup" else paths
