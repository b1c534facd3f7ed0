"""Text files of any encoding, told from their contents."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from soilrules.gisfiles.findings import UnreadableGis
from soilrules.labtables.delimited import encoding_of as told_encoding
from soilrules.labtables.findings import LabTableRefused
from soilrules.plantext.formats.encodings import other_than_utf8

_NAMES = {"utf-8": "UTF-8", "gb18030": "GBK", "big5hkscs": "Big5"}
_DECLARED = (
    (re.compile(r"utf-?8|^65001$", re.I), "utf-8"),
    (re.compile(r"gb\s*18030|54936", re.I), "gb18030"),
    (re.compile(r"gbk|gb_?2312|(^|\D)(936|20936)$", re.I), "gb18030"),  # GB 18030 contains both
    (re.compile(r"big-?5|(^|\D)950$", re.I), "big5hkscs"),
)


_CHUNK = 1024 * 1024


def chunks_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a piece at a time."""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def has_lines(path: Path, most: int) -> bool:
    """Whether a text has more than `most` lines; where it is close, it may say so of one that has as many."""
    found = 1
    for chunk in chunks_of(path):
        found += chunk.count(b"\n") + chunk.count(b"\r") - chunk.count(b"\r\n")
        if found > most:
            return True
    return False


def encoding_of(path: Path, name: str, asked: str) -> tuple[str, int]:
    """The encoding of the whole text, and the length of its mark. Raises UnreadableGis."""
    if asked:
        with path.open("rb") as stream:
            return codec_asked(asked, name), other_than_utf8(stream.read(4))[1]
    try:
        return told_encoding(path, name)
    except LabTableRefused as error:
        params = error.message.params
        raise UnreadableGis(
            "text_encoding", name=name, byte=params.get("byte", "1"), tried=params.get("tried", "UTF-8")
        ) from error


def name_of_encoding(codec: str) -> str:
    """The encoding as people call it."""
    return _NAMES.get(codec, codec.upper())


def declared(text: str) -> str:
    """The codec that a .cpg or a person means; "" where it is none of those known.

    >>> declared("OEM 936"), declared("UTF8"), declared("latin-1")
    ('gb18030', 'utf-8', '')
    """
    return next((codec for pattern, codec in _DECLARED if pattern.search(text.strip())), "")


def codec_asked(asked: str, name: str) -> str:
    """The codec a person asks for. Raises UnreadableGis."""
    codec = declared(asked) or asked
    try:
        codecs.lookup(codec)
    except LookupError as error:
        raise UnreadableGis("encoding_unknown", name=name, encoding=asked) from error
    return codec
