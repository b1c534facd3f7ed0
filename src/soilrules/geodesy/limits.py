"""From where on a shape is worth a word; an office may set its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the checks. Each is exceeded beyond the number, not at it."""

    vertices: int = 100_000
    tiny_m2: float = 1.0
    huge_m2: float = 1e9
    sliver_width_m: float = 0.5
    sliver_compactness: float = 0.05
    spike_degrees: float = 1.0
    spike_least_m: float = 0.1
    same_vertex_deg: float = 1e-9
    outside_share: float = 0.01
    overlap_m2: float = 1.0
