"""The abstract tests of OGC API - Features Part 1 and 2, under their own names (/conf/core/http is conf_core_http)."""

from __future__ import annotations

import re
import sys
from datetime import datetime
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from exchange_world import Service
from shapely.geometry import shape as shape_of

from soildesk.core import clock
from soildesk.exchange import systems
from soildesk.exchange.ogc.landing import CONFORMANCE

pytestmark = [pytest.mark.store, pytest.mark.usefixtures("db")]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GEOJSON, HTML, OPENAPI = "application/geo+json", "text/html", "application/vnd.oai.openapi+json;version=3.0"
COLLECTIONS = ["parcels", "planning", "red_line", "water"]
PAGES = ["", "conformance", "api", "collections", "collections/water", "collections/water/items"]


def rels(answer: Any) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for link in answer.json()["links"]:
        assert link["rel"]
        assert link["type"]
        found.setdefault(link["rel"], []).append(link)
    return found


def has_self_and_alternate(answer: Any, kind: str) -> None:
    links = rels(answer)
    assert [each["type"] for each in links["self"]] == [kind]
    assert [each["type"] for each in links["alternate"]] == [HTML]


def parameter(api: dict[str, Any], collection: str, name: str) -> dict[str, Any]:
    given = api["paths"][f"/collections/{collection}/items"]["get"]["parameters"]
    found = [api["components"]["parameters"][p["$ref"].rpartition("/")[2]] if "$ref" in p else p for p in given]
    return next(each for each in found if each["name"] == name)


def shapes(features: list[dict[str, Any]]) -> list[Any]:
    return [shape_of(each["geometry"]) for each in features]


def test_every_class_we_claim_has_its_tests() -> None:
    """The names of the tests of this file and of test_ogc_filters say which classes are proved."""
    import test_ogc_filters

    names = [name for module in (sys.modules[__name__], test_ogc_filters) for name in vars(module)]
    for uri in CONFORMANCE:
        stem = "test_conf_" + uri.rpartition("/")[2].replace("-", "_") + "_"
        assert any(name.startswith(stem) for name in names), uri


def test_conf_core_http(service: Service) -> None:
    for page in PAGES:
        assert service.get(page).status_code == 200
    for page in ("conformance", "collections/water/items"):
        from django.test import Client

        answer = Client().post(f"/ogc/{page}")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
        assert Client().head(f"/ogc/{page}").content == b""


def test_conf_core_root_op_and_root_success(service: Service) -> None:
    links = rels(service.get(""))
    assert {"service-desc", "service-doc", "conformance", "data"} <= set(links)
    has_self_and_alternate(service.get(""), "application/json")
    for rel in ("service-desc", "service-doc", "conformance", "data"):
        assert service.get(links[rel][0]["href"]).status_code == 200


def test_conf_core_api_definition_op_and_success(service: Service) -> None:
    links = rels(service.get(""))
    definition = service.get(links["service-desc"][0]["href"])
    assert definition["Content-Type"] == links["service-desc"][0]["type"] == OPENAPI
    assert definition.json()["openapi"].startswith("3.0")
    assert service.get(links["service-doc"][0]["href"])["Content-Type"].startswith(HTML)


def test_conf_core_conformance_op_and_success(service: Service) -> None:
    assert service.get("conformance").json()["conformsTo"] == CONFORMANCE


def test_conf_core_fc_md_op_and_fc_md_success(service: Service) -> None:
    found = service.get("collections").json()
    assert [each["id"] for each in found["collections"]][:1] == ["parcels"]
    assert set(COLLECTIONS) <= {each["id"] for each in found["collections"]}


def test_conf_core_fc_md_links(service: Service) -> None:
    has_self_and_alternate(service.get("collections"), "application/json")


def test_conf_core_fc_md_items_and_items_links(service: Service) -> None:
    for each in service.get("collections").json()["collections"]:
        items = [link for link in each["links"] if link["rel"] == "items"]
        assert {link["type"] for link in items} == {GEOJSON, HTML}
        assert [service.get(link["href"]).status_code for link in items] == [200, 200]


def test_conf_core_fc_md_extent(service: Service) -> None:
    for each in service.get("collections").json()["collections"]:
        box = shapely.box(*each["extent"]["spatial"]["bbox"][0])
        assert all(box.covers(shape) for shape in shapes(service.features(each["id"])))
        assert each["extent"]["temporal"]["interval"] == [[None, None]]


