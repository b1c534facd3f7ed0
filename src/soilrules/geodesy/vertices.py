"""Rings and lines looked at vertex by vertex, for many geometries at once: repeated vertices and spikes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soilrules.geodesy.outlines import Floats, Indices, Outline

METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Found:
    """One finding a row: the geometry it belongs to, where it is, and its size."""

    owner: Indices
    places: Floats
    sizes: Floats


def repeated(drawn: Outline, within_deg: float) -> Found:
    """Vertices that repeat the one before them; `sizes` are the distances in degrees."""
    gaps = np.abs(drawn.end - drawn.start).max(axis=1, initial=0.0)
    same = np.flatnonzero(gaps <= within_deg)
    return Found(drawn.owner(drawn.edge_line[same]), drawn.end[same], gaps[same])


def spikes(drawn: Outline, below_degrees: float, least_m: float) -> Found:
    """Vertices of rings where the boundary turns back on itself; `sizes` are the angles in degrees.

    A repeated vertex is passed over: the edges before and after it meet there. A line may come back on itself.
    """
    edges = np.flatnonzero(drawn.is_ring[drawn.edge_line] & (drawn.start != drawn.end).any(axis=1))
    start, end, ring = drawn.start[edges], drawn.end[edges], drawn.edge_line[edges]
    steps = (end - start) * METRES_PER_DEGREE
    steps[:, 0] *= np.cos(np.radians(start[:, 1]))
    ahead = steps[_follower(ring)]
    # the angle between where the boundary came from and where it goes, by arctan2: exact for small angles too
    across = np.abs(steps[:, 0] * ahead[:, 1] - steps[:, 1] * ahead[:, 0])
    along = -(steps * ahead).sum(axis=1)
    angles = np.degrees(np.arctan2(across, along))
    lengths = np.minimum(np.hypot(*steps.T), np.hypot(*ahead.T))
    sharp = np.flatnonzero((angles < below_degrees) & (lengths >= least_m))
    return Found(drawn.owner(ring[sharp]), end[sharp], angles[sharp])


def _follower(ring: Indices) -> NDArray[np.intp]:
    """The edge after each edge of its ring; after the last comes the first."""
    follower = np.arange(1, len(ring) + 1)
    begins = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]][: len(ring)])
    ends = np.r_[begins[1:], len(ring)][: len(begins)] - 1
    follower[ends] = begins
    return follower
