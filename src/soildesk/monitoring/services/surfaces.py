"""Surfaces drawn from the results of a campaign: asked for, made, kept with everything needed to trust them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files, jobs
from soildesk.core.permissions import Actor, require
from soildesk.monitoring.models import Campaign, Surface, SurfaceBand
from soildesk.monitoring.queries import tools
from soildesk.monitoring.queries.contents import Content, alike, layers_of
from soildesk.monitoring.queries.surfaces import Places, places_of, round_cell, usual_limit
from soildesk.monitoring.rasterbands import classes_of, ground_of
from soildesk.monitoring.refusals import MonitoringRefused
from soilrules import geostat
from soilrules.geodesy.crs import named
from soilrules.geodesy.transform import to_stored
from soilrules.geostat import CannotInterpolate, Grid, Outcome, Scale, geotiff_bytes, grid_over
from soilrules.messages import Message
from soilrules.statistics import CannotEstimate, CensoredSample, Substitute

PERMISSION = "monitoring.draw_surface"
JOB = "monitoring.surface"
RATIOS = (0.5, 0.8, 1.0, 1.5)
"""Classes of contents on the map, in parts of the limit."""
CHANCES = (0.05, 0.2, 0.5, 0.8)
"""Classes of the probability that the limit is exceeded."""
KINDS = ("contents", "medians", "probability", "variance")
Step = Callable[[int, int, str], None]


class SurfaceRefused(MonitoringRefused):
    """A surface cannot be asked for so. Codes: monitoring.surface.analyte, .cell, .limit, .reach, .choice."""

    code = "monitoring.surface.refused"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a surface is asked for. None lets the room choose, and the surface says what was chosen."""

    analyte: str
    medium: str = ""
    depth: str = ""
    method: str = Surface.Method.KRIGING
    scale: str = Surface.Scale.LOG
    substitute: str = Substitute.HALF_LIMIT.value
    cell_m: float | None = None
    reach_m: float | None = None
    limit: float | None = None


def ask(campaign: Campaign, wanted: Wanted, *, by: Actor, at: datetime) -> Surface:
    """Write down that a surface is wanted; `make` makes it."""
    require(by, PERMISSION, campaign)
    _check(wanted)
    asked = tools.asked(by, {"campaign": campaign.number, "medium": wanted.medium, "analyte": wanted.analyte}, by.today)
    if asked.campaign is None or asked.analyte != wanted.analyte:
        raise SurfaceRefused(
            _("监测任务 %(campaign)s 没有“%(analyte)s”的已接收结果：请换一个分析项目，或先接收检测数据。")
            % {"campaign": campaign.number, "analyte": wanted.analyte},
            code="monitoring.surface.analyte",
        )
    held = _of_depth(asked.contents(), wanted.depth)
    limit = None if wanted.limit else usual_limit(alike(held)[1])
    places = places_of(held)
    cell = wanted.cell_m or (places.cell_m if places and len(places.contents) > 1 else round_cell(10))
    return Surface.objects.create(
        campaign=campaign, analyte=wanted.analyte, medium=asked.medium, depth=wanted.depth, unit=alike(held)[0],
        method=wanted.method, scale=wanted.scale, substitute=wanted.substitute, cell_m=cell, reach_m=wanted.reach_m,
        limit=wanted.limit or (limit.value if limit else None),
        limit_source=_("办理人给定") if wanted.limit else _limit_source(limit),
        by=by.person, at=at, division_path=campaign.division_path, owner_department_id=campaign.owner_department_id,
    )  # fmt: skip


def _limit_source(limit: Any) -> str:
    if limit is None:
        return ""
    said = {"standard": limit.standard, "n": limit.n, "others": limit.others}
    if limit.others:
        return _("%(standard)s，%(n)d 个结果适用；另有 %(others)d 个适用别的限值") % said
    return _("%(standard)s，%(n)d 个结果适用") % said


def _check(wanted: Wanted) -> None:
    known = (
        wanted.method in Surface.Method.values
        and wanted.scale in Surface.Scale.values
        and wanted.substitute in ("", *(one.value for one in Substitute))
    )
    if not known:
        raise SurfaceRefused(
            _("方法、插值尺度或未检出的处理不在可选之列：请重新选择。"), code="monitoring.surface.choice"
        )
    for name, value in (("cell", wanted.cell_m), ("reach", wanted.reach_m), ("limit", wanted.limit)):
        if value is not None and not 0 < value < float("inf"):
            raise SurfaceRefused(
                _("%(value)s 不是大于 0 的数：格距、有效距离和限值都应大于 0。") % {"value": value},
                code=f"monitoring.surface.{name}",
            )


