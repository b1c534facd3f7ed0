"""Approved classes as files bring them: a table or a map, whose rows are read alike.

A table is a workbook, of which every sheet with the columns is taken; its heading may stand in several rows. A map is a
shapefile in a zip, a GeoPackage or GeoJSON, of which attributes and grounds are taken.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core import gis_sandbox
from soildesk.core.sandbox import sheets_in_child
from soildesk.enterprises.sentences import language
from soildesk.farmland import approvedheadings as headings
from soildesk.farmland.approvedheadings import Header
from soildesk.farmland.mu import differs, to_m2, written
from soildesk.farmland.mu import told as told_area
from soildesk.kit.gis.refusals import spoken
from soildesk.kit.imports import ImportRefused, MappingLine
from soildesk.land.shapes import polygons_of
from soilrules.geodesy import crs as systems
from soilrules.geodesy.transform import to_stored
from soilrules.gisfiles import NOTE, ROW, WKB, Options, UnreadableGis
from soilrules.plantext.formats import Sheet, UnreadableFile
from soilrules.plantext.formats.sheets import SheetRow

TABLES = (".xlsx", ".xls")
MAPS = (".zip", ".gpkg", ".geojson", ".json")
HEADER_WITHIN = 10
TOTALS = ("合计", "总计", "小计", "备注", "说明", "注：", "注:")
SHOWN = 120
"""Letters of the headings a refusal tells."""


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a file, as it stands there; a map gives its ground too. `crossed`: the ring cuts itself."""

    position: int
    raw: Mapping[str, str]
    said: Mapping[str, str]
    ground: BaseGeometry | None = None
    drawn: bool = False
    crossed: bool = False


@dataclass(frozen=True, slots=True)
class ClassTable:
    """What a file tells of classes."""

    columns: Sequence[MappingLine]
    rows: Sequence[Told]
    notes: Sequence[str]


def read(data: bytes, name: str) -> ClassTable:
    """The rows of a table or a map; refused where no column is a class."""
    return _map(data, name) if name.lower().endswith(MAPS) else _table(data, name)


def _table(data: bytes, name: str) -> ClassTable:
    try:
        sheets = sheets_in_child(data, name)
    except UnreadableFile as error:
        raise ImportRefused(error.sentence(language()), code="kit.import.unreadable") from error
    parts = {sheet.name: part for sheet in sheets if (part := _sheet(sheet)) is not None}
    if not parts:
        raise _nothing(
            name, [cell.text for sheet in sheets[:1] for row in sheet.rows[:HEADER_WITHIN] for cell in row.cells]
        )
    passed = [sheet.name for sheet in sheets if sheet.name not in parts and sheet.rows]
    return _joined(parts, passed)


def _sheet(sheet: Sheet) -> ClassTable | None:
    """What a sheet tells; None where no heading of it names units and classes."""
    rows = _filled(sheet.rows)
    for at, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        last = row.number + max((cell.row_span for cell in row.cells if cell.text), default=1)
        header = _heading([one for one in sheet.rows[at:] if one.number < last])
        mapping = headings.mapped(header, headings.unit_above(sheet.rows[:at]))
        if {"class", "unit"} <= set(mapping.values()):
            below = [one for one in rows if one[0] >= last]
            told = [Told(number, {}, {}) for number, _cells in below]
            return _understood(header, mapping, told, [cells for _n, cells in below])
    return None


