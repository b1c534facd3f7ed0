"""A home is backed up while it runs and comes back whole, or not at all."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.db import connection

from desk.conftest import World
from soildesk.core import backup, files
from soildesk.core.backup import BackupRefused
from soildesk.core.models import Department, FileUse

PDF = b"%PDF-1.7 example"
MAKE = """
from soildesk.core import backup, clock, commands, files
from soildesk.core.models import Attachment, Division
from soildesk.core.permissions import system_actor
from pathlib import Path
commands.setup()
place = Division.objects.create(code="99", name="示例省", level="province", path="99/")
files.attach(place, data=b"%PDF-1.7 example", name="a.pdf", kind="", by=system_actor("test"), at=clock.now())
backup.backup(Path("desk.tar"))
Division.objects.all().update(name="later")
"""
LOOK = """
from pathlib import Path
from soildesk.core import audit, backup, files
from soildesk.core.models import Division, FileUse
import sys
backup.restore(Path("desk.tar"), replace="--replace" in sys.argv)
assert Division.objects.get().name == "示例省"
assert files.read(FileUse.objects.select_related("attachment").get()) == b"%PDF-1.7 example"
assert audit.verify().ok and audit.verify().entries == 1
"""


def _run(script: str, home: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "SOILDESK_HOME": str(home),
        "SOILDESK_DATABASE_URL": "",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    return subprocess.run(
        [sys.executable, "-c", "import gc, django\ngc.disable()\ndjango.setup()\n" + script, *arguments],
        env=environment,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_round_trip_between_homes(tmp_path: Path, migrated: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    shutil.copy(migrated, first)
    made = _run(MAKE, first, tmp_path)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "desk.tar").stat().st_mode & 0o077 == 0
    fresh = _run(LOOK, second, tmp_path)
    assert fresh.returncode == 0, fresh.stderr
    assert (second / "secret_key").read_bytes() == (first / "secret_key").read_bytes()
    in_use = _run(LOOK, first, tmp_path)
    assert "core.backup" not in in_use.stdout
    assert "已有数据" in in_use.stderr
    replaced = _run(LOOK, first, tmp_path, "--replace")
    assert replaced.returncode == 0, replaced.stderr
    assert any(path.name.startswith("before-restore-") for path in first.iterdir())


@pytest.fixture
def stocked(world: World, home: Path) -> FileUse:
    """A home with an attachment and a key."""
    (home / "secret_key").write_text("key")
    return files.attach(
        world.departments["ecology"], data=PDF, name="a.pdf", kind="", by=world.actor("officer"), at=world.at
    )


def test_existing_file_is_not_overwritten(stocked: FileUse, home: Path) -> None:
    path = home / "old.tar"
    path.write_bytes(b"old")
    with pytest.raises(BackupRefused) as refusal:
        backup.backup(path)
    assert refusal.value.code == "core.backup.exists"
    assert path.read_bytes() == b"old"


def _with_changed_file(path: Path, changed: Path) -> None:
    with tarfile.open(path) as source, tarfile.open(changed, "w") as target:
        for member in source:
            data = source.extractfile(member).read()
            data = b"other" if member.name == "secret_key" else data
            member.size = len(data)
            target.addfile(member, io.BytesIO(data))


def _with_stranger(path: Path, changed: Path) -> None:
    changed.write_bytes(path.read_bytes())
    with tarfile.open(changed, "a") as target:
        target.addfile(tarfile.TarInfo("attachments/stranger"))


def _cut(path: Path, changed: Path) -> None:
    changed.write_bytes(path.read_bytes()[:600])


def _no_backup(path: Path, changed: Path) -> None:
    changed.write_bytes(PDF)


@pytest.mark.parametrize("damage", [_with_changed_file, _with_stranger, _cut, _no_backup])
@pytest.mark.django_db(transaction=True)
def test_damaged_backup_restores_nothing(stocked: FileUse, tmp_path: Path, home: Path, damage: object) -> None:
    path, changed = tmp_path / "desk.tar", tmp_path / "changed.tar"
    backup.backup(path)
    damage(path, changed)
    (home / "secret_key").write_text("mine")
    with pytest.raises(BackupRefused) as refusal:
        backup.restore(changed, replace=True)
    assert refusal.value.code in {"core.backup.damaged", "core.backup.unreadable"}
    assert (home / "secret_key").read_text() == "mine"


@pytest.mark.store
@pytest.mark.django_db(transaction=True)
def test_postgresql_round_trip(stocked: FileUse, tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the SQLite round trip is its own test")
    path = tmp_path / "desk.tar"
    backup.backup(path)
    before = Department.objects.count()
    FileUse.objects.all().delete()
    Department.objects.filter(name="赤岩区人民政府").delete()
    backup.restore(path, replace=True)
    assert Department.objects.count() == before
    assert files.read(FileUse.objects.get()) == PDF


@pytest.mark.store
@pytest.mark.parametrize("trouble", ["locks", "tool"])
@pytest.mark.django_db(transaction=True)
def test_what_the_server_refuses_moves_no_file(
    stocked: FileUse, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is put back as a file")
    path = tmp_path / "desk.tar"
    backup.backup(path)
    (home / "secret_key").write_text("mine")
    FileUse.objects.all().delete()
    if trouble == "locks":
        monkeypatch.setattr(backup, "LOCKS_REPLACED", 1e6)
    else:
        monkeypatch.setattr(backup, "_pg_arguments", lambda: ["--dbname=nowhere"])
    with pytest.raises(
        BackupRefused, match="max_locks_per_transaction = [0-9]+，" if trouble == "locks" else "pg_restore 失败"
    ):
        backup.restore(path, replace=True)
    assert (home / "secret_key").read_text() == "mine"
    assert not list(home.glob("before-restore-*"))
    assert not FileUse.objects.exists()
