"""The step between the old datums and CGCS2000: seven parameters, where they hold and how well.

PROJ knows no transformation for Xian 1980 and four for parts of Beijing 1954; left alone it silently applies none.
Here the choice is made in the open: an office's own parameters, a published set where all data lie in its area, or
none; a note says which. WGS 84 is taken as CGCS2000, they agree to about a metre.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyproj
from numpy.typing import NDArray
from pyproj.crs import CoordinateOperation  # type: ignore[attr-defined]  # its own documentation imports it so

from soilrules.geodesy.systems import Datum
from soilrules.messages import Message
from soilrules.verdict import Mark

Coordinates = NDArray[np.float64]
ELLIPSOIDS = {Datum.XIAN80: "+a=6378140 +rf=298.257", Datum.BEIJING54: "+ellps=krass"}
# Geocentric translations of EPSG for land, 1 m in their area. The three offshore sets are not for soil.
PUBLISHED = {Datum.BEIJING54: (15921, 15936)}


@dataclass(frozen=True, slots=True)
class Shift:
    """Seven parameters of a Helmert transformation to CGCS2000, rotations as position vector.

    Metres, arc seconds and parts per million. `accuracy_m`: what its publisher states, None where nobody does.
    """

    title: str
    metres: tuple[float, float, float]
    seconds: tuple[float, float, float] = (0.0, 0.0, 0.0)
    ppm: float = 0.0
    accuracy_m: float | None = None
    area: tuple[float, float, float, float] | None = None
    mark: Mark = Mark.SINGLE_SOURCED

    def note(self, datum: Datum) -> Message:
        """Which shift was used and how far it may be off."""
        if self is NO_SHIFT:
            return Message("geodesy", "notes", f"no_shift_{datum.name.lower()}", {"mark": str(self.mark)})
        accuracy = "?" if self.accuracy_m is None else f"{self.accuracy_m:g}"
        return Message("geodesy", "notes", "shifted", {"shift": self.title, "metres": accuracy, "mark": str(self.mark)})

    def forward(self, datum: Datum) -> Callable[[Coordinates], Coordinates] | None:
        """Degrees of `datum` to CGCS2000; None where nothing is to be done."""
        return None if self is NO_SHIFT else _step(self, datum, "FORWARD")

    def backward(self, datum: Datum) -> Callable[[Coordinates], Coordinates] | None:
        """The way back."""
        return None if self is NO_SHIFT else _step(self, datum, "INVERSE")


NO_SHIFT = Shift("", (0.0, 0.0, 0.0), mark=Mark.FROM_KNOWLEDGE)


@cache
def _pipeline(shift: Shift, datum: Datum) -> pyproj.Transformer:
    x, y, z = shift.metres
    rx, ry, rz = shift.seconds
    return pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 "
        f"+step +proj=cart {ELLIPSOIDS[datum]} +step +proj=helmert +x={x} +y={y} +z={z} "
        f"+rx={rx} +ry={ry} +rz={rz} +s={shift.ppm} +convention=position_vector "
        "+step +inv +proj=cart +ellps=GRS80 +step +proj=pop +v_3 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )


def _step(shift: Shift, datum: Datum, direction: str) -> Callable[[Coordinates], Coordinates]:
    def step(coordinates: Coordinates) -> Coordinates:
        x, y = _pipeline(shift, datum).transform(coordinates[:, 0], coordinates[:, 1], direction=direction)
        return np.column_stack([x, y])

    return step


@cache
def published() -> dict[Datum, tuple[Shift, ...]]:
    """The transformations of EPSG that are used, read from PROJ's own database."""
    return {datum: tuple(_from_epsg(code) for code in codes) for datum, codes in PUBLISHED.items()}


def _from_epsg(code: int) -> Shift:
    operation = CoordinateOperation.from_epsg(code)
    values = {one.name: float(one.value) for one in operation.params}
    assert operation.area_of_use is not None and operation.method_name.startswith("Geocentric translations")
    return Shift(
        title=f"EPSG:{code} {operation.name}",
        metres=(values["X-axis translation"], values["Y-axis translation"], values["Z-axis translation"]),
        accuracy_m=operation.accuracy,
        area=operation.area_of_use.bounds,
    )


def published_for(datum: Datum, bounds: NDArray[np.float64]) -> Shift:
    """The published set in whose area all the data lie, else none: half a layer is never shifted."""
    west, south, east, north = bounds
    for shift in published().get(datum, ()):
        assert shift.area is not None
        if shift.area[0] <= west and shift.area[1] <= south and east <= shift.area[2] and north <= shift.area[3]:
            return shift
    return NO_SHIFT
