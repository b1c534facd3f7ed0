"""A plan that got a second edition with a term moved by it, and one that was abolished: made up and the same every time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from soildesk.core import clock
from soildesk.core.models import Duty
from soildesk.demo.monitoring import actor, moment
from soildesk.plans.models import Assignment, Plan
from soildesk.plans.services import closing, documents, publishing, review, succession, work
from soildesk.plans.services.intake import Place
from soildesk.plans.services.uploads import Upload, take_in

FIRST, ABOLISHED = "青禾区2025—2026年地下水污染防治工作安排.txt", "青禾区2025—2026年土壤污染防治宣传月活动方案.txt"
SECOND = "青禾区2025—2026年地下水污染防治工作安排（调整）.txt"
BEGUN = {FIRST: date(2025, 10, 20), ABOLISHED: date(2025, 11, 5)}
"""When each of them went out."""
OFFICER, CHIEF = "linlan", "zhouzheng"
SIGNED, RENEWED, ENDED = date(2025, 11, 10), date(2026, 9, 10), date(2026, 5, 20)
PAPER = "青环发〔2026〕15号"


def tell(first: Plan, abolished: Plan, folder: Path) -> None:
    """Signed for, worked on, then replaced and abolished, each act on its day."""
    for plan in (first, abolished):
        _worked(plan)
    if clock.today() < RENEWED:
        return
    chief = actor(CHIEF, ENDED)
    why = "宣传活动并入全区生态环境保护宣传总体安排，不再单独开展。"
    paper = ("关于停止执行宣传月活动方案的通知.txt", f"{PAPER}\n{why}\n示例文件，纯属虚构。".encode())
    closing.abolish(abolished, closing.Abolition(PAPER, ENDED, why, paper), by=chief, at=moment(ENDED, 9))
    _renewed(first, folder)


def _worked(plan: Plan) -> None:
    """Units sign for everything; what was due before the paper that ended the plan was reported and verified in time."""
    until = min(ENDED, clock.today())
    rows = Assignment.objects.filter(task__plan=plan).select_related("task__plan", "department")
    for row in rows.order_by("task__position", "pk"):
        work.receive(row, by=actor(OFFICER, SIGNED), at=moment(SIGNED, 10))
        owed = Duty.objects.for_subject(row.task).of_unit(row.department_id).filter(due__lt=until, done_on=None)
        for duty in owed.order_by("due"):
            assert duty.due is not None
            day = duty.due.replace(day=20)
            said = work.Report(f"已完成：{row.task.heading}。", claims_done=True, done_on=day, period=duty.period)
            work.report(row, said, by=actor(OFFICER, day), at=moment(day, 10))
            work.verify(row, by=actor(CHIEF, day), at=moment(day, 16))


def _renewed(first: Plan, folder: Path) -> None:
    """The second edition, read by the office and signed by its chief; what changed goes on, and what is new has its paper."""
    officer, at = actor(OFFICER, RENEWED), moment(RENEWED, 14)
    data = (folder / SECOND).read_bytes()
    place = Place(first.division, first.owner_department)
    plan = take_in(Upload(data, SECOND), place, by=officer, at=at)
    assert plan.edition_of == first
    succession.confirm_all(plan, by=officer, at=at)
    review.accept_confident(plan, by=officer, at=at, everything=True)
    for task in plan.tasks.filter(number="（四）"):
        documents.ask(task, "封井回填清单", shows="井数和位置", by=officer, at=at)
    publishing.publish(plan, by=actor(CHIEF, RENEWED), at=moment(RENEWED, 17))
