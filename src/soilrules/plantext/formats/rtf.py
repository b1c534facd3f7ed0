"""RTF: text by striprtf, with tables, headings and Chinese code pages made safe before it.

striprtf writes cells and rows as `|` and line ends, which text may hold too. So the control words
of tables and outline levels are first replaced by private-use characters, which survive it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from striprtf.striprtf import rtf_to_text

from soilrules.plantext.document import Document
from soilrules.plantext.formats.builder import DocumentBuilder, grid_lines, merged_down
from soilrules.plantext.formats.encodings import NotText, decode

CELL, ROW, ROW_DEFINITION, EDGE, CONTINUES, ACROSS, OUTLINE, PLAIN = map(chr, range(0xE000, 0xE008))
CLOSE = chr(0xE008)
MARKS = {"cell": CELL, "row": ROW, "trowd": ROW_DEFINITION, "clvmrg": CONTINUES, "clmrg": ACROSS, "pard": PLAIN,
         "nestcell": "\n", "nestrow": "\n"}  # fmt: skip
CONTROL = re.compile(r"\\(cellx|outlinelevel|cell|row|trowd|clvmrg|clmrg|pard|nestcell|nestrow)(-?\d+)?(?![a-z\d]) ?")
HEX_RUN = re.compile(r"\\u-?\d+ ?(?:\\'[0-9a-fA-F]{2})+|((?:\\'[0-9a-fA-F]{2}[\r\n]*)+)")
LIST_TEXT = re.compile(r"\{\\pntext\b")
LIST_TAB = re.compile(r"(\{\\(?:listtext|pntext)\b[^{}]*?)\\tab ?\}")
DELETED = re.compile(r"\\deleted(?![a-z\d])")
RAW_HIGH = re.compile("[\x80-\uffff]")
CODE_PAGE = re.compile(r"\\ansicpg(\d+)")
CHINESE_CHARSET = re.compile(r"\\fcharset(134|136)\b")
ROW_PARTS = re.compile(f"([{ROW_DEFINITION}{CELL}{ROW}])")
EDGES = re.compile(f"([{CONTINUES}{ACROSS}]*){EDGE}(-?\\d+){CLOSE}")
LINE_MARKS = re.compile(f"[{PLAIN}{CONTINUES}{ACROSS}]")
LEVEL = re.compile(f"{OUTLINE}(\\d+){CLOSE}")
BODY_LEVEL = 9
SNAP = 100  # twips within which cell edges of two rows are one


def read_rtf(data: bytes) -> Document:
    """The document of an RTF file; striprtf never fails on damaged groups, it drops them."""
    try:
        source = decode(data)
    except NotText:  # embedded binary pictures
        source = data.decode("latin-1")
    text: str = rtf_to_text(_prepared(source), errors="replace")  # type: ignore[no-untyped-call]
    walk = _Walk()
    for part in ROW_PARTS.split(text):
        walk.take(part)
    return walk.document()


def _prepared(source: str) -> str:
    page = _code_page(source)
    source = LIST_TAB.sub(r"\1}", source)
    source = HEX_RUN.sub(lambda match: _as_unicode(match, page), source)
    source = RAW_HIGH.sub(lambda match: _escaped(match[0]), source)
    source = LIST_TEXT.sub(r"{\\uc1", source)
    source = DELETED.sub(r"\\*", source)
    return CONTROL.sub(_mark, source)


def _code_page(source: str) -> str:
    """The code page of bytes written as \\'xx: Chinese if the header or a font says so."""
    named = CODE_PAGE.search(source)
    charset = CHINESE_CHARSET.search(source)
    if (named and named[1] == "950") or (not named and charset and charset[1] == "136"):
        return "big5hkscs"
    return "gb18030" if (named and named[1] in ("936", "54936")) or charset else ""


def _as_unicode(match: re.Match[str], page: str) -> str:
    run = match[1]
    if not run or not page:
        return match[0]
    raw = bytes.fromhex(re.sub(r"[\\'\r\n]", "", run))
    if max(raw) < 0x80:
        return run
    try:
        return "".join(map(_escaped, raw.decode(page)))
    except UnicodeDecodeError:
        return run


def _escaped(character: str) -> str:
    """A character as RTF's own Unicode escape, in a group so that the writer's \\ucN does not matter."""
    units = character.encode("utf-16-le")
    codes = [int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2)]
    return "{\\uc1" + "".join(f"\\u{code}?" for code in codes) + "}"


def _mark(match: re.Match[str]) -> str:
    word, number = match[1], match[2]
    if word in ("cellx", "outlinelevel"):
        return _escaped(EDGE if word == "cellx" else OUTLINE) + (number or "0") + _escaped(CLOSE)
    return _escaped(MARKS[word]) if MARKS[word] != "\n" else "\\line "


@dataclass
class _Walk:
    """Takes the text between marks; a row is open from its definition (or first cell) to its end."""

    builder: DocumentBuilder = field(default_factory=DocumentBuilder)
    rows: list[tuple[list[str], list[tuple[str, int]]]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    edges: list[tuple[str, int]] = field(default_factory=list)
    pending: str = ""
    in_row: bool = False

    def take(self, part: str) -> None:
        if part == ROW_DEFINITION:
            self._begin_row()
        elif part == CELL:
            self.cells.append(_words(self.pending))
            self.pending, self.in_row = "", True
        elif part == ROW:
            self.rows.append((self.cells, self.edges))
            self.cells, self.pending, self.in_row = [], "", False
        else:
            self._text(part)

    def document(self) -> Document:
        self._paragraphs(self.pending)
        if self.cells:  # a row cut off before its end mark
            self.rows.append((self.cells, []))
        self._close_table()
        return self.builder.document()

    def _begin_row(self) -> None:
        if not self.cells:
            self._paragraphs(self.pending)
            self.pending = ""
        self.in_row, self.edges = True, []

    def _text(self, part: str) -> None:
        found = EDGES.findall(part)
        if found:
            self.edges = [(flags, int(edge)) for flags, edge in found]
            part = EDGES.sub("", part)
        self.pending += part

    def _paragraphs(self, text: str) -> None:
        for line in re.split("\n", text):
            level = LEVEL.search(line)
            words = _words(line)
            if words:
                self._close_table()
                outline = int(level[1]) if level else BODY_LEVEL
                self.builder.paragraph(words, outline + 1 if outline < BODY_LEVEL else None)

    def _close_table(self) -> None:
        if self.rows:
            self.builder.table(merged_down(_grid(self.rows)))
        self.rows = []


def _words(text: str) -> str:
    return LINE_MARKS.sub("", LEVEL.sub("", text)).strip()


def _grid(rows: list[tuple[list[str], list[tuple[str, int]]]]) -> list[list[tuple[str, int, int, bool]]]:
    columns = grid_lines((edge for _cells, edges in rows for _flags, edge in edges), SNAP)
    grid: list[list[tuple[str, int, int, bool]]] = []
    for cells, edges in rows:
        line: list[tuple[str, int, int, bool]] = []
        left = 0
        for at, text in enumerate(cells):
            flags, right = (edges[at][0], columns[edges[at][1]] + 1) if at < len(edges) else ("", left + 1)
            if ACROSS in flags and line:
                before, start, _span, continues = line[-1]
                line[-1] = (before, start, right - start, continues)
            else:
                line.append((text, left, max(1, right - left), CONTINUES in flags))
            left = max(right, left + 1)
        grid.append(line)
    return grid
