"""Files of geometry, in and out: Shapefile, GeoPackage, GeoJSON, KML, DXF, tables, and the corner text of surveyors.

    source = inspect(Path("地块.zip"), "地块.zip")
    for batch in batches(Path("地块.zip"), "地块.zip"):
        ...

Coordinates are left as they are in the file, easting or longitude first; what the file says of its coordinate
system is handed on as text. Files are untrusted: callers that take them from people read them in a limited child
process, whose environment `gdal.environment()` gives.
"""

from __future__ import annotations

from soilrules.gisfiles.findings import UnreadableGis, row_messages
from soilrules.gisfiles.job import CornerHeader, NotWritten, Writing, Written
from soilrules.gisfiles.reading import batches, inspect
from soilrules.gisfiles.source import (
    EAST_FIRST,
    LARGE,
    NORTH_FIRST,
    NOTE,
    ROW,
    WKB,
    Field,
    FileLimits,
    Kind,
    Layer,
    Options,
    Source,
)
from soilrules.gisfiles.writing import SUFFIXES, write

__all__ = [
    "EAST_FIRST",
    "LARGE",
    "NORTH_FIRST",
    "NOTE",
    "ROW",
    "SUFFIXES",
    "WKB",
    "CornerHeader",
    "Field",
    "FileLimits",
    "Kind",
    "Layer",
    "NotWritten",
    "Options",
    "Source",
    "UnreadableGis",
    "Writing",
    "Written",
    "batches",
    "inspect",
    "row_messages",
    "write",
]
