"""The encoding of a .dbf: what its .cpg says is believed only as far as the names and values in the file bear it out.

GDAL hands the bytes over as if they were Latin-1, which loses none of them; they are decoded here, so that the
encoding found is the one used, and a value that is none of it is told with its row.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from soilrules.gisfiles.findings import note, row_note
from soilrules.gisfiles.texts import declared, name_of_encoding
from soilrules.messages import Message
from soilrules.plantext.formats.encodings import chinese_encoding

AS_BYTES = "ISO-8859-1"
_RECORDS = 2_000  # looked at from the start, and as many from the end
_BY_MARK = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5hkscs", 0x78: "big5hkscs"}
_SEPARATOR = "\x1f"  # no second byte of any of these encodings


@dataclass(frozen=True)
class Dbf:
    """The head of a .dbf file."""

    records: int
    names: tuple[bytes, ...]
    mark: int  # its language byte
    sample: tuple[bytes, ...]  # values that are not plain ASCII


@dataclass(frozen=True)
class Encoding:
    """How the bytes of a .dbf are read; `name` as people call it."""

    codec: str
    notes: tuple[Message, ...] = ()

    @property
    def name(self) -> str:
        return name_of_encoding(self.codec)


def read_dbf(path: Path) -> Dbf | None:
    """The head and a sample of a .dbf; None where it is none."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(32)
        if len(head) < 32 or head[0] & 0x07 not in (3, 4, 5):
            return None
        records, start, width = struct.unpack("<IHH", head[4:12])
        table = stream.read(max(0, start - 32))
        fields = _fields(table)
        if not fields or width < 1:
            return None
        last = max(0, min(records, (size - start) // width) - _RECORDS)
        sample = _values(stream, start, width, fields)
        if last:
            sample += _values(stream, start + last * width, width, fields)
    return Dbf(records, tuple(name for name, *_ in fields), head[29], tuple(dict.fromkeys(sample)))


def _fields(table: bytes) -> list[tuple[bytes, int, int]]:
    """Name, place and width of the text fields, and name alone (width 0) of the others."""
    found, at = [], 1
    for start in range(0, len(table) - 31, 32):
        if table[start] == 0x0D:
            break
        one = table[start : start + 32]
        kind, width = one[11:12], one[16] + (one[17] << 8 if one[11:12] == b"C" else 0)
        found.append((one[:11].split(b"\0")[0], at, width if kind == b"C" else 0))
        at += width
    return found


def _values(stream: Any, start: int, width: int, fields: Sequence[tuple[bytes, int, int]]) -> list[bytes]:
    stream.seek(start)
    block = stream.read(_RECORDS * width)
    if block.isascii():
        return []
    texts = [(at, at + length) for _, at, length in fields if length]
    records = (block[at : at + width] for at in range(0, len(block), width))
    values = (record[left:right].rstrip(b" \0") for record in records for left, right in texts)
    return [value for value in values if value and not value.isascii()]


def encoding_of(dbf: Dbf, cpg: str, asked: str) -> Encoding:
    """The encoding of the file: the codec asked for, as its .cpg says, or as its values are; never without a word."""
    texts = [one for one in dict.fromkeys((*dbf.names, *dbf.sample)) if not one.isascii()]
    if asked:
        return Encoding(asked)
    said = declared(cpg)
    if not texts:
        return Encoding(said or "utf-8")
    found = _detected(texts, said or _BY_MARK.get(dbf.mark, ""))
    if found is None:
        return Encoding(said or "gb18030", (note("encoding_unsure", tried="UTF-8、GBK、Big5", bytes=_hex(texts[0])),))
    return Encoding(found, _words(found, cpg, said, _example(texts, found)))


def _words(found: str, cpg: str, said: str, example: str) -> tuple[Message, ...]:
    if said == found:
        return ()
    if cpg:
        return (note("cpg_wrong", cpg=cpg, encoding=name_of_encoding(found), example=example),)
    return (note("encoding_guessed", encoding=name_of_encoding(found), example=example),)


def _detected(texts: Sequence[bytes], said: str) -> str | None:
    """Which encoding the bytes are in, `said` first; None: none of those known."""
    fitting = [codec for codec in ("utf-8", "gb18030", "big5hkscs") if all(fits(one, codec) for one in texts)]
    if not fitting:
        return None
    if "utf-8" in fitting and (said == "utf-8" or len(fitting) == 1 or _looks_chinese(texts)):
        return "utf-8"  # Chinese in UTF-8 is three bytes a character; chance does not make other encodings so
    weighed = said or chinese_encoding(b" ".join(texts))
    return weighed if weighed in fitting else fitting[-1]


def _looks_chinese(texts: Sequence[bytes]) -> bool:
    words = "".join(one.decode("utf-8", "ignore") for one in texts)
    foreign = [one for one in words if one > "\x7f"]
    return sum("\u2e80" <= one <= "\uffef" or one > "\U00020000" for one in foreign) * 2 > len(foreign)


def fits(text: bytes, codec: str) -> bool:
    """Whether the bytes are of this encoding; a character cut off by the width of the field is no objection."""
    try:
        codecs.getincrementaldecoder(codec)().decode(text)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _example(texts: Sequence[bytes], codec: str) -> str:
    return codecs.getincrementaldecoder(codec)("replace").decode(max(texts, key=len))[:20]


def _hex(text: bytes) -> str:
    return text[:12].hex(" ")


def decoded_name(name: str, codec: str) -> str:
    """A field's name, from the bytes GDAL gave as Latin-1."""
    return codecs.getincrementaldecoder(codec)("replace").decode(name.encode("latin-1", "replace"))


def decoded(column: Any, codec: str) -> tuple[Any, dict[int, Message]]:
    """A column of texts, from the bytes GDAL gave as Latin-1, and what cannot be decoded by place."""
    texts = column.to_pylist()
    joined = _SEPARATOR.join(one or "" for one in texts)
    if joined.isascii():
        return column, {}
    try:
        parts = joined.encode("latin-1").decode(codec).split(_SEPARATOR)
    except UnicodeDecodeError:
        parts = []
    if len(parts) == len(texts):
        return pa.array([part if one is not None else None for one, part in zip(texts, parts, strict=True)]), {}
    return _one_by_one(texts, codec)


def _one_by_one(texts: Sequence[str | None], codec: str) -> tuple[Any, dict[int, Message]]:
    found: list[str | None] = []
    notes = {}
    for at, text in enumerate(texts):
        value = (text or "").encode("latin-1", "replace")
        good = fits(value, codec)
        shown = codecs.getincrementaldecoder(codec)("strict" if good else "replace").decode(value)
        found.append(None if text is None else shown)
        if not good:
            notes[at] = row_note("value_garbled", value=shown, encoding=name_of_encoding(codec))
    return pa.array(found, pa.string()), notes
