"""Shapefiles in a zip: one for each kind of geometry, with a list of what their short field names stand for."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyogrio import raw

from soilrules.gisfiles import gdal
from soilrules.gisfiles.job import Job, NotWritten, Rows, file_name
from soilrules.gisfiles.source import type_word
from soilrules.gisfiles.writegdal import kinds_of

FIELD_LIST = "字段对照.csv"
_NAME_BYTES, _TEXT_BYTES = 10, 254
_TYPES = {0: ("点", "Point"), 4: ("多点", "MultiPoint"), 1: ("线", "LineString"), 3: ("面", "Polygon")}
_SAME = {2: 1, 5: 1, 6: 3}  # lines of any kind lie in one file, areas in another
_COLLECTION = 7
_MOST_BYTES = 2**31 - 2**20  # ArcGIS reads no larger .shp or .dbf


def shapefile(job: Job, rows: Iterator[Rows]) -> None:
    """Write the parts, then pack them."""
    codec = "gbk" if job.options.encoding.upper().startswith("GB") else "utf-8"
    short = field_names(job.names, codec)
    with gdal.scratch() as folder:
        for some in rows:
            _write_some(job, some, folder, (short, codec))
        if not list(folder.glob("*.shp")):
            _write_part(job, Rows(_renamed(job, _nothing(job), short, codec), pa.array([], pa.binary())), folder, 3)
        _pack(job, folder, short)


def field_names(names: Sequence[str], codec: str) -> list[str]:
    """Names of at most 10 bytes, all different whatever their case.

    >>> field_names(["权利人名称", "权利人名录", "NAME", "name"], "gbk")
    ['权利人名称', '权利人名录', 'NAME', 'name_2']
    >>> field_names(["权利人名称", "权利人名录"], "utf-8")
    ['权利人', '权利_2']
    """
    taken: set[str] = set()
    found = []
    for name in names:
        new, at = cut(name, _NAME_BYTES, codec), 1
        while new.upper() in taken:
            at += 1
            new = cut(name, _NAME_BYTES - len(f"_{at}"), codec) + f"_{at}"
        taken.add(new.upper())
        found.append(new)
    return found


def cut(text: str, most: int, codec: str) -> str:
    """The text shortened to `most` bytes, no character cut in two; what the encoding lacks becomes a question mark."""
    return text.encode(codec, "replace")[:most].decode(codec, "ignore")


def _nothing(job: Job) -> Any:
    return pa.RecordBatch.from_pylist([], schema=job.schema)


def _write_some(job: Job, some: Rows, folder: Path, how: tuple[list[str], str]) -> None:
    kinds = kinds_of(some.wkb)
    kinds = np.array([_SAME.get(one, one) for one in kinds.tolist()])
    job.written.tell("collection_left", int((kinds == _COLLECTION).sum()))
    kinds[kinds == -1] = next((one for one in kinds if one in _TYPES), 3)  # rows without geometry go with the others
    for kind in sorted(set(kinds.tolist()) & set(_TYPES)):
        places = pa.array(np.flatnonzero(kinds == kind))
        attributes = _renamed(job, some.attributes.take(places) if job.names else some.attributes, *how)
        _write_part(job, Rows(attributes, some.wkb.take(places)), folder, kind)


def _renamed(job: Job, batch: Any, short: list[str], codec: str) -> Any:
    columns = [_fitting(job, column, codec) for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, short) if columns else batch


def _fitting(job: Job, column: Any, codec: str) -> Any:
    """A column as a .dbf holds it: times as text, texts of at most 254 bytes."""
    if pa.types.is_timestamp(column.type) or pa.types.is_time(column.type):
        column = column.cast(pa.string())
    if pa.types.is_binary(column.type):
        return pa.nulls(len(column), pa.string())
    if not pa.types.is_string(column.type):
        return column
    if codec == "utf-8" and (pc.max(pc.binary_length(column)).as_py() or 0) <= _TEXT_BYTES:
        return column
    given = column.to_pylist()
    made = [one if one is None else cut(one, _TEXT_BYTES, codec) for one in given]
    for one, new in zip(given, made, strict=True):
        if one != new:
            short = one is not None and new is not None and len(new) < len(one)
            job.written.tell("text_cut" if short else "not_in_encoding", value=(one or "")[:20], encoding=codec.upper())
    return pa.array(made, pa.string())


def _write_part(job: Job, rows: Rows, folder: Path, kind: int) -> None:
    path = folder / f"{kind}.shp"
    columns = [*rows.attributes.columns, rows.wkb]
    batch = pa.RecordBatch.from_arrays(columns, [*rows.attributes.schema.names, "wkb_geometry"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            raw.write_arrow(
                pa.Table.from_batches([batch]), path, driver="ESRI Shapefile", geometry_name="wkb_geometry",
                geometry_type=_TYPES[kind][1], crs=job.crs, encoding=job.options.encoding.upper(), append=path.exists(),
            )  # fmt: skip
        except gdal.TROUBLE as error:
            raise NotWritten("driver_error", detail=str(error)[:300]) from error
    for one in (path, path.with_suffix(".dbf")):
        if one.stat().st_size > _MOST_BYTES:
            raise NotWritten("shp_too_large", limit_gb=2)


def _pack(job: Job, folder: Path, short: list[str]) -> None:
    title = file_name(job.title)
    kinds = [int(one.stem) for one in sorted(folder.glob("*.shp"))]
    with zipfile.ZipFile(job.path, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind in kinds:
            name = title if len(kinds) == 1 else f"{title}_{_TYPES[kind][0]}"
            for part in sorted(folder.glob(f"{kind}.*")):
                archive.write(part, f"{name}{part.suffix}")
        archive.writestr(FIELD_LIST, _field_list(job, short))


def _field_list(job: Job, short: list[str]) -> str:
    stream = io.StringIO()
    lines = csv.writer(stream)
    lines.writerow(["字段", "原名", "类型"])
    lines.writerows(zip(short, job.names, [type_word(one.type) for one in job.schema], strict=True))
    return "\ufeff" + stream.getvalue()
