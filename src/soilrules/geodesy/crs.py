"""Coordinate systems by name, and by the look of the numbers."""

from __future__ import annotations

from soilrules.geodesy.errors import UnknownCrs
from soilrules.geodesy.guesses import Guess, guess
from soilrules.geodesy.naming import named
from soilrules.geodesy.systems import STORED, Crs, Datum, Zone, as_written, gauss_kruger, known

__all__ = [
    "STORED",
    "Crs",
    "Datum",
    "Guess",
    "UnknownCrs",
    "Zone",
    "as_written",
    "gauss_kruger",
    "guess",
    "known",
    "named",
]
