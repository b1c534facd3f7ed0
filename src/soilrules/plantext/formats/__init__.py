"""Files of any office format read into `Document`: `load(data, filename)`.

The format is told by the content, never by the name. Whatever cannot be read raises
`UnreadableFile`, which says why and what to do. Uploads are untrusted: callers that take files
from people run this in a limited child process (soildesk.core.sandbox).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TypeVar

from soilrules.plantext.document import Document
from soilrules.plantext.formats.archive import Package
from soilrules.plantext.formats.builder import STRUCK
from soilrules.plantext.formats.encodings import NotText, decode
from soilrules.plantext.formats.errors import UnreadableFile
from soilrules.plantext.formats.sheets import Sheet, sheets_of
from soilrules.plantext.formats.sniff import Kind, kind_of, main_part

__all__ = ["SIZE_LIMIT_MB", "STRUCK", "Sheet", "UnreadableFile", "load", "load_sheets", "load_text"]

T = TypeVar("T")
MB = 1024 * 1024
SIZE_LIMIT_MB = 20
MALFORMED = (ValueError, LookupError, struct.error, OverflowError, OSError, EOFError, RecursionError, AssertionError)


def load(data: bytes, filename: str, *, limit_mb: int = SIZE_LIMIT_MB, mark_struck: bool = False) -> Document:
    """Read a plan file.

    `filename` is used in messages and where content cannot tell the format; `limit_mb` is the
    largest file taken, in MB. `mark_struck`: words of a Word file that are struck out get STRUCK before them.
    Raises UnreadableFile.
    """
    kind = _checked(data, filename, limit_mb)
    document = _guarded(lambda: _read(data, filename, kind, mark_struck=mark_struck), filename, kind)
    if not document.blocks:
        raise UnreadableFile("formats.no_text", filename=filename, kind=kind)
    return document


def load_sheets(data: bytes, filename: str, *, limit_mb: int = SIZE_LIMIT_MB) -> tuple[Sheet, ...]:
    """The tables of a file: the sheets of a workbook, or the tables of any other format. Raises UnreadableFile."""
    kind = _checked(data, filename, limit_mb)
    if kind not in (Kind.XLSX, Kind.XLS):
        return sheets_of(load(data, filename, limit_mb=limit_mb))
    sheets = _guarded(lambda: _read_sheets(data, filename, kind), filename, kind)
    if not any(sheet.rows for sheet in sheets):
        raise UnreadableFile("formats.no_text", filename=filename, kind=kind)
    return sheets


def _checked(data: bytes, filename: str, limit_mb: int) -> Kind:
    if not data.strip(b" \r\n\t\0\xef\xbb\xbf"):
        raise UnreadableFile("formats.empty", filename=filename, size=len(data))
    if len(data) > limit_mb * MB:
        size = f"{len(data) / MB:.1f}"
        raise UnreadableFile("formats.too_large", filename=filename, size_mb=size, limit_mb=limit_mb)
    return kind_of(data, filename)


def _guarded(read: Callable[[], T], filename: str, kind: Kind) -> T:
    """What `read` gives; bytes that do not keep to their format may be noticed at any place in any reader."""
    try:
        return read()
    except UnreadableFile:
        raise
    except MALFORMED as error:
        detail = f"{type(error).__name__}: {error}"
        raise UnreadableFile("formats.damaged", filename=filename, kind=kind, detail=detail) from error


def load_text(text: str, filename: str = "") -> Document:
    """Text as pasted: Markdown where its marks show, else plain."""
    from soilrules.plantext.formats.plain import is_markdown, read_markdown, read_plain

    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return read_markdown(text) if is_markdown(text, filename) else read_plain(text)


def _read(data: bytes, filename: str, kind: Kind, *, mark_struck: bool = False) -> Document:
    """Each reader is imported when first needed: the child process that reads one file starts the faster."""
    if kind in (Kind.DOCX, Kind.XLSX):
        return _read_package(Package.open(data, filename), data, kind, mark_struck=mark_struck)
    if kind is Kind.PDF:
        from soilrules.plantext.formats.pdf import read_pdf

        return read_pdf(data, filename)
    if kind is Kind.DOC:
        from soilrules.plantext.formats.word_binary import read_doc

        return read_doc(data, filename)
    if kind is Kind.XLS:
        from soilrules.plantext.formats.workbook import read_workbook

        return read_workbook(data, filename, kind)
    if kind is Kind.RTF:
        from soilrules.plantext.formats.rtf import read_rtf

        return read_rtf(data)
    return _read_markup(data, filename, kind)


def _read_package(package: Package, data: bytes, kind: Kind, *, mark_struck: bool) -> Document:
    main = main_part(package.names)
    if main:
        from soilrules.plantext.formats.word_xml import read_docx

        return read_docx(package, main, mark_struck=mark_struck)
    from soilrules.plantext.formats.workbook import read_workbook

    package.measure()
    return read_workbook(data, package.filename, kind)


def _read_sheets(data: bytes, filename: str, kind: Kind) -> tuple[Sheet, ...]:
    from soilrules.plantext.formats.workbook import read_sheets

    if kind is Kind.XLSX:
        Package.open(data, filename).measure()
    return read_sheets(data, filename, kind)


def _read_markup(data: bytes, filename: str, kind: Kind) -> Document:
    if kind is Kind.TEXT:
        try:
            return load_text(decode(data), filename)
        except NotText as error:
            raise UnreadableFile("formats.binary", filename=filename, head=data[:8].hex(" ")) from error
    from soilrules.plantext.formats.webpage import read_html, read_mht

    return read_mht(data, filename) if kind is Kind.MHT else read_html(data)
