"""Plots that grounds meet, and those beside them: read once for a whole layer of grounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from shapely.geometry.base import BaseGeometry

from soildesk.core.geometry import meeting
from soildesk.core.permissions import Actor
from soildesk.plots.models import PlotVersion
from soildesk.plots.queries.plots import Standing, placed
from soilrules.gate.rules import tolerance
from soilrules.geodesy import measure, overlay


@dataclass(frozen=True, slots=True)
class Met:
    """Plots of a day that a ground meets, the largest share first, and those beside it with the metres between.

    Read of a plot are its name, code, number, ground, first day, uses and whether its risk is high.
    """

    here: Sequence[Standing]
    near: Sequence[tuple[Standing, float]]


def met(shapes: Sequence[BaseGeometry], actor: Actor | None, on: date, metres: float) -> list[Met]:
    """For each ground the plots of a day it meets or has within so many metres.

    Slivers are not left out of what it meets: what is too small to matter is for the rules to say. A plot that shares no
    more than a sliver lies beside the ground too: one that only shares its border is the nearest of neighbours.
    """
    grounds = np.asarray(shapes, dtype=object)
    reaches = measure.buffer(grounds, metres)
    rows = PlotVersion.objects.visible_to(actor).standing(on).select_related("plot").order_by("pk")
    uses = ("use_system", "use_now", "use_planned")
    rows = rows.only("since", "name", "code", "geometry", "high_risk", *uses, "plot__number")
    found = placed(meeting.near(rows, list(reaches)), on)
    if not found:
        return [Met((), ()) for _shape in shapes]
    outlines = np.array([one.version.geometry for one in found], dtype=object)
    shared = _shared(grounds, outlines)
    reached = meeting.pairs(list(reaches), outlines)
    slivers = [tolerance().of(area) for area in measure.area_m2(grounds)]
    beside = [
        [one for one in sorted(reached[at]) if shared.get(at, {}).get(one, 0.0) <= slivers[at]]
        for at in range(len(shapes))
    ]
    away = _away(grounds, outlines, beside)
    return [
        Met(_largest_first(found, shared.get(at, {})), _nearest_first(found, away.get(at, {})))
        for at in range(len(shapes))
    ]


def any_kept(actor: Actor | None) -> bool:
    """Whether any plot is on record, wherever it lies."""
    return PlotVersion.objects.visible_to(actor).filter(superseded_at=None).exists()


def _shared(grounds: np.ndarray, outlines: np.ndarray) -> dict[int, dict[int, float]]:
    """Square metres that each ground shares with each outline, of those that share any."""
    found: dict[int, dict[int, float]] = {}
    if len(outlines):
        for batch in overlay.overlay(range(len(grounds)), grounds, range(len(outlines)), outlines):
            for ground, outline, area in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                held = found.setdefault(ground, {})
                held[outline] = held.get(outline, 0.0) + area
    return found


def _away(grounds: np.ndarray, outlines: np.ndarray, beside: Sequence[Sequence[int]]) -> dict[int, dict[int, float]]:
    """Metres between each ground and the outlines beside it."""
    pairs = [(ground, outline) for ground, outlines_ in enumerate(beside) for outline in outlines_]
    if not pairs:
        return {}
    first, second = map(list, zip(*pairs, strict=True))
    found: dict[int, dict[int, float]] = {}
    for (ground, outline), metres in zip(pairs, measure.distance_m(grounds[first], outlines[second]), strict=True):
        found.setdefault(ground, {})[outline] = float(metres)
    return found


def _largest_first(found: Sequence[Standing], areas: Mapping[int, float]) -> list[Standing]:
    """To the centimetre squared: the same plots come in the same order, whichever layer they were read for."""
    order = sorted(areas, key=lambda at: (-round(areas[at], 4), found[at].version.plot.number))
    return [found[at] for at in order]


def _nearest_first(found: Sequence[Standing], metres: Mapping[int, float]) -> list[tuple[Standing, float]]:
    order = sorted(metres, key=lambda at: (metres[at], found[at].version.plot.number))
    return [(found[at], metres[at]) for at in order]
