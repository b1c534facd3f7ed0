"""The gate through REST: asked by a token, kept, read again by those who may see it, and by nobody else."""

from __future__ import annotations

import base64
import json
from datetime import date, timedelta
from typing import Any

import pytest
import shapely
from django.test import Client

from desk.exchange_world import secret_of
from desk.land_world import parcel, square
from desk.plot_world import Plots
from soildesk.cli import main
from soildesk.core import clock
from soildesk.core.models import AuditEntry
from soildesk.decisions.models import GateQuery, ProvinceQuery

pytestmark = [pytest.mark.store, pytest.mark.django_db]
CHECKS = "/api/v1/gate/checks"
DAY = "2026-11-20"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x06\0\0\0\x1f\x15\xc4\x89"


def ground(shape: Any) -> dict[str, Any]:
    """A shape as GeoJSON."""
    return json.loads(shapely.to_geojson(shape))


def body(**more: Any) -> dict[str, Any]:
    """A question of half a square."""
    return {
        "ground": ground(square(0, 0, 0.5)),
        "act": "供地",
        "use": "0701",
        "use_scheme": "guide2023",
        "on": DAY,
        **more,
    }


def posted(world: Any, said: Any, who: str | None = "officer", scope: str = "write", **headers: str) -> Any:
    """The answer to a question."""
    if who:
        headers["Authorization"] = f"Bearer {secret_of(world, who, scope)}"
    text = said if isinstance(said, str) else json.dumps(said)
    return Client().post(CHECKS, data=text, content_type="application/json", headers=headers)


def got(world: Any, address: str, who: str | None = "officer", **params: Any) -> Any:
    """What is answered of an address."""
    headers = {"Authorization": f"Bearer {secret_of(world, who)}"} if who else {}
    return Client().get(address, params or None, headers=headers)


