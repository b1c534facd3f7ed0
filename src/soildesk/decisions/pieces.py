"""A ground cut into pieces on which the same things lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import shapely
from shapely.geometry.base import BaseGeometry

from soildesk.land.shapes import areas_m2, polygons_of
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
    cuts = [_pieces(ground, on_it) for ground, on_it in zip(grounds, layers, strict=True)]
    measured = iter(areas_m2([shape for pieces in cuts for shape, _over in pieces]))
    wholes = areas_m2(grounds)
    return [
        _named(whole, pieces, list(islice(measured, len(pieces)))) for whole, pieces in zip(wholes, cuts, strict=True)
    ]


def _pieces(ground: BaseGeometry, layers: Mapping[str, BaseGeometry]) -> list[Part]:
    pieces: list[Part] = [(ground, frozenset())]
    for shape, ids in _by_shape(layers):
        pieces = [part for piece, over in pieces for part in _parted(piece, over, shape, ids)]
    return pieces


def _named(whole: float, pieces: Sequence[Part], measured: Sequence[float]) -> CutGround:
    areas = _scaled(measured, whole)
    named = {f"P{n}": (shape, over, area) for n, ((shape, over), area) in enumerate(zip(pieces, areas, strict=True), 1)}
    found = tuple(Piece(key, area, over) for key, (_shape, over, area) in named.items())
    return CutGround(Ground(whole, found), {key: shape for key, (shape, _over, _area) in named.items()})


def _by_shape(layers: Mapping[str, BaseGeometry]) -> Sequence[tuple[BaseGeometry, frozenset[str]]]:
    """Each shape once, with all that has it; in a fixed order, so that the same facts give the same pieces."""
    held: dict[bytes, tuple[BaseGeometry, set[str]]] = {}
    keys = sorted(layers)
    shapes = [layers[key] for key in keys]
    for key, shape, same in zip(keys, shapes, shapely.to_wkb(shapely.normalize(shapes)), strict=True):
        held.setdefault(same, (shape, set()))[1].add(key)
    return [(shape, frozenset(ids)) for shape, ids in held.values()]


def _parted(
    piece: BaseGeometry, over: frozenset[str], shape: BaseGeometry, ids: frozenset[str]
) -> list[tuple[BaseGeometry, frozenset[str]]]:
    inside = piece.intersection(shape)
    if inside.is_empty:
        return [(piece, over)]
    inside, outside = polygons_of(inside), polygons_of(piece.difference(shape))
    parts = [(inside, over | ids), (outside, over)]
    return [part for part in parts if part[0].area > TOO_SMALL] or [(piece, over)]


def _scaled(areas: Sequence[float], whole: float) -> list[float]:
    together = sum(areas)
    return [area * whole / together for area in areas] if together else list(areas)
