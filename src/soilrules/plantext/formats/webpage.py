"""HTML pages and saved pages (.mht): what is printed, with headings, list numbers and real tables.

Pages of government sites set their text in layout tables and break paragraphs with <br>: a table
that holds another table, or one column only, is layout; outside a table cell <br> ends a paragraph.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from soilrules.plantext.document import Document
from soilrules.plantext.formats.builder import DocumentBuilder, GridCell
from soilrules.plantext.formats.encodings import MARKS, decode
from soilrules.plantext.formats.errors import UnreadableFile
from soilrules.plantext.formats.numerals import letters, printed, roman

CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([a-zA-Z0-9_\-]+)", re.I)
HEAD = 4096
DROPPED = {"script", "style", "head", "title", "noscript", "template", "iframe", "object", "svg", "select", "button",
           "input", "textarea", "nav", "footer", "aside", "del", "rt", "rp", "xml", "math", "audio", "video"}  # fmt: skip
BLOCKS = {"p", "div", "section", "article", "main", "header", "footer", "aside", "center", "ul", "ol", "li", "dl",
          "dt", "dd", "blockquote", "pre", "form", "fieldset", "body", "html", "address", "figure", "figcaption", "hr",
          "tr", "td", "th", "caption", "tbody", "thead", "tfoot"}  # fmt: skip
CONTAINERS = {"div", "ul", "table", "section", "header", "dl", "center", "form"}
MENU_LINKS, MENU_SHARE = 3, 0.6  # a container of so many links, with so much of its text in them, is a menu
ANNEXES = "附件"
HEADINGS = {f"h{level}": level for level in range(1, 7)}
SPACES = re.compile(r"[ \t\n\r\f]+")
HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.I)
SPAN_LIMIT = 1000
LIST_FORMS = {"a": letters, "A": lambda at: letters(at).upper(), "i": roman, "I": lambda at: roman(at).upper()}


def read_html(data: bytes) -> Document:
    """The document of an HTML page; broken markup is read as browsers read it."""
    return _read_markup(_characters(data))


def read_mht(data: bytes, filename: str) -> Document:
    """The document of a saved web archive: its first HTML part."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                return read_html(body)
    raise UnreadableFile("formats.damaged", filename=filename, kind="mht", detail="text/html")


def _characters(data: bytes) -> str:
    marked = any(data.startswith(mark) for mark, _encoding in MARKS)
    declared = CHARSET.search(data[:HEAD])
    if declared and not marked:
        name = declared[1].decode("ascii").lower()
        try:
            return data.decode("gb18030" if name in ("gb2312", "gbk", "x-gbk") else name)
        except (LookupError, UnicodeDecodeError):
            return decode(data)  # the page declares another encoding than it is written in
    return decode(data)


def _read_markup(text: str) -> Document:
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # nothing but blanks and comments
        return Document("", ())
    walk = _Walk()
    walk.block(root, None)
    walk.flush(None)
    return walk.builder.document()


@dataclass
class _Walk:
    builder: DocumentBuilder = field(default_factory=DocumentBuilder)
    words: list[str] = field(default_factory=list)

    def flush(self, level: int | None) -> None:
        """End the paragraph being collected."""
        self.builder.paragraph("".join(self.words), level)
        self.words = []

    def block(self, element: html.HtmlElement, level: int | None) -> None:
        """Add what `element` prints; `level` is that of the heading around it."""
        self._say(element.text)
        number = 0
        for child in element:
            tag = child.tag
            if tag == "li":
                number = int(child.get("value", 0)) if child.get("value", "").isdecimal() else number + 1
            self._child(child, level, _list_number(element, number) if tag == "li" else "")
            self._say(child.tail)

    def _child(self, child: html.HtmlElement, level: int | None, number: str) -> None:
        tag = child.tag
        if not isinstance(tag, str) or tag in DROPPED or HIDDEN.search(child.get("style", "")):
            return
        if tag in CONTAINERS and _is_menu(child):
            return
        if tag == "br":
            self.flush(level)
        elif tag == "table" and not _is_layout(child):
            self.flush(level)
            self.builder.table(_grid(child))
        elif tag in HEADINGS or tag in BLOCKS or tag == "table":
            inner = HEADINGS.get(tag, level)
            self.flush(level)
            self.words.append(number)
            self.block(child, inner)
            self.flush(inner)
        else:
            self.block(child, level)

    def _say(self, text: str | None) -> None:
        if text:
            self.words.append(SPACES.sub(" ", text))


def _is_menu(element: html.HtmlElement) -> bool:
    """Menus, breadcrumbs and link lists around the text; a list of annexes is none."""
    links = ["".join(link.text_content().split()) for link in element.iter("a")]
    if len(links) < MENU_LINKS:
        return False
    words = "".join(element.text_content().split())
    return ANNEXES not in words and sum(map(len, links)) >= MENU_SHARE * len(words)


def _list_number(parent: html.HtmlElement, number: int) -> str:
    if parent.tag != "ol" or "list-style-type:none" in parent.get("style", "").replace(" ", ""):
        return ""
    start = parent.get("start", "1")
    at = number + (int(start) if start.isdecimal() else 1) - 1
    form = LIST_FORMS.get(parent.get("type", ""))
    if "cjk" in parent.get("style", ""):
        return printed(at, "chineseCounting") + "、"
    return f"{form(at) if form else at}. "  # type: ignore[no-untyped-call]


def _rows(table: html.HtmlElement) -> list[list[html.HtmlElement]]:
    return [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]


def _is_layout(table: html.HtmlElement) -> bool:
    return table.find(".//table") is not None or max(map(len, _rows(table)), default=0) <= 1


def _grid(table: html.HtmlElement) -> list[list[GridCell]]:
    grid: list[list[GridCell]] = []
    covered: dict[int, int] = {}  # column → rows below that a cell above still covers
    for row in _rows(table):
        line: list[GridCell] = []
        column = 0
        below = {at: left - 1 for at, left in covered.items() if left > 1}
        for cell in row:
            while column in covered:
                column += 1
            rows, columns = _span(cell, "rowspan"), _span(cell, "colspan")
            line.append(GridCell(_cell_text(cell), column, rows, columns))
            below.update({at: rows - 1 for at in range(column, column + columns) if rows > 1})
            column += columns
        covered = below
        grid.append(line)
    return grid


def _span(cell: html.HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(max(1, int(value)), SPAN_LIMIT) if value.isdecimal() else 1


def _cell_text(cell: html.HtmlElement) -> str:
    lines = "".join(_printed(cell)).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _printed(element: html.HtmlElement) -> Iterator[str]:
    yield SPACES.sub(" ", element.text or "")
    for child in element:
        tag = child.tag
        if isinstance(tag, str) and tag not in DROPPED:
            edge = "\n" if tag in BLOCKS or tag in HEADINGS or tag == "br" else ""
            yield edge
            yield from _printed(child)
            yield edge
        yield SPACES.sub(" ", child.tail or "")
