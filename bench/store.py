"""Measure the geometry field: one million polygons in and questions out, on SQLite and on PostGIS, in one run.

`python bench/store.py [--rows N] [--queries N]` makes a home of its own and a private PostgreSQL. On each store
it fills the table of zones, half of it as the desk's importers do and half by bare INSERT into the same table with
the same indexes and triggers, by turns of 20,000 rows. Bare SQL starts from values that are ready (the bytes of the
shapes too), the desk from shapes. Then it asks for the polygons that meet a plot-sized one, through the ORM.

It prints rows a second of both and their ratio, and p50 and p95 of the question on both stores. The exit code is
1 where the desk inserts at less than half the rate of bare SQL, or where SQLite's p95 is more than twice PostGIS's.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely

ROOT = Path(__file__).resolve().parent.parent
LEAST_INSERT, MOST_QUERY = 0.5, 2.0
BLOCK = 20_000
BATCH = 2_000
WEST, SOUTH, WIDTH, HEIGHT = 115.0, 35.0, 2.0, 2.0
CORNERS = 10
AT = datetime(2026, 11, 20, tzinfo=UTC)
COLUMNS = (
    "uid",
    "division_path",
    "owner_department_id",
    "edition_id",
    "code",
    "name",
    "level",
    "attributes",
    "area_m2",
)


def polygons(count: int, seed: int) -> np.ndarray:
    """`count` ten-cornered polygons of some 60 to 250 m across, spread over the district."""
    chance = np.random.default_rng(seed)
    middle = np.column_stack([WEST + chance.random(count) * WIDTH, SOUTH + chance.random(count) * HEIGHT])
    size = chance.uniform(3e-4, 1.2e-3, count)
    angle = np.sort(chance.random((count, CORNERS)), axis=1) * 2 * np.pi
    radius = size[:, None] * chance.uniform(0.7, 1.0, (count, CORNERS))
    corners = middle[:, None, :] + np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2)
    return shapely.polygons(corners)


def plots(count: int) -> np.ndarray:
    """Plots to ask with: rectangles of some 300 m by 200 m, turned."""
    chance = np.random.default_rng(99)
    boxes = [shapely.box(-1.6e-3, -1e-3, 1.6e-3, 1e-3)] * count
    turned = [
        shapely.affinity.rotate(box, angle) for box, angle in zip(boxes, chance.uniform(0, 90, count), strict=True)
    ]
    at = zip(WEST + chance.random(count) * WIDTH, SOUTH + chance.random(count) * HEIGHT, turned, strict=True)
    return np.array([shapely.affinity.translate(shape, x, y) for x, y, shape in at])


def set_up() -> Any:
    """The desk's tables, and an edition to fill."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "soildesk.settings"
    sys.path.insert(0, str(ROOT / "src"))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from soildesk.core.models import Department, Division
    from soildesk.land.models import Layer, LayerEdition

    district = Division.objects.create(code="990101", name="青禾区", level="county", path="99/9901/990101/")
    office = Department.objects.create(name="区生态环境局", division=district)
    layer = Layer.objects.create(
        code="bench", title="测速", created_at=AT, division_path=district.path, owner_department=office
    )
    return LayerEdition.objects.create(layer=layer, since=date(2026, 1, 1), recorded_at=AT, state="accepted")


def by_desk(edition: Any, shapes: np.ndarray, start: int) -> float:
    """Seconds to insert a block as the desk's importers do, from shapes."""
    from soildesk.core.geometry.loading import load
    from soildesk.land.models import Zone

    layer = edition.layer
    begin = time.perf_counter()
    load(
        Zone,
        {
            "edition": edition, "division_path": layer.division_path, "owner_department": layer.owner_department,
            "code": [str(start + n) for n in range(len(shapes))], "name": "", "level": "", "attributes": {},
            "area_m2": 0.0, "geometry": shapes,
        },
    )  # fmt: skip
    return time.perf_counter() - begin


