"""Accounts: creation, roles, passwords, lockout, second factor."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from desk.conftest import AT, DAY, PASSWORD, World
from soildesk.core import audit
from soildesk.core.models import AuditEntry, Division, Person, RoleGrant
from soildesk.core.permissions import NotAllowed, may, system_actor
from soildesk.core.services import people, second_factor
from soildesk.core.services.people import NewGrant, NewPerson, PasswordRefused, PersonRefused

pytestmark = pytest.mark.store
NEW = "Xin-mima 2026"


def _acts() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("act", flat=True))


def test_what_an_office_is_told_is_not_for_firms_and_experts_whose_account_it_keeps(world: World) -> None:
    admin, ecology = world.actor("admin"), world.departments["ecology"]
    office = set(Person.objects.working_in([ecology.pk]))
    for role in (RoleGrant.Role.ENTERPRISE, RoleGrant.Role.LABORATORY, RoleGrant.Role.EXPERT):
        person = people.create_person(NewPerson(f"x{role}", "外来", ecology), password=NEW, by=admin, at=world.at)
        people.grant(person, NewGrant(role, world.district), by=admin, at=world.at)
    assert office and set(Person.objects.working_in([ecology.pk])) == office
    new = people.create_person(NewPerson("new", "新人", ecology), password=NEW, by=admin, at=world.at)
    assert new in Person.objects.working_in([ecology.pk]), "whoever has no role yet works there"
    people.grant(person, NewGrant(RoleGrant.Role.OFFICER, world.district), by=admin, at=world.at)
    assert person in Person.objects.working_in([ecology.pk])


def test_account_and_role_leave_one_entry_each_without_personal_data(world: World) -> None:
    admin = world.actor("admin")
    person = people.create_person(
        NewPerson("lin", "林某", world.departments["finance"], "13900000000"), password=NEW, by=admin, at=world.at
    )
    people.grant(person, NewGrant(RoleGrant.Role.OFFICER, world.district), by=admin, at=world.at)
    assert _acts() == ["core.person.created", "core.grant.given"]
    assert person.must_change_password
    said = " ".join(str(entry.data) for entry in AuditEntry.objects.all())
    assert "林某" not in said
    assert "139" not in said
    assert audit.verify().ok


@pytest.mark.parametrize("password", ["short1A!", "alllowercaseonly", "password123", "12345678901234"])
def test_weak_passwords_are_refused(world: World, password: str) -> None:
    with pytest.raises(PasswordRefused) as refusal:
        people.create_person(
            NewPerson("lin", "林某", world.departments["finance"]),
            password=password,
            by=world.actor("admin"),
            at=world.at,
        )
    assert not re.search("[A-Za-z]", refusal.value.sentence)
    assert not Person.objects.filter(username="lin").exists()


def test_first_password_meets_the_policy(world: World) -> None:
    for number in range(20):
        people.create_person(
            NewPerson(f"p{number}", "某", world.departments["finance"]),
            password=people.first_password(),
            by=world.actor("admin"),
            at=world.at,
        )
    assert Person.objects.filter(username__regex="^p[0-9]+$").count() == 20, "none was refused by the policy"


def test_used_passwords_do_not_come_back(world: World) -> None:
    person, by = world.people["officer"], world.actor("officer")
    used = [PASSWORD, *(f"Tudi-{number} Abcdef" for number in range(3))]
    for old, new in zip(used, used[1:], strict=False):
        people.change_password(person, old=old, new=new, by=by, at=world.at)
    for again in used:
        with pytest.raises(PasswordRefused, match="用过"):
            people.change_password(person, old=used[-1], new=again, by=by, at=world.at)


def test_password_is_ones_own(world: World) -> None:
    with pytest.raises(PersonRefused):
        people.change_password(world.people["officer"], old=PASSWORD, new=NEW, by=world.actor("admin"), at=world.at)
    with pytest.raises(PasswordRefused, match="原密码"):
        people.change_password(world.people["officer"], old="x", new=NEW, by=world.actor("officer"), at=world.at)


def test_grants_stay_within_the_administrators_divisions(world: World) -> None:
    admin = world.actor("admin")
    for where in (world.city, world.other):
        with pytest.raises(NotAllowed):
            people.grant(world.people["reader"], NewGrant(RoleGrant.Role.ADMIN, where), by=admin, at=world.at)
    with pytest.raises(PersonRefused, match="自己"):
        people.grant(world.people["admin"], NewGrant(RoleGrant.Role.ISSUER, world.district), by=admin, at=world.at)
    with pytest.raises(PersonRefused, match="指定单位"):
        people.grant(world.people["reader"], NewGrant(RoleGrant.Role.DEPARTMENT, world.district), by=admin, at=world.at)
    with pytest.raises(PersonRefused, match="已有"):
        people.grant(world.people["reader"], NewGrant(RoleGrant.Role.READER, world.district), by=admin, at=world.at)


def test_county_administrator_does_not_take_a_citys_account(world: World) -> None:
    RoleGrant.objects.create(person=world.people["officer"], role=RoleGrant.Role.OFFICER, division=world.city)
    with pytest.raises(NotAllowed):
        people.reset_password(world.people["officer"], by=world.actor("admin"), at=world.at)


def _of_no_office(*places: Division) -> Person:
    person = people.create_person(NewPerson("lab", "外来", None), password=NEW, by=system_actor("test", DAY), at=AT)
    for place in places:
        people.grant(person, NewGrant(RoleGrant.Role.LABORATORY, place), by=system_actor("test", DAY), at=AT)
    return person


def test_an_account_of_no_office_is_closed_and_opened_where_it_works_and_nowhere_else(
    world: World, client: Client
) -> None:
    person = _of_no_office(world.district)
    RoleGrant.objects.create(person=world.people["stranger"], role=RoleGrant.Role.ADMIN, division=world.other)
    stranger = world.actor("stranger")
    page, act_url = (reverse(name, args=[person.uid]) for name in ("core:person", "core:person_act"))
    for act in (people.reset_password, people.unlock, lambda *a, **k: people.switch(*a, active=False, **k)):
        with pytest.raises(NotAllowed, match="青禾区"):
            act(person, by=stranger, at=world.at)
    client.force_login(world.people["stranger"])
    assert client.get(page).status_code == client.post(act_url, {"act": "off"}).status_code == 404
    assert "外来" not in client.get(reverse("core:people")).content.decode()
    client.force_login(world.people["admin"])
    assert "外来" in client.get(reverse("core:people")).content.decode()
    for act, active in (("off", False), ("on", True), ("password", True), ("unlock", True)):
        assert client.post(act_url, {"act": act}).status_code == 302
        person.refresh_from_db()
        assert person.is_active is active
    assert person.must_change_password
    told = AuditEntry.objects.filter(subject_uid=str(person.uid), actor_name="admin")
    assert set(told.values_list("division_path", flat=True)) == {world.district.path}, "its auditor reads of it"
    client.post(reverse("core:grant_revoke", args=[person.uid, person.grants.get().pk]))
    assert client.get(page).status_code == 200, "it can still be closed"
    people.switch(person, active=False, by=world.actor("admin"), at=world.at)


def test_whoever_works_in_two_places_is_seen_in_both_and_closed_above_both(world: World, client: Client) -> None:
    person = _of_no_office(world.district, world.other)
    with pytest.raises(NotAllowed, match="云泽市"):
        people.switch(person, active=False, by=world.actor("admin"), at=world.at)
    here, there = person.grants.order_by("id")
    client.force_login(world.people["admin"])
    page = client.get(reverse("core:person", args=[person.uid])).content.decode()
    assert reverse("core:grant_revoke", args=[person.uid, here.pk]) in page
    assert reverse("core:grant_revoke", args=[person.uid, there.pk]) not in page
    assert reverse("core:person_act", args=[person.uid]) not in page, "it is not closed here"
    client.post(reverse("core:grant_revoke", args=[person.uid, there.pk]))
    there.refresh_from_db()
    assert there.until is None
    client.post(reverse("core:grant_revoke", args=[person.uid, here.pk]))
    assert client.get(reverse("core:person", args=[person.uid])).status_code == 200, "a record of who worked here"
    RoleGrant.objects.create(person=world.people["officer"], role=RoleGrant.Role.ADMIN, division=world.city)
    people.switch(person, active=False, by=world.actor("officer"), at=world.at)


def test_an_office_of_elsewhere_with_a_role_here_is_seen_without_its_telephone(world: World, client: Client) -> None:
    guest = world.people["stranger"]
    Person.objects.filter(pk=guest.pk).update(phone="13900000000")
    made = people.grant(guest, NewGrant(RoleGrant.Role.READER, world.district), by=world.actor("admin"), at=world.at)
    client.force_login(world.people["admin"])
    page = client.get(reverse("core:person", args=[guest.uid])).content.decode()
    assert reverse("core:grant_revoke", args=[guest.uid, made.pk]) in page
    assert "139" not in page
    assert "上级的系统管理员" in page
    with pytest.raises(NotAllowed):
        people.reset_password(guest, by=world.actor("admin"), at=world.at)
    people.revoke(made, on=DAY, by=world.actor("admin"), at=world.at)
    assert client.get(reverse("core:person", args=[guest.uid])).status_code == 404


def test_a_role_elsewhere_that_only_begins_later_is_out_of_reach_today(world: World) -> None:
    RoleGrant.objects.create(
        person=world.people["officer"], role=RoleGrant.Role.ADMIN, division=world.city, since=DAY + timedelta(days=1)
    )
    with pytest.raises(NotAllowed):
        people.reset_password(world.people["officer"], by=world.actor("admin"), at=world.at)


def test_revoked_role_ends_that_day_and_stays_as_history(world: World) -> None:
    grant = world.people["officer"].grants.get()
    people.revoke(grant, on=DAY, by=world.actor("admin"), at=world.at)
    assert not may(world.actor("officer"), "core.manage_departments")
    assert may(world.actor("officer", DAY - timedelta(days=1)), "core.manage_departments")
    with pytest.raises(PersonRefused, match="结束"):
        people.revoke(grant, on=DAY, by=world.actor("admin"), at=world.at)


def test_last_administrator_stays(world: World) -> None:
    with pytest.raises(PersonRefused, match="最后"):
        people.revoke(world.people["admin"].grants.get(), on=DAY, by=system_actor("test", DAY), at=world.at)
    with pytest.raises(PersonRefused, match="自己"):
        people.switch(world.people["admin"], active=False, by=world.actor("admin"), at=world.at)


def _login(client: Client, username: str, password: str) -> Any:
    return client.post(reverse("login"), {"username": username, "password": password})


def test_five_wrong_passwords_lock_and_an_administrator_unlocks(world: World, client: Client) -> None:
    for _n in range(5):
        answer = _login(client, "officer", "wrong")
    assert answer.status_code == 429
    assert "锁定" in answer.content.decode()
    assert _login(client, "officer", PASSWORD).status_code == 429
    assert _login(client, "reader", PASSWORD).status_code == 302
    assert people.unlock(world.people["officer"], by=world.actor("admin"), at=world.at)
    assert _login(Client(), "officer", PASSWORD).status_code == 302


def test_first_password_must_be_changed_before_anything_else(world: World, client: Client) -> None:
    password = people.reset_password(world.people["officer"], by=world.actor("admin"), at=world.at)
    _login(client, "officer", password)
    change = reverse("core:change_password")
    assert client.get(reverse("core:jobs"))["Location"] == change
    assert client.post(change, {"old": password, "new": NEW, "again": "x"}).status_code == 200
    assert client.post(change, {"old": password, "new": NEW, "again": NEW}).status_code == 302
    assert client.get(reverse("core:jobs")).status_code == 200


def _enrol(world: World, who: str = "officer") -> tuple[Person, list[str]]:
    person = world.people[who]
    totp = pyotp.TOTP(second_factor.begin(person))
    return person, second_factor.confirm(person, totp.now(), by=world.actor(who), at=world.at)


def test_second_factor_is_asked_for_and_a_code_counts_once(world: World, client: Client) -> None:
    person, _codes = _enrol(world)
    step = reverse("core:second_factor")
    _login(client, "officer", PASSWORD)
    assert client.get(reverse("core:jobs"))["Location"] == step
    used = pyotp.TOTP(person.otp_secret).now()
    assert client.post(step, {"code": used}).status_code == 422
    Person.objects.filter(pk=person.pk).update(otp_last_step=0)
    assert client.post(step, {"code": pyotp.TOTP(person.otp_secret).now()}).status_code == 302
    assert client.get(reverse("core:jobs")).status_code == 200


def test_recovery_code_counts_once(world: World) -> None:
    person, codes = _enrol(world)
    assert second_factor.passes(person, codes[0].lower(), at=world.at)
    assert not second_factor.passes(person, codes[0], at=world.at)
    assert codes[1] not in str(list(person.recovery_codes.values_list("encoded", flat=True)))


def test_five_wrong_codes_end_the_session(world: World, client: Client) -> None:
    _enrol(world)
    _login(client, "officer", PASSWORD)
    for _n in range(5):
        answer = client.post(reverse("core:second_factor"), {"code": "000000"})
    assert answer["Location"] == reverse("login")
    assert client.get(reverse("core:account"))["Location"].startswith(reverse("login"))


def test_wrong_codes_are_counted_per_person_and_not_per_session(world: World) -> None:
    person, codes = _enrol(world)
    for _n in range(second_factor.WRONG_CODES):
        assert not second_factor.passes(person, "000000", at=world.at)
    assert not second_factor.passes(person, codes[0], at=world.at), "even a right one, for a quarter of an hour"
    assert second_factor.passes(person, codes[0], at=world.at + second_factor.REST)


def test_second_factor_may_be_made_a_duty_of_a_role(world: World, client: Client, settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = ["admin"]
    setup = reverse("core:second_factor_setup")
    client.force_login(world.people["admin"])
    assert client.get(reverse("core:people"))["Location"] == setup
    assert "二维码" in client.get(setup).content.decode()
    assert client.get(reverse("core:second_factor_qr"))["Content-Type"] == "image/svg+xml"
    world.people["admin"].refresh_from_db()
    code = pyotp.TOTP(world.people["admin"].otp_secret).now()
    assert "恢复码" in client.post(setup, {"code": code}).content.decode()
    assert client.get(reverse("core:people")).status_code == 200
    client.force_login(world.people["officer"])
    assert client.get(reverse("core:account")).status_code == 200


def test_lost_device_is_taken_off_by_an_administrator_with_an_entry(world: World) -> None:
    person, _codes = _enrol(world)
    with pytest.raises(NotAllowed):
        second_factor.switch_off(person, by=world.actor("stranger"), at=world.at)
    second_factor.switch_off(person, by=world.actor("admin"), at=world.at)
    assert _acts()[-1] == "core.second_factor.off"
    assert not second_factor.is_on(person)


def test_until_before_since_is_refused(world: World) -> None:
    with pytest.raises(PersonRefused, match="止日"):
        people.grant(
            world.people["reader"],
            NewGrant(RoleGrant.Role.OFFICER, world.district, since=DAY, until=date(2026, 1, 1)),
            by=world.actor("admin"),
            at=world.at,
        )
