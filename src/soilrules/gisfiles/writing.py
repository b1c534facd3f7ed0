"""Rows with geometry into files that the programs of others read: `write`.

Coordinates are written as they come, so whoever calls has brought them into `crs`: longitude and latitude for GeoJSON
and KML, a Gauss–Krüger zone for corner text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from soilrules.gisfiles.job import Job, Rows, Writing, Written
from soilrules.gisfiles.source import NOTE, ROW, WKB, Kind

SUFFIXES = {
    Kind.GPKG: ".gpkg", Kind.GEOJSON: ".geojson", Kind.SHP: ".zip", Kind.KML: ".kml", Kind.DXF: ".dxf",
    Kind.CSV: ".csv", Kind.XLSX: ".xlsx", Kind.TXT: ".txt",
}  # fmt: skip


def write(
    path: Path,
    kind: Kind,
    schema: Any,
    batches: Iterable[Any],
    *,
    crs: str,
    title: str,
    options: Writing | None = None,
) -> Written:
    """Write batches of rows with WKB as a file of `kind`. Raises NotWritten.

    The file appears when it is complete. Columns called ROW and NOTE are left out.
    """
    part = path.with_name(f".{path.name}.part")
    kept = [one for one in schema if one.name not in (ROW, WKB, NOTE)]
    plain = pa.schema([pa.field(one.name, _plain_type(one.type)) for one in kept])
    job = Job(part, plain, crs, title, options or Writing(), Written())
    try:
        _writer(kind)(job, _counted(batches, job))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return job.written


def _counted(batches: Iterable[Any], job: Job) -> Iterator[Rows]:
    for batch in batches:
        job.written.rows += batch.num_rows
        columns = [batch.column(one.name).cast(one.type) for one in job.schema]
        attributes = pa.RecordBatch.from_arrays(columns, schema=job.schema) if columns else batch.select([])
        yield Rows(attributes, batch.column(WKB).cast(pa.binary()))


def _plain_type(kind: Any) -> Any:
    """The type a column is written in: files know no dictionaries and no decimals."""
    if pa.types.is_dictionary(kind):
        return _plain_type(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_null(kind):
        return pa.string()
    if pa.types.is_decimal(kind) or pa.types.is_float16(kind):
        return pa.float64()
    return pa.int64() if pa.types.is_unsigned_integer(kind) else kind


def _writer(kind: Kind) -> Callable[[Job, Iterator[Rows]], None]:
    """Each writer is imported when first needed."""
    from soilrules.gisfiles import writecorners, writegdal, writemarkup, writeshp, writetables

    return {
        Kind.GPKG: writegdal.geopackage, Kind.GEOJSON: writegdal.geojson, Kind.SHP: writeshp.shapefile,
        Kind.KML: writemarkup.kml, Kind.DXF: writemarkup.dxf, Kind.CSV: writetables.text,
        Kind.XLSX: writetables.workbook, Kind.TXT: writecorners.corner_text,
    }[kind]  # fmt: skip
