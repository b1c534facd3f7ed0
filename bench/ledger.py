"""Measure the ledger page with 100,000 tasks against Django's own admin list on the same rows, in one run.

`python bench/ledger.py [--tasks N] [--rounds N]` makes a home of its own in a temporary folder, fills one plan in
force with tasks that have units, terms, 分办 and duties, and asks both pages for a hundred rows at places spread
over the list. It prints p50 and p95 of both in milliseconds; the exit code is 1 where the ledger is less than
three times as fast at p95. The admin shows plain columns and the units; the ledger computes states as well.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TIMES = 3.0
DAY = date(2026, 11, 20)
AT = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
CHUNK = 5000
UNITS = (
    "区生态环境局",
    "区农业农村局",
    "区自然资源局",
    "区住房城乡建设局",
    "区水利局",
    "区应急管理局",
    "柏庄镇",
    "军庄镇",
)
WORDS = "督促土壤污染重点监管单位于规定时限前完成土壤污染隐患排查，建立隐患排查台账，制定整改方案并组织实施，监测结果报主管部门并向社会公开"


def set_up(home: str) -> None:
    """The desk in `home`, with the admin beside it."""
    os.environ |= {
        "SOILDESK_HOME": home,
        "SOILDESK_TODAY": DAY.isoformat(),
        "DJANGO_SETTINGS_MODULE": "ledger_desk.settings",
    }
    os.environ.pop("SOILDESK_DATABASE_URL", None)
    Path(home, "static").mkdir(exist_ok=True)
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench")]
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(count: int) -> Any:
    """One plan in force with `count` tasks; returns the person who looks at it."""
    from soildesk.core.models import Department, Division, Person, RoleGrant
    from soildesk.plans.models import Plan

    district = Division.objects.create(code="990101", name="青禾区", level="county", path="99/9901/990101/")
    departments = [Department.objects.create(name=name, short_name=name, division=district) for name in UNITS]
    plan = Plan.objects.create(
        division=district,
        division_path=district.path,
        owner_department=departments[0],
        title="测速方案",
        year=2026,
        issued_on=date(2026, 3, 12),
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
        stage=Plan.Stage.PUBLISHED,
        imported_at=AT,
        published_at=AT,
    )
    for start in range(0, count, CHUNK):
        fill_chunk(plan, departments, range(start, min(start + CHUNK, count)))
    person = Person.objects.create(username="bench", name="测速", department=departments[0])
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.OFFICER, division=district)
    return person


def fill_chunk(plan: Any, departments: list[Any], positions: range) -> None:
    """Tasks with two units, a term, two 分办, and a duty each; every ninth is done, every seventh has no date."""
    from soildesk.core.models import Duty
    from soildesk.plans.models import Assignment, Milestone, PlanTask, TaskUnit

    scope = {"division_path": plan.division_path, "owner_department": departments[0]}
    section = ["三、主要任务", "（一）源头防控"]
    tasks = PlanTask.objects.bulk_create(
        PlanTask(
            **scope,
            plan=plan,
            position=n,
            number=f"{n + 1}",
            section=section,
            section_key=f"三、主要任务 / （{n // 2000 + 1}）",
            title=f"落实重点监管单位义务{n + 1}",
            text=f"{WORDS}（第{n + 1}项）。",
            deadline_text="10月底前" if n % 7 else "长期",
            origin="body",
            status=PlanTask.Status.ACCEPTED,
        )
        for n in positions
    )
    units, terms, assignments, duties = [], [], [], []
    for task in tasks:
        n = task.position
        pair = [departments[n % len(UNITS)], departments[(n + 3) % len(UNITS)]]
        terms.append(Milestone(task=task, position=0, kind="date", text="10月底前", last=date(2026, 10, 31)))
        for place, department in enumerate(pair):
            units.append(
                TaskUnit(
                    task=task,
                    position=place,
                    name=str(department),
                    role=("lead", "responsible")[place],
                    source="bracket",
                    department=department,
                    match="certain",
                )
            )
            assignments.append(
                Assignment(
                    task=task,
                    department=department,
                    role=("lead", "responsible")[place],
                    division_path=scope["division_path"],
                    owner_department=department,
                )
            )
            duties.append(
                Duty(
                    **scope,
                    subject_type="plans.plantask",
                    subject_id=task.pk,
                    unit=department,
                    title=task.title,
                    kind="milestone" if n % 7 else "standing_check",
                    period="m0" if n % 7 else "2026Q4",
                    due=date(2026, 10 if n % 3 else 12, 31),
                    internal=not n % 7,
                    period_start=date(2026, 10, 1),
                    issued_on=plan.issued_on,
                    done_on=date(2026, 9, 1) if n % 9 == 0 else None,
                    live_from=date(2026, 1, 1),
                )
            )
    for model, rows in ((TaskUnit, units), (Milestone, terms), (Assignment, assignments), (Duty, duties)):
        model.objects.bulk_create(rows, batch_size=CHUNK)


def clients(person: Any) -> tuple[Any, Any]:
    """A logged-in browser for each page. The admin's own rights are given to its visitor, or it would show nothing."""
    from django.contrib import admin
    from django.test import Client

    backend = "django.contrib.auth.backends.ModelBackend"
    admin.site.has_permission = lambda request: request.user.is_authenticated  # type: ignore[method-assign]
    for name in (
        "has_module_permission",
        "has_view_permission",
        "has_add_permission",
        "has_change_permission",
        "has_delete_permission",
    ):
        setattr(admin.ModelAdmin, name, lambda self, request, obj=None: True)
    made = []
    for _ in range(2):
        client = Client(headers={"host": "localhost"})
        client.force_login(person, backend=backend)
        made.append(client)
    return made[0], made[1]


