"""Contents at places: what every method of this room starts from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from soilrules.geostat.errors import CannotInterpolate, message
from soilrules.messages import Message
from soilrules.statistics import CensoredSample, Substitute
from soilrules.statistics.substitution import FRACTION_OF_LIMIT

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.intp]

LEAST_POINTS = 10
"""Fewer places carry no surface."""
WIDEST_DEGREES = 360.0


class Scale(StrEnum):
    """What is interpolated: the contents, or their natural logarithms."""

    RAW = "raw"
    LOG = "log"


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Contents of one analyte in one unit at different places, sorted by easting and northing.

    `places` has shape (n, 2), metres in one projected system; `values` are contents whatever the scale. Make one with
    `points_of` or `points_with_non_detects`, which check and average.
    """

    places: Floats
    values: Floats
    scale: Scale
    n_given: int
    n_substituted: int = 0
    substituted_by: Substitute | None = None
    remarks: tuple[Message, ...] = ()

    @property
    def n(self) -> int:
        """How many different places."""
        return len(self.values)

    @property
    def scaled(self) -> Floats:
        """The values on the scale that is interpolated."""
        return np.log(self.values) if self.scale is Scale.LOG else self.values

    def without(self, left_out: Whole) -> Points:
        """The points without those at the indices `left_out`."""
        kept = np.setdiff1d(np.arange(self.n), left_out)
        return Points(self.places[kept], self.values[kept], self.scale, self.n_given)


def points_of(places: ArrayLike, values: ArrayLike, *, scale: Scale = Scale.RAW) -> Points:
    """Points from eastings and northings in metres, shape (n, 2), and as many contents.

    Contents of one place are averaged, and a remark says so. Raises CannotInterpolate for what is no number, for
    degrees, for contents not above 0 on the log scale, for fewer than ten places and for equal contents.
    """
    where, contents = np.asarray(places, dtype=np.float64), np.asarray(values, dtype=np.float64)
    _refuse_what_is_no_point(where, contents, Scale(scale))
    order = np.lexsort((contents, where[:, 1], where[:, 0]))  # so that no sum depends on the order given
    distinct, at = np.unique(where[order], axis=0, return_inverse=True)
    at = at.reshape(-1)
    means = np.bincount(at, contents[order]) / np.bincount(at)
    _refuse_too_little(len(distinct), means)
    remarks = [] if len(distinct) == len(where) else [_averaged(at, len(where))]
    return Points(distinct, means, Scale(scale), len(where), remarks=tuple(remarks))


def points_with_non_detects(
    places: ArrayLike, sample: CensoredSample, *, by: Substitute, scale: Scale = Scale.RAW
) -> Points:
    """Points in which every non-detect counts as `by` says; the remark names how many there were."""
    by = Substitute(by)
    filled = np.where(sample.censored, FRACTION_OF_LIMIT[by] * sample.values, sample.values)
    points = points_of(places, filled, scale=scale)
    if not sample.n_censored:
        return points
    remark = message("remarks", f"substituted_{by}", count=sample.n_censored, n=sample.n)
    return Points(
        points.places, points.values, points.scale, points.n_given, sample.n_censored, by, (*points.remarks, remark)
    )


def targets_of(places: ArrayLike) -> Floats:
    """Places to estimate at, shape (m, 2), metres. Raises CannotInterpolate for what is no number."""
    targets = np.asarray(places, dtype=np.float64)
    if targets.ndim != 2 or targets.shape[1] != 2:
        raise CannotInterpolate("not_pairs", shape=targets.shape)
    if not np.isfinite(targets).all():
        raise CannotInterpolate(
            "target_not_a_number", place=int(np.flatnonzero(~np.isfinite(targets).all(axis=1))[0]) + 1
        )
    return targets


def _refuse_what_is_no_point(places: Floats, values: Floats, scale: Scale) -> None:
    if places.ndim != 2 or places.shape[1] != 2:
        raise CannotInterpolate("not_pairs", shape=places.shape)
    if values.shape != (len(places),):
        raise CannotInterpolate("values_do_not_match", values=values.size, places=len(places))
    bad = np.flatnonzero(~np.isfinite(values) | ~np.isfinite(places).all(axis=1))
    if bad.size:
        first = int(bad[0])
        raise CannotInterpolate(
            "not_a_number", place=first + 1, x=places[first, 0], y=places[first, 1], value=values[first]
        )
    if len(places) and np.abs(places).max() <= WIDEST_DEGREES:
        raise CannotInterpolate("degrees", x=f"{places[0, 0]:g}", y=f"{places[0, 1]:g}")
    if scale is Scale.LOG and (values <= 0).any():
        first = int(np.flatnonzero(values <= 0)[0])
        raise CannotInterpolate("no_logarithm", place=first + 1, value=f"{values[first]:g}")


def _refuse_too_little(n: int, values: Floats) -> None:
    if n < LEAST_POINTS:
        raise CannotInterpolate("too_few_points", n=n, least=LEAST_POINTS)
    if np.ptp(values) == 0:
        raise CannotInterpolate("all_equal", n=n, value=f"{values[0]:g}")


def _averaged(at: Whole, given: int) -> Message:
    shared = np.bincount(at)
    return message("remarks", "averaged", results=given, places=len(shared), shared=int((shared > 1).sum()))
