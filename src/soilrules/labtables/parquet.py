"""Parquet files: the names of the columns are the headings; rows are counted from 1."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from soilrules.labtables.findings import LabTableRefused
from soilrules.labtables.source import HEAD_ROWS, About, Chunk, Row

MAGIC = b"PAR1"
_ROWS = 65_536  # of one chunk


class Parquet:
    """One parquet file, read in pieces."""

    def __init__(self, data: Path | bytes, name: str) -> None:
        self._data, self._name = data, name
        self._names = self._file().schema_arrow.names
        self.about = About("parquet")

    def _file(self) -> Any:
        try:
            return parquet.ParquetFile(io.BytesIO(self._data) if isinstance(self._data, bytes) else self._data)
        except (pa.ArrowException, OSError) as error:
            raise LabTableRefused("damaged", name=self._name, kind="Parquet", detail=str(error)) from error

    def head(self) -> Sequence[Row]:
        rows = [Row(0, tuple(self._names))]
        for chunk in self.chunks(0, range(len(self._names))):
            part = chunk.part(0, HEAD_ROWS)
            columns = [column.to_pylist() for column in part.columns.values()]
            rows += [
                Row(int(at), tuple(cell or "" for cell in cells))
                for at, *cells in zip(part.rows, *columns, strict=True)
            ]
            break
        return rows

    def chunks(self, after: int, wanted: Collection[int], plain: Collection[int] = ()) -> Iterator[Chunk]:
        names = [self._names[at] for at in sorted(wanted)]
        start = 0
        with self._file() as file:
            for batch in file.iter_batches(batch_size=_ROWS, columns=names):
                columns = {at: _as_printed(batch.column(self._names[at])) for at in sorted(wanted)}
                yield Chunk(np.arange(start + 1, start + 1 + batch.num_rows, dtype=np.int64), columns)
                start += batch.num_rows

    def cell(self, row: int, column: int, heading: str) -> str:
        return heading


def _as_printed(column: Any) -> Any:
    """Any column as strings; what has no words (lists, structures) is blank."""
    try:
        words = pc.cast(column, pa.string())
    except pa.ArrowException:
        return pa.nulls(len(column), pa.string())
    return pc.if_else(pc.is_nan(column), None, words) if pa.types.is_floating(column.type) else words
