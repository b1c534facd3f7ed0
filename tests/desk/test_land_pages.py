"""The pages of land that kit cannot make: what an act comes to is shown before it is done; layers, patrols, ground."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from land_world import county, square

from soildesk.land.models import LineageEvent, Parcel, Patrol

pytestmark = pytest.mark.django_db
TODAY = "2026-11-20"
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 40


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


def line(*points: tuple[float, float]) -> str:
    """A cutting line as text, from places of the grid."""
    corners = [square(east, north).bounds[:2] for east, north in points]
    return "\n".join(f"{x}, {y}" for x, y in corners)


def test_the_record_of_unused_land_names_its_keeper_once(world: Any, land: Any) -> None:
    address = reverse("kit:record", args=["unused_land", str(land.unused["sand"].land.uid)])
    page = client_of(world, "officer").get(address).content.decode()
    assert page.count("<dt>管护单位</dt>") == 1, page.count("管护单位")
    assert page.count("管护单位") == 1


def test_every_page_opens_for_the_officer(world: Any, land: Any) -> None:
    client = client_of(world, "officer")
    a, sand = land.parcels["a"].parcel.uid, land.unused["sand"].land.uid
    addresses = [
        reverse("kit:collection", args=["parcels"]),
        reverse("kit:collection", args=["unused_land"]),
        reverse("kit:collection", args=["patrols"]),
        reverse("kit:collection", args=["water"]),
        reverse("kit:record", args=["parcels", str(a)]),
        reverse("kit:record", args=["unused_land", str(sand)]),
        reverse("land:split", args=[a]),
        f"{reverse('land:merge')}?parcel={a}",
        f"{reverse('land:boundary')}?parcel={a}",
        reverse("land:code", args=[a]),
        reverse("land:end_parcel", args=[a]),
        reverse("land:end_unused", args=[sand]),
        reverse("land:layers"),
        reverse("land:layer_new"),
        reverse("land:layer", args=["planning"]),
        reverse("land:layer_describe", args=["planning"]),
        reverse("land:ground"),
        f"{reverse('land:ground')}?parcel={a}",
        reverse("land:patrol"),
        reverse("land:patrol_of", args=[sand]),
    ]
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_a_stranger_meets_no_record_and_no_act(world: Any, land: Any) -> None:
    client = client_of(world, "stranger")
    a, sand = land.parcels["a"].parcel.uid, land.unused["sand"].land.uid
    for address in (
        reverse("kit:record", args=["parcels", str(a)]),
        reverse("land:split", args=[a]),
        reverse("land:end_parcel", args=[a]),
        f"{reverse('land:merge')}?parcel={a}",
        f"{reverse('land:ground')}?parcel={a}",
        reverse("land:layer", args=["water"]),
        reverse("land:end_unused", args=[sand]),
    ):
        assert client.get(address).status_code == 404, address
    assert client.get(reverse("land:patrol_of", args=[sand])).status_code in {403, 404}
    assert "示例饮用水" not in client.get(reverse("land:layers")).content.decode()
    assert Client().get(reverse("land:layers")).status_code == 302
    reader = client_of(world, "reader")
    assert reader.get(reverse("land:split", args=[a])).status_code == 403
    assert "王某" not in reader.get(reverse("kit:collection", args=["parcels"])).content.decode()


def test_a_split_is_shown_with_areas_and_then_done(world: Any, land: Any) -> None:
    client, a = client_of(world, "officer"), land.parcels["a"]
    address = reverse("land:split", args=[a.parcel.uid])
    said = {
        "way": "line",
        "ground": line((0.5, -0.5), (0.5, 1.5)),
        "on": "2026-06-01",
        "reason": "供地",
        "step": "preview",
    }
    page = client.post(address, said)
    shown = page.content.decode()
    assert page.status_code == 200
    assert [round(area) for _at, area, _name, _code in page.context["rows"]] == [round(a.area_m2 / 2)] * 2
    assert "land-sketch" in shown and "原农药厂-1" in shown
    drawn = re.findall(r'<path class="(tint|before)[^"]*" d="M[\d.]+ [\d.]+L', shown)
    assert drawn == ["tint", "tint", "before"], "both pieces and what stood, a shape of several parts, are drawn"
    assert not LineageEvent.objects.exists()
    done = client.post(address, {**said, "step": "save", "name-2": "东块", "code-2": "DK-A2"})
    assert done.status_code == 302
    assert LineageEvent.objects.get().links.count() == 2
    record = client.get(done["Location"]).content.decode()
    assert "这块地从哪里来" in record and a.parcel.number in record
    assert client.get(reverse("kit:record", args=["parcels", str(a.parcel.uid)])).status_code == 404
    before = client.get(reverse("kit:record", args=["parcels", str(a.parcel.uid)]) + "?on=2026-05-31").content.decode()
    assert "后来成了什么" in before


def test_what_a_split_lacks_is_said(world: Any, land: Any) -> None:
    client, a = client_of(world, "officer"), land.parcels["a"]
    address = reverse("land:split", args=[a.parcel.uid])
    short = {
        "way": "line",
        "ground": line((0.5, 0.5), (0.5, 1.5)),
        "on": "2026-06-01",
        "reason": "供地",
        "step": "save",
    }
    for said, words in (
        (short, "切割线没有把地块切开"),
        ({**short, "ground": ""}, "请画切割线"),
        ({**short, "ground": "甲乙丙"}, "不是一个拐点"),
        ({**short, "ground": "POINT (114 34)"}, "分割要一条切割线"),
        ({**short, "way": "polygon", "ground": square(0, 0, 0.5).wkt}, "分割至少要有两块"),
    ):
        page = client.post(address, said)
        assert page.status_code == 422
        assert words in page.content.decode()
    assert not LineageEvent.objects.exists()


def test_a_file_brings_the_pieces(world: Any, land: Any) -> None:
    client, a = client_of(world, "officer"), land.parcels["a"]
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)}
        for shape in (square(0, 0, 0.4), square(0.4, 0, 0.6))
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    page = client.post(
        reverse("land:split", args=[a.parcel.uid]),
        {"way": "polygon", "step": "preview", "on": "2026-06-01", "file": SimpleUploadedFile("分块.geojson", data)},
    )
    assert [round(area / a.area_m2, 2) for _at, area, _name, _code in page.context["rows"]] == [0.4, 0.6]
    assert "MULTIPOLYGON" in page.content.decode()  # what was read stays in the box for saving


def test_merging_and_moving_a_boundary(world: Any, land: Any) -> None:
    client = client_of(world, "officer")
    a, b, c = (land.parcels[name].parcel.uid for name in "abc")
    page = client.get(f"{reverse('land:merge')}?parcel={b}")
    assert [one.parcel.uid for one in page.context["beside"]] == [a, c]
    paper = {"on": "2026-06-01", "reason": "整合", "document": "青政土〔2026〕3号"}
    preview = client.post(reverse("land:merge"), {"parcel": [a, b], "step": "preview", **paper})
    assert preview.context["plan"].fits
    moved = {
        "parcel": [a, b], "step": "preview", **paper,
        f"ground-{a}": square(0, 0, 1.5).wkt, f"ground-{b}": square(1.5, 0, 0.5).wkt,
    }  # fmt: skip
    preview = client.post(reverse("land:boundary"), moved)
    assert [round(area) for _v, area, *_rest in preview.context["areas"]] == [59824, 19941]
    assert client.post(reverse("land:boundary"), {**moved, f"ground-{b}": ""}).status_code == 200  # only shown
    refused = client.post(reverse("land:boundary"), {**moved, f"ground-{b}": "", "step": "save"})
    assert refused.status_code == 422 and "重叠" in refused.content.decode()
    assert client.post(reverse("land:boundary"), {**moved, "step": "save"}).status_code == 302
    later = {"parcel": [a, b], "step": "save", **paper, "on": "2026-07-01", "name": "合并地块"}
    assert client.post(reverse("land:merge"), later).status_code == 302
    assert LineageEvent.objects.count() == 2
    assert Parcel.objects.count() == 6


def test_a_layer_is_made_described_and_published(world: Any, land: Any) -> None:
    client, issuer = client_of(world, "officer"), client_of(world, "issuer")
    made = client.post(reverse("land:layer_new"), {"title": "化工园区", "code": "parks", "kind": "park"})
    assert made.status_code == 302
    assert "还没有版本" in client.get(reverse("land:layer", args=["parks"])).content.decode()
    assert client.post(reverse("land:layer_new"), {"title": "x", "code": "parks", "kind": "park"}).status_code == 422
    edition = land.layers["red_line"].editions.get()
    address = reverse("land:layer_publish", args=["red_line", edition.pk])
    assert client.post(address).status_code == 403
    assert issuer.post(address).status_code == 302
    edition.refresh_from_db()
    assert edition.published_at
    issuer.post(address, {"why": ""})
    edition.refresh_from_db()
    assert edition.published_at
    issuer.post(address, {"why": "更正"})
    edition.refresh_from_db()
    assert edition.published_at is None


def test_the_ground_page_answers_for_a_shape(world: Any, land: Any) -> None:
    client = client_of(world, "officer")
    page = client.post(reverse("land:ground"), {"ground": square(0, 0, 1, 2).wkt})
    shown = page.content.decode()
    assert page.status_code == 200
    assert "1001 工业用地" in shown and "没有记录，不等于没有" in shown
    assert client.post(reverse("land:ground"), {"ground": ""}).status_code == 200
    assert client.post(reverse("land:ground"), {"ground": "POINT (114 34)"}).status_code == 422


def test_a_patrol_in_the_field(world: Any, land: Any) -> None:
    client, sand = client_of(world, "town"), land.unused["sand"]
    choose = client.get(reverse("land:patrol"), {"longitude": "114.3095", "latitude": "34.701"})
    assert [card["name"] for card in choose.context["cards"]] == ["东河滩地", "北洼盐碱地"]
    address = reverse("land:patrol_of", args=[sand.land.uid])
    said = {"found": "dumping", "on": TODAY, "note": "", "longitude": "114.3095", "latitude": "34.7008"}
    refused = client.post(address, said)
    assert refused.status_code == 422 and "请写明情况" in refused.content.decode()
    done = client.post(address, {**said, "note": "建筑垃圾", "photo-east": SimpleUploadedFile("e.jpg", JPEG)})
    assert done.status_code == 302
    visit = Patrol.objects.get()
    assert visit.point.x == pytest.approx(114.3095)
    record = client.get(done["Location"]).content.decode()
    assert "e.jpg" in record and "未办结" in record
    closed = client.post(reverse("land:close_patrol", args=[visit.uid]), {"action": "已清运", "on": TODAY})
    assert closed.status_code == 302
    visit.refresh_from_db()
    assert str(visit.closed_on) == TODAY


def test_small_acts_and_the_search(world: Any, land: Any) -> None:
    client, b = client_of(world, "officer"), land.parcels["b"]
    said = {"scheme": "供地编号", "code": "GD-2026-017"}
    assert client.post(reverse("land:code", args=[b.parcel.uid]), said).status_code == 302
    assert client.post(reverse("land:code", args=[b.parcel.uid]), said).status_code == 422
    for text in ("GD-2026-017", b.parcel.number, "粮库"):
        assert (
            reverse("kit:record", args=["parcels", str(b.parcel.uid)])
            in client.get(reverse("home:search"), {"q": text}).content.decode()
        )
    assert reverse("land:layer", args=["water"]) in client.get(reverse("home:search"), {"q": "水源"}).content.decode()
    ended = client.post(reverse("land:end_parcel", args=[b.parcel.uid]), {"on": TODAY, "reason": "重复登记"})
    assert ended.status_code == 302
    sand = land.unused["sand"].land.uid
    assert client.post(reverse("land:end_unused", args=[sand]), {"on": TODAY, "reason": "已开垦"}).status_code == 302


@pytest.mark.parametrize(("name", "where"), [("town", "②"), ("officer", "③")])
def test_late_patrols_stand_on_the_first_page(world: Any, land: Any, name: str, where: str) -> None:
    page = client_of(world, name).get(reverse("home:today"))
    group = next(one for one in page.context["groups"] if one.number == where)
    (short,) = [one for one in group.shorts if "巡查" in one.title]
    assert [(line.late, "东河滩地" in line.what) for line in short.lines] == [(True, True)]
    rows = client_of(world, name).get(short.url).content.decode()
    assert "东河滩地" in rows and "北洼盐碱地" not in rows


def test_a_parcel_is_entered_changed_and_told_by_the_pages_of_kit(world: Any, land: Any) -> None:
    client = client_of(world, "officer")
    said = {
        "code": "DK-N", "name": "新地块", "kind": "plot", "use_system": "guide2023", "use_now": "工业用地",
        "geometry": square(6, 6).wkt, "area_of_record_m2": "12000", "_since": "2026-03-01", "_why": "补登",
    }  # fmt: skip
    form = client.get(reverse("kit:collection_add", args=["parcels"])).context["form"]
    names = {box.name for box in form}
    assert {"code", "town", "use_now", "geometry"} <= names
    since, why = (next(name for name in names if word in name) for word in ("since", "why"))
    said |= {since: "2026-03-01", why: "补登"}
    taken = client.post(reverse("kit:collection_add", args=["parcels"]), {**said, "code": "DK-A"})
    assert taken.status_code == 422 and "外部代码“DK-A”已由" in taken.content.decode()
    done = client.post(reverse("kit:collection_add", args=["parcels"]), said)
    assert done.status_code == 302, done.content.decode()[-3000:]
    made = Parcel.objects.latest("pk")
    record = client.get(reverse("kit:record", args=["parcels", str(made.uid)])).content.decode()
    assert "1001 工业用地" in record and "补登" in record
    assert "面积不符" in record and "12000.00" in record
    stranger = client_of(world, "stranger")
    assert stranger.get(reverse("kit:collection_edit", args=["parcels", str(made.uid)])).status_code == 404
    assert client_of(world, "reader").get(reverse("kit:collection_add", args=["parcels"])).status_code == 403
    assert client.get(reverse("kit:collection_template", args=["unused_land"])).status_code == 200
