"""Gaps in the running text of a Word form: ____, empty brackets and underlined blanks. Runs in the limited process only.

A gap is named like p3g1 of the text "P": the first gap of the third paragraph, those in tables counted along. What stands
around it stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

NAME = "P"
"""The text of a document beside its tables T1, T2 …"""
GAP = re.compile(r"(_{2,})|（(\s*)）|\((\s*)\)")
PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph with gaps: its letters, each with the element and the place it stands in, and from where to where the gaps go."""

    number: int
    letters: tuple[tuple[Any, int], ...]
    text: str
    gaps: tuple[tuple[int, int], ...]

    def put(self, at: int, words: str) -> None:
        """Write into the gap; of several gaps the last goes first, so that places before it still hold."""
        start, end = self.gaps[at]
        if start == end:
            element, place = self.letters[start]
            _set(element, f"{element.text[:place]}{words}{element.text[place:]}")
        for one in range(end - 1, start - 1, -1):
            element, place = self.letters[one]
            _set(element, f"{element.text[:place]}{words if one == start else ''}{element.text[place + 1 :]}")


def lines(document: Document) -> list[Line]:
    """The paragraphs that have gaps, in their order."""
    found = (_line(at, one) for at, one in enumerate(document.element.body.iter(qn("w:p")), 1))
    return [one for one in found if one.gaps]


def _line(number: int, paragraph: Any) -> Line:
    elements = [one for one in paragraph.iter(qn("w:t")) if next(one.iterancestors(qn("w:p"))) is paragraph]
    letters = [(one, at) for one in elements for at in range(len(one.text or ""))]
    text = "".join(one.text or "" for one in elements)
    shown = "".join(
        "_" if letter == "＿" or (letter.isspace() and _underlined(element)) else letter
        for (element, _at), letter in zip(letters, text, strict=True)
    )
    spans = [next(one.span(group) for group in (1, 2, 3) if one[group] is not None) for one in GAP.finditer(shown)]
    return Line(number, tuple(letters), text, tuple(spans))


def _underlined(element: Any) -> bool:
    run = next(element.iterancestors(qn("w:r")), None)
    mark = run.find(f"{qn('w:rPr')}/{qn('w:u')}") if run is not None else None
    return mark is not None and mark.get(qn("w:val")) != "none"


def _set(element: Any, text: str) -> None:
    element.text = text
    element.set(PRESERVE, "preserve")


def told(found: list[Line], most: int) -> dict[str, Any]:
    """The lines as cells: words and gaps in turn."""
    cells = []
    for row, line in enumerate(found[:most], 1):
        column, after = 0, 0
        for at, (start, end) in enumerate((*line.gaps, (len(line.text), len(line.text)))):
            if words := line.text[after:start]:
                column += 1
                cells.append(_told(f"p{line.number}t{at + 1}", row, column, words[:500]))
            if at < len(line.gaps):
                column += 1
                cells.append(_told(f"p{line.number}g{at + 1}", row, column, ""))
            after = end
    columns = max((one["column"] for one in cells), default=0)
    return {"name": NAME, "kind": "text", "rows": min(len(found), most), "columns": columns, "whole": len(found) <= most,
            "lost": False, "cells": cells}  # fmt: skip


def _told(place: str, row: int, column: int, text: str) -> dict[str, Any]:
    return {"cell": place, "row": row, "column": column, "text": text, "rows": 1, "columns": 1}


def fill(found: list[Line], wanted: Mapping[str, str]) -> set[str]:
    """Write into the gaps that are named; returns the names there are."""
    for line in found:
        for at in range(len(line.gaps) - 1, -1, -1):
            if (name := f"{NAME}!p{line.number}g{at + 1}") in wanted:
                line.put(at, wanted[name])
    return {f"{NAME}!p{line.number}g{at}" for line in found for at in range(1, len(line.gaps) + 1)}
