"""Rows of a table that are the corners of parcels: rows of one parcel stand together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from soilrules.gisfiles.columns import Columns
from soilrules.gisfiles.findings import row_note
from soilrules.gisfiles.geometry import checked
from soilrules.gisfiles.rings import Corner, area_of
from soilrules.gisfiles.source import Piece
from soilrules.messages import Message

Row = tuple[int, Sequence[str]]
Place = Callable[[Sequence[str]], Corner | Message]
_FIGURES = re.compile(r"\d+")


@dataclass
class _Parcel:
    row: int
    facts: Sequence[str]
    shape: Any = None
    notes: list[Message] = field(default_factory=list)


class Corners:
    """Groups rows by parcel and ring, in the order of their point numbers."""

    def __init__(self, columns: Columns, place: Place) -> None:
        self._roles, self._names, self._place = columns.roles, columns.names, place
        pair = columns.pair or ("pair",)
        self.places = {self._roles[one] for one in ("ring", "corner", "point", *pair) if one in self._roles}
        self._seen: set[str] = set()

    def pieces(self, rows: Iterator[Row], kept: Sequence[int], names: Sequence[str], size: int) -> Iterator[Piece]:
        """The parcels, at most `size` at a time."""
        self._seen = set()
        held: list[_Parcel] = []
        for key, group in self._grouped(rows):
            held.append(self._parcel(key, list(group)))
            if len(held) >= size:
                yield _piece(held, kept, names)
                held = []
        if held:
            yield _piece(held, kept, names)

    def count(self, rows: Iterator[Row], most: int) -> int:
        """How many parcels there are, counted no further than `most` + 1."""
        return sum(1 for _ in islice(self._grouped(rows), most + 1))

    def _grouped(self, rows: Iterator[Row]) -> Iterator[tuple[str, Iterator[Row]]]:
        return groupby(self._carried(rows), lambda row: row[1][self._roles["parcel"]].strip())

    def _carried(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows, a blank parcel number meaning that of the row above: so merged cells come out of a table."""
        at, last = self._roles["parcel"], ""
        for number, cells in rows:
            if not cells[at].strip() and last:
                cells = [*cells[:at], last, *cells[at + 1 :]]
            last = cells[at]
            yield number, cells

    def _parcel(self, key: str, rows: Sequence[Row]) -> _Parcel:
        parcel = _Parcel(rows[0][0], rows[0][1])
        if key in self._seen:
            parcel.notes.append(row_note("parcel_again", parcel=key))
        self._seen.add(key)
        rings: dict[str, list[tuple[str, Corner]]] = {}
        for number, cells in rows:
            found = self._place(cells)
            if isinstance(found, Message):
                parcel.notes.append(row_note("corner_unread", line=number, value=found.params.get("value", "")))
                return parcel
            rings.setdefault(self._cell(cells, "ring"), []).append((self._label(cells), found))
        ordered = (self._in_order(ring, parcel) for ring in rings.values())
        area = area_of([[*ring, ring[0]] if ring[0] != ring[-1] else ring for ring in ordered])  # tables close no ring
        parcel.shape = area.shape
        parcel.notes += area.notes
        return parcel

    def _cell(self, cells: Sequence[str], role: str) -> str:
        return cells[self._roles[role]].strip() if role in self._roles else ""

    def _label(self, cells: Sequence[str]) -> str:
        return self._cell(cells, "corner") or self._cell(cells, "point")

    def _in_order(self, ring: Sequence[tuple[str, Corner]], parcel: _Parcel) -> list[Corner]:
        """The corners as listed, unless their numbers, all different, say otherwise."""
        corners = [corner for _, corner in ring]
        body = ring[:-1] if len(ring) > 1 and corners[0] == corners[-1] else ring
        figures = [_FIGURES.findall(label) for label, _ in body]
        numbers = [int(one[-1]) for one in figures if one]
        if len(set(numbers)) < len(body) or numbers == sorted(numbers):
            return corners
        parcel.notes.append(row_note("corners_sorted"))
        return [corner for _, (_, corner) in sorted(zip(numbers, body, strict=True), key=lambda one: one[0])]


def _piece(parcels: Sequence[_Parcel], kept: Sequence[int], names: Sequence[str]) -> Piece:
    columns = [pa.array([one.facts[at] or None for one in parcels], pa.string()) for at in kept]
    piece = Piece(pa.RecordBatch.from_arrays(columns, list(names)), None)
    shapes = np.full(len(parcels), None, object)
    for at, one in enumerate(parcels):
        shapes[at] = one.shape
        if one.notes:
            piece.notes[at] = one.notes
    piece.rows = np.array([one.row for one in parcels], np.int64)
    piece.wkb = pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary())
    return checked(piece, shapes, changed=False)