def start(surface: Surface, *, by: Actor, title: str) -> Surface:
    """Put the making into the queue."""
    surface.job = jobs.start(JOB, {"surface": str(surface.uid)}, by=by, title=title).uid
    surface.save(update_fields=["job"])
    return surface


def make(surface: Surface, *, by: Actor, at: datetime, step: Step = lambda done, total, doing: None) -> Surface:
    """Make a surface that was asked for; what cannot be mapped becomes unknown with its reason."""
    require(by, PERMISSION, surface.campaign)
    step(0, 4, _("读取结果"))
    said = {"campaign": surface.campaign.number, "medium": surface.medium, "analyte": surface.analyte}
    held = _of_depth(tools.asked(by, said, by.today).contents(), surface.depth)
    _unit, kept, other_unit = alike([one for one in held if not one.above])
    places = places_of(kept)
    step(1, 4, _("变异函数、插值与交叉验证"))
    made = _made(surface, places)
    step(2, 4, _("写出格网与分级图"))
    return _keep(surface, made, _told(surface, made, places, len(held) - len(kept), other_unit), by, at)


def _of_depth(held: Sequence[Content], depth: str) -> list[Content]:
    """The contents of a layer; of every layer the uppermost of each point where none was named."""
    if depth:
        return [one for one in held if str(one.layer) == depth]
    layers = layers_of(held)
    return [one for one in held if one.layer == layers[0]] if len(layers) > 1 and layers[0].top == 0 else list(held)


def _made(surface: Surface, places: Places | None) -> geostat.Surface | Message:
    """The surface, or why there is none."""
    if places is None:
        return Message("geostat", "refused", "too_few_points", {"n": "0", "least": "10"})
    try:
        sample = CensoredSample(
            [one.number for one in places.contents], [not one.detected for one in places.contents]
        )  # fmt: skip
        grid = grid_over(places.bounds, cell=surface.cell_m, epsg=places.crs.epsg or 0)
        made = geostat.surface(places.places, sample, grid, _wanted(surface))
    except (CannotInterpolate, CannotEstimate) as refusal:
        return refusal.message
    if made.outcome is Outcome.UNKNOWN:
        assert made.reason is not None
        return made.reason
    return made


def _wanted(surface: Surface) -> geostat.Wanted:
    return geostat.Wanted(
        method=geostat.Method(surface.method),
        scale=Scale(surface.scale),
        substitute=Substitute(surface.substitute) if surface.substitute else None,
        limit=surface.limit,
        reach_m=surface.reach_m,
    )


def _told(
    surface: Surface, made: geostat.Surface | Message, places: Places | None, left_out: int, other_unit: int
) -> dict[str, Any]:
    """What the surface rests on, as data."""
    told: dict[str, Any] = {
        "results": len(places.contents) if places else 0,
        "without_place": places.without_place if places else 0,
        "left_out": left_out,
        "other_unit": other_unit,
    }
    if isinstance(made, Message) or places is None:
        return told
    assert made.points is not None
    assert made.validation is not None
    grid, checked = made.grid, made.validation
    return told | {
        "points": made.points.n,
        "not_detected": made.points.n_substituted,
        "spots": np.round(made.points.places, 1).tolist(),
        "grid": {name: getattr(grid, name) for name in ("west", "north", "cell", "columns", "rows", "epsg")},
        "crs": {language: named(grid.epsg).title.sentence(language) for language in ("zh", "en")},
        "reach_m": made.reach_m,
        "variogram": _variogram(made),
        "validation": {
            name: _plain(getattr(checked, name)) for name in ("n", "folds", "mean_error", "rmse", "msdr", "correlation")
        } | {"sd": _plain(made.points.scaled.std())},
        "figures": _figures(surface, made),
        "remarks": [_both(one) for one in made.remarks],
        "versions": dict(made.versions),
    }  # fmt: skip


