"""Values written into a workbook by its own markup: whatever is not named stays as it was, pictures, charts and rich text included.

Formulas lose the values they were kept with and are counted anew when the file is opened. Runs in the limited process only.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cached_property
from io import BytesIO
from typing import Any

from lxml import etree
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries

from soildesk.kit.letters import gaps
from soildesk.kit.letters.refused import Refused

GAP = re.compile(r"([A-Z]{1,3}\d+)g(\d+)")
FORMULAS = ("=", "+", "-", "@")
LAST = (1_048_576, 16_384)
BEFORE_CALC = ("workbookPr", "bookViews", "sheets", "functionGroups", "externalReferences", "definedNames")
OFFICE = "officeDocument"


class Book:
    """A workbook as the parts of its archive; a part that was changed is written anew, every other as it came."""

    def __init__(self, data: bytes, name: str) -> None:
        self.archive = zipfile.ZipFile(BytesIO(data))
        self.name = name
        self.roots: dict[str, Any] = {}

    def put(self, place: str, value: Any) -> None:
        """Write one value into "<sheet>!<cell>" or "<sheet>!<cell>g<gap>"."""
        title, _mark, cell = place.rpartition("!")
        part, gap = self.sheets.get(title), GAP.fullmatch(cell)
        at = _coordinate(gap[1] if gap else cell)
        if part is None or at is None:
            raise Refused("cell", name=self.name, cell=place[:80])
        root = self.root(part)
        found = _cell(root, *_first_of_area(root, at))
        if gap is None:
            _write(found, value)
            if found.get("t") == "inlineStr" and str(value).startswith(FORMULAS):
                found.set("s", str(self._quoted(int(found.get("s", "0")))))
        elif not self._put_gap(found, int(gap[2]), str(value)):
            raise Refused("cell", name=self.name, cell=place[:80])

    def saved(self) -> bytes:
        """The file, its formulas to be counted anew."""
        if sum(map(self._forget, self.sheets.values())):
            self._count_anew()
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for entry in self.archive.infolist():
                root = self.roots.get(entry.filename)
                made.writestr(entry, self.archive.read(entry) if root is None else _bytes(root), entry.compress_type)
        return out.getvalue()

    def root(self, part: str) -> Any:
        """The root of a part that is changed."""
        if part not in self.roots:
            self.roots[part] = self._parsed(part)
        return self.roots[part]

    def _parsed(self, part: str) -> Any:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=False)
        return etree.fromstring(self.archive.read(part), parser)

    @cached_property
    def sheets(self) -> dict[str, str]:
        """The parts of the sheets by their titles."""
        parts = {one.get("Id"): one for one in self._relations(self.main)}
        found = {}
        for sheet in self._parsed(self.main).iterfind("{*}sheets/{*}sheet"):
            key = next(value for name, value in sheet.attrib.items() if name.endswith("}id"))
            if key in parts and parts[key].get("Type", "").endswith("/worksheet"):
                found[str(sheet.get("name"))] = _target(self.main, parts[key])
        return found

    @cached_property
    def main(self) -> str:
        """The part of the workbook itself."""
        one = next(each for each in self._relations("") if each.get("Type", "").endswith(OFFICE))
        return _target("", one)

    def _relations(self, part: str) -> list[Any]:
        folder, file = posixpath.split(part)
        return list(self._parsed(posixpath.join(folder, "_rels", f"{file}.rels")))

    def _part_of(self, kind: str) -> str | None:
        found = (one for one in self._relations(self.main) if one.get("Type", "").endswith(f"/{kind}"))
        return next((_target(self.main, one) for one in found), None)

    @cached_property
    def strings(self) -> list[Any]:
        """The texts cells point at."""
        part = self._part_of("sharedStrings")
        return list(self._parsed(part).iterfind("{*}si")) if part else []

    def _put_gap(self, cell: Any, at: int, words: str) -> bool:
        """Write into a gap of the cell's own text; the runs around it keep their look."""
        if cell.get("t") == "s":
            text = deepcopy(self.strings[int(cell.findtext("{*}v"))])
            text.tag = cell.tag[: cell.tag.index("}") + 1] + "is"
            _empty(cell)
            cell.set("t", "inlineStr")
            cell.append(text)
        line = gaps.of_cell([one for one in cell.iter("{*}t") if not any(one.iterancestors("{*}rPh"))])
        if not 1 <= at <= len(line.gaps):
            return False
        line.put(at - 1, words)
        return True

    def _quoted(self, style: int) -> int:
        """The number of the same style that says: a text, whatever it begins with."""
        part = self._part_of("styles")
        styles = self.root(part).find("{*}cellXfs") if part else None
        if styles is None:
            return style
        look = deepcopy(styles[style])
        look.set("quotePrefix", "1")
        same = next((at for at, one in enumerate(styles) if _alike(one, look)), None)
        if same is None:
            styles.append(look)
            styles.set("count", str(len(styles)))
            return len(styles) - 1
        return same

    def _forget(self, part: str) -> bool:
        """Drop what the formulas of a sheet were worth; whether there are any."""
        root = self.roots.get(part)
        root = self._parsed(part) if root is None else root
        held = [one for one in root.iterfind("{*}sheetData/{*}row/{*}c") if one.find("{*}f") is not None]
        for value in [one for cell in held for one in cell.iterfind("{*}v") if one.text]:
            cell = value.getparent()
            cell.remove(value)
            cell.attrib.pop("t", None)
            self.roots[part] = root
        return bool(held)

    def _count_anew(self) -> None:
        root = self.root(self.main)
        calc = root.find("{*}calcPr")
        if calc is None:
            calc = etree.Element(root.tag.replace("}workbook", "}calcPr"))
            after = [at for at, one in enumerate(root) if etree.QName(one).localname in BEFORE_CALC]
            root.insert(after[-1] + 1, calc)
        calc.set("fullCalcOnLoad", "1")


