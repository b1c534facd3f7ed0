"""From header rows to a layout: which shape the table has, and what each column holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from soilrules.labtables import headings
from soilrules.labtables.header import Header, headers
from soilrules.labtables.headings import Heading
from soilrules.labtables.layout import Layout, Shape, ValueColumn
from soilrules.labtables.notation import is_value
from soilrules.labtables.source import Row

_SEVERAL = ("depth", "detection_limit", "qualifier", "detected", "not_detected")  # all columns of these are read


def understand(rows: Sequence[Row]) -> Layout | None:
    """The layout of a table by its first rows, None where no results are found in it."""
    found = [layout for header in headers(rows) if (layout := _layout(header))]
    return max(found, key=lambda one: (one.score, -len(one.header_rows), -one.after), default=None)


def _layout(header: Header) -> Layout | None:
    shape = _shape(header)
    if shape is None:
        return None
    values = tuple(_values(header, shape))
    roles = _roles(header, shape, values)
    used = {at for columns in roles.values() for at in columns}
    used |= {at for value in values for at in (value.column, *value.beside)}
    unused = [at for at, text in enumerate(header.printed) if text and at not in used]
    twice = [at for at in unused if header.columns[at].analyte is None and header.columns[at].role in {*roles, "value"}]
    label = next((roles[role][0] for role in ("sample", "point") if role in roles), min(used))
    layout = Layout(
        shape, tuple(row.number for row in header.rows), header.rows[-1].number, header.printed, roles, values,
        header.score, tuple(header.printed[at] for at in unused), tuple(header.printed[at] for at in twice),
        header.table_unit, label,
        column_units={at: one.unit for at, one in enumerate(header.columns) if one.unit},
        units=tuple(dict.fromkeys(unit for unit in (*(one.unit for one in header.columns), header.table_unit) if unit)),
    )  # fmt: skip
    return _with_rows_below(layout, header.below)


def _shape(header: Header) -> Shape | None:
    roles = {one.role for one in header.columns if one.analyte is None}
    if {"analyte", "value"} <= roles and not any(one.role == "value" and one.analyte for one in header.columns):
        return Shape.LONG
    if "analyte" in roles and _names(header, _analyte_column(header)):
        return Shape.CROSSED if _sample_columns(header) else None
    named = sum(map(_is_result, header.columns))
    known = sum(one.known for one in header.columns)
    return Shape.WIDE if named and (known > 1 or _says_all(header.columns[0])) else None


def _says_all(one: Heading) -> bool:
    """A heading that makes a table of its column alone: a known analyte with a unit."""
    return bool(one.unit and one.analyte and headings.analyte_name(one.analyte))


def _analyte_column(header: Header) -> int:
    """The column that names most analytes: 项目 and 项目名称 may also be the heading of projects."""
    columns = [at for at, one in enumerate(header.columns) if one.role == "analyte" and one.analyte is None]
    return max(columns, key=lambda at: _names(header, at))


def _names(header: Header, column: int) -> int:
    """How many rows below name an analyte in a column."""
    return sum(headings.parse(row.cells[column]).analyte is not None for row in header.below)


def _is_result(one: Heading) -> bool:
    """A column of results of one analyte."""
    return one.analyte is not None and one.role in (None, "ph", "value")


def _sample_columns(header: Header) -> list[int]:
    """Columns without a role that print results below; a sample may be called S2 as sulfide is."""
    return [
        at
        for at, one in enumerate(header.columns)
        if one.role is None and header.printed[at] and any(is_value(row.cells[at]) for row in header.below)
    ]


def _values(header: Header, shape: Shape) -> Iterator[ValueColumn]:
    if shape is Shape.WIDE:
        yield from _wide_values(header)
    elif shape is Shape.CROSSED:
        for at in _sample_columns(header):
            yield ValueColumn(at, sample=header.printed[at], unit=header.columns[at].unit)
    else:
        at = next(at for at, one in enumerate(header.columns) if one.role == "value" and one.analyte is None)
        yield ValueColumn(at, unit=header.columns[at].unit)


def _wide_values(header: Header) -> Iterator[ValueColumn]:
    beside = _companions(header)
    for at, one in enumerate(header.columns):
        if _is_result(one) and one.analyte:
            unit = one.unit or (None if one.role == "ph" else header.table_unit)
            yield ValueColumn(at, one.analyte, unit=unit, companions=beside.get(headings.meaning(one.analyte), {}))


def _companions(header: Header) -> Mapping[str, Mapping[str, tuple[int, ...]]]:
    """The columns that go with the results of one analyte, by analyte and role."""
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for at, one in enumerate(header.columns):
        if one.role in headings.COMPANIONS and one.analyte:
            roles = found.setdefault(headings.meaning(one.analyte), {})
            roles[one.role] = (*roles.get(one.role, ()), at)
    return found


def _roles(header: Header, shape: Shape, values: Sequence[ValueColumn]) -> Mapping[str, tuple[int, ...]]:
    """Columns by role; of two with the same role the first counts, but for those of _SEVERAL."""
    found: dict[str, tuple[int, ...]] = {}
    unread = _unread(shape, len(values))
    for at, one in enumerate(header.columns):
        role = one.role
        if role is None or role in unread or (one.analyte and role != "ph"):
            continue
        if role == "standard" and any(is_value(row.cells[at]) for row in header.below):
            continue  # the numbers of a standard, not its name
        if role not in found or role in _SEVERAL:
            found[role] = (*found.get(role, ()), at)
    if "analyte" in found:
        found["analyte"] = (_analyte_column(header),)
    return found


def _unread(shape: Shape, results: int) -> frozenset[str]:
    """Roles that mean nothing in a table of this shape."""
    if shape is Shape.CROSSED:
        return frozenset({"other", "value", "ph"})
    if shape is Shape.LONG:
        return frozenset({"other", "value"})
    one_for_all = headings.COMPANIONS if results > 1 else ()  # cannot serve several results of a row
    return frozenset({"other", "value", "analyte", *one_for_all})


def _with_rows_below(layout: Layout, below: Sequence[Row]) -> Layout:
    """Take in rows of detection limits right below the headings of a wide table (检出限 | 0.01 | 0.002)."""
    if layout.shape is not Shape.WIDE:
        return layout
    for row in below:
        if headings.plain(row.cells[layout.label]) not in headings.plain_words("rows", "detection_limits"):
            break
        values = tuple(replace(value, limit=row.cells[value.column].strip() or value.limit) for value in layout.values)
        layout = replace(layout, values=values, after=row.number, header_rows=(*layout.header_rows, row.number))
    return layout
