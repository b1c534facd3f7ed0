"""Rules about the form of the file: columns that are missing, what was not read, what a workbook hides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from soilrules.labcheck import exchange, workbooks
from soilrules.labcheck.exchange import Need
from soilrules.labcheck.findings import Log
from soilrules.labcheck.frame import Frame, word_of
from soilrules.labtables import LabTable, LabTableRefused, Layout, Problem, Shape, read_table
from soilrules.labtables.formulas import column_letters
from soilrules.labtables.table import same_analytes

_LEFT_OUT = ("summary_rows", "repeated_header", "note_rows")
_SAMPLE = ("sample", "point", "depth", "date")


def columns(table: LabTable, log: Log, *, medium: str) -> None:
    """The columns of the format a table has not, and those that were not read."""
    layouts = [layout for _, layout in table.parts]
    for column in exchange.current().columns:
        missing = [one for one in layouts if not _has(one, column.key)]
        if missing and column.need is not Need.OPTIONAL:
            rule = _missing_rule(missing[0], column.key, column.need)
            log.tell(rule, 1, column.heading)
    if not medium and any(not _has(one, "medium") for one in layouts):
        log.tell("medium_assumed", 1, exchange.current().column("medium").heading)
    _document(table, layouts, log)
    if unread := _unread(layouts):
        log.tell("columns_not_read", 1, "、".join(unread)[:80], columns="、".join(unread))
    if twice := list(dict.fromkeys(heading for one in layouts for heading in one.twice)):
        log.tell("columns_twice", 1, twice[0], columns="、".join(twice))
    for same in dict.fromkeys(_same for one in layouts for _same in same_analytes(one)):
        log.tell("analyte_twice", 1, same[1], columns="、".join(same))
    for one in layouts:
        if one.shape is Shape.CROSSED and {"sample", "point"} & one.roles.keys():
            log.tell(
                "results_beside",
                1,
                one.headings[one.values[0].column],
                columns="、".join(v.sample or "" for v in one.values),
            )
    if blocks := max(sum(other.after == one.after for other in layouts) for one in layouts) - 1:
        log.tell("side_blocks", 1, "", count=blocks + 1)


def _document(table: LabTable, layouts: Sequence[Layout], log: Log) -> None:
    """What is told of a document alone: its tables that were not read, how its rows are numbered, limits that were lent."""
    for one in layouts:
        if one.unread:
            log.tell("table_not_read", 1, "", tables="；".join(one.unread))
        if one.passed_over:
            log.tell("tables_beside", 1, "", tables="；".join(one.passed_over))
    if table.parts[0][0].about.step:
        log.tell("document_rows", 1, "")
    if any(one.lent for one in layouts):
        log.tell("limits_lent", 1, exchange.current().column("detection_limit").heading)


def _missing_rule(layout: Layout, key: str, need: Need) -> str:
    """A long table is the exchange format; of others only the unit and the sample are required."""
    if need is not Need.REQUIRED:
        return "advised_column"
    return "required_column" if layout.shape is Shape.LONG or key in ("sample", "unit") else "expected_column"


def _has(layout: Layout, key: str) -> bool:
    """Whether a table says anything of a column of the format, wherever it stands."""
    values = layout.values
    if key in layout.roles or key in layout.given or key in exchange.own_columns(layout):
        return True
    if any(key in one.given or key in one.companions for one in values):
        return True
    if key == "value" or (key == "sample" and (layout.shape is Shape.CROSSED or "point" in layout.roles)):
        return True
    if key == "unit":
        return (
            bool(layout.table_unit or any(one.unit for one in values)) or layout.shape is Shape.WIDE
        )  # told cell by cell
    if key == "analyte":
        return all(one.analyte for one in values)
    return key == "detection_limit" and any(one.limit or one.quantitation for one in values)


def _unread(layouts: Sequence[Layout]) -> list[str]:
    own = {layout.headings[at] for layout in layouts for at in exchange.own_columns(layout).values()}
    ignored = [heading for layout in layouts for heading in layout.ignored if heading not in layout.twice]
    return [heading for heading in dict.fromkeys(ignored) if heading not in own]


def left_out(problems: Iterable[Problem], log: Log) -> None:
    """Rows the reader passed over, once all were read, and results that are formulas."""
    for one in problems:
        if one.id in _LEFT_OUT and one.row:
            log.tell("left_out", one.row, "", one.message)
        elif one.id == "open_quote" and one.row:
            log.tell("open_quote", one.row, one.cell or "", one.message)
        elif one.id == "formulas_used" and one.row:
            log.tell("formula_stored", one.row, "", one.message)


class Workbook:
    """What the workbook of a table hides; nothing where the file is no workbook."""

    def __init__(self, data: Path | bytes, table: LabTable) -> None:
        self._layouts = [layout for _, layout in table.parts]
        self._data, self._name = data, table.name
        self._about = table.parts[0][0].about
        self.book = workbooks.Book()
        if self._about.kind == "workbook":
            content = data if isinstance(data, bytes) else data.read_bytes()
            self.book = workbooks.look(
                content, table.name, self._about.sheet or "", set(self._numbers()), set(self._names())
            )

    def _numbers(self) -> Iterator[int]:
        for layout in self._layouts:
            for value in layout.values:
                yield value.column
                yield from layout.beside(value, "detection_limit")

    def _names(self) -> Iterator[int]:
        yield from (at for layout in self._layouts for at in layout.roles.get("sample", ()))

    def tell(self, log: Log) -> None:
        """The findings about the whole sheet."""
        for name in filter(self._holds_results, self._about.other_sheets):
            log.tell("second_sheet", 1, "", sheet=name, read=self._about.sheet or "")
        for name in self.book.hidden_sheets:
            log.tell("hidden_sheet", 1, "", sheet=name)
        first = self._layouts[0].header_rows[0]
        for row in self.book.hidden_rows:
            if row >= first:
                log.tell("hidden_row", row, "")
        for at in self.book.hidden_columns:
            log.tell("hidden_column", 1, self._heading(at), letter=column_letters(at))

    def _holds_results(self, sheet: str) -> bool:
        """Whether results would be lost with a sheet: notes may look like a table, and hold none."""
        if sheet.strip() in exchange.current().beside:
            return False
        try:
            batches = read_table(self._data, name=self._name, sheet=sheet).batches()
            return any(pc.any(pc.or_(one["value"].is_valid(), one["censored"])).as_py() for one in batches)
        except LabTableRefused:
            return False

    def _heading(self, at: int) -> str:
        names = (layout.headings[at] for layout in self._layouts if at < len(layout.headings) and layout.headings[at])
        return next(names, column_letters(at))

    def _tell_merged(self, frame: Frame, log: Log) -> None:
        """Merged cells beside results; merged results are told one by one, being errors, and merged notes are none."""
        results = {value.column for value in frame.layout.values}
        read = {*frame.layout.wanted, *frame.own.values()} - results
        rows = set(frame.piece.read.rows.tolist())
        for row, at in self.book.merged:
            if row in rows and at in read:
                log.tell("merged_cell", row, self._heading(at))

    def check(self, frame: Frame, log: Log) -> None:
        """The cells of one frame that are merged, numbers kept as text, and numbers of samples with blanks around them."""
        if self.book.merged:
            self._tell_merged(frame, log)
        values = frame.layout.values
        limits = [next(iter(frame.layout.beside(value, "detection_limit")), -1) for value in values]
        for role, columns in (("value", [value.column for value in values]), ("detection_limit", limits)):
            kept = [list(self.book.text_numbers.get(at, ())) for at in columns]
            if any(kept):
                marks = np.stack([np.isin(frame.piece.read.rows, rows) for rows in kept], axis=1).ravel()
                column = frame.printed if role == "value" else frame.beside(role)[0]
                frame.find(log, "text_number", marks & frame.told, role, word_of(column))
        for at in frame.layout.roles.get("sample", ())[:1]:
            rows = list(self.book.blank_ends.get(at, ()))
            frame.find(log, "id_form", np.isin(frame.row, rows), "sample", word_of(frame.sample))