def _variogram(made: geostat.Surface) -> dict[str, Any] | None:
    if made.fit is None:
        return None
    model, found = made.fit.model, made.fit.experimental
    return {
        "kind": str(model.kind),
        "nugget": model.nugget,
        "partial_sill": model.partial_sill,
        "range_m": model.range_m,
        "smoothness": model.smoothness,
        "effective_range_m": model.effective_range_m,
        "nugget_share": model.nugget_share,
        "explained": _plain(made.fit.explained),
        "lags": [
            {"distance_m": round(far, 2), "semivariance": value, "pairs": pairs}
            for far, value, pairs in zip(
                found.distance_m.tolist(), found.semivariance.tolist(), found.pairs.tolist(), strict=True
            )
        ],
        "cutoff_m": found.cutoff_m,
    }


def _figures(surface: Surface, made: geostat.Surface) -> dict[str, Any]:
    """Lowest, middle and highest content of the cells drawn, and the ground above the limit in m²."""
    drawn = main_values(made)
    known = drawn[~np.isnan(drawn)]
    if not known.size:
        return {"cells": 0}
    cell = made.grid.cell**2
    told = {
        "cells": int(known.size), "area_m2": known.size * cell, "low": float(known.min()),
        "middle": float(np.median(known)), "high": float(known.max()),
    }  # fmt: skip
    if surface.limit is not None:
        told["above_m2"] = float((known > surface.limit).sum() * cell)
    if made.probability is not None:
        told["likely_m2"] = float((made.probability > 0.5).sum() * cell)
    return told


def main_values(made: geostat.Surface) -> np.ndarray:
    """What is drawn as contents: means where the method gives them, else medians."""
    drawn = made.contents if made.contents is not None else made.medians
    assert drawn is not None
    return drawn


def _plain(number: Any) -> Any:
    """A number as JSON holds it."""
    return None if number is None or number != number else float(number) if isinstance(number, float) else number


def _both(message: Message) -> dict[str, str]:
    return {language: message.sentence(language) for language in ("zh", "en")}


def _keep(
    surface: Surface, made: geostat.Surface | Message, told: Mapping[str, Any], by: Actor, at: datetime
) -> Surface:
    with transaction.atomic():
        surface.report = dict(told)
        if isinstance(made, Message):
            surface.state, surface.reason = Surface.State.UNKNOWN, _both(made)
        else:
            surface.state = Surface.State.MAPPED
            _attach(surface, made, by, at)
            SurfaceBand.objects.bulk_create(_bands(surface, made))
        surface.save(update_fields=["state", "reason", "report"])
        audit.record(
            "monitoring.surface.made", subject=surface, by=by, at=at,
            data={
                "campaign": surface.campaign.number, "analyte": surface.analyte, "state": surface.state,
                "results": told["results"],
            },
        )  # fmt: skip
    return surface


def _attach(surface: Surface, made: geostat.Surface, by: Actor, at: datetime) -> None:
    for kind in KINDS:
        values = getattr(made, kind)
        if values is not None:
            name = f"{surface.campaign.number}_{surface.analyte}_{kind}.tif"
            files.attach(surface, data=geotiff_bytes(values, made.grid), name=name, kind=kind, by=by, at=at)


def _bands(surface: Surface, made: geostat.Surface) -> list[SurfaceBand]:
    """The classes as ground for the map; without a limit there is nothing to class by."""
    if surface.limit is None:
        return []
    limits = [surface.limit * ratio for ratio in RATIOS]
    found = _classed(surface, SurfaceBand.Shows.CONTENTS, main_values(made), limits, made.grid)
    if made.probability is not None:
        found += _classed(surface, SurfaceBand.Shows.PROBABILITY, made.probability, CHANCES, made.grid)
    return found


def _classed(
    surface: Surface, shows: str, values: np.ndarray, breaks: Sequence[float], grid: Grid
) -> list[SurfaceBand]:
    classes, crs = classes_of(values, breaks), named(grid.epsg)
    ends = [None, *breaks, None]
    found = []
    for band in range(len(breaks) + 1):
        shape = ground_of(classes, band, grid)
        if shape is not None:
            stored = to_stored(np.array([shape], dtype=object), crs).geoms[0]
            found.append(
                SurfaceBand(
                    surface=surface, shows=shows, band=band, low=ends[band], high=ends[band + 1],
                    area_m2=float((classes == band).sum() * grid.cell**2), geometry=stored,
                    division_path=surface.division_path, owner_department_id=surface.owner_department_id,
                )
            )  # fmt: skip
    return found
