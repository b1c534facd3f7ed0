"""Files are reached through the record that uses them, and by nothing else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from desk.conftest import World
from soildesk.core import files
from soildesk.core.files import FileRefused
from soildesk.core.models import Attachment, Department, FileUse
from soildesk.core.permissions import Actor, divisions_of

pytestmark = pytest.mark.store
PDF = b"%PDF-1.7 example"
HTML = "<html><script>alert(1)</script>土壤</html>".encode()


def _department(actor: Actor, pk: int) -> Department | None:
    from soildesk.core.models import Division

    places = Division.objects.filter(divisions_of(actor))
    return Department.objects.filter(pk=pk, division__in=places).first()


@pytest.fixture
def use(world: World, monkeypatch: pytest.MonkeyPatch) -> FileUse:
    monkeypatch.setitem(files._subjects, "core.department", files.Subject(_department, "core.read_places"))
    return files.attach(
        world.departments["ecology"], data=PDF, name="通知.pdf", kind="evidence", by=world.actor("officer"), at=world.at
    )


def _get(world: World, who: str, url: str, client: Client) -> int:
    client.force_login(world.people[who])
    return client.get(url).status_code


def test_same_bytes_are_stored_once_and_serve_many_records(world: World, use: FileUse) -> None:
    officer = world.actor("officer")
    again = files.attach(
        world.departments["finance"], data=PDF, name="佐证.pdf", kind="evidence", by=officer, at=world.at
    )
    assert Attachment.objects.count() == 1
    assert again.pk != use.pk
    repeated = files.attach(
        world.departments["finance"], data=PDF, name="佐证.pdf", kind="evidence", by=officer, at=world.at
    )
    assert repeated.pk == again.pk
    assert files.read(again) == PDF


def test_download_asks_the_record(world: World, use: FileUse, client: Client) -> None:
    url = reverse("core:file", args=[use.uid])
    assert client.get(url).status_code == 404
    assert _get(world, "officer", url, client) == 200
    assert _get(world, "stranger", url, client) == 404


def test_file_is_not_reached_by_hash(world: World, use: FileUse, client: Client) -> None:
    client.force_login(world.people["officer"])
    digest = use.attachment.sha256
    for path in (
        f"/system/files/{digest}/",
        f"/attachments/{digest[:2]}/{digest}",
        f"/media/{digest}",
        reverse("core:file", args=[use.attachment.uid]),
    ):
        assert client.get(path).status_code == 404, path


def test_file_of_a_table_that_registered_no_rule_is_closed(world: World, client: Client) -> None:
    use = files.attach(world.district, data=PDF, name="a.pdf", kind="", by=world.actor("officer"), at=world.at)
    assert _get(world, "officer", reverse("core:file", args=[use.uid]), client) == 404


def test_html_is_served_as_text_for_download(world: World, use: FileUse, client: Client) -> None:
    page = files.attach(
        world.departments["ecology"], data=HTML, name="网页.html", kind="source", by=world.actor("officer"), at=world.at
    )
    client.force_login(world.people["officer"])
    answer = client.get(reverse("core:file", args=[page.uid]))
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content == HTML


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"", "core.file.empty"),
        ("a.exe", b"MZ...", "core.file.ending"),
        ("无扩展名", b"x", "core.file.ending"),
        ("a.pdf", b"MZ\x90\x00", "core.file.content"),
        ("a.docx", PDF, "core.file.content"),
        ("a.txt", b"\x7fELF\x00\x00", "core.file.content"),
        ("a.png", HTML, "core.file.content"),
    ],
)
def test_files_that_are_not_taken(world: World, name: str, data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        files.attach(
            world.departments["ecology"], data=data, name=name, kind="", by=world.actor("officer"), at=world.at
        )
    assert refusal.value.code == code
    assert not FileUse.objects.exists()


def test_too_large_a_file_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 10)
    with pytest.raises(FileRefused, match="上限"):
        files.attach(
            world.departments["ecology"], data=PDF, name="a.pdf", kind="", by=world.actor("officer"), at=world.at
        )


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/报告.pdf", "报告.pdf"),
        ("C:\\文件\\报告.pdf", "报告.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_names_lose_folders_and_tricks(given: str, kept: str) -> None:
    assert files.clean_name(given) == kept


def test_withdrawn_file_stays_as_history(world: World, use: FileUse) -> None:
    officer, subject = world.actor("officer"), world.departments["ecology"]
    with pytest.raises(FileRefused, match="原因"):
        files.withdraw(use, why=" ", by=officer, at=world.at)
    files.withdraw(use, why="传错", by=officer, at=world.at)
    assert not files.uses_of(subject).exists()
    assert files.uses_of(subject, withdrawn=True).get() == use
    assert files.uses_of_many([subject]) == {subject.pk: []}
