"""One laboratory table: what was understood of it, its records as a stream, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from soilrules import analytes
from soilrules.labtables import headings, keys, notation, records
from soilrules.labtables.beside import SAME_SAMPLE
from soilrules.labtables.carried import Carried
from soilrules.labtables.coded import matching
from soilrules.labtables.findings import ROOM, Findings, LabTableRefused, Problem
from soilrules.labtables.layout import Layout, Shape
from soilrules.labtables.opening import open_table
from soilrules.labtables.schema import PROBLEMS
from soilrules.labtables.source import Chunk, Source
from soilrules.messages import Message

_KEY_BITS = (1 << 64) - 1
_AT_ONCE = 200_000  # records of one batch, about
_COLUMN_OF = {  # the role of the column a problem speaks of; of the others it is the column of results
    "ph_out_of_range": "ph", "ph_unread": "ph", "date_ambiguous": "date", "date_unread": "date",
    "detection_limit_unread": "detection_limit", "detection_limit_unit": "detection_limit",
    "background_unread": "background", "no_analyte": "analyte",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a block understood, and as printed; `ph_columns` as in `records.batch`."""

    source: Source
    read: records.Read
    printed: Chunk
    ph_columns: Sequence[float]

    def batch(self) -> Any:
        """Its records, a batch of `schema.SCHEMA`."""
        return records.batch(self.read, self.source.about, self.ph_columns)


class LabTable:
    """A table that was opened and understood. Its records may be read as often as wanted."""

    def __init__(self, parts: Sequence[tuple[Source, Layout]], name: str) -> None:
        self.name = name
        self.layout = parts[0][1]
        self._parts = tuple(parts)
        self._opening = _once(problem for source, layout in parts for problem in _at_opening(source, layout))
        self._found: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong or was left out; complete once all batches have been read."""
        return (*self._opening, *self._found)

    def batches(self) -> Iterator[Any]:
        """The records as Arrow batches of `schema.SCHEMA`, in the order of the rows.

        Raises LabTableRefused where the file turns out damaged on the way.
        """
        for piece in self.pieces():
            yield piece.batch()

    @property
    def parts(self) -> tuple[tuple[Source, Layout], ...]:
        """The blocks of the file, each with what it means."""
        return self._parts

    def pieces(self, also: Callable[[Layout], Collection[int]] = lambda layout: ()) -> Iterator[Piece]:
        """What `batches` makes its records of, for those who check the file. `also`: further columns to read."""
        findings, seen = Findings(), keys.SeenRows()
        try:
            ph_rows = _ph_rows(self._parts)
            for source, layout in self._parts:
                ph_columns = _ph_columns(source, layout)
                if ph_columns or (ph_rows is not None and layout.shape is Shape.LONG):
                    findings.add("problems", "ph_from_rows", {})
                for printed, chunk in _chunks(source, layout, findings, also(layout)):
                    read = records.read(chunk, layout, source.about, ph_rows)
                    _tell_swallowed(findings, printed, layout)
                    self._note(findings, read, source)
                    _remember(seen, read)
                    if len(read.rows):
                        yield Piece(source, read, printed, ph_columns)
        except (pa.ArrowException, OSError) as error:
            raise LabTableRefused("damaged", name=self.name, kind=self.layout.kind, detail=str(error)) from error
        _tell_twice(findings, seen)
        self._found = findings.problems()

    def message(self, record: Mapping[str, Any]) -> Message | None:
        """The sentence about the problem of one record (a mapping by the names of the schema), None without one."""
        problem = record["problem"]
        if problem is None:
            return None
        row = record["row"]
        source, layout = self._part_of(row, record["cell"])
        column = layout.column(_COLUMN_OF.get(problem, ""))
        cell = record["cell"] if column is None else source.cell(row, column, layout.headings[column])
        text = (record["ph_text"] if problem.startswith("ph") else record["text"]) or ""
        params = {"row": str(row), "cell": cell, "text": text, "analyte": record["analyte"] or "", "count": "1"}
        return Message(ROOM, "records", problem, params)

    def _part_of(self, row: int, cell: str) -> tuple[Source, Layout]:
        """The block a result stands in."""
        above = [part for part in self._parts if part[1].after < row] or self._parts
        last = [part for part in above if part[1].after == above[-1][1].after]
        for source, layout in last:
            if any(source.cell(row, one.column, layout.headings[one.column]) == cell for one in layout.values):
                return source, layout
        return last[0]

    def _note(self, findings: Findings, read: records.Read, source: Source) -> None:
        """Count what one chunk shows."""
        if len(read.left_out.get("other_header", ())):
            raise LabTableRefused("other_header", name=self.name, row=int(read.left_out["other_header"][0]))
        for why, rows in read.left_out.items():
            if len(rows):
                findings.add("problems", why, {}, row=int(rows[0]), count=len(rows))
        if not len(read.rows):
            return
        problem = read.problem
        without_ph = (problem == PROBLEMS.index("no_value")) & _is_ph_column(read.columns.layout)
        if without_ph.any():
            _note_kind(findings, read, source, "ph_missing", without_ph)
        problem = np.where(without_ph, -1, problem)
        for code in np.unique(problem[problem >= 0]):
            _note_kind(findings, read, source, PROBLEMS[code], problem == code)
        zero = np.stack([one.value for one in read.each], axis=1) == 0
        if zero.any():
            _note_kind(findings, read, source, "zero", zero)
        unitless = np.stack([one.unit for one in read.each], axis=1) < 0
        unitless &= ~np.stack([one.marked(_is_ph) for one in read.analyte], axis=1)
        if unitless.any():
            _note_kind(findings, read, source, "no_unit", unitless)


def _tell_swallowed(findings: Findings, printed: Chunk, layout: Layout) -> None:
    """Cells that hold whole rows of a text: a quotation mark before them was never closed."""
    if not layout.delimiter:
        return
    one = re.escape(layout.delimiter)
    pattern = rf"[\r\n][^\r\n]*(?:{one}[^\r\n]*){{3}}"
    for at, column in printed.columns.items():
        for row in printed.rows[matching(column, pattern)].tolist():
            findings.tell("open_quote", {"heading": layout.headings[at]}, row=row, cell=layout.headings[at])


def _note_kind(findings: Findings, read: records.Read, source: Source, kind: str, places: NDArray[np.bool_]) -> None:
    """Count the results of one kind of problem; the first is told with its place."""
    layout = read.columns.layout
    at, across = (int(index[0]) for index in np.nonzero(places))
    row = int(read.rows[at])
    column = layout.column(_COLUMN_OF.get(kind, ""))
    column = layout.values[across].column if column is None else column
    params = {"text": read.columns.at(column).word(at) or "", "analyte": read.analyte[across].word(at) or ""}
    group = "records" if kind in PROBLEMS else "problems"
    cell = source.cell(row, column, layout.headings[column])
    findings.add(group, kind, params, row=row, cell=cell, count=int(places.sum()))


def _chunks(
    source: Source, layout: Layout, findings: Findings, also: Collection[int] = ()
) -> Iterator[tuple[Chunk, Chunk]]:
    """The rows of a block in handy pieces: as printed, and with what stands only in the first row of each sample carried down."""
    often_new = {value.column for value in layout.values} | set(layout.roles.get("sample", ()))
    step = max(1, _AT_ONCE // len(layout.values))
    carried = Carried(layout)
    for chunk in source.chunks(layout.after, {*layout.wanted, *also}, often_new):
        for start in range(0, len(chunk.rows), step):
            part = chunk.part(start, step)
            yield part, carried.down(part)
    if carried.count:
        findings.add("problems", "carried_down", {}, row=carried.first, count=carried.count)


def _is_ph_column(layout: Layout) -> NDArray[np.bool_]:
    """Which columns of results hold the pH of the samples."""
    at = layout.column("ph")
    return np.array([value.column == at for value in layout.values])


def _once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems that several blocks share, told once."""
    found: list[Problem] = []
    for problem in problems:
        if problem not in found:
            found.append(problem)
    return tuple(found)


