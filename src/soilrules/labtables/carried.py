"""What stands only in the first row of each sample, as merged cells come out in a text file, carried to its other rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from soilrules.labtables.layout import Layout, Shape
from soilrules.labtables.source import Chunk

_NAMES = ("sample", "point")
_OF_THE_SAMPLE = (*_NAMES, "depth", "date", "ph", "land", "land_class", "planned_use", "crop", "water_use", "medium")


class Carried:
    """Fills blank samples from the row above, chunk after chunk; a blank row ends it. `first` and `count` tell rows.

    In a long table the whole sample is carried, in a wide one its name, where the row says another depth.
    """

    def __init__(self, layout: Layout) -> None:
        self.first, self.count = 0, 0
        self._layout = layout
        roles = _OF_THE_SAMPLE if layout.shape is Shape.LONG else _NAMES
        self._columns = [at for role in roles for at in layout.roles.get(role, ())]
        self._names = [at for role in _NAMES for at in layout.roles.get(role, ())]
        self._says = [at for role in ("analyte", "depth") for at in layout.roles.get(role, ())]
        self._last: dict[int, Any] = {}

    def down(self, chunk: Chunk) -> Chunk:
        """The chunk with blanks filled."""
        if not self._names or not self._says or not len(chunk.rows) or self._layout.shape is Shape.CROSSED:
            return chunk
        named = _any(chunk, self._names)
        if named.all():
            self._last = {at: chunk.columns[at][-1].as_py() for at in self._columns if at in chunk.columns}
            return chunk
        blank = ~_any(chunk, list(chunk.columns))
        wanting = ~named & _any(chunk, self._says[:1])
        columns = dict(chunk.columns)
        if wanting.any():
            source = np.maximum.accumulate(np.where(named | blank, np.arange(1, len(named) + 1), 0))
            found = self._fill(columns, wanting, source)
            self._count(chunk, found)
        last = np.flatnonzero(named | blank)
        if len(last):
            self._last = {at: columns[at][int(last[-1])].as_py() for at in self._columns if at in columns}
        return Chunk(chunk.rows, columns, chunk.ragged)

    def _fill(self, columns: dict[int, Any], wanting: NDArray[np.bool_], source: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Fill `columns` in place from row `source` - 1, or from the last chunk at 0; the rows that got a name."""
        found = np.zeros(len(wanting), np.bool_)
        for at in self._columns:
            if at in columns:
                printed = pc.cast(columns[at], pa.string())
                before = pa.concat_arrays([pa.array([self._last.get(at)], pa.string()), printed])
                columns[at] = pc.if_else(
                    pa.array(wanting), pc.coalesce(printed, before.take(pa.array(source))), printed
                )
                if at in self._names:
                    found |= wanting & columns[at].is_valid().to_numpy(zero_copy_only=False)
        return found

    def _count(self, chunk: Chunk, found: NDArray[np.bool_]) -> None:
        if found.any():
            self.first = self.first or int(chunk.rows[found][0])
            self.count += int(found.sum())


def _any(chunk: Chunk, columns: list[int]) -> NDArray[np.bool_]:
    """The rows in which one of the columns says anything."""
    said = np.zeros(len(chunk.rows), np.bool_)
    for at in columns:
        if at in chunk.columns and not said.all():
            said |= chunk.columns[at].is_valid().to_numpy(zero_copy_only=False)
    return said
