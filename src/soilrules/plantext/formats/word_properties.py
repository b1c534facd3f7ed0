"""Properties of paragraphs in Word 97–2003 files: sprms of [MS-DOC] 2.6 applied to a `Look`, and the style sheet."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

IN_TABLE, ROW_END, OUTLINE, TABLE_CELLS = 0x2416, 0x2417, 0x2640, 0xD608
LIST, LIST_LEVEL = 0x460B, 0x260A
NESTING = 0x6649
HUGE, HUGE_OLD, TABLE_PROPERTIES = 0x6646, 0x6645, 0x646B
LONG_OPERAND, TABS = (0xD606, 0xD608), 0xC615
OPERAND_BYTES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
BODY_OUTLINE = 9
HEADING_STYLES = range(1, 10)  # style index of the built-in headings 1 to 9
FC_STYLES = 0x00A2
NO_STYLE = 0xFFF
PARAGRAPH_STYLE = 1
CHAIN = 20  # styles a style may be based on, one behind the other


@dataclass(frozen=True)
class Look:
    """What the properties of one paragraph say."""

    in_table: bool = False
    row_end: bool = False
    heading_level: int | None = None
    cells: tuple[tuple[int, int, int], ...] = ()  # of a row end: left edge, right edge (twips), flags
    list_id: int = 0  # 1-based; 0 is none
    list_level: int = 0
    deep: bool = False  # in a table within a table: its row ends do not end the outer row


@dataclass
class StyleSheet:
    """What each paragraph style says, with what it is based on."""

    own: dict[int, tuple[int, bytes]] = field(default_factory=dict)  # style → base style, its properties
    known: dict[int, Look] = field(default_factory=dict)

    @classmethod
    def parse(cls, word: bytes, table: bytes) -> StyleSheet:
        """Read the style sheet; a damaged one says nothing, since text does not depend on it."""
        sheet = cls()
        at, length = struct.unpack_from("<II", word, FC_STYLES)
        data = table[at : at + length]
        if len(data) < 6:
            return sheet
        header, count, base_size = struct.unpack_from("<HHH", data)
        at = 2 + header
        for style in range(count):
            if at + 2 > len(data):
                break
            size = struct.unpack_from("<H", data, at)[0]
            record = data[at + 2 : at + 2 + size]
            if len(record) > base_size:
                sheet._add(style, record, base_size)
            at += 2 + size + size % 2
        return sheet

    def look(self, style: int, extra: bytes, depth: int = 0) -> Look:
        """The look of a paragraph of this style before its own properties."""
        if style not in self.known:
            base, properties = self.own.get(style, (NO_STYLE, b""))
            look = self.look(base, extra, depth + 1) if base != NO_STYLE and depth < CHAIN else Look()
            if style in HEADING_STYLES:
                look = replace(look, heading_level=style)
            self.known[style] = applied(look, properties, extra)
        return self.known[style]

    def _add(self, style: int, record: bytes, base_size: int) -> None:
        kind, parts = struct.unpack_from("<HH", record, 2)
        if kind & 0xF != PARAGRAPH_STYLE or not parts & 0xF:
            return
        name = struct.unpack_from("<H", record, base_size)[0]
        at = base_size + 2 + 2 * name + 2
        at += at % 2
        if at + 2 <= len(record):
            size = struct.unpack_from("<H", record, at)[0]
            self.own[style] = (kind >> 4, record[at + 4 : at + 2 + size])


def applied(look: Look, properties: bytes, extra: bytes) -> Look:
    """`look` with a list of properties applied; `extra` is the Data stream, where long ones live."""
    for code, operand in _sprms(properties, extra):
        look = _applied(look, code, operand)
    return look


def _sprms(properties: bytes, extra: bytes, depth: int = 0) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 <= len(properties):
        code = struct.unpack_from("<H", properties, at)[0]
        at, operand = _operand(properties, at + 2, code)
        if code in (HUGE, HUGE_OLD, TABLE_PROPERTIES) and depth == 0:
            where = struct.unpack("<I", operand)[0]
            size = struct.unpack_from("<H", extra, where)[0] if where + 2 <= len(extra) else 0
            yield from _sprms(extra[where + 2 : where + 2 + size], extra, depth + 1)
        else:
            yield code, operand


def _operand(properties: bytes, at: int, code: int) -> tuple[int, bytes]:
    """Where the next property begins, and the operand of this one."""
    if code in LONG_OPERAND:
        size = struct.unpack_from("<H", properties, at)[0] - 1
        return at + 2 + max(size, 0), properties[at + 2 : at + 2 + size]
    if code >> 13 != 6:
        size = OPERAND_BYTES[code >> 13]
        return at + size, properties[at : at + size]
    size = properties[at] if at < len(properties) else 0
    if code == TABS and size == 255:  # more tabs than a byte can count: nothing after it is of use here
        return len(properties), b""
    return at + 1 + size, properties[at + 1 : at + 1 + size]


def _applied(look: Look, code: int, operand: bytes) -> Look:
    if code == IN_TABLE:
        return replace(look, in_table=bool(operand[0]))
    if code == ROW_END:
        return replace(look, row_end=bool(operand[0]))
    if code == OUTLINE:
        return replace(look, heading_level=operand[0] + 1 if operand[0] < BODY_OUTLINE else None)
    if code == LIST:
        return replace(look, list_id=max(0, struct.unpack("<h", operand)[0]))
    if code == LIST_LEVEL:
        return replace(look, list_level=operand[0])
    if code == NESTING:
        return replace(look, deep=struct.unpack("<I", operand)[0] > 1)
    if code == TABLE_CELLS and operand:
        return replace(look, cells=_cell_edges(operand))
    return look


def _cell_edges(operand: bytes) -> tuple[tuple[int, int, int], ...]:
    count = operand[0]
    edges = struct.unpack_from(f"<{count + 1}h", operand, 1)
    first = 1 + 2 * (count + 1)
    flags = [
        struct.unpack_from("<H", operand, first + 20 * index)[0] if first + 20 * index + 2 <= len(operand) else 0
        for index in range(count)
    ]
    return tuple(zip(edges, edges[1:], flags, strict=False))
