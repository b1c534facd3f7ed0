"""From header rows to a layout: which shape the table has, and what each column holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from soilrules.labtables import dates, headings
from soilrules.labtables.header import Header, headers
from soilrules.labtables.headings import Heading
from soilrules.labtables.layout import Layout, Shape, ValueColumn
from soilrules.labtables.notation import is_value, means, read, says_below
from soilrules.labtables.source import Row

_NO_DOUBT = ("above", "kept", "detected", "not_measured")  # signs that leave a number as it is
_KEYS = ("sample", "point", "analyte")
_OF_SAMPLES = ("point", "land", "land_class", "planned_use", "crop", "water_use", "medium", "date", "depth")
_OF_ALL_ROWS = ("sample", "point", "date", "depth", "land")
_SAYS = re.compile(r"([^:：]{1,20})[:：]\s*([^:：]{1,60})")
_WET = re.compile(r"(?:[以按为系]|基于|均为)\s*(?:样品)?(?:湿重|湿基|鲜重|湿样|鲜样)|wet[- ]weight basis", re.I)
_DRY = re.compile(r"干重|干基|dry[- ]?w", re.I)
_SPEAKS_OF_SAMPLES = re.compile(
    r"样|点位|点号|点名|采样点|断面|编号|编码|代码|井|地块|sample|site|station|location|point|well|code|(?:^|[\W_])id$",
    re.I,
)
_SEVERAL = ("depth", "detection_limit", "qualifier", "detected", "not_detected")  # all columns of these are read


def understand(rows: Sequence[Row]) -> Layout | None:
    """The layout of a table by its first rows, None where no results are found in it."""
    found = [layout for header in headers(rows) if (layout := _blocks(header))]
    return max(found, key=lambda one: (one.score, -len(one.header_rows), -one.after), default=None)


def _blocks(header: Header) -> Layout | None:
    """The layout of a table; of several blocks side by side the first, with the others as `further`."""
    groups = _groups(header)
    layouts = [_layout(_part(header, columns)) for columns in groups]
    if len(groups) < 2 or not all(layouts):
        return _layout(header)
    first, *further = (
        replace(layout, given=_given(header, layout, columns))
        for layout, columns in zip(layouts, groups, strict=True)
        if layout
    )
    return replace(first, further=tuple(further), score=sum(layout.score for layout in layouts if layout))


def _groups(header: Header) -> list[range]:
    """The columns of each block: a block begins where the first heading of samples or analytes is printed again."""
    keys = [at for at, one in enumerate(header.columns) if one.role in _KEYS and one.analyte is None]
    for first in keys:
        starts = [at for at in keys if _same_heading(header, at, first)]
        if len(starts) > 1:
            return [range(at, end) for at, end in zip(starts, [*starts[1:], len(header.columns)], strict=True)]
    return []


def _same_heading(header: Header, at: int, other: int) -> bool:
    return header.columns[at].role == header.columns[other].role and _lowest(header, at) == _lowest(header, other)


def _lowest(header: Header, column: int) -> str:
    return next((row.cells[column] for row in reversed(header.rows) if row.cells[column].strip()), "")


def _part(header: Header, columns: range) -> Header:
    """The header with the columns of one block alone; what stands left of the first block serves all."""
    first = _groups(header)[0].start
    kept = [at < first or at in columns for at in range(len(header.columns))]
    return replace(
        header,
        columns=tuple(one if keep else Heading() for one, keep in zip(header.columns, kept, strict=True)),
        printed=tuple(text if keep else "" for text, keep in zip(header.printed, kept, strict=True)),
    )


def _given(header: Header, layout: Layout, columns: range) -> Mapping[str, str]:
    """The name of a sample that stands alone over the columns of its block, or the lines above."""
    if {"sample", "point"} & layout.roles.keys() or layout.shape is not Shape.LONG or not header.above:
        return layout.given
    over = {text.strip() for text in header.above[-1].cells[columns.start : columns.stop] if text.strip()}
    name = over.pop() if len(over) == 1 else ""
    said = line_says(name)
    if said:
        return {**layout.given, said[0]: said[1]}
    names = {text.strip() for text in header.above[-1].cells if text.strip()}
    return {**layout.given, "sample": name} if name and len(names) > 1 else layout.given


def line_says(text: str) -> tuple[str, str] | None:
    """What a line says of all rows below it: 样品编号：S1.

    >>> line_says("样品编号：S1"), line_says("委托单位：某公司")
    (('sample', 'S1'), None)
    """
    found = _SAYS.fullmatch(" ".join(text.split()))
    role = headings.parse(found[1]).role if found else None
    return (role, found[2].strip()) if found and role in _OF_ALL_ROWS else None


def row_says(cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What a line says of all rows below it, in one cell or in two: 样品编号 | S1 | 采样日期 | 2026-09-01."""
    filled = [text for text in cells if text.strip()]
    for at, text in enumerate(filled):
        after = filled[at + 1] if at + 1 < len(filled) else ""
        if said := line_says(text):
            yield said
        elif after and headings.parse(text).role in _OF_ALL_ROWS and not _is_heading(after):
            yield from filter(None, [line_says(f"{text.strip(' :：')}：{after}")])


