"""Plots beside a ground."""

from __future__ import annotations

from datetime import date

import numpy as np
from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import Actor
from soildesk.plots.models import PlotStage, PlotVersion
from soildesk.plots.queries.plots import NO_STAGE, Standing
from soildesk.plots.queries.stages import lists_of
from soilrules.geodesy import measure


def near(shape: BaseGeometry, actor: Actor | None, on: date, metres: float) -> list[tuple[Standing, float]]:
    """Plots of a day that do not meet a ground but lie within so many metres of it, with the distance; the nearest first."""
    reach = measure.buffer([shape], metres)[0]
    seen = PlotVersion.objects.visible_to(actor).standing(on).filter(geometry__intersects=reach)
    found = [one for one in seen.select_related("plot").order_by("pk") if not one.geometry.intersects(shape)]
    if not found:
        return []
    away = measure.distance_m(np.array([shape] * len(found), dtype=object), np.array([one.geometry for one in found]))
    keys = [one.plot_id for one in found]
    held = {one.plot_id: one for one in PlotStage.objects.standing(on).filter(plot__in=keys)}
    lists = lists_of(keys, on)
    made = [(_standing(one, held.get(one.plot_id), tuple(lists.get(one.plot_id, ()))), float(metres_))
            for one, metres_ in zip(found, away, strict=True)]  # fmt: skip
    return sorted(made, key=lambda pair: (pair[1], pair[0].version.plot.number))


def _standing(version: PlotVersion, stage: PlotStage | None, lists: tuple[str, ...]) -> Standing:
    if stage is None:
        return Standing(version, NO_STAGE, "", None, None, lists)
    return Standing(version, stage.stage, stage.exit, stage.since, stage.covered, lists)
