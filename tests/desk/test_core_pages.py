"""Every page of core: who opens it, who is turned away, and that acts go through services."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.conftest import World
from soildesk.core import clock, jobs
from soildesk.core.models import AuditEntry, DepartmentAlias, Division, Job, Message, Person, RoleGrant

pytestmark = pytest.mark.store
OWN = [
    "core:account",
    "core:change_password",
    "core:second_factor_setup",
    "core:messages",
    "core:jobs",
    "core:divisions",
    "core:calendar",
]
ADMIN = ["core:people", "core:person_add", "core:division_import"]
CSV = "code,name,level,parent,since,until\n990101300,新村镇,town,990101,,\n"


def _status(client: Client, name: str, *args: object) -> int:
    return client.get(reverse(name, args=args)).status_code


@pytest.mark.parametrize("name", [*OWN, *ADMIN, "core:departments", "core:audit"])
def test_strangers_are_sent_to_login(world: World, client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("login"))


def test_who_opens_what(world: World, client: Client) -> None:
    expected = {
        "reader": OWN,
        "officer": [*OWN, "core:departments"],
        "auditor": [*OWN, "core:audit"],
        "admin": [*OWN, *ADMIN, "core:departments"],
    }
    pages = [*OWN, *ADMIN, "core:departments", "core:audit"]
    for who, mine in expected.items():
        client.force_login(world.people[who])
        assert {name for name in pages if _status(client, name) == 200} == set(mine), who
        assert {_status(client, name) for name in pages if name not in mine} == {403}


def test_login_page_stands_and_a_next_elsewhere_is_not_followed(world: World, client: Client) -> None:
    assert "密码" in client.get(reverse("login")).content.decode()
    answer = client.post(reverse("set_language"), {"language": "en", "next": "https://example.org/"})
    assert answer["Location"].startswith("/")
    assert answer.cookies["django_language"].value == "en"


def test_language_is_kept_with_the_person(world: World, client: Client) -> None:
    client.force_login(world.people["reader"])
    client.post(reverse("set_language"), {"language": "en", "next": reverse("core:account")})
    assert Person.objects.get(username="reader").language == "en"
    assert 'lang="en"' in client.get(reverse("core:account")).content.decode()


def test_person_is_made_given_a_role_and_loses_it(world: World, client: Client) -> None:
    client.force_login(world.people["admin"])
    form = {"username": "zhou", "name": "周某", "department": world.departments["finance"].pk, "phone": ""}
    answer = client.post(reverse("core:person_add"), form, follow=True)
    assert "初始密码" in answer.content.decode()
    person = Person.objects.get(username="zhou")
    page = reverse("core:person", args=[person.uid])
    client.post(page, {"role": "reader", "division": world.district.pk, "department": "", "since": "", "until": ""})
    grant = RoleGrant.objects.get(person=person)
    assert grant.granted_by == world.people["admin"]
    client.post(reverse("core:grant_revoke", args=[person.uid, grant.pk]))
    grant.refresh_from_db()
    assert grant.until == clock.today()
    acts = list(AuditEntry.objects.order_by("id").values_list("act", flat=True))
    assert acts == ["core.person.created", "core.grant.given", "core.grant.revoked"]


def test_administrator_does_not_find_people_of_another_district(world: World, client: Client) -> None:
    client.force_login(world.people["admin"])
    assert _status(client, "core:person", world.people["stranger"].uid) == 404
    assert "stranger" not in client.get(reverse("core:people")).content.decode()


def test_page_acts_on_an_account(world: World, client: Client) -> None:
    client.force_login(world.people["admin"])
    act = reverse("core:person_act", args=[world.people["reader"].uid])
    for name in ("password", "unlock", "off"):
        client.post(act, {"act": name})
    reader = Person.objects.get(username="reader")
    assert (reader.is_active, reader.must_change_password) == (False, True)
    assert client.post(act, {"act": "nonsense"}).status_code == 404


def test_department_page_takes_an_alias_and_a_succession(world: World, client: Client) -> None:
    client.force_login(world.people["officer"])
    row = world.departments["ecology"]
    act = reverse("core:department_act", args=[row.uid])
    client.post(act, {"act": "alias", "name": "土壤办"})
    client.post(
        act, {"act": "succession", "old_name": "环保局", "kind": "renamed", "on": "2019-03-01", "ground": "示例方案"}
    )
    page = client.get(reverse("core:department", args=[row.uid])).content.decode()
    assert "土壤办" in page
    assert "示例方案" in page
    client.post(act, {"act": "drop_alias", "alias": DepartmentAlias.objects.get().pk})
    assert not DepartmentAlias.objects.exists()
    assert _status(client, "core:department", world.departments["other_ecology"].uid) == 404


def test_divisions_are_previewed_then_taken_in(world: World, client: Client) -> None:
    client.force_login(world.people["admin"])
    url = reverse("core:division_import")
    page = client.post(url, {"file": SimpleUploadedFile("a.csv", CSV.encode())}).content.decode()
    assert "新增，上级 990101" in page
    assert not Division.objects.filter(code="990101300").exists()
    assert client.post(url, {"text": CSV}).status_code == 302
    assert Division.objects.get(code="990101300").path.endswith("/990101/990101300/")


def test_division_page_gives_and_ends_an_attribute(world: World, client: Client) -> None:
    client.force_login(world.people["officer"])
    page = reverse("core:division", args=["990101200"])
    client.post(page, {"name": "涉农", "since": "2026-01-01", "ground": "示例"})
    attribute = Division.objects.get(code="990101200").attributes.get()
    assert "示例" in client.get(page).content.decode()
    client.post(page, {"act": "end", "attribute": attribute.pk})
    attribute.refresh_from_db()
    assert attribute.until == clock.today()
    assert _status(client, "core:division", "990102") == 404


def test_auditor_verifies_by_a_job(world: World, client: Client) -> None:
    client.force_login(world.people["auditor"])
    client.post(reverse("core:audit_verify"))
    row = jobs.run(Job.objects.get(kind="core.audit_verify"))
    assert "审计链完整" in client.get(reverse("core:job", args=[row.uid])).content.decode()
    assert client.get(reverse("core:audit")).status_code == 200


def test_message_is_read_when_followed(world: World, client: Client) -> None:
    client.force_login(world.people["reader"])
    row = Message.objects.create(person=world.people["reader"], text="已完成", link=reverse("core:jobs"))
    away = Message.objects.create(person=world.people["reader"], text="外链", link="//example.org/")
    assert client.get(reverse("core:message", args=[row.pk]))["Location"] == reverse("core:jobs")
    assert client.get(reverse("core:message", args=[away.pk]))["Location"] == reverse("core:messages")
    row.refresh_from_db()
    assert row.read_at
    other = Message.objects.create(person=world.people["officer"], text="他人")
    client.get(reverse("core:message", args=[other.pk]))
    other.refresh_from_db()
    assert other.read_at is None


def test_calendar_is_loaded_by_an_administrator(world: World, client: Client) -> None:
    client.force_login(world.people["reader"])
    client.post(reverse("core:calendar"))
    assert not AuditEntry.objects.exists()
    client.force_login(world.people["admin"])
    client.post(reverse("core:calendar"))
    assert "2026-10-01" in client.get(reverse("core:calendar"), {"year": "2026"}).content.decode()


def test_list_pages_keep_their_query_budget(world: World, client: Client, django_assert_max_num_queries: Any) -> None:
    client.force_login(world.people["admin"])
    for name in ("core:people", "core:departments", "core:divisions", "core:jobs"):
        with django_assert_max_num_queries(14):
            client.get(reverse(name))
