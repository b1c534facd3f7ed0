"""`soildesk gis import`: all or nothing, every row's fate told, the same file once."""

from __future__ import annotations

from typing import Any

import pytest

from desk.gis_world import feature, geojson, run, square, wired
from soildesk.kit.models import ImportBatch
from soildesk.land.models import ParcelVersion

pytestmark = pytest.mark.django_db
__all__ = ["wired"]


@pytest.fixture(autouse=True)
def officer(monkeypatch: Any, world: Any, wired: None) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    monkeypatch.setenv("SOILDESK_USER", "officer")


def test_parcels_come_in_and_the_receipt_says_what_came_of_them(capsys, tmp_path) -> None:
    path = geojson(tmp_path / "地块.geojson", [feature(square(), 宗地代码="990101001", 名称="东地块", 备注="x")])
    report = run(capsys, "import", "parcels", path)
    assert report["rows"] == {"new": 1, "changed": 0, "same": 0, "refused": 0}
    assert report["receipt"].startswith("DR20261120-")
    parcel = ParcelVersion.objects.get()
    assert (parcel.code, parcel.name) == ("990101001", "东地块")
    assert parcel.batch == ImportBatch.objects.get()
    again = run(capsys, "import", "地块", path)
    assert again["again"]
    assert again["receipt"] == report["receipt"]
