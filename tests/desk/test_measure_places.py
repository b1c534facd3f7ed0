"""One measure of every place below: who has not reached it stands first, and a letter begins from each; docs/coverage.csv points here."""

from __future__ import annotations

from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk import farmland_world
from desk.farmland_world import Farm
from soildesk.core.models import Department, Person, RoleGrant
from soildesk.supervision.models import Office

pytestmark = [pytest.mark.django_db, pytest.mark.store]
PLACES, LETTER = "home:places", "supervision:new_letter"


@pytest.fixture
def farm(world: Any, monkeypatch: pytest.MonkeyPatch) -> Farm:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return farmland_world.county(world)


def somebody(farm: Farm, username: str, department: Department, division: Any) -> Client:
    person = Person.objects.create(username=username, name=username, department=department)
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.OFFICER, department=None, division=division)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def city(farm: Farm) -> Client:
    """An officer of the city's ecology bureau, which leads the campaign; who sees counties."""
    bureau = farm.world.departments["city_ecology"]
    said = {"division_path": bureau.division.path, "owner_department": bureau, "ground": "云政办〔2026〕1号"}
    Office.objects.create(
        division=bureau.division, department=bureau, body="bureau", since=date(2026, 1, 1), named_at=farm.world.at, **said
    )  # fmt: skip
    return somebody(farm, "city_officer", bureau, farm.world.city)


def page(client: Client, url: str, **asked: str) -> str:
    answer = client.get(url, asked)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def lost(farm: Farm) -> str:
    """A unit of priority cropland comes into another class."""
    unit = farm.units["priority_1"]
    farmland_world.approved(
        farm.world, {unit: "safe_use"}, since=date(2026, 11, 3), number="示政函〔2026〕9号", at=farm.world.at
    )
    return str(farm.version("priority_1").name)


def test_a_county_that_loses_priority_farmland_is_warned_from_its_figure(farm: Farm, city: Client) -> None:
    name = lost(farm)
    asked = {"of": "farmland.priority_kept"}
    shown = page(city, reverse(PLACES), **asked)
    table = shown[shown.index("<tbody>") :]
    assert table.index("青禾区") < table.index("赤岩区"), "who has not reached it stands first"
    assert "未达到" in table and "无法判断" in table, "of a county without records nobody can say"
    assert name in table
    link = table[table.index(reverse(LETTER)) :].partition('"')[0]
    kinds = page(city, link)
    assert "提醒函" in kinds and "区域限批" in kinds
    form = page(city, f"{link}&act=reminder")
    assert "青禾区优先保护类耕地面积不减少、质量不下降" in form and name in form
    limit = page(city, f"{link}&act=limit&request=1")
    assert "区域限批" in limit and "青禾区" in limit


def test_a_figure_of_a_place_elsewhere_begins_no_letter(farm: Farm, city: Client) -> None:
    keys = (
        "farmland.priority_kept|99/|2026-11-20", "farmland.priority_kept|99/9901/|2026-11-20", "x|99/9901/990101/|2026-11-20",
        "farmland.priority_kept|99/9901/990101/|2026-11-21", "farmland.priority_kept|99/9901/990101/|x", "",
    )  # fmt: skip
    for key in keys:
        assert city.get(reverse(LETTER), {"from": "figure", "key": key, "act": "reminder"}).status_code == 404, key
    district = Client()
    district.force_login(farm.world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    county = {"from": "figure", "key": "farmland.priority_kept|99/9901/990101/|2026-11-20", "act": "reminder"}
    assert district.get(reverse(LETTER), county).status_code == 404, "its own county is not below it"
    assert "赤岩区" not in page(district, reverse(PLACES), of="farmland.priority_kept")


def test_every_measure_of_a_place_can_be_asked(farm: Farm, city: Client) -> None:
    offered = page(city, reverse(PLACES))
    assert "选择指标" in offered and "farmland.priority_kept" in offered
    day = page(city, reverse(PLACES), of="farmland.field_chiefs", on="2026-11-01")
    assert "2026-11-01" in day and "没有登记" in day
    assert "选择指标" in page(city, reverse(PLACES), of="no.such"), "an unknown measure is none"
    nobody = somebody(farm, "without_places", farm.world.departments["ecology"], farm.world.towns["柏庄镇"].division)
    assert "没有下级行政区" in page(nobody, reverse(PLACES))
