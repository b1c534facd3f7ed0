"""Whether coordinates can be of the system they are said to be in: another zone would put them elsewhere, unnoticed."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from soilrules.geodesy.errors import GeodesyError
from soilrules.geodesy.systems import HALF_EASTING, Crs
from soilrules.messages import Message

DEGREES = 400.0
"""Numbers above it are metres, whatever a file declares; none below it is an easting or northing of ours."""
_FIRST_ZONE_M = 1_000_000


def must_fit(bounds: Sequence[float], crs: Crs) -> None:
    """Refuse coordinates (easting or longitude first) that cannot be of the system. Raises GeodesyError."""
    west, south, east, north = map(float, bounds)
    if not all(map(isfinite, (west, south, east, north))):
        return  # there is nothing to compare
    most = max(map(abs, (west, south, east, north)))
    if crs.projected and most <= DEGREES:
        raise _misfit("degrees_as_metres", crs, x=f"{west:g}", y=f"{south:g}")
    if not crs.projected and most > DEGREES:
        raise _misfit("metres_as_degrees", crs, x=f"{west:.0f}", y=f"{south:.0f}")
    zone = crs.zone
    if zone is None:
        return
    low, high = zone.false_easting - HALF_EASTING, zone.false_easting + HALF_EASTING
    for easting in (west, east):
        if not low <= easting <= high:
            written = int(easting // _FIRST_ZONE_M)
            code = "other_zone" if zone.prefixed and 13 <= written <= 45 else "easting_outside"
            raise _misfit(code, crs, x=f"{easting:.0f}", low=low, high=high, zone=zone.number or "", written=written)


def _misfit(message_id: str, crs: Crs, **params: object) -> GeodesyError:
    told = {key: str(value) for key, value in params.items()}
    names = {"crs": crs.code, "title": crs.title.sentence("zh"), "title_en": crs.title.sentence("en")}
    return GeodesyError(Message("geodesy", "refused", message_id, {**told, **names}))