def timed(client: Any, url: str) -> float:
    """Milliseconds until the whole page is there."""
    begin = time.perf_counter()
    response = client.get(url)
    took = (time.perf_counter() - begin) * 1000
    if response.status_code != 200 or len(response.content) < 20_000:
        raise SystemExit(
            f"{url} answered {response.status_code} with {len(response.content)} bytes: nothing was measured."
        )
    return took


def measure(person: Any, count: int, rounds: int) -> tuple[list[float], list[float]]:
    """Both pages by turns, so that what else the machine does meets both alike."""
    desk, admin = clients(person)
    pages = random.Random(7).choices(range(1, count // 100 + 1), k=rounds)  # noqa: S311
    for warm in (1, 2, 3):
        timed(desk, f"/plans/ledger/?page={warm}")
        timed(admin, f"/admin/plans/plantask/?p={warm}")
    own, theirs = [], []
    for page in pages:
        own.append(timed(desk, f"/plans/ledger/?page={page}"))
        theirs.append(timed(admin, f"/admin/plans/plantask/?p={page}"))
    return own, theirs


def p95(values: list[float]) -> float:
    """The value that nineteen in twenty do not exceed."""
    return statistics.quantiles(values, n=20)[-1]


def main() -> int:
    """Run, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soildesk-bench.") as home:
        set_up(home)
        person = fill(given.tasks)
        own, theirs = measure(person, given.tasks, given.rounds)
    ratio = p95(theirs) / p95(own)
    sys.stdout.write(
        f"{given.tasks} tasks, {given.rounds} pages of 100 rows each\n"
        f"ledger  p50 {statistics.median(own):7.1f} ms   p95 {p95(own):7.1f} ms\n"
        f"admin   p50 {statistics.median(theirs):7.1f} ms   p95 {p95(theirs):7.1f} ms\n"
        f"the ledger is {ratio:.1f} times as fast at p95 (wanted: {TIMES:.0f})\n"
    )
    return 0 if ratio >= TIMES else 1


if __name__ == "__main__":
    sys.exit(main())
