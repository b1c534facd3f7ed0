"""人员与角色."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.forms import GrantForm, PersonForm
from soildesk.core.models import Person, RoleGrant
from soildesk.core.models.places import is_valid, valid_on
from soildesk.core.pages.base import attempt, page, paged
from soildesk.core.permissions import Actor, NotAllowed, may
from soildesk.core.services import people, second_factor

MANAGE = "core.manage_people"


def people_of(actor: Actor) -> QuerySet[Person]:
    """Everybody whose account an administrator answers for: who works in an office of the divisions kept, and who has a role
    in them, be it a laboratory, a firm or an expert of no office. Whoever is of no office stays when the last role has ended.
    """
    if actor.system:
        return Person.objects.all()
    condition, left = Q(pk__in=()), Q(until__isnull=True) | Q(until__gt=actor.today)
    for grant in actor.grants:
        if grant.role == RoleGrant.Role.ADMIN:
            roles = RoleGrant.objects.filter(division__path__startswith=grant.division.path)
            condition |= Q(department__division__path__startswith=grant.division.path)
            condition |= Q(pk__in=roles.filter(left).values("person"))
            condition |= Q(department=None, pk__in=roles.values("person"))
    return Person.objects.filter(condition)


@page(MANAGE)
def people_list(request: HttpRequest) -> HttpResponse:
    """Who has an account here, with roles of today."""
    rows = (
        people_of(request.actor)
        .select_related("department")
        .order_by(F("department_id").asc(nulls_last=True), "name", "id")
    )
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(Q(name__icontains=text) | Q(username__icontains=text) | Q(department__name__icontains=text))
    found = paged(request, rows)
    roles: dict[int, list[str]] = {}
    grants = RoleGrant.objects.filter(valid_on(request.actor.today), person__in=[row.pk for row in found])
    for grant in grants.select_related("division"):
        roles.setdefault(grant.person_id, []).append(f"{grant.get_role_display()}（{grant.division.name}）")
    people_here = [(row, roles.get(row.pk, [])) for row in found]
    waiting = people.without_password(people_of(request.actor)).count()
    return render(
        request, "core/people.html", {"rows": found, "people": people_here, "q": text, "without_password": waiting}
    )


@page(MANAGE)
def person_add(request: HttpRequest) -> HttpResponse:
    """A new account; its first password is shown once."""
    form = PersonForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = people.first_password()
        try:
            person = people.create_person(
                people.NewPerson(**form.cleaned_data), password=password, by=request.actor, at=clock.now()
            )
        except Refusal as refusal:
            form.add_error("username", str(refusal))
        else:
            _tell_password(request, person, password)
            return redirect("core:person", person.uid)
    return render(request, "core/person_add.html", {"form": form})


def _tell_password(request: HttpRequest, person: Person, password: str) -> None:
    messages.success(
        request,
        _("%(name)s的初始密码：%(password)s（只显示这一次，首次登录须修改）。")
        % {"name": person.name, "password": password},
    )


@never_cache
@page(MANAGE)
def first_passwords(request: HttpRequest) -> HttpResponse:
    """Accounts that were never given a password; POST gives one to each and shows them this once, to be printed and cut."""
    rows = people.without_password(people_of(request.actor)).select_related("department")
    waiting = [row for row in rows.order_by("department_id", "name", "id") if people.is_over(request.actor, row)]
    given: list[tuple[Person, str]] = []
    if request.method == "POST":
        given, waiting = people.give_first_passwords(waiting, by=request.actor, at=clock.now()), []
    context = {"waiting": waiting, "given": given, "address": request.build_absolute_uri("/")}
    return render(request, "core/first_passwords.html", context)


def _found(request: HttpRequest, uid: str) -> Person:
    return get_object_or_404(people_of(request.actor), uid=uid)


@page(MANAGE)
def person(request: HttpRequest, uid: str) -> HttpResponse:
    """One account: roles with their periods, and the acts on it. POST gives a role."""
    row = _found(request, uid)
    form = GrantForm(request.actor, request.POST or None, initial={"division": _own_division(row)})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data, role=RoleGrant.Role(form.cleaned_data["role"]))
        if attempt(
            request,
            lambda: people.grant(row, people.NewGrant(**data), by=request.actor, at=clock.now()),
            _("已授予%(name)s%(role)s角色。") % {"name": row.name, "role": data["role"].label},
        ):
            return redirect("core:person", uid)
    today = request.actor.today
    grants = row.grants.select_related("division", "department", "granted_by").order_by("-id")
    return render(
        request,
        "core/person.html",
        {
            "person": row,
            "form": form,
            "grants": [(grant, is_valid(grant, today), may(request.actor, MANAGE, grant.division)) for grant in grants],
            "factor_on": second_factor.is_on(row),
            "over": people.is_over(request.actor, row),
        },
    )


def _own_division(row: Person) -> int | None:
    return row.department.division_id if row.department else None


@require_POST
@page(MANAGE)
def person_act(request: HttpRequest, uid: str) -> HttpResponse:
    """Switch on or off, reset the password, lift a lock, take the second factor off."""
    row, by, at = _found(request, uid), request.actor, clock.now()
    acts = {
        "off": (lambda: people.switch(row, active=False, by=by, at=at), _("账户已停用。")),
        "on": (lambda: people.switch(row, active=True, by=by, at=at), _("账户已启用。")),
        "unlock": (lambda: people.unlock(row, by=by, at=at), _("登录锁定已解除。")),
        "factor_off": (lambda: second_factor.switch_off(row, by=by, at=at), _("第二因素已停用。")),
    }
    name = request.POST.get("act", "")
    if name == "password":
        _reset(request, row)
    elif name in acts:
        attempt(request, *acts[name])
    else:
        raise Http404(name)
    return redirect("core:person", uid)


def _reset(request: HttpRequest, row: Person) -> None:
    try:
        _tell_password(request, row, people.reset_password(row, by=request.actor, at=clock.now()))
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, str(refusal))


@require_POST
@page(MANAGE)
def grant_revoke(request: HttpRequest, uid: str, pk: int) -> HttpResponse:
    """End a role from today."""
    grant = get_object_or_404(RoleGrant, pk=pk, person=_found(request, uid))
    attempt(
        request,
        lambda: people.revoke(grant, on=clock.today(), by=request.actor, at=clock.now()),
        _("%(role)s角色自今日起结束。") % {"role": grant.get_role_display()},
    )
    return redirect("core:person", uid)
