"""Ground an office asks about: a file of one ground or of many, a parcel by its code, a plot by its number."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core.gis_sandbox import command_limits, page_limits, size_of
from soildesk.core.permissions import Actor
from soildesk.decisions.refusals import GateRefused
from soildesk.kit import pasted
from soildesk.kit.gis.asked import Asked as Said
from soildesk.kit.gis.refusals import spoken
from soildesk.kit.gis.understanding import look, options_of, system_of
from soildesk.land.cutting import LARGEST_FILE
from soildesk.land.queries import standing
from soildesk.land.shapes import surface, union
from soildesk.plots.queries.plots import called
from soilrules.geodesy.transform import to_stored
from soilrules.gisfiles import WKB

Tell = Callable[[str], object]
MOST_SHAPES = 200
"""Shapes that together are one ground; a layer of many grounds is asked about row by row."""


@dataclass(frozen=True, slots=True)
class Known:
    """A ground with what the register says of it."""

    shape: BaseGeometry
    name: str = ""
    code: str = ""
    division_path: str = ""
    read_as: str = ""  # by which coordinate system a file was read that names none


def of_file(
    path: Path, name: str, crs: str = "", *, layer: str = "", by_command: bool = False, tell: Tell | None = None
) -> BaseGeometry:
    """The ground all shapes of a file make together, in EPSG:4490."""
    shapes = [shape for _row, shape in rows_of(path, name, crs, layer=layer, by_command=by_command, tell=tell)]
    if not shapes or len(shapes) > MOST_SHAPES:
        raise GateRefused(_too_many(len(shapes)), code="decisions.gate.ground_file")
    if all(one is not None and one.geom_type in ("Point", "MultiPoint") for one in shapes):
        raise GateRefused(
            _(
                "文件里是 %(n)d 个点，应为面。是拐点坐标的，请把坐标粘贴到核查页的“坐标”框（每行一个拐点），或存为拐点坐标文本（有“[地块坐标]”的 .txt）。"
            )
            % {"n": len(shapes)},
            code="decisions.gate.ground_file",
        )
    kept = [surface(one) for one in shapes]
    return kept[0] if len(kept) == 1 else union(kept)


def of_geojson(value: Mapping[str, Any], crs: str = "") -> BaseGeometry:
    """The ground of a geometry, a feature or a collection of features, in EPSG:4490."""
    features = value.get("features")
    each = features if isinstance(features, list) else [value]
    if not each or len(each) > MOST_SHAPES:
        raise GateRefused(_too_many(len(each)), code="decisions.gate.ground_file")
    system = crs.strip() or pasted.system_named(value)
    kept = [surface(pasted.ground(json.dumps(one), system)) for one in each]
    return kept[0] if len(kept) == 1 else union(kept)


def _too_many(count: int) -> str:
    return _("范围里有 %(n)d 个图形：一次核查一块地，应有 1 到 %(most)d 个面；许多块地请用批量核查。") % {
        "n": count,
        "most": MOST_SHAPES,
    }


def of_upload(upload: UploadedFile, folder: Path, crs: str = "", tell: Tell | None = None) -> BaseGeometry:
    """The ground of an uploaded file; it is laid down in a folder the caller removes."""
    if (upload.size or 0) > LARGEST_FILE:
        raise GateRefused(
            _("文件超过 5 MB：请只导出要核查的这块地；许多块地请用批量核查。"), code="decisions.gate.ground_file"
        )
    name = Path(upload.name or "upload").name
    path = folder / name
    path.write_bytes(upload.read())
    return of_file(path, name, crs, tell=tell)


def rows_of(
    path: Path, name: str, crs: str = "", *, layer: str = "", by_command: bool = False, tell: Tell | None = None
) -> Iterator[tuple[Mapping[str, Any], BaseGeometry | None]]:
    """Each row of a file with its shape in EPSG:4490, read in a limited process; refused where the system is not known.

    `layer` is the one meant where the file has several; `tell` hears by which system the numbers were read where the
    file does not name one.
    """
    if not path.exists():
        raise GateRefused(_("没有文件“%(name)s”：请检查路径和文件名。") % {"name": name}, code="decisions.gate.no_file")
    size = size_of(path)
    limits = command_limits(size) if by_command else page_limits(size)
    said = Said(crs=crs, layer=layer)
    looked = look(path, name, options_of(said), limits)
    try:
        known = system_of(looked, said, None)
        if tell and known.why:
            tell(_("文件没有写明坐标系，按 %(crs)s 读取：%(why)s") % {"crs": known.crs.code, "why": known.why})
        system = known.crs
        fields = [one.name for one in looked.source.fields]
        with spoken():
            for batch in looked.batches:
                raw = shapely.from_wkb(batch.column(WKB).to_numpy(zero_copy_only=False), on_invalid="ignore")
                shapes = to_stored(np.asarray(raw, dtype=object), system).geoms
                columns = {one: batch.column(one).to_pylist() for one in fields if one in batch.schema.names}
                for at, shape in enumerate(shapes):
                    yield {key: values[at] for key, values in columns.items()}, shape
    finally:
        looked.batches.close()


def _must_have_begun(code: str, actor: Actor, on: date) -> None:
    """Ground that is on record now and was not on the day: the day is told, not that there is none."""
    held = [*standing.called(actor, code, actor.today), *called(actor, code, actor.today)]
    if held and (since := min(one.since for one in held)) > on:
        raise GateRefused(
            _("“%(code)s”在 %(on)s 那天还没有登记（现有登记自 %(since)s 起）：请改核查日，或画出、上传那天的范围。")
            % {"code": code, "on": on, "since": since},
            code="decisions.gate.not_yet",
        )


def _of_that_code(code: str, actor: Actor, on: date) -> tuple[list[Any], list[Any]]:
    parcels = list(standing.called(actor, code, on))
    return parcels, [] if parcels else list(called(actor, code, on))


def of_code(code: str, actor: Actor, on: date) -> Known:
    """The parcel or the plot of this number, code or full name on a day; refused where there is none or more than one."""
    plain = code.strip()
    parcels, plots = _of_that_code(plain, actor, on)
    if not parcels and not plots:  # as keyboards write it: full-width or small letters
        plain = unicodedata.normalize("NFKC", plain).upper()
        parcels, plots = _of_that_code(plain, actor, on)
    if not parcels and not plots:
        _must_have_begun(plain, actor, on)
    if len(parcels) + len(plots) != 1:
        raise GateRefused(
            _("按“%(code)s”找到 %(n)d 块地：请填写一个宗地代码、地块编号或全国系统编码；没有登记的，请画出或上传范围。")
            % {"code": code.strip(), "n": len(parcels) + len(plots)},
            code="decisions.gate.no_such_ground",
        )
    if plots:
        plot = plots[0]
        return Known(plot.geometry, plot.name, plain, plot.division_path)
    one = parcels[0]
    return Known(one.geometry, one.name or one.parcel.number, plain, one.division_path)
