"""Ground an office asks about: a file of one ground or of many, a parcel by its code, a plot by its number."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core.gis_sandbox import command_limits, page_limits, size_of
from soildesk.core.permissions import Actor
from soildesk.core.sandbox import Limits
from soildesk.decisions.refusals import GateRefused
from soildesk.kit import pasted
from soildesk.kit.gis.asked import Asked as Said
from soildesk.kit.gis.refusals import GisRefused, spoken
from soildesk.kit.gis.refusals import said as said_in_words
from soildesk.kit.gis.understanding import Looked, System, look, options_of, system_of
from soildesk.land.cutting import LARGEST_FILE
from soildesk.land.queries import standing
from soildesk.land.shapes import surface, union
from soildesk.plots.queries.plots import called
from soilrules.geodesy.fitting import DEGREES, must_fit
from soilrules.geodesy.transform import to_stored
from soilrules.gisfiles import NOTE, WKB, Options, row_messages, stated

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
    read = list(islice(_read(path, name, crs, layer=layer, by_command=by_command, tell=tell), MOST_SHAPES + 1))
    shapes = [one.shape for one in read]
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
    for one in read:
        _heard(one, tell)
    kept = [surface(one) for one in shapes]
    return kept[0] if len(kept) == 1 else union(kept)


def _heard(one: Read, tell: Tell | None) -> None:
    """What the reader says of a shape it took; of one it could not take, that is why it is refused."""
    if one.shape is None and one.notes:
        raise GateRefused("".join(one.notes), code="decisions.gate.ground_file")
    for sentence in one.notes if tell else ():
        tell(sentence)


def of_text(text: str, crs: str = "", tell: Tell | None = None) -> BaseGeometry:
    """The ground of WKT, GeoJSON, corner text or one corner a line, in EPSG:4490."""
    return union([surface(pasted.ground(text, crs, must_say=True, tell=tell))])


def of_geojson(value: Mapping[str, Any], crs: str = "", tell: Tell | None = None) -> BaseGeometry:
    """The ground of a geometry, a feature or a collection of features, in EPSG:4490."""
    features = value.get("features")
    each = features if isinstance(features, list) else [value]
    if not each or len(each) > MOST_SHAPES:
        raise GateRefused(_too_many(len(each)), code="decisions.gate.ground_file")
    system = crs.strip() or stated.in_json(value)
    if system == "":
        raise pasted.NotGround(str(pasted.MUST_SAY))
    kept = [surface(pasted.ground(json.dumps(one), system or "", tell=tell)) for one in each]
    return kept[0] if len(kept) == 1 else union(kept)


def _too_many(count: int) -> str:
    told = _("范围里有 %(n)d 个图形：一次核查一块地，应有 1 到 %(most)d 个面；许多块地请用批量核查。")
    if count > MOST_SHAPES:
        told = _("范围里有 %(n)d 个以上的图形：一次核查一块地，应有 1 到 %(most)d 个面；许多块地请用批量核查。")
    return told % {"n": min(count, MOST_SHAPES), "most": MOST_SHAPES}


def of_upload(
    upload: UploadedFile, folder: Path, crs: str = "", *, layer: str = "", tell: Tell | None = None
) -> BaseGeometry:
    """The ground of an uploaded file; it is laid down in a folder the caller removes."""
    if (upload.size or 0) > LARGEST_FILE:
        raise GateRefused(
            _("文件超过 5 MB：请只导出要核查的这块地；许多块地请用批量核查。"), code="decisions.gate.ground_file"
        )
    name = Path(upload.name or "upload").name
    path = folder / name
    path.write_bytes(upload.read())
    return of_file(path, name, crs, layer=layer, tell=tell)


@dataclass(frozen=True, slots=True)
class Read:
    """One row of a file: what it says, its shape in EPSG:4490, what the reader says of it."""

    said: Mapping[str, Any]
    shape: BaseGeometry | None
    notes: Sequence[str]


def rows_of(
    path: Path, name: str, crs: str = "", *, layer: str = "", by_command: bool = False, tell: Tell | None = None
) -> Iterator[tuple[Mapping[str, Any], BaseGeometry | None]]:
    """Each row of a file with its shape in EPSG:4490, read in a limited process; refused where the system is not known.

    `layer` is the one meant where the file has several; `tell` hears by which system the numbers were read where the
    file does not name one, and how far off they may be.
    """
    for one in _read(path, name, crs, layer=layer, by_command=by_command, tell=tell):
        yield one.said, one.shape


def _read(path: Path, name: str, crs: str, *, layer: str, by_command: bool, tell: Tell | None) -> Iterator[Read]:
    if not path.exists():
        raise GateRefused(_("没有文件“%(name)s”：请检查路径和文件名。") % {"name": name}, code="decisions.gate.no_file")
    size = size_of(path)
    limits = command_limits(size) if by_command else page_limits(size)
    said = Said(crs=crs, layer=layer)
    looked = _looked(path, name, options_of(said), limits)
    try:
        axis = pasted.axis_of(looked.bounds) if max(map(abs, looked.bounds)) > DEGREES else "xy"
        known = system_of(looked, replace(said, axis=axis), None)
        with spoken():
            must_fit(pasted.east_first(looked.bounds, axis), known.crs)
            told = [_assumed(known)] if known.why else []
            for batch in looked.batches:
                raw = np.asarray(
                    shapely.from_wkb(batch.column(WKB).to_numpy(zero_copy_only=False), on_invalid="ignore"),
                    dtype=object,
                )
                stored = to_stored(raw, known.crs, axis=axis)
                if axis == "yx":
                    told.append(pasted.turned(shapely.get_coordinates(raw)[0], projected=known.crs.projected))
                for sentence in dict.fromkeys([*told, *pasted.shifts_of(stored.notes)]) if tell else ():
                    tell(sentence)
                tell = None  # said once, with the first rows
                yield from _rows(batch, stored.geoms, [one.name for one in looked.source.fields])
    finally:
        looked.batches.close()


def _looked(path: Path, name: str, options: Options, limits: Limits) -> Looked:
    """The file looked at; of several layers it is told how one is chosen."""
    try:
        return look(path, name, options, limits)
    except GisRefused as refusal:
        if refusal.code not in ("gis.several_layers", "gis.no_such_layer"):
            raise
        how = _("写法：网页填“文件中的图层”，命令加 --layer 图层名称。")
        raise GisRefused(f"{refusal}{how}", code=refusal.code, data=refusal.details) from refusal


def _assumed(known: System) -> str:
    """By which system the numbers are read where the file does not name one."""
    return _("文件没有写明坐标系，按 %(crs)s 读取：%(why)s") % {"crs": known.crs.code, "why": known.why}


def _rows(batch: Any, shapes: Any, fields: Sequence[str]) -> Iterator[Read]:
    columns = {one: batch.column(one).to_pylist() for one in fields if one in batch.schema.names}
    notes = batch.column(NOTE).to_pylist()
    for at, shape in enumerate(shapes):
        told = [said_in_words(one) for one in row_messages(notes[at])] if notes[at] else ()
        yield Read({key: values[at] for key, values in columns.items()}, shape, told)


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
