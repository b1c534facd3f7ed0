"""What a hostile reader, paper or program sends about ground: refused in words, never a fault, never told too much."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import land_world
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from land_world import AT, SINCE

from desk.conftest import DAY
from soildesk.core import clock, tokens
from soildesk.core.models import RoleGrant
from soildesk.kit.entries import Entries
from soildesk.kit.filters import ChoiceFilter, TextFilter
from soildesk.kit.register import collections
from soildesk.kit.rows import Selection
from soildesk.kit.seen import Seen
from soildesk.land.queries import ground
from soildesk.land.services import parcels, patrols
from soildesk.land.services.writing import Place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's day is the world's."""
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def land(world: Any) -> Any:
    """The county."""
    return land_world.county(world)


def client_of(world: Any, name: str) -> Client:
    """A logged-in browser."""
    return world.browser(name)


def bearer(world: Any, name: str, scope: str = "read") -> dict[str, str]:
    """The headers of somebody's program."""
    made = tokens.create(world.people[name], tokens.NewToken(scope=scope), by=world.actor(name), at=clock.now())
    return {"Authorization": f"Bearer {made[1]}"}


DEEP = 500
"""Deep enough to be no ground, not so deep that the process dies where nobody looks."""
WKT_DEEP = "GEOMETRYCOLLECTION(" * DEEP + "POINT(114 34)" + ")" * DEEP
JSON_DEEP = (
    '{"type":"GeometryCollection","geometries":[' * DEEP + '{"type":"Point","coordinates":[114,34]}' + "]}" * DEEP
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (WKT_DEEP, "套得太深"),
        (JSON_DEEP, "套得太深"),
        ('{"type":"Polygon","coordinates":' + "[" * 9000 + "]" * 9000 + "}", "套得太深"),
        ("CIRCULARSTRING(114 34,115 35,116 34)", "读不出图形"),
        ("LINESTRING(nan 34.7005,115 34.7005)", "不是数"),
        ("POLYGON((114 34,inf 35,115 34,114 34))", "不是数"),
    ],
)
def test_ground_nobody_could_have_drawn_is_refused(world: Any, land: Any, text: str, told: str) -> None:
    """GEOS descends into brackets with the process's own stack, and breaks off at what is no number."""
    client = client_of(world, "officer")
    split = reverse("land:split", args=[land.parcels["a"].parcel.uid])
    asked = {"ground": text, "crs": "", "way": "line", "step": "plan"}
    for address in (reverse("land:ground"), split):
        answer = client.post(address, asked)
        assert answer.status_code == 422
        assert told in answer.content.decode()


def test_what_is_drawn_is_not_read_deeper_than_shapes_go(world: Any) -> None:
    """The map's own measuring reads what a browser sends."""
    answer = client_of(world, "reader").post(reverse("maps:measure"), JSON_DEEP, content_type="application/json")
    assert "套得太深" in answer.json()["refused"]
    big = '{"type":"LineString","coordinates":[' + "[114,34]," * 300_000 + "[1,1]]}"
    answer = client_of(world, "reader").post(reverse("maps:measure"), big, content_type="application/json")
    assert "1 MB" in answer.json()["refused"]


MANY_WORDS = " ".join(f"w{number}" for number in range(1100))


@pytest.mark.parametrize(
    "address",
    ["/kit/r/parcels/?q=", "/kit/r/parcels/?planned=", "/api/v1/parcels?q=", "/tiles/parcels.json?q="],
)
def test_more_words_than_anybody_types_are_in_no_row(world: Any, land: Any, address: str) -> None:
    """Each word is a condition on every field: thousands took minutes and broke the store's parser."""
    if address.startswith(("/api/", "/tiles/")):
        answer = Client().get(address + MANY_WORDS, headers=bearer(world, "officer"))
    else:
        answer = client_of(world, "officer").get(address + MANY_WORDS)
    assert answer.status_code == 200
    assert "DK-A" not in answer.content.decode()


def test_the_public_can_ask_no_more_words(world: Any, land: Any) -> None:
    """What is published is asked without login."""
    assert Client().get("/api/v1/water?q=" + MANY_WORDS).json()["rows"] == []


