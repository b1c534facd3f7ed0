"""DXF drawings: closed lines become areas, and a text that lies in one becomes its label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from soilrules.gisfiles.findings import must_be_within, note
from soilrules.gisfiles.layered import Layered
from soilrules.gisfiles.source import Piece, unique
from soilrules.messages import Message

LABEL = "label"
_TEXTS = 500_000
_AT_MOST = 3  # texts in one area that still are its label
_ESCAPED = re.compile(r"\\U\+([0-9A-Fa-f]{4})")
_AREAS = (3, 6)


class Drawing(Layered):
    """A DXF file."""

    def _notes(self, crs: str | None) -> Iterator[Message]:
        yield from super()._notes(crs)
        yield note("dxf_labels")

    def pieces(self, rows: int) -> Iterator[Piece]:
        places, texts = self._texts(rows)
        tree = shapely.STRtree(places)
        for piece in super().pieces(rows):
            batch = _unescaped(piece.attributes)
            labels = _labels(piece.wkb, tree, places, texts)
            names = unique([*batch.schema.names, LABEL])
            piece.attributes = pa.RecordBatch.from_arrays([*batch.columns, labels], names)
            yield piece

    def _texts(self, rows: int) -> tuple[Any, list[str]]:
        """Where texts stand, and what they say."""
        places: list[Any] = []
        texts: list[str] = []
        count = 0
        for piece in super().pieces(rows):
            count += len(piece.wkb)
            must_be_within(count, self._most, self._name, self.layer.name)
            if "Text" not in piece.attributes.schema.names:
                continue
            found = _unescaped(piece.attributes).column("Text").to_pylist()
            shapes = shapely.from_wkb(piece.wkb.to_numpy(zero_copy_only=False))
            for text, shape in zip(found, shapes, strict=True):
                if text and text.strip() and shape is not None and shapely.get_type_id(shape) == 0:
                    places.append(shape)
                    texts.append(text.strip())
            if len(texts) > _TEXTS:
                return np.empty(0, object), []
        return np.array(places, object), texts


def _unescaped(batch: Any) -> Any:
    r"""The same attributes, with \U+4E00 made the character it stands for."""
    columns = []
    for column in batch.columns:
        if pa.types.is_string(column.type):
            texts = column.to_pylist()
            if any(one and "\\U+" in one for one in texts):
                column = pa.array(
                    [one and _ESCAPED.sub(lambda at: chr(int(at[1], 16)), one) for one in texts], pa.string()
                )
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, batch.schema.names)


def _labels(wkb: Any, tree: Any, places: Any, texts: list[str]) -> Any:
    shapes = shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))
    inside: dict[int, list[int]] = {}
    areas = np.flatnonzero(np.isin(shapely.get_type_id(shapes), _AREAS))
    if len(texts) and len(areas):
        for area, text in tree.query(shapes[areas], predicate="contains").T.tolist():
            inside.setdefault(int(areas[area]), []).append(text)
    found = []
    for at in range(len(shapes)):
        some = sorted(inside.get(at, ()), key=lambda one: (-places[one].y, places[one].x))
        found.append(" ".join(texts[one] for one in some) if 0 < len(some) <= _AT_MOST else None)
    return pa.array(found, pa.string())
