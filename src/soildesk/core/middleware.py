"""Who acts in a request."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from soildesk.core import clock, tokens
from soildesk.core.models import Person
from soildesk.core.permissions import Actor
from soildesk.core.problems import problem
from soildesk.core.services import second_factor

SECOND_FACTOR_KEY = "second_factor_passed"
MACHINE_PATHS = ("/api/", "/ogc/", "/tiles/")
"""What a token opens; pages are for people who log in."""
SAFE = ("GET", "HEAD", "OPTIONS")


class ActorMiddleware:
    """Puts `request.actor` (None before login is complete) and sends people to the step they still owe."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("a NUL in the address: no store keeps one, and PostgreSQL would break off.")
        secret = bearer(request)
        if secret is not None:
            return self._for_a_program(request, secret)
        person = request.user if isinstance(request.user, Person) else None
        request.actor = request.token = None
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

    def _for_a_program(self, request: HttpRequest, secret: str) -> HttpResponse:
        """A token is never a session: a cookie sent beside it counts for nothing."""
        request.user = AnonymousUser()
        request.actor = request.token = None
        try:
            token = tokens.holder(secret, at=clock.now())
        except tokens.TokenRefused as refusal:
            return problem(401, refusal.code, str(refusal))
        if not f"{request.path}/".startswith(MACHINE_PATHS):
            return problem(
                403, "core.token.page", _("访问令牌只用于接口地址（/api/、/ogc/、/tiles/），页面请登录后打开。")
            )
        if request.method not in SAFE and token.scope != "write":
            return problem(
                403, "core.token.scope", _("这个访问令牌只能读取。要写入，请签发权限为“读写”（write）的令牌。")
            )
        request.token, request.actor = token, Actor.of(token.person, clock.today())
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, _args: object, _kwargs: object) -> None:
        """A NUL in a form is no word of anybody: the address has been looked at already."""
        if request.method == "POST" and any("\0" in value for values in request.POST.lists() for value in values[1]):
            raise BadRequest("a NUL in a form: PostgreSQL keeps none.")


def bearer(request: HttpRequest) -> str | None:
    """The secret in `Authorization: Bearer …`; another way to authorise (a proxy's Basic) is not ours."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


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
