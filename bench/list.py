"""Measure a register list of a million rows against Django's admin list of the same rows and columns, in one run.

`python bench/list.py [--rows N] [--rounds N]` makes a home of its own in a temporary folder, fills it with parcels and
asks both lists for a hundred rows: at places spread from the first page to the last, in the usual order, by area, and
filtered by kind. The admin skips rows to reach a page and counts them all; the desk begins after a row and counts to
ten thousand. It prints p50 and p95 of both in milliseconds, each kind of question and all; then what is loaded only on
request. The exit code is 1 where the desk is less than twice as fast at p95.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import shapely

ROOT = Path(__file__).resolve().parent.parent
TIMES = 2.0
AT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
CHUNK = 20_000
PAGE = 100
LIST = "/kit/r/parcels/?cols=number,name,code,kind,use_now,use_planned,holder,area_m2,mu,since"
KINDS = ("lot", "patch", "plot")
WORDS = ("柏庄镇东地块", "城关街道旧厂区", "军庄镇粮库用地", "清水乡果园")


def set_up(home: str) -> None:
    """The desk in `home`, with the admin beside it."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench")]
    from list_desk import DAY

    os.environ |= {
        "SOILDESK_HOME": home,
        "SOILDESK_TODAY": DAY.isoformat(),
        "DJANGO_SETTINGS_MODULE": "list_desk.settings",
    }
    Path(home, "static").mkdir(exist_ok=True)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def number_of(n: int) -> str:
    """The number of the n-th parcel."""
    return f"DK-990101-2026-{n:07d}"


def fill(count: int) -> Any:
    """`count` parcels; returns the person who looks at them."""
    from django.db import connection
    from list_desk import PATH

    from soildesk.core.models import Department, Division, Person, RoleGrant

    district = Division.objects.create(code="990101", name="青禾区", level="county", path=PATH)
    office = Department.objects.create(name="青禾区生态环境局", short_name="区生态环境局", division=district)
    for start in range(0, count, CHUNK):
        fill_chunk(range(start, min(start + CHUNK, count)), office)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    person = Person.objects.create(username="bench", name="测速", department=office)
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.OFFICER, division=district)
    return person