def _target(base: str, relation: Any) -> str:
    said = str(relation.get("Target"))
    return (
        said.lstrip("/") if said.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(base), said))
    )


def _bytes(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _alike(one: Any, other: Any) -> bool:
    return bool(etree.tostring(one, method="c14n") == etree.tostring(other, method="c14n"))


def _coordinate(text: str) -> tuple[int, int] | None:
    try:
        row, column = coordinate_to_tuple(text)
    except ValueError:
        return None
    return (row, column) if 1 <= row <= LAST[0] and 1 <= column <= LAST[1] else None


def _first_of_area(root: Any, at: tuple[int, int]) -> tuple[int, int]:
    """The cell, or the first one of the merged area it lies in."""
    for one in root.iterfind("{*}mergeCells/{*}mergeCell"):
        left, top, right, bottom = range_boundaries(one.get("ref"))
        if top <= at[0] <= bottom and left <= at[1] <= right:
            return int(top), int(left)
    return at


def _cell(root: Any, row: int, column: int) -> Any:
    """The element of a cell; made in its place, in the look of its row or column, where there is none."""
    data = root.find("{*}sheetData")
    line = _placed(data, "row", row, str(row), _numbers(data))
    cell = _placed(line, "c", column, f"{get_column_letter(column)}{row}", _numbers(line))
    if "s" not in cell.attrib and not len(cell) and (style := _style(root, line, column)):
        cell.set("s", style)
    return cell


def _numbers(parent: Any) -> Iterator[tuple[int, Any]]:
    """The rows of a sheet or cells of a row with their numbers; one that says none follows the one before."""
    at = 0
    for one in parent:
        said = one.get("r")
        at = at + 1 if said is None else int(said) if said.isdecimal() else coordinate_to_tuple(said)[1]
        yield at, one


def _placed(parent: Any, tag: str, number: int, name: str, held: Iterator[tuple[int, Any]]) -> Any:
    made = etree.Element(f"{parent.tag[: parent.tag.index('}') + 1]}{tag}", r=name)
    for at, one in held:
        if at == number:
            return one
        if at > number:
            one.addprevious(made)
            return made
    parent.append(made)
    return made


def _style(root: Any, row: Any, column: int) -> str:
    if row.get("customFormat") in ("1", "true"):
        return str(row.get("s", ""))
    columns = root.iterfind("{*}cols/{*}col")
    return next((one.get("style", "") for one in columns if int(one.get("min")) <= column <= int(one.get("max"))), "")


def _empty(cell: Any) -> None:
    for child in list(cell):
        cell.remove(child)
    for name in ("t", "cm", "vm"):
        cell.attrib.pop(name, None)


def _write(cell: Any, value: Any) -> None:
    _empty(cell)
    space = cell.tag[: cell.tag.index("}") + 1]
    if isinstance(value, int | float):
        etree.SubElement(cell, f"{space}v").text = f"{value:.15g}"
        return
    cell.set("t", "inlineStr")
    text = etree.SubElement(etree.SubElement(cell, f"{space}is"), f"{space}t")
    text.set(gaps.PRESERVE, "preserve")
    text.text = _legal(str(value))


def _legal(text: str) -> str:
    """What XML can hold."""
    return "".join(letter for letter in text if letter in "\t\n\r" or letter >= " ")


def filled(data: bytes, name: str, wanted: Mapping[str, Any]) -> bytes:
    """The workbook with the values written in; gaps of one text go last to first."""
    book = Book(data, name)
    for place in sorted(wanted, key=_last_gap_first):
        book.put(place, wanted[place])
    return book.saved()


def _last_gap_first(place: str) -> tuple[str, int]:
    gap = GAP.fullmatch(place.rpartition("!")[2])
    return (place.rpartition("g")[0], -int(gap[2])) if gap else (place, 0)
