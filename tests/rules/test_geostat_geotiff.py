"""Surfaces as GeoTIFF: what the tags say, and what GDAL reads from them."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from soilrules.geodesy.crs import UnknownCrs
from soilrules.geostat import Grid, geotiff_bytes, write_geotiff

VALUES = np.where(np.arange(12).reshape(3, 4) == 5, np.nan, np.arange(12).reshape(3, 4) / 8)
GRIDS = {
    4490: Grid(112.5, 30.25, 0.005, 4, 3, 4490),
    4547: Grid(512_300.0, 3_345_600.0, 25.0, 4, 3, 4547),
    4526: Grid(38_512_300.0, 3_345_600.0, 25.0, 4, 3, 4526),
}


def tags(data: bytes) -> dict[str, Any]:
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        assert len(file.pages) == 1
        return {tag.name: tag.value for tag in file.pages.first.tags}


@pytest.mark.parametrize("epsg", GRIDS)
def test_the_values_come_back_with_nothing_where_nothing_is_known(epsg: int) -> None:
    back = tifffile.imread(io.BytesIO(geotiff_bytes(VALUES, GRIDS[epsg])))

    assert back.dtype == np.float32
    assert np.array_equal(back, VALUES.astype(np.float32), equal_nan=True)


@pytest.mark.parametrize(
    ("epsg", "keys"),
    [
        (4490, (1, 1, 0, 4, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4490, 2054, 0, 1, 9102)),
        (4547, (1, 1, 0, 4, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 4547, 3076, 0, 1, 9001)),
    ],
)
def test_the_tags_name_system_place_and_nothing(epsg: int, keys: tuple[int, ...]) -> None:
    grid = GRIDS[epsg]
    found = tags(geotiff_bytes(VALUES.ravel(), grid))

    assert found["GeoKeyDirectoryTag"] == keys
    assert found["ModelPixelScaleTag"] == (grid.cell, grid.cell, 0)
    assert found["ModelTiepointTag"] == (0, 0, 0, grid.west, grid.north, 0)
    assert found["GDAL_NODATA"] == "nan"


@pytest.mark.parametrize("epsg", GRIDS)
def test_gdal_reads_it(epsg: int, tmp_path: Path) -> None:
    if shutil.which("gdalinfo") is None:
        pytest.skip("gdalinfo is not here: as root, apt-get install gdal-bin")
    grid = GRIDS[epsg]
    write_geotiff(VALUES, grid, tmp_path / "surface.tif")
    command = ["gdalinfo", "-json", "-mm", str(tmp_path / "surface.tif")]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    (band,) = found["bands"]

    assert found["size"] == [4, 3]
    assert found["geoTransform"] == pytest.approx([grid.west, grid.cell, 0, grid.north, 0, -grid.cell])
    assert found["coordinateSystem"]["wkt"].rstrip().endswith(f'ID["EPSG",{epsg}]]')
    assert "CGCS2000" in found["coordinateSystem"]["wkt"]
    assert (band["type"], band["noDataValue"], band["computedMin"], band["computedMax"]) == ("Float32", "NaN", 0, 1.375)


def test_a_system_nobody_knows_and_a_wrong_number_of_values_are_refused() -> None:
    with pytest.raises(UnknownCrs):
        geotiff_bytes(VALUES, Grid(0, 0, 1, 4, 3, 2154))
    with pytest.raises(ValueError, match="11 values for 3 rows of 4 cells"):
        geotiff_bytes(VALUES.ravel()[:11], GRIDS[4547])
