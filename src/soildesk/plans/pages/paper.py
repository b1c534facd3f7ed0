"""The document as published, line by line, with every field that was read from it marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from soildesk.plans.models import Plan
from soildesk.plans.queries.reading import Piece, marks_of, pieces

KIND_OF = {
    "title": "of-title",
    "text": "of-text",
    "m": "of-term",
    "u": "of-unit",
    "p": "of-head",
    "i": "of-target",
    "g": "of-target",
    "c": "of-clause",
    "l": "of-unassigned",
    "x": "",
}
"""What a key is about, by its prefix, as a class of its mark."""


def paper(plan: Plan) -> SafeString:
    """The whole document as HTML: one element per line, numbered; marks carry their keys in `data-k`."""
    if plan.document is None:
        return SafeString("")
    text = plan.document.text
    levels = {
        heading["span"][0]: (heading["level"], heading["span"][1]) for heading in plan.reading.get("headings", [])
    }
    lines = _lines(pieces(text, marks_of(plan)))
    return mark_safe("".join(_line_html(line, levels) for line in lines))  # noqa: S308 — all text is escaped


DEEPEST, LOOSE_END = 4, 2
"""The deepest level told apart, and how many characters (a full stop) may stand behind a heading on its line."""


@dataclass(frozen=True)
class Line:
    """One line of the document: its number from 1, its first character, and its pieces."""

    number: int
    start: int
    pieces: list[Piece]

    @property
    def blank(self) -> bool:
        """Whether nothing is printed on it."""
        return not any(piece.text.strip() for piece in self.pieces)


def _lines(found: Iterable[Piece]) -> Iterator[Line]:
    number, start, held = 1, 0, []
    for piece in found:
        for part in _at_line_ends(piece):
            held.append(part)
            if part.text.endswith("\n"):
                yield Line(number, start, held)
                number, start, held = number + 1, part.end, []
    if held:
        yield Line(number, start, held)


def _at_line_ends(piece: Piece) -> Iterator[Piece]:
    at = piece.start
    for text in piece.text.splitlines(keepends=True) if "\n" in piece.text else (piece.text,):
        yield Piece(at, at + len(text), text, piece.keys, piece.doubtful)
        at += len(text)


def _line_html(line: Line, levels: dict[int, tuple[int, int]]) -> str:
    if line.blank:
        return f'<div class="ln blank" id="L{line.number}"></div>'
    level = _level(line, levels)
    name = f"ln lv{level}" if level else "ln"
    inner = "".join(_piece_html(piece) for piece in line.pieces)
    return f'<div class="{name}" id="L{line.number}" data-n="{line.number}">{inner}</div>'


def _level(line: Line, levels: dict[int, tuple[int, int]]) -> int:
    """The level of a line that is a heading and nothing else; a heading run in with its text is no heading line."""
    text = "".join(piece.text for piece in line.pieces)
    start, end = line.start + len(text) - len(text.lstrip()), line.start + len(text.rstrip())
    level, until = levels.get(start, (0, 0))
    return min(level, DEEPEST) if end - until <= LOOSE_END else 0


def _piece_html(piece: Piece) -> str:
    text = escape(piece.text.rstrip("\n"), quote=False)
    if not piece.keys or not text:
        return text
    kinds = dict.fromkeys(kind_of(key) for key in piece.keys)
    names = " ".join(name for name in (*kinds, "of-doubt" if piece.doubtful else "") if name)
    return f'<mark class="{names}" data-k="{" ".join(piece.keys)}">{text}</mark>'


def kind_of(key: str) -> str:
    """The class of a key: `t12.m3` is a term, `p.title` a field of the head."""
    head, _dot, field = key.partition(".")
    if head.startswith("t"):
        return KIND_OF.get(field) or KIND_OF.get(field[:1], "")
    return KIND_OF.get(head[:1], "")
