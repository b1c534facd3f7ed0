"""Measure recomputing every task of a city against the bare SQL it needs, in one run.

`python bench/status.py [--plans N] [--tasks N] [--measures N]` loads the example district into a home of its own, adds plans
of the city and the district over five years with tasks, units, terms, progress and bindings, and asks for the standing of
every task as of a past day, known on another. Every statement sent is recorded; each distinct one is then sent again
through a bare cursor and its rows fetched, and the times are added up. Then the director's page and one scoped list of tasks
are asked for by turns. The exit code is 1 where the desk takes more than five times that sum, or the page more than three
times the list (each at p95). Times are those of the processor: the store runs in this process, and what else the machine
does weighs on neither side.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TIMES = 5.0  # at most
PAGE_TIMES = 3.0  # at most
ROUNDS, VISITS = 5, 40
PAGE, LIST = "/director/", "/plans/ledger/"
DAY = date(2026, 11, 21)
ON, KNOWN = date(2026, 9, 30), date(2026, 10, 15)
AT = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
YEARS = range(2022, 2027)
CHUNK = 2000


def set_up(home: str) -> None:
    """The example district in `home`."""
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

    from soildesk.demo.load import load

    load()
    call_command("collectstatic", interactive=False, verbosity=0)


def fill(plans: int, tasks: int, count: int) -> Any:
    """So many plans with so many tasks in all, checked by so many measures; returns who asks: the city's officer."""
    from django.db import connection, transaction

    from soildesk.core.models import Department, Division, Person
    from soildesk.kit import measures
    from soildesk.plans.models import Plan

    of_tasks = (one.id for one in measures.measures().values() if "plans.plantask" in one.subjects)
    names = sorted(of_tasks, key=lambda name: name[::-1])[:count]  # by their ends: some of every room
    places = [Division.objects.get(code=code) for code in ("9901", "990101")]
    units = list(Department.objects.filter(division__path__startswith=places[1].path)[:12])
    person = Person.objects.get(username="luomin")
    with transaction.atomic():
        for number in range(plans):
            place, year = places[number % 2], YEARS[number // 2 % len(YEARS)]
            plan = Plan.objects.create(
                division=place, division_path=place.path, owner_department_id=units[0].pk, title=f"方案 {number}",
                doc_number=f"〔{year}〕{number}号", year=year, period_start=date(year, 1, 1),
                period_end=date(year if number % 4 < 2 else year + 2, 12, 31), stage=Plan.Stage.PUBLISHED,
                imported_at=AT, published_at=AT,
            )  # fmt: skip
            _tasks(plan, tasks // plans, names, units, number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return person


def _tasks(plan: Any, count: int, names: list[str], units: list[Any], seed: int) -> None:
    from soildesk.core.models import Duty
    from soildesk.plans.models import Assignment, Binding, PlanTask, ProgressEntry

    scope = {"division_path": plan.division_path, "owner_department_id": plan.owner_department_id}
    tasks = PlanTask.objects.bulk_create(
        PlanTask(**scope, plan=plan, position=n, number=str(n), text=f"任务 {n}", origin="body", status="accepted")
        for n in range(count)
    )
    given = [(task, units[(n + seed + k) % len(units)]) for n, task in enumerate(tasks) for k in range(2)]
    rows = Assignment.objects.bulk_create(
        [
            Assignment(
                **scope, task=task, department=unit, role="lead", state="verified" if n % 3 else "under_way",
                reported_on=date(plan.year, 6, 1) if n % 3 else None, verified_at=AT if n % 3 else None,
            )
            for n, (task, unit) in enumerate(given)
        ],
        batch_size=CHUNK,
    )  # fmt: skip
    Duty.objects.bulk_create(
        [
            Duty(
                **scope, subject_type="plans.plantask", subject_id=task.pk, kind="milestone", title="节点", unit=unit,
                period="m0", due=date(plan.year, 1 + n % 12, 28), live_from=date(plan.year, 1, 1),
                done_on=date(plan.year, 1 + n % 12, 20) if n % 3 else None,
            )
            for n, (task, unit) in enumerate(given)
        ],
        batch_size=CHUNK,
    )  # fmt: skip
    ProgressEntry.objects.bulk_create(
        [ProgressEntry(assignment=row, period="m0", text="进展", at=AT) for row in rows], batch_size=CHUNK
    )
    Binding.objects.bulk_create(
        [
            Binding(task=task, measure=names[(n + seed) % len(names)], recorded_at=AT)
            for n, task in enumerate(tasks)
            if n % 10 < 9
        ],
        batch_size=CHUNK,
    )


def recorded(work: Callable[[], object]) -> list[tuple[str, Any]]:
    """The distinct statements some work sends."""
    from django.db import connection

    sent: dict[str, tuple[str, Any]] = {}

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent[repr((sql, params))] = (sql, params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        work()
    return list(sent.values())


def bare(statements: list[tuple[str, Any]]) -> float:
    """Seconds the statements take through a cursor of the driver, rows fetched."""
    from django.db import connection

    began = time.process_time()
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
    return time.process_time() - began


def visited(username: str) -> tuple[float, float]:
    """Milliseconds of the director's page and of a list of tasks that nineteen in twenty visits do not exceed."""
    from django.test import Client

    from soildesk.core.models import Person

    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    took: dict[str, list[float]] = {PAGE: [], LIST: []}
    for visit in range(VISITS + 1):
        for url, times in took.items():
            began = time.process_time()
            response = client.get(url)
            if response.status_code != 200:
                raise SystemExit(f"{url} answered {response.status_code}: nothing measured.")
            times += [(time.process_time() - began) * 1000] if visit else []
    page, list_ = (statistics.quantiles(times, n=20)[-1] for times in took.values())
    return page, list_


def main() -> int:
    """Run it; see the text above."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=200)
    parser.add_argument("--tasks", type=int, default=20_000)
    parser.add_argument("--measures", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        set_up(home)
        person = fill(options.plans, options.tasks, options.measures)
        from soildesk.core.permissions import Actor
        from soildesk.plans.queries.statuses import statuses

        actor = Actor.of(person, on=DAY)

        def ask() -> int:
            return sum(one.checked.kind != "none" for one in statuses(actor, ON, KNOWN))

        statements = recorded(ask)
        desk, sql = [], []
        for _round in range(ROUNDS):
            began = time.process_time()
            checked = ask()
            desk.append(time.process_time() - began)
            sql.append(bare(statements))
        page, list_ = visited(person.username)
    ratio = min(desk) / min(sql)
    sys.stdout.write(
        f"{options.tasks} tasks of {options.plans} plans, {checked} checked by {options.measures} measures: "
        f"{min(desk):.2f} s; {len(statements)} distinct statements bare {min(sql):.2f} s: "
        f"{ratio:.2f} times (limit {TIMES:g})\n"
    )
    sys.stdout.write(
        f"{PAGE} p95 {page:.0f} ms; {LIST} p95 {list_:.0f} ms: {page / list_:.2f} times (limit {PAGE_TIMES:g})\n"
    )
    return int(ratio > TIMES or page > PAGE_TIMES * list_)


if __name__ == "__main__":
    sys.exit(main())
