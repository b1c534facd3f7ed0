"""A surface of one analyte from first to last: points, variogram, estimates, validation, mask, and what was assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from soilrules.geodesy.crs import named
from soilrules.geostat.errors import CannotInterpolate, message
from soilrules.geostat.exceedance import contents, medians, probability_above
from soilrules.geostat.fitting import CHOICES, Fit, choose
from soilrules.geostat.grids import Grid
from soilrules.geostat.inverse_distance import POWER, TWELVE, inverse_distance
from soilrules.geostat.kriging import Kriged, krige
from soilrules.geostat.models import Kind
from soilrules.geostat.neighbourhoods import EVERYTHING, Neighbourhood, beyond
from soilrules.geostat.points import Floats, Points, Scale, points_of, points_with_non_detects
from soilrules.geostat.validation import CrossValidation, leave_one_out, leave_one_out_inverse_distance
from soilrules.geostat.variogram import LAGS, Estimator, experimental
from soilrules.messages import Message
from soilrules.statistics import CensoredSample, Substitute
from soilrules.statistics.results import software

ALL_TOGETHER_UP_TO = 500
MANY = Neighbourhood(nearest=32)
TRUE_MSDR = (0.5, 2.0)
"""Outside these the variances, and every probability made from them, are off by more than they are worth."""


class Method(StrEnum):
    """How a surface is made."""

    KRIGING = "kriging"
    INVERSE_DISTANCE = "inverse_distance"


class Outcome(StrEnum):
    """Whether there is a surface."""

    MAPPED = "mapped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a surface is to be made. None lets the room choose, and the surface says what it chose.

    `reach_m`: farther than this from every point nothing is drawn; by default the range of the variogram. `limit` in
    the unit of the contents. Non-detects need `substitute`.
    """

    method: Method = Method.KRIGING
    scale: Scale = Scale.LOG
    substitute: Substitute | None = None
    kinds: tuple[Kind, ...] = CHOICES
    estimator: Estimator = Estimator.MATHERON
    cutoff_m: float | None = None
    lags: int = LAGS
    hood: Neighbourhood | None = None
    power: float = POWER
    limit: float | None = None
    reach_m: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """What was wanted, what came of it, and what an official needs to trust it. Arrays have the shape of the grid, NaN
    where masked; None where the method gives none. Where the outcome is unknown, `reason` says why and the rest is None.

    `variance` is on the scale of the points. `remarks` are assumptions and reservations, in the order they arose.
    """

    outcome: Outcome
    wanted: Wanted
    grid: Grid
    reason: Message | None = None
    points: Points | None = None
    fit: Fit | None = None
    validation: CrossValidation | None = None
    hood: Neighbourhood | None = None
    reach_m: float | None = None
    contents: Floats | None = None
    medians: Floats | None = None
    variance: Floats | None = None
    probability: Floats | None = None
    remarks: tuple[Message, ...] = ()
    versions: Mapping[str, str] = field(default_factory=software)


def surface(places: ArrayLike, sample: CensoredSample, grid: Grid, wanted: Wanted | None = None) -> Surface:
    """The surface of `sample`, one content for each of `places` (eastings and northings in metres of the grid's system)."""
    wanted = wanted or Wanted()
    if not named(grid.epsg).projected:
        raise ValueError(f"EPSG:{grid.epsg}: expected a projected system; distances in degrees are none.")
    try:
        points = _points(places, sample, wanted)
        if wanted.method is Method.KRIGING:
            return _kriged(points, grid, wanted)
        return _weighted(points, grid, wanted)
    except CannotInterpolate as refusal:
        return Surface(Outcome.UNKNOWN, wanted, grid, reason=refusal.message)


def _points(places: ArrayLike, sample: CensoredSample, wanted: Wanted) -> Points:
    if wanted.substitute is not None:
        return points_with_non_detects(places, sample, by=wanted.substitute, scale=wanted.scale)
    if sample.n_censored:
        raise CannotInterpolate("non_detects", count=sample.n_censored, n=sample.n)
    return points_of(places, sample.values, scale=wanted.scale)


