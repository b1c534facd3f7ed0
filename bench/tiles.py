"""Measure vector tiles over one million polygons, on SQLite and on PostGIS, against a bare ST_AsMVT, in one run.

`python bench/tiles.py [--rows N] [--tiles N]` makes a home of its own and a private PostgreSQL, fills the table of
zones as the importers do, and asks for tiles of one layer as an officer of the district: the scoped query and the
encoder, no HTTP, every tile for the first time and never twice. On PostgreSQL each tile is also asked of PostGIS
alone, `ST_AsMVT` over the same rows with the same properties; which of the two comes first changes from tile to tile.

It prints p50 and p95 of zooms 12 to 14 with their ratios, each and together, and time and size of every zoom. The
exit code is 1 where p95 of the three together is on either store more than twice that of the bare query, or where a
tile is larger than 1 MB. At zoom 14 alone, a tile of some hundred shapes, asking who may see what is half of the time.
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
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parent))
from store import BLOCK, HEIGHT, ROOT, SOUTH, WEST, WIDTH, polygons, set_up

MOST_TIMES, MOST_KB = 2.0, 1000
NEAR, FAR = (12, 13, 14), (5, 6, 7, 8, 9, 10, 11)
INSIDE = (WEST + 0.1, SOUTH + 0.1, WEST + WIDTH - 0.1, SOUTH + HEIGHT - 0.1)
DAY = date(2026, 11, 20)
M2_A_SQUARE_DEGREE = 111_000.0 * 91_000.0
BARE = """
SELECT ST_AsMVT(tile, 'bench', 4096, 'geom', 'id') FROM (
  SELECT id, uid::text AS key, name AS title, area_m2,
         ST_AsMVTGeom(ST_Transform(geometry, 3857), ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4096, 64, true) AS geom
  FROM land_zone
  WHERE edition_id = %(edition)s AND geometry && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)
) AS tile WHERE geom IS NOT NULL
"""


def fill(edition: Any, rows: int) -> None:
    """The layer, as the importers fill it, and the statistics PostgreSQL would gather by itself."""
    from django.db import connection

    from soildesk.core.geometry.loading import load
    from soildesk.land.models import Zone

    layer = edition.layer
    for number, start in enumerate(range(0, rows, BLOCK)):
        shapes = polygons(min(BLOCK, rows - start), number)
        load(
            Zone,
            {
                "edition": edition, "division_path": layer.division_path, "owner_department": layer.owner_department,
                "code": [str(start + n) for n in range(len(shapes))], "name": [f"第{start + n}号" for n in range(len(shapes))],
                "level": "", "attributes": {}, "area_m2": shapely.area(shapes) * M2_A_SQUARE_DEGREE, "geometry": shapes,
            },
        )  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE land_zone")


def officer(edition: Any) -> Any:
    """Who asks."""
    from soildesk.core.models import Person, RoleGrant
    from soildesk.core.permissions import Actor

    office = edition.layer.owner_department
    person = Person.objects.create(username="officer", name="周明", department=office)
    RoleGrant.objects.create(
        person=person, role=RoleGrant.Role.OFFICER, division=office.division, since=date(2026, 1, 1)
    )
    return Actor.of(person, DAY)


def chosen(count: int) -> dict[int, list[tuple[int, int]]]:
    """The tiles asked for at each zoom, the same on both stores: well inside for the near zooms, any for the far."""
    from soildesk.maps.tilegrid import covering

    chance = np.random.default_rng(7)
    found = {z: list(covering((WEST, SOUTH, WEST + WIDTH, SOUTH + HEIGHT), z)) for z in FAR}
    found |= {z: list(covering(INSIDE, z)) for z in NEAR}
    return {z: [each[n] for n in chance.permutation(len(each))[:count]] for z, each in found.items()}


def bare(edition: Any) -> Callable[..., int]:
    """PostGIS alone; the size of its tile."""
    from django.db import connection

    from soildesk.maps.tilegrid import bounds_4490

    cursor = connection.cursor()
    cursor.execute("SET max_parallel_workers_per_gather = 0; SET jit = off")

    def asked(z: int, x: int, y: int) -> int:
        west, south, east, north = bounds_4490(z, x, y, buffer=64)
        cursor.execute(BARE, {"z": z, "x": x, "y": y, "edition": edition.pk, "west": west, "south": south, "east": east, "north": north})  # fmt: skip
        return len(cursor.fetchone()[0])

    return asked


def ours(actor: Any) -> Callable[..., int]:
    """The desk's tile, from the question who may see what; the size of the tile."""
    from django.http import QueryDict

    from soildesk.kit.seen import Seen, seen
    from soildesk.maps.tiles import Tiles

    found = seen("bench", actor, DAY)
    assert found is not None

    def asked(z: int, x: int, y: int) -> int:
        return len(Tiles(Seen(found.declared, actor, DAY), QueryDict()).tile(z, x, y))

    return asked


