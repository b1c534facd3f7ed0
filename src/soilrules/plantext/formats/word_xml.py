"""Word files (.docx): body order, automatic numbers, headings, tables, text boxes; as accepted by the last reader.

Tracked insertions are kept and deletions dropped; footnotes, comments, headers, footers and the
automatic table of contents are not the plan's text. Source of the element names: ISO/IEC 29500-1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from soilrules.plantext.document import Document
from soilrules.plantext.formats.archive import Package
from soilrules.plantext.formats.builder import STRUCK, DocumentBuilder, grid_lines, merged_down
from soilrules.plantext.formats.errors import UnreadableFile
from soilrules.plantext.formats.numbering import ListRef, Numbering, W, value_of
from soilrules.plantext.formats.word_styles import Style, Styles

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DROPPED = {f"{W}{name}" for name in ("del", "moveFrom", "rt", "delText", "instrText", "pPr", "rPr", "footnoteRef",
                                     "annotationRef", "sdtPr", "object", "tblPr", "tcPr")} | {f"{MC}Fallback"}  # fmt: skip
SIGNS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
OFF = ("0", "false", "off")
SNAP = 100  # twips within which cell edges of two rows are one
BOX = f"{W}txbxContent"
Row = list[tuple[str, int, int, bool]]


def read_docx(package: Package, main: str, *, mark_struck: bool = False) -> Document:
    """The document whose main part is `main`; with `mark_struck`, STRUCK stands before words struck out.

    Raises UnreadableFile.
    """
    folder = main.rpartition("/")[0]
    body = _parse(package, main)
    if body is None or body.find(f"{W}body") is None:
        raise UnreadableFile("formats.damaged", filename=package.filename, kind="docx", detail=f"{main}: w:body")
    if mark_struck:
        _mark_struck(body)
    reader = _Reader(
        Styles.parse(_parse(package, f"{folder}/styles.xml")),
        Numbering.parse(_parse(package, f"{folder}/numbering.xml")),
        DocumentBuilder(),
    )
    reader.blocks(body[0] if body[0].tag == f"{W}body" else body.find(f"{W}body"))
    return reader.builder.document()


def _parse(package: Package, name: str) -> etree._Element | None:
    if name not in package.names:
        return None
    data = package.read_xml(name).replace(STRICT, TRANSITIONAL)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        detail = f"{name}: {error.msg}"
        raise UnreadableFile("formats.damaged", filename=package.filename, kind="docx", detail=detail) from error


def _mark_struck(body: etree._Element) -> None:
    """Put STRUCK before the words of every run that is struck out."""
    for line in body.iter(f"{W}strike", f"{W}dstrike"):
        properties = line.getparent()
        run = properties.getparent() if properties is not None and properties.tag == f"{W}rPr" else None
        if run is not None and line.get(f"{W}val", "true") not in OFF:
            for words in run.iterchildren(f"{W}t"):
                words.text = STRUCK + (words.text or "")


def contents(element: etree._Element, wanted: tuple[str, ...]) -> Iterator[etree._Element]:
    """Children with a tag in `wanted`, looking through content controls, insertions and custom XML."""
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag not in DROPPED and isinstance(child.tag, str):
            yield from contents(child, wanted)


@dataclass
class _Reader:
    styles: Styles
    numbering: Numbering
    builder: DocumentBuilder
    carried: str = ""  # text of a paragraph whose end mark was deleted

    def blocks(self, parent: etree._Element | None) -> None:
        """Add the paragraphs and tables of a body, a text box or a one-cell frame."""
        if parent is None:
            return
        for child in contents(parent, (f"{W}p", f"{W}tbl")):
            if child.tag == f"{W}p":
                self._paragraph(child)
            else:
                self._table(child)

    def _paragraph(self, paragraph: etree._Element) -> None:
        boxes: list[etree._Element] = []
        words, style, goes_on = self._words(paragraph, boxes)
        if goes_on:
            self.carried = words
        elif not style.contents:
            self.builder.paragraph(words, self._heading(paragraph, style))
        for box in boxes:
            self.blocks(box)

    def _words(self, paragraph: etree._Element, boxes: list[etree._Element]) -> tuple[str, Style, bool]:
        """The paragraph's words with its automatic number, its style, and whether the next paragraph joins it."""
        properties = paragraph.find(f"{W}pPr")
        style_id = value_of(properties, f"{W}pStyle")
        style = self.styles.of(style_id)
        text = text_of(paragraph, boxes)
        ref = self._list_ref(properties, style_id, style)
        number = self.numbering.next_number(ref) if ref and text.strip() else ""
        words, self.carried = self.carried + number + text, ""
        goes_on = properties is not None and properties.find(f"{W}rPr/{W}del") is not None
        return words, style, goes_on

    def _list_ref(self, properties: etree._Element | None, style_id: str | None, style: Style) -> ListRef | None:
        own = None if properties is None else properties.find(f"{W}numPr")
        list_id, level = value_of(own, f"{W}numId"), value_of(own, f"{W}ilvl")
        if list_id == "0":
            return None
        if list_id:
            return ListRef(list_id, int(level or 0))
        linked = self.numbering.by_style.get(style_id or "")
        if style.list_ref and linked and linked.list_id == style.list_ref.list_id:
            return linked
        return style.list_ref

    @staticmethod
    def _heading(paragraph: etree._Element, style: Style) -> int | None:
        own = value_of(paragraph, f"{W}pPr/{W}outlineLvl")
        if own is None:
            return style.heading_level
        return int(own) + 1 if int(own) < 9 else None

    def _table(self, table: etree._Element) -> None:
        rows = list(contents(table, (f"{W}tr",)))
        cells = [list(contents(row, (f"{W}tc",))) for row in rows]
        if sum(map(len, cells)) == 1:  # a frame around ordinary text
            self.blocks(cells[0][0] if cells[0] else None)
            return
        place = _column_places(table)
        kept = [self._row(row, found, place) for row, found in zip(rows, cells, strict=True) if not _deleted(row)]
        self.builder.table(merged_down(kept))

    def _row(self, row: etree._Element, cells: list[etree._Element], place: list[int]) -> Row:
        column = int(value_of(row, f"{W}trPr/{W}gridBefore") or 0)
        found: Row = []
        for cell in cells:
            properties = cell.find(f"{W}tcPr")
            span = int(value_of(properties, f"{W}gridSpan") or 1)
            merge = None if properties is None else properties.find(f"{W}vMerge")
            continues = merge is not None and merge.get(f"{W}val", "continue") == "continue"
            left, right = place_of(place, column), place_of(place, column + span)
            found.append((self._cell_text(cell), left, max(1, right - left), continues))
            column += span
        return found

    def _cell_text(self, cell: etree._Element) -> str:
        """The lines of a cell; a table inside it is flattened into them."""
        lines: list[str] = []
        boxes: list[etree._Element] = []
        for paragraph in contents(cell, (f"{W}p",)):
            words, _style, goes_on = self._words(paragraph, boxes)
            if goes_on:
                self.carried = words
            else:
                lines.append(words)
        return "\n".join(line for line in lines if line.strip())


