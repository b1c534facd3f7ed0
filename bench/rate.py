"""Measure the safe-use rate of a city as of a past day against one hand-written SQL sum over the same rows, in one run.

`python bench/rate.py [--units N]` makes a home of its own in a temporary folder and fills it with units, their versions
and classes (a tenth were put into another class later, and another tenth corrected since), and measures of two years (some without
evidence, some written down or taken back after the day of knowledge, some units with two). It asks for the rate of 2025 as it
stood on 2025-12-31 and was known on 2026-01-15: by the desk's sums (method, scope, evidence, the rule itself), and by one
SELECT that joins and sums what the filler knows must count. Both must give the same areas; the exit code is 1 where the
desk takes more than three times as long. The rows of the rate, unit by unit, are timed beside it, without a limit.
No unit has two drawn measures: their union is no matter of one SELECT.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
TIMES = 3.0  # at most
ROUNDS = 3
CHUNK = 5000
DAY = date(2026, 11, 20)
ON = date(2025, 12, 31)
EARLY, KNOWN, LATE = (datetime(*day, tzinfo=UTC) for day in ((2025, 11, 1), (2026, 1, 15), (2026, 5, 1)))
CLASSES = ("priority", "safe_use", "safe_use", "strict", "priority")
KIND = {"priority": "liming", "safe_use": "liming", "strict": "fallow"}
AREA = 6000.0
SQL = """
SELECT c.farmland_class, SUM(ROUND(COALESCE(c.area_m2, v.area_of_record_m2, v.area_m2), 2)),
       SUM(MIN(COALESCE(m.largest, 0), ROUND(COALESCE(c.area_m2, v.area_of_record_m2, v.area_m2), 2)))
FROM farmland_unitversion v
JOIN farmland_unitclass c ON c.unit_id = v.unit_id AND c.recorded_at <= %s
     AND (c.superseded_at IS NULL OR c.superseded_at > %s) AND c.since <= %s AND (c.until IS NULL OR c.until > %s)
LEFT JOIN (
  SELECT m.unit_id, MAX(m.area_m2) AS largest FROM farmland_unitmeasure m
  WHERE m.year = 2025 AND m.evidence_name <> '' AND m.recorded_at <= %s AND (m.superseded_at IS NULL OR m.superseded_at > %s)
  GROUP BY m.unit_id
) m ON m.unit_id = v.unit_id
WHERE v.recorded_at <= %s AND (v.superseded_at IS NULL OR v.superseded_at > %s)
  AND v.since <= %s AND (v.until IS NULL OR v.until > %s)
  AND v.ground = 'cropland' AND v.division_path LIKE '99/9901/%%' AND c.farmland_class <> 'priority'