def child(rows: int, count: int) -> dict[str, Any]:
    """Fill and ask the store this process was started for."""
    edition = set_up()
    from django.db import connection

    fill(edition, rows)
    ways = {"desk": ours(officer(edition))}
    if connection.vendor == "postgresql":
        ways["bare"] = bare(edition)
    for way in ways.values():
        way(*(14, *chosen(1)[14][0]))  # what Python and the server do only once
    told: dict[str, Any] = {"store": connection.vendor, **{way: {} for way in ways}}
    for z, tiles in chosen(count).items():
        measured: dict[str, list[tuple[float, int]]] = {way: [] for way in ways}
        for number, (x, y) in enumerate(tiles):
            asked = [way for way in ways if z in NEAR or way == "desk"]
            for way in asked[:: -1 if number % 2 else 1]:
                begin = time.perf_counter()
                size = ways[way](z, x, y)
                measured[way].append(((time.perf_counter() - begin) * 1000, size))
        for way, each in measured.items():
            told[way][str(z)] = each
    return told


def run(store: str, rows: int, count: int) -> dict[str, Any]:
    """One store in a process of its own."""
    command = [sys.executable, str(Path(__file__)), "--child", "--rows", str(rows), "--tiles", str(count)]
    if store == "postgresql":
        command = [str(ROOT / "bin/localpg"), *command]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "SOILDESK_HOME": home}
        environment.pop("SOILDESK_DATABASE_URL", None)
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def p95(times: list[float]) -> float:
    """The time that one in twenty exceeds."""
    return sorted(times)[int(len(times) * 0.95)]


def near(told: list[dict[str, Any]]) -> float:
    """Print the zooms that are compared; the larger ratio of p95 over all of them."""
    base = {z: [ms for ms, _size in told[0]["bare"][str(z)]] for z in NEAR}
    for z in (*NEAR, "all"):
        zooms = NEAR if z == "all" else (z,)
        theirs = [ms for zoom in zooms for ms in base[zoom]]
        ratios = []
        line = f"z{z:<3} bare ST_AsMVT p50 {statistics.median(theirs):6.1f} p95 {p95(theirs):6.1f} ms"
        for each in told:
            own = [ms for zoom in zooms for ms, _size in each["desk"][str(zoom)]]
            ratio = p95(own) / p95(theirs)
            ratios.append(ratio)
            line += f"   {each['store']} p50 {statistics.median(own):6.1f} p95 {p95(own):6.1f} ms: {ratio:.2f} times"
        sys.stdout.write(line + "\n")
    return max(ratios)


def far(told: list[dict[str, Any]]) -> float:
    """Print time and size of every zoom; the largest tile in kB."""
    largest = 0.0
    for z in (*FAR, *NEAR):
        line = f"z{z:<3} {len(told[0]['desk'][str(z)]):>4} tiles, largest"
        for each in told:
            times, sizes = zip(*each["desk"][str(z)], strict=True)
            largest = max(largest, max(sizes) / 1000)
            line += f"   {each['store']} {max(sizes) / 1000:6.1f} kB, p50 {statistics.median(times):6.1f}, slowest {max(times):6.1f} ms"
        sys.stdout.write(line + "\n")
    return largest


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--tiles", type=int, default=150, help="tiles a zoom")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        sys.stdout.write(json.dumps(child(options.rows, options.tiles)) + "\n")
        return 0
    told = [run(store, options.rows, options.tiles) for store in ("postgresql", "sqlite")]
    worst, largest = near(told), far(told)
    sys.stdout.write(f"p95 at most {worst:.2f} times the bare query (limit {MOST_TIMES}), largest tile {largest:.0f} kB (limit {MOST_KB})\n")  # fmt: skip
    return int(worst > MOST_TIMES or largest > MOST_KB)


if __name__ == "__main__":
    raise SystemExit(main())
