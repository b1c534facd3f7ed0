"""Measure taking in one million laboratory results from CSV, every check included.

`python bench/import.py [--rows N] [--peer-rows N]` makes homes of its own (SQLite) and measures, each in a process of its
own, and each on an empty table with all its indexes:

- bare SQL: values that are ready (matched, converted, dated) inserted by prepared statements, in the desk's chunks;
  once before and once after the desk, the mean counts;
- the desk: the file read and checked in its child process, matched to sampling tasks, loaded, compared with what stands,
  quality control judged, cells drawn, the batch checked. The pauses between chunks, made to let others write, are taken off;
- django-import-export (`pip install django-import-export`): the first rows of the same file into the same table by a
  ModelResource with its usual settings, each row's model validated and its task looked up by code, nothing else checked.
  It is too slow for the whole file: it gets `--peer-rows` rows and is scaled up in proportion, which flatters it, for its
  own memory grows with the rows.

It prints seconds and rows a second, the ratios, and the highest memory of the desk's two processes for a quarter of the
file and for the whole, of a campaign of the same size. The exit code is 1 where the desk takes more than five times bare SQL, is less than thirty times
as fast as django-import-export, or needs more than a third more memory for the whole file than for its quarter.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MOST_TIMES_SQL, LEAST_TIMES_PEER, MOST_GROWTH = 5.0, 30.0, 4 / 3
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HEAD = "样品编号,分析项目,检测值,单位,检出限,采样日期,分析日期,介质,方法,批次,CMA"
ANALYTES = (
    ("镉", "cadmium", "0.01", 0.3), ("砷", "arsenic", "0.01", 9.0), ("铅", "lead", "0.1", 30.0),
    ("汞", "mercury", "0.002", 0.08), ("铬", "chromium", "4", 60.0), ("铜", "copper", "1", 25.0),
    ("镍", "nickel", "3", 28.0), ("锌", "zinc", "1", 80.0),
)  # fmt: skip
SAMPLES_A_POINT = 5


def code_of(sample: int) -> str:
    """The code of a sample."""
    return f"26001-{sample:06d}"


def results(rows: int) -> Iterator[tuple[int, int, str, str]]:
    """Sample, which analyte, the result as printed, the day of sampling; one in thirty is below its limit."""
    chance = random.Random(5)  # noqa: S311
    for at in range(rows):
        sample, which = divmod(at, len(ANALYTES))
        _name, _slug, limit, usual = ANALYTES[which]
        value = f"{usual * chance.lognormvariate(0, 0.4):.3g}" if chance.random() > 1 / 30 else f"<{limit}"
        yield sample, which, value, f"2026-09-{1 + sample % 20:02d}"


def write_csv(path: Path, rows: int) -> None:
    """The file of a laboratory, in the exchange format."""
    with path.open("w", encoding="utf-8") as out:
        out.write(HEAD + "\n")
        for sample, which, value, day in results(rows):
            name, _slug, limit, _usual = ANALYTES[which]
            out.write(
                f"{code_of(sample)},{name},{value},mg/kg,{limit},{day},2026-09-28,土壤,GB/T 17141-1997,"
                f"B{sample // 100},231512340001\n"
            )


def set_up(rows: int) -> tuple[Any, Any]:
    """An office, a running campaign with a sampling task for every sample of the file; who sends it."""
    sys.path.insert(0, str(ROOT / "src"))
    os.environ |= {"DJANGO_SETTINGS_MODULE": "soildesk.settings", "SOILDESK_TODAY": "2026-11-20"}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from soildesk.core.geometry.loading import load
    from soildesk.core.models import Department, Division, Person, RoleGrant
    from soildesk.core.permissions import Actor
    from soildesk.monitoring.models import Campaign, Point, SamplingTask

    district = Division.objects.create(code="990101", name="青禾区", level="county", path="99/9901/990101/")
    office = Department.objects.create(name="青禾区生态环境局", division=district)
    person = Person.objects.create(username="bench", name="测速", department=office)
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.OFFICER, division=district)
    campaign = Campaign.objects.create(
        number="JC-990101-2026-001", title="测速", kind="routine", state="running", organiser=office,
        starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 1), created_at=AT, division_path=district.path,
        owner_department=office,
    )  # fmt: skip
    samples = -(-rows // len(ANALYTES))
    points = -(-samples // SAMPLES_A_POINT)
    load(Point, {"id": range(1, points + 1), "number": [f"D{n:06d}" for n in range(points)]})
    load(
        SamplingTask,
        {
            "id": range(1, samples + 1), "campaign": campaign.pk, "code": [code_of(n) for n in range(samples)],
            "point": [n // SAMPLES_A_POINT + 1 for n in range(samples)], "role": "ordinary", "medium": "soil",
            "depth_from_cm": 0, "depth_to_cm": 20, "state": "received", "division_path": district.path,
            "owner_department": office, "dropped_reason": "",
        },
    )  # fmt: skip
    return campaign, Actor.of(person, date(2026, 11, 20))


class Pauses:
    """What the loader sleeps between its chunks."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def sleep(self, seconds: float) -> None:
        """Sleep and count."""
        begin = time.perf_counter()
        time.sleep(seconds)
        self.seconds += time.perf_counter() - begin


