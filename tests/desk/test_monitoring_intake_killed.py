"""kill -9 at every stage of an import, a full disk, two imports at once: nothing half-written is ever seen, nothing lost."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from killable import COMMAND, KillableDesk

SAMPLES = 4_000
ANALYTES = ("镉", "砷", "铅")
ROWS = SAMPLES * len(ANALYTES)
CAMPAIGN = "JC-990101-2026-001"
WORLD = f"""
from datetime import date
from soildesk.core import clock
from soildesk.core.geometry.loading import load
from soildesk.core.models import Department, Division, Person, RoleGrant
from soildesk.monitoring.models import Campaign, SamplingTask
place = Division.objects.create(code="990101", name="青禾区", level=Division.Level.COUNTY, path="990101/")
office = Department.objects.create(name="青禾区生态环境局", division=place)
person = Person.objects.create(username="officer", name="officer", department=office)
RoleGrant.objects.create(person=person, role=RoleGrant.Role.OFFICER, division=place)
campaign = Campaign.objects.create(
    number="{CAMPAIGN}", title="例行", kind="routine", state="running", organiser=office, starts_on=date(2026, 9, 1),
    ends_on=date(2026, 12, 1), created_at=clock.now(), division_path=place.path, owner_department=office)
load(SamplingTask, {{
    "campaign": campaign.pk, "code": [f"S{{n:05d}}" for n in range({SAMPLES})], "role": "ordinary", "medium": "soil",
    "state": "received", "division_path": place.path, "owner_department": office, "dropped_reason": ""}})
