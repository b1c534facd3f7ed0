"""Plain text, and Markdown with its headings, lists and pipe tables."""

from __future__ import annotations

import itertools
import re

from soilrules.plantext.document import Document
from soilrules.plantext.formats.builder import DocumentBuilder, plain_grid

HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
UNDERLINE = re.compile(r"^ {0,3}(=+|-{2,})\s*$")
FENCE = re.compile(r"^ {0,3}(```|~~~)")
BULLET = re.compile(r"^\s*[-*+]\s+")
QUOTE = re.compile(r"^ {0,3}>\s?")
THEMATIC = re.compile(r"^\s*([-*_])\s*(?:\1\s*){2,}$")
EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1|(?<![*\w])\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?![*\w])")
LINK = re.compile(r"!?\[([^\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
CELL_BREAK = re.compile(r"<br\s*/?>", re.I)
PIPE = re.compile(r"(?<!\\)\|")


def read_plain(text: str) -> Document:
    """One paragraph per line; tabs and blank lines stay, since flattened tables are told by them."""
    return Document.from_text(text)


def is_markdown(text: str, filename: str) -> bool:
    """Markdown by its marks: a heading line or a table's rule line; a name ending in .md is believed too."""
    if filename.lower().endswith((".md", ".markdown")):
        return True
    lines = text.split("\n")
    ruled = any(RULE.match(line) and "|" in line and "|" in before for before, line in itertools.pairwise(lines))
    return ruled or sum(bool(HEADING.match(line)) for line in lines) >= 2


def read_markdown(text: str) -> Document:
    """The document without its marks; every source line is a paragraph, as in the plans found in the wild."""
    builder = DocumentBuilder()
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if "|" in lines[at] and RULE.match(following) and "|" in following:
            at = _table(builder, lines, at)
        elif lines[at].strip() and UNDERLINE.match(following) and not _marked(lines[at]):
            builder.paragraph(_words(lines[at]), 1 if "=" in following else 2)
            at += 2
        else:
            _line(builder, lines[at])
            at += 1
    return builder.document()


def _marked(line: str) -> bool:
    return bool(HEADING.match(line) or BULLET.match(line) or THEMATIC.match(line))


def _line(builder: DocumentBuilder, line: str) -> None:
    heading = HEADING.match(line)
    if heading:
        builder.paragraph(_words(heading[2]), len(heading[1]))
    elif not THEMATIC.match(line) and not FENCE.match(line):
        builder.paragraph(_words(BULLET.sub("", QUOTE.sub("", line))))


def _table(builder: DocumentBuilder, lines: list[str], at: int) -> int:
    rows = [_cells(lines[at])]
    at += 2
    while at < len(lines) and "|" in lines[at]:
        rows.append(_cells(lines[at]))
        at += 1
    builder.table(plain_grid(row[: len(rows[0])] + [""] * (len(rows[0]) - len(row)) for row in rows))
    return at


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [_words(cell) for cell in PIPE.split(inner)]


def _words(text: str) -> str:
    text = LINK.sub(r"\1", CELL_BREAK.sub("\n", text))
    text = EMPHASIS.sub(lambda match: match[2] or match[3], text)
    return ESCAPED.sub(r"\1", text).strip()