GROUP BY c.farmland_class
"""


def set_up(home: str) -> None:
    """The desk in `home`."""
    os.environ |= {
        "SOILDESK_HOME": home,
        "SOILDESK_TODAY": DAY.isoformat(),
        "DJANGO_SETTINGS_MODULE": "soildesk.settings",
    }
    os.environ.pop("SOILDESK_DATABASE_URL", None)
    sys.path[:0] = [str(ROOT / "src")]
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(count: int) -> Any:
    """A city of so many units; returns the person who asks."""
    from django.db import connection, transaction

    from soildesk.core.models import Department, Division, Person, RoleGrant
    from soildesk.farmland.models import ClassDecision

    city = Division.objects.create(code="9901", name="云泽市", level="city", path="99/9901/")
    office = Department.objects.create(name="云泽市农业农村局", function="agriculture", division=city)
    place = {"division_path": city.path, "owner_department_id": office.pk}
    decision = ClassDecision.objects.create(
        **place,
        number="1",
        title="批复",
        authority="示例省人民政府",
        decided_on=date(2021, 6, 30),
        since=date(2021, 6, 30),
        recorded_at=EARLY,
    )
    with transaction.atomic():
        for start in range(0, count, CHUNK):
            _chunk(range(start + 1, min(start + CHUNK, count) + 1), {**place, "keeper_id": office.pk}, decision.pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    person = Person.objects.create(username="bench", name="测速", department=office)
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.OFFICER, division=city)
    return person


def _chunk(numbers: range, place: dict[str, Any], decision: int) -> None:
    import shapely

    from soildesk.farmland.models import Unit, UnitClass, UnitMeasure, UnitVersion

    Unit.objects.bulk_create(Unit(pk=n, uid=uuid4(), number=f"NY-{n:07d}") for n in numbers)
    of_class = {key: place[key] for key in ("division_path", "owner_department_id")}
    versions, classes, measures = [], [], []
    for n in numbers:
        shape = shapely.multipolygons([shapely.box(114 + n * 1e-6, 34, 114.0008 + n * 1e-6, 34.0007)])
        versions.append(
            UnitVersion(
                **place,
                unit_id=n,
                name=f"单元 {n}",
                ground="cropland",
                area_m2=AREA + n % 1000,
                geometry=shape,
                since=date(2020, 1, 1),
                recorded_at=EARLY,
            )
        )
        classes += [UnitClass(**of_class, unit_id=n, decision_id=decision, **said) for said in _classes(n)]
        measures += [UnitMeasure(**of_class, unit_id=n, **said) for said in _measures(n, shape)]
    UnitVersion.objects.bulk_create(versions)
    UnitClass.objects.bulk_create(classes)
    UnitMeasure.objects.bulk_create(measures)


def _classes(n: int) -> Iterator[dict[str, Any]]:
    """A tenth were put into another class from 2026 on, another tenth were corrected after the day of knowledge."""
    own = CLASSES[n % 5]
    since = {"since": date(2021, 6, 30), "recorded_at": EARLY}
    if n % 10 == 7:
        yield {"farmland_class": own, **since, "until": date(2026, 3, 1)}
        yield {"farmland_class": "strict", "since": date(2026, 3, 1), "recorded_at": LATE}
    elif n % 10 == 3:
        yield {"farmland_class": own, **since, "superseded_at": LATE}
        yield {"farmland_class": "priority", "since": date(2021, 6, 30), "recorded_at": LATE}
    else:
        yield {"farmland_class": own, **since}


def _measures(n: int, shape: Any) -> Iterator[dict[str, Any]]:
    """Most units have one of 2025 and one of 2024; some have two, none with evidence, or one nobody knew of on the day."""
    said = {"kind": KIND[CLASSES[n % 5]], "evidence": "image", "evidence_name": "照片", "recorded_at": EARLY}
    said["finished_on"] = date(2025, 1, 1) + timedelta(days=n % 300)
    area = 3000 + n % 3000
    yield {**said, "year": 2024, "area_m2": area, "finished_on": date(2024, 5, 1)}
    if n % 11 == 0:
        yield {**said, "year": 2025, "area_m2": area, "evidence_name": ""}
    elif n % 13 == 0:
        yield {**said, "year": 2025, "area_m2": area, "recorded_at": LATE}
    elif n % 7:
        yield {**said, "year": 2025, "area_m2": area, "geometry": shape if n % 10 == 1 else None}
        if n % 17 == 0:
            yield {**said, "year": 2025, "area_m2": area + 500, "superseded_at": LATE}


def by_hand() -> tuple[float, float]:
    """The areas by one SELECT: all, and what counts."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(SQL, [KNOWN, KNOWN, ON, ON, KNOWN, KNOWN, KNOWN, KNOWN, ON, ON])
        rows = cursor.fetchall()
    return sum(row[1] for row in rows), sum(row[2] for row in rows)


def timed(ask: Callable[[], Any]) -> tuple[float, Any]:
    """The best of some rounds in seconds, and what it gave."""
    best, given = float("inf"), None
    for _round in range(ROUNDS):
        start = time.perf_counter()
        given = ask()
        best = min(best, time.perf_counter() - start)
    return best, given


def main() -> int:
    """Fill, ask, compare, print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    options.add_argument("--units", type=int, default=500_000)
    count = options.parse_args().units
    with tempfile.TemporaryDirectory() as home:
        set_up(home)
        from soildesk.core.permissions import Actor
        from soildesk.farmland.queries import rates
        from soildesk.farmland.queries.then import Then

        actor = Actor.of(fill(count), DAY)
        place = rates.Place("99/9901/", Then(2025, ON, KNOWN))
        hand, (whole, done) = timed(by_hand)
        desk, answer = timed(lambda: rates.total(actor, place))
        start = time.perf_counter()
        each = rates.by_unit(actor, place)
        rows = time.perf_counter() - start
    found = (float(answer.found.denominator_m2), float(answer.found.numerator_m2))
    assert all(abs(ours - theirs) < 1 for ours, theirs in zip(found, (whole, done), strict=True)), (found, whole, done)
    assert each.found.numerator_m2 == answer.found.numerator_m2
    ratio = desk / hand
    say = sys.stdout.write
    say(f"{count} units, {len(each.found.rows)} areas in the denominator, rate {float(answer.rate):.6f}\n")
    say(f"one SQL sum {hand:.2f} s, the desk's rate {desk:.2f} s: {ratio:.2f} times (limit {TIMES:.0f})\n")
    say(f"all areas as rows {rows:.2f} s\n")
    return 0 if ratio <= TIMES else 1


if __name__ == "__main__":
    sys.exit(main())
