"""Loading the example into an empty home."""

from __future__ import annotations

import json
import os
import secrets
import sys
from datetime import date, datetime, time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from soildesk.core import audit, calendar, clock, files
from soildesk.core.errors import Refusal
from soildesk.core.models import Department, Division, Person, RoleGrant
from soildesk.core.permissions import Actor, system_actor
from soildesk.core.services.people import NewGrant, grant
from soildesk.demo import (
    alerts,
    assessment,
    bindings,
    editions,
    enterprises,
    farmland,
    ground,
    letters,
    monitoring,
    outreach,
    papers,
    people,
    plots,
    questions,
    reporting,
    results,
    risk,
    rounds,
    supervision,
)
from soildesk.demo.story import tell
from soildesk.plans.models import Plan
from soildesk.plans.services import clauses, intake, publishing, review
from soildesk.plans.services.drafts import read_file

OFFICER, CITY_OFFICER = "linlan", "luomin"
HISTORIAN = "shilu"
"""Who took in the five real plans, accepted them and settled what checks each of their tasks."""
TAKEN_IN, SETTLED = date(2026, 1, 12), date(2026, 3, 23)
"""When that was, and from when on every task of all plans is checked by something."""
LONG_PLAN = "青禾区土壤污染防治三年行动计划（2025—2027年）.txt"
CITY_PLAN = "云泽市2026年土壤污染防治工作计划.txt"
DISTRICT_PLAN = "青禾区2026年土壤污染防治工作方案.txt"


class NotAClone(Refusal):
    """The examples belong to the clone, not to the installed package."""

    code = "demo.no_examples"


def examples_folder() -> Path:
    """The folder examples/ of the clone this package runs from."""
    folder = Path(__file__).resolve().parents[3] / "examples"
    if not (folder / "district").is_dir():
        raise NotAClone(f"没有找到示例数据（{folder}）。示例区只能在源代码目录中装入。")
    return folder


def load() -> bool:
    """Load the example unless this home has it; returns whether anything was done."""
    marker = Path(settings.HOME) / "demo.json"
    call_command("migrate", verbosity=0)
    if marker.exists():
        return False
    if Person.objects.exists():
        raise Refusal("这个 SOILDESK_HOME 已有用户，不是空的，不能装入示例区。请换一个目录。", code="demo.home_in_use")
    folder = examples_folder()
    password = f"Qinghe-{secrets.token_hex(4)}"
    with transaction.atomic():
        _load_all(folder, password)
    audit.export_heads(day=clock.today())
    _write_marker(marker, password)
    return True


def _write_marker(marker: Path, password: str) -> None:
    descriptor = os.open(marker, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"user": OFFICER, "password": password, "made_up": True}, file, ensure_ascii=False)


def _load_all(folder: Path, password: str) -> None:
    loader, at = system_actor("demo"), clock.now()
    district = folder / "district"
    calendar.load_published(by=loader, at=at)
    people.load_divisions(folder / "plans" / "divisions.csv")
    people.load_divisions(district / "divisions.csv")
    people.load_division_successions(district / "division_successions.csv")
    people.load_departments(district / "departments.csv")
    people.load_successions(district / "successions.csv")
    people.load_people(district / "people.csv", password, by=loader, at=at)
    _progress("示例区的区划、单位和人员已装入")
    history = load_history(folder / "plans", by=loader)
    _progress("五份真实方案已作为历史资料装入")
    longer = live_plan(district / "plans" / LONG_PLAN, "青禾区人民政府", _morning(date(2025, 3, 18)), by=loader)
    city = live_plan(district / "plans" / CITY_PLAN, "云泽市生态环境局", _morning(date(2026, 2, 10)), by=loader)
    plan = live_plan(district / "plans" / DISTRICT_PLAN, "青禾区生态环境局", _morning(date(2026, 3, 16)), by=loader)
    tell(plan, city, longer)
    _progress("本年方案和三年行动计划已发布并装入办理情况")
    short = [
        live_plan(district / "plans" / name, "青禾区生态环境局", _morning(day), by=loader)
        for name, day in editions.BEGUN.items()
    ]
    _settle(folder, history, [longer, city, plan, *short])
    editions.tell(*short, district / "plans")
    papers.tell(longer, city, plan)
    outreach.tell(district / "plans" / "activities.csv", longer)
    _progress("各方案任务、指标的核对办法和宣传培训已装入")
    risk.tell()
    _progress("原农药厂地块的风险评估已装入")
    results.tell(district / "results")
    _progress("检测结果的判定已装入")
    ground.tell(district / "ground")
    _progress("地块、图层和未利用地巡查已装入")
    alerts.tell(monitoring.tell(district / "monitoring"), district / "monitoring")
    _progress("监测点位、六次监测的结果和预警已装入")
    enterprises.tell(district / "enterprises")
    _progress("重点单位、名录和义务已装入")
    plots.tell(district / "plots")
    questions.tell(district / "plots")
    _progress("建设用地地块、名单和准入核查已装入")
    farmland.tell(district / "farmland")
    _progress("农用地单元、农户和批准的类别已装入")
    reporting.tell(district / "reports")
    _progress("报表日历、季度进展和上级空表已装入")
    supervision.tell()
    _progress("督办机构、规则和督办单已装入")
    rounds.tell()
    _progress("三次调度已装入")
    letters.tell(district / "supervision")
    _progress("函件、约谈和联席会议已装入")
    assessment.tell()
    _progress("考核方案、考核结果和自评已装入")


