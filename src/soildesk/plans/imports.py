"""Files the room takes in through kit's import page: last year's ledger, and 分办 sheets that come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.kit.imports import (
    ImportBatch,
    ImportKind,
    ImportRefused,
    ImportRow,
    MappingLine,
    Purpose,
    RowFate,
    Understood,
    add,
)
from soildesk.plans import sheets
from soildesk.plans.ledger_import import LedgerRow, RowOutcome
from soildesk.plans.models import Plan
from soildesk.plans.queries import beginning
from soildesk.plans.services import old_ledgers
from soildesk.plans.services import sheets as sheet_acts
from soildesk.plans.services.intake import Place
from soilrules.plantext.formats import UnreadableFile

T = TypeVar("T")
VERDICTS = {RowOutcome.OK: "ok", RowOutcome.WARNING: "warning", RowOutcome.REFUSED: "refused"}


def _read_ledger(data: bytes, name: str, purpose: Purpose) -> Understood:
    reading = _readable(lambda: old_ledgers.read(data, name, year=_year(purpose.given)))
    notes = [finding.sentence() for finding in reading.workbook.findings]
    notes.insert(
        0, _("将建立待审核方案《%(title)s》（%(year)d 年）。") % {"title": reading.title, "year": reading.year}
    )
    notes += [
        _("第 %(row)d 行不是任务，原样保留：%(text)s") % {"row": line.row, "text": line.text}
        for line in reading.workbook.lines
    ]
    mapping = [MappingLine(str(title), str(title)) for title in LEDGER_COLUMNS.values()]
    return Understood(mapping, [_ledger_fate(row) for row in reading.workbook.rows], notes)


def _readable(read: Callable[[], T]) -> T:
    """What a file gave, or the sentence that says why it cannot be read."""
    try:
        return read()
    except UnreadableFile as error:
        raise ImportRefused(error.sentence((get_language() or "zh")[:2]), code="kit.import.unreadable") from error


def _year(given: Mapping[str, str]) -> int | None:
    """The year the address names; one outside 1990 to 2100 is a slip and the title's year counts."""
    text = given.get("year", "")
    return int(text) if text.isdecimal() and len(text) == 4 and 1990 <= int(text) <= 2100 else None


def _ledger_fate(row: LedgerRow) -> RowFate:
    after = None
    if row.outcome is not RowOutcome.REFUSED:
        after = {
            "number": row.number,
            "title": row.title,
            "text": row.text,
            "deadline": row.deadline_text,
            "lead": "、".join(row.lead),
            "support": "、".join(row.support),
            "responsible": "、".join(row.responsible),
            "progress": row.progress,
        }
    messages = [finding.sentence() for finding in row.findings]
    return RowFate(row.row, {"sheet": row.sheet, **row.extra}, VERDICTS[row.outcome], messages, None, after)


def _apply_ledger(rows: Sequence[ImportRow], purpose: Purpose) -> Mapping[str, int]:
    if not rows:
        raise ImportRefused(_("没有可导入的行，没有写入任何内容。"))
    batch = rows[0].batch
    if batch.file is None:
        raise ImportRefused(_("原文件已不在，请重新选择文件。"))
    reading = old_ledgers.read(files.read(batch.file), batch.file_name, year=_year(purpose.given))
    plan = old_ledgers.take_in(reading, place_of(purpose.actor), by=purpose.actor, at=purpose.at, skip_refused=True)
    return {"tasks": plan.tasks.count()}


def place_of(actor: Actor) -> Place:
    """Where the actor's new plans belong."""
    department = actor.person.department if actor.person else None
    if department is None:
        raise ImportRefused(_("您没有所属单位，不能保管方案。请由系统管理员登记您的单位。"))
    return Place(department.division, department)


def _ledger_done(batch: ImportBatch) -> str:
    plan = (
        Plan.objects.filter(document__file_sha256=batch.sha256, imported_by=batch.decided_by)
        .order_by("-imported_at")
        .first()
    )
    return reverse("plans:review", args=[plan.uid]) if plan else ""


LEDGER_COLUMNS = {
    "number": gettext_lazy("序号"),
    "title": gettext_lazy("重点工作"),
    "text": gettext_lazy("目标任务"),
    "deadline": gettext_lazy("完成时限"),
    "lead": gettext_lazy("牵头单位"),
    "support": gettext_lazy("配合单位"),
    "responsible": gettext_lazy("责任单位"),
    "progress": gettext_lazy("进展情况"),
}
LEDGER_NAMES = {**LEDGER_COLUMNS, "tasks": gettext_lazy("写入的任务")}

