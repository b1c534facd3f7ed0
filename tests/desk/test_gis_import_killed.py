"""kill -9 in the middle of an import: nothing half-written is seen, and the same file goes on where it stopped."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from desk.gis_world import feature, geojson, square

ROWS = 3_000
WORLD = """
import gc; gc.disable()
import django; django.setup()
from datetime import date
from soildesk.core import clock
from soildesk.core.models import Department, Division, Person, RoleGrant
from soildesk.core.permissions import Actor
from soildesk.land.services import layers
from soildesk.land.services.writing import Place
place = Division.objects.create(code="990101", name="青禾区", level=Division.Level.COUNTY, path="990101/")
office = Department.objects.create(name="青禾区生态环境局", division=place)
person = Person.objects.create(username="officer", name="officer", department=office)
RoleGrant.objects.create(person=person, role=RoleGrant.Role.OFFICER, division=place)
facts = layers.LayerFacts("redline", "生态保护红线")
layers.make(facts, Place(place, office), by=Actor.of(person, clock.today()), at=clock.now())
"""


class Desk:
    """A desk of its own in a folder, run by processes that can be killed."""

    def __init__(self, folder: Path, migrated: Path) -> None:
        self.folder = folder
        self.base = folder / "home" / "soildesk.sqlite3"
        self.base.parent.mkdir()
        shutil.copy(migrated, self.base)
        given = {"SOILDESK_HOME": str(folder / "home"), "SOILDESK_USER": "officer", "SOILDESK_TODAY": "2026-11-20"}
        self.environment = {**os.environ, **given, "DJANGO_SETTINGS_MODULE": "soildesk.settings"}
        self.environment.pop("SOILDESK_DATABASE_URL", None)
        subprocess.run([sys.executable, "-c", WORLD], env=self.environment, check=True)

    def importing(self, path: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "soildesk.cli", "gis", "import", "redline", str(path), "--json"]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def count(self, query: str) -> int:
        with closing(sqlite3.connect(self.base, timeout=20)) as base:
            return int(base.execute(query).fetchone()[0])

    def killed_after(self, path: Path, rows: int) -> int:
        """Import, and kill -9 as soon as so many rows are there; how many there were then."""
        process = self.importing(path)
        limit = time.monotonic() + 120
        while time.monotonic() < limit and process.poll() is None:
            found = self.count("select count(*) from land_zone")
            if found >= rows:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
                for stream in (process.stdout, process.stderr):
                    assert stream is not None
                    stream.close()
                return self.count("select count(*) from land_zone")
            time.sleep(0.02)
        said = process.communicate()
        raise AssertionError(f"the import was not caught in the middle: {said}")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: Any, migrated: Path) -> Desk:
    return Desk(tmp_path_factory.mktemp("killed"), migrated)


def test_a_killed_import_shows_nothing_and_goes_on(desk: Desk) -> None:
    path = geojson(desk.folder / "a.geojson", [feature(square(n * 5, side_m=4), 编号=f"R{n}") for n in range(ROWS)])
    written = desk.killed_after(path, 1_000)
    assert 0 < written < ROWS
    assert written % 1_000 == 0  # whole chunks only
    assert desk.count("select count(*) from land_layeredition where state = 'accepted'") == 0
    assert desk.count("select count(*) from kit_importbatch where state = 'loading'") == 1
    first = desk.count("select min(id) from land_zone")

    process = desk.importing(path)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()
    assert f'"new": {ROWS}' in out.decode()
    assert desk.count("select count(*) from land_zone") == ROWS
    assert desk.count("select min(id) from land_zone") == first  # it went on, and did not begin again
    assert desk.count("select count(distinct code) from land_zone") == ROWS
    assert desk.count("select count(*) from land_layeredition") == 1
    assert desk.count("select count(*) from kit_importbatch where state = 'accepted'") == 1


def test_what_nobody_takes_up_again_is_swept_away(desk: Desk) -> None:
    path = geojson(
        desk.folder / "b.geojson", [feature(square(n * 5, 900, side_m=4), 编号=f"S{n}") for n in range(ROWS)]
    )
    desk.killed_after(path, ROWS + 1_000)
    sweep = (
        "import gc, django; gc.disable(); django.setup()\n"
        "from datetime import timedelta\n"
        "from soildesk.core import clock\n"
        "from soildesk.kit import imports\n"
        "assert imports.drop_orphans(clock.now()) == 0\n"
        "assert imports.drop_orphans(clock.now() + timedelta(hours=2)) == 1\n"
    )
    subprocess.run([sys.executable, "-c", sweep], env=desk.environment, check=True)
    assert desk.count("select count(*) from land_zone") == ROWS
    assert desk.count("select count(*) from land_layeredition") == 1
    assert desk.count("select count(*) from kit_importbatch where state = 'loading'") == 0
    assert desk.count("select count(*) from rtree_land_zone_geometry") == ROWS
