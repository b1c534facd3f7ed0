"""Text files of any encoding, told from their contents."""

from __future__ import annotations

from pathlib import Path

from soilrules.gisfiles.findings import UnreadableGis
from soilrules.labtables.delimited import encoding_of as told_encoding
from soilrules.labtables.findings import LabTableRefused
from soilrules.plantext.formats.encodings import other_than_utf8

_NAMES = {"utf-8": "UTF-8", "gb18030": "GBK", "big5hkscs": "Big5"}


def encoding_of(path: Path, name: str, asked: str) -> tuple[str, int]:
    """The encoding of the whole text, and the length of its mark. Raises UnreadableGis."""
    if asked:
        with path.open("rb") as stream:
            return asked, other_than_utf8(stream.read(4))[1]
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
