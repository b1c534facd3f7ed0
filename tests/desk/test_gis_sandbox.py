"""Files of geometry are read in a limited child process; whatever kills it becomes a sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import shapely

from soildesk.core import gis_sandbox, sandbox
from soildesk.core.gis_sandbox import (
    command_limits,
    inspect_in_child,
    look_in_child,
    page_limits,
    read_in_child,
    size_of,
)
from soilrules.gisfiles import NOTE, WKB, Kind, Options, UnreadableGis, batches, gdal, inspect, write

LIMITS = page_limits(0)


def rows(count: int, extra: str = "") -> Any:
    shapes = shapely.points([116 + at / 1e6 for at in range(count)], [39] * count)
    return pa.record_batch(
        {"编号": [f"甲{at}{extra}" for at in range(count)], WKB: pa.array(shapely.to_wkb(shapes), pa.binary())}
    )


def geopackage(folder: Path, count: int = 3) -> Path:
    path = folder / "地块.gpkg"
    write(path, Kind.GPKG, rows(1).schema, [rows(count)], crs="EPSG:4490", title="地块")
    return path


def csv_file(folder: Path, count: int) -> Path:
    path = folder / "点位.csv"
    path.write_text("编号,经度,纬度\n" + "".join(f"P{at},116.{at},39.5\n" for at in range(count)), "utf-8")
    return path


@pytest.mark.parametrize("make", [geopackage, lambda folder: csv_file(folder, 5)])
def test_the_child_reads_what_the_parent_would(make: Any, tmp_path: Path) -> None:
    path = make(tmp_path)
    assert inspect_in_child(path, path.name) == inspect(path, path.name)
    here, there = (pa.Table.from_batches(list(read(path, path.name))) for read in (batches, read_in_child))
    assert there.equals(here)


@pytest.mark.parametrize("make", [geopackage, lambda folder: csv_file(folder, 5)])
def test_one_child_looks_and_reads(make: Any, tmp_path: Path) -> None:
    path = make(tmp_path)
    source, first, others = look_in_child(path, path.name, Options(), LIMITS, rows=3)
    assert source == inspect(path, path.name)
    here = list(batches(path, path.name, rows=3))
    assert [one.to_pylist() for one in (first, *others)] == [one.to_pylist() for one in here]


def test_options_and_findings_cross(tmp_path: Path) -> None:
    path = tmp_path / "点.csv"
    path.write_text("号,甲,乙\n1,1000,2000\n2,x,2000\n", "utf-8")
    options = Options(columns={"x": "甲", "y": "乙"}, axis="north_first")
    source = inspect_in_child(path, path.name, options)
    assert source.axis == "north_first"
    (batch,) = read_in_child(path, path.name, options)
    assert shapely.from_wkb(batch.column(WKB)[0].as_py()).wkt == "POINT (2000 1000)"
    assert "coordinate_unread" in batch.column(NOTE)[1].as_py()


def test_a_refusal_crosses_with_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../a.shp", "x")
    looked = partial(look_in_child, options=Options(), limits=LIMITS)
    for read in (inspect_in_child, lambda *given: list(read_in_child(*given)), looked):
        with pytest.raises(UnreadableGis) as caught:
            read(path, "上传.zip")
        assert caught.value.code == "zip_outside"
        assert "上传.zip" in caught.value.sentence()


def test_many_rows_come_batch_by_batch(tmp_path: Path) -> None:
    path = csv_file(tmp_path, 1000)
    assert [one.num_rows for one in read_in_child(path, path.name, rows=300)] == [300, 300, 300, 100]


def test_a_reader_that_stops_early_leaves_no_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own child, whatever other tests of this process have left running."""
    born: list[subprocess.Popen[bytes]] = []
    honest = subprocess.Popen
    monkeypatch.setattr(
        gis_sandbox.subprocess, "Popen", lambda *given, **more: born.append(honest(*given, **more)) or born[-1]
    )
    path = csv_file(tmp_path, 50_000)
    reading = read_in_child(path, path.name, rows=100)
    assert next(reading).num_rows == 100
    assert [child.returncode for child in born] == [None], "it still reads"
    reading.close()
    assert [child.returncode is None for child in born] == [False]
    with pytest.raises(ChildProcessError):
        os.waitpid(born[0].pid, os.WNOHANG)


def test_processor_time_is_limited(tmp_path: Path) -> None:
    path = csv_file(tmp_path, 300_000)
    with pytest.raises(UnreadableGis) as caught:
        list(read_in_child(path, path.name, limits=replace(LIMITS, cpu_seconds=1)))
    assert caught.value.code == "too_slow"


def test_a_child_that_hangs_is_ended_by_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "hangs.py"
    child.write_text("import time\ntime.sleep(60)\n", "utf-8")
    monkeypatch.setattr(gis_sandbox, "CHILD", child)
    monkeypatch.setattr(sandbox, "WAITING", 0.5)
    started = time.monotonic()
    for read in (inspect_in_child, lambda *given: list(read_in_child(*given))):
        with pytest.raises(UnreadableGis) as caught:
            read(geopackage(tmp_path), "a.gpkg", None, replace(LIMITS, cpu_seconds=1))
        assert caught.value.code == "too_slow"
    assert time.monotonic() - started < 30