def by_sql(edition: Any, shapes: np.ndarray, start: int) -> float:
    """Seconds to insert a block by SQL alone, from ready values."""
    from django.db import connection, transaction

    from soildesk.core.geometry.field import encoded
    from soildesk.core.models import new_uid

    layer = edition.layer
    postgis = connection.vendor == "postgresql"
    values = [
        (
            str(uid) if postgis else uid.hex, layer.division_path, layer.owner_department_id, edition.pk, str(start + n),
            "", "", "{}", 0.0, encoded(shape, connection),
        )
        for n, (uid, shape) in enumerate(zip((new_uid() for _ in shapes), shapes, strict=True))
    ]  # fmt: skip
    one = "(" + ", ".join(["%s"] * len(COLUMNS)) + (", ST_GeomFromEWKB(%s))" if postgis else ", %s)")
    head = f"INSERT INTO land_zone ({', '.join(COLUMNS)}, geometry) VALUES "  # noqa: S608
    begin = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        if postgis:  # many rows a statement is the fastest INSERT psycopg has
            for at in range(0, len(values), BATCH):
                rows = values[at : at + BATCH]
                cursor.execute(head + ", ".join([one] * len(rows)), [value for row in rows for value in row])
        else:
            cursor.executemany(head + one, values)
    return time.perf_counter() - begin


def child(rows: int, queries: int) -> dict[str, Any]:
    """Fill and ask the store this process was started for."""
    from django.db import connection

    edition = set_up()
    took = {"desk": 0.0, "sql": 0.0}
    for number, start in enumerate(range(0, rows, BLOCK)):
        way = ("desk", "sql")[number % 2]
        took[way] += (by_desk if way == "desk" else by_sql)(edition, polygons(BLOCK, number), start)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE land_zone")
    from soildesk.land.models import Zone

    times, hits = [], 0
    for number, plot in enumerate(plots(queries + 20)):
        begin = time.perf_counter()
        found = list(Zone.objects.filter(geometry__intersects=plot).values_list("pk", flat=True))
        if number >= 20:
            times.append((time.perf_counter() - begin) * 1000)
            hits += len(found)
    times.sort()
    half = rows / 2
    return {
        "store": connection.vendor, "desk_rate": half / took["desk"], "sql_rate": half / took["sql"],
        "p50": statistics.median(times), "p95": times[int(len(times) * 0.95)], "hits": hits,
    }  # fmt: skip


def run(store: str, rows: int, queries: int) -> dict[str, Any]:
    """One store in a process of its own."""
    command = [sys.executable, str(Path(__file__)), "--child", "--rows", str(rows), "--queries", str(queries)]
    if store == "postgresql":
        command = [str(ROOT / "bin/localpg"), *command]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "SOILDESK_HOME": home}
        environment.pop("SOILDESK_DATABASE_URL", None)
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        sys.stdout.write(json.dumps(child(options.rows, options.queries)) + "\n")
        return 0
    told = [run(store, options.rows, options.queries) for store in ("sqlite", "postgresql")]
    if told[0]["hits"] != told[1]["hits"]:
        raise SystemExit(f"the stores disagree: {told[0]['hits']} and {told[1]['hits']} hits.")
    slow = False
    for each in told:
        ratio = each["desk_rate"] / each["sql_rate"]
        slow |= ratio < LEAST_INSERT
        sys.stdout.write(
            f"{each['store']:<11} insert: the desk {each['desk_rate']:,.0f} rows/s, bare SQL {each['sql_rate']:,.0f}: "
            f"{ratio:.2f} (wanted {LEAST_INSERT})   intersects: p50 {each['p50']:.2f} ms, p95 {each['p95']:.2f} ms, "
            f"{each['hits']} hits\n"
        )
    times = told[0]["p95"] / told[1]["p95"]
    sys.stdout.write(f"intersects p95, SQLite against PostGIS: {times:.2f} times (limit {MOST_QUERY})\n")
    return int(slow or times > MOST_QUERY)


if __name__ == "__main__":
    raise SystemExit(main())
