"""kill -9 in the middle of an import: nothing half-written is seen, and the same file goes on where it stopped."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from killable import COMMAND, KillableDesk

from desk.gis_world import feature, geojson, square

ROWS = 3_000
WORLD = """
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


class Desk(KillableDesk):
    """A desk that takes in a layer."""

    def importing(self, path: Path) -> subprocess.Popen[bytes]:
        return self.start(COMMAND, "gis", "import", "redline", str(path), "--json")

    def killed_after(self, path: Path, rows: int) -> int:
        """Import, and kill -9 as soon as so many rows are there; how many there were then."""
        self.kill(self.importing(path), f"select count(*) >= {rows} from land_zone")
        return self.ask("select count(*) from land_zone")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: Any, migrated: Path) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("killed"), migrated, WORLD)
    yield made
    made.mother.end()


def test_a_killed_import_shows_nothing_and_goes_on(desk: Desk) -> None:
    path = geojson(desk.folder / "a.geojson", [feature(square(n * 5, side_m=4), 编号=f"R{n}") for n in range(ROWS)])
    written = desk.killed_after(path, 1_000)
    assert 0 < written < ROWS
    assert written % 1_000 == 0  # whole chunks only
    assert desk.ask("select count(*) from land_layeredition where state = 'accepted'") == 0
    assert desk.ask("select count(*) from kit_importbatch where state = 'loading'") == 1
    first = desk.ask("select min(id) from land_zone")

    process = desk.importing(path)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()
    assert f'"new": {ROWS}' in out.decode()
    assert desk.ask("select count(*) from land_zone") == ROWS
    assert desk.ask("select min(id) from land_zone") == first  # it went on, and did not begin again
    assert desk.ask("select count(distinct code) from land_zone") == ROWS
    assert desk.ask("select count(*) from land_layeredition") == 1
    assert desk.ask("select count(*) from kit_importbatch where state = 'accepted'") == 1


def test_what_nobody_takes_up_again_is_swept_away(desk: Desk) -> None:
    path = geojson(
        desk.folder / "b.geojson", [feature(square(n * 5, 900, side_m=4), 编号=f"S{n}") for n in range(ROWS)]
    )
    desk.killed_after(path, ROWS + 1_000)
    sweep = (
        "from datetime import timedelta\n"
        "from soildesk.core import clock\n"
        "from soildesk.kit import imports\n"
        "assert imports.drop_orphans(clock.now()) == 0\n"
        "assert imports.drop_orphans(clock.now() + timedelta(hours=2)) == 1\n"
    )
    desk.run(sweep)
    assert desk.ask("select count(*) from land_zone") == ROWS
    assert desk.ask("select count(*) from land_layeredition") == 1
    assert desk.ask("select count(*) from kit_importbatch where state = 'loading'") == 0
    assert desk.ask("select count(*) from rtree_land_zone_geometry") == ROWS