def test_a_choice_named_a_thousand_times_is_one(world: Any, land: Any) -> None:
    """The chips stand once too."""
    answer = client_of(world, "officer").get("/kit/r/parcels/?" + "&".join(["kind=plot"] * 1000))
    assert answer.content.decode().count('class="chip') < 50
    assert answer.status_code == 200


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-12:00"])
def test_moments_beyond_the_calendar_are_refused_in_words(world: Any, land: Any, moment: str) -> None:
    """Turned into local time they lie before the first day there is, or after the last."""
    items = "/ogc/collections/water/items"
    assert Client().get(f"{items}?datetime={moment}").status_code == 400
    headers = bearer(world, "officer")
    for address in (items, "/ogc/collections/parcels/items", "/api/v1/parcels"):
        assert Client().get(f"{address}?known_on={moment}", headers=headers).status_code == 400


def test_a_base_map_has_no_tile_where_there_is_no_place(world: Any, home: Path, settings: Any) -> None:
    """Numbers as long as an address: no power of two is reckoned with them, and no file is looked for."""
    settings.BASEMAP = "folder"
    (home / "basemap" / "3" / "1").mkdir(parents=True)
    with closing(sqlite3.connect(home / "basemap" / "basemap.mbtiles")) as store:
        store.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
    client = client_of(world, "reader")
    long = "9" * 300
    for z, x, y in (("10000000", "1", "1"), ("3", long, "1"), ("3", "1", long), (long, "1", "1")):
        assert client.get(f"/map/base/{z}/{x}/{y}").status_code == 204


def test_a_name_with_control_characters_is_printed_without_them(world: Any) -> None:
    """XML knows no such characters: the sheet would not be set at all."""
    made = land_world.parcel(world, land_world.square(0, 0), name='厂\x0b区\x01</text><script>"')
    west, south, east, north = made.geometry.bounds
    address = f"/map/sheet?as=pdf&layers=parcels&scale=500&bbox={west},{south},{east},{north}"
    answer = client_of(world, "officer").get(address)
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")


def test_who_patrolled_is_as_personal_on_records_as_in_the_list(world: Any, land: Any) -> None:
    """The list hides the column; neither the histories nor the photographs tell it."""
    person = world.people["town"]
    person.name = "巡查人张三"
    person.save()
    seen = patrols.Seen(found="dumping", on=world.day, note="倾倒")
    photo = patrols.Photo("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20)
    visit = patrols.record(land.unused["sand"], seen, by=world.actor("town"), at=world.at, photos=[photo])
    patrols.close(visit, "已清理", by=world.actor("town"), at=world.at)
    pages = [f"/kit/r/patrols/{visit.uid}", f"/kit/r/unused_land/{land.unused['sand'].land.uid}"]
    histories = [f"/api/v1/patrols/{visit.uid}/history", f"/api/v1/unused_land/{land.unused['sand'].land.uid}/history"]
    for name, is_told in (("officer", True), ("reader", False), ("agriculture", False)):
        for page in pages:
            answer = client_of(world, name).get(page)
            assert answer.status_code == 200
            assert (person.name in answer.content.decode()) is is_told, (name, page)
    for address in histories:
        assert person.name not in Client().get(address, headers=bearer(world, "reader")).content.decode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.geojson", b"["),
        ("b.kml", b'<!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><Placemark><name>&x;</name></Placemark></kml>'),
        ("c.csv", b'WKT,name\n"' + b"GEOMETRYCOLLECTION(" * 100_000 + b'",x\n'),
    ],
)  # fmt: skip
def test_a_file_nobody_can_read_is_told_on_the_page(world: Any, land: Any, name: str, data: bytes) -> None:
    """The page asks about the file all the same: it must not need what only a readable file says."""
    asked = {"into": "parcels", "file": SimpleUploadedFile(name, data)}
    answer = client_of(world, "officer").post(reverse("kit:gis_import"), asked, follow=True)
    assert answer.status_code in {200, 422}
    assert "root:" not in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_a_parcel_is_not_split_into_thousands(world: Any, land: Any) -> None:
    """Each piece is compared with each other: a zigzag line would hold the desk for minutes."""
    west, south, east, north = land.parcels["a"].geometry.bounds
    corners = [
        f"{west + (east - west) * at / 600:.9f} {south - 0.001 if at % 2 else north + 0.001:.6f}" for at in range(601)
    ]
    asked = {"ground": f"LINESTRING({','.join(corners)})", "crs": "", "way": "line", "step": "plan"}
    split = reverse("land:split", args=[land.parcels["a"].parcel.uid])
    answer = client_of(world, "officer").post(split, asked)
    assert answer.status_code == 422
    assert "最多分成 200 块" in answer.content.decode()