def by_desk(path: Path, rows: int, planned: int = 0) -> dict[str, float]:
    """The whole way of a file to a checked batch; `planned`: results the campaign has samples for, where they are more."""
    campaign, actor = set_up(planned or rows)
    from types import SimpleNamespace

    from soildesk.monitoring import loading
    from soildesk.monitoring.services import intake

    pauses = Pauses()
    loading.time = SimpleNamespace(sleep=pauses.sleep)  # type: ignore[assignment]
    begin = time.perf_counter()
    sent = intake.Sent(path, path.name, no_secrets=True, by_command=True)
    batch = intake.take_in(intake.begin(campaign, sent, by=actor, at=AT), sent, by=actor)
    took = time.perf_counter() - begin - pauses.seconds
    if (batch.rows, batch.errors, batch.state) != (rows, 0, "checked"):
        raise SystemExit(f"{batch.rows} rows, {batch.errors} errors, {batch.state}: nothing measured.")
    return {
        "seconds": took, "pauses": pauses.seconds, "parent_mb": peak_mb(resource.RUSAGE_SELF),
        "child_mb": peak_mb(resource.RUSAGE_CHILDREN),
    }  # fmt: skip


def peak_mb(who: int) -> float:
    """The most memory a process has had."""
    return resource.getrusage(who).ru_maxrss / 1024


def by_sql(_path: Path, rows: int) -> dict[str, float]:
    """The inserts alone, from ready values."""
    campaign, actor = set_up(rows)
    from django.db import connection, transaction

    from soildesk.core.models import new_uid
    from soildesk.monitoring.loading import CHUNK
    from soildesk.monitoring.models import Batch, Result

    batch = Batch.objects.create(
        campaign=campaign, number="PC", file_name="a.csv", sha256="0" * 64, by=actor.person, at=AT,
        division_path=campaign.division_path, owner_department=campaign.owner_department,
    )  # fmt: skip
    fields = [field.column for field in Result._meta.concrete_fields if field.column != "id"]
    names, holes = ", ".join(f'"{name}"' for name in fields), ", ".join(["%s"] * len(fields))
    insert = f'INSERT INTO "{Result._meta.db_table}" ({names}) VALUES ({holes})'  # noqa: S608
    took, chunk = 0.0, []
    fixed = {
        "batch_id": batch.pk, "division_path": batch.division_path, "owner_department_id": batch.owner_department_id,
        "medium": "soil", "unit": "mg/kg", "more_than": None, "qualifier": "", "depth_cm": "0-20",
        "method": "GB/T 17141-1997", "analysed_on": "2026-09-28", "corrects_id": None, "reason": "",
        "recorded_at": "2026-11-20 02:00:00", "superseded_at": None,
    }  # fmt: skip
    for at, (sample, which, value, day) in enumerate(results(rows)):
        _name, slug, limit, _usual = ANALYTES[which]
        below = value.startswith("<")
        row = fixed | {
            "uid": new_uid().hex, "task_id": sample + 1, "point_id": sample // SAMPLES_A_POINT + 1, "analyte": slug,
            "sample": code_of(sample), "printed": value, "value": None if below else float(value), "censored": below,
            "detection_limit": float(limit), "sampled_on": day, "row": at + 2,
        }  # fmt: skip
        chunk.append(tuple(row[name] for name in fields))
        if len(chunk) == CHUNK or at + 1 == rows:
            begin = time.perf_counter()
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(insert, chunk)
            took += time.perf_counter() - begin
            chunk = []
    return {"seconds": took}


