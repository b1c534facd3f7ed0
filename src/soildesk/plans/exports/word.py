"""The 任务分工明细表 as a Word file: A4 landscape, header row on every page, no row split over a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from soildesk.plans.exports.rows import COLUMNS, FormColumn, LedgerExport, cells

TITLE_FONT, HEAD_FONT, SECTION_FONT, BODY_FONT = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
TITLE_SIZE, NOTE_SIZE, CELL_SIZE = 36, 24, 21  # half points
MARGIN_MM, PAGE_MM = 20, (297, 210)
TABLE_TWIPS = round((PAGE_MM[0] - 2 * MARGIN_MM) / 25.4 * 1440)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
INDICATORS = (
    FormColumn("指标名称", 36),
    FormColumn("目标值", 14, True),
    FormColumn("目标年份", 10, True),
    FormColumn("原文", 40),
)
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def ledger_docx(ledger: LedgerExport) -> bytes:
    """The ledger as .docx."""
    document = Document()
    _page(document)
    _paragraph(document, ledger.heading, TITLE_FONT, TITLE_SIZE, "center")
    if ledger.notes:
        _paragraph(document, "　　".join(ledger.notes), BODY_FONT, NOTE_SIZE, "left")
    rows: list[str] = []
    for section in ledger.sections:
        if section.title:
            rows.append(_section_row(section.title))
        rows += [_row(cells(row), COLUMNS) for row in section.rows]
    _table(document, COLUMNS, rows)
    if ledger.indicators:
        _paragraph(document, "主要指标", HEAD_FONT, NOTE_SIZE, "left")
        lines = [(one.name, one.shown_target, str(one.year or ""), one.quote) for one in ledger.indicators]
        _table(document, INDICATORS, [_row(line, INDICATORS) for line in lines])
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _page(document: WordDocument) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    style = document.styles["Normal"]
    style.font.name = BODY_FONT
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)
    pieces = (_run("第 ", BODY_FONT, CELL_SIZE), _field("PAGE"), _run(" 页 共 ", BODY_FONT, CELL_SIZE),
              _field("NUMPAGES"), _run(" 页", BODY_FONT, CELL_SIZE))  # fmt: skip
    footer = section.footer.paragraphs[0]
    footer._p.getparent().replace(footer._p, parse_xml(_paragraph_xml("".join(pieces), "center", root=True)))


def _paragraph(document: WordDocument, text: str, font: str, size: int, align: str) -> None:
    paragraph = document.add_paragraph()
    paragraph._p.getparent().replace(paragraph._p, parse_xml(_paragraph_xml(_run(text, font, size), align, root=True)))


def _table(document: WordDocument, columns: Sequence[FormColumn], rows: list[str]) -> None:
    """Built as text: python-docx adds a thousand rows in a minute, the parser in a moment."""
    grid = "".join(f'<w:gridCol w:w="{_width(column)}"/>' for column in columns)
    head = _row([column.title for column in columns], columns, header=True)
    table = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{TABLE_TWIPS}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{''.join(rows)}</w:tbl>"
    )
    document.element.body.insert(len(document.element.body) - 1, parse_xml(table))


def _width(column: FormColumn) -> int:
    return TABLE_TWIPS * column.share // 100


def _row(texts: Sequence[str], columns: Sequence[FormColumn], *, header: bool = False) -> str:
    font = HEAD_FONT if header else BODY_FONT
    body = "".join(
        _cell(text, _width(column), font, "center" if header or column.centred else "left")
        for text, column in zip(texts, columns, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if header else ''}</w:trPr>{body}</w:tr>"


def _section_row(title: str) -> str:
    cell = _cell(title, TABLE_TWIPS, SECTION_FONT, "left", span=len(COLUMNS))
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>"


def _cell(text: str, width: int, font: str, align: str, span: int = 1) -> str:
    across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    lines = "".join(_paragraph_xml(_run(line, font, CELL_SIZE), align) for line in text.split("\n"))
    properties = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}<w:vAlign w:val="center"/></w:tcPr>'
    return f"<w:tc>{properties}{lines}</w:tc>"


def _paragraph_xml(runs: str, align: str, *, root: bool = False) -> str:
    spacing = '<w:spacing w:before="0" w:after="0"/>'
    return f'<w:p{" " + nsdecls("w") if root else ""}><w:pPr>{spacing}<w:jc w:val="{align}"/></w:pPr>{runs}</w:p>'


def _run(text: str, font: str, size: int) -> str:
    words = escape(FORBIDDEN.sub("", text))
    return f'<w:r>{_look(font, size)}<w:t xml:space="preserve">{words}</w:t></w:r>'


def _field(code: str) -> str:
    look = _look(BODY_FONT, CELL_SIZE)
    return f'<w:fldSimple w:instr="{code}"><w:r>{look}<w:t>1</w:t></w:r></w:fldSimple>'


def _look(font: str, size: int) -> str:
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>'
    return f'<w:rPr>{fonts}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
