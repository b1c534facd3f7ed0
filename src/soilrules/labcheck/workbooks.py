"""What a workbook hides from the reader of its cells: hidden rows, columns and sheets, merged cells, numbers kept as text."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import python_calamine as calamine
from lxml import etree

from soilrules.labtables import formulas, results
from soilrules.labtables.coded import Coded, Vocabulary
from soilrules.plantext.formats.archive import Package

_SHEETS_SHOWN = 5
_MAY_HIDE = re.compile(rb'hidden=|(?:width|ht)="0[".]')
_PLAIN = re.compile(r"'?[+-]?\d[\d,]*\.?\d*(?:e[+-]?\d+)?", re.I)


@dataclass(frozen=True, slots=True)
class Book:
    """The findings about the form of one sheet and its workbook. Rows count from 1, columns from 0."""

    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    hidden_sheets: Sequence[str] = ()
    merged: Sequence[tuple[int, int]] = ()  # all cells of a merge but the first
    text_numbers: Mapping[int, Collection[int]] = field(default_factory=dict)  # rows by column
    blank_ends: Mapping[int, Collection[int]] = field(default_factory=dict)


def look(data: bytes, name: str, sheet: str, numbers: Collection[int], names: Collection[int]) -> Book:
    """Look through a workbook. `numbers`, `names`: the columns of the sheet that hold numbers, and numbers of samples."""
    package = Package.open(data, name) if data.startswith(b"PK") else None
    rows, columns = _hidden(package, sheet) if package else ([], [])
    with calamine.load_workbook(io.BytesIO(data), load_tables=False) as book:
        shown = book.get_sheet_by_name(sheet)
        cells = shown.to_python(skip_empty_area=False)
        merged = shown.merged_cell_ranges or []
        hidden = [one.name for one in book.sheets_metadata if _is_hidden(one) and _filled(book, one.name)]
    texts = {
        at: {row: str(line[at]) for row, line in enumerate(cells, 1) if at < len(line) and isinstance(line[at], str)}
        for at in {*numbers, *names}
    }
    return Book(
        hidden_rows=[row for row in rows if row <= len(cells) and any(cell != "" for cell in cells[row - 1])],
        hidden_columns=[at for at in columns if any(at < len(line) and line[at] != "" for line in cells)],
        hidden_sheets=hidden[:_SHEETS_SHOWN],
        merged=[place for (top, left), (bottom, right) in merged for place in _covered(top, left, bottom, right)],
        text_numbers={at: _plain_numbers(texts[at]) for at in numbers},
        blank_ends={
            at: {row for row, text in texts[at].items() if text.strip() and text != text.strip()} for at in names
        },
    )


def _covered(top: int, left: int, bottom: int, right: int) -> Iterator[tuple[int, int]]:
    for row in range(top, min(bottom, top + 1_000) + 1):
        for column in range(left, min(right, left + 100) + 1):
            if (row, column) != (top, left):
                yield row + 1, column


def _plain_numbers(texts: Mapping[int, str]) -> set[int]:
    """The rows whose text is a plain number and nothing else."""
    words = Vocabulary()
    codes = words.codes(text.strip() for text in texts.values())
    values, _, _ = results.numbers_of(Coded(codes, [*words.words]), Vocabulary())
    plain = [bool(_PLAIN.fullmatch(unicodedata.normalize("NFKC", text).strip())) for text in texts.values()]
    return {row for row, number, one in zip(texts, values.tolist(), plain, strict=True) if one and number == number}


def _is_hidden(sheet: calamine.SheetMetadata) -> bool:
    return sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.visible != calamine.SheetVisibleEnum.Visible


def _filled(book: calamine.CalamineWorkbook, name: str) -> bool:
    try:
        return any(cell != "" for row in book.get_sheet_by_name(name).to_python(nrows=1_000) for cell in row)
    except calamine.CalamineError:
        return False  # damaged, and not read anyway


def _is_out_of_sight(element: etree._Element) -> bool:
    """Whether a row or column is hidden, or as narrow as nothing."""
    narrow = element.get("width") or element.get("ht") or "1"
    return element.get("hidden") in ("1", "true") or not narrow.strip("0.")


def _hidden(package: Package, sheet: str) -> tuple[list[int], list[int]]:
    """The hidden rows and columns of a sheet."""
    part = formulas.part_of(package, sheet)
    rows: list[int] = []
    columns: list[int] = []
    if part is None:
        return rows, columns
    data = package.read_xml(part)
    if not _MAY_HIDE.search(data):
        return rows, columns
    events = etree.iterparse(
        io.BytesIO(data), events=("start",), tag=("{*}row", "{*}col"), resolve_entities=False, no_network=True
    )
    for _, element in events:
        if _is_out_of_sight(element):
            if etree.QName(element).localname == "row":
                rows.append(int(element.get("r") or 0))
            else:
                first, last = int(element.get("min") or 1), int(element.get("max") or 1)
                columns += range(first - 1, min(last, first + 1_000))
        while element.getprevious() is not None:
            del element.getparent()[0]
    return [row for row in rows if row], columns