def _kriged(points: Points, grid: Grid, wanted: Wanted) -> Surface:
    fitted = _fit(points, wanted)
    hood = wanted.hood or (EVERYTHING if points.n <= ALL_TOGETHER_UP_TO else MANY)
    reach = wanted.reach_m or fitted.model.effective_range_m
    centres = grid.centres()
    inside = ~beyond(points, centres, reach)
    kriged = krige(points, centres[inside], fitted.model, hood)
    checked = leave_one_out(points, fitted.model, hood)
    return Surface(
        Outcome.MAPPED,
        wanted,
        grid,
        points=points,
        fit=fitted,
        validation=checked,
        hood=hood,
        reach_m=reach,
        contents=_drawn(grid, inside, contents(kriged, points.scale)),
        medians=_drawn(grid, inside, medians(kriged, points.scale)),
        variance=_drawn(grid, inside, kriged.variance),
        probability=_probability(grid, inside, kriged, wanted),
        remarks=(
            *points.remarks,
            *fitted.remarks,
            *_kriging_remarks(points, fitted, wanted),
            *_validation_remarks(points, checked),
            _mask_remark(inside, reach),
        ),
    )


def _weighted(points: Points, grid: Grid, wanted: Wanted) -> Surface:
    hood = wanted.hood or TWELVE
    reach = wanted.reach_m or _range_or_refusal(points, wanted)
    centres = grid.centres()
    inside = ~beyond(points, centres, reach)
    estimates = inverse_distance(points, centres[inside], power=wanted.power, hood=hood)
    back = np.exp(estimates) if points.scale is Scale.LOG else estimates
    checked = leave_one_out_inverse_distance(points, power=wanted.power, hood=hood)
    remarks = [message("assumptions", "inverse_distance", power=f"{wanted.power:g}")]
    if points.scale is Scale.LOG:
        remarks.append(message("assumptions", "medians_only"))
    if wanted.limit is not None:
        remarks.append(message("assumptions", "no_probability"))
    return Surface(
        Outcome.MAPPED,
        wanted,
        grid,
        points=points,
        validation=checked,
        hood=hood,
        reach_m=reach,
        contents=_drawn(grid, inside, back) if points.scale is Scale.RAW else None,
        medians=_drawn(grid, inside, back),
        remarks=(*points.remarks, *remarks, *_validation_remarks(points, checked), _mask_remark(inside, reach)),
    )


def _fit(points: Points, wanted: Wanted) -> Fit:
    found = experimental(points, estimator=wanted.estimator, cutoff_m=wanted.cutoff_m, lags=wanted.lags)
    return choose(found, wanted.kinds)


def _range_or_refusal(points: Points, wanted: Wanted) -> float:
    try:
        return _fit(points, wanted).model.effective_range_m
    except CannotInterpolate as refusal:
        raise CannotInterpolate("no_reach") from refusal


def _drawn(grid: Grid, inside: np.ndarray, values: Floats) -> Floats:
    cells = np.full(len(inside), np.nan)
    cells[inside] = values
    return cells.reshape(grid.shape)


def _probability(grid: Grid, inside: np.ndarray, kriged: Kriged, wanted: Wanted) -> Floats | None:
    if wanted.limit is None:
        return None
    return _drawn(grid, inside, probability_above(wanted.limit, kriged, wanted.scale))


def _kriging_remarks(points: Points, fitted: Fit, wanted: Wanted) -> list[Message]:
    model = fitted.model
    remarks = [
        message(
            "assumptions",
            f"kriging_{model.kind}",
            n=points.n,
            nugget=f"{model.nugget:.4g}",
            sill=f"{model.sill:.4g}",
            range=f"{model.effective_range_m:.0f}",
        ),
        message("assumptions", "stationary"),
    ]
    if points.scale is Scale.LOG:
        remarks.append(message("assumptions", "log_normal_mean"))
    if wanted.limit is not None:
        remarks.append(message("assumptions", f"normal_errors_{points.scale}", limit=f"{wanted.limit:g}"))
    return remarks


def _validation_remarks(points: Points, checked: CrossValidation) -> list[Message]:
    remarks = [message("assumptions", "same_variogram")] if checked.msdr is not None else []
    if not checked.rmse < points.scaled.std():
        remarks.append(message("remarks", "no_better_than_the_mean", rmse=f"{checked.rmse:.3g}"))
    if checked.msdr is not None and not TRUE_MSDR[0] <= checked.msdr <= TRUE_MSDR[1]:
        remarks.append(message("remarks", "variances_off", msdr=f"{checked.msdr:.2f}"))
    return remarks


def _mask_remark(inside: np.ndarray, reach: float) -> Message:
    return message("assumptions", "masked", share=f"{1 - inside.mean():.0%}", reach=f"{reach:.0f}")
