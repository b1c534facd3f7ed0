"""Two polygon layers laid over each other: which pieces, how large, and what remains uncovered.

The first layer goes by in chunks, so memory is bounded by the chunk and by the second layer, which is held whole.
Geometries are stored ones and valid (see `faults.check`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from soilrules.geodesy.measure import area_m2
from soilrules.geodesy.outlines import Floats, Geometries, Indices, totals

CHUNK = 50_000
AS_ONE = 1e-6  # cut edges are other geodesics than whole ones: up to this share, pieces and parent are the same
COLLECTION = 7
Area = Callable[[Geometries], Floats]
Ids = Sequence[Any] | NDArray[Any]  # or an Arrow array


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

    def cut(self, geoms: Geometries, area: Area) -> _Pieces:
        """The pieces of a chunk that share ground with this layer."""
        a, b = self.tree.query(geoms)
        meet = shapely.intersects(self.geoms[b], geoms[a])
        a, b = a[meet], b[meet]
        within = shapely.covers(self.geoms[b], geoms[a])
        parents = np.nan_to_num(area(geoms))
        shapes, areas = geoms[a], parents[a]
        shapes[~within] = shapely.intersection(shapes[~within], self.geoms[b[~within]])
        areas[~within] = area(shapes[~within])
        some = areas > 0
        return _Pieces(a[some], b[some], shapes[some], _summed_to_parent(areas[some], a[some], parents), parents)


def _summed_to_parent(areas: Floats, owner: Indices, parents: Floats) -> Floats:
    """Pieces that cover their parent, scaled to sum to it; others are left as they are."""
    sums = totals(owner, areas, len(parents))
    whole = (np.abs(sums - parents) <= AS_ONE * parents) & (sums > 0)
    factors = np.where(whole, parents / np.where(sums > 0, sums, 1.0), 1.0)
    areas = areas * factors[owner]
    rest = np.where(whole, parents - totals(owner, areas, len(parents)), 0.0)
    last = np.full(len(parents), -1)
    last[owner] = np.arange(len(owner))
    areas[last[last >= 0]] += rest[last >= 0]
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
    area: Area = area_m2,
) -> Iterator[pa.RecordBatch]:
    """Batches of `a`, `b`, `area_m2` and, with `pieces`, `piece` (WKB): every pair that shares ground.

    Pairs that only touch are left out. Pieces that cover all of an `a` sum to its area. Rows go by `a`.
    `workers`: threads; GEOS works outside of Python's lock. `area` measures pieces, on the ellipsoid by default.
    """
    names, others = pa.array(a_ids), pa.array(b_ids)
    for begin, found in _cuts(a_geoms, b_geoms, chunk, workers, area):
        columns = {"a": names.take(pa.array(begin + found.a)), "b": others.take(pa.array(found.b))}
        columns["area_m2"] = pa.array(found.areas)
        if pieces:
            columns["piece"] = pa.array(shapely.to_wkb(polygonal(found.shapes)), type=pa.binary())
        yield pa.RecordBatch.from_pydict(columns)


def remainders(
    a_ids: Ids,
    a_geoms: Geometries,
    b_geoms: Geometries,
    *,
    chunk: int = CHUNK,
    pieces: bool = False,
    workers: int = 1,
    area: Area = area_m2,
) -> Iterator[pa.RecordBatch]:
    """Batches with one row for each `a`: what of it no geometry of the second layer covers.

    `parent_m2` is `covered_m2` plus `remainder_m2`; `overlap_m2` is what several pieces share, by which the pieces of
    `overlay` exceed `covered_m2`. With `pieces`, `piece` is the remainder as WKB, null where nothing remains.
    """
    names = pa.array(a_ids)
    for begin, found in _cuts(a_geoms, b_geoms, chunk, workers, area):
        count = len(found.parents)
        unions = _unions(found, count)
        sums = totals(found.a, found.areas, count)
        several = np.bincount(found.a, minlength=count) > 1
        covered = sums.copy()
        covered[several] = area(unions[several])
        covered = np.where(np.abs(covered - found.parents) <= AS_ONE * found.parents, found.parents, covered)
        columns = {
            "a": names.slice(begin, count),
            "parent_m2": pa.array(found.parents),
            "covered_m2": pa.array(covered),
            "remainder_m2": pa.array(found.parents - covered),
            "overlap_m2": pa.array(_unless_same(sums - covered, found.parents)),
        }
        if pieces:
            left = shapely.difference(a_geoms[begin : begin + count], unions)
            left[covered >= found.parents] = None
            columns["piece"] = pa.array(shapely.to_wkb(polygonal(left)), type=pa.binary())
        yield pa.RecordBatch.from_pydict(columns)


def _unless_same(difference: Floats, parents: Floats) -> Floats:
    return np.where(difference <= AS_ONE * parents, 0.0, difference)


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


def _cuts(
    a_geoms: Geometries, b_geoms: Geometries, chunk: int, workers: int, area: Area
) -> Iterator[tuple[int, _Pieces]]:
    """The pieces of each chunk with the row it begins at; no more chunks are begun than there are workers and one."""
    layers: SimpleQueue[_Layer] = SimpleQueue()
    for _ in range(workers):
        layers.put(_Layer(np.asarray(b_geoms, dtype=object)))

    def cut(begin: int) -> _Pieces:
        layer = layers.get()
        try:
            return layer.cut(np.asarray(a_geoms[begin : begin + chunk], dtype=object), area)
        finally:
            layers.put(layer)

    begins = range(0, len(a_geoms), chunk)
    if workers == 1:
        yield from ((begin, cut(begin)) for begin in begins)
        return
    waiting: deque[tuple[int, Future[_Pieces]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for begin in begins:
            waiting.append((begin, pool.submit(cut, begin)))
            if len(waiting) > workers:
                first, future = waiting.popleft()
                yield first, future.result()
        yield from ((begin, future.result()) for begin, future in waiting)


__all__ = ["overlay", "polygonal", "remainders"]