def _heading(rows: Sequence[SheetRow]) -> Header:
    """What stands over each column: a heading over several columns stands over each of them."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        for cell in row.cells:
            for column in range(cell.column, cell.column + cell.col_span) if cell.text else ():
                found[column].append(cell.text.strip())
    return found


def _filled(rows: Sequence[SheetRow]) -> list[tuple[int, dict[int, str]]]:
    """The cells of each row by column; one merged over several rows stands in each of them."""
    found = {row.number: {cell.column: cell.text.strip() for cell in row.cells} for row in rows}
    for row in rows:
        for cell in row.cells:
            for number in range(row.number + 1, row.number + cell.row_span) if cell.text else ():
                found.get(number, {}).setdefault(cell.column, cell.text.strip())
    return list(found.items())


def _joined(parts: Mapping[str, ClassTable], passed: Sequence[str]) -> ClassTable:
    """The sheets of a workbook as one table; what was not read is told."""
    notes = [note for part in parts.values() for note in part.notes]
    if passed:
        names = {"names": "、".join(passed)}
        notes.append(_("工作表“%(names)s”没有单元代码和类别列，没有读取。") % names)
    if len(parts) == 1:
        (only,) = parts.values()
        return replace(only, notes=notes)
    notes.append(_("读了 %(n)d 张工作表：%(names)s。") % {"n": len(parts), "names": "、".join(parts)})
    rows = [replace(row, raw={_("工作表"): name, **row.raw}) for name, part in parts.items() for row in part.rows]
    columns = list(dict.fromkeys(line for part in parts.values() for line in part.columns))
    return ClassTable(columns, rows, list(dict.fromkeys(notes)))


def _map(data: bytes, name: str) -> ClassTable:
    with tempfile.TemporaryDirectory() as folder, spoken():
        path = Path(folder, Path(name).name)
        path.write_bytes(data)
        try:
            return _layer(path, Options())
        except UnreadableGis as error:
            if error.code != "several_layers":
                raise
            return _one_of(path, error)


def _one_of(path: Path, error: UnreadableGis) -> ClassTable:
    """The only layer of a file that says classes; refused where none does, or more than one."""
    found: dict[str, ClassTable] = {}
    for layer in str(error.message.params["layers"]).removesuffix("……").split("、"):
        with suppress(ImportRefused):
            found[layer] = _layer(path, Options(layer=layer))
    if len(found) != 1:
        raise error
    ((layer, table),) = found.items()
    return replace(table, notes=[*table.notes, _("文件里有几个图层，读的是有类别的“%(layer)s”。") % {"layer": layer}])


def _layer(path: Path, options: Options) -> ClassTable:
    source = gis_sandbox.inspect_in_child(path, path.name, options)
    rows: list[dict[str, Any]] = []
    shapes: list[Any] = []
    for batch in gis_sandbox.read_in_child(path, path.name, options):
        shapes += shapely.from_wkb(batch.column(WKB).to_numpy(zero_copy_only=False)).tolist()
        rows += batch.drop_columns([one for one in (WKB, ROW, NOTE) if one in batch.schema.names]).to_pylist()
    header = {at: [title] for at, title in enumerate(rows[0])} if rows else {}
    mapping = headings.mapped_of_map(header)
    if "class" not in mapping.values():
        raise _nothing(path.name, [title for (title,) in header.values()])
    cells = [{column: _text(row[title]) for column, (title,) in header.items()} for row in rows]
    return _understood(header, mapping, _drawn(shapes, source.crs_text), cells)


def _drawn(shapes: Sequence[Any], crs_text: str | None) -> list[Told]:
    """The rows of a map with their grounds; one whose ring cuts itself is read as what it encloses."""
    told = []
    for at, ground in enumerate(_stored(shapes, crs_text), 1):
        crossed = ground is not None and not ground.is_valid
        whole = polygons_of(shapely.make_valid(ground) if crossed else ground) if ground is not None else None
        told.append(Told(at, {}, {}, None if whole is None or whole.is_empty else whole, True, crossed))
    return told


def _stored(shapes: Sequence[Any], crs_text: str | None) -> list[BaseGeometry | None]:
    """The grounds as we keep them; a map that does not say its system is refused."""
    if not crs_text:
        raise ImportRefused(
            _("图形没有写明坐标系：请补上 .prj，或改用写明坐标系的 GeoPackage、GeoJSON，再来导入。"),
            code="kit.import.nothing",
        )
    held = to_stored(np.array(shapes, dtype=object), systems.named(crs_text)).geoms
    return [None if one is None or one.is_empty else one for one in held]


def _text(value: Any) -> str:
    if value is None:
        return ""
    number = isinstance(value, float | int) and not isinstance(value, bool)
    return f"{Decimal(str(value)).normalize():f}" if number else str(value).strip()


def _nothing(name: str, seen: Sequence[str]) -> ImportRefused:
    read = "、".join(dict.fromkeys(text.strip() for text in seen if text.strip()))[:SHOWN] or _("没有")
    return ImportRefused(
        _(
            "“%(name)s”里没有找到“单元代码”和“类别”列（读到的表头：%(read)s）：请把这两列的表头改成“单元代码”“类别”；类别填写优先保护类、安全利用类、严格管控类。"
        )
        % {"name": name, "read": read},
        code="kit.import.nothing",
    )


def _understood(
    header: Header, mapping: Mapping[int, str], rows: Sequence[Told], cells: Sequence[Mapping[int, str]]
) -> ClassTable:
    titles = {at: " ".join(parts) for at, parts in header.items()}
    told, left = [], []
    for row, held in zip(rows, cells, strict=True):
        said = {key: held[column] for column, key in mapping.items() if held.get(column)}
        if not said:
            continue
        if _is_total(held, said):
            left.append(said)
            continue
        told.append(replace(row, raw={title: held[at] for at, title in titles.items() if held.get(at)}, said=said))
    columns = [
        MappingLine(title, str(headings.TITLES[mapping[at]]) if at in mapping else "") for at, title in titles.items()
    ]
    notes = headings.notes(titles, mapping)
    if left:
        notes += [_("略过合计、说明等 %(n)d 行。") % {"n": len(left)}, *_sum_told(told, left)]
    return ClassTable(columns, told, notes)


def _is_total(cells: Mapping[int, str], said: Mapping[str, str]) -> bool:
    """Whether a row is no unit but a sum or a remark below the table."""
    words = [text for text in cells.values() if text]
    return words[0].startswith(TOTALS) or ("class" not in said and any(text.startswith(TOTALS) for text in words))


def _sum_told(rows: Sequence[Told], left: Sequence[Mapping[str, str]]) -> list[str]:
    """What is to be said where the rows do not come to the total below them: a row may be missing."""
    with suppress(ValueError):
        totals = list(filter(None, map(area_in_m2, left)))
        together = sum(filter(None, (area_in_m2(row.said) for row in rows)), Decimal(0))
        if len(totals) == 1 and differs(totals[0], together):
            words = {"total": told_area(totals[0]), "rows": told_area(together)}
            return [_("合计行写的是 %(total)s，逐行相加是 %(rows)s，相差超过 1%%：请核对有没有漏行。") % words]
    return []


def area_in_m2(said: Mapping[str, str]) -> Decimal | None:
    """The printed area of a row; None where there is none. Raises ValueError where it is no number."""
    for key in headings.AREAS:
        if said.get(key):
            value = written(said[key])
            return to_m2(value) if key == "mu" else (value * (10000 if key == "ha" else 1)).quantize(Decimal("0.01"))
    return None
