"""From the scale that was interpolated back to contents, and the probability that a limit is exceeded.

Assumed: the error of an estimate is normal on the scale of the points, with the kriging variance.
"""

from __future__ import annotations

import numpy as np
import scipy

from soilrules.geostat.kriging import Kriged
from soilrules.geostat.points import Floats, Scale


def probability_above(limit: float, kriged: Kriged, scale: Scale) -> Floats:
    """The probability, 0 to 1, that the content is above `limit`; the limit itself is not exceeded. NaN stays NaN."""
    if scale is Scale.LOG and not limit > 0:
        raise ValueError(f"limit {limit}: expected a content above 0, for its logarithm is taken.")
    scaled = float(np.log(limit)) if scale is Scale.LOG else float(limit)
    above, spread = kriged.estimate - scaled, np.sqrt(kriged.variance)
    certain = np.where(np.isnan(above), np.nan, (above > 0).astype(np.float64))
    return np.asarray(np.where(spread > 0, scipy.special.ndtr(above / np.where(spread > 0, spread, 1.0)), certain))


def contents(kriged: Kriged, scale: Scale) -> Floats:
    """Estimated contents: the mean of the place.

    From logarithms exp(estimate + variance / 2 + m), m the multiplier of C λ + m 1 = k: unbiased for log-normal contents
    (Journel and Huijbregts 1978; with semivariances m has the other sign). It leans on variance and sill, so it is only
    as good as the variogram; `medians` does not.
    """
    if scale is Scale.RAW:
        return kriged.estimate
    return np.asarray(np.exp(kriged.estimate + kriged.variance / 2 + kriged.multiplier))


def medians(kriged: Kriged, scale: Scale) -> Floats:
    """Estimated medians of the place: exp(estimate) from logarithms; on the raw scale the estimate."""
    return kriged.estimate if scale is Scale.RAW else np.asarray(np.exp(kriged.estimate))
