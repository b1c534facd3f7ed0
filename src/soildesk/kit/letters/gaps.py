"""Gaps in the text of a form: ____, empty brackets, underlined blanks, blanks left after a colon. Runs in the limited process only.

In a Word file a gap is named like p3g1 of the text "P": the first gap of the third paragraph, those in tables counted along;
p3c1 is its first that is nothing but blanks. In a cell of a workbook it is named like A2g1. What stands around it stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

NAME = "P"
"""The text of a document beside its tables T1, T2 …"""
GAP = re.compile(r"(_{2,})|（(\s*)）|\((\s*)\)")
ROOM_LEFT = "[ \u3000\xa0]"
COUNTED = "(?:%|％|项|个|家|块|宗|万?亩|公顷|万?吨|件|次|处|份|人|户|座|口|起|[万亿]?元|公里|平方米|立方米)"
BLANKS = re.compile(
    rf"(?<=[：:])({ROOM_LEFT}*年{ROOM_LEFT}+月{ROOM_LEFT}+日|{ROOM_LEFT}{{2,}}|{ROOM_LEFT}(?=\S{{2,10}}[：:]))"
    rf"|(?<=[\u4e00-\u9fff])({ROOM_LEFT}{{2,}})(?={COUNTED})"
)
"""Nothing but blanks: after a colon room for a day, before the end or before the next label; or room before a unit."""
ROOM = "\u3000\u3000"
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
PARTS = {"年": 1, "月": 2, "日": 3}
PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True, slots=True)
class Line:
    """A text with gaps: its letters, each with the element and the place it stands in, from where to where the gaps go, and their names."""

    number: int
    letters: tuple[tuple[Any, int], ...]
    text: str
    gaps: tuple[tuple[int, int], ...]
    names: tuple[str, ...]

    def put(self, at: int, words: str) -> None:
        """Write into the gap; of several gaps the last goes first, so that places before it still hold."""
        start, end = self.gaps[at]
        words = self._apart(at, self._as_day(at, words))
        if start == len(self.letters):
            element, _place = self.letters[-1]
            _set(element, f"{element.text}{words}")
        elif start == end:
            element, place = self.letters[start]
            _set(element, f"{element.text[:place]}{words}{element.text[place:]}")
        for one in range(end - 1, start - 1, -1):
            element, place = self.letters[one]
            _set(element, f"{element.text[:place]}{words if one == start else ''}{element.text[place + 1 :]}")

    def _apart(self, at: int, words: str) -> str:
        """What was only room keeps some before the next label."""
        start, end = self.gaps[at]
        before, after = self.text[start - 1 : start], self.text[end : end + 1]
        room = start < end and not _underlined(self.letters[start][0]) and before in ("：", ":")
        return f"{words}{ROOM}" if room and after and not after.isspace() and BLANKS.match(self.text, start) else words

    def _as_day(self, at: int, words: str) -> str:
        """A day as the gap has room for it: its year before 年, its month before 月, or all of it over 年 月 日."""
        start, end = self.gaps[at]
        day, after = DAY.fullmatch(words), self.text[end : end + 1]
        if day and after in PARTS:
            return str(int(day[PARTS[after]]))
        if day and "年" in self.text[start:end]:
            return f"{day[1]}年{int(day[2])}月{int(day[3])}日"
        return words


def lines(document: Document) -> list[Line]:
    """The paragraphs that have gaps, in their order."""
    found = (_line(at, one) for at, one in enumerate(document.element.body.iter(qn("w:p")), 1))
    return [one for one in found if one.gaps]


def _line(number: int, paragraph: Any) -> Line:
    elements = [one for one in paragraph.iter(qn("w:t")) if next(one.iterancestors(qn("w:p"))) is paragraph]
    found = _found(elements)
    names = [f"p{number}g{at}" for at, _span in enumerate(found[0], 1)]
    names += [f"p{number}c{at}" for at, _span in enumerate(found[1], 1)]
    return _told_apart(number, elements, dict(zip([*found[0], *found[1]], names, strict=True)))


def of_cell(elements: list[Any]) -> Line:
    """The text of one cell of a workbook; a text that ends with a colon has a gap there."""
    text = "".join(one.text or "" for one in elements)
    spans = sorted(span for spans in _found(elements) for span in spans)
    if text.endswith(("：", ":")):
        spans.append((len(text), len(text)))
    return _told_apart(0, elements, {span: f"g{at}" for at, span in enumerate(spans, 1)})


def _told_apart(number: int, elements: list[Any], spans: Mapping[tuple[int, int], str]) -> Line:
    letters = tuple((one, at) for one in elements for at in range(len(one.text or "")))
    order = sorted(spans)
    return Line(number, letters, _text(elements), tuple(order), tuple(spans[one] for one in order))


def _text(elements: list[Any]) -> str:
    return "".join(one.text or "" for one in elements)


def _found(elements: list[Any]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Where the gaps are that are drawn, and those that are only blanks."""
    shown = "".join(
        "_" if letter == "＿" or (letter.isspace() and _underlined(one)) else letter
        for one in elements
        for letter in one.text or ""
    )
    drawn = [next(one.span(group) for group in (1, 2, 3) if one[group] is not None) for one in GAP.finditer(shown)]
    return drawn, [one.span(one.lastindex or 0) for one in BLANKS.finditer(shown)]


def _underlined(element: Any) -> bool:
    run = next(element.iterancestors(qn("w:r")), None)
    mark = run.find(f"{qn('w:rPr')}/{qn('w:u')}") if run is not None else None
    return mark is not None and mark.get(qn("w:val")) != "none"


def _set(element: Any, text: str) -> None:
    element.text = text
    element.set(PRESERVE, "preserve")


def told(found: list[Line], most: int, name: str = NAME, prefixes: Sequence[str] = ()) -> dict[str, Any]:
    """The lines as cells: words and gaps in turn. Lines of a workbook are named by their cells (`prefixes`)."""
    cells = []
    for row, line in enumerate(found[:most], 1):
        column, after = 0, 0
        own = prefixes[row - 1] if prefixes else ""
        for at, (start, end) in enumerate((*line.gaps, (len(line.text), len(line.text)))):
            if words := line.text[after:start]:
                column += 1
                cells.append(_told(f"{own or f'p{line.number}'}t{at + 1}", row, column, words[:500]))
            if at < len(line.gaps):
                column += 1
                cells.append(_told(f"{own}{line.names[at]}", row, column, ""))
            after = end
    columns = max((one["column"] for one in cells), default=0)
    return {"name": name, "kind": "text", "rows": min(len(found), most), "columns": columns, "whole": len(found) <= most,
            "cells": cells}  # fmt: skip


def _told(place: str, row: int, column: int, text: str) -> dict[str, Any]:
    return {"cell": place, "row": row, "column": column, "text": text, "rows": 1, "columns": 1}


def fill(found: list[Line], wanted: Mapping[str, str]) -> set[str]:
    """Write into the gaps that are named; returns the names there are."""
    for line in found:
        for at in range(len(line.gaps) - 1, -1, -1):
            if (name := f"{NAME}!{line.names[at]}") in wanted:
                line.put(at, wanted[name])
    return {f"{NAME}!{name}" for line in found for name in line.names}