def _column_places(table: etree._Element) -> list[int]:
    """The printed column at which each grid column begins: slivers between rows' uneven edges are none."""
    edges = [0.0]
    for column in table.iterfind(f"{W}tblGrid/{W}gridCol"):
        width = column.get(f"{W}w", "")
        if not width.isdecimal() or int(width) == 0:  # widths unknown: every grid column is a column
            return []
        edges.append(edges[-1] + int(width))
    lines = grid_lines(edges, SNAP)
    return [lines[edge] for edge in edges]


def place_of(places: list[int], column: int) -> int:
    return places[column] if column < len(places) else column + (places[-1] - len(places) + 1 if places else 0)


def _deleted(row: etree._Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def text_of(element: etree._Element, boxes: list[etree._Element]) -> str:
    """The printed words of a paragraph; text boxes anchored in it are put into `boxes`."""
    return "".join(_said(child, boxes) for child in element)


def _said(child: etree._Element, boxes: list[etree._Element]) -> str:
    tag = child.tag
    if tag in SIGNS:
        return SIGNS[tag]
    if tag == f"{W}t":
        return child.text or ""
    if tag == BOX:
        boxes.append(child)
        return ""
    if tag == f"{MC}AlternateContent":
        return _alternative(child, boxes)
    if tag in DROPPED or not isinstance(tag, str) or (tag == f"{W}r" and _hidden(child)):
        return ""
    return text_of(child, boxes)


def _alternative(element: etree._Element, boxes: list[etree._Element]) -> str:
    """The first of the alternatives that prints anything: the others repeat it for older programs."""
    for choice in element:
        found: list[etree._Element] = []
        words = text_of(choice, found)
        if words or found:
            boxes.extend(found)
            return words
    return ""


def _hidden(run: etree._Element) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val", "true") not in OFF
