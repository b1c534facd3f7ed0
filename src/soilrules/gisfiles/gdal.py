"""GDAL, opened by the room only on files whose kind it has told itself, under names it has given itself.

Whoever starts a process for untrusted files sets `environment()` for it first: GDAL then registers the drivers
used here and no others, and opens nothing over a network.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyogrio
from pyogrio import raw
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

from soilrules.gisfiles.findings import UnreadableGis
from soilrules.gisfiles.source import unique

DRIVERS = frozenset({"ESRI Shapefile", "GPKG", "GeoJSON", "DXF"})
_SETTINGS = {
    "SHAPE_RESTORE_SHX": "YES",
    "DXF_CLOSED_LINE_AS_POLYGON": "TRUE",
    "OGR_ARROW_MEM_LIMIT": str(256 * 1024 * 1024),  # of one batch: a layer of giant polygons comes in smaller ones
}
_STRICT = {  # of a process that does nothing else
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_DRIVER_PATH": "disable",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "PROJ_NETWORK": "OFF",
}
TROUBLE = (DataSourceError, DataLayerError, FeatureError, FieldError, pa.ArrowException, ValueError, OSError)


def environment() -> dict[str, str]:
    """Variables for a process that reads files of strangers."""
    skipped = sorted(set(pyogrio.list_drivers()) - DRIVERS)
    return {"OGR_SKIP": ",".join(skipped), **_STRICT}


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for the time of one reading, in which files have names of ours."""
    with tempfile.TemporaryDirectory(prefix="gis") as name:
        yield Path(name)


def linked(path: Path, place: Path) -> Path:
    """`path` under another name; a copy where the system has no links for ordinary people."""
    try:
        place.symlink_to(path.resolve())
    except OSError:
        shutil.copyfile(path, place)
    return place


@contextmanager
def told(name: str) -> Iterator[None]:
    """Any trouble GDAL has becomes a refusal; its warnings are ours to word. Our settings hold no longer than that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.set_gdal_config_options(_SETTINGS)
        try:
            yield
        except UnreadableGis:
            raise
        except UnicodeDecodeError as error:
            raise UnreadableGis("not_utf8", name=name) from error
        except TROUBLE as error:
            raise UnreadableGis("driver_error", name=name, detail=_said(error)) from error
        finally:
            pyogrio.set_gdal_config_options(dict.fromkeys(_SETTINGS))


def _said(error: Exception) -> str:
    """What GDAL says, without the paths of this machine."""
    text = " ".join(str(error).split())
    return text.replace(tempfile.gettempdir() + os.sep, "")[:300]


def layers_of(path: Path, name: str) -> list[tuple[str, str]]:
    """Names and geometry types of the layers; the type is empty where a layer has no geometry."""
    with told(name):
        return [(str(layer), str(kind or "")) for layer, kind in pyogrio.list_layers(path)]


def info_of(path: Path, name: str, **options: Any) -> dict[str, Any]:
    """pyogrio's facts about a layer."""
    with told(name):
        found: dict[str, Any] = pyogrio.read_info(path, **options)
        return found


def rows_of(path: Path, name: str, rows: int, **options: Any) -> Iterator[tuple[str | None, Any, Any]]:
    """The coordinate system with batches of attributes, and of WKB as GDAL gives it (measures and curves included)."""
    with told(name):
        opening = raw.open_arrow(path, batch_size=rows, use_pyarrow=True, **options)
        about, reader = opening.__enter__()
    try:
        while True:
            with told(name):
                batch = next(reader, None)
            if batch is None:
                return
            yield (str(about["crs"]) if about["crs"] else None, *_split(batch))
    finally:
        with told(name):
            reader.close()
            opening.__exit__(None, None, None)


def linear(path: Path, name: str, start: int, count: int, layer: str | None) -> list[bytes | None]:
    """The geometries of some rows with their curves drawn as lines; the batches of GDAL leave curves as they are."""
    with told(name):
        found = raw.read(path, layer=layer, columns=[], skip_features=start, max_features=count)[2]
        return list(found)


def _split(batch: Any) -> tuple[Any, Any]:
    at = next((at for at, field in enumerate(batch.schema) if _is_geometry(field)), None)
    others = [one for one in range(batch.num_columns) if one != at]
    names = unique([batch.schema.field(one).name for one in others])
    columns = [_plain(batch.column(one)) for one in others]
    wkb = pa.nulls(batch.num_rows, pa.binary()) if at is None else _storage(batch.column(at)).cast(pa.binary())
    if not columns:
        return batch.select([]), wkb
    return pa.RecordBatch.from_arrays(columns, names), wkb


def _is_geometry(field: Any) -> bool:
    about = field.metadata or {}
    named = about.get(b"ARROW:extension:name", b"") or getattr(field.type, "extension_name", "").encode()
    return bool(named == b"geoarrow.wkb")


def _storage(column: Any) -> Any:
    return column.storage if isinstance(column, pa.ExtensionArray) else column


def _plain(column: Any) -> Any:
    """A column of single values: lists and structures become JSON, broken UTF-8 shows as �."""
    import json

    column = _storage(column)
    if pa.types.is_nested(column.type):
        texts = [
            None if one is None else json.dumps(one, ensure_ascii=False, default=str) for one in column.to_pylist()
        ]
        return pa.array(texts, pa.string())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return sound(column.cast(pa.string()))
    return column


def sound(column: Any) -> Any:
    """The same texts, with what is no UTF-8 shown as �."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        raw_bytes = column.cast(pa.binary()).to_pylist()
        return pa.array([None if one is None else one.decode("utf-8", "replace") for one in raw_bytes], pa.string())
    return column
