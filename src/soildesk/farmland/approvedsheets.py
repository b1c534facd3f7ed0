"""Approved classes as files bring them: a table or a map, whose rows are read alike.

A table is a workbook; a map is a shapefile in a zip, a GeoPackage or GeoJSON, of which attributes and grounds are taken.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
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
from soildesk.farmland.mu import to_m2
from soildesk.kit.gis.refusals import spoken
from soildesk.kit.imports import ImportRefused, MappingLine
from soilrules.geodesy import crs as systems
from soilrules.geodesy.transform import to_stored
from soilrules.gisfiles import NOTE, ROW, WKB, Options
from soilrules.plantext.formats import UnreadableFile

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
        "编码", "编号", "BSM", "DYBH", "TBBH", "DKBH", "code",
    ),
    "name": ("单元名称", "名称", "地块名称", "DYMC", "DKMC", "name"),
    "class": (
        "批准类别", "类别", "质量类别", "环境质量类别", "土壤环境质量类别", "最终类别", "划分类别", "现行类别", "LB", "HJZLLB", "class",
    ),
    "controlling": ("控制元素", "主控元素", "超标元素", "主要污染物", "污染物", "KZYS", "controlling"),
    "mu": ("面积（亩）", "亩", "亩数", "批准面积（亩）", "单元面积（亩）", "面积亩", "MU"),
    "m2": ("面积（m²）", "面积（m2）", "面积（平方米）", "批准面积（m²）", "平方米", "area_m2"),
    "ha": ("面积（公顷）", "面积（hm²）", "面积（hm2）", "批准面积（公顷）", "公顷", "area_ha"),
}  # fmt: skip
BARE_AREA = ("面积", "批准面积", "MJ", "TBMJ", "area")
"""Headings of an area that do not say of which unit: nobody guesses."""
TOTALS = ("合计", "总计", "小计", "备注", "说明", "注：", "注:")


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a file, as it stands there; a map gives its ground too."""

    position: int
    raw: Mapping[str, str]
    said: Mapping[str, str]
    ground: BaseGeometry | None = None


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
    for sheet in sheets:
        rows = [(row.number, {cell.column: cell.text.strip() for cell in row.cells}) for row in sheet.rows]
        for at, (_number, cells) in enumerate(rows[:HEADER_WITHIN]):
            if {"class", "unit"} <= set(_mapped(cells).values()):
                return _understood(cells, rows[at + 1 :], [None] * len(rows))
    raise _nothing(name)


def _map(data: bytes, name: str) -> ClassTable:
    with tempfile.TemporaryDirectory() as folder, spoken():
        path = Path(folder, Path(name).name)
        path.write_bytes(data)
        source = gis_sandbox.inspect_in_child(path, path.name, Options())
        rows: list[dict[str, Any]] = []
        shapes: list[Any] = []
        for batch in gis_sandbox.read_in_child(path, path.name, Options()):
            shapes += shapely.from_wkb(batch.column(WKB).to_numpy(zero_copy_only=False)).tolist()
            rows += batch.drop_columns([one for one in (WKB, ROW, NOTE) if one in batch.schema.names]).to_pylist()
        grounds = _stored(shapes, source.crs_text)
    header = dict(enumerate(rows[0])) if rows else {}
    if "class" not in _mapped(header).values():
        raise _nothing(name)
    cells = [(at, {column: _text(row[title]) for column, title in header.items()}) for at, row in enumerate(rows, 1)]
    return _understood(header, cells, grounds)


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


def _nothing(name: str) -> ImportRefused:
    return ImportRefused(
        _("“%(name)s”里没有找到“单元代码”和“类别”列：请核对表头；类别填写优先保护类、安全利用类、严格管控类。")
        % {"name": name},
        code="kit.import.nothing",
    )


def _plain(heading: str) -> str:
    """A heading without blanks, brackets of one kind: what stands in them is the unit of an area."""
    return "".join(unicodedata.normalize("NFKC", heading).split()).casefold()


def _mapped(cells: Mapping[int, str]) -> dict[int, str]:
    """Column → key, the first column of each heading."""
    known = {_plain(heading): key for key, headings in HEADINGS.items() for heading in headings}
    found: dict[int, str] = {}
    for column, text in sorted(cells.items()):
        key = known.get(_plain(text), "")
        if key and key not in found.values():
            found[column] = key
    return found


def _understood(
    header: Mapping[int, str], rows: Sequence[tuple[int, Mapping[int, str]]], grounds: Sequence[BaseGeometry | None]
) -> ClassTable:
    mapping = _mapped(header)
    told, left = [], 0
    for (number, cells), ground in zip(rows, grounds, strict=False):
        said = {key: cells[column] for column, key in mapping.items() if cells.get(column)}
        if not said:
            continue
        if str(next(iter(cells.values()), "")).startswith(TOTALS):
            left += 1
            continue
        told.append(Told(number, {title: cells[at] for at, title in header.items() if cells.get(at)}, said, ground))
    columns = [
        MappingLine(title, str(TITLES[mapping[at]]) if at in mapping else "") for at, title in header.items() if title
    ]
    notes = _notes(header, mapping)
    if left:
        notes.append(_("略过合计、说明等 %(n)d 行。") % {"n": left})
    return ClassTable(columns, told, notes)


def _notes(header: Mapping[int, str], mapping: Mapping[int, str]) -> list[str]:
    bare = [title for title in header.values() if _plain(title) in {_plain(one) for one in BARE_AREA}]
    if not bare or {"mu", "m2", "ha"} & set(mapping.values()):
        return []
    return [
        _("“%(title)s”列没有写明单位，没有使用：请把表头改为“面积（亩）”“面积（m²）”或“面积（公顷）”。")
        % {"title": bare[0]}
    ]


def area_in_m2(said: Mapping[str, str]) -> Decimal | None:
    """The printed area of a row; None where there is none. Raises ValueError where it is no number."""
    for key in ("mu", "m2", "ha"):
        if said.get(key):
            value = _decimal(said[key])
            return to_m2(value) if key == "mu" else (value * (10000 if key == "ha" else 1)).quantize(Decimal("0.01"))
    return None


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite() or value <= 0:
        raise ValueError(text)
    return value
