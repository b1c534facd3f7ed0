"""Sheets out to units without an account, and back by drag and drop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock
from soildesk.core.models import Department
from soildesk.core.numbers import next_number
from soildesk.core.permissions import Actor, require
from soildesk.core.sandbox import parse_in_child
from soildesk.plans import sheets
from soildesk.plans.models import Assignment, Plan, SheetIssue
from soildesk.plans.refusals import WrongValue
from soildesk.plans.services import work
from soilrules.plantext.draft import Role

ROLES = {Role.LEAD: "牵头", Role.SUPPORT: "配合", Role.RESPONSIBLE: "责任"}


def issue(plan: Plan, department: Department, *, by: Actor, at: datetime) -> tuple[SheetIssue, bytes]:
    """Make the sheet of one unit: every task of the plan it has, under a number of the issuing office."""
    require(by, "plans.review", plan)
    rows = plan_rows(plan, department)
    if not rows:
        raise WrongValue(_("%(unit)s在《%(plan)s》中没有任务，不必发分办单。") % {"unit": department, "plan": plan})
    with transaction.atomic():
        serial = next_number(plan.owner_department, "plans.sheet", clock.local_day(at).year)
        sheet = SheetIssue.objects.create(
            plan=plan,
            department=department,
            number=f"分办〔{clock.local_day(at).year}〕{serial}号",
            issued_at=at,
            issued_by=by.person,
            rows=[{"uid": str(row.uid), "state": row.state} for row in rows],
        )
        audit.record(
            "plans.sheet.issued",
            subject=plan,
            by=by,
            at=at,
            data={"number": sheet.number, "unit": str(department.uid), "rows": len(rows)},
        )
    head = sheets.Head(plan.title, sheet.number, department.name, clock.local_day(at), str(plan.owner_department))
    return sheet, sheets.write(head, [_row(assignment) for assignment in rows])


def plan_rows(plan: Plan, department: Department) -> list[Assignment]:
    """The assignments of a unit in a plan that are not withdrawn, in the order of the ledger."""
    rows = Assignment.objects.filter(task__plan=plan, department=department).select_related("task")
    return list(rows.exclude(state=Assignment.State.WITHDRAWN).order_by("task__position"))


def _row(assignment: Assignment) -> sheets.SheetRow:
    task = assignment.task
    return sheets.SheetRow(
        assignment.uid,
        task.number,
        task.title,
        task.text,
        task.deadline_text,
        ROLES[Role(assignment.role)],
        str(assignment.get_state_display()),
    )


@dataclass(frozen=True)
class Verdict:
    """What would become of one returned row."""

    row: sheets.FilledRow
    assignment: Assignment | None
    outcome: str  # take | nothing | refused
    sentence: str


def verdicts(plan: Plan, data: bytes, name: str, *, by: Actor) -> list[Verdict]:
    """Read a returned sheet in the limited child and say what each row would change; nothing is written."""
    require(by, "plans.review", plan)
    rows, _number = sheets.read(parse_in_child(data, name))
    if not rows:
        raise WrongValue(
            _("“%(name)s”不是从这里发出的分办单：没有找到“行标识”和“办理情况”两列。请用发出的表填写后发回。")
            % {"name": name}
        )
    known = assignments_of(plan, [row.uid for row in rows if row.uid])
    return [_verdict(row, known, by) for row in rows]


def assignments_of(plan: Plan, uids: Iterable[str]) -> dict[str, Assignment]:
    """The plan's assignments with these ids."""
    rows = Assignment.objects.filter(task__plan=plan, uid__in=[UUID(uid) for uid in uids])
    return {str(row.uid): row for row in rows.select_related("task__plan", "department")}


def _verdict(row: sheets.FilledRow, known: dict[str, Assignment], by: Actor) -> Verdict:
    assignment = known.get(row.uid)
    if row.trouble:
        return Verdict(row, assignment, "refused", row.trouble)
    if assignment is None:
        return Verdict(row, None, "refused", _("行标识不属于本方案。请核对是否发错了方案。"))
    if row.empty:
        return Verdict(row, assignment, "nothing", _("未填写"))
    if row.done_on and row.done_on > by.today:
        return Verdict(row, assignment, "refused", _("完成日期 %(day)s 晚于今天。请改正。") % {"day": row.done_on})
    last = assignment.entries.first()
    if last and (last.text, last.claims_done, last.unfinished_why) == (row.text, row.done, row.why):
        return Verdict(row, assignment, "nothing", _("与上次填报相同"))
    return Verdict(row, assignment, "take", "")


def take(plan: Plan, rows: Sequence[sheets.FilledRow], *, by: Actor, at: datetime) -> int:
    """Write the progress of returned rows; part of the import's one transaction. Returns how many."""
    require(by, "plans.review", plan)
    known = assignments_of(plan, [row.uid for row in rows])
    for row in rows:
        work.report(known[row.uid], _report(row), by=by, at=at)
    audit.record("plans.sheet.returned", subject=plan, by=by, at=at, data=audit.bulk(row.uid for row in rows))
    return len(rows)


def _report(row: sheets.FilledRow) -> work.Report:
    return work.Report(
        text=row.text or (_("已办结") if row.done else ""),
        claims_done=row.done,
        done_on=row.done_on,
        unfinished_why=row.why,
        via="sheet",
    )
