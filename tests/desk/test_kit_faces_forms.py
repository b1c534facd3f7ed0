"""Entering, changing, changing many: what it will cause first, nothing lost, the room's own act, one audit entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import faces_world
import land_world
import pytest
import shapely
from django.test import Client

from soildesk.core.models import AuditEntry
from soildesk.kit.register import Register
from soildesk.land.models import ParcelVersion
from soildesk.land.queries import standing

pytestmark = [pytest.mark.django_db, pytest.mark.store]


@pytest.fixture(autouse=True)
def plots(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Register]:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    with faces_world.declared() as made:
        yield made


@pytest.fixture
def ground(world: Any) -> land_world.Land:
    return land_world.county(world)


def browser(world: Any, who: str = "officer") -> Client:
    return world.browser(who)


def key_of(ground: land_world.Land, name: str) -> str:
    return str(ground.parcels[name].parcel.uid)


def asked(client: Client, url: str, **changes: str) -> dict[str, str]:
    """What the form would post as it stands, with changes."""
    form = client.get(url).context["form"]
    data = {name: str(form[name].value() or "") for name in form.fields if name != "_correction"}
    return data | {"_stamp": client.get(url).context["stamp"], "step": "save"} | changes


def now(world: Any, key: str) -> ParcelVersion:
    return standing.parcels(world.actor("officer"), world.day).get(parcel__uid=key)


def test_a_change_is_written_through_the_rooms_act_and_told_in_the_history(world: Any, ground: land_world.Land) -> None:
    client, key = browser(world), key_of(ground, "a")
    url = f"/kit/r/plots/{key}/edit"
    before = AuditEntry.objects.count()
    data = asked(client, url, name="农药厂遗址", area_of_record_m2="1,200.50", _since="2026-06-01", _why="更名批复")
    answer = client.post(url, data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert answer["Location"] == f"/kit/r/plots/{key}"
    assert AuditEntry.objects.count() == before + 1
    assert now(world, key).name == "农药厂遗址"
    page = client.get(answer["Location"]).content.decode()
    assert "data-draft-saved" in page, "the draft of a saved form is cleared"
    for told in ("更名批复", "原农药厂", "农药厂遗址", "1,200.50", "自 2026-06-01 起"):
        assert told in page or told.replace(",", "") in page, told
    assert "data-draft-saved" not in client.get(answer["Location"]).content.decode()
    assert "原农药厂" in client.get(f"/kit/r/plots/{key}?on=2026-05-31").context["record_title"]


def test_what_it_will_cause_is_told_before_and_nothing_is_written(world: Any, ground: land_world.Land) -> None:
    client, key = browser(world), key_of(ground, "a")
    url = f"/kit/r/plots/{key}/edit"
    data = asked(client, url, name="农药厂遗址", _why="更名", step="preview")
    part = client.post(url, data, headers={"HX-Request": "true", "HX-Target": "effect"}).content.decode()
    assert part.lstrip().startswith('<aside id="effect"')
    assert "原农药厂" in part
    assert "2026-11-20 之前仍按原内容计" in part
    forbidden = client.post(url, data | {"name": "禁用名"}, headers={"HX-Target": "effect"}).content.decode()
    assert "不能用：请换一个名称" in forbidden
    assert client.post(url, data | {"name": "禁用名", "step": "save"}).status_code == 422
    unreadable = client.post(url, data | {"area_of_record_m2": "很大"}, headers={"HX-Target": "effect"})
    assert unreadable.status_code == 200, "htmx shows nothing of a page that failed"
    assert "登记面积" in unreadable.content.decode() and "“很大”" in unreadable.content.decode()
    stale = client.post(url, data | {"_stamp": "old"}, headers={"HX-Target": "effect"})
    assert (stale.status_code, "被别人改过" in stale.content.decode()) == (200, True)
    assert now(world, key).name == "原农药厂"


def test_errors_stand_beside_their_box_and_what_was_typed_stays(world: Any, ground: land_world.Land) -> None:
    client, key = browser(world), key_of(ground, "a")
    url = f"/kit/r/plots/{key}/edit"
    answer = client.post(url, asked(client, url, name="", area_of_record_m2="很大", location="振兴路一号", _why=""))
    form = answer.context["form"]
    assert answer.status_code == 422
    assert set(form.errors) == {"name", "area_of_record_m2", "_why"}
    assert "振兴路一号" in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()


def test_somebody_elses_change_meanwhile_is_told_and_nothing_is_lost(world: Any, ground: land_world.Land) -> None:
    client, key = browser(world), key_of(ground, "a")
    url = f"/kit/r/plots/{key}/edit"
    data = asked(client, url, name="我改的名称", _why="更名")
    other = browser(world, "issuer")
    assert other.post(url, asked(other, url, name="他改的名称", _why="更名")).status_code == 302
    answer = client.post(url, data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "他改的名称" in page
    assert "我改的名称" in page
    assert now(world, key).name == "他改的名称"
    again = client.post(url, data | {"_stamp": answer.context["stamp"]})
    assert again.status_code == 302
    assert now(world, key).name == "我改的名称"


def test_no_change_is_no_act(world: Any, ground: land_world.Land) -> None:
    client, key = browser(world), key_of(ground, "b")
    url = f"/kit/r/plots/{key}/edit"
    answer = client.post(url, asked(client, url, _why="没有改"))
    assert answer.status_code == 422
    assert "没有任何改动" in answer.content.decode()


def test_a_correction_counts_from_the_beginning(world: Any, ground: land_world.Land) -> None:
    client, key = browser(world), key_of(ground, "b")
    url = f"/kit/r/plots/{key}/edit"
    assert (
        client.post(url, asked(client, url, name="粮站", _why="录入有误", _correction="on", _since="")).status_code
        == 302
    )
    assert str(now(world, key).since) == "2026-01-05"
    past = client.get(f"/kit/r/plots/{key}?known_on=2026-02-01").context
    assert past["record_title"] == "粮库", "what was known then is what was written then"


@pytest.mark.parametrize(
    ("text", "crs", "refused"),
    [
        ("POLYGON ((114.40 34.70, 114.41 34.70, 114.41 34.71, 114.40 34.70))", "", ""),
        ('{"type":"Polygon","coordinates":[[[114.40,34.70],[114.41,34.70],[114.41,34.71],[114.40,34.70]]]}', "", ""),
        ("J1 114.40 34.70\nJ2 114.41 34.70\nJ3 114.41 34.71", "", ""),
        ("34.70, 114.40\n34.70, 114.41\n34.71, 114.41", "", ""),
        ("3842000, 38536000\n3842000, 38537000\n3843000, 38537000", "EPSG:4526", ""),
        ("3842000, 38536000\n3842000, 38537000\n3843000, 38537000", "", "坐标系"),
        ("114.40 34.70\n114.41", "", "第 2 行"),
        ("J1 114.40 34.70 52.3\nJ2 114.41 34.70 52.1\nJ3 114.41 34.71 51.9", "", "像是高程"),
        ("3842000, 38536000, 52.3\n3842000, 38537000, 52.1\n3843000, 38537000, 52", "EPSG:4526", "像是高程"),
        ("POLYGON ((1 2", "", "像 WKT"),
        ("POINT (114.4 34.7)", "", "图形种类"),
    ],
)  # fmt: skip
def test_ground_is_pasted_in_the_ways_people_have_it(
    world: Any, ground: land_world.Land, text: str, crs: str, refused: str
) -> None:
    client = browser(world)
    data = {"name": "新地块", "kind": "plot", "geometry": text, "_crs": crs, "_since": "2026-11-01", "step": "save"}
    answer = client.post("/kit/r/plots/new", data)
    if refused:
        assert answer.status_code == 422
        assert refused in str(answer.context["form"].errors["geometry"])
        return
    assert answer.status_code == 302, (answer.context["form"].errors, answer.context.get("stopped"))
    made = now(world, answer["Location"].rpartition("/")[2])
    assert shapely.box(114.35, 34.65, 114.45, 34.75).contains(made.geometry)


@pytest.mark.parametrize(
    ("text", "crs", "words"),
    [
        ("34.70, 114.40\n34.70, 114.41\n34.71, 114.41", "", "纬度在前、经度在后"),
        ("3842000, 38536000\n3842000, 38537000\n3843000, 38537000", "EPSG:4526", "北 3842000.00、东 38536000.00"),
        ("114.40 34.70\n114.41 34.70\n114.41 34.71", "", ""),
    ],
)  # fmt: skip
def test_corners_taken_in_the_other_order_are_told_before_they_are_saved(
    world: Any, ground: land_world.Land, text: str, crs: str, words: str
) -> None:
    data = {"name": "新地块", "kind": "plot", "geometry": text, "_crs": crs, "_since": "2026-11-01", "step": "preview"}
    told = browser(world).post("/kit/r/plots/new", data, headers={"HX-Target": "effect"}).content.decode()
    assert (words in told) if words else ("坐标按" not in told)


def test_many_rows_are_changed_all_or_none_with_one_entry_of_the_batch(world: Any, ground: land_world.Land) -> None:
    client = browser(world)
    keys = [key_of(ground, name) for name in "abc"]
    chosen = {"key": keys, "entry": "holder", "value-holder": "区储备中心", "since": "2026-11-01", "why": "收储"}
    page = client.post("/kit/r/plots/bulk", {"key": keys})
    assert page.status_code == 200
    assert page.context["rows"] == 3
    foreseen = client.post("/kit/r/plots/bulk", chosen | {"step": "preview"})
    assert len(foreseen.context["foreseen"].changed) == 3
    assert now(world, keys[0]).holder == "青禾农化有限公司"
    digest = foreseen.context["foreseen"].digest
    wrong = client.post("/kit/r/plots/bulk", chosen | {"step": "do", "digest": "another"})
    assert wrong.status_code == 409
    before = AuditEntry.objects.count()
    assert client.post("/kit/r/plots/bulk", chosen | {"step": "do", "digest": digest}).status_code == 302
    assert {now(world, key).holder for key in keys} == {"区储备中心"}
    entries = AuditEntry.objects.filter(act="kit.bulk.changed")
    assert AuditEntry.objects.count() == before + 4
    assert entries.get().data["count"] == 3
    assert len(entries.get().data["sha256"]) == 64


def test_one_refused_row_of_many_writes_none(world: Any, ground: land_world.Land) -> None:
    client, keys = browser(world), [key_of(ground, name) for name in "abc"]
    chosen = {"key": keys, "entry": "holder", "value-holder": "区储备中心", "since": "2025-01-01", "why": "收储"}
    digest = client.post("/kit/r/plots/bulk", chosen | {"step": "preview"}).context["foreseen"].digest
    before = AuditEntry.objects.count()
    answer = client.post("/kit/r/plots/bulk", chosen | {"step": "do", "digest": digest})
    assert answer.status_code == 422
    assert "所有行都没有写入" in answer.content.decode()
    assert AuditEntry.objects.count() == before


def test_who_may_not_write_is_told_so_and_finds_no_form(world: Any, ground: land_world.Land) -> None:
    client, key = browser(world, "reader"), key_of(ground, "a")
    page = client.get(f"/kit/r/plots/{key}").content.decode()
    assert "登记与变更地块" in page, "the act is shown switched off, with the rule"
    for url in (f"/kit/r/plots/{key}/edit", "/kit/r/plots/new", "/kit/r/plots/template"):
        assert client.get(url).status_code == 403, url
    assert client.post("/kit/r/plots/bulk", {"key": [key]}).status_code == 403
    assert "登记</a>" not in client.get("/kit/r/plots/").content.decode()


def test_a_record_that_does_not_stand_that_day_says_when_it_does(world: Any, ground: land_world.Land) -> None:
    client, key = browser(world), key_of(ground, "a")
    answer = client.get(f"/kit/r/plots/{key}?on=2025-01-01")
    assert answer.status_code == 404
    assert "?on=2026-01-05" in answer.content.decode()
    assert browser(world, "stranger").get(f"/kit/r/plots/{key}?on=2025-01-01").content.decode().count("2026-01-05") == 0
