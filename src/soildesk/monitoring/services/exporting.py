"""Graded results leave the house with an approval only, and every file says whose; of sensitive ones a second person's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock
from soildesk.core.errors import Refusal
from soildesk.core.models import Department, Division
from soildesk.core.numbers import next_number
from soildesk.core.permissions import Actor, require
from soildesk.monitoring.models import Campaign, ExportRequest, Grade, Surface

DECIDES = "monitoring.approve_export"
GRAVITY = (Grade.PUBLIC, Grade.INTERNAL, Grade.SENSITIVE)


class ExportRefused(Refusal):
    """Results are not given out.

    Codes: monitoring.export.purpose, .recipient, .nothing, .own, .decided, .not_approved, .reason_missing, .no_department.
    """

    code = "monitoring.export.refused"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted: the selection of the list, how many rows it has and their highest grade; what for, and for whom."""

    query: str
    rows: int
    grade: str
    purpose: str
    recipient: str


def highest(grades: set[str]) -> str:
    """The grade that counts for all."""
    return max(grades, key=lambda one: GRAVITY.index(Grade(one)), default=Grade.INTERNAL)


def ask(wanted: Wanted, *, by: Actor, at: datetime) -> ExportRequest:
    """Ask for an export."""
    require(by, "monitoring.read")
    if not wanted.purpose.strip():
        raise ExportRefused(_("请写明用途：批准的人据此决定。"), code="monitoring.export.purpose")
    if not wanted.recipient.strip():
        raise ExportRefused(_("请写明接收单位。"), code="monitoring.export.recipient")
    if not wanted.rows:
        raise ExportRefused(_("选定的范围里没有结果，无需导出。"), code="monitoring.export.nothing")
    department = by.person.department if by.person else None
    if by.person is None or department is None:
        raise ExportRefused(_("您没有登记所属单位：请联系系统管理员。"), code="monitoring.export.no_department")
    with transaction.atomic():
        made = ExportRequest.objects.create(
            number=_number(department, department.division, clock.local_day(at).year), query=wanted.query[:1000],
            on=clock.local_day(at), rows=wanted.rows, grade=wanted.grade, purpose=wanted.purpose.strip()[:300],
            recipient=wanted.recipient.strip()[:120], asked_by=by.person, asked_at=at,
            division_path=department.division.path, owner_department=department,
        )  # fmt: skip
        audit.record(
            "monitoring.export.asked", subject=made, by=by, at=at,
            data={"number": made.number, "rows": made.rows, "grade": made.grade},
        )  # fmt: skip
    return made


def _number(department: Department, division: Division, year: int) -> str:
    return f"DC-{division.code}-{year}-{next_number(department, 'monitoring.export', year):04d}"


def decide(request: ExportRequest, approved: bool, *, by: Actor, at: datetime, reason: str = "") -> ExportRequest:
    """Say yes or no; nobody decides on what he asked for himself."""
    require(by, DECIDES, request)
    with transaction.atomic():
        held = ExportRequest.objects.select_for_update().get(pk=request.pk)
        if held.state != ExportRequest.State.ASKED:
            raise ExportRefused(
                _("%(number)s 已经是“%(state)s”。") % {"number": held.number, "state": held.get_state_display()},
                code="monitoring.export.decided",
            )
        if by.person is None or held.asked_by_id == by.person.pk:
            raise ExportRefused(
                _("不能批准自己的申请：请由另一位有“批准导出分级数据”权限的人员办理。"), code="monitoring.export.own"
            )
        if not approved and not reason.strip():
            raise ExportRefused(_("不批准请写明原因。"), code="monitoring.export.reason_missing")
        held.state = ExportRequest.State.APPROVED if approved else ExportRequest.State.REFUSED
        held.decided_by, held.decided_at, held.reason = by.person, at, reason.strip()[:300]
        held.save(update_fields=["state", "decided_by", "decided_at", "reason"])
        audit.record(
            "monitoring.export.decided", subject=held, by=by, at=at, data={"number": held.number, "state": held.state}
        )
    return held


def given_out(request: ExportRequest, rows: int, kind: str, *, by: Actor, at: datetime) -> None:
    """Write down that the approved file was made; only for who asked for it."""
    if request.state != ExportRequest.State.APPROVED or by.person is None or request.asked_by_id != by.person.pk:
        raise ExportRefused(
            _("%(number)s 没有批准给您，不能导出。") % {"number": request.number}, code="monitoring.export.not_approved"
        )
    with transaction.atomic():
        audit.record(
            "monitoring.export.made", subject=request, by=by, at=at,
            data={"number": request.number, "rows": rows, "kind": kind},
        )  # fmt: skip


def drawn_by_approver(surface: Surface, *, by: Actor, at: datetime) -> str:
    """Write down that an approver took out a surface of internal data himself; the line its file carries.

    Sensitive data ask a second person even then.
    """
    require(by, DECIDES, surface.campaign)
    if surface.campaign.grade == Grade.SENSITIVE:
        raise ExportRefused(_("敏感数据须由另一人批准：请在系统中申请导出。"), code="monitoring.export.own")
    with transaction.atomic():
        audit.record(
            "monitoring.export.made", subject=surface, by=by, at=at,
            data={"campaign": surface.campaign.number, "rows": surface.report["results"], "kind": "tif"},
        )  # fmt: skip
    return _("%(grade)s数据，未经批准不得转发。由有批准权限的人员 %(by)s 于 %(when)s 绘制并取出；任务 %(campaign)s") % {
        "grade": surface.campaign.get_grade_display(), "by": by.name if by.person is None else by.person.name,
        "when": f"{clock.local_day(at):%Y-%m-%d}", "campaign": surface.campaign.number,
    }  # fmt: skip


def watermark(request: ExportRequest) -> str:
    """The line every file carries: number, grade, who asked, who approved, when, for whom and what for."""
    by = request.decided_by.name if request.decided_by else ""
    when = f"{clock.local_day(request.decided_at):%Y-%m-%d}" if request.decided_at else ""
    return _(
        "%(grade)s数据，未经批准不得转发。批准号 %(number)s；申请 %(asked)s；批准 %(by)s %(when)s；接收单位 %(to)s；用途：%(what)s"
    ) % {
        "grade": request.get_grade_display(), "number": request.number, "asked": request.asked_by.name, "by": by,
        "when": when, "to": request.recipient, "what": request.purpose,
    }  # fmt: skip


def grades_of(campaigns: set[int]) -> set[str]:
    """The grades of some campaigns."""
    return set(Campaign.objects.filter(pk__in=campaigns).values_list("grade", flat=True))
