"""What plans name about unused land, done through the pages on the example district; docs/coverage.csv points here."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from soildesk.core.models import Person
from soildesk.land.models import Patrol, UnusedLandVersion

from .conftest import DAY

pytestmark = pytest.mark.django_db
LATE = "青石荒坡"  # farmland in reserve that nobody went to see
PHOTO = b"\xff\xd8\xff\xe0" + b"0" * 40


def sign_in(name: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def owed(client: Client) -> dict[str, str]:
    """The patrols on somebody's first page, with the words on when they are due."""
    groups = client.get(reverse("home:today")).context["groups"]
    shorts = [short for group in groups for short in group.shorts if short.title == "未利用地巡查"]
    return {line.what: line.when for short in shorts for line in short.lines}


def listed(client: Client, **choice: str) -> list[str]:
    """The names on the list of unused land under a filter, as its Excel file has them."""
    file = client.get(reverse("kit:collection", args=["unused_land"]), {**choice, "export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file) if file.streaming else file.content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    head = next(row for row in rows if "名称" in row)
    return [str(row[head.index("名称")]) for row in rows[rows.index(head) + 1 :] if row[head.index("编号")]]


def visit(client: Client, name: str, **said: Any) -> Patrol:
    """Write a patrol down by its page."""
    land = UnusedLandVersion.objects.get(name=name, superseded_at=None).land
    page = client.post(reverse("land:patrol_of", args=[land.uid]), {"on": DAY, "found": "nothing", **said})
    assert page.status_code == 302, page.content.decode()
    return Patrol.objects.latest("pk")


def test_unused_land_is_patrolled_in_time_and_the_next_round_falls_due(demo_home: None) -> None:
    town = sign_in("shixin")
    (late,) = [when for what, when in owed(town).items() if LATE in what]
    assert "2025-07-01" in late

    east = SimpleUploadedFile("东.jpg", PHOTO)
    made = visit(town, LATE, **{"photo-east": east, "longitude": "116.7752", "latitude": "36.2950"})

    assert not [what for what in owed(town) if LATE in what]
    record = town.get(reverse("kit:record", args=["patrols", str(made.uid)])).content.decode()
    assert "东.jpg" in record
    land = town.get(reverse("kit:record", args=["unused_land", str(made.land.uid)])).content.decode()
    assert "2027-05-21" in land, "six months on, the next round is owed"


def test_a_risk_found_on_patrol_stays_open_until_an_action_is_written(demo_home: None) -> None:
    town, office = sign_in("shixin"), sign_in("linlan")
    assert LATE not in listed(office, rounds="open")

    found = visit(town, LATE, found="pollution", note="坡脚有油渍约二十平方米")
    assert LATE in listed(office, rounds="open")
    assert visit(town, LATE).found == "nothing"
    assert LATE in listed(office, rounds="open"), "a later visit that saw nothing closes nothing"

    close = reverse("land:close_patrol", args=[found.uid])
    assert town.post(close, {"action": " ", "on": DAY}).status_code == 422
    assert LATE in listed(office, rounds="open")
    assert town.post(close, {"action": "油渍土已清运并设围挡，停止在此堆放", "on": DAY}).status_code == 302
    assert LATE not in listed(office, rounds="open")


def test_reserve_farmland_is_taken_in_as_a_file_found_and_given_out(
    soildesk: Callable[..., Any], tmp_path: Path
) -> None:
    office = sign_in("linlan")
    before = listed(office, reserve="1")
    spot = UnusedLandVersion.objects.get(name=LATE, superseded_at=None).geometry
    sent = office.post(reverse("kit:gis_import"), {"into": "unused_land", "file": patches(spot)})
    read = office.post(sent["Location"], {"crs": "EPSG:4490", "since": "2026-11-01", "column:后备": "is_reserve"})
    assert read.status_code == 302, read.content.decode()
    assert listed(office, reserve="1") == before, "nothing is written before it is accepted"
    office.post(read["Location"] + "/accept")

    assert set(listed(office, reserve="1")) == {*before, "青石新滩"}
    assert "青石旧坑" in listed(office, reserve="0")
    out = tmp_path / "未利用地.geojson"
    assert soildesk("gis", "export", "unused_land", "--out", str(out)).code == 0
    given = {
        one["properties"]["名称"]: one["properties"]["耕地后备资源"]
        for one in json.loads(out.read_text("utf-8"))["features"]
    }
    assert (given["青石新滩"], given["青石旧坑"]) == (True, False)


def patches(beside: Any) -> SimpleUploadedFile:
    """Two patches of the land survey, one of them farmland in reserve, inside another patch of the same town."""
    middle = beside.representative_point()
    rows = [("WL91", "青石新滩", "是", 0.0), ("WL92", "青石旧坑", "否", 0.0004)]
    features = [
        {
            "type": "Feature",
            "properties": {
                "图斑编号": code,
                "名称": name,
                "类型": "裸地",
                "所在乡镇": "青石镇",
                "后备": reserve,
                "管护单位": "青石镇",
            },
            "geometry": json.loads(
                shapely.to_geojson(shapely.box(middle.x + east, middle.y, middle.x + east + 0.0003, middle.y + 0.0003))
            ),
        }
        for code, name, reserve, east in rows
    ]
    told = {"type": "FeatureCollection", "features": features}
    return SimpleUploadedFile("变更调查.geojson", json.dumps(told, ensure_ascii=False).encode())
