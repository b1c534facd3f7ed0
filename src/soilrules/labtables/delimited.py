"""Text files with one row a line: commas, tabs, semicolons or bars; in UTF-8, UTF-16, GB18030 or Big5.

The file is read as a stream, whatever its size. Rows with more or fewer cells than the others come out too,
at their place: an unquoted comma in 1,2-二氯乙烷 must not cost a result, nor move it into another column.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from soilrules.labtables.findings import LabTableRefused
from soilrules.labtables.schema import WORDS
from soilrules.labtables.source import HEAD_ROWS, About, Chunk, Row
from soilrules.plantext.formats.encodings import UNPRINTABLE, chinese_encoding, other_than_utf8

DELIMITERS = ("\t", ",", ";", "|")
_BLOCK = 3 * 1024 * 1024  # bytes read at once; also the longest row
_HEAD = 512 * 1024


class Delimited:
    """One delimited text file."""

    def __init__(self, data: Path | bytes, name: str, encoding: tuple[str, int], delimiter: str) -> None:
        self._data, self._name, self._delimiter = data, name, delimiter
        self._encoding, self._mark = encoding

    @property
    def about(self) -> About:
        return About("text", encoding=self._encoding, delimiter=self._delimiter)

    def head(self) -> Sequence[Row]:
        return [Row(at, cells) for at, cells in self._first_rows if any(cell.strip() for cell in cells)][:HEAD_ROWS]

    @cached_property
    def _first_rows(self) -> list[tuple[int, tuple[str, ...]]]:
        with opened(self._data) as stream:
            stream.seek(self._mark)
            raw = stream.read(_HEAD)
        text = codecs.getincrementaldecoder(self._encoding)("replace").decode(raw)
        rows: list[tuple[int, tuple[str, ...]]] = []
        try:
            for cells in csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter):
                rows.append((len(rows) + 1, tuple(cells)))
                if len(rows) > 4 * HEAD_ROWS:
                    break
        except csv.Error as error:
            raise LabTableRefused("damaged", name=self._name, kind="csv", detail=str(error)) from error
        return rows[:-1] if len(raw) == _HEAD else rows

    def _width(self, after: int) -> int:
        """How many cells a row has: as many as the header, where any row below keeps to it, else as most rows have."""
        below = Counter(len(cells) for at, cells in self._first_rows if at > after and any(cells))
        header = next((len(cells) for at, cells in self._first_rows if at == after), 0)
        if not below:
            return header or max(len(cells) for _, cells in self._first_rows)
        return header if header in below else below.most_common(1)[0][0]

    def cell(self, row: int, column: int, heading: str) -> str:
        return heading

    def chunks(self, after: int, wanted: Collection[int], plain: Collection[int] = ()) -> Iterator[Chunk]:
        width = self._width(after)
        columns = [at for at in sorted(wanted) if at < width]
        ragged: list[tuple[int, str]] = []

        def keep(row: Any) -> str:
            ragged.append((row.number, row.text))
            return "skip"

        with opened(self._data) as stream:
            stream.seek(self._mark)
            # Blank lines count as rows, and rows are numbered only where the reader uses one thread.
            reader = arrow_csv.open_csv(
                stream if self._encoding == "utf-8" else Recoded(stream, self._encoding),
                read_options=arrow_csv.ReadOptions(
                    column_names=[str(at) for at in range(width)], block_size=_BLOCK, use_threads=False
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self._delimiter, newlines_in_values=True, ignore_empty_lines=False,
                    invalid_row_handler=keep,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    include_columns=[str(at) for at in columns],
                    column_types={str(at): pa.string() if at in plain else WORDS for at in columns},
                    strings_can_be_null=True, quoted_strings_can_be_null=True, null_values=[""], check_utf8=False,
                ),
            )  # fmt: skip
            for chunk in self._numbered(reader, columns, ragged, width):
                yield from _below(chunk, after)

    def _numbered(self, reader: Any, columns: list[int], ragged: list[tuple[int, str]], width: int) -> Iterator[Chunk]:
        at = 1  # the number of the next row in the file
        for batch in reader:
            among = _among(at, batch.num_rows, [number for number, _ in ragged])
            odd, ragged[:] = ragged[:among], ragged[among:]
            numbers = np.arange(at, at + batch.num_rows + among, dtype=np.int64)
            regular = np.setdiff1d(numbers, [number for number, _ in odd], assume_unique=True)
            chunk = Chunk(regular, dict(zip(columns, batch.columns, strict=True)))
            yield self._with_ragged(chunk, odd, width)
            at += len(numbers)
        if ragged:
            empty = {column: pa.nulls(0, pa.string()) for column in columns}
            yield self._with_ragged(Chunk(np.empty(0, np.int64), empty), ragged, width)

    def _with_ragged(self, chunk: Chunk, odd: list[tuple[int, str]], width: int) -> Chunk:
        """The rows of other lengths put in their places; what is missing on the right is blank."""
        if not odd:
            return chunk
        rows = np.concatenate([chunk.rows, np.array([number for number, _ in odd], np.int64)])
        order = pa.array(np.argsort(rows, kind="stable"))
        cells = [next(csv.reader(io.StringIO(text), delimiter=self._delimiter), []) for _, text in odd]
        too_long = {number for (number, _), row in zip(odd, cells, strict=True) if any(row[width:])}
        merged = {}
        for at, column in chunk.columns.items():
            added = pa.array([row[at] or None if at < len(row) else None for row in cells], pa.string())
            merged[at] = pa.concat_arrays([column.cast(pa.string()), added]).take(order)
        return Chunk(np.sort(rows), merged, too_long)


def _among(start: int, count: int, others: list[int]) -> int:
    """How many of `others` (ascending) stand among or before `count` further rows numbered from `start`."""
    among = 0
    while among < len(others) and others[among] < start + count + among:
        among += 1
    return among


def _below(chunk: Chunk, after: int) -> Iterator[Chunk]:
    skipped = int(np.searchsorted(chunk.rows, after, side="right"))
    if skipped < len(chunk.rows):
        yield chunk.part(skipped, len(chunk.rows) - skipped) if skipped else chunk


class Recoded(io.RawIOBase):
    """A stream of any encoding as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes: one byte of any encoding here becomes at most two of UTF-8."""
        while True:
            raw = self._stream.read(max(1, size // 2)) if size >= 0 else self._stream.read()
            text = self._decoder.decode(raw, final=not raw).encode()
            if text or not raw:
                return text


def opened(data: Path | bytes) -> BinaryIO:
    """A stream over a file or bytes."""
    return io.BytesIO(data) if isinstance(data, bytes) else data.open("rb")


def encoding_of(data: Path | bytes, name: str) -> tuple[str, int]:
    """The encoding of the whole file and the length of its mark; raises LabTableRefused where it is no text."""
    with opened(data) as stream:
        head = stream.read(_HEAD)
    encoding, mark = other_than_utf8(head)
    tried = [encoding] if encoding else ["utf-8", *dict.fromkeys([chinese_encoding(head), "gb18030", "big5hkscs"])]
    wrong = {one: at for one in tried if (at := _undecodable(data, one, mark)) is not None}
    fitting = next((one for one in tried if one not in wrong), None)
    if fitting is None:
        raise LabTableRefused("unknown_encoding", name=name, tried="、".join(tried), byte=max(wrong.values()))
    text = codecs.getincrementaldecoder(fitting)("replace").decode(head[mark:])
    if len(UNPRINTABLE.findall(text)) * 100 > len(text):
        raise LabTableRefused("not_text", name=name, head=head[:8].hex(" "))
    return fitting, mark


def _undecodable(data: Path | bytes, encoding: str, mark: int) -> int | None:
    """Where the bytes first are none of `encoding`, to a block; None where all are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with opened(data) as stream:
        stream.seek(mark)
        at = mark
        try:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
                at += len(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            return at + error.start
    return None