def by_peer(path: Path, rows: int) -> dict[str, float]:
    """django-import-export with its usual settings; each row's task is looked up by its code."""
    campaign, actor = set_up(rows)
    import tablib
    from django.conf import settings
    from import_export import fields, resources, widgets

    from soildesk.monitoring.models import Batch, Result, SamplingTask

    settings.IMPORT_EXPORT_USE_TRANSACTIONS = True
    batch = Batch.objects.create(
        campaign=campaign, number="PC", file_name="a.csv", sha256="0" * 64, by=actor.person, at=AT,
        division_path=campaign.division_path, owner_department=campaign.owner_department,
    )  # fmt: skip
    for field in Result._meta.fields:  # its validation takes no value for a missing one
        field.blank = field.blank or field.null
    slugs = {name: slug for name, slug, _limit, _usual in ANALYTES}

    class Analyte(widgets.CharWidget):
        """The printed name of an analyte as the desk's key."""

        def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
            return slugs[value]

    class Results(resources.ModelResource):
        """Results by the headings of the exchange format."""

        task = fields.Field("task", "样品编号", widgets.ForeignKeyWidget(SamplingTask, "code"))
        sample = fields.Field("sample", "样品编号")
        analyte = fields.Field("analyte", "分析项目", Analyte())
        printed = fields.Field("printed", "检测值")
        value = fields.Field("value", "数值", widgets.FloatWidget())
        unit = fields.Field("unit", "单位")
        detection_limit = fields.Field("detection_limit", "检出限", widgets.FloatWidget())
        sampled_on = fields.Field("sampled_on", "采样日期", widgets.DateWidget("%Y-%m-%d"))
        analysed_on = fields.Field("analysed_on", "分析日期", widgets.DateWidget("%Y-%m-%d"))
        method = fields.Field("method", "方法")

        class Meta:
            model = Result
            import_id_fields = ("sample", "analyte")
            fields = (
                "task", "sample", "analyte", "printed", "value", "unit", "detection_limit", "sampled_on", "analysed_on",
                "method",
            )  # fmt: skip
            clean_model_instances = True

        def get_queryset(self) -> Any:
            return Result.objects.filter(batch=batch)

        def before_import_row(self, row: Any, **kwargs: Any) -> None:
            row["数值"] = "" if row["检测值"].startswith("<") else row["检测值"]

        def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
            self.fill(instance, row)

        def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
            super().import_instance(instance, row, **kwargs)
            self.fill(instance, row)

        def fill(self, instance: Any, row: Any) -> None:
            """What stands in no column."""
            instance.batch, instance.medium, instance.recorded_at = batch, "soil", AT
            instance.point_id, instance.censored = instance.task.point_id, row["检测值"].startswith("<")
            instance.division_path = batch.division_path
            instance.owner_department_id, instance.row = batch.owner_department_id, 2

    with path.open(encoding="utf-8") as source:
        text = "".join(line for _at, line in zip(range(rows + 1), source, strict=False))
    begin = time.perf_counter()
    found = Results().import_data(tablib.Dataset().load(text, format="csv"), raise_errors=True)
    took = time.perf_counter() - begin
    if found.totals["new"] != rows:
        raise SystemExit(f"django-import-export took {found.totals}: nothing measured.")
    return {"seconds": took}


WAYS: dict[str, Any] = {"desk": by_desk, "sql": by_sql, "peer": by_peer}


def run(way: str, path: Path, rows: int, planned: int = 0) -> dict[str, float]:
    """One way in a process and a home of its own."""
    with tempfile.TemporaryDirectory(prefix="soildesk-bench.") as home:
        environment = {**os.environ, "SOILDESK_HOME": home}
        environment.pop("SOILDESK_DATABASE_URL", None)
        command = [sys.executable, __file__, "--way", way, "--rows", str(rows), "--file", str(path)]
        command += ["--planned", str(planned)] if planned else []
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    rate = rows / told["seconds"]
    sys.stdout.write(f"{way:<5} {rows:>9,} rows {told['seconds']:8.1f} s {rate:12,.0f} rows a second\n")
    sys.stdout.flush()
    return told


def judge(rows: int, peer_rows: int) -> int:
    """Run all, print, judge."""
    with tempfile.TemporaryDirectory(prefix="soildesk-bench.") as folder:
        whole, quarter = Path(folder, "whole.csv"), Path(folder, "quarter.csv")
        write_csv(whole, rows)
        write_csv(quarter, rows // 4)
        small = run("desk", quarter, rows // 4, rows)
        first = run("sql", whole, rows)
        desk = run("desk", whole, rows)
        second = run("sql", whole, rows)
        peer = run("peer", whole, peer_rows)
    times_sql = desk["seconds"] / ((first["seconds"] + second["seconds"]) / 2)
    times_peer = peer["seconds"] * rows / peer_rows / desk["seconds"]
    growth = max(desk[name] / small[name] for name in ("parent_mb", "child_mb"))
    sys.stdout.write(
        f"pauses of the desk taken off: {desk['pauses']:.1f} s\n"
        f"the desk takes {times_sql:.1f} times as long as bare SQL (wanted: at most {MOST_TIMES_SQL:.0f})\n"
        f"django-import-export, scaled from {peer_rows:,} rows: {times_peer:.0f} times as long as the desk "
        f"(wanted: at least {LEAST_TIMES_PEER:.0f})\n"
        f"memory for a quarter and the whole: desk {small['parent_mb']:.0f} and {desk['parent_mb']:.0f} MB, "
        f"child {small['child_mb']:.0f} and {desk['child_mb']:.0f} MB: {growth:.2f} times (wanted: at most {MOST_GROWTH:.2f})\n"
    )
    met = times_sql <= MOST_TIMES_SQL and times_peer >= LEAST_TIMES_PEER and growth <= MOST_GROWTH
    return 0 if met else 1


def main() -> int:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--peer-rows", type=int, default=4_000)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--planned", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        more = {"planned": given.planned} if given.planned else {}
        sys.stdout.write(json.dumps(WAYS[given.way](given.file, given.rows, **more)) + "\n")
        return 0
    return judge(given.rows, given.peer_rows)


if __name__ == "__main__":
    sys.exit(main())
