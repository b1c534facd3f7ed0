"""Parcels and a layer that take files in, and the files a test brings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import shapely

from soildesk.cli import main
from soildesk.kit.gis import understanding
from soilrules.gisfiles import batches, inspect

LON, LAT = 114.3, 30.5


def square(east_m: float = 0, north_m: float = 0, side_m: float = 100) -> shapely.Polygon:
    """A square near the middle of the made-up district, in degrees; metres are near enough."""
    x, y = LON + east_m / 95_900, LAT + north_m / 110_860
    return shapely.box(x, y, x + side_m / 95_900, y + side_m / 110_860)


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": None if geometry is None else json.loads(shapely.to_geojson(geometry)),
    }


def geojson(path: Path, features: Iterable[Mapping[str, Any]], crs: str = "urn:ogc:def:crs:EPSG::4490") -> Path:
    """A GeoJSON that says its coordinate system."""
    told = {"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": crs}}}
    path.write_text(json.dumps({**told, "features": list(features)}, ensure_ascii=False), "utf-8")
    return path


def run(capsys: Any, *words: object, expect: int = 0) -> dict[str, Any]:
    """Run `soildesk gis …` with --json; its exit code is checked, its data returned."""
    capsys.readouterr()
    code = main(["gis", *(str(word) for word in words), "--json"])
    said = capsys.readouterr()
    assert code == expect, f"{code}: {said.err}\n{said.out[:3000]}"
    return json.loads(said.out)


@pytest.fixture
def in_process(monkeypatch: Any) -> None:
    """Files are read here and not in a child process, which has tests of its own and takes a second to start."""

    def look(path: Path, name: str, options: Any, limits: Any, *, rows: int) -> Any:
        others = batches(path, name, options, rows)
        return inspect(path, name, options), next(others), others

    monkeypatch.setattr(understanding, "look_in_child", look)
