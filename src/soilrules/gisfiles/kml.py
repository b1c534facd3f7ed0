"""KML, read as a stream: places with their data, in folders. What a link points to is never fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import shapely
from lxml import etree

from soilrules.gisfiles.findings import UnreadableGis, must_be_within, note, row_note
from soilrules.gisfiles.geometry import checked
from soilrules.gisfiles.source import EAST_FIRST, Kind, Layer, Options, Piece, Source, fields_of, unique
from soilrules.messages import Message

_OWN = ("name", "description", "folder")
_GEOMETRY = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack", "Model")
_OVERLAYS = ("GroundOverlay", "PhotoOverlay", "ScreenOverlay")


@dataclass
class _Content:
    """What a file holds beside its geometry, found in a first pass."""

    places: int = 0
    data: dict[str, None] = field(default_factory=dict)  # names, in order
    links: int = 0
    overlays: int = 0
    heights: bool = False


class Kml:
    """One KML file."""

    def __init__(self, path: Path, name: str, options: Options) -> None:
        self._path, self._name = path, name
        self._content = self._counted(options.limits.rows)
        self._names = unique([*_OWN, *self._content.data])

    def _counted(self, most: int) -> _Content:
        content = _Content()
        for kind, element, _ in self._elements():
            if kind == "NetworkLink":
                content.links += 1
            elif kind in _OVERLAYS:
                content.overlays += 1
            else:
                content.places += 1
                must_be_within(content.places, most, self._name, Path(self._name).stem)
                content.data |= dict.fromkeys(_data(element))
        return content

    def _elements(self) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
        """Places, links and overlays as they end, with the folders around them; forgotten afterwards."""
        wanted = {"Placemark", "NetworkLink", *_OVERLAYS}
        folders: list[str] = []
        try:
            with self._path.open("rb") as stream:
                for event, element in _events(stream):
                    kind = _local(element)
                    if kind == "Folder":
                        folders.append("") if event == "start" else folders.pop()
                    elif event == "end" and kind == "name" and folders and _local(element.getparent()) == "Folder":
                        folders[-1] = (element.text or "").strip()
                    elif event == "end" and kind in wanted:
                        yield kind, element, tuple(one for one in folders if one)
                        _forget(element)
        except etree.XMLSyntaxError as error:
            line = error.lineno or 1
            raise UnreadableGis("kml_damaged", name=self._name, line=line, detail=str(error.msg)[:200]) from error

    @property
    def layer(self) -> Layer:
        return Layer(Path(self._name).stem, "", self._content.places)

    def count(self, most: int) -> int | None:
        return self._content.places

    def about(self, first: Piece) -> Source:
        layer = self.layer
        return Source(
            Kind.KML, (layer,), layer.name, fields_of(first), "EPSG:4326", (), layer.count, "UTF-8", tuple(self._notes()), EAST_FIRST,
        )  # fmt: skip

    def _notes(self) -> Iterator[Message]:
        if self._content.links:
            yield note("kml_links", count=self._content.links)
        if self._content.overlays:
            yield note("kml_overlays", count=self._content.overlays)

    def pieces(self, rows: int) -> Iterator[Piece]:
        if not self._content.places and self._content.links:
            raise UnreadableGis("kml_only_links", name=self._name, count=self._content.links)
        held: list[tuple[list[str | None], Any, list[Message], bool]] = []
        size = 0
        for kind, element, folders in self._elements():
            if kind != "Placemark":
                continue
            held.append((self._facts(element, folders), *_shape(element)))
            size += int(shapely.get_num_coordinates(held[-1][1])) if held[-1][1] is not None else 0
            if len(held) >= rows or size >= 100 * rows:
                yield self._piece(held)
                held, size = [], 0
        if held:
            yield self._piece(held)

    def _facts(self, element: Any, folders: tuple[str, ...]) -> list[str | None]:
        found = _data(element)
        own = [_child_text(element, "name"), _child_text(element, "description"), "/".join(folders)]
        return [one or None for one in (*own, *(found.get(one, "") for one in self._content.data))]

    def _piece(self, held: list[tuple[list[str | None], Any, list[Message], bool]]) -> Piece:
        columns = [pa.array([one[0][at] for one in held], pa.string()) for at in range(len(self._names))]
        piece = Piece(pa.RecordBatch.from_arrays(columns, self._names), None)
        shapes = np.full(len(held), None, object)
        for at, (_, shape, notes, _) in enumerate(held):
            shapes[at] = shape
            if notes:
                piece.notes[at] = notes
        if any(heights for *_, heights in held):
            piece.traits |= {"z"}
        piece.wkb = pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary())
        return checked(piece, shapes, changed=False)


def _events(stream: BinaryIO) -> Any:
    return etree.iterparse(
        stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip


def _local(element: Any) -> str:
    tag = element.tag if element is not None else ""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _forget(element: Any) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _child_text(element: Any, kind: str) -> str:
    child = next((one for one in element if _local(one) == kind), None)
    return "".join(child.itertext()).strip() if child is not None else ""


def _data(element: Any) -> dict[str, str]:
    """The extended data of a place by name."""
    found = {}
    for child in element:
        if _local(child) != "ExtendedData":
            continue
        for one in child.iter():
            if _local(one) == "Data" and one.get("name"):
                found[one.get("name")] = _child_text(one, "value")
            elif _local(one) == "SimpleData" and one.get("name"):
                found[one.get("name")] = (one.text or "").strip()
    return found


def _shape(element: Any) -> tuple[Any, list[Message], bool]:
    """The geometry of a place, what is odd about it, and whether it had heights."""
    reading = _Shape()
    parts = [reading.of(one) for one in element if _local(one) in _GEOMETRY]
    if reading.notes and any(one.id != "ring_closed" for one in reading.notes):
        return None, reading.notes, reading.heights
    return _together([one for one in parts if one is not None]), reading.notes, reading.heights


def _together(parts: list[Any]) -> Any:
    """One part as it is, several of a kind as one, others as a collection."""
    if len(parts) < 2:
        return parts[0] if parts else None
    makers = {0: shapely.multipoints, 1: shapely.multilinestrings, 3: shapely.multipolygons}
    kinds = {shapely.get_type_id(one) for one in parts}
    return makers.get(kinds.pop() if len(kinds) == 1 else -1, shapely.geometrycollections)(parts)


@dataclass
class _Shape:
    notes: list[Message] = field(default_factory=list)
    heights: bool = False

    def of(self, element: Any) -> Any:
        kind = _local(element)
        if kind in ("MultiGeometry", "MultiTrack"):
            parts = [self.of(one) for one in element if _local(one) in _GEOMETRY]
            return _together([one for one in parts if one is not None])
        if kind == "Polygon":
            return self._polygon(element)
        if kind == "Model":
            self.notes.append(row_note("kml_model"))
            return None
        return self._simple(kind, self._numbers(element))

    def _simple(self, kind: str, numbers: Any) -> Any:
        least = 1 if kind == "Point" else 2
        if numbers is None or len(numbers) < least:
            return self._short(numbers)
        return shapely.points(numbers[0]) if kind == "Point" else shapely.linestrings(numbers)

    def _short(self, numbers: Any) -> None:
        if numbers is not None:
            self.notes.append(row_note("too_few_points", count=len(numbers)))

    def _polygon(self, element: Any) -> Any:
        rings: dict[str, list[Any]] = {"outerBoundaryIs": [], "innerBoundaryIs": []}
        for border in element:
            if _local(border) in rings:
                found = [self._numbers(one) for one in border if _local(one) == "LinearRing"]
                rings[_local(border)] += [self._closed(one) for one in found if one is not None]
        outer, inner = rings["outerBoundaryIs"], [one for one in rings["innerBoundaryIs"] if one is not None]
        if not outer or outer[0] is None:
            return None
        return shapely.polygons(outer[0], inner or None)

    def _closed(self, ring: Any) -> Any:
        if len(ring) < 3:
            return self._short(ring)
        if (ring[0] == ring[-1]).all():
            return ring if len(ring) > 3 else self._short(ring)
        if not any(one.id == "ring_closed" for one in self.notes):
            self.notes.append(row_note("ring_closed"))
        return np.concatenate([ring, ring[:1]])

    def _numbers(self, element: Any) -> Any:
        """Longitudes and latitudes; None, with a note, where something is no number."""
        tracks = [one.text or "" for one in element if _local(one) == "coord"]
        texts = [",".join(one.split()) for one in tracks] or _tuples(_child_text(element, "coordinates"))
        found = []
        for text in texts:
            parts = text.split(",")
            try:
                found.append((float(parts[0]), float(parts[1])))
            except (ValueError, IndexError):
                self.notes.append(row_note("kml_coordinates", value=text[:40]))
                return None
            self.heights |= len(parts) > 2 and parts[2].strip() not in ("", "0", "0.0")
        return np.array(found).reshape(-1, 2)


def _tuples(text: str) -> list[str]:
    return re.sub(r"\s*,\s*", ",", text).split()