def fill_chunk(positions: range, office: Any) -> None:
    """Parcels in a grid, each with one version; every third has another kind, areas are as chance has it."""
    from soildesk.core.geometry.loading import load
    from soildesk.land.models import Parcel, ParcelVersion

    count = len(positions)
    chance = np.random.default_rng(positions.start)
    ids = [n + 1 for n in positions]
    load(Parcel, {"id": ids, "number": [number_of(n) for n in positions]})
    west, south = 114 + (np.array(ids) % 1000) * 0.002, 34 + (np.array(ids) // 1000) * 0.002
    boxes = shapely.box(west, south, west + 0.0015, south + 0.0015)
    load(
        ParcelVersion,
        {
            "id": ids, "parcel": ids, "division_path": office.division.path, "owner_department": office,
            "kind": [KINDS[n % 3] for n in positions], "name": [f"{WORDS[n % 4]}{n}" for n in positions],
            "code": [f"990101{n:07d}GB00001" for n in positions], "location": "青禾区", "use_system": "guide2023",
            "use_now": ["1001"] * count, "use_planned": ["0701"] * count, "holder": [f"第{n % 997}合作社" for n in positions],
            "holder_kind": "collective", "area_m2": (chance.random(count) * 90_000 + 100).tolist(),
            "geometry": shapely.multipolygons(boxes[:, None]), "since": AT.date(), "recorded_at": AT, "reason": "移交",
        },
    )  # fmt: skip


def clients(person: Any) -> tuple[Any, Any]:
    """A logged-in browser for each list. The admin's own rights are given to its visitor, or it would show nothing."""
    from django.contrib import admin
    from django.test import Client

    admin.site.has_permission = lambda request: request.user.is_authenticated  # type: ignore[method-assign]
    for act in ("module", "view", "add", "change", "delete"):
        name = "has_module_permission" if act == "module" else f"has_{act}_permission"
        setattr(admin.ModelAdmin, name, lambda self, request, obj=None: True)
    made = []
    for _ in range(2):
        client = Client(headers={"host": "localhost"})
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        made.append(client)
    return made[0], made[1]


def timed(client: Any, url: str, least: int = 20_000) -> float:
    """Milliseconds until the whole page is there."""
    begin = time.perf_counter()
    response = client.get(url)
    took = (time.perf_counter() - begin) * 1000
    if response.status_code != 200 or len(response.content) < least:
        raise SystemExit(f"{url} answered {response.status_code} with {len(response.content)} bytes: nothing measured.")
    return took


def questions(rows: int, rounds: int) -> Iterator[tuple[str, str, str]]:
    """Kind of question, the desk's address and the admin's: the same hundred rows."""
    from soildesk.kit.keyset import Place
    from soildesk.land.models import ParcelVersion

    chance = random.Random(7)  # noqa: S311
    for _ in range(rounds):
        page = chance.randrange(rows // PAGE - 1)
        at = number_of(page * PAGE - 1), page * PAGE
        yield (
            "by number",
            f"{LIST}&after={Place(at, page * PAGE).token()}" if page else LIST,
            f"p={page + 1}",
        )
    by_area = ParcelVersion.objects.order_by("-area_m2", "pk").values_list("area_m2", "pk")
    for _ in range(rounds // 2):
        page = chance.randrange(1, rows // PAGE - 1)
        area, pk = by_area[page * PAGE - 1]
        token = Place((area, pk), page * PAGE).token()
        yield "by area", f"{LIST}&sort=-area_m2&after={token}", f"o=-8&p={page + 1}"
    for _ in range(rounds // 2):
        page = chance.randrange(1, rows // PAGE // 3 - 1)
        n = page * PAGE * 3 - 1  # the third of three kinds stands at every n that leaves 2
        token = Place((number_of(n), n + 1), page * PAGE).token()
        yield "one kind", f"{LIST}&kind=plot&after={token}", f"kind__exact=plot&p={page + 1}"


def measure(person: Any, rows: int, rounds: int) -> dict[str, tuple[list[float], list[float]]]:
    """Both lists by turns, so that what else the machine does meets both alike."""
    desk, admin = clients(person)
    timed(desk, LIST)
    timed(admin, "/admin/land/parcelversion/")
    told: dict[str, tuple[list[float], list[float]]] = {}
    for kind, own, theirs in questions(rows, rounds):
        both = told.setdefault(kind, ([], []))
        both[0].append(timed(desk, own))
        both[1].append(timed(admin, f"/admin/land/parcelversion/?{theirs}"))
    for part in ("count", "totals"):
        took = timed(desk, f"{LIST}&part={part}", least=1)
        sys.stdout.write(f"on request: {part:<7} {took:8.1f} ms\n")
    search = quote("旧厂区99999")
    both = [
        timed(desk, f"{LIST}&q={search}", 5_000),
        timed(admin, f"/admin/land/parcelversion/?q={search}", 5_000),
    ]
    sys.stdout.write(f"searched for part of a name: desk {both[0]:.0f} ms, admin {both[1]:.0f} ms\n")
    return told


def p95(values: list[float]) -> float:
    """The value that nineteen in twenty do not exceed."""
    return statistics.quantiles(values, n=20)[-1]


def main() -> int:
    """Run, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soildesk-bench.") as home:
        set_up(home)
        person = fill(given.rows)
        told = measure(person, given.rows, given.rounds)
    told["all"] = ([v for own, _ in told.values() for v in own], [v for _, theirs in told.values() for v in theirs])
    sys.stdout.write(f"{given.rows:,} parcels, {len(told['all'][0])} pages of {PAGE} rows each\n")
    for kind, (own, theirs) in told.items():
        sys.stdout.write(
            f"{kind:<10} desk p50 {statistics.median(own):7.1f} p95 {p95(own):7.1f} ms   "
            f"admin p50 {statistics.median(theirs):7.1f} p95 {p95(theirs):7.1f} ms   {p95(theirs) / p95(own):6.1f} times\n"
        )
    ratio = p95(told["all"][1]) / p95(told["all"][0])
    sys.stdout.write(f"the register list is {ratio:.1f} times as fast at p95 (wanted: {TIMES:.0f})\n")
    return 0 if ratio >= TIMES else 1


if __name__ == "__main__":
    sys.exit(main())
