"""The map's pages: everything it says comes from the rows an actor may see, on the day asked for."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from land_world import AT, county, parcel, square
from test_settings import said, told

from soildesk.core import files
from soildesk.core.models import AuditEntry
from soildesk.core.versions import Recording
from soildesk.land.services import parcels
from soildesk.maps import coordinates, measuring
from soildesk.maps.layers import HATCHES, OUTLINE, layers_of
from soilrules.geodesy import crs, measure, transform
from soilrules.gisfiles import WKB, reading

pytestmark = pytest.mark.django_db
TODAY = "2026-11-20"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's day is the world's."""
    monkeypatch.setenv("SOILDESK_TODAY", TODAY)


@pytest.fixture
def land(world: Any) -> Any:
    """The county."""
    return county(world)


def client_of(world: Any, name: str) -> Client:
    """A logged-in browser."""
    return world.browser(name)


def middle(version: Any) -> dict[str, str]:
    """The middle of a parcel as a click."""
    point = version.geometry.centroid
    return {"lon": str(point.x), "lat": str(point.y), "metres": "5"}


def box_of(*shapes: Any) -> str:
    """A box around shapes, as the address has it."""
    return ",".join(f"{side:.7f}" for side in shapely.total_bounds(np.array(shapes)))


def got(client: Client, name: str, *args: str, **params: str) -> str:
    """What a page says."""
    answer = client.get(reverse(f"maps:{name}", args=args), params)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


