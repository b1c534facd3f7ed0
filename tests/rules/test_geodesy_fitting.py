"""Coordinates that cannot be of the system they are said to be in are refused; on the edge they are taken."""

from __future__ import annotations

import math

import pytest

from soilrules.geodesy.crs import named
from soilrules.geodesy.errors import GeodesyError
from soilrules.geodesy.fitting import must_fit
from soilrules.messages import LANGUAGES

NORTH = 3_852_000
EDGE = 0.01


@pytest.mark.parametrize(
    ("crs", "bounds"),
    [
        ("EPSG:4490", (114, 34, 115, 35)),
        ("EPSG:4490", (400, 34, 400, 35)),  # no place, but no metres either: where it lies is told elsewhere
        ("EPSG:4548", (0, NORTH, 1_000_000, NORTH)),
        ("EPSG:4527", (39_000_000, NORTH, 40_000_000, NORTH)),
        ("EPSG:32650", (485_000, NORTH, 486_000, NORTH)),
        ("EPSG:3857", (12_700_000, 4_100_000, 12_700_100, 4_100_100)),
        ("CGCS2000:114.5:600000", (100_000, NORTH, 1_100_000, NORTH)),
        ("EPSG:4548", (math.nan,) * 4),
    ],
)
def test_taken(crs: str, bounds: tuple[float, ...]) -> None:
    must_fit(bounds, named(crs))


@pytest.mark.parametrize(
    ("crs", "bounds", "why"),
    [
        ("EPSG:4490", (114, 34, 400 + EDGE, 35), "metres_as_degrees"),
        ("EPSG:4548", (114, 34, 400, 35), "degrees_as_metres"),
        ("EPSG:3857", (114, 34, 115, 35), "degrees_as_metres"),
        ("EPSG:4548", (-EDGE, NORTH, 500_000, NORTH), "easting_outside"),
        ("EPSG:4548", (500_000, NORTH, 1_000_000 + EDGE, NORTH), "easting_outside"),
        ("EPSG:4527", (39_500_000, NORTH, 40_000_000 + EDGE, NORTH), "other_zone"),
        ("EPSG:4528", (39_472_000, NORTH, 39_473_000, NORTH), "other_zone"),
        ("EPSG:4527", (472_000, NORTH, 473_000, NORTH), "easting_outside"),
    ],
)
def test_refused(crs: str, bounds: tuple[float, ...], why: str) -> None:
    with pytest.raises(GeodesyError) as refused:
        must_fit(bounds, named(crs))
    assert refused.value.message.id == why
    for language in LANGUAGES:
        sentence = refused.value.message.sentence(language)
        assert crs in sentence
        assert "{" not in sentence
