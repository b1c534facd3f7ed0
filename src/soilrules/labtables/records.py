"""Rows of a table into records of the fixed schema, a chunk at a time, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from soilrules import analytes, units
from soilrules.labtables import beside, dates, detection, headings, lines, notation, results
from soilrules.labtables.beside import Beside, Columns
from soilrules.labtables.coded import Coded, Codes, Vocabulary, coded
from soilrules.labtables.formulas import column_letters
from soilrules.labtables.keys import PhByKey
from soilrules.labtables.layout import Layout, Shape, ValueColumn
from soilrules.labtables.results import CODE, NOTHING, Floats, Results
from soilrules.labtables.schema import AS_PRINTED, PROBLEMS, SCHEMA
from soilrules.labtables.source import About, Chunk, line_of


@dataclass(slots=True)
class Read:
    """One chunk understood. Arrays of results are by row and column of results: shape (rows, columns)."""

    rows: NDArray[np.int64]
    columns: Columns
    beside: Beside
    printed: list[Coded]
    analyte: list[Coded]
    each: list[Results]
    background: list[Floats]
    left_out: Mapping[str, NDArray[np.int64]]
    units: Vocabulary
    qualifiers: Vocabulary

    @property
    def problem(self) -> NDArray[np.int8]:
        """The problem of each result, counted in PROBLEMS."""
        return np.stack([one.problem for one in self.each], axis=1)


def columns_of(chunk: Chunk, layout: Layout) -> Columns:
    """The columns of a chunk, coded."""
    return Columns(len(chunk.rows), layout, {at: coded(column) for at, column in chunk.columns.items()})


def read(chunk: Chunk, layout: Layout, about: About, ph_rows: PhByKey | None) -> Read:
    """Understand one chunk. `ph_rows`: the pH of samples where it stands in rows of its own."""
    columns = columns_of(chunk, layout)
    unit_words, qualifiers = Vocabulary(), Vocabulary()
    printed = [columns.at(value.column) for value in layout.values]
    semicolons = layout.delimiter == ";"
    each = [results.read(one, unit_words, qualifiers, comma_decimal=semicolons) for one in printed]
    marked = _marks(chunk, about)
    keep, left_out = _kept(columns, list(zip(printed, each, strict=True)))
    columns, rows = columns.kept(keep), chunk.rows[keep]
    around = beside.read(columns, ph_rows)
    found = Read(
        rows, columns, around, [one.kept(keep) for one in printed], [], [one.taken(keep) for one in each], [],
        {why: chunk.rows[at] for why, at in left_out.items()}, unit_words, qualifiers,
    )  # fmt: skip
    ragged = np.isin(rows, list(chunk.ragged)) if chunk.ragged else None
    for value, cells, one in zip(layout.values, found.printed, found.each, strict=True):
        marks = {problem: at[keep] for problem, at in marked.get(value.column, {}).items()}
        _complete(found, value, cells, one, marks)
        if ragged is not None:
            one.refuse(ragged, "ragged_row")
        one.without_refused()
        one.problem = np.where(one.problem == NOTHING, around.problem, one.problem)
    return found


def _marks(chunk: Chunk, about: About) -> dict[int, dict[str, NDArray[np.bool_]]]:
    """Where single cells of the chunk have a problem: flags by column and problem."""
    found: dict[int, dict[str, list[int]]] = {}
    first, last = int(chunk.rows[0]), int(chunk.rows[-1])
    for (row, column), problem in about.marks.items():
        if first <= row <= last:
            found.setdefault(column, {}).setdefault(problem, []).append(row)
    return {
        column: {problem: np.isin(chunk.rows, rows) for problem, rows in kinds.items()}
        for column, kinds in found.items()
    }


def _kept(columns: Columns, each: list[tuple[Coded, Results]]) -> tuple[NDArray[np.intp], dict[str, NDArray[np.intp]]]:
    """The rows that give records, and those left out by the reason. Blank rows are neither."""
    layout = columns.layout
    results_at = {value.column for value in layout.values}
    labels = [(at, columns.at(at)) for at in sorted({0, layout.label} & columns.coded.keys() - results_at)]
    blank = np.ones(columns.rows, np.bool_)
    for column in columns.coded.values():
        blank &= column.codes < 0
    left_out = {why: rows & ~blank for why, rows in lines.left_out(layout, labels, each).items()}
    out = blank | np.logical_or.reduce(list(left_out.values()))
    return np.flatnonzero(~out), {why: np.flatnonzero(rows) for why, rows in left_out.items()}


def _complete(
    found: Read, value: ValueColumn, printed: Coded, one: Results, marks: Mapping[str, NDArray[np.bool_]]
) -> None:
    """Add to the results of one column what stands beside them: analyte, unit, limits, qualifiers, background."""
    for problem, rows in marks.items():
        one.refuse(rows, problem)
    analyte, in_name = _analytes(found, value)
    found.analyte.append(analyte)
    one.refuse((analyte.codes < 0) & (one.problem != CODE["no_value"]), "no_analyte")
    base = _base_units(found, value, analyte, in_name)
    in_cell = one.unit
    one.unit = _of_wet_samples(found, value, np.where(in_cell >= 0, in_cell, base).astype(np.int32))
    flags = detection.of(found.columns, value)
    detection.apply(flags, one, printed)
    one.qualifier = np.where(one.qualifier >= 0, one.qualifier, _codes(found.qualifiers, flags.printed)).astype(
        np.int32
    )
    _limits(found, value, one, base, flags.rows["below"])
    _background(found, value, one, base)


def _analytes(found: Read, value: ValueColumn) -> tuple[Coded, Coded]:
    """The analyte of each row without the unit printed in its name, and that unit."""
    if value.analyte:
        everywhere = np.zeros(len(found.rows), np.int32)
        return Coded(everywhere, [value.analyte]), Coded(everywhere - 1, [])
    printed = found.columns.role("analyte")
    return printed.mapped(_analyte), printed.mapped(lambda name: headings.split_unit(name)[1])


def _analyte(name: str) -> str | None:
    if notation.read(name).problem == "no_value":
        return None
    whole = headings.analyte_name(name)
    return whole or headings.parse(name).analyte or name


def _base_units(found: Read, value: ValueColumn, analyte: Coded, in_name: Coded) -> Codes:
    """The unit of each row but for those printed in cells: of its column, its name, the heading, the table."""
    table = found.columns.layout.table_unit
    unitless = analyte.marked(lambda name: analytes.candidates(name) == ("ph",))
    base = np.full(len(found.rows), found.units.code(value.unit), np.int32)
    base = np.where((base < 0) & ~unitless, found.units.code(table), base)
    column = found.columns.role("unit").mapped(lambda word: word if notation.read(word).problem != "no_value" else None)
    if value.analyte and (value.unit or headings.parse(value.analyte).role == "ph"):
        return base.astype(np.int32)
    for printed in (in_name, column):
        codes = np.append(found.units.codes(printed.words), np.int32(-1))[printed.codes]
        base = np.where(codes >= 0, codes, base)
    return base.astype(np.int32)


def _of_wet_samples(found: Read, value: ValueColumn, unit: Codes) -> Codes:
    """The units, with 湿重 added where the heading or the name of the analyte says so and the unit itself does not."""
    fresh = found.columns.role("analyte").marked(lambda name: headings.parse(name).fresh) | value.fresh
    if not fresh.any():
        return unit
    wet = np.array([*(found.units.code(_wet(word)) for word in list(found.units.words)), -1], np.int32)
    return np.where(fresh, wet[unit], unit).astype(np.int32)


def _wet(word: str) -> str:
    known = units.parse(word)
    if known is None or known.basis or known.dimension is not units.Dimension.MASS_FRACTION:
        return word
    return f"{word}（湿重）"


def _codes(vocabulary: Vocabulary, printed: Coded) -> Codes:
    """A column in the numbers of a vocabulary."""
    return np.append(vocabulary.codes(printed.words), np.int32(-1))[printed.codes]


def _limits(found: Read, value: ValueColumn, one: Results, base: Codes, flagged: NDArray[np.bool_]) -> None:
    """Detection limits where the cell prints none, brought to the unit of the result.

    Where a column says that a number is no detection, the number is often a stand-in (half the limit, 0.01 for all): of
    that number and the limit of its row the greater counts. Of several limits (MDL and RL) the greatest counts.
    """
    numbers = np.full(len(found.rows), np.nan)
    loq = np.zeros(len(found.rows), np.bool_)
    if (one.censored & np.isnan(one.limit)).any():
        loq = found.columns.at(value.column).marked(notation.below_quantitation)
    limits = _printed_limits(found, value, "detection_limit", value.limit)
    quantitation = _printed_limits(found, value, "quantitation_limit", value.quantitation)
    pairs = [(pair, ~loq) for pair in limits or quantitation] + [(pair, loq) for pair in quantitation]
    for (printed, unit), rows in pairs:
        here, unread = _beside(found, printed, unit, base, one.unit)
        numbered = ~np.isnan(results.numbers_of(printed, found.units)[0])
        here[~rows] = np.nan
        missing = np.isnan(one.limit) & one.censored & rows
        one.beside(missing & unread, "detection_limit_unread")
        one.beside(missing & numbered & np.isnan(here), "detection_limit_unit")
        numbers = np.fmax(numbers, here)
    numbers[numbers == 0] = np.nan
    one.zero_below(~np.isnan(numbers))
    one.limit = np.where(np.isnan(one.limit), numbers, np.where(flagged, np.fmax(one.limit, numbers), one.limit))


def _printed_limits(found: Read, value: ValueColumn, role: str, in_row: str | None) -> list[tuple[Coded, str | None]]:
    """The limits of a column of results as printed, each with the unit of its heading."""
    if in_row is not None:
        return [(Coded(np.zeros(len(found.rows), np.int32), [in_row]), None)]
    layout = found.columns.layout
    return [(found.columns.at(at), layout.column_units.get(at)) for at in layout.beside(value, role)]


def _beside(
    found: Read, printed: Coded, heading: str | None, base: Codes, final: Codes
) -> tuple[Floats, NDArray[np.bool_]]:
    """Numbers beside the results in the unit of each result, and where something else is printed."""
    numbers, in_cell, unread = results.numbers_of(printed, found.units)
    have = np.full(len(base), found.units.code(heading), np.int32) if heading else base
    return numbers * results.factors(np.where(in_cell >= 0, in_cell, have), final, found.units.words), unread


def _background(found: Read, value: ValueColumn, one: Results, base: Codes) -> None:
    layout = found.columns.layout
    at = next(iter(layout.beside(value, "background")), -1)
    numbers, unread = _beside(found, found.columns.at(at), layout.column_units.get(at), base, one.unit)
    one.beside(unread, "background_unread")
    found.background.append(numbers)


def batch(read: Read, about: About, ph_columns: Sequence[float] = ()) -> Any:
    """The records of one chunk, row by row and in each row by column, as a batch of SCHEMA.

    `ph_columns`: the pH of each column of results, where the columns are samples.
    """
    across = len(read.each)
    around = read.beside
    words = {name: column.repeated(across).arrow() for name, column in around.words.items()}
    arrays: dict[str, Any] = {
        "row": pa.array(np.repeat(read.rows, across)),
        "cell": _cells(read, about),
        "analyte": woven(read.analyte).arrow(),
        "text": woven(read.printed).arrow().dictionary_decode(),
        "value": _numbers([one.value for one in read.each]),
        "censored": pa.array(np.stack([one.censored for one in read.each], axis=1).ravel()),
        "detection_limit": _numbers([one.limit for one in read.each]),
        "more_than": _numbers([one.more_than for one in read.each]),
        "qualifier": Coded(flat([one.qualifier for one in read.each]), read.qualifiers.words).arrow(),
        "unit": Coded(flat([one.unit for one in read.each]), read.units.words).arrow(),
        "ph": _numbers([np.full(len(read.rows), one) for one in ph_columns] or [around.ph] * across),
        "ph_text": around.ph_text.repeated(across).arrow(),
        "date": pa.array(np.repeat(around.day, across), mask=np.repeat(around.undated, across)).cast(pa.date32()),
        "background": _numbers(read.background),
        "problem": Coded(read.problem.ravel().astype(np.int32), PROBLEMS).arrow(),
    }
    arrays |= {name: words[name] for name in (*AS_PRINTED, "depth")}
    arrays["sample"] = samples(read, words["sample"])
    arrays |= _given(read)
    return pa.RecordBatch.from_arrays([arrays[name] for name in SCHEMA.names], schema=SCHEMA)


def _given(read: Read) -> dict[str, Any]:
    """What rows of a crossed table say of its samples: land, crop, day and the like, by column of results."""
    values = read.columns.layout.values
    found: dict[str, Any] = {}
    for role in dict.fromkeys(role for value in values for role in value.given):
        printed = [value.given.get(role) for value in values]
        words = pa.array(printed, pa.string())
        if role == "date":
            words = pa.array([dates.read(word)[0] if word else None for word in printed], pa.date32())
        across = words.take(pa.array(np.tile(np.arange(len(values)), len(read.rows))))
        found[role] = across if role == "date" else across.dictionary_encode()
    return found


def samples(read: Read, words: Any) -> Any:
    """The sample of each record: of the row, or of the column in a crossed table; of both where results are repeated."""
    layout = read.columns.layout
    if layout.shape is not Shape.CROSSED:
        return words.dictionary_decode()
    names = pa.array([value.sample for value in layout.values])
    across = names.take(pa.array(np.tile(np.arange(len(names)), len(read.rows))))
    if layout.column("sample") is None:
        return across
    return pc.coalesce(pc.binary_join_element_wise(words.dictionary_decode(), across, " "), across)


def _cells(read: Read, about: About) -> Any:
    layout = read.columns.layout
    if about.kind == "workbook":
        letters = pa.array([column_letters(value.column) for value in layout.values])
    else:
        letters = pa.array([layout.headings[value.column] for value in layout.values])
    across = letters.take(pa.array(np.tile(np.arange(len(letters)), len(read.rows))))
    if about.step:
        lines = pa.array(np.repeat([line_of(row, about.step) for row in read.rows.tolist()], len(letters)))
        return pc.binary_join_element_wise(lines, across, " ")
    if about.kind != "workbook":
        return across
    return pc.binary_join_element_wise(across, pa.array(np.repeat(read.rows, len(letters))).cast(pa.string()), "")


def flat(columns: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return columns[0] if len(columns) == 1 else np.stack(columns, axis=1).ravel()


def _numbers(columns: Sequence[Floats]) -> Any:
    return pa.array(flat(columns), from_pandas=True)


def woven(columns: Sequence[Coded]) -> Coded:
    """Columns of results side by side, read row by row."""
    if len(columns) == 1:
        return columns[0]
    vocabulary = Vocabulary()
    codes = [np.append(vocabulary.codes(one.words), np.int32(-1))[one.codes] for one in columns]
    return Coded(flat(codes).astype(np.int32), vocabulary.words)
