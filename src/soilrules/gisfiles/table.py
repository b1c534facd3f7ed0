"""CSV and Excel tables with WKT, with the coordinates of points, or with the corners of parcels row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from soilrules.gisfiles import tablerows
from soilrules.gisfiles.columns import WKT, Columns, check_asked, split_pair, understood
from soilrules.gisfiles.coordinates import first_is_north, is_sexagesimal, number
from soilrules.gisfiles.corner_rows import Corners
from soilrules.gisfiles.findings import UnreadableGis, note, row_note
from soilrules.gisfiles.geometry import checked
from soilrules.gisfiles.layered import chosen
from soilrules.gisfiles.source import EAST_FIRST, NORTH_FIRST, Kind, Layer, Options, Piece, Source, fields_of
from soilrules.gisfiles.texts import name_of_encoding
from soilrules.messages import Message

_CORNER_LABEL = re.compile(r"[Jj]\d+(?:-\d+)?")
_LOOKED_AT = 1_000  # rows in which values are weighed
Row = tuple[int, Sequence[str]]


class Table:
    """One table whose columns are understood."""

    def __init__(self, path: Path, name: str, kind: Kind, options: Options) -> None:
        self._name, self._kind, self._options = name, kind, options
        self._encoding: str | None = None
        self._layers: tuple[Layer, ...] = (Layer(Path(name).stem),)
        self.layer = self._layers[0]
        self._rows, self._columns = self._sheet(path) if kind is Kind.XLSX else self._text(path)
        check_asked(self._columns, name, options)
        self._sample = list(islice(self._body(), _LOOKED_AT))
        if not self._sample:
            raise UnreadableGis("empty_layer", name=name, layer=self.layer.name)
        self._east, self._north, self._axis_note = self._order()
        self._corners = self._grouping()

    def _sheet(self, path: Path) -> tuple[tablerows.TableRows, Columns]:
        found = tablerows.sheets(path, self._name)
        heads = {one: understood(tablerows.head(rows), self._options) for one, rows in found.items()}
        usable = [Layer(one) for one, columns in heads.items() if columns] or [Layer(one) for one in found]
        if not usable:
            raise UnreadableGis("empty_layer", name=self._name, layer="1")
        self._layers = tuple(usable)
        self.layer = chosen(usable, self._name, self._options.layer)
        rows = found[self.layer.name]
        return rows, heads[self.layer.name] or self._not_understood(tablerows.head(rows))

    def _text(self, path: Path) -> tuple[tablerows.TableRows, Columns]:
        codec, found = tablerows.texts(path, self._name, self._options.encoding)
        self._encoding = name_of_encoding(codec)
        read = [(rows, understood(tablerows.head(rows), self._options)) for rows in found]
        best = max(read, key=lambda one: len(one[1].names) if one[1] else 0)
        return best[0], best[1] or self._not_understood(tablerows.head(best[0]))

    def _not_understood(self, rows: Sequence[Row]) -> Columns:
        at, cells = max(rows, key=lambda row: sum(bool(one.strip()) for one in row[1]), default=(1, [""]))
        shown = "、".join(" ".join(one.split())[:30] for one in cells if one.strip())[:200]
        raise UnreadableGis("table_without_coordinates", name=self._name, row=at, headings=shown)

    def _body(self) -> Iterator[Row]:
        width = len(self._columns.names)
        for at, cells in self._rows.rows():
            if at > self._columns.after:
                yield at, [*cells, *[""] * (width - len(cells))] if len(cells) < width else cells

    def _order(self) -> tuple[int, int, Message | None]:
        """The columns of easting and northing; the size of their values speaks where X and Y may be either."""
        if self._columns.pair is None:
            return -1, -1, None
        first, second = (self._columns.roles[one] for one in self._columns.pair)
        north_first = self._looks(first, second)
        if self._columns.pair != ("x", "y"):
            swapped = note("columns_swapped", first=self._columns.names[first], second=self._columns.names[second])
            return first, second, swapped if north_first else None
        if north_first is None:
            north_first = self._options.axis == NORTH_FIRST
            told = None if self._options.axis else note("axis_assumed")
        else:
            told = note("axis_by_size") if north_first else None
        return (second, first, told) if north_first else (first, second, told)

    def _looks(self, first: int, second: int) -> bool | None:
        numbers = [(number(cells[first]), number(cells[second])) for _, cells in self._sample]
        both = [(one, other) for one, other in numbers if one is not None and other is not None]
        return first_is_north([one for one, _ in both], [other for _, other in both])

    def _grouping(self) -> Corners | None:
        """How rows make up parcels, where they are corners and not points that lie in parcels."""
        roles, shape = self._columns.roles, self._options.shape
        if "wkt" in roles or "parcel" not in roles or shape == "points":
            return None
        if shape != "corners" and not (self._repeats() and self._surely_corners()):
            return None
        return Corners(self._columns, self._place)

    def _repeats(self) -> bool:
        at = self._columns.roles["parcel"]
        return any(sum(1 for _ in rows) > 2 for _, rows in groupby(self._sample, lambda row: row[1][at]))

    def _surely_corners(self) -> bool:
        roles = self._columns.roles
        if "corner" in roles or "ring" in roles:
            return True
        return "point" in roles and all(
            _CORNER_LABEL.fullmatch(cells[roles["point"]].strip()) for _, cells in self._sample
        )

    def _maybe_corners(self) -> bool:
        roles = self._columns.roles
        return not self._corners and not self._options.shape and {"parcel", "point"} <= set(roles) and self._repeats()

    def about(self, first: Piece) -> Source:
        return Source(
            self._kind, self._layers, self.layer.name, fields_of(first), self._crs(), (), None, self._encoding,
            tuple(self._notes()), self._axis(),
        )  # fmt: skip

    def _named(self) -> list[str]:
        return [self._columns.names[at] for at in self._kept()]

    def _kept(self) -> list[int]:
        """The columns that are attributes: all but WKT, and but those of single corners."""
        gone = {self._columns.roles.get("wkt", -1)} | (self._corners.places if self._corners else set())
        return [at for at in range(len(self._columns.names)) if at not in gone]

    def _crs(self) -> str | None:
        if "wkt" not in self._columns.roles:
            return None
        found = {WKT.match(cells[self._columns.roles["wkt"]]) for _, cells in self._sample}
        codes = {one[1] for one in found if one}
        return f"EPSG:{codes.pop()}" if len(codes) == 1 and None not in codes else None

    def _axis(self) -> str:
        return NORTH_FIRST if self._north < self._east else EAST_FIRST

    def _notes(self) -> Iterator[Message]:
        if self._crs() is None:
            yield note("crs_missing")
        if self._axis_note:
            yield self._axis_note
        if self._east >= 0 and any(is_sexagesimal(cells[self._east]) for _, cells in self._sample):
            yield note("sexagesimal")
        if self._maybe_corners():
            yield note("maybe_corners", column=self._columns.names[self._columns.roles["parcel"]])
        if self._corners:
            yield note("read_as_corners", column=self._columns.names[self._columns.roles["parcel"]])

    def count(self, most: int) -> int | None:
        if not self._rows.may_exceed(most):
            return None
        return self._corners.count(self._body(), most) if self._corners else _up_to(self._body(), most)

    def pieces(self, rows: int) -> Iterator[Piece]:
        if self._corners:
            yield from self._corners.pieces(self._body(), self._kept(), self._named(), rows)
            return
        body = self._body()
        while some := list(islice(body, rows)):
            yield self._piece(some)

    def _piece(self, rows: Sequence[Row]) -> Piece:
        columns = [pa.array([cells[at] or None for _, cells in rows], pa.string()) for at in self._kept()]
        piece = Piece(pa.RecordBatch.from_arrays(columns, self._named()), None)
        shapes = self._written(rows, piece) if "wkt" in self._columns.roles else self._points(rows, piece)
        width = len(self._columns.names)
        for at, (_, cells) in enumerate(rows):
            if any(cells[width:]):
                piece.notes.setdefault(at, []).append(row_note("row_too_long", text=cells[width][:40]))
        piece.rows = np.array([at for at, _ in rows], np.int64)
        piece.wkb = pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary())
        return checked(piece, shapes, changed=False)

    def _written(self, rows: Sequence[Row], piece: Piece) -> Any:
        given = [cells[self._columns.roles["wkt"]].strip() for _, cells in rows]
        texts = [one.partition(";")[2] if one[:5].upper() == "SRID=" else one for one in given]
        shapes = shapely.from_wkt([one or None for one in texts], on_invalid="ignore")
        for at in np.flatnonzero(shapely.is_missing(shapes)):
            if texts[at]:
                piece.notes[int(at)] = [row_note("wkt_unread", text=texts[at][:40])]
        return shapes

    def _points(self, rows: Sequence[Row], piece: Piece) -> Any:
        places = np.full((len(rows), 2), np.nan)
        for at, (_, cells) in enumerate(rows):
            found = self._place(cells)
            if isinstance(found, Message):
                piece.notes[at] = [found]
            else:
                places[at] = found
        shapes = np.full(len(rows), None, object)
        good = np.isfinite(places).all(axis=1)
        shapes[good] = shapely.points(places[good])
        return shapes

    def _place(self, cells: Sequence[str]) -> tuple[float, float] | Message:
        """Easting and northing of one row, or why it has none."""
        if self._columns.pair is None:
            return self._pair(cells[self._columns.roles["pair"]])
        texts = cells[self._east], cells[self._north]
        numbers = [number(one) for one in texts]
        if numbers[0] is not None and numbers[1] is not None:
            return numbers[0], numbers[1]
        wrong = 0 if numbers[0] is None else 1
        column = self._columns.names[(self._east, self._north)[wrong]]
        if not texts[wrong].strip():
            return row_note("coordinate_blank", column=column)
        return row_note("coordinate_unread", column=column, value=texts[wrong][:40])

    def _pair(self, text: str) -> tuple[float, float] | Message:
        column = self._columns.names[self._columns.roles["pair"]]
        found = split_pair(text)
        if found is None:
            code = "coordinate_unread" if text.strip() else "coordinate_blank"
            return row_note(code, column=column, value=text[:40])
        north_first = first_is_north(found[:1], found[1:])
        if north_first is None:
            north_first = self._options.axis == NORTH_FIRST
        return (found[1], found[0]) if north_first else found


def _up_to(rows: Iterator[Row], most: int) -> int:
    """How many rows there are, counted no further than `most` + 1."""
    return sum(1 for _ in islice(rows, most + 1))
