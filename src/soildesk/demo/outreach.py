"""The example's publicity and training: held and counted, waiting for another person, planned, past its day, cancelled."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from soildesk.core import clock
from soildesk.demo import people
from soildesk.demo.monitoring import actor, moment
from soildesk.land.services.writing import place_at
from soildesk.plans.models import Activity, Plan, PlanTask
from soildesk.plans.services import activities
from soildesk.plans.services.activities import Held, Paper

COUNTS = "zhouzheng"
BEFORE = 30
"""Days before an activity on which it was planned."""


def tell(table: Path, plan: Plan) -> None:
    """Through the services people use, each act on its day; what lies ahead of today is left out."""
    tasks = {one.number: one for one in plan.tasks.filter(status=PlanTask.Status.ACCEPTED)}
    for row in people.rows(table):
        _tell(row, tasks.get(row["任务"]) if row["任务"] else None)


def _tell(row: people.Row, task: PlanTask | None) -> None:
    planned, today = date.fromisoformat(row["计划日期"]), clock.today()
    made = min(date.fromordinal(planned.toordinal() - BEFORE), today)
    by = actor(row["登记人"], made)
    facts = {
        "topic": row["主题"],
        "kind": row["类型"],
        "audience": row["对象"],
        "planned_on": planned,
        "venue": row["地点"],
        "task": task,
    }
    one = activities.plan(facts, place_at("", by), by=by, at=moment(made, 9))
    if row["取消原因"]:
        activities.cancel(one, row["取消原因"], by=actor(row["登记人"], made), at=moment(made, 15))
    elif row["登记日期"] and date.fromisoformat(row["登记日期"]) <= today:
        _held(one, row)


def _held(one: Activity, row: people.Row) -> None:
    written, on = date.fromisoformat(row["登记日期"]), date.fromisoformat(row["开展日期"])
    sheet = Paper("签到表（示例）.txt", f"{row['主题']} {on} 签到 {row['参加人数']} 人（示例）".encode())
    held = Held(on, int(row["参加人数"]), row["开展情况"], papers=[sheet])
    one = activities.hold(one, held, by=actor(row["登记人"], written), at=moment(written, 10))
    if row["认定日期"] and (day := date.fromisoformat(row["认定日期"])) <= clock.today():
        activities.count(one, by=actor(COUNTS, day), at=moment(day, 10))
