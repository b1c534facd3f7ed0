"""Login, second factor, password, language, messages: one's own account."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.forms import CodeForm, LoginForm, PasswordForm
from soildesk.core.middleware import SECOND_FACTOR_KEY
from soildesk.core.models import Message, Person
from soildesk.core.pages.base import attempt, page, paged
from soildesk.core.permissions import Actor
from soildesk.core.services import people, second_factor

CODE_TRIES = 5
TRIES_KEY = "second_factor_tries"


class Login(auth_views.LoginView):
    """Username and password; failures are counted by django-axes."""

    template_name = "core/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True


class Logout(auth_views.LogoutView):
    """Out, back to login."""

    next_page = "login"


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else resolve_url(settings.LOGIN_REDIRECT_URL)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the pages, for the person and for this browser."""
    language = request.POST.get("language", "")
    answer = HttpResponseRedirect(_next(request))
    if language in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
            max_age=365 * 24 * 3600,
        )
        if isinstance(request.user, Person):
            people.set_language(request.user, language)
    return answer


def _person(request: HttpRequest) -> Person | None:
    """Who has passed the password, though perhaps not yet the second factor."""
    return request.user if isinstance(request.user, Person) else None


def _own(request: HttpRequest) -> Actor:
    """The person acting on the own account only: this is allowed while a step is still owed."""
    return request.actor or Actor(request.user, request.user.username, (), False, clock.today())


@never_cache
def second_factor_step(request: HttpRequest) -> HttpResponse:
    """The second step of login; five wrong codes end the session."""
    person = _person(request)
    if person is None:
        return redirect_to_login(request.get_full_path())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if second_factor.passes(person, form.cleaned_data["code"], at=clock.now()):
            request.session[SECOND_FACTOR_KEY] = str(person.uid)
            request.session.cycle_key()
            return redirect(_next(request))
        return _wrong_code(request, form)
    return render(request, "core/second_factor.html", {"form": form})


def _wrong_code(request: HttpRequest, form: CodeForm) -> HttpResponse:
    tries = request.session.get(TRIES_KEY, 0) + 1
    request.session[TRIES_KEY] = tries
    if tries >= CODE_TRIES:
        request.session.flush()
        return redirect("login")
    form.add_error("code", _("验证码不正确或已用过，还可再试 %(left)d 次。") % {"left": CODE_TRIES - tries})
    return render(request, "core/second_factor.html", {"form": form}, status=422)


@never_cache
def second_factor_setup(request: HttpRequest) -> HttpResponse:
    """Set-up: QR code, first code, recovery codes once."""
    person = _person(request)
    if person is None:
        return redirect_to_login(request.get_full_path())
    if second_factor.is_on(person):
        return redirect("core:account")
    secret = second_factor.begin(person)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.confirm(person, form.cleaned_data["code"], by=_own(request), at=clock.now())
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            request.session[SECOND_FACTOR_KEY] = str(person.uid)
            return render(request, "core/recovery_codes.html", {"codes": codes})
    return render(request, "core/second_factor_setup.html", {"form": form, "secret": secret})


@never_cache
def second_factor_qr(request: HttpRequest) -> HttpResponse:
    """The QR code of a set-up under way."""
    person = _person(request)
    if person is None or second_factor.is_on(person) or not person.otp_secret:
        return HttpResponse(status=404)
    return HttpResponse(second_factor.qr_svg(person), content_type="image/svg+xml")


@require_POST
@page()
def second_factor_off(request: HttpRequest) -> HttpResponse:
    """Switch one's own second factor off; the password is asked for."""
    if not request.user.check_password(request.POST.get("password", "")):
        attempt(request, _refuse_password, "")
    else:
        attempt(
            request,
            lambda: second_factor.switch_off(request.user, by=request.actor, at=clock.now()),
            _("第二因素已停用。"),
        )
    return redirect("core:account")


def _refuse_password() -> None:
    raise people.PasswordRefused(_("密码不正确，第二因素仍然启用。"))


@never_cache
def change_password(request: HttpRequest) -> HttpResponse:
    """One's own new password; the session stays."""
    person = _person(request)
    if person is None:
        return redirect_to_login(request.get_full_path())
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people.change_password(
                person, old=form.cleaned_data["old"], new=form.cleaned_data["new"], by=_own(request), at=clock.now()
            )
        except people.PasswordRefused as refusal:
            form.add_error("old" if refusal.code.endswith("old_password") else "new", str(refusal))
        else:
            update_session_auth_hash(request, person)
            return redirect(_next(request))
    return render(request, "core/change_password.html", {"form": form})


@page()
def account(request: HttpRequest) -> HttpResponse:
    """Who I am, what I may do, my language and second factor."""
    person = request.actor.person
    return render(
        request,
        "core/account.html",
        {
            "person": person,
            "grants": request.actor.grants,
            "factor_on": second_factor.is_on(person),
            "codes_left": person.recovery_codes.filter(used_at=None).count(),
        },
    )


@page()
def messages_page(request: HttpRequest) -> HttpResponse:
    """My messages; opening the page does not read them, following one does."""
    rows = Message.objects.filter(person=request.actor.person).order_by("-id")
    if request.method == "POST":
        rows.filter(read_at=None).update(read_at=clock.now())
        return redirect("core:messages")
    return render(request, "core/messages.html", {"rows": paged(request, rows)})


@page()
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow one message: it is read, and its link opens."""
    row = Message.objects.filter(person=request.actor.person, pk=pk).first()
    if row is None:
        return redirect("core:messages")
    if row.read_at is None:
        row.read_at = clock.now()
        row.save(update_fields=["read_at"])
    local = url_has_allowed_host_and_scheme(row.link, {request.get_host()})
    return redirect(row.link if row.link and local else "core:messages")
