"""Tiles of a register: the rows of its list and no others, whoever asks, for any day; their address and description."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import land_world
import mapbox_vector_tile
import pytest
import shapely
from django.core.cache import cache
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from exchange_world import Service
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soildesk.core.models import RoleGrant
from soildesk.core.versions import Recording
from soildesk.kit.rows import Selection
from soildesk.kit.seen import Seen, seen
from soildesk.land.models import ParcelVersion, Zone
from soildesk.land.services import layers, parcels, patrols
from soildesk.land.services.writing import Place
from soildesk.maps import tiles
from soildesk.maps.tilegrid import covering
from soildesk.maps.tiles import LEFT_OUT, Tiles

pytestmark = [pytest.mark.store, pytest.mark.usefixtures("db")]
COUNTY = (114.29, 34.69, 114.37, 34.76)
DAY = date(2026, 6, 1)
ZOOMS = (0, 9, 11, 13)
WAYS = [(10_000, 100_000), (2, 100_000), (2, 3)]
"""Most features of a tile and from how many rows on the largest are walked: every way of asking."""


def tiles_of(service: Service, collection: str, who: str | None, query: str = "", **how: Any) -> Tiles:
    actor = service.world.actor(who) if who else None
    found = seen(collection, actor, how.get("on", DAY), how.get("known_on"))
    assert found is not None
    return Tiles(found, QueryDict(query))


def drawn(of: Tiles, z: int) -> Iterator[bytes]:
    """Every tile over the county at a zoom."""
    return (of.tile(z, x, y) for x, y in covering(COUNTY, z))


def features(of: Tiles, z: int = 14) -> list[dict[str, Any]]:
    """The features of the register's own layer."""
    name = of.layer.name
    return [
        feature
        for data in drawn(of, z)
        for feature in mapbox_vector_tile.decode(data).get(name, {"features": []})["features"]
    ]


def keys(of: Tiles, z: int = 14) -> set[str]:
    return {feature["properties"]["key"] for feature in features(of, z)}


def listed(of: Tiles) -> set[str]:
    """What the register's list says to the same address."""
    chosen = Selection(of.seen.declared, of.seen.actor, of.seen.on, of.params, of.seen.known_on)
    return set(chosen.keys())


