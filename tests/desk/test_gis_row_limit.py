"""Files of more rows than the desk takes: refused by the command, the page and the job, and nothing is left of them."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from desk.gis_world import feature, geojson, in_process, run, square
from soildesk.core import jobs
from soildesk.core.models import Job
from soildesk.kit.gis import loading, pages, understanding
from soildesk.kit.models import ImportBatch, ImportFinding, ImportRow
from soildesk.land.models import Layer, ParcelVersion, Zone
from soildesk.land.services import layers
from soildesk.land.services.layers import LayerFacts
from soildesk.land.services.writing import Place
from soilrules.gisfiles import Kind, batches, write

pytestmark = pytest.mark.django_db
__all__ = ["in_process"]
ROWS = 4


@pytest.fixture(autouse=True)
def officer(monkeypatch: Any, world: Any) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    monkeypatch.setenv("SOILDESK_USER", "officer")


@pytest.fixture
def redline(world: Any) -> Layer:
    place = Place(world.district, world.departments["ecology"])
    return layers.make(LayerFacts("redline", "生态保护红线"), place, by=world.actor("officer"), at=world.at)


@pytest.fixture
def passing(monkeypatch: Any, tmp_path: Path) -> Path:
    """The folder in which files lie while they are read."""
    place = tmp_path / "passing"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def squares(path: Path) -> Path:
    return geojson(path, [feature(square(at * 300), code=str(at)) for at in range(ROWS)])


def liar(folder: Path) -> Path:
    """A GeoPackage that says it has one row."""
    source = squares(folder / "a.geojson")
    found = list(batches(source, source.name))
    path = folder / "说少了.gpkg"
    write(path, Kind.GPKG, found[0].schema, found, crs="EPSG:4490", title="红线")
    base = sqlite3.connect(path)
    base.execute("update gpkg_ogr_contents set feature_count = 1")
    base.commit()
    base.close()
    return path


def nothing_is_left(layer: Layer | None = None) -> bool:
    editions = layer is not None and layer.editions.exists()
    tables = (ImportBatch, ImportRow, ImportFinding, Zone, ParcelVersion)
    return not editions and not any(table.objects.exists() for table in tables)


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_the_command_says_how_many_are_taken_and_what_to_do(
    capsys: Any, tmp_path: Path, settings: Any, redline: Layer, passing: Path, more: list[str]
) -> None:
    """Through the process that reads files, whose folders are gone too."""
    path = squares(tmp_path / "红线.geojson")
    settings.GIS_ROWS = ROWS - 1
    report = run(capsys, "import", "redline", path, *more, expect=1)
    assert not report["ok"]
    assert report["error"]["code"] == "gis.rows_over_limit"
    for said in ("红线.geojson", f"至少有 {ROWS} 行", f"最多 {ROWS - 1} 行", "按乡镇拆分", "SOILDESK_GIS_ROWS"):
        assert said in report["error"]["sentence"]
    assert nothing_is_left(redline)
    assert not list(passing.iterdir())
    settings.GIS_ROWS = ROWS
    assert run(capsys, "import", "redline", path, *more)["rows"]["new"] == ROWS


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_of_a_file_that_says_fewer_rows_what_was_written_is_taken_back(
    capsys: Any, tmp_path: Path, settings: Any, redline: Layer, in_process: None, monkeypatch: Any, more: list[str]
) -> None:
    written: list[int] = []
    honest = loading._write
    monkeypatch.setattr(loading, "_write", lambda *given: honest(*given) or written.append(Zone.objects.count()))
    monkeypatch.setattr(understanding, "READ_ROWS", 1)
    settings.GIS_ROWS = ROWS - 2
    report = run(capsys, "import", "redline", liar(tmp_path), *more, expect=1)
    assert report["error"]["code"] == "gis.rows_over_limit"
    assert written == ([] if more else [1, 2])
    assert nothing_is_left(redline)


def test_a_rehearsal_knows_how_many_rows_are_registered_one_by_one(
    capsys: Any, tmp_path: Path, in_process: None, monkeypatch: Any
) -> None:
    path = squares(tmp_path / "a.geojson")
    for most, code in ((ROWS, ""), (ROWS - 1, "gis.too_many_rows")):
        monkeypatch.setattr(loading, "ROW_LIMIT", most)
        report = run(capsys, "import", "parcels", path, "--dry-run", expect=bool(code))
        assert report.get("error", {}).get("code", "") == code
    assert nothing_is_left()


def bring(client: Client, path: Path, into: str) -> str:
    sent = client.post("/kit/gis/import", {"into": into, "file": SimpleUploadedFile(path.name, path.read_bytes())})
    assert sent.status_code == 302
    return str(sent["Location"])


@pytest.fixture
def page(client: Client, world: Any) -> Client:
    client.force_login(world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_says_so_as_soon_as_the_file_is_there(
    page: Client, tmp_path: Path, settings: Any, redline: Layer, in_process: None
) -> None:
    settings.GIS_ROWS = ROWS - 1
    place = bring(page, squares(tmp_path / "红线.geojson"), "redline")
    asked = page.get(place).content.decode()
    assert f"至少有 {ROWS} 行" in asked
    assert "文件没有说明坐标系" not in asked, "it was not asked"
    answer = page.post(place, {"crs": "EPSG:4490"})
    assert answer.status_code == 422
    assert f"至少有 {ROWS} 行" in answer.content.decode()
    assert not Job.objects.exists()
    assert not redline.editions.exists()
    page.post(f"{place}/give-up")
    assert nothing_is_left(redline)


def test_a_job_takes_back_what_it_read_and_leaves_the_file_to_be_asked_about(
    page: Client, tmp_path: Path, settings: Any, redline: Layer, in_process: None, monkeypatch: Any
) -> None:
    monkeypatch.setattr(pages, "READ_AT_ONCE", 10)
    monkeypatch.setattr(understanding, "READ_ROWS", 1)
    settings.GIS_ROWS = ROWS - 2
    place = bring(page, liar(tmp_path), "redline")
    assert "/jobs/" in page.post(place, {"crs": "EPSG:4490"})["Location"]
    job = jobs.run(Job.objects.get())
    assert job.state == "failed"
    assert "SOILDESK_GIS_ROWS" in job.doing
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.done_rows, batch.edition, batch.worker) == ("loading", 0, "", "")
    assert not (Zone.objects.exists() or redline.editions.exists() or batch.rows.exists())
    page.post(f"{place}/give-up")
    assert nothing_is_left(redline)


def test_the_setting_is_a_number_of_rows(monkeypatch: Any) -> None:
    import runpy

    import soildesk.settings

    for given, fits in (("5000000", True), ("0", False), ("许多", False)):
        monkeypatch.setenv("SOILDESK_GIS_ROWS", given)
        if fits:
            assert runpy.run_path(soildesk.settings.__file__)["GIS_ROWS"] == 5_000_000
        else:
            with pytest.raises(ValueError, match="SOILDESK_GIS_ROWS"):
                runpy.run_path(soildesk.settings.__file__)