def test_conf_core_sfc_md_op_and_success(service: Service) -> None:
    for listed in service.get("collections").json()["collections"]:
        one = service.get(f"collections/{listed['id']}").json()
        for name in ("id", "title", "description", "extent", "itemType", "crs", "storageCrs"):
            assert one[name] == listed[name]


def test_conf_core_fc_op_and_fc_response(service: Service) -> None:
    for name in COLLECTIONS:
        answer = service.get(f"collections/{name}/items")
        assert answer["Content-Type"] == GEOJSON
        assert answer.json()["type"] == "FeatureCollection"


@pytest.mark.parametrize("name", COLLECTIONS)
def test_conf_core_fc_bbox_definition_limit_definition_time_definition(service: Service, name: str) -> None:
    api = service.get("api").json()
    for each in ("bbox", "limit", "datetime"):
        said = parameter(api, name, each)
        assert {key: said[key] for key in ("in", "required", "style", "explode")} == {
            "in": "query", "required": False, "style": "form", "explode": False,
        }  # fmt: skip
    assert parameter(api, name, "bbox")["schema"] == {
        "type": "array", "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        "items": {"type": "number"},
    }  # fmt: skip
    assert parameter(api, name, "limit")["schema"]["type"] == "integer"
    assert parameter(api, name, "datetime")["schema"]["type"] == "string"


def test_conf_core_fc_bbox_response(service: Service) -> None:
    everything = service.features("parcels")
    west, south, east, north = shape_of(everything[0]["geometry"]).buffer(-0.0001).bounds
    for box in (
        f"{west},{south},{east},{north}",
        f"{west},{south},-5,{east},{north},900",
        f"{west},{south},{west},{south}",
    ):
        found = service.features("parcels", bbox=box)
        asked = shapely.box(west, south, *((east, north) if "-5" in box or str(east) in box else (west, south)))
        expected = {each["id"] for each in everything if shape_of(each["geometry"]).intersects(asked)}
        assert {each["id"] for each in found} == expected == {everything[0]["id"]}
    assert service.features("parcels", bbox="-10,-10,10,10") == []
    over_the_antimeridian = service.features("parcels", bbox="100,-90,-100,90")
    assert len(over_the_antimeridian) == len(everything)


def test_conf_core_fc_limit_response(service: Service) -> None:
    most = parameter(service.get("api").json(), "parcels", "limit")["schema"]["maximum"]
    for limit, expected in ((1, 1), (3, 3), (most, 4), (most + 1, 4), (10**15, 4)):
        assert len(service.get("collections/parcels/items", limit=limit).json()["features"]) == expected
    one_by_one = service.features("parcels", limit=1)
    assert [each["id"] for each in one_by_one] == [each["id"] for each in service.features("parcels")]


def test_conf_core_fc_time_response(service: Service) -> None:
    """The parcels count from 2026-01-05; a layer's zones have no time of their own but that of their edition."""
    during = ("2026-06-01", "2026-06-01T00:00:00Z", "2025-01-01/2026-06-01", "2026-06-01/..", "2026-06-01/", "../2026-06-01", "/2026-06-01", "2026-01-04T20:00:00Z")  # fmt: skip
    before = ("2025-06-01", "2025-01-01/2025-06-01", "../2025-06-01", "/2025-06-01", "2026-01-04T10:00:00Z")
    for text in during:
        found = service.features("parcels", datetime=text)
        assert len(found) == 4, text
        assert all(each["properties"]["since"] <= "2026-06-01" for each in found)
    for text in before:
        assert service.features("parcels", datetime=text) == [], text


def test_conf_core_fc_links(service: Service) -> None:
    has_self_and_alternate(service.get("collections/parcels/items"), GEOJSON)
    assert "next" not in rels(service.get("collections/parcels/items"))
    assert rels(service.get("collections/parcels/items", limit=1))["next"][0]["type"] == GEOJSON


def test_conf_core_fc_timeStamp(service: Service) -> None:  # noqa: N802
    stamp = datetime.fromisoformat(service.get("collections/parcels/items").json()["timeStamp"])
    assert abs((clock.now() - stamp).total_seconds()) < 30


def test_conf_core_fc_numberMatched_numberReturned(service: Service) -> None:  # noqa: N802
    for params in ({}, {"limit": 1}, {"bbox": "100,30,120,40"}, {"code": "DK-A"}, {"filter": "area_m2 > 0"}):
        told = service.get("collections/parcels/items", **params).json()
        assert told["numberReturned"] == len(told["features"])
        assert told["numberMatched"] == len(service.features("parcels", **params))