"""
STAGES = {
    "made": "select count(*) from monitoring_batch",
    "loading": "select count(*) >= 5000 from monitoring_result",
    "findings": "select count(*) > 0 from monitoring_batchfinding",
}
"""When the process is killed: as soon as the query says yes."""
RUN = f"""
import os
from soildesk.monitoring import loading
loading.YIELD_SECONDS = float(os.environ["SLOW"])
{COMMAND}"""


class Desk(KillableDesk):
    """A desk that takes in results of a laboratory."""

    def file(self, name: str) -> Path:
        """A file of results; every name is another file. One row has a finding."""
        path = self.folder / f"{name}.csv"
        lines = [
            f"S{n:05d},{analyte},0.{n % 89 + 10},mg/kg,0.01,2026-09-{n % 20 + 1:02d},2026-09-28,土壤"
            for n in range(SAMPLES) for analyte in ANALYTES
        ]  # fmt: skip
        head = "样品编号,分析项目,检测值,单位,检出限,采样日期,分析日期,介质"
        path.write_text(
            "\n".join([head, *lines, f"S00000,汞,0.0{len(name)},mg/kg,,2026-09-01,2026-09-28,土壤"]), "utf-8"
        )
        return path

    def importing(self, path: Path, slow: float = 0.01, program: str = RUN) -> subprocess.Popen[bytes]:
        words = ("results", "import", str(path), "--campaign", CAMPAIGN, "--json")
        return self.start(program, *words, SLOW=str(slow))

    def killed(self, path: Path, when: str) -> None:
        """Import, and kill -9 as soon as a query says yes."""
        self.kill(self.importing(path, slow=0.5), when)

    def whole(self, path: Path) -> str:
        """Import to the end; what was said."""
        out, err = self.importing(path).communicate(timeout=120)
        assert '"ok": true' in out.decode(), err.decode()
        return out.decode()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: Any, migrated: Path) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("killed"), migrated, WORLD)
    yield made
    made.mother.end()


@pytest.fixture(autouse=True)
def emptied(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.base, timeout=20)) as base:
        for table in ("result", "batchfinding", "qualitysample", "batch"):
            base.execute(f"delete from monitoring_{table}")
        base.execute("delete from core_fileuse")
        base.commit()
        base.execute("vacuum")


@pytest.mark.parametrize("stage", STAGES)
def test_killed_at_every_stage_it_goes_on(desk: Desk, stage: str) -> None:
    path = desk.file(stage)
    desk.killed(path, STAGES[stage])
    assert desk.ask("select count(*) from monitoring_batch where state = 'loading'") == 1
    assert desk.ask("select count(*) from monitoring_batch where state <> 'loading'") == 0  # nothing of it is seen
    written = desk.ask("select count(*) from monitoring_result")
    assert written == desk.ask("select rows from monitoring_batch")  # whole chunks, and as many as it says
    first = desk.ask("select coalesce(min(id), 0) from monitoring_result")
    desk.whole(path)
    assert desk.ask("select count(*) from monitoring_result") == ROWS + 1
    assert desk.ask("select count(distinct sample || analyte) from monitoring_result") == ROWS + 1
    assert desk.ask("select count(*) from monitoring_batch where state = 'checked'") == 1
    assert desk.ask("select count(*) from monitoring_batchfinding where rule = 'lod_missing'") == 1
    if written:
        assert desk.ask("select min(id) from monitoring_result") == first  # it went on, and did not begin again


def test_what_nobody_takes_up_again_is_swept_away(desk: Desk) -> None:
    desk.killed(desk.file("orphan"), STAGES["loading"])
    sweep = (
        "from datetime import timedelta\n"
        "from soildesk.core import clock\n"
        "from soildesk.monitoring.services import intake\n"
        "assert intake.drop_orphans() == 0\n"
        "assert intake.drop_orphans(clock.now() + timedelta(hours=2)) == 1\n"
    )
    desk.run(sweep)
    for table in ("result", "batch", "batchfinding"):
        assert desk.ask(f"select count(*) from monitoring_{table}") == 0
    assert desk.ask("select count(*) from core_fileuse where subject_type = 'monitoring.batch'") == 0


def test_two_imports_of_one_file_at_once_make_one_batch(desk: Desk) -> None:
    path = desk.file("both")
    both = [desk.importing(path), desk.importing(path)]
    said = [one.communicate(timeout=120) for one in both]
    codes = sorted(one.returncode for one in both)
    assert codes in ([0, 0], [0, 1]), said
    if codes == [0, 1]:
        assert any("正在读入" in out.decode() or "另一进程" in out.decode() for out, _err in said), said
    assert desk.ask("select count(*) from monitoring_batch") == 1
    assert desk.ask("select count(*) from monitoring_batch where state = 'checked'") == 1
    assert desk.ask("select count(*) from monitoring_result") == ROWS + 1


def test_two_imports_of_one_campaign_at_once(desk: Desk) -> None:
    both = [desk.importing(desk.file("one")), desk.importing(desk.file("other"))]
    for one in both:
        out, err = one.communicate(timeout=120)
        assert one.returncode == 0, err.decode() + out.decode()
    assert desk.ask("select count(*) from monitoring_batch where state = 'checked'") == 2
    assert desk.ask("select count(distinct number) from monitoring_batch") == 2
    assert desk.ask("select count(*) from monitoring_result") == 2 * (ROWS + 1)


def test_a_full_disk_is_said_and_the_file_goes_on_later(desk: Desk) -> None:
    path = desk.file("full")
    full = RUN.replace(
        "from soildesk.cli import main",
        "from django.db.backends.signals import connection_created\n"
        "def narrow(connection, **known):\n"
        "    pages = connection.cursor().execute('pragma page_count').fetchone()[0]\n"
        "    connection.cursor().execute(f'pragma max_page_count = {pages + 900}')\n"
        "connection_created.connect(narrow)\n"
        "from soildesk.cli import main",
    )
    process = desk.importing(path, program=full)
    out, err = (told.decode() for told in process.communicate(timeout=120))
    assert process.returncode == 1, out + err
    assert "monitoring.batch.no_space" in out
    assert "磁盘空间不足" in err
    assert desk.ask("select count(*) from monitoring_batch where state = 'loading'") == 1
    written = desk.ask("select count(*) from monitoring_result")
    assert 0 < written < ROWS
    assert written == desk.ask("select rows from monitoring_batch")
    desk.whole(path)
    assert desk.ask("select count(*) from monitoring_result") == ROWS + 1
    assert desk.ask("select count(*) from monitoring_batch where state = 'checked'") == 1
