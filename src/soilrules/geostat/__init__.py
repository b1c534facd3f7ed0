"""Surfaces of contents: variogram, ordinary kriging, inverse distance, validation, exceedance; and what varies together.

Coordinates are metres in one projected system. Refusals are CannotInterpolate; `surface` turns them into the outcome unknown.
"""

from soilrules.geostat.errors import CannotInterpolate
from soilrules.geostat.exceedance import contents, medians, probability_above
from soilrules.geostat.fitting import Fit, choose, fit
from soilrules.geostat.geotiff import geotiff_bytes, write_geotiff
from soilrules.geostat.grids import Grid, grid_over
from soilrules.geostat.inverse_distance import inverse_distance
from soilrules.geostat.kriging import Kriged, krige
from soilrules.geostat.models import Kind, Model
from soilrules.geostat.neighbourhoods import EVERYTHING, Neighbourhood, beyond, nearest_m
from soilrules.geostat.points import Points, Scale, points_of, points_with_non_detects
from soilrules.geostat.sources import Correlations, Loadings, correlations, loadings
from soilrules.geostat.surfaces import Method, Outcome, Surface, Wanted, surface
from soilrules.geostat.validation import (
    CrossValidation,
    by_folds,
    inverse_distance_with,
    kriging_with,
    leave_one_out,
    leave_one_out_inverse_distance,
)
from soilrules.geostat.variogram import Estimator, Experimental, experimental

__all__ = [
    "EVERYTHING",
    "CannotInterpolate",
    "Correlations",
    "CrossValidation",
    "Estimator",
    "Experimental",
    "Fit",
    "Grid",
    "Kind",
    "Kriged",
    "Loadings",
    "Method",
    "Model",
    "Neighbourhood",
    "Outcome",
    "Points",
    "Scale",
    "Surface",
    "Wanted",
    "beyond",
    "by_folds",
    "choose",
    "contents",
    "correlations",
    "experimental",
    "fit",
    "geotiff_bytes",
    "grid_over",
    "inverse_distance",
    "inverse_distance_with",
    "krige",
    "kriging_with",
    "leave_one_out",
    "leave_one_out_inverse_distance",
    "loadings",
    "medians",
    "nearest_m",
    "points_of",
    "points_with_non_detects",
    "probability_above",
    "surface",
    "write_geotiff",
]