PAGES = [
    ("map", ()), ("setup", ()), ("at", ()), ("find", ()), ("inside", ()), ("names", ()), ("sheet", ()),
    ("sheet_preview", ()), ("card", ("parcels", "x")), ("shape", ("parcels", "x")), ("base", (1, 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args"), PAGES, ids=[name for name, _args in PAGES])
def test_a_stranger_to_the_desk_logs_in_first(client: Client, db: None, name: str, args: tuple[Any, ...]) -> None:
    answer = client.get(reverse(f"maps:{name}", args=args))
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, reverse("login"))


def test_the_page_lists_every_layer_with_its_legend(world: Any, land: Any) -> None:
    page = got(client_of(world, "officer"), "map")
    setup = json.loads(re.search(r'id="map-setup" type="application/json">(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    titles = {layer["id"]: layer for layer in setup["layers"]}
    assert {"parcels", "unused_land", "patrols", "red_line", "water", "planning"} <= set(titles)
    drawn = {*HATCHES, OUTLINE}
    assert all(layer["legend"] and line["hatch"] in drawn for layer in setup["layers"] for line in layer["legend"])
    assert "示例生态保护红线" in page and "登记台账" in page and "边界与分区" in page
    assert setup["shown"].index("red_line") < setup["shown"].index("parcels"), "boundaries lie over the registers"
    west, _south, east, _north = setup["extent"]
    assert west <= land.parcels["a"].geometry.bounds[0] and east >= land.unused["salt"].geometry.bounds[2]
    assert "<style" not in page and " style=" not in page


def test_the_time_slider_goes_over_the_years_of_the_data(world: Any, land: Any) -> None:
    cache.clear()
    earlier = parcel(world, square(20, 20), since=date(2011, 3, 1), name="老地块")
    client = client_of(world, "officer")
    assert 'data-years="2026"' in got(client, "map", layers="red_line")
    page = got(client, "map", layers="parcels,red_line")
    assert f'data-years="{",".join(map(str, range(earlier.since.year, 2027)))}"' in page
    assert 'data-years="2026"' in got(client_of(world, "stranger"), "map", layers="parcels"), "of what is seen only"
    assert 'data-years="2024,2025,2026"' in got(client, "map", layers="red_line", on="2024-05-01")


def test_of_another_district_nothing_is_said(world: Any, land: Any) -> None:
    stranger, officer = client_of(world, "stranger"), client_of(world, "officer")
    a = land.parcels["a"]
    uid = str(a.parcel.uid)
    assert "原农药厂" in got(officer, "at", layers="parcels", **middle(a))
    assert "原农药厂" not in got(stranger, "at", layers="parcels", **middle(a))
    assert "原农药厂" not in got(stranger, "find", q="农药")
    assert "原农药厂" not in got(stranger, "inside", layers="parcels", bbox=box_of(a.geometry))
    assert json.loads(got(stranger, "names", layers="parcels", bbox=box_of(a.geometry)))["features"] == []
    for name in ("card", "shape"):
        assert stranger.get(reverse(f"maps:{name}", args=["parcels", uid])).status_code == 404
        assert officer.get(reverse(f"maps:{name}", args=["parcels", uid])).status_code == 200
        assert officer.get(reverse(f"maps:{name}", args=["parcels", "no key"])).status_code == 404
        assert officer.get(reverse(f"maps:{name}", args=["nothing", uid])).status_code == 404


def test_a_click_tells_all_that_overlaps_the_smallest_first(world: Any, land: Any) -> None:
    a = land.parcels["a"]
    west, south, east, north = a.geometry.bounds
    spot = {"lon": str(west + (east - west) / 4), "lat": str((south + north) / 2), "metres": "5"}
    page = got(client_of(world, "officer"), "at", layers="parcels,red_line,water", **spot)
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["东山红线", "原农药厂"]
    assert "此处重叠 2 项" in page
    assert "此处没有打开的图层内容" in got(
        client_of(world, "officer"), "at", lon="110", lat="30", metres="5", layers="parcels"
    )


def test_the_holder_is_named_to_the_office_only(world: Any, land: Any) -> None:
    click = {"layers": "parcels", **middle(land.parcels["c"])}
    assert "王某" in got(client_of(world, "officer"), "at", **click)
    assert "王某" not in got(client_of(world, "reader"), "at", **click)
    assert "柏庄小学预留地" not in got(client_of(world, "reader"), "find", q="王某")


def test_the_filters_of_the_address_narrow_the_map_and_its_lists(world: Any, land: Any) -> None:
    client = client_of(world, "officer")
    box = box_of(*(land.parcels[name].geometry for name in "abc"))
    every = got(client, "inside", layers="parcels", bbox=box)
    one = got(client, "inside", **{"layers": "parcels", "bbox": box, "parcels.q": "粮库"})
    assert "粮库" in every and "原农药厂" in every
    assert "粮库" in one and "原农药厂" not in one
    assert f"{reverse('kit:collection', args=['parcels'])}?q=" in one and "bbox=" in one
    names = json.loads(got(client, "names", **{"layers": "parcels", "bbox": box, "parcels.q": "粮库"}))
    assert [feature["properties"]["title"] for feature in names["features"]] == ["粮库"]


def test_a_box_counts_and_sums_what_meets_it(world: Any, land: Any) -> None:
    shapes = [land.parcels[name].geometry for name in "ab"]
    west, south, east, north = shapely.union_all(shapes).buffer(-1e-6).bounds
    page = got(client_of(world, "officer"), "inside", layers="parcels,water", bbox=f"{west},{south},{east},{north}")
    whole = sum(float(measure.area_m2(np.array([shape], dtype=object))[0]) for shape in shapes)
    assert f"<strong>{float(measure.mu(whole)):,.2f}</strong>" in page
    assert "范围内没有" in page, "a layer that holds nothing there is told"
    assert client_of(world, "officer").get(reverse("maps:inside"), {"bbox": "1,2"}).status_code == 404


def test_a_list_opens_the_map_with_its_own_selection(world: Any, land: Any) -> None:
    asked = {"layer": "parcels", "feature": "abc", "town": "x", "sort": "name", "on": "2026-06-30", "page": "3"}
    answer = client_of(world, "officer").get(reverse("maps:map"), asked)
    given = QueryDict(answer.headers["Location"].partition("?")[2])
    assert given.dict() == {"layers": "parcels", "sel": "parcels/abc", "parcels.town": "x", "on": "2026-06-30"}


def test_the_day_of_the_address_decides_what_stands(world: Any, land: Any) -> None:
    d = land.parcels["d"]
    parcels.end(d, on=date(2026, 7, 1), recording=Recording(world.actor("officer"), AT, "并入道路"))
    client, click = client_of(world, "officer"), {"layers": "parcels", **middle(d)}
    assert "北侧空地" in got(client, "at", on="2026-06-30", **click)
    assert "北侧空地" not in got(client, "at", **click)


def test_the_search_finds_rows_and_places(world: Any, land: Any) -> None:
    client, a = client_of(world, "officer"), land.parcels["a"]
    assert "原农药厂" in got(client, "find", q=a.parcel.number)
    assert "原农药厂" in got(client, "find", q="DK-A")
    assert 'data-spot="114.3000000,34.7000000"' in got(client, "find", q="34.7, 114.3")
    assert "没有找到" in got(client, "find", q="查无此地")
    shape = json.loads(got(client, "shape", "parcels", str(a.parcel.uid)))
    assert shapely.from_geojson(json.dumps(shape["geometry"])).equals_exact(a.geometry, 1e-6)


@pytest.mark.parametrize(
    "text",
    [
        "114.3, 34.7", "34.7 114.3", "北纬34°42′ 东经114°18′", "N34°42'E114°18'", "114°18′00″，34°42′00″",
        "38527486.07,3841352.52", "X=3841352.52 Y=38527486.07", "527486.07 3841352.52", "３４.７，１１４.３",
    ],
)  # fmt: skip
def test_a_place_is_read_however_it_is_written(text: str) -> None:
    spot = coordinates.spots(text, (113.5, 34.0, 115.0, 35.5))[0]
    assert (spot.lon, spot.lat) == (pytest.approx(114.3, abs=2e-6), pytest.approx(34.7, abs=2e-6))


def test_metres_without_their_zone_are_asked_for_not_guessed() -> None:
    (spot,) = coordinates.spots("527486.07 3841352.52")
    assert spot.lon is None and "带号" in spot.why
    assert [coordinates.spots(text) for text in ("青禾", "12", "1 2 3", "190 95", "")] == [[]] * 5


def test_what_is_drawn_is_measured_on_the_ellipsoid(world: Any) -> None:
    client, shape = client_of(world, "officer"), square(0, 0)

    def asked(body: str) -> dict[str, Any]:
        answer = client.post(reverse("maps:measure"), body, content_type="application/geo+json")
        assert answer.status_code == 200
        told: dict[str, Any] = answer.json()
        return told

    found = asked(shapely.to_geojson(shape))
    one = np.array([shape], dtype=object)
    assert found["area_m2"] == pytest.approx(float(measure.area_m2(one)[0]), abs=0.01)
    assert found["mu"] == pytest.approx(found["area_m2"] * 3 / 2000, abs=1e-3)
    assert found["length_m"] == pytest.approx(float(measure.length_m(one)[0]), abs=0.01)
    assert "area_m2" not in asked(shapely.to_geojson(shapely.LineString([(114, 34), (114.1, 34)])))
    bow = '{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}'
    for body, sentence in (
        (bow, "相交"), ("{", "GeoJSON"), ('{"type":"Point","coordinates":[200,1]}', "经纬度"),
        (shapely.to_geojson(shapely.Point(0, 0).buffer(1, quad_segs=2000)), "拐点"), ('{"type":"Polygon","coordinates":[]}', "还没有"),
    ):  # fmt: skip
        assert sentence in asked(body)["refused"], body[:60]


def test_corners_that_are_copied_are_read_back(tmp_path: Path) -> None:
    shape = square(0, 0).difference(square(0.3, 0.3, 0.2, 0.2))
    path = tmp_path / "corners.txt"
    path.write_text(measuring.corner_text(shape), encoding="utf-8")
    (batch,) = reading.batches(path, path.name)
    read = shapely.from_wkb(batch.column(WKB).to_pylist())
    (zone,) = crs.guess(shapely.total_bounds(read))
    assert zone.crs is not None and zone.crs.zone is not None and zone.crs.zone.number == 38
    back = transform.to_stored(read, zone.crs, axis=zone.axis).geoms[0]
    assert back.symmetric_difference(shape).area < 1e-4 * shape.area, "millimetres are kept"
    assert int(shapely.get_num_interior_rings(shapely.get_parts(back)[0])) == 1


def test_the_base_map_is_the_offices_own_folder(world: Any, settings: Any, home: Path) -> None:
    client = client_of(world, "officer")
    address = reverse("maps:base", args=[3, 6, 2])
    assert client.get(address).status_code == 404, "without the setting there is no base map"
    settings.BASEMAP = "folder"
    assert client.get(address).status_code == 204
    (home / "basemap" / "3" / "6").mkdir(parents=True)
    (home / "basemap" / "3" / "6" / "2.png").write_bytes(PNG)
    answer = client.get(address)
    assert (answer.headers["Content-Type"], b"".join(answer.streaming_content)) == ("image/png", PNG)  # type: ignore[attr-defined]
    with sqlite3.connect(home / "basemap" / "basemap.mbtiles") as store:
        store.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
        store.execute("INSERT INTO tiles VALUES (4, 1, 15, ?)", [PNG])
    store.close()
    assert client.get(reverse("maps:base", args=[4, 1, 0])).content == PNG, "rows of mbtiles count from the south"
    assert json.loads(got(client, "setup"))["base"]["tiles"] == [["/map/base/{z}/{x}/{y}"]]


def test_only_an_offices_own_key_lets_the_browser_ask_elsewhere(tmp_path: Path) -> None:
    policy = "s.CONTENT_SECURITY_POLICY['DIRECTIVES']['connect-src'], s.MAP_APPROVAL"
    assert said(told(tmp_path / "a", policy)) == "([\"'self'\"], '')"
    key = {"SOILDESK_BASEMAP": "tianditu", "SOILDESK_TIANDITU_KEY": "k", "SOILDESK_MAP_APPROVAL": "GS（2024）0650号"}
    open_policy = said(told(tmp_path / "b", policy, **key))
    assert "https://t0.tianditu.gov.cn" in open_policy and "GS（2024）0650号" in open_policy
    for wrong in ({"SOILDESK_BASEMAP": "tianditu"}, {"SOILDESK_BASEMAP": "google"}):
        process = told(tmp_path / "c", "1", **wrong)
        assert "SOILDESK_" in process.communicate(timeout=60)[1] and process.returncode != 0


def test_modules_name_each_other_by_their_hashed_names(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "soildesk.kit.staticfiles.Static"}}
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["plans*", "standards*", "ninja*"])
    modules = [path for path in (tmp_path / "static").rglob("*.mjs") if "/maps/" in path.as_posix()]
    named = [
        (path, found)
        for path in modules
        for found in re.findall(r"""(?:from |new URL\()"(\.[^"]+)\"""", path.read_text(encoding="utf-8"))
    ]
    assert len(modules) >= 5 and len(named) >= 10
    assert [(path.name, found) for path, found in named if not (path.parent / found).exists()] == []
    assert all(re.search(r"\.[0-9a-f]{12}\.", found) for _path, found in named)


def test_hidden_names_are_no_labels(world: Any, land: Any) -> None:
    """A layer whose title is personal is named to nobody who may not read it."""
    from dataclasses import replace

    actor = world.actor("reader")
    layer = next(one for one in layers_of(actor, date(2026, 11, 20), QueryDict()) if one.name == "parcels")
    assert layer.ground.title in layer.drawn_fields
    seen = replace(layer.seen, declared=replace(layer.seen.declared, ground=replace(layer.ground, title="holder")))
    assert "holder" not in replace(layer, seen=seen).drawn_fields


def test_a_parcel_drawn_anew_is_on_the_map_at_once(world: Any, land: Any) -> None:
    made = parcel(world, square(20, 20), name="新地块")
    assert "新地块" in got(client_of(world, "officer"), "at", layers="parcels", **middle(made))


def test_a_plot_found_on_the_map_is_photographed(world: Any, land: Any) -> None:
    a = land.parcels["a"]
    town, reader = client_of(world, "town"), client_of(world, "reader")
    address = reverse("land:photos", args=[a.parcel.uid])
    assert address in got(town, "card", "parcels", str(a.parcel.uid))
    assert address not in got(reader, "card", "parcels", str(a.parcel.uid))
    assert reader.get(address).status_code == 403
    assert client_of(world, "stranger").get(address).status_code == 404
    picture = SimpleUploadedFile("现场.jpg", b"\xff\xd8\xff\xe0" + b"0" * 40, "image/jpeg")
    assert town.post(address, {"photo": [picture], "note": "东侧围墙"}).status_code == 302
    (use,) = files.uses_of(a.parcel)
    assert (use.name, use.note, use.kind) == ("现场.jpg", "东侧围墙", "photo")
    assert AuditEntry.objects.filter(act="land.parcel.photographed").count() == 1
    assert files.readable(world.actor("reader"), use) and not files.readable(world.actor("stranger"), use)
    for wrong in ({}, {"photo": [SimpleUploadedFile("a.pdf", b"%PDF-1", "application/pdf")]}):
        assert town.post(address, wrong).status_code == 422
    assert "现场.jpg" in town.get(reverse("kit:record", args=["parcels", str(a.parcel.uid)])).content.decode()
