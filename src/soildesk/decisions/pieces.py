"""A ground cut into pieces on which the same things lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from soildesk.land.shapes import Shapes, areas_m2, surfaces_of
from soilrules.gate.facts import Ground, Piece

TOO_SMALL = 1e-14
"""Square degrees (about 0.0001 m²) below which a piece is noise of the cutting."""


Part = tuple[BaseGeometry, frozenset[str]]
"""A part of a ground with the ids of what lies on it."""


@dataclass(frozen=True, slots=True)
class CutGround:
    """The ground of a question and the shape of each of its pieces, by id."""

    ground: Ground
    shapes: Mapping[str, BaseGeometry]


def cut_each(grounds: Sequence[BaseGeometry], layers: Sequence[Mapping[str, BaseGeometry]]) -> list[CutGround]:
    """Cut each ground by the shapes that lie on it; `layers`: for each ground its shapes by the id of what each is of.

    Things that share one shape cut once. The areas are ellipsoidal and scaled to sum to the ground's.
    """
    cuts = _cut(grounds, _distinct(layers))
    measured = iter(areas_m2([shape for pieces in cuts for shape, _over in pieces]))
    wholes = areas_m2(grounds)
    return [
        _named(whole, pieces, list(islice(measured, len(pieces)))) for whole, pieces in zip(wholes, cuts, strict=True)
    ]


def _cut(grounds: Sequence[BaseGeometry], distinct: Sequence[Sequence[Part]]) -> list[list[Part]]:
    """The pieces of each ground, cut by its first shape, then by its second, all grounds together each time."""
    pieces: list[list[Part]] = [[(ground, frozenset())] for ground in grounds]
    for turn in range(max(map(len, distinct), default=0)):
        asked = [n for n, shapes in enumerate(distinct) if len(shapes) > turn]
        parted = iter(_parted([(piece, distinct[n][turn]) for n in asked for piece in pieces[n]]))
        for n in asked:
            pieces[n] = [part for one in islice(parted, len(pieces[n])) for part in one]
    return pieces


def _named(whole: float, pieces: Sequence[Part], measured: Sequence[float]) -> CutGround:
    areas = _scaled(measured, whole)
    named = {f"P{n}": (shape, over, area) for n, ((shape, over), area) in enumerate(zip(pieces, areas, strict=True), 1)}
    found = tuple(Piece(key, area, over) for key, (_shape, over, area) in named.items())
    return CutGround(Ground(whole, found), {key: shape for key, (shape, _over, _area) in named.items()})


def _distinct(layers: Sequence[Mapping[str, BaseGeometry]]) -> list[list[Part]]:
    """For each ground each shape once, with all that has it; in a fixed order, so that the same facts give the same pieces."""
    shapes = [on_it[key] for on_it in layers for key in sorted(on_it)]
    same = iter(shapely.to_wkb(shapely.normalize(shapes)))
    found: list[list[Part]] = []
    for on_it in layers:
        held: dict[bytes, tuple[BaseGeometry, set[str]]] = {}
        for key in sorted(on_it):
            held.setdefault(next(same), (on_it[key], set()))[1].add(key)
        found.append([(shape, frozenset(ids)) for shape, ids in held.values()])
    return found


def _parted(cuts: Sequence[tuple[Part, Part]]) -> Iterator[list[Part]]:
    """Each piece parted by a shape: what lies inside, what outside; one part where the shape only touches it."""
    pieces, shapes = _column(piece for (piece, _over), _cut in cuts), _column(shape for _piece, (shape, _ids) in cuts)
    inside, outside = shapely.intersection(pieces, shapes), pieces.copy()
    met = ~shapely.is_empty(inside)
    outside[met] = shapely.difference(pieces[met], shapes[met])
    inside, outside = surfaces_of(inside), surfaces_of(outside)
    within, beyond = shapely.area(inside) > TOO_SMALL, shapely.area(outside) > TOO_SMALL
    for n, ((piece, over), (_shape, ids)) in enumerate(cuts):
        parts = [(inside[n], over | ids)] if within[n] else []
        parts += [(outside[n], over)] if beyond[n] else []
        yield parts if met[n] and parts else [(piece, over)]


def _column(shapes: Iterable[BaseGeometry]) -> Shapes:
    return np.fromiter(shapes, dtype=object)


def _scaled(areas: Sequence[float], whole: float) -> list[float]:
    together = sum(areas)
    return [area * whole / together for area in areas] if together else list(areas)
