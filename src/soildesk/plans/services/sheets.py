"""Sheets out to units without an account, and back by drag and drop."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
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
        serial = next_number(plan.owner_department, "plans.sheet", at.year)
        sheet = SheetIssue.objects.create(
            plan=plan, department=department, number=f"分办〔{at.year}〕{serial}号", issued_at=at, issued_by=by.person,
            rows=[{"uid": str(row.uid), "state": row.state} for row in rows],
        )
        audit.record("plans.sheet.issued", subject=plan, by=by, at=at,
                     data={"number": sheet.number, "unit": str(department.uid), "rows": len(rows)})
    head = sheets.Head(plan.title, sheet.number, department.name, at.date(), str(plan.owner_department))
    return sheet, sheets.write(head, [_row(assignment) for assignment in rows])


def plan_rows(plan: Plan, department: Department) -> list[Assignment]:
    """The assignments of a unit in a plan that are not withdrawn, in the order of the ledger."""
    rows = Assignment.objects.filter(task__plan=plan, department=department).select_related("task")
    return list(rows.exclude(state=Assignment.State.WITHDRAWN).order_by("task__position"))


def _row(assignment: Assignment) -> sheets.SheetRow:
    task = assignment.task
    return sheets.SheetRow(
        assignment.uid, task.number, task.title, task.text, task.deadline_text, ROLES[Role(assignment.role)],
        str(assignment.get_state_display()),
    )


@dataclass(frozen=True)
class Verdict:
    """What would become of one returned row. `change` is empty where the row says nothing new."""

    row: sheets.FilledRow
    assignment: Assignment | None
    outcome: str  # take | nothing | refused
    sentence: str


@dataclass(frozen=True)
class Return:
    """A sheet as it came back, before anything is written."""

    sha256: str
    sheet: SheetIssue | None
    verdicts: tuple[Verdict, ...]
    repeated: bool  # the very same file was taken before

    @property
    def takes(self) -> list[Verdict]:
        """Rows that would be written."""
        return [verdict for verdict in self.verdicts if verdict.outcome == "take"]

    @property
    def refused(self) -> list[Verdict]:
        """Rows that cannot be taken."""
        return [verdict for verdict in self.verdicts if verdict.outcome == "refused"]


def preview(plan: Plan, data: bytes, name: str, *, by: Actor) -> Return:
    """Read a returned sheet and say what each row would change."""
    require(by, "plans.review", plan)
    rows, number = sheets.read(parse_in_child(data, name))
    if not rows:
        raise WrongValue(
            _("“%(name)s”不是从这里发出的分办单：没有找到“行标识”和“办理情况”两列。请用发出的表填写后发回。") % {"name": name}
        )
    sheet = SheetIssue.objects.filter(plan=plan, number=number).first()
    known = {
        str(a.uid): a
        for a in Assignment.objects.filter(task__plan=plan, uid__in=[UUID(row.uid) for row in rows if row.uid])
        .select_related("task__plan", "department")
    }
    digest = hashlib.sha256(data).hexdigest()
    repeated = SheetIssue.objects.filter(plan=plan, returned_sha256=digest).exists()
    return Return(digest, sheet, tuple(_verdict(row, known, by) for row in rows), repeated)


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
    if row.done:
        return Verdict(row, assignment, "take", _("报完成：%(text)s") % {"text": row.text or _("已办结")})
    return Verdict(row, assignment, "take", _("更新进展：%(text)s") % {"text": row.text or row.why})


def take_back(
    plan: Plan, returned: Return, *, by: Actor, at: datetime, scan: tuple[str, bytes] | None = None
) -> int:
    """Write the rows of a returned sheet, all or none; the signed scan is kept once and serves every task."""
    require(by, "plans.review", plan)
    if returned.repeated:
        raise WrongValue(_("这份分办单已经收回过，没有重复登记。"))
    if returned.refused:
        raise WrongValue(
            _("有 %(count)d 行不能登记（第 %(line)d 行：%(why)s）。请改正后重新上传，本次没有写入任何内容。")
            % {"count": len(returned.refused), "line": returned.refused[0].row.line, "why": returned.refused[0].sentence}
        )
    with transaction.atomic():
        for verdict in returned.takes:
            _take(verdict, by, at)
        tasks = [verdict.assignment.task for verdict in returned.takes if verdict.assignment]
        if scan and tasks:
            name, data = scan
            for task in tasks:
                files.attach(task, data=data, name=name, kind="scan", by=by, at=at)
        if returned.sheet:
            returned.sheet.returned_at, returned.sheet.returned_sha256 = at, returned.sha256
            returned.sheet.save(update_fields=["returned_at", "returned_sha256"])
        audit.record("plans.sheet.returned", subject=plan, by=by, at=at,
                     data={"file": returned.sha256, **audit.bulk(v.row.uid for v in returned.takes)})
    return len(returned.takes)


def _take(verdict: Verdict, by: Actor, at: datetime) -> None:
    row = verdict.row
    said = work.Report(
        text=row.text or (_("已办结") if row.done else ""), claims_done=row.done, done_on=row.done_on,
        unfinished_why=row.why, via="sheet",
    )
    if verdict.assignment:
        work.report(verdict.assignment, said, by=by, at=at)
