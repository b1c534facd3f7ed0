"""GeoPackage and GeoJSON, by GDAL."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from pyogrio import raw

from soilrules.gisfiles.gdal import TROUBLE
from soilrules.gisfiles.job import Job, NotWritten, Rows

_GEOMETRY = "geom"
_EXACT = 17  # figures after which a number reads back as it was


def geopackage(job: Job, rows: Iterator[Rows]) -> None:
    """One layer of any kinds of geometry, with its index."""
    send(job, rows, driver="GPKG", layer=job.title, dataset_metadata={"IDENTIFIER": job.title})


def geojson(job: Job, rows: Iterator[Rows]) -> None:
    """Longitude first and rings as RFC 7946 wants them; unlike it, the file says which coordinate system it is in."""
    wound = (Rows(one.attributes, _wound(one.wkb)) for one in rows)
    send(
        job, wound, driver="GeoJSON", layer=job.title, layer_options={"SIGNIFICANT_FIGURES": _EXACT, "WRITE_NAME": "NO"}
    )


def _wound(wkb: Any) -> Any:
    shapes = shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))
    return pa.array(shapely.to_wkb(shapely.orient_polygons(shapes), byte_order=1), pa.binary())


def send(job: Job, rows: Iterator[Rows], *, driver: str, **options: Any) -> None:
    """Stream the rows into a file."""
    name = _GEOMETRY
    while name in job.names:
        name += "_"
    schema = pa.schema([*job.schema, pa.field(name, pa.binary())])
    batches = (pa.RecordBatch.from_arrays([*one.attributes.columns, one.wkb], schema=schema) for one in rows)
    failed: list[Exception] = []
    reader = pa.RecordBatchReader.from_batches(schema, _kept(batches, failed))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            raw.write_arrow(
                reader, job.path, driver=driver, geometry_name=name, geometry_type="Unknown", crs=job.crs, **options
            )
        except (*TROUBLE, RuntimeError) as error:
            raise (failed[0] if failed else NotWritten("driver_error", detail=str(error)[:300])) from error
    if failed:
        raise failed[0]


def _kept(batches: Iterator[Any], failed: list[Exception]) -> Iterator[Any]:
    """The batches; trouble in their making is kept, for GDAL only hears that there was some."""
    try:
        yield from batches
    except Exception as error:
        failed.append(error)
        raise


def kinds_of(wkb: Any) -> Any:
    """The geometry type of each row as shapely counts them; -1 where there is none."""
    return np.asarray(shapely.get_type_id(shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))))
