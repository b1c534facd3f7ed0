"""Bytes of a text file into characters: UTF-8, UTF-16, GB18030 (and so GBK) and Big5.

A byte order mark decides. Without one, UTF-8 is tried first because other encodings almost never
pass for it; then GB18030 and Big5 are weighed by how many of their two-byte characters fall among
the everyday ones of each (GB 2312 level 1, Big5 level 1), since either often decodes the other's
bytes into rare characters without an error.
"""

from __future__ import annotations

import codecs
import re

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
TWO_BYTES = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x00-\x7f]|.", re.S)
UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
SAMPLE = 65536
CUT_TAIL = 4  # bytes a file cut off in the middle of a character may lack


class NotText(ValueError):
    """The bytes are not text in any encoding known here."""


def decode(data: bytes) -> str:
    """The characters of `data`, with line ends as \\n; raises NotText for anything but text."""
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    head = text[:SAMPLE]
    if len(UNPRINTABLE.findall(head)) * 100 > len(head):
        raise NotText
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    wide = _utf16_without_mark(data[:SAMPLE])
    if wide:
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start and error.start >= len(data) - CUT_TAIL:
            return data[: error.start].decode("utf-8")
    return data.decode(_chinese_encoding(data[:SAMPLE]), "replace")


def other_than_utf8(head: bytes) -> tuple[str, int]:
    """The encoding a file's first bytes speak for, and the length of its mark; "" where UTF-8 is still to be tried."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    return _utf16_without_mark(head[:SAMPLE]) or "", 0


def chinese_encoding(head: bytes) -> str:
    """gb18030 or big5hkscs: of two encodings of Chinese, the one whose everyday characters occur."""
    return _chinese_encoding(head[:SAMPLE])


def _utf16_without_mark(head: bytes) -> str | None:
    """utf-16-le or -be where one byte of each pair looks like the high byte of Chinese text."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    for encoding, high in (("utf-16-le", head[1 : pairs * 2 : 2]), ("utf-16-be", head[0 : pairs * 2 : 2])):
        usual = sum(byte in (0x00, 0x20, 0x30, 0xFF) or 0x4E <= byte <= 0x9F for byte in high)
        low = head[0 : pairs * 2 : 2] if encoding == "utf-16-le" else head[1 : pairs * 2 : 2]
        # ASCII letters are in 0x4E..0x7A too, so plain English must not pass: a zero byte must occur.
        if usual >= 0.97 * pairs and 0x00 in high and low.count(0) < pairs / 10:
            return encoding
    return None


def _chinese_encoding(head: bytes) -> str:
    pairs = [pair for pair in TWO_BYTES.findall(head) if len(pair) == 2]
    if not pairs:
        return "gb18030"
    simplified = sum(0xA1 <= lead <= 0xD7 and trail >= 0xA1 for lead, trail in pairs)
    traditional = sum(0xA1 <= lead <= 0xC6 for lead, trail in pairs)
    return "big5hkscs" if traditional > simplified else "gb18030"
