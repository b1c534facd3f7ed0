"""Imports: nothing is written before somebody says so, the same file is taken once, every row's fate is told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from soildesk.core.models import AuditEntry, CalendarDay
from soildesk.kit import imports, upkeep
from soildesk.kit.models import ImportBatch, ImportRow

pytestmark = pytest.mark.django_db


def read(data: bytes, name: str, purpose: imports.Purpose) -> imports.Understood:
    """Days of a calendar, one JSON object a line: {"day": …, "name": …}."""
    standing = {str(row.day): row.name for row in CalendarDay.objects.all()}

    def rows() -> Iterator[imports.RowFate]:
        for number, line in enumerate(filter(None, data.decode().splitlines()), start=2):
            raw = json.loads(line)
            if "name" not in raw:
                yield imports.RowFate(number, raw, "refused", [f"第 {number} 行没有名称：请补上。"])
                continue
            old = standing.get(raw["day"])
            yield imports.RowFate(number, raw, before=None if old is None else {**raw, "name": old}, after=raw)

    columns = [imports.MappingLine("day", "日期"), imports.MappingLine("remark")]
    return imports.Understood(columns, rows(), ["第一行是表头"])


def apply(rows: Sequence[ImportRow], purpose: imports.Purpose) -> Mapping[str, int]:
    for row in rows:
        CalendarDay.objects.update_or_create(
            day=row.after["day"], defaults={"name": row.after["name"], "is_working": False, "source": "test"}
        )
    return {"written": len(rows)}


KIND = imports.ImportKind(
    name="kit.test_days", title="测试日历", permission="core.manage_calendar", read=read, apply=apply,
    names={"day": "日期", "name": "名称", "written": "写入"}, accepts=(".txt",),
)  # fmt: skip
FILE = b'{"day": "2026-01-01", "name": "\xe5\x85\x83\xe6\x97\xa6"}\n{"day": "2026-05-01", "name": "x"}\n{"day": "2026-05-02"}\n'


@pytest.fixture(autouse=True)
def kind() -> Iterator[None]:
    imports.add(KIND)
    yield
    imports._kinds.pop(KIND.name)


@pytest.fixture
def purpose(world: Any) -> imports.Purpose:
    CalendarDay.objects.create(day="2026-01-01", name="元旦", is_working=False, source="t")
    return imports.Purpose(world.actor("admin"), world.at)


def test_preview_tells_every_fate_and_writes_nothing(purpose: imports.Purpose) -> None:
    batch = imports.preview(KIND, FILE, "days.txt", purpose)
    assert batch.state == "previewed"
    assert batch.counts == {"ok": 1, "warning": 0, "refused": 1, "unchanged": 1}
    assert list(batch.rows.values_list("position", "verdict")) == [(2, "ok"), (3, "ok"), (4, "refused")]
    assert CalendarDay.objects.count() == 1
    assert batch.receipt == ""


def test_accepting_writes_once_with_receipt_and_audit(purpose: imports.Purpose) -> None:
    batch = imports.preview(KIND, FILE, "days.txt", purpose)
    done = imports.accept(batch, purpose)
    assert done.receipt == f"DR{purpose.at:%Y%m%d}-0001"
    assert done.result == {"written": 1}
    assert set(CalendarDay.objects.values_list("name", flat=True)) == {"元旦", "x"}
    assert imports.accept(batch, purpose).receipt == done.receipt
    assert AuditEntry.objects.filter(act="kit.import.accepted").count() == 1


def test_the_same_file_again_is_the_first_receipt(purpose: imports.Purpose) -> None:
    first = imports.accept(imports.preview(KIND, FILE, "days.txt", purpose), purpose)
    again = imports.preview(KIND, FILE, "renamed.txt", purpose)
    assert again.pk == first.pk
    other = imports.Purpose(purpose.actor, purpose.at, {"into": "elsewhere"})
    assert imports.preview(KIND, FILE, "days.txt", other).pk != first.pk


def test_doing_nothing_writes_nothing_and_is_final(purpose: imports.Purpose) -> None:
    batch = imports.reject(imports.preview(KIND, FILE, "days.txt", purpose), purpose)
    assert batch.state == "rejected"
    assert CalendarDay.objects.count() == 1
    with pytest.raises(imports.ImportRefused) as refused:
        imports.accept(batch, purpose)
    assert refused.value.code == "kit.import.decided"


def test_nothing_to_write_is_nothing_to_accept(purpose: imports.Purpose, world: Any) -> None:
    batch = imports.preview(KIND, b'{"day": "2026-01-01", "name": "\xe5\x85\x83\xe6\x97\xa6"}\n', "days.txt", purpose)
    assert imports.writes(batch) == 0
    with pytest.raises(imports.ImportRefused, match=r"days\.txt") as refused:
        imports.accept(batch, purpose)
    assert refused.value.code == "kit.import.nothing_to_write"
    batch.refresh_from_db()
    assert (batch.state, batch.receipt) == ("previewed", "")
    client = Client()
    client.force_login(world.people["admin"])
    page = client.get(f"/kit/imports/{batch.uid}").content.decode()
    assert "没有可写入的内容" in page
    assert "关闭" in page
    assert f"/kit/imports/{batch.uid}/accept" not in page
    client.post(f"/kit/imports/{batch.uid}/reject")
    batch.refresh_from_db()
    assert (batch.state, batch.receipt) == ("rejected", "")


@pytest.mark.parametrize(("large", "looks"), [(1, True), (2, False)])
def test_after_a_large_import_the_database_looks_at_itself_outside_the_transaction(
    purpose: imports.Purpose, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any,
    large: int, looks: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr(upkeep, "LARGE", large)
    batch = imports.preview(KIND, FILE, "days.txt", purpose)
    with CaptureQueriesContext(connection) as inside, django_capture_on_commit_callbacks() as later:
        imports.accept(batch, purpose)
    with CaptureQueriesContext(connection) as after:
        for call in later:
            call()
    wanted = "ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize"
    assert wanted not in [one["sql"] for one in inside]
    assert (wanted in [one["sql"] for one in after]) == looks


def test_a_failing_apply_leaves_the_batch_open_and_nothing_written(purpose: imports.Purpose) -> None:
    batch = imports.preview(KIND, FILE, "days.txt", purpose)

    def broken(rows: Sequence[ImportRow], purpose: imports.Purpose) -> Mapping[str, int]:
        apply(rows, purpose)
        raise RuntimeError("in the middle")

    imports.add(imports.ImportKind(**{**{f: getattr(KIND, f) for f in KIND.__slots__}, "apply": broken}))
    with pytest.raises(RuntimeError):
        imports.accept(batch, purpose)
    batch.refresh_from_db()
    assert batch.state == "previewed"
    assert CalendarDay.objects.count() == 1


def test_a_file_without_rows_is_refused_with_advice(purpose: imports.Purpose) -> None:
    with pytest.raises(imports.ImportRefused) as refused:
        imports.preview(KIND, b"\n\n", "days.txt", purpose)
    assert refused.value.code == "kit.import.nothing"
    assert not ImportBatch.objects.exists()


def test_permission_is_asked_for_at_preview_and_at_accept(world: Any, purpose: imports.Purpose) -> None:
    officer = imports.Purpose(world.actor("officer"), world.at)
    with pytest.raises(PermissionDenied):
        imports.preview(KIND, FILE, "days.txt", officer)
    batch = imports.preview(KIND, FILE, "days.txt", purpose)
    with pytest.raises(PermissionDenied):
        imports.accept(batch, officer)


def test_a_reading_that_never_ended_is_swept_away(purpose: imports.Purpose) -> None:
    stuck = ImportBatch.objects.create(
        kind="x", file_name="x", sha256="0", at=purpose.at - timedelta(hours=2), by=purpose.actor.person
    )
    fresh = ImportBatch.objects.create(kind="x", file_name="y", sha256="1", at=purpose.at, by=purpose.actor.person)
    assert imports.drop_orphans(purpose.at) == 1
    assert not ImportBatch.objects.filter(pk=stuck.pk).exists()
    assert ImportBatch.objects.filter(pk=fresh.pk).exists()


def test_the_pages_lead_from_file_to_receipt(client: Client, world: Any, purpose: imports.Purpose) -> None:
    client.force_login(world.people["admin"], backend="django.contrib.auth.backends.ModelBackend")
    address = "/kit/imports/new/kit.test_days"
    assert "把文件拖到这里" in client.get(address).content.decode()
    assert client.post(address).status_code == 422
    wrong = client.post(address, {"file": SimpleUploadedFile("days.exe", FILE)})
    assert wrong.status_code == 422
    assert "不是这里能读的格式（.txt）" in wrong.content.decode()
    sent = client.post(address, {"file": SimpleUploadedFile("days.txt", FILE)})
    preview = client.get(sent["Location"]).content.decode()
    assert "没有名称：请补上" in preview
    assert "导入这 1 行" in preview
    assert "不使用" in preview
    refused_only = client.get(sent["Location"] + "?fate=refused").content.decode()
    assert refused_only.count("没有名称：请补上") == 1
    assert '<ins class="diff-new">x</ins>' not in refused_only
    client.post(sent["Location"] + "/accept")
    receipt = client.get(sent["Location"]).content.decode()
    assert "导入回执" in receipt
    assert "DR" in receipt
    again = client.post(address, {"file": SimpleUploadedFile("days.txt", FILE)}, follow=True).content.decode()
    assert "以前导入过" in again
    other = Client()
    other.force_login(world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    assert other.get(sent["Location"]).status_code == 404
    assert other.get(address).status_code == 403
    assert other.get("/kit/imports/new/nothing").status_code == 404
