"""A model fitted to the experimental variogram by weighted least squares, and how far it is to be trusted.

Weights N / h², as R gstat has them by default (fit.method 7). For a given range the best nugget and partial sill follow
from linear least squares without negative values, so only the range is searched: no starting values, no wrong minimum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from soilrules.geostat.errors import CannotInterpolate, message
from soilrules.geostat.models import SHAPES, Kind, Model
from soilrules.geostat.points import Floats
from soilrules.geostat.variogram import Experimental
from soilrules.messages import Message

LEAST_PAIRS, LEAST_LAGS = 30, 5
"""Journel and Huijbregts (1978): a lag counts from 30 pairs on; fewer than five such lags show no shape."""
ADVISED_PAIRS = 100 * 99 // 2 // 4
"""About what 100 points have within the cutoff; Webster and Oliver (1992) trust no variogram of fewer points."""
TRIED_RANGES = 80
WIDEST_OF_CUTOFF = 5.0
NO_SILL_FROM = 1.5
"""Times the cutoff: a range beyond it is guessed, not seen."""
LEAST_NUGGET_OF_GAUSSIAN = 1e-3
"""A Gaussian model with less nugget makes systems no computer solves well (Posa 1989)."""
NEARLY_AS_GOOD = 1.25
CHOICES = (Kind.SPHERICAL, Kind.EXPONENTIAL, Kind.GAUSSIAN)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted model. `weighted_squares` is what gstat calls SSErr; `explained` the share of the weighted squares around
    the weighted mean that the model explains; `rivals` the other shapes with their weighted squares."""

    model: Model
    experimental: Experimental
    weighted_squares: float
    explained: float
    rivals: tuple[tuple[Kind, float], ...] = ()
    remarks: tuple[Message, ...] = ()


def fit(found: Experimental, kind: Kind = Kind.SPHERICAL, *, smoothness: float = 0.5) -> Fit:
    """`kind` fitted to `found`. Raises CannotInterpolate for too few pairs, no structure and no sill."""
    _refuse_too_few_pairs(found)
    best = _fitted(found, Kind(kind), smoothness)
    if reason := _useless(best):
        raise reason
    return best


def choose(found: Experimental, kinds: Sequence[Kind] = CHOICES) -> Fit:
    """The shape of `kinds` with the smallest weighted squares. One without structure or sill gives way only to another that
    explains nearly as well; else CannotInterpolate says what is missing."""
    _refuse_too_few_pairs(found)
    fits = sorted((_fitted(found, kind, 0.5) for kind in kinds), key=lambda one: one.weighted_squares)
    solvable = [one for one in fits if not _hard_to_solve(one.model)]
    if not solvable:
        raise CannotInterpolate("ill_conditioned")
    good = [one for one in solvable if one.weighted_squares <= NEARLY_AS_GOOD * solvable[0].weighted_squares]
    usable = [one for one in good if not _useless(one)]
    if not usable:
        raise _useless(solvable[0]) or CannotInterpolate("ill_conditioned")
    best = usable[0]
    rivals = tuple((one.model.kind, one.weighted_squares) for one in fits if one is not best)
    return Fit(best.model, found, best.weighted_squares, best.explained, rivals, best.remarks)


def _fitted(found: Experimental, kind: Kind, smoothness: float) -> Fit:
    tried = np.geomspace(found.distance_m[0] / 4, WIDEST_OF_CUTOFF * found.cutoff_m, TRIED_RANGES)
    squares = [_linear(found, kind, each, smoothness)[1] for each in tried]
    at = int(np.argmin(squares))
    low, high = tried[max(at - 1, 0)], tried[min(at + 1, TRIED_RANGES - 1)]
    search = scipy.optimize.minimize_scalar(
        lambda log_range: _linear(found, kind, np.exp(log_range), smoothness)[1],
        bounds=(np.log(low), np.log(high)),
        method="bounded",
        options={"xatol": 1e-10},
    )
    range_m = float(np.exp(search.x))
    (nugget, partial_sill), least = _linear(found, kind, range_m, smoothness)
    model = Model(kind, float(nugget), float(partial_sill), range_m, smoothness)
    around = found.semivariance - np.average(found.semivariance, weights=_weights(found))
    whole = float((_weights(found) * around**2).sum())
    return Fit(model, found, least, 1 - least / whole if whole > 0 else 0.0, remarks=_remarks(model, found))


def _weights(found: Experimental) -> Floats:
    return found.pairs / found.distance_m**2


def _linear(found: Experimental, kind: Kind, range_m: float, smoothness: float) -> tuple[Floats, float]:
    """Nugget and partial sill for one range, and the weighted squares left."""
    roots = np.sqrt(_weights(found))
    shape = SHAPES[kind](found.distance_m / range_m, smoothness)
    sills, norm = scipy.optimize.nnls(np.column_stack([roots, roots * shape]), roots * found.semivariance)
    return sills, float(norm) ** 2


def _refuse_too_few_pairs(found: Experimental) -> None:
    full = int((found.pairs >= LEAST_PAIRS).sum())
    if full < LEAST_LAGS:
        raise CannotInterpolate(
            "too_few_pairs", full=full, lags=found.lags, least=LEAST_PAIRS, needed=LEAST_LAGS, pairs=found.pairs.sum()
        )


def _useless(fitted: Fit) -> CannotInterpolate | None:
    """Why a fitted model says nothing about distances, if it does not."""
    model, found = fitted.model, fitted.experimental
    if model.partial_sill == 0 or model.effective_range_m < found.distance_m[0]:
        return CannotInterpolate("no_structure", nearest=f"{found.distance_m[0]:.0f}")
    if model.effective_range_m > NO_SILL_FROM * found.cutoff_m:
        return CannotInterpolate("no_sill", range=f"{model.effective_range_m:.0f}", cutoff=f"{found.cutoff_m:.0f}")
    return None


def _hard_to_solve(model: Model) -> bool:
    return model.kind is Kind.GAUSSIAN and model.nugget_share < LEAST_NUGGET_OF_GAUSSIAN


def _remarks(model: Model, found: Experimental) -> tuple[Message, ...]:
    remarks = []
    if (thin := int((found.pairs < LEAST_PAIRS).sum())) > 0:
        remarks.append(message("remarks", "thin_lags", thin=thin, lags=found.lags, least=LEAST_PAIRS))
    if found.pairs.sum() < ADVISED_PAIRS:
        remarks.append(message("remarks", "few_pairs", pairs=found.pairs.sum()))
    if model.effective_range_m > found.cutoff_m:
        remarks.append(
            message("remarks", "late_sill", range=f"{model.effective_range_m:.0f}", cutoff=f"{found.cutoff_m:.0f}")
        )
    return tuple(remarks)
