"""Grounds as people give them for an act: a line that cuts, pieces drawn or pasted, a file of geometry."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from shapely import ops
from shapely.geometry.base import BaseGeometry

from soildesk.core import gis_sandbox
from soildesk.kit.gis.refusals import spoken
from soildesk.kit.gis.shapewords import kind_of
from soildesk.land.refusals import LineageRefused
from soildesk.land.shapes import area_m2
from soilrules.geodesy import crs as systems
from soilrules.geodesy.transform import to_stored
from soilrules.gisfiles import WKB, Options

LARGEST_FILE = 5 * 1024 * 1024
MOST_ROWS = 500
MOST_PIECES = 200
"""Each is compared with each other; a plan of lots is split in several acts."""
SLIVER_M2 = 0.01


def cut(ground: BaseGeometry, line: BaseGeometry) -> list[BaseGeometry]:
    """The pieces a line cuts a ground into, west to east; parts it does not cross stay with the nearest piece."""
    pieces = [
        piece
        for part in shapely.get_parts(ground)
        for piece in ops.split(part, _one_line(line)).geoms
        if area_m2(piece) > SLIVER_M2
    ]
    if len(pieces) <= len(shapely.get_parts(ground)):
        raise LineageRefused(
            _("切割线没有把地块切开：线的两端要画到地块外面，且不要在地块内停住。"), code="land.lineage.too_few"
        )
    return sorted(pieces, key=lambda piece: piece.centroid.coords[0])


def _one_line(line: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(line)
    return parts[0] if len(parts) == 1 else shapely.MultiLineString(list(parts))


def pieces_of(ground: BaseGeometry, given: BaseGeometry) -> list[BaseGeometry]:
    """Pieces from what was given: a line cuts the ground, polygons are the pieces."""
    pieces = _pieces_of(ground, given)
    if len(pieces) > MOST_PIECES:
        raise LineageRefused(
            _("一次最多分成 %(most)d 块，这里有 %(count)d 块：请检查图形，或分几次办理。")
            % {"most": MOST_PIECES, "count": len(pieces)},
            code="land.lineage.too_many",
        )
    return pieces


def _pieces_of(ground: BaseGeometry, given: BaseGeometry) -> list[BaseGeometry]:
    if given.geom_type in {"LineString", "MultiLineString"}:
        return cut(ground, given)
    if given.geom_type not in {"Polygon", "MultiPolygon"}:
        raise LineageRefused(
            _("给出的是%(kind)s：分割要一条切割线，或各块的范围。") % {"kind": kind_of(given)},
            code="land.lineage.too_few",
        )
    return list(shapely.get_parts(given))


def of_file(upload: UploadedFile, crs: str = "") -> BaseGeometry:
    """The shapes of an uploaded file, read in a limited process, in EPSG:4490."""
    if (upload.size or 0) > LARGEST_FILE:
        raise LineageRefused(_("文件超过 5 MB：分割只要几块地的范围，请只导出这几块。"), code="land.lineage.file")
    name = Path(upload.name or "upload").name
    with tempfile.TemporaryDirectory() as folder, spoken():
        path = Path(folder, name)
        path.write_bytes(upload.read())
        source = gis_sandbox.inspect_in_child(path, name, Options())
        shapes: list[BaseGeometry] = []
        for batch in gis_sandbox.read_in_child(path, name, Options()):
            shapes += [one for one in shapely.from_wkb(batch.column(WKB).to_numpy(zero_copy_only=False)) if one]
        system = systems.named(crs or source.crs_text or "EPSG:4490")
        return _stored(shapes, system)


def _stored(shapes: Sequence[BaseGeometry], system: systems.Crs) -> BaseGeometry:
    if not shapes or len(shapes) > MOST_ROWS:
        raise LineageRefused(
            _("文件里有 %(count)d 个图形：应有几块地的范围，或一条切割线。") % {"count": len(shapes)},
            code="land.lineage.file",
        )
    held = to_stored(np.array(shapes, dtype=object), system).geoms
    parts = shapely.get_parts(held)
    kinds = {part.geom_type for part in parts}
    makers = {"Polygon": shapely.MultiPolygon, "LineString": shapely.MultiLineString}
    if len(kinds) != 1 or (kind := kinds.pop()) not in makers:
        raise LineageRefused(_("文件里的图形须全是面，或全是线。"), code="land.lineage.file")
    return makers[kind](list(parts))