def _is_heading(text: str) -> bool:
    """Whether a word stands over a column; a sample may be called S2, as sulfide is."""
    return headings.parse(text).role is not None or headings.surely_analyte(text)


def _says_wet(header: Header) -> bool:
    """Whether a line above or below the table says that all results are of the wet sample: 注：结果以湿重计."""
    texts = [text for row in (*header.above, *header.below) for text in row.cells]
    return any(map(_WET.search, texts)) and not any(map(_DRY.search, (*texts, *header.printed)))


def _layout(header: Header) -> Layout | None:
    shape = _shape(header)
    if shape is None:
        return None
    values = tuple(_values(header, shape))
    if _says_wet(header):
        values = tuple(replace(one, fresh=True) for one in values)
    roles = _roles(header, shape, values)
    used = {at for columns in roles.values() for at in columns}
    used |= {at for value in values for at in (value.column, *value.beside)}
    if shape is Shape.LONG and (signs := _signs(header, used)):
        roles = {**roles, "qualifier": (*roles.get("qualifier", ()), *signs)}
        used |= set(signs)
    unused = [at for at, text in enumerate(header.printed) if text and at not in used]
    twice = [at for at in unused if header.columns[at].analyte is None and header.columns[at].role in {*roles, "value"}]
    lines = [said for row in header.above for said in row_says(row.cells)]
    given = {role: word for role, word in lines if role not in roles and shape is Shape.LONG and _useful(role, word)}
    if (
        shape is not Shape.CROSSED
        and not {"sample", "point"} & roles.keys()
        and (named := _names_samples(header, unused))
    ):
        roles = {**roles, "sample": (named[0],)}
        unused.remove(named[0])
    label = next((roles[role][0] for role in ("sample", "point") if role in roles), min(used))
    layout = Layout(
        shape, tuple(row.number for row in header.rows), header.rows[-1].number, header.printed, roles, values,
        _score(header, shape, values), tuple(header.printed[at] for at in unused), tuple(header.printed[at] for at in twice),
        header.table_unit, label,
        given=given, column_units={at: one.unit for at, one in enumerate(header.columns) if one.unit},
        units=tuple(dict.fromkeys(unit for unit in (*(one.unit for one in header.columns), header.table_unit) if unit)),
    )  # fmt: skip
    return _with_rows_below(layout, header.below)


def _score(header: Header, shape: Shape, values: Sequence[ValueColumn]) -> float:
    """How much of the header was understood; where samples are columns, one called S2 is no sulfide."""
    if shape is not Shape.CROSSED:
        return header.score
    roles = {one.role for one in header.columns if one.role and one.role != "other"}
    return len(roles) + 1 + len({word for value in values for word in (value.sample or "").split()}) / 10


def _useful(role: str, word: str) -> bool:
    return role != "date" or dates.read(word)[0] is not None


def _shape(header: Header) -> Shape | None:
    roles = {one.role for one in header.columns if one.analyte is None}
    values = [at for at, one in enumerate(header.columns) if one.role == "value" and one.analyte is None]
    spread = any(header.rows[-1].cells[at] == header.rows[-1].cells[at + 1] for at in values if at + 1 in values)
    if (
        {"analyte", "value"} <= roles
        and not spread
        and not any(one.role == "value" and one.analyte for one in header.columns)
    ):
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


def _said_below(header: Header, column: int) -> Mapping[str, str]:
    """What rows of a crossed table say of the sample of a column: 土地利用类型, 采样日期."""
    named = _analyte_column(header)
    rows = ((headings.parse(row.cells[named]).role, row.cells[column].strip()) for row in header.below)
    return {role: word for role, word in rows if role in _OF_SAMPLES and word and read(word).problem != "no_value"}


def _sample_name(header: Header, column: int, samples: Sequence[int]) -> str:
    """The words over a column of results but for 检测结果 and the like, and those that stand over all samples."""
    names = {at: _words_over(header, at) for at in samples}
    shared = set.intersection(*map(set, names.values())) if len(samples) > 1 else set()
    return " ".join(word for word in names[column] if word not in shared) or header.printed[column]


def _words_over(header: Header, column: int) -> list[str]:
    words = (" ".join(row.cells[column].split()) for row in header.rows)
    return list(dict.fromkeys(word for word in words if word and headings.parse(word).role is None))


