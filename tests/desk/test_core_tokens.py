"""Tokens: a program acts as a person with today's rights, never more, and never after the token ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk.conftest import World
from soildesk import cli
from soildesk.core import audit, clock, tokens
from soildesk.core.models import AuditEntry, Person, Token
from soildesk.core.permissions import NotAllowed, system_actor

pytestmark = pytest.mark.store
ASKED = "/api/v1/collections"


def made(world: World, who: str = "officer", **said: Any) -> tuple[Token, str]:
    return tokens.create(world.people[who], tokens.NewToken(**said), by=world.actor(who), at=clock.now())


def asked(client: Client, secret: str, path: str = ASKED, method: str = "get", **more: Any) -> Any:
    return getattr(client, method)(path, headers={"Authorization": f"Bearer {secret}"}, **more)


def test_a_token_is_kept_as_a_hash_and_its_making_and_end_are_audited(world: World) -> None:
    row, secret = made(world, note="QGIS")

    assert secret not in str(Token.objects.values().get())
    assert row.digest == tokens.digest_of(secret)
    assert secret.startswith(row.prefix)
    tokens.revoke(row, by=world.actor("officer"), at=clock.now())
    acts = AuditEntry.objects.order_by("id").values_list("act", "subject_uid")
    assert [*acts][-2:] == [("core.token.created", str(row.uid)), ("core.token.revoked", str(row.uid))]
    assert secret[20:] not in str([*AuditEntry.objects.values_list("data", flat=True)])
    assert audit.verify().ok


def test_who_makes_and_ends_whose(world: World) -> None:
    with pytest.raises(NotAllowed):
        tokens.create(world.people["reader"], tokens.NewToken(), by=world.actor("admin"), at=clock.now())
    row, _secret = made(world)
    for who in ("reader", "stranger"):
        with pytest.raises(NotAllowed):
            tokens.revoke(row, by=world.actor(who), at=clock.now())
    tokens.revoke(row, by=world.actor("admin"), at=clock.now())
    with pytest.raises(tokens.TokenRefused) as refusal:
        tokens.revoke(row, by=system_actor("test"), at=clock.now())
    assert refusal.value.code == "core.token.revoked"


@pytest.mark.parametrize(
    ("said", "code"), [({"days": 0}, "days"), ({"days": 9999}, "days"), ({"scope": "all"}, "scope")]
)
def test_what_is_no_token_is_refused(world: World, said: dict[str, Any], code: str) -> None:
    with pytest.raises(tokens.TokenRefused) as refusal:
        made(world, **said)
    assert refusal.value.code == f"core.token.{code}"


def test_a_token_that_does_not_count_is_401_and_never_the_public(world: World, client: Client) -> None:
    old, old_secret = made(world)
    Token.objects.filter(pk=old.pk).update(expires_at=clock.now())
    gone, gone_secret = made(world)
    tokens.revoke(gone, by=world.actor("officer"), at=clock.now())
    off, off_secret = made(world, "reader")
    Person.objects.filter(pk=off.person_id).update(is_active=False)
    client.force_login(world.people["officer"])
    for secret, code in (
        (old_secret, "expired"), (gone_secret, "revoked"), (off_secret, "unknown"), ("", "unknown"), ("é\ud800", "unknown"),
    ):  # fmt: skip
        answer = client.get(ASKED, HTTP_AUTHORIZATION=f"Bearer {secret}")
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["code"] == f"core.token.{code}"
        assert "令牌" in answer.json()["detail"]


def test_a_token_opens_no_page_and_a_read_token_writes_nothing(world: World, client: Client) -> None:
    _row, secret = made(world)
    client.force_login(world.people["officer"])

    assert asked(client, secret, reverse("core:account")).json()["code"] == "core.token.page"
    answer = asked(client, secret, "/api/v1/parcels", "post", data="{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "core.token.scope")
    assert asked(client, secret).status_code == 200


def test_the_rights_are_those_of_today(world: World, client: Client) -> None:
    _row, secret = made(world)
    assert "parcels" in str(asked(client, secret).json())
    world.people["officer"].grants.all().delete()
    assert "parcels" not in str(asked(client, secret).json())


def test_use_is_noted_at_most_once_a_minute(world: World, client: Client) -> None:
    row, secret = made(world)
    at = clock.now()
    for seconds, noted in ((0, 0), (59, 0), (60, 60), (61, 60)):
        tokens.holder(secret, at=at + timedelta(seconds=seconds))
        row.refresh_from_db()
        assert row.used_at == at + timedelta(seconds=noted)


def test_the_page_shows_a_secret_once_and_ends_ones_own_only(world: World, client: Client) -> None:
    client.force_login(world.people["officer"])
    page = client.post(reverse("core:tokens"), {"note": "QGIS", "scope": "read", "days": "30"}).content.decode()
    row = Token.objects.get()
    secret = page.partition('core-secret">')[2].partition("<")[0]
    assert tokens.holder(secret, at=clock.now()) == row
    assert secret not in client.get(reverse("core:tokens")).content.decode()
    client.force_login(world.people["reader"])
    assert client.post(reverse("core:token_revoke", args=[row.uid])).status_code == 404
    client.force_login(world.people["officer"])
    client.post(reverse("core:token_revoke", args=[row.uid]))
    row.refresh_from_db()
    assert row.revoked_at is not None


def test_the_command_prints_one_token_lists_and_revokes(world: World, client: Client, capsys: Any) -> None:
    assert cli.main(["token", "create", "--user", "officer", "--days", "30", "--note", "脚本"]) == 0
    secret = capsys.readouterr().out.strip()
    assert asked(client, secret).status_code == 200
    assert cli.main(["token", "list"]) == 0
    listed = capsys.readouterr().out
    assert secret[:14] in listed and secret not in listed and "脚本" in listed
    assert cli.main(["token", "revoke", secret[:14]]) == 0
    assert asked(client, secret).status_code == 401
    assert cli.main(["token", "create", "--user", "nobody"]) == 1
    assert cli.main(["token", "revoke", "soildesk_none"]) == 1
