"""Zip archives as people make them: checked before anything is taken out, and only what is needed is taken out."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from soilrules.gisfiles.findings import UnreadableGis
from soilrules.gisfiles.source import MB, FileLimits

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_MEMBERS = 20_000
_ENCRYPTED, _UTF8 = 0x1, 0x800
_CHUNK = 1024 * 1024
_JUNK = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store|Thumbs\.db)", re.I)
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


@dataclass
class Archive:
    """A zip archive: its members by their readable names."""

    name: str
    zip: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo]
    limits: FileLimits
    inflated: int = 0

    def extract(self, member: str, place: Path) -> Path:
        """One member's bytes under a name of ours."""
        with told_damage(self.name), self.zip.open(self.members[member]) as stream, place.open("wb") as out:
            while chunk := stream.read(_CHUNK):
                self.inflated += len(chunk)
                self._check()
                out.write(chunk)
        return place

    def _check(self) -> None:
        if self.inflated > self.limits.inflated_mb * MB:
            raise _too_much(self.name, self.inflated, self.limits)


@contextmanager
def told_damage(name: str) -> Iterator[None]:
    """A broken archive becomes a refusal."""
    try:
        yield
    except UnreadableGis:
        raise
    except _DAMAGE as error:
        raise UnreadableGis("zip_damaged", name=name, detail=str(error)[:200]) from error


@contextmanager
def opened(path: Path, name: str, limits: FileLimits) -> Iterator[Archive]:
    """The archive, its directory known to be sane. Raises UnreadableGis."""
    with told_damage(name):
        file = zipfile.ZipFile(path)
    with file:
        entries = file.infolist()
        _refuse(entries, path.stat().st_size, name, limits)
        kept = {_readable(entry): entry for entry in entries if not entry.is_dir()}
        members = {one: entry for one, entry in kept.items() if not _JUNK.search(one)}
        yield Archive(name, file, members, limits)


def _refuse(entries: list[zipfile.ZipInfo], packed: int, name: str, limits: FileLimits) -> None:
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED:
            raise UnreadableGis("zip_encrypted", name=name, member=_readable(entry))
        if _outside(_readable(entry)) or _outside(entry.orig_filename):
            raise UnreadableGis("zip_outside", name=name, member=_readable(entry))
    declared = sum(entry.file_size for entry in entries)
    overlapping = sum(entry.compress_size for entry in entries) > packed
    if declared > limits.inflated_mb * MB or overlapping:
        raise _too_much(name, declared, limits)
    if len(entries) > _MEMBERS:
        raise UnreadableGis("zip_members", name=name, count=len(entries), limit=_MEMBERS)


def _too_much(name: str, inflated: int, limits: FileLimits) -> UnreadableGis:
    return UnreadableGis("zip_bomb", name=name, inflated_mb=inflated // MB, limit_mb=limits.inflated_mb)


def _outside(member: str) -> bool:
    """Whether a member would be written outside the folder the archive is unpacked in."""
    path = PurePosixPath(member.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or bool(re.match(r"[A-Za-z]:", member))


def _readable(entry: zipfile.ZipInfo) -> str:
    """The name as the person who packed it saw it: without the mark of UTF-8 it is often GBK."""
    if entry.flag_bits & _UTF8 or entry.filename.isascii():
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename
