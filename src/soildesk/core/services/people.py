"""People: accounts, roles, passwords. Each act leaves one audit entry without personal data."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from axes.utils import reset as axes_reset
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from soildesk.core import audit, clock
from soildesk.core.errors import Refusal
from soildesk.core.models import Department, Division, OldPassword, Person, RoleGrant
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, NotAllowed, require, roles_left

REMEMBERED = 5
"""Old passwords kept per person."""


class PersonRefused(Refusal):
    """The account or grant cannot be changed so."""

    code = "core.person.refused"


class PasswordRefused(Refusal):
    """The password does not meet the policy; the sentence lists why."""

    code = "core.person.password"


@dataclass(frozen=True)
class NewPerson:
    """What an account needs. Personal data: name, phone."""

    username: str
    name: str
    department: Department | None = None
    phone: str = ""


def create_person(new: NewPerson, *, password: str | None, by: Actor, at: datetime, must_change: bool = True) -> Person:
    """Make an account; its first password is to be changed at first login. None: it is given out later."""
    require(by, "core.manage_people", new.department)
    username = new.username.strip()
    if not username or not new.name.strip():
        raise PersonRefused(_("用户名和姓名都要填写。"), code="core.person.incomplete")
    if new.department is None and not by.system:
        raise PersonRefused(
            _("请为“%(name)s”选择所在单位。") % {"name": new.name}, code="core.person.department_missing"
        )
    if Person.objects.filter(username__iexact=username).exists():
        raise PersonRefused(
            _("用户名“%(username)s”已被使用：请换一个，或直接为该人员授予角色。") % {"username": username},
            code="core.person.username_taken",
        )
    person = Person(
        username=username,
        name=new.name.strip(),
        department=new.department,
        phone=new.phone.strip(),
        must_change_password=must_change,
    )
    if password is not None:
        _check(password, person)
    person.set_password(password)
    with transaction.atomic():
        person.save(force_insert=True)
        audit.record("core.person.created", subject=person, by=by, at=at)
    return person


def switch(person: Person, *, active: bool, by: Actor, at: datetime) -> None:
    """Switch an account on or off; grants stay and count again when it is switched on."""
    require_over(by, person)
    if not active and by.person == person:
        raise PersonRefused(_("不能停用自己的账户：请由另一名系统管理员办理。"), code="core.person.own_account")
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_active=active)
        audit.record("core.person.switched_on" if active else "core.person.switched_off", subject=person, by=by, at=at)
    person.refresh_from_db()


@dataclass(frozen=True)
class NewGrant:
    """A role in a division and all below it, `[since, until)`; without a department, for all departments there."""

    role: RoleGrant.Role
    division: Division
    department: Department | None = None
    since: date | None = None
    until: date | None = None


def grant(person: Person, new: NewGrant, *, by: Actor, at: datetime) -> RoleGrant:
    """Give a role. Nobody gives roles outside the divisions of their own grant, nor to themselves."""
    require(by, "core.manage_people", new.division)
    if by.person == person:
        raise PersonRefused(_("不能给自己授予角色：请由另一名系统管理员办理。"), code="core.person.own_grant")
    if new.since and new.until and new.until <= new.since:
        raise PersonRefused(
            _("止日 %(until)s 不晚于起日 %(since)s：请改正日期。") % {"until": new.until, "since": new.since},
            code="core.person.period",
        )
    if new.role in {RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN} and new.department is None:
        raise PersonRefused(
            _("“%(role)s”须指定单位。") % {"role": RoleGrant.Role(new.role).label},
            code="core.person.department_missing",
        )
    if _held(person, new).exists():
        raise PersonRefused(_("%(name)s已有该角色。") % {"name": person.name}, code="core.person.granted_already")
    with transaction.atomic():
        row = RoleGrant.objects.create(
            person=person,
            role=new.role,
            division=new.division,
            department=new.department,
            since=new.since,
            until=new.until,
            granted_by=by.person,
        )
        audit.record("core.grant.given", subject=person, by=by, at=at, data=_grant_data(row))
    return row


def _held(person: Person, new: NewGrant) -> QuerySet[RoleGrant]:
    """Grants that already give the same, for the same time or longer."""
    rows = RoleGrant.objects.filter(person=person, role=new.role, division=new.division, department=new.department)
    starts = Q(since__isnull=True) | Q(since__lte=new.since) if new.since else Q(since__isnull=True)
    ends = Q(until__isnull=True) | Q(until__gte=new.until) if new.until else Q(until__isnull=True)
    return rows.filter(starts, ends)


def revoke(row: RoleGrant, *, on: date, by: Actor, at: datetime) -> None:
    """End a grant from the day `on`; one that had not begun is ended before it counts. The row stays as history."""
    require(by, "core.manage_people", row.division)
    if row.until is not None and row.until <= on:
        raise PersonRefused(_("该授权已于 %(until)s 结束。") % {"until": row.until}, code="core.person.grant_ended")
    if row.role == RoleGrant.Role.ADMIN and not _other_admin(row, on):
        raise PersonRefused(_("这是最后一名系统管理员：请先授予另一人该角色。"), code="core.person.last_admin")
    with transaction.atomic():
        data = _grant_data(row)
        if row.since is not None and row.since >= on:
            row.delete()
        else:
            row.until = on
            row.save(update_fields=["until"])
        audit.record("core.grant.revoked", subject=row.person, by=by, at=at, data={**data, "on": on.isoformat()})


def _other_admin(row: RoleGrant, on: date) -> bool:
    admins = RoleGrant.objects.filter(valid_on(on), role=RoleGrant.Role.ADMIN, person__is_active=True)
    return any(
        row.division.path.startswith(path)
        for path in admins.exclude(person=row.person).values_list("division__path", flat=True)
    )


def _grant_data(row: RoleGrant) -> dict[str, str | None]:
    return {
        "role": row.role,
        "division": row.division.code,
        "department": str(row.department.uid) if row.department else None,
        "since": row.since.isoformat() if row.since else None,
        "until": row.until.isoformat() if row.until else None,
    }


def change_password(person: Person, *, old: str, new: str, by: Actor, at: datetime) -> None:
    """One's own new password: the old one is asked for, the policy checked, the last ones remembered."""
    if by.person != person:
        raise PersonRefused(_("只能修改自己的密码；他人的密码由系统管理员重置。"), code="core.person.not_own")
    if not person.check_password(old):
        raise PasswordRefused(_("原密码不正确。"), code="core.person.old_password")
    _check(new, person)
    with transaction.atomic():
        _set(person, new, must_change=False)
        person.save(update_fields=["password", "must_change_password"])
        audit.record("core.person.password_changed", subject=person, by=by, at=at)