def _progress(text: str) -> None:
    sys.stderr.write(text + "\n")


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def take_in(path: Path, place: intake.Place, at: datetime, *, by: Actor, year: int | None = None) -> Plan:
    """Import one plan file with its source kept."""
    data = path.read_bytes()
    plan = intake.import_plan(
        read_file(data, path.name, year=year), intake.Source.of(data, path.name), place, by=by, at=at
    )
    files.attach(plan.document, data=data, name=path.name, kind="source", by=by, at=at)
    return plan


def live_plan(path: Path, department_name: str, at: datetime, *, by: Actor) -> Plan:
    """Take a plan in, accept all of it and publish it, as its office did at the time."""
    department = Department.objects.get(name=department_name)
    plan = take_in(path, intake.Place(department.division, department), at, by=by)
    review.accept_confident(plan, by=by, at=at, everything=True)
    return publishing.publish(plan, by=by, at=at)


def load_history(folder: Path, *, by: Actor) -> list[Plan]:
    """The five real plans, each in its own place, as history: taken in and accepted by the historian, read by the officer."""
    officer, historian = (Person.objects.get(username=name) for name in (OFFICER, HISTORIAN))
    return [_history(folder, row, historian, officer, by=by) for row in people.rows(folder / "index.csv")]


def _history(folder: Path, row: dict[str, str], historian: Person, officer: Person, *, by: Actor) -> Plan:
    at = _morning(TAKEN_IN)
    division = Division.objects.get(code=row["division"], until__isnull=True)
    department, _made = Department.objects.get_or_create(
        division=division, name=f"{row['place']}人民政府", defaults={"kind": Department.Kind.GOVERNMENT}
    )
    grant(historian, NewGrant(RoleGrant.Role.ISSUER, division), by=by, at=at)
    grant(officer, NewGrant(RoleGrant.Role.READER, division), by=by, at=at)
    person = Actor.of(historian, on=TAKEN_IN)
    plan = take_in(folder / row["file"], intake.Place(division, department), at, by=person, year=int(row["year"]))
    plan.period_start, plan.period_end = (date.fromisoformat(row[k]) for k in ("period_start", "period_end"))
    plan.save(update_fields=["period_start", "period_end"])
    review.accept_confident(plan, by=person, at=at, everything=True)
    clauses.leave(plan, person, at)
    publishing.publish(plan, by=person, at=at, as_history=True)
    return plan


def _settle(folder: Path, history: list[Plan], own: list[Plan]) -> None:
    """The historian says what checks the real plans, the offices what checks their own."""
    at = _morning(SETTLED)
    by = {name: Actor.of(Person.objects.get(username=name), on=SETTLED) for name in (HISTORIAN, OFFICER, CITY_OFFICER)}
    bindings.settle(folder / "plans" / "bindings.csv", history, by=lambda plan: by[HISTORIAN], at=at)
    bindings.settle(
        folder / "district" / "plans" / "bindings.csv", own, at=at,
        by=lambda plan: by[CITY_OFFICER if plan.division.code == "9901" else OFFICER],
    )  # fmt: skip