def read_table(source: Path | bytes | str, *, name: str = "", sheet: str | None = None) -> LabTable:
    """Open a laboratory table: csv, tab-separated or pasted text, .xlsx, .xls or parquet, long or wide.

    `source`: a path, the bytes of a file, or text as pasted. `name` is used in messages; `sheet` names one sheet of a
    workbook, else the first that holds results is read. Raises LabTableRefused where no results can be told in it.
    """
    data = source.encode() if isinstance(source, str) else source
    name = name or (data.name if isinstance(data, Path) else "")
    return LabTable(open_table(data, name, sheet), name)


def _is_ph(name: str) -> bool:
    return analytes.candidates(name) == ("ph",)


def _at_opening(source: Source, layout: Layout) -> Iterator[Problem]:
    """What the form of the table already shows."""
    about, findings = source.about, Findings()
    if about.other_sheets:
        findings.tell("sheets_not_read", {"sheet": about.sheet or "", "others": "、".join(about.other_sheets)})
    if layout.unread:
        findings.tell("tables_not_read", {"tables": "；".join(layout.unread)})
    if ignored := [heading for heading in layout.ignored if heading not in layout.twice]:
        findings.tell("columns_not_read", {"columns": "、".join(ignored)})
    if layout.twice:
        findings.tell("columns_twice", {"columns": "、".join(layout.twice)})
    if same := same_analytes(layout):
        findings.tell("analyte_twice", {"columns": "、".join(heading for group in same for heading in group)})
    results = {value.column for value in layout.values}
    if used := [place for place in about.formulas if place[0] > layout.after and place[1] in results]:
        row, column = used[0]
        cell = source.cell(row, column, layout.headings[column])
        findings.add("problems", "formulas_used", {}, row=row, cell=cell, count=len(used))
    _tell_text_dates(findings, source, layout)
    yield from findings.problems()


