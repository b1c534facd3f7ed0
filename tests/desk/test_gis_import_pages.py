"""A GIS file by the pages: drop it, say what it is, see every row's fate, do it or do nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from desk.gis_world import feature, geojson, in_process, square
from soildesk.kit.gis import pages
from soildesk.kit.models import ColumnMapping, ImportBatch
from soildesk.land.models import ParcelVersion

pytestmark = pytest.mark.django_db
__all__ = ["in_process"]


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: Any, in_process: None) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def officer(client: Client, world: Any) -> Client:
    client.force_login(world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def bring(client: Client, path: Path, into: str = "parcels") -> Any:
    sent = {"into": into, "file": SimpleUploadedFile(path.name, path.read_bytes())}
    return client.post("/kit/gis/import", sent)


def test_from_the_file_to_the_receipt(officer: Client, tmp_path: Path) -> None:
    bow = shapely.Polygon([(114.3, 30.5), (114.31, 30.51), (114.31, 30.5), (114.3, 30.51)])
    path = geojson(tmp_path / "地块.geojson", [feature(square(), 编码="A1", 权利人名="张三"), feature(bow, 编码="A2")])
    assert "把文件拖到这里" in officer.get("/kit/gis/import?into=parcels").content.decode()
    sent = bring(officer, path)
    assert sent.status_code == 302
    asked = officer.get(sent["Location"]).content.decode()
    assert "文件写明的坐标系" in asked
    assert 'name="column:编码"' in asked
    said = {"crs": "EPSG:4490", "since": "2026-11-01", "column:编码": "code", "column:权利人名": "holder"}
    read = officer.post(sent["Location"], said)
    assert read.status_code == 302, read.content.decode()
    preview = officer.get(read["Location"]).content.decode()
    assert "导入这 1 行" in preview
    assert "自相交" in preview
    assert '<path class="is-new"' in preview
    assert not ParcelVersion.objects.exists()
    by_system = officer.get(read["Location"] + "?who=system").content.decode()
    assert "没有符合条件的问题" in by_system
    officer.post(read["Location"] + "/accept")
    assert "导入回执" in officer.get(read["Location"]).content.decode()
    parcel = ParcelVersion.objects.get()
    assert (parcel.code, parcel.holder, str(parcel.since)) == ("A1", "张三", "2026-11-01")
    assert ColumnMapping.objects.get().mapping == {"编码": "code", "权利人名": "holder"}
    same = bring(officer, geojson(tmp_path / "c.geojson", [feature(square(), 编码="A1", 权利人名="张三")]))
    shown = officer.post(same["Location"], said)["Location"]
    page = officer.get(shown).content.decode()
    assert "没有可写入的内容" in page
    assert f"{shown}/accept" not in page
    officer.post(f"{shown}/accept")
    assert "导入回执" not in officer.get(shown).content.decode()
    again = bring(officer, geojson(tmp_path / "b.geojson", [feature(square(500), 编码="A3")]))
    assert '<option value="code" selected>' in officer.get(again["Location"]).content.decode()


def test_the_system_is_asked_for_where_the_file_does_not_say_it(officer: Client, tmp_path: Path) -> None:
    table = tmp_path / "地块.csv"
    ring = "POLYGON((528700 3375400,528800 3375400,528800 3375500,528700 3375500,528700 3375400))"
    table.write_text(f'外部代码,WKT\nB1,"{ring}"\n', "utf-8")
    sent = bring(officer, table)
    asked = officer.get(sent["Location"]).content.decode()
    assert "文件没有说明坐标系" in asked
    assert "每个带都讲得通" in asked
    refused = officer.post(sent["Location"], {"crs": "某某坐标"})
    assert refused.status_code == 422
    assert "认不出坐标系" in refused.content.decode()
    read = officer.post(sent["Location"], {"crs": "EPSG:4547"})
    assert read.status_code == 302, read.content.decode()
    assert "由您指定" in officer.get(read["Location"]).content.decode()


def test_eastings_that_carry_their_zone_are_read_and_said(officer: Client, tmp_path: Path) -> None:
    table = tmp_path / "地块.csv"
    ring = "POLYGON((38528700 3375400,38528800 3375400,38528800 3375500,38528700 3375500,38528700 3375400))"
    table.write_text(f'外部代码,WKT\nB1,"{ring}"\n', "utf-8")
    sent = bring(officer, table)
    assert "由横坐标的带号看出" in officer.get(sent["Location"]).content.decode()
    read = officer.post(sent["Location"], {})
    assert "由横坐标的带号看出" in officer.get(read["Location"]).content.decode()


def test_doing_nothing_and_giving_up_leave_nothing(officer: Client, tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", [feature(square(), code="1")])
    first = bring(officer, path)
    read = officer.post(first["Location"], {"crs": "EPSG:4490"})
    officer.post(read["Location"] + "/reject")
    second = bring(officer, path)
    officer.post(second["Location"] + "/give-up")
    assert [batch.state for batch in ImportBatch.objects.all()] == ["rejected"]
    assert not ParcelVersion.objects.exists()


def test_who_may_not_write_is_turned_away(client: Client, world: Any, officer: Client, tmp_path: Path) -> None:
    sent = bring(officer, geojson(tmp_path / "a.geojson", [feature(square(), code="1")]))
    reader = Client()
    reader.force_login(world.people["reader"], backend="django.contrib.auth.backends.ModelBackend")
    assert "没有可以导入的图层" in reader.get("/kit/gis/import").content.decode()
    assert bring(reader, geojson(tmp_path / "a.geojson", [feature(square(), code="1")])).status_code == 403
    assert reader.get(sent["Location"]).status_code == 404


def test_a_large_file_is_read_by_a_job(officer: Client, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(pages, "READ_AT_ONCE", 10)
    sent = bring(officer, geojson(tmp_path / "a.geojson", [feature(square(), code="1")]))
    started = officer.post(sent["Location"], {"crs": "EPSG:4490"})
    assert "/jobs/" in started["Location"]
    from soildesk.core import jobs
    from soildesk.core.models import Job

    job = jobs.run(Job.objects.get())
    assert (job.state, job.result["new"]) == ("done", 1)
    assert ImportBatch.objects.get().state == "previewed"


def test_two_layers_are_laid_over_each_other(officer: Client, world: Any, tmp_path: Path, monkeypatch: Any) -> None:
    from soildesk.land.services import layers
    from soildesk.land.services.layers import LayerFacts
    from soildesk.land.services.writing import Place

    place = Place(world.district, world.departments["ecology"])
    layers.make(LayerFacts("redline", "红线"), place, by=world.actor("officer"), at=world.at)
    for into, shape in (("parcels", square()), ("redline", square(50))):
        sent = bring(officer, geojson(tmp_path / f"{into}.geojson", [feature(shape, code="1", name="甲")]), into)
        read = officer.post(sent["Location"], {"crs": "EPSG:4490"})
        officer.post(read["Location"] + "/accept")
    page = officer.get("/kit/overlay?a=parcels&b=redline").content.decode()
    assert "未覆盖" in page
    assert "甲" in page
    sheet = officer.get("/kit/overlay?a=parcels&b=redline&out=xlsx")
    assert sheet["Content-Type"].startswith("application/vnd.openxml")
    same = officer.get("/kit/overlay?a=parcels&b=parcels")
    assert same.status_code == 422
    assert "是同一个" in same.content.decode()
    monkeypatch.setattr(pages, "OVERLAID_AT_ONCE", 1)
    assert "/jobs/" in officer.get("/kit/overlay?a=parcels&b=redline")["Location"]
    assert officer.get("/kit/overlay?a=nothing&b=redline").status_code == 422


def test_the_preview_names_the_values_of_choices(officer: Client, tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", [feature(square(), 宗地代码="A1", 权属性质="集体", 所在乡镇="柏庄镇")])
    sent = bring(officer, path)
    said = {"crs": "EPSG:4490", "column:宗地代码": "code", "column:权属性质": "holder_kind", "column:所在乡镇": "town"}
    preview = officer.get(officer.post(sent["Location"], said)["Location"]).content.decode()
    assert '<ins class="diff-new">集体</ins>' in preview
    assert '<ins class="diff-new">柏庄镇</ins>' in preview