def reset_password(person: Person, *, by: Actor, at: datetime) -> str:
    """A new first password for somebody who forgot theirs, given back once; it must be changed at next login."""
    require_over(by, person)
    password = first_password()
    with transaction.atomic():
        _set(person, password, must_change=True)
        person.save(update_fields=["password", "must_change_password"])
        audit.record("core.person.password_reset", subject=person, by=by, at=at)
    return password


def without_password(rows: QuerySet[Person]) -> QuerySet[Person]:
    """Those who work and were never given a password."""
    return rows.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)


def give_first_passwords(rows: Iterable[Person], *, by: Actor, at: datetime) -> list[tuple[Person, str]]:
    """First passwords for accounts that have none, given back once; each must be changed at first login."""
    given = []
    with transaction.atomic():
        for person in rows:
            require_over(by, person)
            if person.has_usable_password():
                raise PersonRefused(
                    _("%(name)s已有密码：忘记的请在人员页重置。") % {"name": person.name},
                    code="core.person.has_password",
                )
            password = first_password()
            _set(person, password, must_change=True)
            person.save(update_fields=["password", "must_change_password"])
            audit.record("core.person.password_given", subject=person, by=by, at=at)
            given.append((person, password))
    return given


def require_over(by: Actor, person: Person) -> None:
    """An administrator reaches an account only with all divisions it has grants in, or a county could take a province's.

    A grant that only begins later counts too: whoever has the password by then has it.
    """
    require(by, "core.manage_people", person)
    for row in roles_left(person, by.today).select_related("division"):
        require(by, "core.manage_people", row.division)


def is_over(by: Actor, person: Person) -> bool:
    """Whether `require_over` would let an administrator pass."""
    try:
        require_over(by, person)
    except NotAllowed:
        return False
    return True


def first_password() -> str:
    """A random password that meets the policy and can be read aloud (no 0 O 1 l I)."""
    letters = "".join(set(string.ascii_letters) - set("OlI"))
    digits = "23456789"
    parts = ["".join(secrets.choice(letters + digits) for _n in range(5)) for _m in range(3)]
    return "-".join([*parts, secrets.choice(digits) + secrets.choice("ABCDEFGHJKMN") + secrets.choice("abcdefghjkmn")])


def _set(person: Person, password: str, *, must_change: bool) -> None:
    if person.has_usable_password():
        OldPassword.objects.create(person=person, encoded=person.password, set_at=clock.now())
        kept = person.old_passwords.order_by("-id").values_list("pk", flat=True)[:REMEMBERED]
        person.old_passwords.exclude(pk__in=list(kept)).delete()
    person.set_password(password)
    person.must_change_password = must_change


def _check(password: str, person: Person) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise PasswordRefused("".join(str(message) for message in error.messages)) from error


def unlock(person: Person, *, by: Actor, at: datetime) -> int:
    """Lift the lock after too many failed logins; returns how many failed attempts were forgotten."""
    require(by, "core.manage_people", person)
    with transaction.atomic():
        forgotten = axes_reset(username=person.username)
        audit.record("core.person.unlocked", subject=person, by=by, at=at, data={"attempts": forgotten})
    return forgotten


def set_language(person: Person, language: str) -> None:
    """One's own language of the pages: "zh-hans" or "en"."""
    Person.objects.filter(pk=person.pk).update(language=language)
    person.language = language
