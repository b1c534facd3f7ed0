"""Attachments: stored once by hash under SOILDESK_HOME/attachments, reached only through the record that uses them.

A room says who may read its records' files, in its `subjects.py`:

    register_subject("plans.plantask", load, "plans.read")

where `load(actor, pk)` gives the record if the actor may see it, else None.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from soildesk.core.errors import Refusal
from soildesk.core.models import Attachment, FileUse
from soildesk.core.permissions import Actor, NotAllowed, may

LARGEST = 50 * 1024 * 1024
"""Bytes of the largest attachment taken."""
NAME_LENGTH = 200
TEXT, ZIP, OLE = "text", "zip", "ole"
KINDS: dict[str, tuple[frozenset[str], str]] = {
    "txt": (frozenset({TEXT}), "text/plain"),
    "md": (frozenset({TEXT}), "text/plain"),
    "csv": (frozenset({TEXT}), "text/csv"),
    "html": (frozenset({TEXT}), "text/plain"),
    "htm": (frozenset({TEXT}), "text/plain"),
    "docx": (frozenset({ZIP}), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (frozenset({ZIP}), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "doc": (frozenset({OLE, TEXT}), "application/msword"),  # many a .doc is really HTML or RTF
    "wps": (frozenset({OLE, ZIP, TEXT}), "application/vnd.ms-works"),
    "mht": (frozenset({TEXT}), "text/plain"),
    "xls": (frozenset({OLE, TEXT}), "application/vnd.ms-excel"),
    "parquet": (frozenset({"parquet"}), "application/vnd.apache.parquet"),
    "rtf": (frozenset({TEXT}), "application/rtf"),
    "pdf": (frozenset({"pdf"}), "application/pdf"),
    "ofd": (frozenset({ZIP}), "application/ofd"),
    "jpg": (frozenset({"jpeg"}), "image/jpeg"),
    "jpeg": (frozenset({"jpeg"}), "image/jpeg"),
    "png": (frozenset({"png"}), "image/png"),
    "tif": (frozenset({"tiff"}), "image/tiff"),
    "tiff": (frozenset({"tiff"}), "image/tiff"),
    "zip": (frozenset({ZIP}), "application/zip"),
    "json": (frozenset({TEXT}), "application/json"),
    "geojson": (frozenset({TEXT}), "application/geo+json"),
    "gpkg": (frozenset({"sqlite"}), "application/geopackage+sqlite3"),
    "kml": (frozenset({TEXT}), "text/plain"),
    "kmz": (frozenset({ZIP}), "application/vnd.google-earth.kmz"),
    "dxf": (frozenset({TEXT}), "text/plain"),
}
"""Endings taken, what the content must be, and the media type it is served as; HTML is served as text."""
SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"PAR1", "parquet"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)


class FileRefused(Refusal):
    """The file is not taken. Codes: core.file.empty, .too_large, .ending, .content."""

    code = "core.file.refused"


Loader = Callable[[Actor, int], object | None]
Allows = Callable[[Actor, Any, FileUse], bool]


@dataclass(frozen=True)
class Subject:
    """How the records of one table are found for their files, the permission that reads them, and which of them."""

    load: Loader
    permission: str
    allows: Allows | None = None


_subjects: dict[str, Subject] = {}


def register_subject(label: str, load: Loader, permission: str = "", allows: Allows | None = None) -> None:
    """Say how records of `label` ("plans.plantask") are loaded for an actor and which permission reads their files.

    Without a permission, whoever may load the record may read its files; `allows(actor, record, use)`
    narrows that to some of them.
    """
    _subjects[label.lower()] = Subject(load, permission, allows)


def attach(
    subject: models.Model, *, data: bytes, name: str, kind: str, by: Actor, at: datetime, note: str = ""
) -> FileUse:
    """Store `data` once and let `subject` use it under `name`.

    Part of an act of the record's room: the caller has asked for the permission and writes the audit
    entry. The same bytes under the same name and kind give the use that stands already.
    """
    if by is None:
        raise NotAllowed(_("没有行为人，不能上传文件。请先登录。"))
    name = clean_name(name)
    media_type = check(data, name)
    with transaction.atomic():
        attachment = _stored(data, media_type, at)
        present = uses_of(subject).filter(attachment=attachment, name=name, kind=kind).first()
        return present or FileUse.objects.create(
            attachment=attachment,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            name=name,
            kind=kind,
            note=note,
            added_by=by.person,
            added_at=at,
        )


def clean_name(name: str) -> str:
    """The file's own name without folders, control characters or an endless tail."""
    base = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", re.split(r"[\\/]", name)[-1]).strip(" .")
    stem, dot, ending = base.rpartition(".")
    room = NAME_LENGTH - len(ending) - 1
    return f"{stem[:room]}{dot}{ending}" if dot else base[:NAME_LENGTH]


