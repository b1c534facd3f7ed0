"""Approved classes as files bring them: a table or a map, whose rows are read alike.

A table is a workbook, of which every sheet with the columns is taken; its heading may stand in several rows. A map is a
shapefile in a zip, a GeoPackage or GeoJSON, of which attributes and grounds are taken.
"""

from __future__ import annotations

import tempfile
import unicodedata
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
from django.utils.translation import gettext_lazy as _l
from shapely.geometry.base import BaseGeometry

from soildesk.core import gis_sandbox
from soildesk.core.sandbox import sheets_in_child
from soildesk.enterprises.sentences import language
from soildesk.farmland.mu import to_m2, written
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
TITLES: Mapping[str, Any] = {
    "unit": _l("单元代码"),
    "name": _l("单元名称"),
    "class": _l("批准类别"),
    "controlling": _l("控制元素"),
    "mu": _l("面积（亩）"),
    "m2": _l("面积（m²）"),
    "ha": _l("面积（公顷）"),
}
HEADINGS: Mapping[str, Sequence[str]] = {
    "unit": (
        "单元代码", "单元编号", "单元编码", "评价单元编号", "评价单元代码", "外部代码", "图斑编号", "地块编号", "地块编码", "代码",
        "地块代码", "图斑代码", "编码", "编号", "BSM", "DYBH", "TBBH", "DKBH", "code",
    ),
    "name": ("单元名称", "名称", "地块名称", "DYMC", "DKMC", "name"),
    "class": (
        "批准类别", "类别", "质量类别", "环境质量类别", "土壤环境质量类别", "农用地土壤环境质量类别", "耕地土壤环境质量类别", "最终类别",
        "划分类别", "现行类别", "LB", "HJZLLB", "class",
    ),
    "controlling": ("控制元素", "主控元素", "超标元素", "超标因子", "主要超标因子", "主要污染物", "污染物", "KZYS", "controlling"),
    "mu": ("面积（亩）", "亩", "亩数", "批准面积（亩）", "单元面积（亩）", "图斑面积（亩）", "面积亩", "MU"),
    "m2": ("面积（m²）", "面积（m2）", "面积（平方米）", "批准面积（m²）", "图斑面积（m²）", "面积平方米", "平方米", "area_m2"),
    "ha": ("面积（公顷）", "面积（hm²）", "面积（hm2）", "批准面积（公顷）", "图斑面积（公顷）", "面积公顷", "公顷", "area_ha"),
}  # fmt: skip
AREAS = ("mu", "m2", "ha")
BARE_AREA = ("面积", "批准面积", "MJ", "TBMJ", "area")
"""Headings of an area that do not say of which unit: nobody guesses."""
TOTALS = ("合计", "总计", "小计", "备注", "说明", "注：", "注:")
SHOWN = 120
"""Letters of the headings a refusal tells."""
Header = Mapping[int, Sequence[str]]
"""What stands over each column, from above."""


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
        if {"class", "unit"} <= set(_mapped(header).values()):
            below = [one for one in rows if one[0] >= last]
            return _understood(
                header, [Told(number, {}, {}) for number, _cells in below], [cells for _n, cells in below]
            )
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
    if "class" not in _mapped(header).values():
        raise _nothing(path.name, [title for (title,) in header.values()])
    cells = [{column: _text(row[title]) for column, (title,) in header.items()} for row in rows]
    return _understood(header, _drawn(shapes, source.crs_text), cells)


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


def _plain(heading: str) -> str:
    """A heading without blanks, brackets of one kind: what stands in them is the unit of an area."""
    return "".join(unicodedata.normalize("NFKC", heading).split()).casefold()


def _mapped(header: Header) -> dict[int, str]:
    """Column → key, the first column of each heading: by all that stands over a column, else by what stands right over it."""
    known = {_plain(heading): key for key, headings in HEADINGS.items() for heading in headings}
    found: dict[int, str] = {}
    for words in (
        {at: "".join(parts) for at, parts in header.items()},
        {at: parts[-1] for at, parts in header.items()},
    ):
        for column, text in sorted(words.items()):
            key = known.get(_plain(text), "")
            if key and column not in found and key not in found.values():
                found[column] = key
    return found


def _understood(header: Header, rows: Sequence[Told], cells: Sequence[Mapping[int, str]]) -> ClassTable:
    mapping, titles = _mapped(header), {at: " ".join(parts) for at, parts in header.items()}
    told, left = [], 0
    for row, held in zip(rows, cells, strict=True):
        said = {key: held[column] for column, key in mapping.items() if held.get(column)}
        if not said:
            continue
        if _is_total(held, said):
            left += 1
            continue
        told.append(replace(row, raw={title: held[at] for at, title in titles.items() if held.get(at)}, said=said))
    columns = [MappingLine(title, str(TITLES[mapping[at]]) if at in mapping else "") for at, title in titles.items()]
    notes = _notes(titles, mapping)
    if left:
        notes.append(_("略过合计、说明等 %(n)d 行。") % {"n": left})
    return ClassTable(columns, told, notes)


def _is_total(cells: Mapping[int, str], said: Mapping[str, str]) -> bool:
    """Whether a row is no unit but a sum or a remark below the table."""
    words = [text for text in cells.values() if text]
    return words[0].startswith(TOTALS) or ("class" not in said and any(text.startswith(TOTALS) for text in words))


def _notes(header: Mapping[int, str], mapping: Mapping[int, str]) -> list[str]:
    bare = [title for title in header.values() if _plain(title) in {_plain(one) for one in BARE_AREA}]
    if not bare or set(AREAS) & set(mapping.values()):
        return []
    return [
        _("“%(title)s”列没有写明单位，没有使用：请把表头改为“面积（亩）”“面积（m²）”或“面积（公顷）”。")
        % {"title": bare[0]}
    ]


def area_in_m2(said: Mapping[str, str]) -> Decimal | None:
    """The printed area of a row; None where there is none. Raises ValueError where it is no number."""
    for key in AREAS:
        if said.get(key):
            value = written(said[key])
            return to_m2(value) if key == "mu" else (value * (10000 if key == "ha" else 1)).quantize(Decimal("0.01"))
    return None
