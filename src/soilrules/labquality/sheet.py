"""Rows of the sheet 质控, and what is wrong with those that cannot be used."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Final, Protocol

from soilrules import analytes, units
from soilrules.labtables import notation
from soilrules.labtables import source as tables
from soilrules.messages import Message
from soilrules.strict import Record, load_yaml

SHEET: Final = "质控"
KINDS: Final = {"blank": "空白", "pair": "平行", "spike": "加标", "material": "标准物质"}
"""Every kind by the word a person writes for it."""
_NUMBERS = ("first", "second", "added", "certified", "uncertainty", "detection_limit")
_MAY_BE_BELOW = ("first", "second")


class Sheet(Protocol):
    """What is read of a sheet."""

    def head(self) -> Sequence[tables.Row]: ...

    def chunks(self, after: int, wanted: Sequence[int]) -> Iterator[tables.Chunk]: ...


@dataclass(frozen=True, slots=True)
class Column:
    """One column: in the rows of which kinds it must be filled."""

    key: str
    heading: str
    need: tuple[str, ...]
    note: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. `kind`: blank, pair, spike, material; `analyte` is a slug; numbers as printed, blank where none."""

    row: int
    kind: str
    analyte: str
    name: str
    first: str
    second: str
    added: str
    certified: str
    uncertainty: str
    detection_limit: str
    unit: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a row; the row is not used."""

    row: int
    column: str
    message: Message


@cache
def _file() -> Record:
    data = Record(load_yaml(files("soilrules") / "data" / "labquality" / "sheet-v1.yaml"), "sheet-v1.yaml")
    data.only("version", "since", "sheet", "columns", "kinds")
    return data


@cache
def columns() -> tuple[Column, ...]:
    """The columns of the sheet, in their order."""
    return tuple(_column(row) for row in _file().mappings("columns"))


def _column(row: Mapping[str, object]) -> Column:
    record = Record(row, f"sheet-v1.yaml {row.get('key')}")
    record.only("key", "heading", "need", "note")
    note = record.mapping("note")
    return Column(
        record.text("key"), record.text("heading"), record.texts("need"), {"zh": note.text("zh"), "en": note.text("en")}
    )


def kind_of(text: str) -> str:
    """The kind a word means; blank where it means none.

    >>> kind_of("加标回收"), kind_of("GSS-8")
    ('spike', '')
    """
    plain = _plain(text)
    kinds = _file().mapping("kinds")
    return next((kind for kind in kinds.row if plain in map(_plain, kinds.texts(kind))), "")


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def read_sheet(sheet: Sheet) -> tuple[list[Row], list[Finding]]:
    """The rows that can be used, and what is wrong with the others."""
    heading, at = _headings(sheet)
    missing = [one.heading for one in columns() if one.need and one.key not in at]
    if missing:
        return [], [_finding(heading, "", "headings", column="、".join(missing))]
    rows: list[Row] = []
    found: list[Finding] = []
    for number, cells in _cells(sheet, heading, at):
        wrong = list(_wrong(number, cells))
        found += wrong
        if not wrong:
            rows.append(_row(number, cells))
    return rows, found


def _headings(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """The row of headings, and where each column stands: the row that holds most of them."""
    names = {_plain(one.heading): one.key for one in columns()}
    best: tuple[int, dict[str, int]] = (1, {})
    for row in sheet.head():
        at = {names[_plain(cell)]: column for column, cell in enumerate(row.cells) if _plain(cell) in names}
        if len(at) > len(best[1]):
            best = (row.number, at)
    return best


def _cells(sheet: Sheet, heading: int, at: Mapping[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
    for chunk in sheet.chunks(heading, sorted(set(at.values()))):
        lists = {key: chunk.columns[column].to_pylist() for key, column in at.items()}
        for position, number in enumerate(chunk.rows.tolist()):
            cells = {one.key: (lists[one.key][position] or "").strip() if one.key in lists else "" for one in columns()}
            if any(cells.values()):
                yield number, cells


def _wrong(number: int, cells: Mapping[str, str]) -> Iterator[Finding]:
    kind = kind_of(cells["kind"])
    if not kind:
        yield _finding(number, "kind", "kind_unknown", text=cells["kind"])
        return
    for column in columns():
        if kind in column.need and not cells[column.key]:
            yield _finding(number, column.key, "missing", kind=cells["kind"], column=column.heading)
    if cells["analyte"] and len(analytes.candidates(cells["analyte"])) != 1:
        yield _finding(number, "analyte", "analyte_unknown", text=cells["analyte"])
    if cells["unit"] and units.parse(cells["unit"]) is None:
        yield _finding(number, "unit", "unit", text=cells["unit"])
    for key in _NUMBERS:
        if cells[key] and not _number(cells[key], below=key in _MAY_BE_BELOW):
            yield _finding(number, key, "no_number", text=cells[key], column=_heading(key))


def _number(text: str, *, below: bool) -> str:
    """A number above 0 in plain figures, or `<` and one; blank where it is none."""
    read = notation.read(text)
    if read.censored:
        return f"<{read.limit!r}" if below and read.limit else ""
    return repr(read.value) if read.value and not read.problem and read.more_than is None else ""


def _row(number: int, cells: Mapping[str, str]) -> Row:
    texts = {one.name: cells.get(one.name, "") for one in fields(Row) if one.name != "row"}
    texts |= {key: _number(cells[key], below=key in _MAY_BE_BELOW) for key in _NUMBERS}
    texts |= {"kind": kind_of(cells["kind"]), "analyte": analytes.candidates(cells["analyte"])[0]}
    return Row(row=number, **texts)


def _heading(key: str) -> str:
    return next(one.heading for one in columns() if one.key == key)


def _finding(row: int, key: str, message: str, **params: str) -> Finding:
    said = {"row": str(row), **params}
    return Finding(row, _heading(key) if key else "", Message("labquality", "findings", message, said))
