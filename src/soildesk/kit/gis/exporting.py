"""A collection as a file: exactly the rows and columns its reader may see, in the system asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from soildesk.core.geometry import RawWkb
from soildesk.kit.faces import BulkLoading
from soildesk.kit.gis.refusals import GisRefused, said, spoken
from soildesk.kit.register import Column
from soildesk.kit.seen import Seen
from soilrules.geodesy import crs as systems
from soilrules.geodesy.crs import STORED, Crs, Datum, gauss_kruger
from soilrules.geodesy.measure import zone_of
from soilrules.geodesy.transform import from_stored
from soilrules.gisfiles import SUFFIXES, WKB, CornerHeader, Kind, NotWritten, Writing, write
from soilrules.gisfiles.corner_text import FIELDS as CORNER_FIELDS

CHUNK = 5_000
SHAPE = "_wkb"
BY_SUFFIX = {suffix: kind for kind, suffix in SUFFIXES.items()} | {".json": Kind.GEOJSON}
DEGREES_ONLY = (Kind.GEOJSON, Kind.KML)
IN_METRES = (Kind.DXF, Kind.TXT)
"""Kinds that are of use in metres only: written in the zone their rows lie in, unless another is asked for."""
TYPES = {
    "string": pa.string(), "number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_(), "date": pa.date32(),
    "datetime": pa.timestamp("ms", tz="Asia/Shanghai"),
}  # fmt: skip
Step = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Exported:
    """What was written."""

    rows: int
    crs: str
    notes: Sequence[str]


def kind_of(path: Path) -> Kind:
    """The kind of file a name asks for, by its ending."""
    kind = BY_SUFFIX.get(path.suffix.lower())
    if kind is None:
        raise GisRefused(
            _("文件名“%(name)s”的扩展名认不出，应为：%(endings)s（zip 为 Shapefile，txt 为拐点坐标）。")
            % {"name": path.name, "endings": "、".join(sorted(BY_SUFFIX))},
            code="gis.unknown_ending",
        )
    return kind


def export(
    seen: Seen, path: Path, *, crs: str = "", rows: QuerySet | None = None, step: Step | None = None
) -> Exported:
    """Write what is seen of a collection (or some of its rows) as a file of the kind its name ends in."""
    kind = kind_of(path)
    queryset = seen.queryset() if rows is None else rows
    first = queryset.order_by().values_list(f"{_ground(seen).field}", flat=True).exclude(**_no_shape(seen)).first()
    if first is None:
        raise GisRefused(
            _("“%(title)s”在这一天没有一行有图形，没有写出文件。请换一个日期或图层。") % {"title": seen.declared.title},
            code="gis.nothing_to_export",
        )
    with spoken():
        target = _target(kind, crs, first)
    fields = _fields(seen.columns) if kind != Kind.TXT else _facts(seen)
    batches = _batches(seen, queryset, fields, (target, step))
    try:
        written = write(
            path, kind, pa.schema([*(pa.field(name, TYPES[column.type]) for name, column in fields), (WKB, pa.binary())]),
            batches, crs=target.definition, title=str(seen.declared.title), options=_options(kind, target, fields, seen),
        )  # fmt: skip
    except NotWritten as refused:
        raise GisRefused(said(refused.message), code=f"gis.{refused.code}") from refused
    return Exported(written.rows, target.code, [said(note) for note in written.notes])


def _ground(seen: Seen) -> Any:
    return seen.declared.ground


def _no_shape(seen: Seen) -> dict[str, bool]:
    return {f"{_ground(seen).field}__isnull": True}


def _target(kind: Kind, asked: str, first: Any) -> Crs:
    stored = systems.known()[f"EPSG:{STORED}"]
    if asked:
        chosen = systems.named(asked)
        if kind in DEGREES_ONLY and chosen.projected:
            raise GisRefused(
                _("%(kind)s 只能写经纬度，不能写 %(crs)s。请去掉坐标系，或改用 gpkg、zip。")
                % {"kind": kind, "crs": said(chosen.title)},
                code="gis.degrees_only",
            )
        return chosen
    if kind not in IN_METRES:
        return stored
    number = int(zone_of(np.array([first], dtype=object))[0])
    return gauss_kruger(Datum.CGCS2000, 3, number, prefixed=True)


def _options(kind: Kind, target: Crs, fields: Sequence[tuple[str, Column]], seen: Seen) -> Writing:
    label = next((name for name, column in fields if column.key in (_ground(seen).title, "name")), "")
    corners = None
    if kind == Kind.TXT:
        if target.zone is None or target.zone.number is None or target.zone.width is None:
            raise GisRefused(_("拐点坐标文本要写分带的平面坐标，如 EPSG:4526。请改坐标系。"), code="gis.zone_needed")
        more = tuple(name for name, column in fields if column.frozen and name not in CORNER_FIELDS)
        corners = CornerHeader(target.zone.number, degrees=target.zone.width, more=more)
    return Writing(label=label, corners=corners)


def _fields(columns: Sequence[Column]) -> list[tuple[str, Column]]:
    """The columns under their names in a file, or their titles; a title met before gets its key behind it."""
    found: dict[str, Column] = {}
    for column in columns:
        name = column.file_name or str(column.title)
        found[name if name not in found else f"{name}_{column.key}"] = column
    return list(found.items())


def _facts(seen: Seen) -> list[tuple[str, Column]]:
    """The columns of a corner text: what the importer reads out of its facts stands in them, our own number behind."""
    way = seen.declared.bulk or seen.declared.writing
    entries = {entry.key: entry for entry in way.entries} if way else {}
    code = way.match if isinstance(way, BulkLoading) else next(iter(way.match), "") if way else "code"
    named = {code: "地块编号", "name": "地块名称"}
    found: dict[str, Column] = {}
    for column in seen.columns:
        entry = entries.get(column.key)
        names = [named.get(column.key, ""), *(entry.names if entry else ())]
        fact = next((name for name in names if name in CORNER_FIELDS), "")
        if fact or column.frozen:
            found.setdefault(fact or str(column.title), _plainly(column))
    return list(found.items())


def _plainly(column: Column) -> Column:
    """The column without words: what is stored comes back as it went."""
    return replace(column, value=column.stored.field, type="string") if column.stored else column


def _batches(
    seen: Seen, queryset: QuerySet, fields: Sequence[tuple[str, Column]], how: tuple[Crs, Step | None]
) -> Iterator[pa.RecordBatch]:
    """Rows in chunks, as Arrow; without a shape they are left out."""
    target, step = how
    done = 0
    rows = queryset.exclude(**_no_shape(seen)).annotate(**{SHAPE: RawWkb(_ground(seen).field)})
    source = iter(rows.order_by("pk").values(*seen.needs(), SHAPE).iterator(CHUNK))
    while chunk := list(islice(source, CHUNK)):
        if seen.register.enrich and seen.actor is not None:
            seen.register.enrich(chunk, seen.actor, seen.on)
        shapes = shapely.from_wkb(np.array([bytes(row[SHAPE]) for row in chunk], dtype=object))
        wkb = shapely.to_wkb(from_stored(shapes, target).geoms)
        columns = [pa.array([_value(column, row) for row in chunk], TYPES[column.type]) for _name, column in fields]
        names = [name for name, _column in fields]
        yield pa.RecordBatch.from_arrays([*columns, pa.array(wkb, pa.binary())], [*names, WKB])
        done += len(chunk)
        if step is not None:
            step(done, None)


def _value(column: Column, row: dict[str, Any]) -> Any:
    value = column.of(row)
    if column.export is not None and not column.file_name:
        value = column.export(value, row)
    if value is None or value == "":
        return None
    return _CASTS[column.type](value)


def _day(value: Any) -> Any:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _moment(value: Any) -> Any:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


_CASTS: dict[str, Callable[[Any], Any]] = {
    "string": str, "number": float, "integer": int, "boolean": bool, "date": _day, "datetime": _moment,
}  # fmt: skip
