"""The chain notices every way of tampering with it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client

from desk.conftest import AT, DAY, World
from soildesk.core import audit, audit_words
from soildesk.core.models import AuditEntry
from soildesk.core.permissions import NotAllowed, system_actor

pytestmark = [pytest.mark.store, pytest.mark.django_db]
BY = system_actor("test", DAY)


def _write(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            audit.record("test.done", subject="test", by=BY, at=AT, data={"n": number, "名": "土壤"})


def _codes() -> set[str]:
    return {item.code for item in audit.verify().breaks}


def test_whole_chain_is_found_whole() -> None:
    _write(5)
    audit.export_heads(day=DAY)
    _write(2)
    report = audit.verify()
    assert report.ok
    assert (report.entries, report.heads) == (7, 1)
    assert report.head == AuditEntry.objects.last().digest


def _alter_data() -> None:
    AuditEntry.objects.filter(pk=_nth(2).pk).update(data={"n": 99})


def _alter_actor() -> None:
    AuditEntry.objects.filter(pk=_nth(0).pk).update(actor_name="somebody")


def _delete_inside() -> None:
    AuditEntry.objects.filter(pk=_nth(2).pk).delete()


def _delete_first() -> None:
    AuditEntry.objects.filter(pk=_nth(0).pk).delete()


def _cut_tail() -> None:
    AuditEntry.objects.filter(pk__gt=_nth(2).pk).delete()


def _rewrite_everything() -> None:
    """Alter an entry and close the chain anew: only the exported head tells."""
    previous = audit.GENESIS
    for number, entry in enumerate(AuditEntry.objects.order_by("id")):
        entry.previous = previous
        entry.data = {"n": 42} if number == 1 else entry.data
        entry.digest = previous = audit.digest_of(entry)
        entry.save()


def _empty() -> None:
    AuditEntry.objects.all().delete()


def _nth(number: int) -> AuditEntry:
    return AuditEntry.objects.order_by("id")[number]


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (_alter_data, "core.audit.entry_changed"),
        (_alter_actor, "core.audit.entry_changed"),
        (_delete_inside, "core.audit.link_broken"),
        (_delete_first, "core.audit.link_broken"),
        (_cut_tail, "core.audit.tail_missing"),
        (_rewrite_everything, "core.audit.head_differs"),
        (_empty, "core.audit.tail_missing"),
    ],
)
def test_tampering_is_noticed(tamper: Callable[[], None], code: str) -> None:
    _write(5)
    audit.export_heads(day=DAY)
    tamper()
    assert code in _codes()


def test_unreadable_heads_are_said(home: Path) -> None:
    _write(1)
    audit.export_heads(day=DAY)
    with (home / "audit-heads.jsonl").open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    assert _codes() == {"core.audit.head_unreadable"}


def test_head_is_exported_once(home: Path) -> None:
    assert audit.export_heads(day=DAY) is None
    _write(1)
    audit.export_heads(day=DAY)
    audit.export_heads(day=DAY)
    assert len((home / "audit-heads.jsonl").read_text().splitlines()) == 1


def test_no_actor_no_entry() -> None:
    with pytest.raises(NotAllowed), transaction.atomic():
        audit.record("test.done", subject="test", by=None, at=AT)
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_entry_needs_the_acts_transaction_and_goes_with_it() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        audit.record("test.done", subject="test", by=BY, at=AT)
    with transaction.atomic():
        audit.record("test.done", subject="test", by=BY, at=AT)
        transaction.set_rollback(True)
    assert audit.verify().entries == 0


def test_bulk_carries_count_and_hash() -> None:
    assert audit.bulk(["a", "b"])["count"] == 2
    assert audit.bulk(["a", "b"]) != audit.bulk(["b", "a"])


def _write_and_close(count: int) -> None:
    _write(count)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_acts_at_the_same_time_stand_in_one_order() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    writers = [threading.Thread(target=_write_and_close, args=(10,)) for _n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    report = audit.verify()
    assert report.ok
    assert report.entries == 40


def test_every_act_has_its_words() -> None:
    """An auditor reads words, not code names: each act that any room writes down is named."""
    source = Path(__file__).parents[2] / "src" / "soildesk"
    written = {
        act
        for file in source.rglob("*.py")
        for act in re.findall(r'record\(\s*f?"((?:core|kit|plans)\.[a-z_]+\.[a-z_]+)"', file.read_text("utf-8"))
    }
    assert len(written) > 40
    assert written <= audit_words.registered(), sorted(written - audit_words.registered())


def test_an_auditor_reads_names_and_words(world: World, client: Client) -> None:
    with transaction.atomic():
        audit.record("plans.plan.published", subject=world.district, by=world.actor("issuer"), at=AT)
    client.force_login(world.people["auditor"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/system/audit/", {"q": "发布方案"}).content.decode()
    assert "发布方案" in page
    assert page.count('<td class="wide"') == 1, "the one entry found by its words"