def test_a_slow_taker_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock runs only while the child is waited for."""
    running: set[object] = set()

    class Timer:
        def __init__(self, seconds: float, stop: object) -> None:
            assert seconds == LIMITS.cpu_seconds * sandbox.WAITING

        def start(self) -> None:
            running.add(self)

        def cancel(self) -> None:
            running.discard(self)

    monkeypatch.setattr(gis_sandbox.threading, "Timer", Timer)
    path = csv_file(tmp_path, 300)
    for batch in read_in_child(path, path.name, limits=LIMITS, rows=100):
        assert batch.num_rows == 100
        assert not running


def test_output_is_limited(tmp_path: Path) -> None:
    path = csv_file(tmp_path, 60_000)
    with pytest.raises(UnreadableGis) as caught:
        list(read_in_child(path, path.name, limits=replace(LIMITS, output_mb=1)))
    assert caught.value.code == "too_much_output"


def test_memory_is_limited(tmp_path: Path) -> None:
    path = tmp_path / "大.geojson"
    ring = ",".join(f"[{at},{at}]" for at in range(1_000_000))
    path.write_text(f'{{"type":"LineString","coordinates":[{ring}]}}', "utf-8")
    with pytest.raises(UnreadableGis) as caught:
        inspect_in_child(path, path.name, limits=replace(LIMITS, memory_mb=400))
    assert caught.value.code in ("too_much_memory", "reader_failed", "driver_error")


def test_a_file_too_large_for_a_page_is_refused_and_taken_by_a_command(tmp_path: Path) -> None:
    path = csv_file(tmp_path, 60_000)
    size = size_of(path)
    small = replace(page_limits(size), file_mb=1)
    with pytest.raises(UnreadableGis) as caught:
        inspect_in_child(path, path.name, limits=small)
    assert caught.value.code == "file_too_large"
    assert inspect_in_child(path, path.name, limits=command_limits(size)).kind is Kind.CSV
    assert command_limits(size).cpu_seconds > page_limits(size).cpu_seconds
    assert size_of(tmp_path) == size


def test_the_child_has_four_drivers_no_network_no_django_and_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOILDESK_SECRET_KEY", "secret")
    probe = tmp_path / "probe.py"
    probe.write_text(
        "import json, os, sys\nfrom pathlib import Path\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "import soilrules.gisfiles, pyogrio, soildesk.core.sandbox_child\n"
        "from soilrules.gisfiles import drawing, table, kml\n"
        "found = {'drivers': sorted(pyogrio.list_drivers()), 'environment': dict(os.environ),"
        " 'django': sorted(one for one in sys.modules if one.split('.')[0] in ('django', 'soildesk'))}\n"
        "(Path(sys.argv[2]) / 'answer.json').write_text(json.dumps({'refused':"
        " {'code': 'no_file', 'params': {'name': json.dumps(found)}}}))\n",
        "utf-8",
    )
    monkeypatch.setattr(gis_sandbox, "CHILD", probe)
    with pytest.raises(UnreadableGis) as caught:
        inspect_in_child(tmp_path, "x")
    found = json.loads(caught.value.message.params["name"])
    assert set(found["drivers"]) == gdal.DRIVERS
    assert not any("SECRET" in name or "HOME" in name for name in found["environment"])
    assert found["environment"]["CPL_VSIL_CURL_ALLOWED_EXTENSIONS"] == ".none"
    assert not any(one.startswith("django") for one in found["django"])


def test_a_breakdown_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "breaks.py"
    for text, code in (
        ("raise MemoryError", "too_much_memory"),
        ("import os; os.abort()", "reader_failed"),
        ("raise OSError(27, 'File too large')", "too_much_output"),
        ("import sys; sys.stdout.write('no arrow'); sys.exit(5)", "reader_failed"),
    ):
        child.write_text(text, "utf-8")
        monkeypatch.setattr(gis_sandbox, "CHILD", child)
        with pytest.raises(UnreadableGis) as caught:
            list(read_in_child(geopackage(tmp_path), "地块.gpkg"))
        assert caught.value.code == code
        assert "地块.gpkg" in caught.value.sentence()


def test_nothing_is_left_in_the_folder_for_passing_files(tmp_path: Path) -> None:
    path = geopackage(tmp_path)
    place = tmp_path / "passing"
    place.mkdir()
    program = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from soildesk.core.gis_sandbox import read_in_child\n"
        "print(sum(one.num_rows for one in read_in_child(Path(sys.argv[2]), 'a')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, sandbox.SOURCE, str(path)],
        env={"TMPDIR": str(place), "PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "3"
    assert list(place.iterdir()) == []