def test_what_is_known_is_asked_of_a_ground_and_not_of_a_country(
    world: Any, land: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody who reads could have every parcel of a million brought into memory."""
    monkeypatch.setattr(ground, "MOST_STOOD", 3)
    asked = {"ground": land_world.square(0, 0, 4, 4).wkt, "crs": ""}
    answer = client_of(world, "reader").post(reverse("land:ground"), asked)
    assert answer.status_code == 422
    assert "超过 3 块" in answer.content.decode()


def test_an_address_of_too_many_parameters_is_refused_and_no_fault(world: Any) -> None:
    """The page that says so must not read the address again."""
    client = client_of(world, "reader")
    client.raise_request_exception = False
    assert client.get("/map/?" + "a=1&" * 20_001).status_code == 400


@pytest.mark.store
def test_whose_ground_is_told_where_somebody_may_know_it_and_nowhere_else(world: Any, land: Any) -> None:
    """An officer of another district who reads this one sees holders at home and none here: not by asking either."""
    by = world.actor("stranger")
    home = Place(world.other, world.departments["other_ecology"])
    facts = {"geometry": land_world.square(12, 12), "kind": "plot", "name": "赤岩二号", "holder": "王某"}
    parcels.register(facts, home, since=SINCE, by=by, at=AT)
    RoleGrant.objects.create(person=world.people["stranger"], role=RoleGrant.Role.READER, division=world.district)
    client, token = (
        client_of(world, "stranger"),
        tokens.create(world.people["stranger"], tokens.NewToken(), by=world.actor("stranger"), at=clock.now())[1],
    )

    def told(**params: str) -> dict[str, Any]:
        found = Client().get("/api/v1/parcels", params, headers={"Authorization": f"Bearer {token}"})
        assert found.status_code == 200, found.content.decode()
        return {row["name"]: row["holder"] for row in found.json()["rows"]}

    assert told() == {
        "赤岩一号": "", "赤岩二号": "王某", "原农药厂": None, "粮库": None, "柏庄小学预留地": None, "北侧空地": None,
    }  # fmt: skip
    assert list(told(q="王某")) == []  # the holder is no field of this search
    seen = Seen(collections()["parcels"], world.actor("stranger"), DAY)
    assert (seen.hidden, seen.veiled) == (frozenset(), {"holder"})
    entries = Entries(seen, world.actor("stranger"))
    assert "holder" not in entries.by_key
    for text, names in {
        "holder='王某'": {"赤岩二号"},
        "holder<>'王某'": {"赤岩一号"},
        "holder LIKE '王%'": {"赤岩二号"},
    }.items():
        items = Client().get(
            "/ogc/collections/parcels/items",
            {"filter": text, "f": "json"},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert {each["properties"]["name"] for each in items.json()["features"]} == names, text
    page = client.get(reverse("kit:collection", args=["parcels"]) + "?cols=holder,name").content.decode()
    assert "王某" in page
    assert "青禾农化" not in page
    record = reverse("kit:record", args=["parcels", str(land.parcels["a"].parcel.uid)])
    assert "青禾农化" not in client.get(record).content.decode()


def test_searches_filters_and_orders_read_the_veil(world: Any, land: Any) -> None:
    RoleGrant.objects.create(person=world.people["stranger"], role=RoleGrant.Role.READER, division=world.district)
    asked = replace(
        collections()["parcels"], search=["holder", "name"], default_sort="holder",
        columns=[replace(c, sort="holder") if c.key == "holder" else c for c in collections()["parcels"].columns],
        filters=[TextFilter("holder", "人"), ChoiceFilter("h", "人", field="holder", choices=[("王某", "王某")])],
    )  # fmt: skip
    for query in ("q=王某", "holder=王某", "h=王某"):
        assert Selection(asked, world.actor("stranger"), DAY, QueryDict(query)).filtered().count() == 0, query
        assert Selection(asked, world.actor("officer"), DAY, QueryDict(query)).filtered().count() == 1, query
    assert [str(key) for key in Selection(asked, world.actor("stranger"), DAY).order] == ["veiled_holder", "pk"]


def test_whose_ground_is_hidden_from_somebody_who_may_know_it_nowhere(world: Any, land: Any) -> None:
    assert "holder" in Seen(collections()["parcels"], world.actor("reader"), DAY).hidden
    here = Seen(collections()["parcels"], world.actor("officer"), DAY)
    assert not here.closed
    RoleGrant.objects.create(person=world.people["officer"], role=RoleGrant.Role.READER, division=world.city)
    assert Seen(collections()["parcels"], world.actor("officer"), DAY).veiled == {"holder"}
