"""Office files are zip archives: opened only after their directory and their real sizes are known to be sane."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from soilrules.plantext.formats.errors import UnreadableFile

MB = 1024 * 1024
INFLATED_LIMIT = 128 * MB  # of all parts together that are read
RATIO_LIMIT = 200  # inflated : packed, judged only above RATIO_FROM
RATIO_FROM = 16 * MB
MEMBERS_LIMIT = 10_000
CHUNK = 256 * 1024
ENCRYPTED = 0x1
CELLS_LIMIT = 2_000_000  # in one sheet, blanks included: a stray cell far away makes a giant of the sheet
TAIL = 256  # bytes looked at again, for what a chunk's end cuts in two
FILLED_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^<>]*(?<!/)>(?!</)')
MARKUP = re.compile(rb"<!(DOCTYPE|ENTITY)", re.I)


@dataclass
class Package:
    """A zip archive that never inflates more than INFLATED_LIMIT bytes in all."""

    archive: zipfile.ZipFile
    filename: str
    inflated: int = 0

    @classmethod
    def open(cls, data: bytes, filename: str) -> Package:
        """Read the directory and refuse what it declares; raises UnreadableFile."""
        try:
            package = cls(zipfile.ZipFile(io.BytesIO(data)), filename)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise _damaged(filename, error) from error
        package._check_directory(len(data))
        return package

    @property
    def names(self) -> list[str]:
        return [entry.filename for entry in self.archive.infolist() if not entry.is_dir()]

    def read(self, name: str) -> bytes:
        """Inflate one part; raises UnreadableFile when it is damaged, locked or too large."""
        return b"".join(self._chunks(name))

    def read_xml(self, name: str) -> bytes:
        """Inflate one XML part; a document type or an entity is refused before any parser sees it."""
        data = self.read(name)
        if MARKUP.search(data.replace(b"\0", b"")):
            raise UnreadableFile("formats.xml_entities", filename=self.filename, part=name)
        return data

    def measure(self) -> None:
        """Inflate every part once and keep nothing: for libraries that open the archive themselves."""
        for name in self.names:
            if name.endswith((".xml", ".rels", ".bin", ".vml")):
                self._measure_part(name)

    def _measure_part(self, name: str) -> None:
        tail = b""
        rows = columns = 0
        for chunk in self._chunks(name):
            piece = tail + chunk
            if not name.endswith(".bin") and MARKUP.search(piece.replace(b"\0", b"")):
                raise UnreadableFile("formats.xml_entities", filename=self.filename, part=name)
            if name.startswith("xl/worksheets/"):
                rows, columns = _reach(piece, rows, columns)
                if rows * columns > CELLS_LIMIT:
                    raise sheet_too_large(self.filename, name, rows, columns)
            tail = chunk[-TAIL:]

    def _chunks(self, name: str) -> Iterator[bytes]:
        try:
            with self.archive.open(name) as stream:
                while chunk := stream.read(CHUNK):
                    self.inflated += len(chunk)
                    self._check_inflated()
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise _damaged(self.filename, error) from error

    def _check_inflated(self) -> None:
        if self.inflated > INFLATED_LIMIT:
            raise self._bomb(self.inflated)

    def _check_directory(self, packed: int) -> None:
        entries = self.archive.infolist()
        if any(entry.flag_bits & ENCRYPTED for entry in entries):
            raise UnreadableFile("formats.encrypted", filename=self.filename, kind="zip")
        declared = sum(entry.file_size for entry in entries)
        overlapping = sum(entry.compress_size for entry in entries) > packed
        steep = declared > RATIO_FROM and declared > RATIO_LIMIT * packed
        if overlapping or steep or len(entries) > MEMBERS_LIMIT or declared > 4 * INFLATED_LIMIT:
            raise self._bomb(declared)

    def _bomb(self, inflated: int) -> UnreadableFile:
        packed = max(1, sum(entry.compress_size for entry in self.archive.infolist()))
        return UnreadableFile(
            "formats.zip_bomb",
            filename=self.filename,
            inflated_mb=inflated // MB,
            limit_mb=INFLATED_LIMIT // MB,
            ratio=f"{inflated // packed}:1",
        )


def sheet_too_large(filename: str, sheet: str, rows: int, columns: int) -> UnreadableFile:
    """A sheet whose cells reach so far that its blanks alone would fill the memory."""
    limit = CELLS_LIMIT // 10_000
    return UnreadableFile(
        "formats.sheet_too_large", filename=filename, sheet=sheet, rows=rows, columns=columns, limit=limit
    )


def _reach(sheet: bytes, rows: int, columns: int) -> tuple[int, int]:
    """The furthest row and column of a cell with content, at least `rows` and `columns`."""
    found = {(cell[1], cell[2]) for cell in FILLED_CELL.finditer(sheet)}
    for letters, row in found:
        column = 0
        for letter in letters:
            column = column * 26 + letter - ord("A") + 1
        rows, columns = max(rows, int(row)), max(columns, column)
    return rows, columns


def _damaged(filename: str, error: Exception) -> UnreadableFile:
    return UnreadableFile("formats.damaged", filename=filename, kind="zip/Office", detail=str(error) or "zip")
