"""Backup and restore of SOILDESK_HOME: database, attachments, heads of the audit chain, exports and key.

A backup is one tar file with `manifest.json` first: every file with its size and SHA-256. SQLite is copied by
its backup API while the desk runs; PostgreSQL by pg_dump, which must be installed.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.utils.translation import gettext as _

from soildesk import __version__
from soildesk.core import clock
from soildesk.core.errors import Refusal

MANIFEST = "manifest.json"
SQLITE_NAME = "soildesk.sqlite3"
DUMP_NAME = "soildesk.dump"
KEPT = ("attachments", "exports", "audit-heads.jsonl", "secret_key", "demo.json")
CHUNK = 1 << 20
# Locks per entry of a dump, counted in pg_locks at the end of a restore: 14,861 and 6,078 for 3,477 entries.
LOCKS_REPLACED, LOCKS_NEW = 4.3, 1.8


class BackupRefused(Refusal):
    """The backup cannot be made or restored."""

    code = "core.backup.refused"


def backup(to_path: Path) -> dict[str, Any]:
    """Write the home into one new tar file; returns its manifest."""
    if to_path.exists():
        raise BackupRefused(
            _("%(path)s 已存在：请换一个文件名，备份不覆盖旧文件。") % {"path": to_path}, code="core.backup.exists"
        )
    with tempfile.TemporaryDirectory(dir=to_path.resolve().parent) as folder:
        database = _dump(Path(folder))
        files = [(database, database.name), *_kept(Path(settings.HOME))]
        manifest = {
            "soildesk": __version__,
            "made_at": clock.now().isoformat(),
            "store": connection.vendor,
            "files": [_entry(path, name) for path, name in files],
        }
        draft = Path(folder) / "backup.tar"
        _pack(draft, manifest, files)
        draft.chmod(0o600)
        draft.replace(to_path)
    return manifest


def _dump(folder: Path) -> Path:
    if connection.vendor == "sqlite":
        return _dump_sqlite(folder / SQLITE_NAME)
    tool = _tool("pg_dump")
    path = folder / DUMP_NAME
    _run([tool, "--format=custom", "--no-owner", "--file", str(path), *_pg_arguments()])
    return path


def _dump_sqlite(path: Path) -> Path:
    connection.ensure_connection()
    target = sqlite3.connect(path)
    try:
        connection.connection.backup(target)
    finally:
        target.close()
    return path


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise BackupRefused(
            _("本机没有 %(tool)s：请安装 PostgreSQL 客户端（Debian：apt install postgresql-client）后再试。")
            % {"tool": name},
            code="core.backup.tool_missing",
        )
    return path


def _pg_arguments() -> list[str]:
    given = connection.settings_dict
    pairs = {"--host": given["HOST"], "--port": given["PORT"], "--username": given["USER"], "--dbname": given["NAME"]}
    return [part for flag, value in pairs.items() if value for part in (flag, str(value))]


def _run(command: list[str]) -> str:
    """Run a client of PostgreSQL; returns what it printed."""
    password = str(connection.settings_dict.get("PASSWORD") or "")
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupRefused(
            _("%(tool)s 失败：%(why)s") % {"tool": Path(command[0]).name, "why": done.stderr.strip()[:500]},
            code="core.backup.tool_failed",
        )
    return done.stdout


def _kept(home: Path) -> Iterator[tuple[Path, str]]:
    for name in KEPT:
        start = home / name
        paths = [start] if start.is_file() else sorted(start.rglob("*")) if start.is_dir() else []
        for path in paths:
            if path.is_file():
                yield path, path.relative_to(home).as_posix()


def _entry(path: Path, name: str) -> dict[str, Any]:
    return {"name": name, "size": path.stat().st_size, "sha256": _digest(path)}


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _pack(draft: Path, manifest: dict[str, Any], files: list[tuple[Path, str]]) -> None:
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    with tarfile.open(draft, "w") as tar:
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(text)
        tar.addfile(head, io.BytesIO(text))
        for path, name in files:
            tar.add(path, arcname=name, recursive=False)


def restore(from_path: Path, *, replace: bool = False) -> dict[str, Any]:
    """Put a backup in the place of SOILDESK_HOME's content.

    Every file is checked against the manifest before anything is touched; a home with data is only replaced
    with `replace=True`, and its old content is kept beside it as `before-restore-…`. Stop web and worker first.
    """
    home = Path(settings.HOME)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        manifest = unpack(from_path, Path(folder))
        if manifest["store"] != connection.vendor:
            raise BackupRefused(
                _("备份来自 %(theirs)s，本系统使用 %(ours)s：请以相同的数据库恢复。")
                % {"theirs": manifest["store"], "ours": connection.vendor},
                code="core.backup.store",
            )
        if _has_data(home) and not replace:
            raise BackupRefused(
                _("%(home)s 已有数据：确认要替换时请加 --replace，原数据会移到旁边保留。") % {"home": home},
                code="core.backup.home_in_use",
            )
        _put(Path(folder), home)
    return manifest


def unpack(from_path: Path, folder: Path) -> dict[str, Any]:
    """Take a backup apart into `folder` and check every file against the manifest, which is given back."""
    try:
        with tarfile.open(from_path) as tar:
            tar.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        files = {str(entry["name"]): str(entry["sha256"]) for entry in manifest["files"]}
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BackupRefused(
            _("%(path)s 不是可用的备份文件（%(why)s）：请检查文件是否完整。") % {"path": from_path, "why": error},
            code="core.backup.unreadable",
        ) from error
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    wrong = [name for name, digest in files.items() if name not in found or _digest(folder / name) != digest]
    wrong += sorted(found - set(files))
    if wrong:
        raise BackupRefused(
            _("备份中有 %(count)d 个文件与清单不符（%(first)s）：备份已损坏，没有恢复任何内容。")
            % {"count": len(wrong), "first": wrong[0]},
            code="core.backup.damaged",
        )
    return manifest


def _database_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _has_data(home: Path) -> bool:
    if connection.vendor == "sqlite":
        return _database_file().exists() or (home / "attachments").exists()
    return bool(connection.introspection.table_names())


def _put(folder: Path, home: Path) -> None:
    if connection.vendor != "sqlite":
        _put_dump(folder / DUMP_NAME)  # first: where the server refuses it, the files stay as they are
    connections.close_all()
    aside = home / f"before-restore-{clock.now():%Y%m%d-%H%M%S}"
    aside.mkdir()
    for name in KEPT:
        _move(home / name, aside / name)
        _move(folder / name, home / name)
    if connection.vendor == "sqlite":
        database = _database_file()
        for ending in ("", "-wal", "-shm"):
            _move(database.with_name(database.name + ending), aside / (database.name + ending))
        _move(folder / SQLITE_NAME, database)
    if not any(aside.iterdir()):
        aside.rmdir()


def _put_dump(dump: Path) -> None:
    """Replace the database by the dump in one transaction, so that it is there whole or not at all."""
    tool = _tool("pg_restore")
    _must_have_locks(_run([tool, "--list", str(dump)]))
    connections.close_all()
    _run([tool, "--clean", "--if-exists", "--no-owner", "--single-transaction", *_pg_arguments(), str(dump)])


def _must_have_locks(contents: str) -> None:
    """One transaction locks all it drops and makes; a server's lock table holds 6,400 as it is delivered."""
    entries = sum(1 for line in contents.splitlines() if line and not line.startswith(";"))
    needed = math.ceil(entries * (LOCKS_REPLACED if connection.introspection.table_names() else LOCKS_NEW))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_locks_per_transaction')::int,"
            " current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int"
        )
        each, transactions = cursor.fetchone()
    if needed > each * transactions:
        raise BackupRefused(
            _(
                "PostgreSQL 的锁表容纳 %(held)d 个锁，恢复约需 %(needed)d 个：请在 postgresql.conf 中设"
                " max_locks_per_transaction = %(setting)d，重新启动 PostgreSQL 后再恢复。没有恢复任何内容。"
            )
            % {"held": each * transactions, "needed": needed, "setting": max(256, math.ceil(needed / transactions))},
            code="core.backup.locks",
        )


def _move(source: Path, target: Path) -> None:
    if source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, target)