def check(data: bytes, name: str) -> str:
    """The media type of a file that may be taken; refuse others saying why."""
    if not data:
        raise FileRefused(_("“%(name)s”是空文件：请检查后重新选择。") % {"name": name}, code="core.file.empty")
    if len(data) > LARGEST:
        raise FileRefused(
            _("“%(name)s”有 %(size)d MB，超过 %(largest)d MB 的上限：请压缩或拆分后上传。")
            % {"name": name, "size": len(data) // 1048576, "largest": LARGEST // 1048576},
            code="core.file.too_large",
        )
    ending = name.rpartition(".")[2].lower()
    if ending not in KINDS:
        raise FileRefused(
            _("“%(name)s”的类型不在允许之列。可上传：%(endings)s。") % {"name": name, "endings": "、".join(KINDS)},
            code="core.file.ending",
        )
    contents, media_type = KINDS[ending]
    if sniff(data) not in contents:
        raise FileRefused(
            _("“%(name)s”的内容与扩展名 .%(ending)s 不符：请用原来的软件另存为该格式后上传。")
            % {"name": name, "ending": ending},
            code="core.file.content",
        )
    return media_type


def sniff(data: bytes) -> str:
    """What the bytes are, by their first ones: pdf, zip, ole, jpeg, png, tiff, parquet, sqlite, program, text or unknown."""
    for start, kind in SIGNATURES:
        if data.startswith(start):
            return kind
    head = data[:4096]
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "unknown" if b"\x00" in head and not wide else TEXT


def _stored(data: bytes, media_type: str, at: datetime) -> Attachment:
    digest = hashlib.sha256(data).hexdigest()
    path = stored_path(digest)
    if not path.exists():
        _write(path, data)
    row, _created = Attachment.objects.get_or_create(
        sha256=digest, defaults={"size": len(data), "media_type": media_type, "stored_at": at}
    )
    return row


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: another process never reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    Path(temporary).replace(path)


def stored_path(digest: str) -> Path:
    """Where the bytes of a hash stand."""
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def read(use: FileUse) -> bytes:
    """The bytes of a file whose record's permission the caller has asked for."""
    return stored_path(use.attachment.sha256).read_bytes()


def uses_of(subject: models.Model, *, withdrawn: bool = False) -> QuerySet[FileUse]:
    """The files a record uses, oldest first; withdrawn ones only on demand."""
    rows = FileUse.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    rows = rows if withdrawn else rows.filter(withdrawn_at=None)
    return rows.select_related("attachment", "added_by").order_by("id")


def uses_of_many(subjects: Iterable[models.Model]) -> dict[int, list[FileUse]]:
    """Files in use of several records of one table, by their key, in one query."""
    rows = list(subjects)
    found: dict[int, list[FileUse]] = {row.pk: [] for row in rows}
    if rows:
        uses = FileUse.objects.filter(subject_type=rows[0]._meta.label_lower, subject_id__in=found, withdrawn_at=None)
        for use in uses.select_related("attachment", "added_by").order_by("id"):
            found[use.subject_id].append(use)
    return found


def withdraw(use: FileUse, *, why: str, by: Actor, at: datetime) -> FileUse:
    """Take a file out of use, with the reason; bytes and row stay as history. Part of an act of the record's room."""
    if by is None:
        raise NotAllowed(_("没有行为人，不能撤下文件。请先登录。"))
    if not why.strip():
        raise FileRefused(_("撤下“%(name)s”需要写明原因。") % {"name": use.name}, code="core.file.why_missing")
    use.withdrawn_at, use.withdrawn_why = at, why.strip()
    use.save(update_fields=["withdrawn_at", "withdrawn_why"])
    return use


def readable(actor: Actor | None, use: FileUse) -> bool:
    """Whether `actor` may read a file: only as far as the record that uses it."""
    subject = _subjects.get(use.subject_type)
    if actor is None or subject is None:
        return False
    record = subject.load(actor, use.subject_id)
    if record is None or (subject.permission and not may(actor, subject.permission, record)):
        return False
    return subject.allows is None or subject.allows(actor, record, use)
