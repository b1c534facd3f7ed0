"""Clients we did not write read the data services: OWSLib, GDAL's OAPIF driver, and schemathesis with whatever it likes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pyproj
import pytest
import schemathesis
import shapely
from django.core.wsgi import get_wsgi_application
from django.db import connections
from hypothesis import HealthCheck, given, settings
from owslib.ogcapi.features import Features
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance
from shapely.geometry import shape as shape_of

from desk.exchange_world import Service

pytestmark = [
    pytest.mark.usefixtures("db"),
    pytest.mark.skipif(connections["default"].vendor != "sqlite", reason="the server shares the tests' one connection"),
]

READ = """
import json, sys, pyogrio
url, layer, options = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
if "bbox" in options:
    options["bbox"] = tuple(options["bbox"])
if layer:
    frame = pyogrio.read_dataframe(url, layer=layer, **options)
    told = {"crs": frame.crs.to_epsg(), "rows": [[r.code, r.name_, r.geometry.wkt] for r in frame.rename(columns={"name": "name_"}).itertuples()]}
else:
    told = [str(name) for name in pyogrio.list_layers(url)[:, 0]]
print(json.dumps(told))
"""


def gdal(address: str, secret: str = "", layer: str = "", **options: Any) -> Any:
    """What GDAL reads in a process of its own: it holds the interpreter while it waits for our server."""
    held = (
        {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": secret} if secret else {}
    )  # the driver overrides GDAL_HTTP_HEADERS
    command = [sys.executable, "-c", READ, f"OAPIF:{address}/ogc/", layer, json.dumps(options)]
    done = subprocess.run(command, env={**os.environ, **held}, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_owslib_reads_the_service(service: Service, address: str) -> None:
    headers = {"Authorization": f"Bearer {service.secrets['officer']}"}
    client = Features(f"{address}/ogc/", headers=headers)
    assert client.response["title"]
    assert any(uri.endswith("ogcapi-features-1/1.0/conf/core") for uri in client.conformance()["conformsTo"])
    assert client.api()["openapi"].startswith("3.0")
    assert {"parcels", "water"} <= set(client.feature_collections())
    assert client.collection("parcels")["storageCrs"].endswith("4490")
    assert "area_m2" in client.collection_queryables("parcels")["properties"]
    items = client.collection_items("parcels", limit=2, bbox=[114.0, 34.0, 115.0, 35.0], datetime="2026-06-01")
    assert (items["numberReturned"], items["numberMatched"]) == (2, 4)
    key = items["features"][0]["id"]
    assert client.collection_item("parcels", key)["id"] == key
    filtered = client.collection_items("parcels", filter="code = 'DK-A'")
    assert [each["properties"]["name"] for each in filtered["features"]] == ["原农药厂"]


def test_owslib_without_a_token_reads_what_is_public(service: Service, address: str) -> None:
    client = Features(f"{address}/ogc/", headers={"Authorization": ""})  # OWSLib keeps headers for the next client
    assert client.feature_collections() == ["points", "prohibited_zones", "water"]


def test_gdal_reads_pages_and_boxes(service: Service, address: str) -> None:
    secret = service.secrets["officer"]
    assert {"parcels", "red_line", "water"} <= set(gdal(address, secret))
    whole = gdal(address, secret, "parcels", PAGE_SIZE="1")
    assert {name for _code, name, _wkt in whole["rows"]} == {"原农药厂", "粮库", "柏庄小学预留地", "北侧空地"}
    shapes = {code: shapely.from_wkt(wkt) for code, _name, wkt in whole["rows"]}
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    assert 114 < west < east < 115
    assert 34 < south < north < 35
    boxed = gdal(address, secret, "parcels", bbox=shapes["DK-A"].buffer(-0.0002).bounds)
    assert [code for code, _name, _wkt in boxed["rows"]] == ["DK-A"]
    where = gdal(address, secret, "parcels", where="code = 'DK-B'")
    assert [name for _code, name, _wkt in where["rows"]] == ["粮库"]


@pytest.mark.parametrize("number", [4490, 4526, 3857])
def test_gdal_reads_each_system_the_right_way_round(service: Service, address: str, number: int) -> None:
    """GDAL asks for another system and turns the axes itself: the plots must fall on each other."""
    plain = {each["properties"]["code"]: shape_of(each["geometry"]) for each in service.features("parcels")}
    found = gdal(address, service.secrets["officer"], "parcels", CRS=f"EPSG:{number}")
    assert found["crs"] == number
    back = pyproj.Transformer.from_crs(number, 4490 if number != 3857 else 4326, always_xy=True)
    for code, _name, wkt in found["rows"]:
        moved = shapely.transform(shapely.from_wkt(wkt), back.transform, interleaved=False)
        assert moved.intersection(plain[code]).area > 0.999 * plain[code].area


def test_gdal_without_a_token_reads_what_is_public(service: Service, address: str) -> None:
    assert gdal(address) == ["points", "prohibited_zones", "water"]


@pytest.mark.usefixtures("address")  # what it asks in our own process closes no connection either
@pytest.mark.parametrize("who", ["officer", None])
@pytest.mark.parametrize("path", ["/api/v1/openapi.json", "/ogc/api"])
def test_schemathesis_finds_no_fault_and_no_breach_of_schema(service: Service, path: str, who: str | None) -> None:
    headers = {"Authorization": f"Bearer {service.secrets[who]}"} if who else {}
    schema = schemathesis.openapi.from_wsgi(path, get_wsgi_application(), headers=headers)
    asked = 0
    for found in schema.get_all_operations():

        @settings(
            max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True
        )
        @given(case=found.ok().as_strategy())
        def explore(case: Any) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(headers=headers, checks=[not_a_server_error, response_schema_conformance])

        explore()
    assert asked > 5
