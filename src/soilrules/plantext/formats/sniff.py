"""What a file is, by its content; its name is believed only where content cannot tell."""

from __future__ import annotations

import re
from enum import StrEnum

import olefile  # type: ignore[import-untyped]

from soilrules.plantext.formats.archive import Package
from soilrules.plantext.formats.errors import UnreadableFile

HEAD = 4096
IMAGES = {
    b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"BM": "BMP", b"II*\0": "TIFF", b"MM\0*": "TIFF",
}  # fmt: skip
ARCHIVES = {b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gzip"}
ZIP, OLE, PDF, RTF = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-", b"{\\rtf"
MHT = re.compile(rb"^(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:MIME-Version|Content-Type):", re.I)
HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|table|div|p|span|title|font|center|h[1-6])\b", re.I)
WORD_2003 = b"schemas.microsoft.com/office/word/2003/wordml"
FLAT_PACKAGE = b"schemas.microsoft.com/office/2006/xmlPackage"
OTHER_PACKAGES = {"OFD.xml": "OFD", "ppt/presentation.xml": "PowerPoint", "content.xml": "OpenDocument"}
MAIN_WORD = re.compile(r"^(?:word/document\d*\.xml)$")


class Kind(StrEnum):
    """Formats that can be read."""

    TEXT = "txt"
    HTML = "html"
    MHT = "mht"
    RTF = "rtf"
    PDF = "pdf"
    DOCX = "docx"
    DOC = "doc"
    XLSX = "xlsx"
    XLS = "xls"


def kind_of(data: bytes, filename: str) -> Kind:
    """The format of `data`; raises UnreadableFile for what is known but cannot be read."""
    head = data[:HEAD]
    if head.startswith(OLE):
        return _ole_kind(data, filename)
    if head.startswith(ZIP):
        return _zip_kind(data, filename)
    if PDF in head[:1024]:
        return Kind.PDF
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(RTF):
        return Kind.RTF
    _refuse_known(data, head, filename)
    return _markup_kind(head, filename)


def _refuse_known(data: bytes, head: bytes, filename: str) -> None:
    for magic, kind in IMAGES.items():
        if head.startswith(magic) and (magic != b"BM" or _is_bitmap(data)):
            raise UnreadableFile("formats.image", filename=filename, kind=kind)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        raise UnreadableFile("formats.image", filename=filename, kind="WebP")
    for magic, kind in ARCHIVES.items():
        if head.startswith(magic):
            raise UnreadableFile("formats.archive", filename=filename, count="?", names=kind)


def _is_bitmap(data: bytes) -> bool:
    return int.from_bytes(data[2:6], "little") == len(data)


def _markup_kind(head: bytes, filename: str) -> Kind:
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    if WORD_2003 in plain or FLAT_PACKAGE in plain:
        raise UnreadableFile("formats.unsupported", filename=filename, kind="Word XML")
    if MHT.match(plain) and b"mime-version" in plain.lower():
        return Kind.MHT
    named = filename.lower().endswith((".html", ".htm", ".doc", ".xls", ".shtml"))
    found = HTML.search(plain)
    if found and (named or plain.startswith(b"<")):
        return Kind.HTML
    return Kind.TEXT


def _zip_kind(data: bytes, filename: str) -> Kind:
    package = Package.open(data, filename)
    names = package.names
    if main_part(names):
        return Kind.DOCX
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return Kind.XLSX
    for name, kind in OTHER_PACKAGES.items():
        if name in names:
            raise UnreadableFile("formats.unsupported", filename=filename, kind=kind)
    shown = "、".join(names[:3]) + ("……" if len(names) > 3 else "")
    raise UnreadableFile("formats.archive", filename=filename, count=len(names), names=shown)


def main_part(names: list[str]) -> str | None:
    """The part of a Word package that holds its text."""
    return next((name for name in names if MAIN_WORD.match(name)), None)


def _ole_kind(data: bytes, filename: str) -> Kind:
    try:
        with olefile.OleFileIO(data) as ole:
            return _compound_kind(ole, filename)
    except (OSError, ValueError, IndexError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile("formats.damaged", filename=filename, kind="Office 97", detail=str(error)) from error


def _compound_kind(ole: olefile.OleFileIO, filename: str) -> Kind:
    if ole.exists("EncryptedPackage"):
        raise UnreadableFile("formats.encrypted", filename=filename, kind="Office")
    if ole.exists("WordDocument"):
        return Kind.DOC
    if ole.exists("Workbook") or ole.exists("Book"):
        return Kind.XLS
    kind = "PowerPoint" if ole.exists("PowerPoint Document") else "OLE"
    raise UnreadableFile("formats.unsupported", filename=filename, kind=kind)
