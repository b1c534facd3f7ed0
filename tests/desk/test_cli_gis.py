"""`soildesk gis import`: all or nothing, every row's fate told, the same file once."""

from __future__ import annotations

from typing import Any

import numpy as np
import openpyxl
import pytest
import shapely

from desk.gis_world import feature, geojson, in_process, run, square
from soildesk.kit.models import ImportBatch
from soildesk.land.models import Layer, ParcelVersion, Zone
from soildesk.land.services import layers
from soildesk.land.services.layers import LayerFacts
from soildesk.land.services.writing import Place
from soilrules.geodesy.crs import named
from soilrules.geodesy.transform import from_stored

pytestmark = [pytest.mark.django_db, pytest.mark.store]
__all__ = ["in_process"]


@pytest.fixture(autouse=True)
def officer(monkeypatch: Any, world: Any, in_process: None) -> None:
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


def test_a_file_of_what_stands_already_writes_nothing_and_has_no_receipt(capsys, tmp_path) -> None:
    one = feature(square(), 宗地代码="990101001", 名称="东地块")
    run(capsys, "import", "parcels", geojson(tmp_path / "a.geojson", [one]))
    same = geojson(tmp_path / "b.geojson", [{**one, "id": 7}])
    for more in (["--dry-run"], []):
        report = run(capsys, "import", "parcels", same, *more)
        assert report["rows"] == {"new": 0, "changed": 0, "same": 1, "refused": 0}
        assert (report["ok"], report["receipt"]) == (True, "")
        assert "没有可写入的内容" in report["notes"][-1]
    assert ImportBatch.objects.count() == 1
    assert ParcelVersion.objects.count() == 1


def make_layer(world, code: str = "redline", **facts: Any) -> Layer:
    place = Place(world.district, world.departments["ecology"])
    return layers.make(LayerFacts(code, "生态保护红线", **facts), place, by=world.actor("officer"), at=world.at)


def test_a_layer_takes_a_whole_edition_in(capsys, tmp_path, world) -> None:
    layer = make_layer(world)
    first = geojson(
        tmp_path / "a.geojson", [feature(square(n * 200), 编号=f"R{n}", 名称="红线", 长度=n) for n in range(3)]
    )
    report = run(capsys, "import", "redline", first, "--on", "2026-01-01", "--title", "2025年版")
    assert report["rows"] == {"new": 3, "changed": 0, "same": 0, "refused": 0}
    assert [zone.attributes["长度"] for zone in Zone.objects.order_by("code")] == [0, 1, 2]
    second = geojson(
        tmp_path / "b.geojson",
        [
            feature(square(0), 编号="R0", 名称="红线", 长度=0),
            feature(square(200, side_m=150), 编号="R1", 名称="红线", 长度=1),
        ],
    )
    report = run(capsys, "import", "生态保护红线", second, "--on", "2026-06-01")
    assert report["rows"] == {"new": 0, "changed": 1, "same": 1, "refused": 0}
    assert layer.editions.filter(state="accepted").count() == 2
    assert not layer.editions.exclude(state="accepted").exists()
    assert ImportBatch.objects.get(receipt=report["receipt"]).edition


def test_rows_that_cannot_be_taken_stop_the_whole_file_and_leave_nothing(capsys, tmp_path, world) -> None:
    layer = make_layer(world)
    bow = shapely.Polygon([(114.3, 30.5), (114.31, 30.51), (114.31, 30.5), (114.3, 30.51)])
    path = geojson(
        tmp_path / "a.geojson", [feature(square(), 编号="1"), feature(bow, 编号="2"), feature(None, 编号="3")]
    )
    report = run(capsys, "import", "redline", path, expect=1)
    assert not report["ok"]
    assert report["rows"] == {"new": 1, "changed": 0, "same": 0, "refused": 2}
    assert {(one["row"], one["code"], one["severity"], one["who"]) for one in report["findings"]} == {
        (2, "self_crossing", "blocking", "surveyor"),
        (3, "geometry_missing", "blocking", "office"),
    }
    assert all(one["expected"] and one["next"] for one in report["findings"])
    assert not (ImportBatch.objects.exists() or layer.editions.exists() or Zone.objects.exists())
    report = run(capsys, "import", "redline", path, "--skip-refused")
    assert report["rows"]["new"] == 1
    assert Zone.objects.get().code == "1"


