"""Automatic list numbers of Word 97–2003 files: PlfLst and PlfLfo of [MS-DOC] into `Numbering`."""

from __future__ import annotations

import struct

from soilrules.plantext.formats.numbering import Level, Numbering, WordList

FC_LISTS, FC_OVERRIDES = 0x02E2, 0x02EA
LIST_BYTES, LEVEL_BYTES, OVERRIDE_BYTES = 28, 28, 16
SIMPLE_LIST, LEGAL, NO_RESTART = 0x01, 0x04, 0x08
STARTS_AT, NEW_FORMAT = 0x10, 0x20
FORMS = (
    "decimal", "upperRoman", "lowerRoman", "upperLetter", "lowerLetter", "decimal", "decimal", "decimal", "decimal",
    "decimal", "ideographDigital", "japaneseCounting", "decimal", "decimal", "decimalFullWidth", "decimal",
    "chineseLegalSimplified", "japaneseDigitalTenThousand", "decimalEnclosedCircle", "decimalFullWidth2", "decimal",
    "decimal", "decimalZero", "bullet", "decimal", "decimal", "decimalEnclosedFullstop", "decimalEnclosedParen",
    "decimalEnclosedCircleChinese", "ideographEnclosedCircle", "ideographTraditional", "ideographZodiac",
    "ideographZodiac", "taiwaneseCounting", "ideographLegalTraditional", "taiwaneseCountingThousand",
    "taiwaneseDigital", "chineseCounting", "chineseLegalSimplified", "chineseCountingThousand",
)  # fmt: skip  # by nfc, [MS-OSHARED] MSONFC
NONE = 255


def read_lists(word: bytes, table: bytes) -> Numbering:
    """The lists of a document by list number (ilfo, as text); none where the file has none."""
    numbering = Numbering()
    at, length = struct.unpack_from("<II", word, FC_LISTS)
    if not length:
        return numbering
    levels = _all_levels(table, at, length)
    at, length = struct.unpack_from("<II", word, FC_OVERRIDES)
    count = struct.unpack_from("<I", table, at)[0] if length else 0
    heads = [struct.unpack_from("<i8xB3x", table, at + 4 + OVERRIDE_BYTES * index) for index in range(count)]
    at += 4 + OVERRIDE_BYTES * count
    for number, (list_id, changes) in enumerate(heads, start=1):
        at += 4
        own, starts, at = _overrides(table, at, changes)
        numbering.lists[str(number)] = WordList(str(list_id), {**levels.get(list_id, {}), **own}, starts)
    return numbering


def _all_levels(table: bytes, at: int, length: int) -> dict[int, dict[int, Level]]:
    """Levels of each list id; they follow the list heads."""
    count = struct.unpack_from("<h", table, at)[0]
    heads = [struct.unpack_from("<i22xBx", table, at + 2 + LIST_BYTES * index) for index in range(count)]
    at += length
    found: dict[int, dict[int, Level]] = {}
    for list_id, flags in heads:
        found[list_id] = {}
        for depth in range(1 if flags & SIMPLE_LIST else 9):
            found[list_id][depth], at = _level(table, at)
    return found


def _overrides(table: bytes, at: int, changes: int) -> tuple[dict[int, Level], dict[int, int], int]:
    """Levels and starts that one use of a list changes, and where the next use is described."""
    own: dict[int, Level] = {}
    starts: dict[int, int] = {}
    for _change in range(changes):
        start, flags = struct.unpack_from("<iI", table, at)
        at += 8
        depth = flags & 0xF
        if flags & NEW_FORMAT:
            own[depth], at = _level(table, at)
        if flags & STARTS_AT:
            starts[depth] = own[depth].start if depth in own else start
    return own, starts, at


def _level(table: bytes, at: int) -> tuple[Level, int]:
    start, form, flags = struct.unpack_from("<iBB", table, at)
    characters, paragraphs = struct.unpack_from("<BB", table, at + 24)
    at += LEVEL_BYTES + characters + paragraphs
    size = struct.unpack_from("<H", table, at)[0]
    raw = table[at + 2 : at + 2 + 2 * size].decode("utf-16-le", "replace")
    text = "".join(f"%{ord(sign) + 1}" if ord(sign) < 9 else sign for sign in raw)
    name = "none" if form == NONE else FORMS[form] if form < len(FORMS) else "decimal"
    level = Level(start, name, text, bool(flags & LEGAL), 0 if flags & NO_RESTART else None)
    return level, at + 2 + 2 * size