@contextmanager
def undone() -> Iterator[None]:
    """What happens here is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# ---- rows


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("collection", ["parcels", "unused_land", "water", "planning", "red_line"])
def test_near_by_the_tiles_hold_the_rows_of_the_list(
    service: Service, monkeypatch: pytest.MonkeyPatch, collection: str, way: tuple[int, int]
) -> None:
    monkeypatch.setattr(tiles, "MOST", max(way[0], 100))
    monkeypatch.setattr(tiles, "MANY", way[1])
    of = tiles_of(service, collection, "officer")
    assert keys(of) == listed(of) != set()
    assert keys(of, 15) == listed(of)


@pytest.mark.parametrize(
    "query", ["kind=plot", "kind=lot", "kind=nonsense", "size=x", "use=guide2023:10", "q=粮库", "q=DK-A&size=l", "planned=07",
              "bbox=114.29,34.69,114.301,34.701", "bbox=10,10,11,11"],
)  # fmt: skip
def test_filters_give_the_rows_of_the_list(service: Service, query: str) -> None:
    of = tiles_of(service, "parcels", "officer", query)
    assert keys(of) == listed(of)


def test_some_filter_takes_some_rows_and_leaves_others(service: Service) -> None:
    assert len(keys(tiles_of(service, "parcels", "officer", "q=粮库"))) == 1


def test_what_a_feature_says(service: Service) -> None:
    """Far away its class alone; near by its key, title and area too, and always its number."""
    version = service.land.parcels["a"]
    near = next(each for each in features(tiles_of(service, "parcels", "officer")) if each["id"] == version.pk)
    said = {"key": str(version.parcel.uid), "title": "原农药厂", "class": "guide2023:10", "area_m2": version.area_m2}
    assert near["properties"] == said
    far = next(each for each in features(tiles_of(service, "parcels", "officer"), 11) if each["id"] == version.pk)
    assert far["properties"] == {"class": "guide2023:10"}


def test_a_hidden_column_is_in_no_tile(service: Service) -> None:
    declared = seen("parcels", service.world.actor("officer"), DAY).declared  # type: ignore[union-attr]
    telling = replace(declared, ground=replace(declared.ground, title="holder", class_field="holder"))
    params = QueryDict()
    whole = Tiles(Seen(telling, service.world.actor("officer"), DAY), params)
    assert {"title", "class"} <= set(whole.properties(14))
    assert "王某".encode() in b"".join(drawn(whole, 14))
    part = Tiles(Seen(telling, service.world.actor("reader"), DAY), params)
    assert set(part.properties(14)) == {"key", "area_m2"}
    assert "王某".encode() not in b"".join(drawn(part, 14))


# ---- days


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(offset=st.integers(-400, 400))
def test_tiles_of_a_day_hold_the_rows_of_that_day(service: Service, offset: int) -> None:
    day = date(2026, 5, 1) + timedelta(days=offset)
    with undone():
        change_with_time(service)
        for collection in ("parcels", "red_line"):
            of = tiles_of(service, collection, "officer", on=day)
            assert keys(of) == listed(of)


def change_with_time(service: Service) -> None:
    """One parcel ends, one begins, one moves; a layer gets a new edition."""
    world, land = service.world, service.land
    said = Recording(world.actor("officer"), datetime(2026, 8, 2, 2, tzinfo=UTC), "复核")
    parcels.end(land.parcels["b"], on=date(2026, 4, 1), recording=said)
    land_world.parcel(world, land_world.square(1, 0), since=date(2026, 4, 1), at=said.at, name="粮库二期")
    parcels.change(land.parcels["d"], {"geometry": land_world.square(0, 2)}, since=date(2026, 5, 1), recording=said)
    zone = {"code": "H9", "name": "新红线", "geometry": land_world.square(3, 3)}
    land_world.edition(world, land.layers["red_line"], [zone], since=date(2026, 3, 1), at=said.at)


def test_a_day_before_and_after(service: Service) -> None:
    with undone():
        change_with_time(service)

        def titles(day: date, known_on: datetime | None = None) -> set[str]:
            of = tiles_of(service, "parcels", "officer", on=day, known_on=known_on)
            return {each["properties"]["title"] for each in features(of)}

        before, after = titles(date(2026, 3, 31)), titles(date(2026, 4, 1))
        assert before - after == {"粮库"}
        assert after - before == {"粮库二期"}
        assert titles(date(2026, 4, 1), known_on=datetime(2026, 7, 1, tzinfo=UTC)) == before


# ---- what may not be seen


def hide_more(service: Service, who: str | None) -> None:
    """Rows beside, under and over those of the county that this asker does not see on the day."""
    world, land = service.world, service.land
    officer, stranger = world.actor("officer"), world.actor("stranger")
    at = land_world.AT
    other = Place(world.other, world.departments["other_ecology"])
    if who != "stranger":
        for north in range(3):
            facts = {"geometry": land_world.square(0.5, north, 4), "kind": "plot", "name": "绝密"}
            parcels.register(facts, other, since=land_world.SINCE, by=stranger, at=at)
    if who in {None, "stranger"}:
        land_world.parcel(world, land_world.square(20, 20), name="绝密")
        land_world.edition(world, land.layers["red_line"], [{"code": "绝密", "geometry": land_world.square(0, 5)}], since=date(2026, 2, 1))  # fmt: skip
    loading = layers.start_edition(land.layers["water"], layers.EditionFacts(date(2026, 2, 1)), by=officer, at=at)
    layers.add_zones(
        loading, [{"code": "绝密", "name": "绝密", "geometry": land_world.square(n, 0, 3)} for n in range(3)]
    )
    later = land_world.parcel(world, land_world.square(0, 3), since=DAY + timedelta(days=1), name="绝密")
    gone = land_world.parcel(world, land_world.square(1, 3, 5), name="绝密")
    ParcelVersion.objects.filter(pk=gone.pk).update(superseded_at=at)
    ParcelVersion.objects.exclude(pk__in=[later.pk, gone.pk]).update(location="绝密")
    Zone.objects.exclude(edition=loading).update(attributes={"级别": "绝密"})


ASKERS = [
    (None, "water"), ("stranger", "parcels"), ("reader", "parcels"), ("officer", "parcels"), ("officer", "water"),
    ("officer", "red_line"),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_an_unseen_row_changes_no_byte(service: Service, monkeypatch: pytest.MonkeyPatch, way: tuple[int, int]) -> None:
    monkeypatch.setattr(tiles, "MOST", way[0])
    monkeypatch.setattr(tiles, "MANY", way[1])

    def everything() -> dict[Any, Any]:
        cache.clear()
        found: dict[Any, Any] = {}
        for who, collection in ASKERS:
            of = tiles_of(service, collection, who)
            found[who, collection] = [data for z in ZOOMS for data in drawn(of, z)], of.bounds()
        return found

    before = everything()
    with undone():
        for who in {who for who, _collection in ASKERS} - {"officer"}:
            with undone():
                hide_more(service, who)
                after = everything()
                for asked in (
                    each for each in ASKERS if each[0] in {who, "officer"} and each != ("officer", "red_line")
                ):
                    if asked[0] == who or who == "reader":
                        assert after[asked] == before[asked], asked
    assert b"".join(before["officer", "parcels"][0])


def test_a_way_of_asking_changes_no_byte(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "MOST", 2)
    found = []
    for many in (3, 100):
        monkeypatch.setattr(tiles, "MANY", many)
        found.append([data for z in ZOOMS for data in drawn(tiles_of(service, "parcels", "officer"), z)])
    assert found[0] == found[1]


# ---- from far away


def left_out(of: Tiles, z: int) -> list[dict[str, Any]]:
    told = [mapbox_vector_tile.decode(data).get(LEFT_OUT) for data in drawn(of, z)]
    return [each["features"][0]["properties"] for each in told if each]


@pytest.mark.parametrize("many", [3, 100])
def test_the_largest_are_kept_and_the_tile_says_so(
    service: Service, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(tiles, "MANY", many)
    of = tiles_of(service, "parcels", "officer")
    with undone():
        made = {
            width: land_world.parcel(service.world, land_world.square(0, 3 + north, width))
            for north, width in enumerate((3, 1.5, 6, 2, 4.5))
        }
        assert left_out(of, 10) == []
        for most in range(1, 6):
            monkeypatch.setattr(tiles, "MOST", most)
            largest = {made[width].pk for width in sorted(made)[-most:]}
            assert {each["id"] for each in features(of, 10)} == largest
            assert left_out(of, 10) == [{"drawn": most, "too_small": 0, "more": True}]


def test_what_is_too_small_to_draw_is_told(service: Service) -> None:
    """At zoom 0 a field is nothing; the tile is not silent about it."""
    assert left_out(tiles_of(service, "parcels", "officer"), 0) == [{"drawn": 0, "too_small": 4, "more": False}]


def test_an_empty_place_says_nothing(service: Service) -> None:
    assert tiles_of(service, "parcels", "officer").tile(14, 0, 0) == b""


def test_points_are_thinned_by_their_number(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "MOST", 3)
    with undone():
        town = service.world.actor("town")
        sand = service.land.unused["sand"]
        for north in (0.1, 0.3, 0.5, 0.7, 0.9):
            seen_there = patrols.Seen("nothing", DAY, point=land_world.square(4.5, north).centroid)
            patrols.record(sand, seen_there, by=town, at=datetime(2026, 6, 1, 2, tzinfo=UTC))
        of = tiles_of(service, "patrols", "officer", on=date(2026, 6, 2))
        found = features(of, 11)
        assert len(found) == 3
        assert left_out(of, 11) == [{"drawn": 3, "too_small": 0, "more": True}]
        assert [each["id"] for each in features(of, 9)] == [each["id"] for each in found]


# ---- the address


def place(z: int) -> str:
    x, y = next(covering(service_bounds(), z))
    return f"{z}/{x}/{y}"


def service_bounds() -> tuple[float, float, float, float]:
    return land_world.square(0.2, 0.2, 0.1, 0.1).bounds


def test_an_answer_and_its_name(service: Service) -> None:
    address = f"/tiles/parcels/{place(14)}.mvt"
    answer = service.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/vnd.mapbox-vector-tile")
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}
    headers = {"Authorization": f"Bearer {service.secrets['officer']}"}
    packed = Client().get(address, headers={**headers, "Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == answer.content
    assert packed["ETag"] == answer["ETag"]
    again = Client().get(address, headers={**headers, "If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().head(address, headers=headers).content == b""
    assert Client().post(address, headers=headers).status_code in {403, 405}


def test_who_lost_the_right_gets_no_304(service: Service) -> None:
    address = f"/tiles/parcels/{place(14)}.mvt"
    name = service.get(address)["ETag"]
    with undone():
        RoleGrant.objects.filter(person=service.world.people["officer"]).delete()
        headers = {"Authorization": f"Bearer {service.secrets['officer']}", "If-None-Match": name}
        assert Client().get(address, headers=headers).status_code == 404


def test_a_session_sees_the_tiles(service: Service) -> None:
    client = Client()
    client.force_login(service.world.people["officer"], "django.contrib.auth.backends.ModelBackend")
    assert (
        client.get(f"/tiles/parcels/{place(14)}.mvt").content == service.get(f"/tiles/parcels/{place(14)}.mvt").content
    )


@pytest.mark.parametrize("end", [".json", "/0/0/0.mvt"])
def test_without_a_token_only_what_is_public_answers(service: Service, end: str) -> None:
    assert service.public("/tiles/water" + end).status_code == 200
    refused = [service.public(f"/tiles/{name}{end}") for name in ("red_line", "nothing")]
    assert [each.status_code for each in refused] == [404, 404]
    told = [
        each.content.decode().replace(name, "") for each, name in zip(refused, ("red_line", "nothing"), strict=True)
    ]
    assert told[0] == told[1]
    assert service.get(f"/tiles/parcels{end}", "stranger").status_code == 200
    assert service.get(f"/tiles/red_line{end}", "stranger").status_code == 404


@pytest.mark.parametrize(
    ("address", "status", "word"),
    [
        ("parcels/23/0/0.mvt", 404, "22"),
        ("parcels/999999999999999999999/0/0.mvt", 404, "22"),
        ("parcels/3/8/0.mvt", 404, "7"),
        ("parcels/3/0/8.mvt", 404, "7"),
        ("parcels/3/0/0.mvt?on=yesterday", 400, "yesterday"),
        ("parcels/3/0/0.mvt?known_on=1", 400, "known_on"),
        ("parcels/3/0/0.mvt?kindd=lot", 400, "kind"),
        ("parcels/3/0/0.mvt?bbox=1,2", 400, "1,2"),
        ("parcels.json?on=2026-13-01", 400, "2026-13-01"),
    ],
)
def test_what_cannot_be_answered_is_told(service: Service, address: str, status: int, word: str) -> None:
    answer = service.get("/tiles/" + address)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert word in answer.json()["detail"]


def test_the_public_asks_of_now(service: Service) -> None:
    assert service.public("/tiles/water/0/0/0.mvt", known_on="2026-06-01").status_code == 400


def test_the_description(service: Service) -> None:
    told = service.get("/tiles/parcels.json", on="2026-06-01", kind="plot").json()
    assert (told["tilejson"], told["minzoom"], told["maxzoom"]) == ("3.0.0", 0, 15)
    assert told["tiles"] == ["http://testserver/tiles/parcels/{z}/{x}/{y}.mvt?on=2026-06-01&kind=plot"]
    assert [each["id"] for each in told["vector_layers"]] == ["parcels", LEFT_OUT]
    assert set(told["vector_layers"][0]["fields"]) == {"key", "title", "class", "area_m2"}
    west, south, east, north = shapely.union_all([service.land.parcels[name].geometry for name in "abcd"]).bounds
    assert told["bounds"] == pytest.approx([west, south, east, north], abs=1e-4)
    assert told["bounds"][0] <= west
    assert told["bounds"][3] >= north
    assert "bounds" not in service.get("/tiles/parcels.json", q="无此地块").json()
    assert set(service.public("/tiles/water.json").json()["vector_layers"][0]["fields"]) == {"key", "title", "class", "area_m2"}  # fmt: skip
