"""The abstract tests of Part 3 (filters) and of the CQL2 classes we claim, under their own names; and bad filters."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import cql2
import land_world
import pyproj
import pytest
import shapely
from exchange_world import Service
from shapely.geometry import shape as shape_of

from soildesk.exchange import systems
from soildesk.exchange.comparing import glob_of
from soildesk.exchange.ogc.collections import REL
from soildesk.land.services import layers
from soildesk.land.services.layers import EditionFacts

pytestmark = [pytest.mark.store, pytest.mark.usefixtures("db")]
COLLECTIONS = ["parcels", "planning", "red_line", "water"]
VALUES = {"string": "'foo'", "number": "3.14", "date": "DATE('2022-04-14')"}


def kinds(service: Service, name: str) -> dict[str, str]:
    """The kind of each queryable but the ground."""
    told = service.get(f"collections/{name}/queryables").json()["properties"]
    return {key: each.get("format", each["type"]) for key, each in told.items() if "type" in each}


def keys(service: Service, text: str, name: str = "parcels", language: str = "cql2-text", **more: Any) -> set[str]:
    """The features a filter finds, asked as text and as JSON."""
    found = {each["id"] for each in service.features(name, filter=text, filter_lang=language, **more)}
    if language == "cql2-text":
        as_json = json.dumps(cql2.parse_text(text).to_json(), ensure_ascii=False)
        assert keys(service, as_json, name, "cql2-json", **more) == found
    return found


def refused(service: Service, text: str, language: str = "cql2-text", **more: Any) -> dict[str, Any]:
    answer = service.get("collections/parcels/items", filter=text, filter_lang=language, **more)
    assert answer.status_code == 400, (text, answer.content.decode()[:300])
    return dict(answer.json())


def test_conf_queryables_get_queryables_uris_and_get_queryables(service: Service) -> None:
    for name in COLLECTIONS:
        head = service.get(f"collections/{name}/items")["Link"]
        assert f'rel="{REL}/queryables"' in head
        address = head.partition("<")[2].partition(">")[0]
        answer = service.get(address)
        told = answer.json()
        assert answer["Content-Type"] == "application/schema+json"
        assert told["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert (told["$id"], told["type"], told["additionalProperties"]) == (address, "object", False)
        assert all("type" in each or each["format"].startswith("geometry-") for each in told["properties"].values())


def test_conf_queryables_query_parameters_query_param(service: Service) -> None:
    for name in COLLECTIONS:
        for each in service.features(name):
            for key in kinds(service, name):
                value = each["properties"][key]
                if value not in (None, ""):
                    found = service.features(name, **{key: value})
                    assert each["id"] in {one["id"] for one in found}
                    assert {one["properties"][key] for one in found} == {value}
    for key, wrong in (("area_m2", "x"), ("since", "x"), ("since", "2026-02-30")):
        assert service.get("collections/parcels/items", **{key: wrong}).status_code == 400


@pytest.mark.parametrize("language", ["cql2-text", None])
def test_conf_filter_filter_param_and_filter_lang_default(service: Service, language: str | None) -> None:
    more = {"filter_lang": language} if language else {}
    for name in COLLECTIONS:
        assert len(service.features(name, filter="code IS NOT NULL", **more)) == len(service.features(name))
        assert service.features(name, filter="code IS NULL", **more) == []
    assert service.get("collections/water/items", filter="THIS IS NOT A FILTER", **more).status_code == 400


def test_conf_filter_expression_construction(service: Service) -> None:
    told = refused(service, "this_is_not_a_queryable IS NULL")
    assert "this_is_not_a_queryable" in told["detail"]
    assert "area_m2" in told["detail"]


def test_conf_filter_filter_crs_wgs84(service: Service) -> None:
    for name in COLLECTIONS:
        west, south, east, north = service.get(f"collections/{name}").json()["extent"]["spatial"]["bbox"][0]
        everything = {each["id"] for each in service.features(name)}
        assert keys(service, f"S_INTERSECTS(geometry,BBOX({west},{south},{east},{north}))", name) == everything
    refused(service, "S_INTERSECTS(geometry,BBOX(1000000,1000000,1000001,1000001))")


@pytest.mark.parametrize("number", [4490, 4326, 3857, 4526, 4527])
def test_conf_filter_filter_crs_param(service: Service, number: int) -> None:
    west, south, east, north = shapely.total_bounds([shape_of(f["geometry"]) for f in service.features("parcels")])
    corners = [(west - 0.01, south - 0.01), (east + 0.01, north + 0.01)]
    into = pyproj.Transformer.from_crs("OGC:CRS84", number)
    (a, b), (c, d) = (into.transform(*corner) for corner in corners)
    everything = {each["id"] for each in service.features("parcels")}
    assert (
        keys(service, f"S_INTERSECTS(geometry,BBOX({a},{b},{c},{d}))", filter_crs=systems.address(number)) == everything
    )
    refused(
        service, f"S_INTERSECTS(geometry,BBOX({a},{b},{c},{d}))", filter_crs="http://www.opengis.net/def/crs/EPSG/0/9"
    )


def test_conf_features_filter_filter_param(service: Service) -> None:
    """Filters are joined with the other selections by AND."""
    assert service.names("parcels", filter="area_m2 > 0", code="DK-A") == {"原农药厂"}
    assert service.names("parcels", filter="code <> 'DK-A'", code="DK-A") == set()


def test_conf_basic_cql2_comparison(service: Service) -> None:
    for name in COLLECTIONS:
        for key, kind in list(kinds(service, name).items())[:6]:
            value = VALUES[kind]
            found = {sign: keys(service, f'"{key}" {sign} {value}', name) for sign in ("=", "<>", "<", ">", "<=", ">=")}
            assert not found["="] & found["<>"]
            assert not found[">"] & found["<="]
            assert not found["<"] & found[">="]
            assert found["<"] | found["="] | found[">"] == keys(service, f'"{key}" IS NOT NULL', name)


def test_conf_basic_cql2_is_null_and_boolean(service: Service) -> None:
    everything = {each["id"] for each in service.features("parcels")}
    for key in kinds(service, "parcels"):
        empty, filled = keys(service, f'"{key}" IS NULL'), keys(service, f'"{key}" is not null')
        assert (empty & filled, empty | filled) == (set(), everything)
    assert keys(service, "geometry IS NULL") == set()
    assert keys(service, "true") == everything
    assert keys(service, "false") == set()


def test_computed_columns_of_one_field_are_filtered_by_what_is_stored_or_told(service: Service) -> None:
    everything = service.names("parcels")
    for text, names in {
        "kind='plot'": everything, "kind='地块'": everything, "kind<>'地块'": set(), "kind='宗地'": set(),
        "kind IN ('宗地','plot')": everything, "kind LIKE 'pl%'": everything,
        "use_now='1001'": {"原农药厂"}, "use_now='1001 工业用地'": {"原农药厂"}, "use_now='1001 铁路用地'": set(),
        "use_now LIKE '1%'": {"原农药厂", "粮库"}, "use_now >= '1101'": {"粮库"}, "use_planned='0701'": {"原农药厂"},
        "holder_kind='个人' OR holder_kind='organisation'": {"原农药厂", "柏庄小学预留地"},
    }.items():  # fmt: skip
        assert {each["properties"]["name"] for each in service.features("parcels", filter=text)} == names, text
    assert service.names("parcels", kind="地块") == everything
    assert service.names("unused_land", filter="is_reserve") == {"东河滩地"}
    assert service.names("unused_land", filter="kind='盐碱地'") == {"北洼盐碱地"}
    told = service.get("collections/parcels/queryables").json()["properties"]
    assert "宗地（lot）" in told["kind"]["description"]
    assert {"mu", "last_patrol", "due", "open"}.isdisjoint(told)
    unused = service.get("collections/unused_land/queryables").json()["properties"]
    assert {"mu", "last_patrol", "due", "open"}.isdisjoint(unused)
    assert refused(service, "mu > 1")["code"] == "exchange.filter"


def test_attributes_of_a_layer_are_filtered_as_their_type(service: Service) -> None:
    types = {
        "长 度": "number",
        '批"次': "integer",
        "定于": "date",
        "永久": "boolean",
        "a__备注": "string",
        "见": "datetime",
    }
    rows = [("甲", 2.5, 3, "2026-03-01", True, "乙'%", "2026-03-01T08:00:00"), ("丙", "2.5", 4, "x", False, "8", "x"),
            ("丁", None, None, None, None, None, None)]  # fmt: skip
    zones = [
        {"code": name, "name": name, "geometry": land_world.square(at, 3), "attributes": dict(zip(types, values, strict=True))}
        for at, (name, *values) in enumerate(rows)
    ]  # fmt: skip
    layer, by = service.land.layers["red_line"], service.world.actor("officer")
    facts = EditionFacts(date(2026, 2, 1), attributes=[{"name": name, "type": kind} for name, kind in types.items()])
    made = layers.start_edition(layer, facts, by=by, at=land_world.AT)
    layers.add_zones(made, zones)
    layers.accept(made, by=by, at=land_world.AT)
    told = {each["properties"]["name"]: each["properties"] for each in service.features("red_line")}
    assert (told["甲"]["a_长 度"], told["甲"]["a_定于"], told["丙"]["a_长 度"], told["丙"]["a_定于"]) == (2.5, "2026-03-01", None, None)  # fmt: skip
    for text, names in {
        '"a_长 度" > 2': {"甲"}, '"a_长 度" = 2.5': {"甲"}, '"a_长 度" IS NULL': {"丙", "丁"},
        '"a_批""次" BETWEEN 3 AND 3.5': {"甲"}, "a_定于 >= DATE('2026-01-01')": {"甲", "丙"}, "a_定于 = DATE('2026-03-01')": {"甲"},
        "a_永久": {"甲"}, "NOT a_永久": {"丙"}, "a_a__备注 LIKE '%乙%'": {"甲"}, "a_a__备注 = '8'": {"丙"},
        "a_a__备注 <> '8'": {"甲"},
    }.items():  # fmt: skip
        found = {each["properties"]["name"] for each in service.features("red_line", filter=text)}
        assert found == names, text
    assert "a_见" not in kinds(service, "red_line")
    assert service.get("collections/red_line/schema").json()["properties"]["a_见"]["format"] == "date-time"


def test_conf_basic_cql2_test_data(service: Service) -> None:
    for text, names in {
        "name='粮库'": {"粮库"},
        "name<>'粮库'": {"原农药厂", "柏庄小学预留地", "北侧空地"},
        "code>='DK-C'": {"柏庄小学预留地", "北侧空地"},
        "code<'DK-B'": {"原农药厂"},
        "holder=''": {"粮库", "北侧空地"},
        "since=DATE('2026-01-05')": {"原农药厂", "粮库", "柏庄小学预留地", "北侧空地"},
        "since<TIMESTAMP('2026-01-04T18:00:00Z')": set(),
        "since<=TIMESTAMP('2026-01-04T18:00:00Z')": {"原农药厂", "粮库", "柏庄小学预留地", "北侧空地"},
        "until>DATE('2020-01-01')": set(),
        "not (until>DATE('2020-01-01'))": set(),
        "until<>DATE('2020-01-01') or until IS NULL": {"原农药厂", "粮库", "柏庄小学预留地", "北侧空地"},
        "area_m2>39882": {"原农药厂", "粮库", "柏庄小学预留地"},
    }.items():
        assert service.names("parcels", filter=text) == names, text


def test_conf_basic_cql2_logical(service: Service) -> None:
    """Every combination of four predicates gives what sets give; a row without a value meets neither p nor NOT p."""
    told = ["code<'DK-C'", "until>DATE('2020-01-01')", "holder<>''", "until IS NULL"]
    meets = [keys(service, each) for each in told]
    fails = [keys(service, f"not ({each})") for each in told]
    assert meets[1] == fails[1] == set()
    p1, p2, p3, p4 = told
    found = keys(service, f"(NOT ({p2}) AND {p1}) OR ({p3} and {p4}) or not ({p1} OR {p4})")
    assert found == (fails[1] & meets[0]) | (meets[2] & meets[3]) | (fails[0] & fails[3])


def test_conf_advanced_comparison_operators_like(service: Service) -> None:
    for key, kind in kinds(service, "parcels").items():
        if kind == "string":
            found = {p: keys(service, f"\"{key}\" LIKE '{p}'") for p in ("%", "_%", "", "%%", r"\%\_")}
            assert found["%"] == found["%%"] == keys(service, f'"{key}" IS NOT NULL')
            assert not found["_%"] & found[""]
    for pattern, names in {
        "DK-_": {"原农药厂", "粮库", "柏庄小学预留地", "北侧空地"},
        "dk-_": set(),
        "%-A": {"原农药厂"},
        "DK-[AB]": set(),
        "DK*": set(),
        "DK-?": set(),
    }.items():
        assert service.names("parcels", filter=f"code LIKE '{pattern}'") == names, pattern
    assert len(service.names("parcels", filter="code NOT LIKE '%-A'")) == 3


def test_conf_advanced_comparison_operators_between_and_in(service: Service) -> None:
    assert len(keys(service, "area_m2 BETWEEN 39882 AND 40000")) == 3
    assert len(keys(service, "area_m2 not between 39882 AND 40000")) == 1
    assert keys(service, "area_m2 between 100.0 and 1.0") == set()
    assert service.names("parcels", filter="code in ('DK-A','DK-B','foo')") == {"原农药厂", "粮库"}
    assert len(service.names("parcels", filter="code not in ('DK-A','DK-B','foo')")) == 2
    assert len(keys(service, "since in ('2026-01-05', '2022-04-15')")) == 4
    assert len(keys(service, "since in (DATE('2026-01-05'))")) == 4
    assert keys(service, "area_m2 IN (1, 2, 3)") == set()


def test_conf_basic_spatial_functions_s_intersects(service: Service) -> None:
    everything = {each["id"] for each in service.features("parcels")}
    assert keys(service, "S_INTERSECTS(geometry,BBOX(-180,-90,180,90))") == everything
    assert keys(service, "S_INTERSECTS(geometry,POINT(7.02 49.92))") == set()
    refused(service, "S_INTERSECTS(geometry,POINT(90 180))")
    halves = "S_INTERSECTS(geometry,BBOX(-180,-90,-90,90)) AND S_INTERSECTS(geometry,BBOX(90,-90,180,90))"
    assert keys(service, halves) == set()
    assert keys(service, "S_INTERSECTS(geometry,BBOX(100,-90,-100,90))") == everything
    assert keys(service, "not S_INTERSECTS(geometry,BBOX(100,-90,-100,90))") == set()
    assert service.names("parcels", filter="S_INTERSECTS(geometry,POINT(114.301 34.701))") == {"原农药厂"}
    assert keys(service, "S_INTERSECTS(POINT(114.301 34.701),geometry)") == keys(service, "code='DK-A'")


def test_conf_basic_spatial_functions_plus_s_intersects(service: Service) -> None:
    """Every kind of shape finds what shapely finds, and so do the other relations we answer."""
    ground = {each["id"]: shape_of(each["geometry"]) for each in service.features("parcels")}
    first = next(iter(ground.values()))
    asked = [
        "MULTIPOINT(7.02 49.92, 114.301 34.701)", "LINESTRING(114.301 34.701, 114.303 34.701)",
        "MULTILINESTRING((114.301 34.701, 114.303 34.701),(0 45, 1 45))", first.wkt, first.envelope.buffer(0.0005).wkt,
        "GEOMETRYCOLLECTION(POINT(114.301 34.701), POLYGON((0 0, 10 0, 10 10, 0 10, 0 0)))",
    ]  # fmt: skip
    for wkt in asked:
        shape = shape_of(cql2.parse_text(f"S_INTERSECTS(geometry,{wkt})").to_json()["args"][1])
        for function in ("intersects", "disjoint", "within", "contains", "touches", "overlaps"):
            expected = {key for key, each in ground.items() if getattr(shapely, function)(each, shape)}
            if shape.geom_type != "GeometryCollection" or function == "intersects":
                assert keys(service, f"S_{function.upper()}(geometry,{wkt})") == expected, (function, wkt)
    refused(service, "S_INTERSECTS(geometry,MULTIPOINT(7.02 49.92, 90 180))")


def test_conf_cql2_text_validate_and_escaping(service: Service) -> None:
    """`keys` asks everything as text; what stands quoted in a literal stays in it."""
    assert keys(service, "name='a''b; DROP TABLE land_parcel; --'") == set()


def test_conf_cql2_json_validate(service: Service) -> None:
    """`keys` asks everything as JSON too; JSON that is no CQL2 is refused."""
    for text in ("", "x", "{}", "[]", "1", '{"op":"and","args":[]}', '{"op":"=","args":[{"property":"code"}]}',
                 '{"op":"=","args":[{"property":["code"]},1]}', '{"op":["="],"args":[1,1]}', '{"op":"in","args":[{"property":"code"},"x"]}',
                 '{"op":"=","args":[{"property":"code"},"\\u0000"]}', '{"op":"=","args":[{"property":"code"},"\\ud800"]}',
                 '{"op":"like","args":[{"property":"code"},{"property":"name"}]}', '{"op":"isNull","args":[]}',
                 '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}]}'):  # fmt: skip
        refused(service, text, "cql2-json")


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "code", "code = ", "code = 1", "area_m2 = 'x'", "since = 1", "since = 'x'", "area_m2 LIKE 'x'",
        "code = true", "mu = 'x'", "geometry = 1", "area_m2 = 1e400", "area_m2 + 1 = 2", "casei(code) = 'x'",
        "foo(1)", "1 = 1", "code = area_m2", "S_INTERSECTS(code, POINT(1 2))", "S_INTERSECTS(geometry, geometry)",
        "S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))", "S_INTERSECTS(geometry, POLYGON EMPTY)",
        "S_CROSSES(geometry, POINT(1 2))", "T_AFTER(since, DATE('2026-01-01'))", "code IN ()", "code = 'x' AND",
        "(" * 60 + "code = 'x'" + ")" * 60, "NOT " * 60 + "code = 'x'", "area_m2 = " + "-" * 60 + "1",
        " or ".join(["code = 'x'"] * 300), "code = '" + "x" * 9000 + "'", "area_m2 = " + "^".join(["1"] * 60),
    ],
)  # fmt: skip
def test_a_filter_that_means_nothing_is_refused_in_words(service: Service, text: str) -> None:
    told = refused(service, text)
    assert told["code"] in {"exchange.filter", "exchange.value"}
    assert any("\u4e00" <= sign <= "\u9fff" for sign in told["detail"])


def test_the_parser_is_never_asked_what_would_end_the_process(service: Service) -> None:
    """cql2 descends by the stack of the process; a thread of a server has a small one."""
    for text in (
        "(" * 5000,
        "NOT " * 1900 + "true",
        "area_m2=" + "- " * 3900 + "1",
        "f(" * 2600,
        "[" * 7000,
        '{"a":' * 1500,
    ):
        refused(service, text)
        refused(service, text, "cql2-json")


@pytest.mark.parametrize("language", ["sql", "", "cql-text"])
def test_another_language_is_refused(service: Service, language: str) -> None:
    assert service.get("collections/parcels/items", filter_lang=language).status_code == 400


def test_numbers_a_column_cannot_hold_are_compared_all_the_same(service: Service) -> None:
    assert len(keys(service, "area_m2 < 1e300")) == 4
    assert keys(service, "area_m2 > 1e300") == keys(service, "area_m2 = -1e300") == set()


def test_like_becomes_glob() -> None:
    assert glob_of(r"a%_\%\_*[?\\") == "a*?%_[*][[][?]\\"