def test_a_rehearsal_tells_the_same_and_writes_nothing(capsys, tmp_path, world) -> None:
    path = geojson(
        tmp_path / "a.geojson", [feature(square(), 宗地代码="1", 面积="x"), feature(square(300), 宗地代码="2")]
    )
    told = tmp_path / "map.toml"
    told.write_text('[columns]\n"面积" = "area_of_record_m2"\n', "utf-8")
    report = run(capsys, "import", "parcels", path, "--map", told, "--dry-run", expect=1)
    assert report["dry_run"]
    assert report["findings"][0]["code"] == "bad_value"
    assert "应为数字" in report["findings"][0]["sentence"]
    report = run(capsys, "import", "parcels", path, "--dry-run")
    assert report["rows"]["new"] == 2
    assert not ImportBatch.objects.exists()
    assert not ParcelVersion.objects.exists()


def test_changes_are_told_from_what_to_what_and_written_as_versions(capsys, tmp_path, world) -> None:
    run(
        capsys,
        "import",
        "parcels",
        geojson(tmp_path / "a.geojson", [feature(square(), code="1", name="甲")]),
        "--on",
        "2026-01-01",
    )
    changed = geojson(
        tmp_path / "b.geojson", [feature(square(), code="1", name="乙"), feature(square(500), code="2", name="丙")]
    )
    report = run(capsys, "import", "parcels", changed, "--on", "2026-07-01", "--why", "更名")
    assert report["rows"] == {"new": 1, "changed": 1, "same": 0, "refused": 0}
    row = ImportBatch.objects.get(receipt=report["receipt"]).rows.get(position=1)
    assert (row.before, row.after) == ({"name": "甲"}, {"name": "乙"})
    standing = ParcelVersion.objects.filter(superseded_at=None, code="1").order_by("since")
    assert [(one.name, one.reason) for one in standing] == [("甲", "文件导入"), ("乙", "更名")]
    same = geojson(tmp_path / "c.geojson", [feature(square(), code="1", name="乙")])
    assert run(capsys, "import", "parcels", same)["rows"]["same"] == 1


def test_out_and_in_again_is_the_same(capsys, tmp_path, world) -> None:
    make_layer(world)
    path = geojson(tmp_path / "a.geojson", [feature(square(n * 200), 编号=f"R{n}", 名称=f"片{n}") for n in range(3)])
    run(capsys, "import", "redline", path)
    for ending in ("gpkg", "geojson", "csv", "xlsx"):
        out = tmp_path / f"out.{ending}"
        assert run(capsys, "export", "redline", "--out", out)["rows"] == 3
        report = run(capsys, "import", "redline", out, "--crs", "EPSG:4490")
        assert report["rows"] == {"new": 0, "changed": 0, "same": 3, "refused": 0}, (ending, report["findings"])
    wrong = run(capsys, "export", "redline", "--out", tmp_path / "x.doc", expect=1)
    assert wrong["error"]["code"] == "gis.unknown_ending"
    empty = run(capsys, "export", "redline", "--out", tmp_path / "x.gpkg", "--on", "2020-01-01", expect=1)
    assert empty["error"]["code"] == "gis.nothing_to_export"


def test_parcels_written_here_come_back_as_they_are(capsys, tmp_path) -> None:
    """Codes with their names behind them, and columns whose names a .dbf has cut, are known again."""
    facts = {"名称": "东地块", "分类标准": "guide2023", "现状用途": "1001", "规划用途": "R2", "使用权人": "青禾化肥厂"}
    path = geojson(tmp_path / "a.geojson", [feature(square(n * 200), 宗地代码=f"G{n}", **facts) for n in range(2)])
    mapping = tmp_path / "map.toml"
    mapping.write_text('[columns]\n"分类标准" = "use_system"\n', "utf-8")
    run(capsys, "import", "parcels", path, "--map", mapping)
    for ending in ("gpkg", "zip", "csv"):
        out = tmp_path / f"out.{ending}"
        run(capsys, "export", "parcels", "--out", out)
        crs = () if ending in ("gpkg", "zip") else ("--crs", "EPSG:4490")
        report = run(capsys, "import", "parcels", out, "--dry-run", *crs)
        assert report["rows"] == {"new": 0, "changed": 0, "same": 2, "refused": 0}, (ending, report["findings"])