def refused(answer: Any, status: int, entry: str = "") -> dict[str, Any]:
    """The problem, and whether it names the entry."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content.decode()
    told: dict[str, Any] = answer.json()
    if entry:
        assert entry in [one["entry"] for one in told["errors"]], told
    assert not GateQuery.objects.exists()
    return told


def test_a_question_is_answered_kept_and_found_at_its_address(world: Any, tmp_path: Any, capsys: Any) -> None:
    made = Plots(world)
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S2")
    answer = posted(world, body(project="青禾花园"))
    assert answer.status_code == 201, answer.content.decode()
    told = answer.json()
    held = GateQuery.objects.get()
    assert (told["decision"], told["number"], told["on"]) == ("blocked", held.number, DAY)
    assert told["url"] == answer["Location"] == f"http://testserver{CHECKS}/{held.uid}"
    for address in (told["url"], f"{CHECKS}/{held.number}"):
        assert got(world, address).json() == told
    assert AuditEntry.objects.filter(act="decisions.gate.asked", subject_uid=held.uid).count() == 1
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(ground(square(0, 0, 0.5))), encoding="utf-8")
    words = ["--geometry", path, "--act", "供地", "--use", "0701", "--use-scheme", "guide2023", "--on", DAY, "--json"]
    assert main(["gate", "check", "--as", "officer", *map(str, words)]) == 0
    by_command = json.loads(capsys.readouterr().out)
    assert {key: told[key] for key in ("decision", "checks")} == {
        key: by_command[key] for key in ("decision", "checks")
    }
    assert set(by_command) == {"decision", "number", "checks"}


def test_english_is_answered_to_those_who_ask_in_english(world: Any) -> None:
    told = posted(world, body(), **{"Accept-Language": "en"}).json()
    assert all(one["title"].isascii() for one in told["checks"])


def test_the_list_has_pages_filters_and_addresses(world: Any) -> None:
    for act in ("供地", "收储", "供地"):
        posted(world, body(act=act))
    page = got(world, CHECKS, limit=2).json()
    assert (len(page["rows"]), page["matched"]) == (2, 3)
    rest = got(world, page["next"]).json()["rows"]
    assert [one["number"] for one in [*page["rows"], *rest]] == [
        one.number for one in GateQuery.objects.order_by("-number")
    ]
    assert got(world, rest[0]["url"]).json()["number"] == rest[0]["number"]
    assert got(world, CHECKS, act="收储").json()["matched"] == 1
    assert got(world, CHECKS, nope="1").json()["code"] == "exchange.unknown_parameter"


def test_another_office_sees_nothing_of_it_and_may_ask_nothing_here(world: Any) -> None:
    held = parcel(world, square(2, 2), code="990101100001GB00001")
    by_code = {**body(), "ground": None, "parcel": held.code}
    refused(posted(world, by_code, "stranger"), 422, "parcel")
    told = posted(world, body()).json()
    for who, status in (("stranger", 404), (None, 401), ("admin", 403)):
        for address in (told["url"], f"{CHECKS}/{told['number']}"):
            answer = got(world, address, who)
            assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), who
            assert told["number"] not in answer.content.decode() or told["number"] in address
    assert got(world, CHECKS, "stranger").json()["matched"] == 0
    assert got(world, CHECKS, None).status_code == 401


def test_who_may_not_ask_is_told_so(world: Any) -> None:
    assert refused(posted(world, body(), "reader"), 403)["code"] == "core.not_allowed"
    assert refused(posted(world, body(), scope="read"), 403)["code"] == "core.token.scope"
    assert refused(posted(world, body(), None), 401)["code"] == "exchange.token"
    logged_in = Client()
    logged_in.force_login(world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    answer = logged_in.post(CHECKS, data=json.dumps(body()), content_type="application/json")
    assert refused(answer, 401)["code"] == "exchange.token", "any page of the web could send a session's cookie"


BOW_TIE = {"type": "Polygon", "coordinates": [[[114.4, 34.8], [114.41, 34.81], [114.41, 34.8], [114.4, 34.81], [114.4, 34.8]]]}  # fmt: skip
METRES = {"type": "Polygon", "coordinates": [[[537000.0, 3850000.0], [537100.0, 3850000.0], [537100.0, 3850100.0], [537000.0, 3850000.0]]]}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "entry", "word"),
    [
        ({"act": "卖地"}, "act", "供地"),
        ({"use": ""}, "use", "0701"),
        ({"use": " / "}, "use", "0701"),
        ({"use": "0" * 81}, "use", "80"),
        ({"use_scheme": "guide1999"}, "use_scheme", "guide2023"),
        ({"current_scheme": "x"}, "current_scheme", "guide2023"),
        ({"plan_state": "soon"}, "plan_state", "supply_approved"),
        ({"transfer": "soon"}, "transfer", "to_come"),
        ({"on": "1890-01-01"}, "on", "1990"),
        ({"recalled_on": "1800-01-01"}, "recalled_on", "1900-01-01"),
        ({"recalled_on": "2036-01-01"}, "recalled_on", "将要收回"),
        ({"project": "长" * 161}, "project", "160"),
        ({"project": "a\0b"}, "project", "控制字符"),
        ({"document": "\ud800"}, "document", "控制字符"),
        ({"ground": None}, "ground", "parcel"),
        ({"parcel": "990101"}, "ground", "两者给一个"),
        ({"ground": None, "parcel": "没有的"}, "parcel", "没有的"),
        ({"ground": {"type": "Point", "coordinates": [114.4, 34.8]}}, "ground", "应为面"),
        ({"ground": BOW_TIE}, "ground", "自相交"),
        ({"ground": METRES}, "ground", "坐标系"),
        ({"ground": METRES, "crs": "EPSG:1"}, "ground", "EPSG:1"),
        ({"ground": {"type": "Polygon", "coordinates": []}}, "ground", "没有任何坐标"),
        ({"ground": {"type": "FeatureCollection", "features": []}}, "ground", "0 个图形"),
        ({"ground": {"type": "Nothing"}}, "ground", "GeoJSON"),
        ({"ground": {"features": [1]}}, "ground", "GeoJSON"),
        ({"ground": {"crs": 5, "type": "Polygon", "coordinates": [[["a", "b"]]]}}, "ground", "GeoJSON"),
        ({"national": {"on": DAY, "person": "", "found": True, "result": "无限制"}}, "national", "查询人"),
        ({"national": {"on": "2026-11-21", "person": "李岚", "found": True, "result": "无"}}, "national", "晚于核查日"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_by_its_entry(world: Any, said: Any, entry: str, word: str) -> None:
    told = refused(posted(world, body(**said)), 422, entry)
    assert told["code"] == "exchange.values"
    assert word in told["detail"]


def test_all_that_does_not_fit_is_told_at_once(world: Any) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    told = refused(posted(world, body(act="卖地", use="", on=tomorrow.isoformat())), 422)
    assert [one["entry"] for one in told["errors"]] == ["act", "use", "on"]


@pytest.mark.parametrize("said", ["{", "[]", '{"act": "供地"}', json.dumps({**body(), "colour": 1}), json.dumps({**body(), "ground": "POLYGON"})])  # fmt: skip
def test_a_body_of_another_shape_is_refused(world: Any, said: str) -> None:
    assert refused(posted(world, said), 400 if said == "{" else 422)["code"] == "exchange.body"


def test_each_entry_of_another_kind_is_told_with_what_it_should_be(world: Any) -> None:
    said = {
        **body(on="2025-02-30", untouched="perhaps", works_begun="yes", food=1, recalled_on=1700000000),
        "colour": 1,
    }
    del said["use"]
    told = {one["entry"]: one["sentence"] for one in refused(posted(world, said), 422)["errors"]}
    wanted = {"works_begun": "true 或 false", "food": "true 或 false", "recalled_on": "应为日期"}
    wanted |= {"on": "应为日期", "untouched": "true 或 false", "colour": "没有这一项", "use": "缺少这一项"}
    assert all(word in told[entry] for entry, word in wanted.items()), told
    unclosed = {"type": "Polygon", "coordinates": [[[114.4, 34.8], [114.41, 34.8], [114.41, 34.81]]]}
    assert "首尾同点" in refused(posted(world, body(ground=unclosed)), 422, "ground")["detail"]


def test_a_code_of_several_meanings_is_asked_back_and_never_guessed(world: Any) -> None:
    told = posted(world, body(use="0702", use_scheme="")).json()
    planned = next(one for one in told["checks"] if one["id"] == "planned_use")
    assert (told["decision"], planned["outcome"]) == ("cannot_say", "cannot_say")
    assert "guide2023" in json.dumps(planned, ensure_ascii=False) or "指南" in planned["because"]


def test_ground_in_another_system_is_the_same_ground(world: Any) -> None:
    from soilrules.geodesy.naming import by_number
    from soilrules.geodesy.transform import from_stored

    metres = from_stored([square(0, 0, 0.5)], by_number(4527)).geoms[0]
    older = {**ground(metres), "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4527"}}}
    areas = [
        posted(world, body(ground=shape, crs=crs)).json()["area_m2"]
        for shape, crs in ((ground(square(0, 0, 0.5)), ""), (ground(metres), "EPSG:4527"), (older, ""))
    ]
    assert areas == pytest.approx([areas[0]] * 3, abs=0.05)
    two = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": ground(square(x, 0))} for x in (0, 1)]}  # fmt: skip
    assert posted(world, body(ground=two)).json()["area_m2"] == pytest.approx(areas[0] * 2 * 2, rel=0.01)


def test_the_same_request_sent_again_is_no_second_question(world: Any) -> None:
    first = posted(world, body(), **{"Idempotency-Key": "a-1"})
    again = posted(world, body(), **{"Idempotency-Key": "a-1"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert posted(world, body(act="收储"), **{"Idempotency-Key": "a-1"}).status_code == 201, "another question"
    assert posted(world, body(), "town", **{"Idempotency-Key": "a-1"}).status_code == 201, "another person"
    assert GateQuery.objects.count() == 3
    assert posted(world, body(), **{"Idempotency-Key": "a" * 201}).status_code == 400


def test_what_the_national_system_said_comes_with_the_question(world: Any) -> None:
    held = parcel(world, square(0, 0), use_system="guide2023", use_now="1001")
    made = Plots(world)
    made.released(made.plot("粮库地块", square(0, 0)), on=date(2026, 3, 2))
    said = {"on": "2026-11-19", "person": "李岚", "found": False, "result": "系统中没有该地块。"}
    asked = {**body(parcel=held.parcel.number, act="改变用途"), "ground": None}

    def outcome(national: Any) -> str:
        answer = posted(world, {**asked, "national": national})
        assert answer.status_code == 201, answer.content.decode()
        return next(one["outcome"] for one in answer.json()["checks"] if one["id"] == "province_query")

    assert outcome(None) == "cannot_say"
    assert outcome(said) == "cannot_say", "without its picture"
    file = {"name": "查询截图.png", "data": base64.b64encode(PNG).decode()}
    assert outcome({**said, "file": file}) == "yes"
    row = ProvinceQuery.objects.first()
    assert (row.person, row.found, row.query.facts["query"]["attachment"]) == ("李岚", False, "查询截图.png")
    shown = {**said, "file": file, "found": True, "stage": "released", "lists": ["roster"], "restricted": True}
    assert outcome(shown) == "cannot_say", "two records differ"
    before = GateQuery.objects.count()
    for more in ({"restricted": None}, {"stage": "S9"}, {"lists": ["名录"]}, {"found": False}):
        told = posted(world, {**asked, "national": {**shown, **more}})
        assert (told.status_code, told.json()["errors"][0]["entry"]) == (422, "national")
    wrong = posted(world, {**asked, "national": {**said, "file": {"name": "a.exe", "data": file["data"]}}})
    assert wrong.status_code == 422
    assert wrong.json()["code"].startswith("core.file.")
    assert GateQuery.objects.count() == before, "nothing is kept of a question whose file is refused"
