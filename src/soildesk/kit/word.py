"""Word files as offices sign them: A4, the fonts of official documents, page x of y, tables whose head repeats.

Tables are built as text: python-docx adds a thousand rows in a minute, the parser in a moment. Knows no Django.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE_FONT, HEAD_FONT, SECTION_FONT, BODY_FONT = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
PAGE_MM, MARGIN_MM = (210, 297), 20
TWIPS_PER_MM = 1440 / 25.4
CELL_SIZE = 19
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)

MARGINS = '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'


@dataclass(frozen=True, slots=True)
class Look:
    """Font, size in half points and weight of some words; `centred` and `space` (twips above and below) of their line."""

    font: str = BODY_FONT
    size: int = 24
    bold: bool = False
    centred: bool = False
    space: tuple[int, int] = (0, 0)
    kept: bool = False  # with the paragraph or table below


TITLE = Look(TITLE_FONT, 40, centred=True, space=(0, 120))
SUBTITLE = Look(SECTION_FONT, 28, centred=True, space=(0, 240))
HEADING = Look(HEAD_FONT, 28, space=(240, 120), kept=True)
SUBHEADING = Look(SECTION_FONT, 24, bold=True, space=(160, 80), kept=True)
BODY = Look(space=(0, 60))
NOTE = Look(size=20, space=(40, 60))


class Strong(str):
    """The text of a cell that is printed bold."""

    __slots__ = ()


class Across(str):
    """A row of one cell over all columns: the title of the rows below it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class WordColumn:
    """One column: its title and its share of the width in percent."""

    title: str
    share: int
    centred: bool = False


def a4(*, landscape: bool = False) -> WordDocument:
    """An empty A4 document with page numbers."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(side) for side in (PAGE_MM[::-1] if landscape else PAGE_MM))
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    style = document.styles["Normal"]
    style.font.name = BODY_FONT
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)
    small = Look(size=18, centred=True)
    pieces = (_run("第 ", small), _field("PAGE", small), _run(" 页 共 ", small), _field("NUMPAGES", small), _run(" 页", small))  # fmt: skip
    footer = section.footer.paragraphs[0]
    footer._p.getparent().replace(footer._p, parse_xml(_line("".join(pieces), small, root=True)))
    return document


def paragraph(document: WordDocument, text: str, look: Look = BODY) -> None:
    """One paragraph at the end of the document."""
    made = document.add_paragraph()
    made._p.getparent().replace(made._p, parse_xml(_line(_run(text, look), look, root=True)))


def table(
    document: WordDocument,
    columns: Sequence[WordColumn],
    rows: Sequence[Sequence[str] | Across],
    *,
    size: int = CELL_SIZE,
) -> None:
    """A table of the width of the page; its head stands on every page, no row is split. `size` in half points."""
    section = document.sections[0]
    whole = round((section.page_width.mm - 2 * MARGIN_MM) * TWIPS_PER_MM)
    widths = [whole * one.share // 100 for one in columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    titles = [one.title for one in columns]
    head = _row(
        [_cell(*one, Look(HEAD_FONT, size, centred=True)) for one in zip(titles, widths, strict=True)], head=True
    )
    body = "".join(_body_row(row, columns, widths, size) for row in rows)
    made = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{whole}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>{MARGINS}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head if any(titles) else ''}{body}</w:tbl>"
    )
    document.element.body.insert(len(document.element.body) - 1, parse_xml(made))


def saved(document: WordDocument) -> bytes:
    """The document as .docx."""
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _body_row(row: Sequence[str] | Across, columns: Sequence[WordColumn], widths: Sequence[int], size: int) -> str:
    if isinstance(row, Across):
        return _row([_cell(row, sum(widths), Look(SECTION_FONT, size), span=len(columns))])
    cells = [
        _cell(text, width, Look(size=size, bold=isinstance(text, Strong), centred=one.centred))
        for text, width, one in zip(row, widths, columns, strict=True)
    ]
    return _row(cells)


def _row(cells: Sequence[str], *, head: bool = False) -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(text: str, width: int, look: Look, span: int = 1) -> str:
    across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    lines = "".join(_line(_run(line, look), look) for line in text.split("\n"))
    properties = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}<w:vAlign w:val="center"/></w:tcPr>'
    return f"<w:tc>{properties}{lines}</w:tc>"


def _line(runs: str, look: Look, *, root: bool = False) -> str:
    above, below = look.space
    kept = "<w:keepNext/>" if look.kept else ""
    return (
        f'<w:p{" " + nsdecls("w") if root else ""}><w:pPr>{kept}<w:spacing w:before="{above}" w:after="{below}"/>'
        f'<w:jc w:val="{"center" if look.centred else "left"}"/></w:pPr>{runs}</w:p>'
    )


def _run(text: str, look: Look) -> str:
    words = escape(FORBIDDEN.sub("", text))
    return f'<w:r>{_properties(look)}<w:t xml:space="preserve">{words}</w:t></w:r>'


def _field(code: str, look: Look) -> str:
    return f'<w:fldSimple w:instr="{code}"><w:r>{_properties(look)}<w:t>1</w:t></w:r></w:fldSimple>'


def _properties(look: Look) -> str:
    fonts = f'<w:rFonts w:ascii="{look.font}" w:hAnsi="{look.font}" w:eastAsia="{look.font}" w:cs="{look.font}"/>'
    return (
        f'<w:rPr>{fonts}{"<w:b/>" if look.bold else ""}<w:sz w:val="{look.size}"/><w:szCs w:val="{look.size}"/></w:rPr>'
    )