def same_analytes(layout: Layout) -> list[tuple[str, ...]]:
    """Headings of columns that hold the same analyte, group by group."""
    found: dict[str, list[str]] = {}
    for value in layout.values:
        if value.analyte:
            found.setdefault(headings.meaning(value.analyte), []).append(layout.headings[value.column])
    return [tuple(same) for same in found.values() if len(same) > 1]


def _tell_text_dates(findings: Findings, source: Source, layout: Layout) -> None:
    """A workbook tells real dates from text; text is taken too, and said once."""
    column = layout.column("date")
    if column is None or source.about.kind != "workbook":
        return
    real = source.about.true_dates.get(column, ())
    for chunk in source.chunks(layout.after, (column,)):
        printed = chunk.columns[column].to_pylist()
        texts = [(int(row), text) for row, text in zip(chunk.rows, printed, strict=True) if text and row not in real]
        if texts:
            row, text = texts[0]
            cell = source.cell(row, column, layout.headings[column])
            findings.add("problems", "dates_as_text", {"text": text}, row=row, cell=cell, count=len(texts))


def _ph_rows(parts: Sequence[tuple[Source, Layout]]) -> keys.PhByKey | None:
    """The pH of each sample where a long table gives it in rows, not in a column: the file is read twice then."""
    found: list[keys.Keys] = []
    values: list[NDArray[np.float64]] = []
    for source, layout in parts:
        if layout.shape is not Shape.LONG or "ph" in layout.roles:
            return None
        _add_ph_rows(source, layout, found, values)
    by_key = keys.PhByKey(found, values)
    return by_key if len(by_key) else None


def _add_ph_rows(source: Source, layout: Layout, found: list[keys.Keys], values: list[NDArray[np.float64]]) -> None:
    at = layout.values[0].column
    needed = {column for role in (*SAME_SAMPLE, "analyte") for column in layout.roles.get(role, ())}
    carried = Carried(layout)
    for chunk in source.chunks(layout.after, needed | {at}, (at,)):
        columns = records.columns_of(carried.down(chunk), layout)
        rows = np.flatnonzero(columns.role("analyte").marked(lambda name: _is_ph(headings.split_unit(name)[0] or name)))
        if len(rows):
            some = columns.kept(rows)
            ph = np.array([notation.ph(some.at(at).word(row) or "")[0] for row in range(len(rows))], np.float64)
            known = ~np.isnan(ph) & (some.role("sample").codes >= 0)
            found.append(some.sample_keys()[known])
            values.append(ph[known])


def _ph_columns(source: Source, layout: Layout) -> list[float]:
    """The pH of each sample where samples are columns."""
    if layout.shape is not Shape.CROSSED:
        return []
    analyte = layout.roles["analyte"][0]
    for chunk in source.chunks(layout.after, layout.wanted):
        columns = records.columns_of(chunk, layout)
        rows = np.flatnonzero(columns.at(analyte).marked(_is_ph))
        if len(rows):
            words = (columns.at(value.column).word(int(rows[0])) or "" for value in layout.values)
            return [np.nan if ph is None else ph for ph, _ in map(notation.ph, words)]
    return []


def _remember(seen: keys.SeenRows, read: records.Read) -> None:
    """Keep the key of each row that names a sample or a point; in long tables with its analyte."""
    if not len(read.rows):
        return
    row_keys = read.columns.sample_keys()
    named = read.beside.words["sample"].codes >= 0
    named |= read.beside.words["point"].codes >= 0
    shape = read.columns.layout.shape
    if shape is not Shape.WIDE:
        analyte = read.analyte[0].mapped(headings.meaning)
        row_keys = keys.row_keys([analyte], len(row_keys)) ^ row_keys
        named = (named | (shape is Shape.CROSSED)) & (analyte.codes >= 0)
    if shape is not Shape.LONG:  # the samples or the analytes are those of the block
        row_keys = row_keys ^ np.uint64(hash(read.columns.layout.headings) & _KEY_BITS)
    seen.add(row_keys[named], read.rows[named])


def _tell_twice(findings: Findings, seen: keys.SeenRows) -> None:
    count, groups = seen.twice()
    for rows in groups:
        findings.tell("duplicate_rows", {"rows": "、".join(map(str, rows))}, row=rows[1])
    if count > sum(len(rows) - 1 for rows in groups):
        findings.add("problems", "more_duplicates", {"shown": len(groups)}, count=count)