OLD_LEDGER = add(
    ImportKind(
        name=beginning.OLD_LEDGER,
        title=gettext_lazy("往年任务台账"),
        permission="plans.import",
        read=_read_ledger,
        apply=_apply_ledger,
        names=LEDGER_NAMES,
        accepts=(".xlsx", ".xls"),
        done_url=_ledger_done,
        hint=gettext_lazy("表头写明任务、时限和单位即可，栏目顺序不限；合并单元格、标题行、分章行都能识别。"),
    )
)


def _plan_of(actor: Actor, given: Mapping[str, str]) -> Plan:
    uid = given.get("plan", "")
    plan = Plan.objects.visible_to(actor).filter(uid=uid).first() if is_uid(uid) else None
    if plan is None:
        raise ImportRefused(_("没有指明是哪一份方案的分办单。请从方案的“分办单”页面进入。"))
    return plan


def is_uid(text: str) -> bool:
    """Whether a text from the address bar is a row's name."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _read_sheet(data: bytes, name: str, purpose: Purpose) -> Understood:
    plan = _plan_of(purpose.actor, purpose.given)
    found = _readable(lambda: sheet_acts.verdicts(plan, data, name, by=purpose.actor))
    mapping = [
        MappingLine(column, str(SHEET_NAMES.get(column, ""))) for column in (sheets.ID, *sorted(sheets.FILLED_IN))
    ]
    return Understood(mapping, list(_sheet_fates(found)))


def _sheet_fates(found: Sequence[sheet_acts.Verdict]) -> Iterator[RowFate]:
    for verdict in found:
        raw = {**asdict(verdict.row), "done_on": verdict.row.done_on and verdict.row.done_on.isoformat()}
        before, after = _before(verdict), None
        if verdict.outcome == "take":
            after = {
                sheets.TEXT: verdict.row.text,
                sheets.DONE: sheets.YES if verdict.row.done else sheets.NO,
                sheets.DONE_ON: raw["done_on"] or "",
                sheets.WHY: verdict.row.why,
                "task": verdict.assignment.task.heading if verdict.assignment else "",
            }
        outcome = "refused" if verdict.outcome == "refused" else "ok"
        yield RowFate(verdict.row.line, raw, outcome, [verdict.sentence] if verdict.sentence else [], before, after)


def _before(verdict: sheet_acts.Verdict) -> dict[str, Any] | None:
    last = verdict.assignment.entries.first() if verdict.assignment else None
    if last is None or verdict.assignment is None:
        return None
    return {
        sheets.TEXT: last.text,
        sheets.DONE: sheets.YES if last.claims_done else sheets.NO,
        sheets.DONE_ON: last.done_on.isoformat() if last.done_on else "",
        sheets.WHY: last.unfinished_why,
        "task": verdict.assignment.task.heading,
    }


def _apply_sheet(rows: Sequence[ImportRow], purpose: Purpose) -> Mapping[str, int]:
    plan = _plan_of(purpose.actor, purpose.given)
    filled = [_filled(row.raw) for row in rows]
    return {"reports": sheet_acts.take(plan, filled, by=purpose.actor, at=purpose.at)}


def _filled(raw: Mapping[str, Any]) -> sheets.FilledRow:
    done_on = date.fromisoformat(raw["done_on"]) if raw["done_on"] else None
    return sheets.FilledRow(**{**raw, "done_on": done_on})


SHEET_NAMES = {
    "task": gettext_lazy("任务"),
    sheets.TEXT: gettext_lazy("办理情况"),
    sheets.DONE: gettext_lazy("是否办结"),
    sheets.DONE_ON: gettext_lazy("完成日期"),
    sheets.WHY: gettext_lazy("未办结原因"),
    "text": gettext_lazy("办理情况"),
    "why": gettext_lazy("未办结原因"),
    "reports": gettext_lazy("写入的进展记录"),
}

RETURNED_SHEET = add(
    ImportKind(
        name="plans.sheet",
        title=gettext_lazy("收回分办单"),
        permission="plans.review",
        read=_read_sheet,
        apply=_apply_sheet,
        names=SHEET_NAMES,
        accepts=(".xlsx",),
        subject=_plan_of,
        done_url=lambda batch: reverse("plans:overview", args=[batch.context["plan"]]),
        hint=gettext_lazy("请拖入单位发回的分办单。按行标识对应任务，不必逐项录入。"),
    )
)
