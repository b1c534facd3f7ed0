"""Two polygon layers laid over each other: which pieces, how large, and what remains uncovered.

The first layer goes by in chunks, so memory is bounded by the chunk and by the second layer, which is held whole.
Geometries are stored ones and valid (see `faults.check`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from soilrules.geodesy.measure import area_m2, straight_m2
from soilrules.geodesy.outlines import Floats, Geometries, Indices, totals

CHUNK = 50_000
ROUNDING, ROUNDING_M2 = 1e-9, 1e-6  # up to this share and this much, pieces and parent are the same
COLLECTION = 7
Ids = Sequence[Any] | NDArray[Any]  # or an Arrow array
Chunk = tuple[Any, Geometries]  # ids and geometries of some rows


@dataclass(frozen=True, slots=True)
class _Pieces:
    """The pieces of one chunk: the row in the chunk, the row of the second layer, shape and area of each."""

    a: Indices
    b: Indices
    shapes: Geometries
    areas: Floats
    parents: Floats  # area of each geometry of the chunk


class _Layer:
    """The second layer, ready to be asked. GEOS builds its indexes at the first question, which only one thread may
    ask: each worker has a layer of its own."""

    def __init__(self, geoms: Geometries) -> None:
        self.geoms = np.array(shapely.from_wkb(shapely.to_wkb(geoms)), dtype=object)
        shapely.prepare(self.geoms)
        self.tree = shapely.STRtree(self.geoms)

    def cut(self, geoms: Geometries, planar: bool) -> _Pieces:
        """The pieces of a chunk that share ground with this layer."""
        a, b = self.tree.query(geoms)
        meet = shapely.intersects(self.geoms[b], geoms[a])
        a, b = a[meet], b[meet]
        cut = ~shapely.covers(self.geoms[b], geoms[a])
        parents = np.nan_to_num(shapely.area(geoms) if planar else area_m2(geoms))
        shapes, areas = geoms[a], parents[a]
        shapes[cut] = shapely.intersection(shapes[cut], self.geoms[b[cut]])
        areas[cut] *= _shares(shapes[cut], geoms, a[cut], shapely.area if planar else straight_m2)
        some = areas > 0
        return _Pieces(a[some], b[some], shapes[some], _summed_to_parent(areas[some], a[some], parents), parents)


def _shares(pieces: Geometries, geoms: Geometries, owner: Indices, measure: Callable[[Geometries], Floats]) -> Floats:
    """The share of its parent each piece has, by a measure that cutting does not change."""
    parents, which = np.unique(owner, return_inverse=True)
    shares: Floats = measure(pieces) / measure(geoms[parents])[which]
    return shares


def _same(difference: Floats, parents: Floats) -> NDArray[np.bool_]:
    """Where a difference is no more than the rounding of coordinates."""
    same: NDArray[np.bool_] = np.abs(difference) <= ROUNDING * parents + np.minimum(ROUNDING_M2, parents * 1e-6)
    return same


def _summed_to_parent(areas: Floats, owner: Indices, parents: Floats) -> Floats:
    """Pieces that cover their parent, the last of each evened out so that they sum to it."""
    rest = parents - totals(owner, areas, len(parents))
    last = np.full(len(parents), -1)
    last[owner] = np.arange(len(owner))
    even = (last >= 0) & _same(rest, parents)
    areas[last[even]] += rest[even]
    return areas


def overlay(
    a_ids: Ids,
    a_geoms: Geometries,
    b_ids: Ids,
    b_geoms: Geometries,
    *,
    chunk: int = CHUNK,
    pieces: bool = False,
    workers: int = 1,
    planar: bool = False,
) -> Iterator[pa.RecordBatch]:
    """Batches of `a`, `b`, `area_m2` and, with `pieces`, `piece` (WKB): every pair that shares ground.

    Pairs that only touch are left out. A piece has its share of the ellipsoidal area of `a`, so pieces and what remains
    sum to it. Rows go by `a`. `workers`: threads; GEOS works outside of Python's lock. `planar`: areas of the plane in
    the unit of the coordinates, squared.
    """
    chunks = _sliced(a_ids, a_geoms, chunk)
    return overlay_stream(chunks, b_ids, b_geoms, pieces=pieces, workers=workers, planar=planar)


def overlay_stream(
    chunks: Iterable[Chunk],
    b_ids: Ids,
    b_geoms: Geometries,
    *,
    pieces: bool = False,
    workers: int = 1,
    planar: bool = False,
) -> Iterator[pa.RecordBatch]:
    """As `overlay`, one batch for each chunk (ids and geometries) of the first layer, which is never held whole."""
    others = pa.array(b_ids)
    for (ids, _geoms), found in _cuts(chunks, b_geoms, workers, planar):
        yield _pairs(ids, others, found, pieces)


def overlay_and_remainders(
    a_ids: Ids, a_geoms: Geometries, b_ids: Ids, b_geoms: Geometries, *, chunk: int = CHUNK
) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """Batches as `overlay` and as `remainders` give them, of one cut."""
    others = pa.array(b_ids)
    for (ids, geoms), found in _cuts(_sliced(a_ids, a_geoms, chunk), b_geoms, 1, False):
        yield _pairs(ids, others, found, False), _left(ids, geoms, found, False, False)


def _pairs(ids: Any, others: Any, found: _Pieces, pieces: bool) -> pa.RecordBatch:
    """The pairs of a chunk that share ground."""
    columns = {"a": pa.array(ids).take(pa.array(found.a)), "b": others.take(pa.array(found.b))}
    columns["area_m2"] = pa.array(found.areas)
    if pieces:
        columns["piece"] = pa.array(shapely.to_wkb(polygonal(found.shapes)), type=pa.binary())
    return pa.RecordBatch.from_pydict(columns)


def remainders(
    a_ids: Ids,
    a_geoms: Geometries,
    b_geoms: Geometries,
    *,
    chunk: int = CHUNK,
    pieces: bool = False,
    workers: int = 1,
    planar: bool = False,
) -> Iterator[pa.RecordBatch]:
    """Batches with one row for each `a`: what of it no geometry of the second layer covers.

    `parent_m2` is `covered_m2` plus `remainder_m2`; `overlap_m2` is what several pieces share, by which the pieces of
    `overlay` exceed `covered_m2`. With `pieces`, `piece` is the remainder as WKB, null where nothing remains.
    """
    for (ids, geoms), found in _cuts(_sliced(a_ids, a_geoms, chunk), b_geoms, workers, planar):
        yield _left(ids, geoms, found, pieces, planar)


def _left(ids: Any, geoms: Geometries, found: _Pieces, pieces: bool, planar: bool) -> pa.RecordBatch:
    """What of a chunk the second layer does not cover."""
    unions = _unions(found, len(geoms))
    covered = _covered(found, unions, geoms, planar)
    overlap = totals(found.a, found.areas, len(geoms)) - covered
    columns = {
        "a": pa.array(ids),
        "parent_m2": pa.array(found.parents),
        "covered_m2": pa.array(covered),
        "remainder_m2": pa.array(found.parents - covered),
        "overlap_m2": pa.array(np.where(_same(overlap, found.parents), 0.0, overlap)),
    }
    if pieces:
        left = shapely.difference(geoms, unions)
        left[covered >= found.parents] = None
        columns["piece"] = pa.array(shapely.to_wkb(polygonal(left)), type=pa.binary())
    return pa.RecordBatch.from_pydict(columns)


def _covered(found: _Pieces, unions: Geometries, geoms: Geometries, planar: bool) -> Floats:
    """Area of each geometry that the second layer covers, counted once where several of its geometries do."""
    covered = totals(found.a, found.areas, len(geoms))
    several = np.flatnonzero(np.bincount(found.a, minlength=len(geoms)) > 1)
    shares = _shares(unions[several], geoms, several, shapely.area if planar else straight_m2)
    covered[several] = found.parents[several] * shares
    return np.where(_same(covered - found.parents, found.parents), found.parents, covered)


def _unions(found: _Pieces, count: int) -> Geometries:
    """What the pieces of each geometry cover together; an empty polygon where there is none."""
    unions = np.full(count, shapely.Polygon(), dtype=object)
    unions[found.a] = found.shapes
    order = np.argsort(found.a, kind="stable")
    owners, begins, times = np.unique(found.a[order], return_index=True, return_counts=True)
    for owner, begin, times_ in zip(owners.tolist(), begins.tolist(), times.tolist(), strict=True):
        if times_ > 1:
            unions[owner] = shapely.union_all(found.shapes[order[begin : begin + times_]])
    return unions


def polygonal(geoms: Geometries) -> Geometries:
    """Only the polygons of collections: two outlines may share a corner of ground and a line elsewhere."""
    for index in np.flatnonzero(shapely.get_type_id(geoms) == COLLECTION).tolist():
        parts = shapely.get_parts(geoms[index])
        geoms[index] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    return geoms


def _sliced(ids: Ids, geoms: Geometries, size: int) -> Iterator[Chunk]:
    """A layer in chunks of rows."""
    names = pa.array(ids)
    for begin in range(0, len(geoms), size):
        yield names.slice(begin, size), np.asarray(geoms[begin : begin + size], dtype=object)


def _cuts(chunks: Iterable[Chunk], b_geoms: Geometries, workers: int, planar: bool) -> Iterator[tuple[Chunk, _Pieces]]:
    """The pieces of each chunk; no more chunks are begun than there are workers and one."""
    layers: SimpleQueue[_Layer] = SimpleQueue()
    for _ in range(workers):
        layers.put(_Layer(np.asarray(b_geoms, dtype=object)))

    def cut(chunk: Chunk) -> _Pieces:
        layer = layers.get()
        try:
            return layer.cut(chunk[1], planar)
        finally:
            layers.put(layer)

    if workers == 1:
        yield from ((chunk, cut(chunk)) for chunk in chunks)
        return
    waiting: deque[tuple[Chunk, Future[_Pieces]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for chunk in chunks:
            waiting.append((chunk, pool.submit(cut, chunk)))
            if len(waiting) > workers:
                first, future = waiting.popleft()
                yield first, future.result()
        yield from ((chunk, future.result()) for chunk, future in waiting)


__all__ = ["overlay", "overlay_and_remainders", "overlay_stream", "polygonal", "remainders"]
