"""GDAL, which we did not write, reads the vector tiles from a running server: the same rows, in the same places."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import geopandas
import pytest
from django.db import connections

from desk.exchange_world import Service

pytestmark = [
    pytest.mark.usefixtures("db"),
    pytest.mark.skipif(connections["default"].vendor != "sqlite", reason="the server shares the tests' one connection"),
]

GDAL = """
import sys, pyogrio
address, layer, z, query, own = sys.argv[1:]
frame = pyogrio.read_dataframe(
    f"MVT:{address}/tiles/{layer}/{z}", layer=own, TILE_EXTENSION=f"mvt{query}",
    METADATA_FILE=f"{address}/tiles/{layer}.json{query}",
)
sys.stdout.write(frame.to_crs(4326).to_json())
"""
"""It reads in a process of its own: pyogrio keeps Python waiting while it reads, and so the server too."""


def read(service: Service, address: str, layer: str, z: int, who: str | None = "officer", query: str = "", own: str = "") -> Any:  # fmt: skip
    """All features of a zoom as GDAL sees them: it finds the tiles by the TileJSON."""
    headers = {"GDAL_HTTP_HEADERS": f"Authorization: Bearer {service.secrets[who]}"} if who else {}
    command = [sys.executable, "-c", GDAL, address, layer, str(z), query, own or layer]
    done = subprocess.run(command, env={**os.environ, **headers}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return geopandas.GeoDataFrame.from_features(json.loads(done.stdout)["features"], crs=4326)


def test_gdal_reads_the_rows_in_their_places(service: Service, address: str) -> None:
    found = read(service, address, "parcels", 14)
    assert set(found["title"]) == {"原农药厂", "粮库", "柏庄小学预留地", "北侧空地"}
    for title, pieces in found.groupby("title"):
        version = next(each for each in service.land.parcels.values() if each.name == title)
        assert set(pieces["key"]) == {str(version.parcel.uid)}
        whole = pieces.geometry.union_all()
        assert whole.symmetric_difference(version.geometry).area < 0.02 * version.geometry.area


def test_gdal_sees_what_the_address_narrows_and_the_day(service: Service, address: str) -> None:
    found = read(service, address, "parcels", 14, query="?q=DK-B")
    assert set(found["title"]) == {"粮库"}
    assert len(read(service, address, "parcels", 14, query="?on=2026-06-01")) >= 4


def test_gdal_reads_from_far_away(service: Service, address: str) -> None:
    """Shapes and their class; where nothing can be drawn any more, a layer that says so."""
    assert len(read(service, address, "parcels", 10)) == 4
    told = read(service, address, "parcels", 0, own="left_out")
    assert [int(told["drawn"].iloc[0]), int(told["too_small"].iloc[0])] == [0, 4]


def test_without_a_token_gdal_reads_what_is_public(service: Service, address: str) -> None:
    assert set(read(service, address, "water", 14, who=None)["title"]) == {"一级保护区", "二级保护区"}
    with pytest.raises(AssertionError, match=r"404|not recognized"):
        read(service, address, "parcels", 14, who=None)
