"""The list of methods in a report: its detection limits serve the results of the other tables that print none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from soilrules import units
from soilrules.labtables import headings
from soilrules.labtables.header import Header, headers
from soilrules.labtables.layout import Layout, Shape
from soilrules.labtables.notation import read
from soilrules.labtables.source import HEAD_ROWS, Row

Limits = Mapping[str, str]
_NAME = "检出限"


def limits_of(tables: Iterable[Sequence[Sequence[str]]]) -> Limits:
    """Analyte → limit with its unit, of all tables of methods; one told twice and differently is not taken."""
    found: dict[str, set[str]] = {}
    for cells in tables:
        for analyte, limit in _limits(cells):
            found.setdefault(headings.meaning(analyte), set()).add(limit)
    return {analyte: said.pop() for analyte, said in found.items() if len(said) == 1}


def _limits(cells: Sequence[Sequence[str]]) -> Iterable[tuple[str, str]]:
    rows = [Row(at, tuple(row)) for at, row in enumerate(cells, 1)]
    header = max(headers(rows[:HEAD_ROWS]), key=lambda one: one.score, default=None)
    if header is None:
        return
    analyte, limit, unit = (_column(header, role) for role in ("analyte", "detection_limit", "unit"))
    if analyte is None or limit is None:
        return
    for row in rows[header.rows[-1].number :]:
        said = (header.columns[limit].unit, row.cells[unit] if unit is not None else "", header.table_unit)
        if text := _with_unit(row.cells[limit], said):
            yield row.cells[analyte], text


def _column(header: Header, role: str) -> int | None:
    return next((at for at, one in enumerate(header.columns) if one.role == role and one.analyte is None), None)


def _with_unit(limit: str, said: Iterable[str | None]) -> str:
    """A limit with its unit; nothing where it is no number or of no unit: mg/kg is never supposed."""
    line = read(limit)
    if line.value is None or (line.unit and units.parse(line.unit)):
        return limit if line.value is not None else ""
    unit = next((one for one in said if one and units.parse(one)), "")
    return f"{limit}{unit}" if unit else ""


def has_limits(layout: Layout) -> bool:
    """Whether a table says detection limits itself."""
    own = any(one.limit or one.quantitation or "detection_limit" in one.companions for one in layout.values)
    return own or "detection_limit" in layout.roles or "quantitation_limit" in layout.roles


def with_column(
    cells: Sequence[tuple[str, ...]], layout: Layout, limits: Limits, header: int
) -> tuple[tuple[str, ...], ...]:
    """The cells of a table with a further column of limits; `header`: how many of the rows are headings."""
    at = layout.roles["analyte"][0]
    more = [_NAME if row < header else limits.get(_meaning(line[at]), "") for row, line in enumerate(cells)]
    return tuple((*line, text) for line, text in zip(cells, more, strict=True))


def _meaning(name: str) -> str:
    return headings.meaning(headings.split_unit(name)[0] or name)


def with_limits(layout: Layout, limits: Limits, again: Layout | None) -> Layout:
    """A layout with the limits of the list; `again`: as it is understood with the further column."""
    if layout.shape is not Shape.WIDE:
        return replace(again, lent=True) if again else layout
    values = tuple(replace(one, limit=limits.get(headings.meaning(one.analyte or ""))) for one in layout.values)
    return replace(layout, values=values, lent=any(one.limit for one in values))
