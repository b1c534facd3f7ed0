"""What an .xlsx sheet says beside its values: which cells are formulas, which of them never were computed, and
which numbers are printed as something else by their format alone ("<"0.00 prints 0.5 as <0.50, 0% prints it as 50%),
and which cells are struck out.

The program that computes a workbook stores the result beside each formula. A workbook written by another program
has none, or a 0 with the order to compute all on opening; such a 0 is no result of any laboratory.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from soilrules.labtables.source import Place
from soilrules.plantext.formats.archive import Package

_FORMULA_OR_ERROR = re.compile(rb"<(?:\w+:)?f[\s/>]|\bt=\"e\"")
_CONDITION = re.compile(r"\[[^\]]*\]")
_QUOTED = re.compile(r"\"[^\"]*\"|\\.")
_PERCENT = {"9", "10"}  # formats every workbook has
_PRINTS_BELOW = re.compile(r"[<＜]|\"[^\"]*(?:ND|未检出|L)[^\"]*\"|\\L")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(slots=True)
class Computed:
    """Formula cells of one sheet with the stored result, and cells that hold no result."""

    stored: list[Place] = field(default_factory=list)
    marks: dict[Place, str] = field(default_factory=dict)


def of_sheet(package: Package, sheet: str) -> Computed:
    """The formulas of the sheet with this name; none where its part is not found."""
    found = Computed()
    part = part_of(package, sheet)
    if part is None:
        return found
    data = package.read_xml(part)
    styles = _styles(package)
    if styles or _FORMULA_OR_ERROR.search(data):
        recompute = b'fullCalcOnLoad="1"' in package.read_xml("xl/workbook.xml")
        for cell in _cells(data):
            _note(found, cell, recompute=recompute)
            _note_style(found, cell, styles)
    return found


def _styles(package: Package) -> Mapping[str, str]:
    """The styles, by number, that say more than the value: printed as no detection, as a percentage, or struck out."""
    if "xl/styles.xml" not in package.names:
        return {}
    styles = etree.fromstring(
        package.read_xml("xl/styles.xml"), etree.XMLParser(resolve_entities=False, no_network=True)
    )
    formats = {one.get("numFmtId"): one.get("formatCode") or "" for one in styles.iter("{*}numFmt")}
    marks = dict.fromkeys(_PERCENT, "format_percent") | {number: _mark_of(code) for number, code in formats.items()}
    struck = {str(at) for at, font in enumerate(_children(styles, "fonts")) if _is_struck(font)}
    found = {
        str(at): "struck_out" if one.get("fontId") in struck else marks.get(one.get("numFmtId"), "")
        for at, one in enumerate(_children(styles, "cellXfs"))
    }
    return {number: mark for number, mark in found.items() if mark}


def _mark_of(code: str) -> str:
    """What a number format hides: <, ND, 未检出 or L printed with the number, or a hundredfold."""
    plain = _CONDITION.sub("", code)
    if _PRINTS_BELOW.search(plain):
        return "format_below"
    return "format_percent" if "%" in _QUOTED.sub("", plain) else ""


def _children(styles: etree._Element, name: str) -> list[etree._Element]:
    part = styles.find(f"{{*}}{name}")
    return [] if part is None else list(part)


def _is_struck(font: etree._Element) -> bool:
    line = font.find("{*}strike")
    return line is not None and line.get("val") not in ("0", "false")


def _note_style(found: Computed, cell: etree._Element, styles: Mapping[str, str]) -> None:
    mark, reference = styles.get(cell.get("s") or ""), _REFERENCE.fullmatch(cell.get("r") or "")
    filled = cell.findtext("{*}v") or cell.find("{*}is") is not None
    if mark and reference and filled and (mark == "struck_out" or cell.get("t") in (None, "n")):
        found.marks.setdefault((int(reference[2]), column_number(reference[1])), mark)


def part_of(package: Package, sheet: str) -> str | None:
    """The part of the archive that holds a sheet, through the workbook's relations."""
    names = set(package.names)
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    book = etree.fromstring(package.read_xml("xl/workbook.xml"), parser)
    relations = etree.fromstring(package.read_xml("xl/_rels/workbook.xml.rels"), parser)
    targets = {one.get("Id"): one.get("Target") or "" for one in relations.iter("{*}Relationship")}
    for one in book.iter("{*}sheet"):
        if one.get("name") == sheet:
            ids = (value for key, value in one.attrib.items() if str(key).endswith("}id"))
            path = posixpath.normpath(posixpath.join("/xl", targets.get(next(ids, ""), ""))).lstrip("/")
            return path if path in names else None
    return None


def _cells(data: bytes) -> Iterator[etree._Element]:
    events = etree.iterparse(
        io.BytesIO(data), events=("end",), tag=("{*}c", "{*}row"), resolve_entities=False, no_network=True
    )
    for _, element in events:
        if etree.QName(element).localname == "c":
            yield element
        else:
            element.clear()  # the row and its cells are done with
            while element.getprevious() is not None:
                del element.getparent()[0]


def _note(found: Computed, cell: etree._Element, *, recompute: bool) -> None:
    formula, stored = cell.find("{*}f"), cell.findtext("{*}v")
    reference = _REFERENCE.fullmatch(cell.get("r") or "")
    if reference is None or (formula is None and cell.get("t") != "e"):
        return
    place = int(reference[2]), column_number(reference[1])
    if cell.get("t") == "e":
        found.marks[place] = "error_value"
    elif not stored or (recompute and stored == "0"):
        found.marks[place] = "formula_without_value"
    else:
        found.stored.append(place)


def column_number(letters: str) -> int:
    """A column from 0 by its letters.

    >>> column_number("A"), column_number("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """The letters of a column from 0.

    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
