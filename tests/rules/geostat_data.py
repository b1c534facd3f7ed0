"""Points by the names the cases of geostatistics use: made-up ones, and the data sets R packages ship.

meuse and jura are Dutch and Swiss and belong to GPL packages, so they are read from Debian's r-cran-sp and r-cran-gstat
where those are installed (bin/test installs them) and never kept here.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyreadr
import pytest
import yaml

from soilrules.geostat import Kind, Model, Neighbourhood, Points, points_of

CASES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "geostat" / "published.yaml").read_text("utf-8")
)
LIBRARIES = (Path("/usr/lib/R/site-library"), Path("/usr/local/lib/R/site-library"))
EASTS = 500_000 + np.array([0, 120, 260, 390, 40, 180, 310, 450, 90, 230, 350, 500.0])
NORTHS = 3_000_000 + np.array([10, 40, 0, 60, 150, 190, 140, 200, 310, 280, 350, 300.0])
VALUES = np.array([0.31, 0.42, 0.55, 0.38, 0.61, 0.9, 1.2, 0.7, 0.5, 1.1, 0.95, 0.44])
MADE_UP = points_of(np.column_stack([EASTS, NORTHS]), VALUES)
TARGETS = np.array([[500_200, 3_000_100], [500_310, 3_000_140], [500_020, 3_000_400], [500_800, 3_000_900.0]])


@cache
def shipped(package: str, name: str) -> Any:
    """A data set of an R package, as frames by name; the test is skipped where the package is not installed."""
    files = [folder / package / "data" / f"{name}.rda" for folder in LIBRARIES]
    found = next((one for one in files if one.is_file()), None)
    if found is None:
        pytest.skip(f"the data set {name} is not here: as root, apt-get install r-cran-{package}")
    return pyreadr.read_r(str(found))


@cache
def data(name: str) -> tuple[Points, Any]:
    """Points and targets by the name a case gives."""
    if name == "made up":
        return MADE_UP, TARGETS
    _, analyte, scale = name.split()
    frame = shipped("sp", "meuse")["meuse"]
    grid = shipped("sp", "meuse.grid")["meuse.grid"]
    return points_of(frame[["x", "y"]], frame[analyte], scale=scale), grid[["x", "y"]].to_numpy()


def model_of(numbers: list[Any]) -> Model:
    """A model as a case writes it."""
    return Model(Kind(numbers[0]), *map(float, numbers[1:]))


def hood_of(case: dict[str, Any]) -> Neighbourhood:
    """The neighbourhood of a case; all points where it names none."""
    return Neighbourhood(case.get("nearest"), case.get("within_m"), case.get("at_least", 1))


def meets(value: float | None, printed: str) -> bool:
    """Whether a value rounds to the printed figure."""
    exponent = Decimal(printed).as_tuple().exponent
    assert value is not None and isinstance(exponent, int)
    return abs(value - float(printed)) <= 0.501 * 10.0**exponent + 1e-12 * abs(value)