def test_a_zone_is_known_by_its_eastings(capsys, tmp_path) -> None:
    """Eastings that carry their zone need no --crs; a zone that was named is read as the eastings are written."""
    table = tmp_path / "a.csv"
    shape = from_stored(np.array([square()], dtype=object), named("EPSG:4526")).geoms[0]
    table.write_text(f'宗地代码,WKT\nP1,"{shape.wkt}"\n', "utf-8")
    told = run(capsys, "import", "parcels", table, "--dry-run")
    assert (told["source_crs"], told["rows"]["new"]) == ("EPSG:4526", 1)
    assert any("38" in note and "确认" in note for note in told["notes"])
    assert run(capsys, "import", "parcels", table, "--dry-run", "--crs", "EPSG:4547")["source_crs"] == "EPSG:4526"


def test_overlay_sums_to_the_parcels_and_tells_what_is_uncovered(capsys, tmp_path, world) -> None:
    make_layer(world)
    run(
        capsys,
        "import",
        "parcels",
        geojson(tmp_path / "a.geojson", [feature(square(), code="1", name="甲"), feature(square(1000), code="2")]),
    )
    run(capsys, "import", "redline", geojson(tmp_path / "b.geojson", [feature(square(50), 编号="R", 名称="红线")]))
    out = tmp_path / "面积.xlsx"
    report = run(capsys, "overlay", "parcels", "redline", "--out", out)
    assert report["pieces"] == 1
    assert report["totals"][0]["area_m2"] == pytest.approx(5000, rel=0.01)
    assert report["remainder_m2"] + report["totals"][0]["area_m2"] == pytest.approx(report["area_m2"], abs=0.02)
    sheets = openpyxl.load_workbook(out)
    assert sheets.sheetnames == ["合计", "明细", "未覆盖"]
    assert [cell.value for cell in sheets["明细"][4]][:4] == ["1", "甲", "R", "红线"]
    same = run(capsys, "overlay", "parcels", "地块", "--out", out, expect=1)
    assert same["error"]["code"] == "gis.overlay_same"


def test_rights_are_those_of_the_actor(capsys, tmp_path, world, monkeypatch) -> None:
    path = geojson(tmp_path / "a.geojson", [feature(square(), code="1", 使用权人="张三")])
    run(capsys, "import", "parcels", path)
    monkeypatch.setenv("SOILDESK_USER", "reader")
    refused = run(capsys, "import", "parcels", path, expect=1)
    assert "登记与变更地块" in refused["error"]["sentence"]
    out = tmp_path / "out.geojson"
    run(capsys, "export", "parcels", "--out", out)
    assert "张三" not in out.read_text("utf-8")
    monkeypatch.setenv("SOILDESK_USER", "stranger")
    assert run(capsys, "export", "parcels", "--out", out, expect=1)["error"]["code"] == "gis.nothing_to_export"
    unknown = run(capsys, "import", "nothing", path, expect=1)
    assert unknown["error"]["code"] == "gis.unknown_layer"
    assert "parcels" in unknown["layers"]


def test_a_new_layer_is_made_and_layers_are_listed(capsys, tmp_path, world) -> None:
    path = geojson(tmp_path / "a.geojson", [feature(square(), code="1", name="片")])
    report = run(capsys, "import", "parks", path, "--new", "--title", "工业园区")
    assert report["rows"]["new"] == 1
    listed = {one["layer"]: one for one in run(capsys, "layers")["layers"]}
    assert listed["parks"] == {"layer": "parks", "title": "工业园区", "shape": "mixed", "imports": True}
    assert listed["parcels"]["imports"]
    refused = run(capsys, "import", "parks2", path, "--new", "--dry-run", expect=1)
    assert refused["error"]["code"] == "gis.new_dry_run"


def test_an_area_of_record_that_differs_is_told(capsys, tmp_path) -> None:
    path = geojson(
        tmp_path / "a.geojson",
        [feature(square(), code="1", 登记面积=9000), feature(square(500), code="2", 登记面积=10010)],
    )
    report = run(capsys, "import", "parcels", path)
    assert [(one["row"], one["code"], one["severity"]) for one in report["findings"]] == [
        (1, "area_differs", "warning")
    ]
    assert report["rows"]["new"] == 2