def _values(header: Header, shape: Shape) -> Iterator[ValueColumn]:
    if shape is Shape.WIDE:
        yield from _wide_values(header)
    elif shape is Shape.CROSSED:
        samples = _sample_columns(header)
        for at in samples:
            beside = _right_of(header, at, samples)
            yield ValueColumn(
                at, sample=_sample_name(header, at, samples), unit=header.columns[at].unit, companions=beside,
                given=_said_below(header, at),
            )  # fmt: skip
    else:
        places = [at for at, one in enumerate(header.columns) if one.role == "value" and one.analyte is None]
        at = min(places, key=lambda at: header.columns[at].fresh)  # of results on dry and wet weight the dry ones
        yield ValueColumn(at, unit=header.columns[at].unit, fresh=header.columns[at].fresh)


def _wide_values(header: Header) -> Iterator[ValueColumn]:
    beside = _companions(header)
    results = [at for at, one in enumerate(header.columns) if _is_result(one)]
    dry = {headings.meaning(one.analyte or "") for one in header.columns if _is_result(one) and not one.fresh}
    for at, one in enumerate(header.columns):
        if _is_result(one) and one.analyte and not (one.fresh and headings.meaning(one.analyte) in dry):
            unit = one.unit or (None if one.role == "ph" else header.table_unit)
            yield ValueColumn(
                at,
                one.analyte,
                unit=unit,
                fresh=one.fresh,
                companions={**_right_of(header, at, results), **beside.get(headings.meaning(one.analyte), {})},
            )


def _right_of(header: Header, column: int, results: Sequence[int]) -> Mapping[str, tuple[int, ...]]:
    """Columns that say the same thing of each column of results and stand right of it: As, Flag, Cd, Flag."""
    after = next((at for at in results if at > column), len(header.columns))
    found: dict[str, tuple[int, ...]] = {}
    for at in range(column + 1, after):
        role = header.columns[at].role
        if role in headings.COMPANIONS and header.columns[at].analyte is None and _often(header, role):
            found[role] = (*found.get(role, ()), at)
    return found


def _often(header: Header, role: str) -> bool:
    """Whether a heading of a role is printed again and again without an analyte."""
    printed = [header.printed[at] for at, one in enumerate(header.columns) if one.role == role and one.analyte is None]
    return len(printed) > 1 and len(set(printed)) < len(printed)


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
    own = {at for value in values for at in value.beside}
    for at, one in enumerate(header.columns):
        role = one.role
        if role is None or role in unread or at in own or (one.analyte and role != "ph"):
            continue
        if role == "standard" and any(is_value(row.cells[at]) for row in header.below):
            continue  # the numbers of a standard, not its name
        if role not in found or role in _SEVERAL:
            found[role] = (*found.get(role, ()), at)
    if "analyte" in found:
        found["analyte"] = (_analyte_column(header),)
    return found


def _signs(header: Header, used: Collection[int]) -> list[int]:
    """Columns of no known heading, or none, in which only signs such as < or ND are printed."""
    free = [at for at, one in enumerate(header.columns) if at not in used and not one.known]
    return [at for at in free if _only_signs({row.cells[at].strip() for row in header.below} - {""})]


def _only_signs(texts: Collection[str]) -> bool:
    read_all = all(says_below(text) or any(means(text, kind) for kind in _NO_DOUBT) for text in texts)
    return read_all and any(map(says_below, texts))


def _names_samples(header: Header, unused: Sequence[int]) -> list[int]:
    """Columns whose heading is not in the list but speaks of samples: 原样编号, Field sample code."""
    return [at for at in unused if header.columns[at] == Heading() and _SPEAKS_OF_SAMPLES.search(header.printed[at])]


def _unread(shape: Shape, results: int) -> frozenset[str]:
    """Roles that mean nothing in a table of this shape."""
    if shape is Shape.CROSSED:
        return frozenset({"other", "value", "ph"})
    if shape is Shape.LONG:
        return frozenset({"other", "value"})
    # A limit cannot serve several results of a row. A flag cannot either, but it must not pass unseen.
    one_for_all = ("detection_limit", "quantitation_limit", "background") if results > 1 else ()
    return frozenset({"other", "value", "analyte", *one_for_all})


def _with_rows_below(layout: Layout, below: Sequence[Row]) -> Layout:
    """Take in rows of detection limits (检出限 | 0.01 | 0.002) of a wide table, below its headings or at its end."""
    if layout.shape is not Shape.WIDE:
        return layout
    for row in below:
        label = headings.plain(row.cells[layout.label])
        if label in headings.plain_words("rows", "detection_limits"):
            values = tuple(replace(one, limit=row.cells[one.column].strip() or one.limit) for one in layout.values)
        elif label in headings.plain_words("rows", "quantitation_limits"):
            values = tuple(replace(one, quantitation=row.cells[one.column].strip() or None) for one in layout.values)
        else:
            continue
        layout = replace(layout, values=values)
        if row.number == layout.after + 1:
            layout = replace(layout, after=row.number, header_rows=(*layout.header_rows, row.number))
    return layout