@pytest.mark.parametrize("text", ["foo=bar", "Limit=1", "holders=x"])
def test_conf_core_query_param_unknown(service: Service, text: str) -> None:
    name, _sign, value = text.partition("=")
    answer = service.get("collections/parcels/items", **{name: value})
    assert (answer.status_code, answer.json()["code"]) == (400, "exchange.unknown_parameter")
    assert name in answer.json()["detail"]


INVALID = {
    "bbox": ["", "1,2,3", "1,2,3,x", "1,2,3,4,5", "10,20,0,10", "1,2,3,nan", "1,inf,2,3", "0,0,500,10"],
    "limit": ["0", "-1", "1.5", "x", "", "1e3", "٣", "1_0"],
    "datetime": ["", "x", "2026-02-30", "..", "../..", "/", "2026-01-01/2025-01-01", "1/2/3", "2026-06-01T00:00:00"],
    "on": ["x", "2026-02-30", "1850-01-01"],
    "known_on": ["x", "2026-06-01T00:00:00"],
    "cursor": ["", "x", "W10", "WzAsIDEsIDJd", "é"],
    "f": ["xml", ""],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in INVALID.items() for value in values])
def test_conf_core_query_param_invalid(service: Service, name: str, value: str) -> None:
    answer = service.get("collections/parcels/items", **{name: value})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), answer.content
    assert re.search(r"[\u4e00-\u9fff]", answer.json()["detail"])


def test_conf_core_f_op_and_f_success_and_f_links(service: Service) -> None:
    for each in service.features("parcels"):
        answer = service.get(f"collections/parcels/items/{each['id']}")
        assert answer["Content-Type"] == GEOJSON
        one = answer.json()
        assert {key: one[key] for key in ("type", "id", "geometry", "properties")} == each
        has_self_and_alternate(answer, GEOJSON)
        assert service.get(rels(answer)["collection"][0]["href"]).json()["id"] == "parcels"
    for nowhere in ("nope", "00000000-0000-0000-0000-000000000000", "0", "%00"):
        assert service.get(f"collections/parcels/items/{nowhere}").status_code in {404, 400}
    assert service.get("collections/nope/items").status_code == 404


def test_conf_core_crs84(service: Service) -> None:
    for name in COLLECTIONS:
        for shape in shapes(service.features(name)):
            west, south, east, north = shape.bounds
            assert 114 < west < east < 115
            assert 34 < south < north < 35


def test_conf_geojson_definition_and_content(service: Service) -> None:
    api = service.get("api").json()
    content = api["paths"]["/collections/parcels/items"]["get"]["responses"]["200"]["content"]
    assert GEOJSON in content
    for name in COLLECTIONS:
        found = service.get(f"collections/{name}/items", f="json")
        assert found["Content-Type"] == GEOJSON
        for each in found.json()["features"]:
            assert set(each) == {"type", "id", "geometry", "properties"}
            assert shape_of(each["geometry"]).is_valid
            rings = [
                part.exterior for part in getattr(shape_of(each["geometry"]), "geoms", [shape_of(each["geometry"])])
            ]
            assert all(ring.is_ccw for ring in rings), "RFC 7946: outer rings run counter-clockwise"


def test_conf_html_definition_and_content(service: Service) -> None:
    key = service.features("water")[0]["id"]
    for page in [*PAGES, "collections/water/queryables", "collections/water/schema", f"collections/water/items/{key}"]:
        answer = service.get(page, f="html")
        text = answer.content.decode()
        assert answer["Content-Type"].startswith(HTML), page
        assert 'lang="zh-CN"' in text
        assert not re.search(r"<script|style=|https?://(?!testserver|www\.opengis\.net)", text), page
        assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "一级保护区" in service.get("collections/water/items", f="html").content.decode()


def test_conf_oas30_completeness_and_oas_definition(service: Service) -> None:
    definition = service.get("api")
    assert definition["Content-Type"] == OPENAPI
    api = definition.json()
    for path, methods in api["paths"].items():
        assert list(methods) == ["get"], path
        assert {"200", "400", "404"} <= set(methods["get"]["responses"]), path
    names = [methods["get"]["operationId"] for methods in api["paths"].values()]
    assert len(names) == len(set(names))


def test_conf_oas30_oas_impl(service: Service) -> None:
    key = service.features("parcels")[0]["id"]
    for path in service.get("api").json()["paths"]:
        if "{featureId}" not in path or "/parcels/" in path:
            assert service.get(path[1:].replace("{featureId}", key)).status_code == 200, path


def test_conf_oas30_exceptions_codes_and_security(service: Service) -> None:
    api = service.get("api").json()
    assert api["security"] == [{}, {"token": []}]
    assert api["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    problem = service.get("collections/parcels/items", limit=0)
    assert set(api["components"]["schemas"]["problem"]["required"]) <= set(problem.json())


def test_conf_crs_crs_uri_default_crs_storageCrs(service: Service) -> None:  # noqa: N802
    for each in service.get("collections").json()["collections"]:
        assert each["crs"][0] == CRS84
        assert each["storageCrs"] == "http://www.opengis.net/def/crs/EPSG/0/4490"
        assert each["storageCrs"] in each["crs"]
        assert all(
            re.fullmatch(r"http://www\.opengis\.net/def/crs/(OGC/1\.3/CRS84|EPSG/0/\d+)", uri) for uri in each["crs"]
        )


def number_of(uri: str) -> int:
    return 4326 if uri == CRS84 else int(uri.rpartition("/")[2])


def official(uri: str) -> Any:
    """From longitude and latitude into the axes EPSG gives the system."""
    crs = "OGC:CRS84" if uri == CRS84 else number_of(uri)
    return pyproj.Transformer.from_crs("OGC:CRS84" if number_of(uri) in {4326, 3857} else 4490, crs)


KNOWN = [CRS84, *(systems.address(number) for number in (4490, 4326, 3857, 4513, 4525, 4526, 4527, 4533))]


@pytest.mark.parametrize("uri", KNOWN)
def test_conf_crs_crs_parameter_and_transform(service: Service, uri: str) -> None:
    plain = service.features("parcels")
    answer = service.get("collections/parcels/items", crs=uri)
    assert answer["Content-Crs"] == f"<{uri}>"
    one = service.get(f"collections/parcels/items/{plain[0]['id']}", crs=uri)
    assert one["Content-Crs"] == f"<{uri}>"
    source_is_latitude_first = number_of(uri) not in {4326, 3857}
    for given, moved in zip(plain, answer.json()["features"], strict=True):
        points = shapely.get_coordinates(shape_of(given["geometry"]))
        start = points[:, ::-1] if source_is_latitude_first else points
        expected = np.column_stack(official(uri).transform(start[:, 0], start[:, 1]))
        assert np.allclose(shapely.get_coordinates(shape_of(moved["geometry"])), expected, rtol=1e-9, atol=1e-6)


def test_conf_crs_crs_parameter_default(service: Service) -> None:
    for name in COLLECTIONS:
        assert service.get(f"collections/{name}/items")["Content-Crs"] == f"<{CRS84}>"


@pytest.mark.parametrize(
    "uri", ["", "EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/4534", "http://example.org/crs"]
)
def test_conf_crs_crs_parameter_invalid_bbox_crs_parameter_invalid(service: Service, uri: str) -> None:
    key = service.features("parcels")[0]["id"]
    assert service.get("collections/parcels/items", crs=uri).status_code == 400
    assert service.get(f"collections/parcels/items/{key}", crs=uri).status_code == 400
    assert service.get("collections/parcels/items", bbox_crs=uri, bbox="1,2,3,4").status_code == 400


@pytest.mark.parametrize("uri", KNOWN)
def test_conf_crs_bbox_crs_parameter(service: Service, uri: str) -> None:
    everything = service.features("parcels")
    corners = shapely.get_coordinates(shape_of(everything[0]["geometry"]).buffer(-0.0003).envelope)
    start = corners[:, ::-1] if number_of(uri) not in {4326, 3857} else corners
    moved = np.column_stack(official(uri).transform(start[:, 0], start[:, 1]))
    box = ",".join(f"{number:.9f}" for number in [*moved.min(axis=0), *moved.max(axis=0)])
    found = service.features("parcels", bbox=box, bbox_crs=uri)
    if number_of(uri) == 4513 or number_of(uri) == 4533:  # a straight box of a far zone is turned on the ground
        assert everything[0]["id"] in {each["id"] for each in found}
    else:
        assert [each["id"] for each in found] == [everything[0]["id"]]


def test_conf_crs_bbox_crs_parameter_default(service: Service) -> None:
    assert service.names("parcels", bbox="114.3,34.7,114.301,34.701") == service.names(
        "parcels", bbox="114.3,34.7,114.301,34.701", bbox_crs=CRS84
    )
