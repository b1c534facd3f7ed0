"""Documents that prove a task: asked for by name, filed, and looked at by somebody other than who filed them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.permissions import Actor, may, require
from soildesk.plans.models import AskedDocument, Assignment, DocumentFiling, Plan, PlanTask
from soildesk.plans.refusals import GroundMissing, WrongState, WrongValue
from soildesk.plans.services.binding import bind
from soildesk.plans.services.history import note
from soildesk.plans.services.holding import hold
from soildesk.plans.services.telling import tell_unit

MEASURE = "plans.documents_checked"
"""The measure that reads what is kept here."""


def ask(
    task: PlanTask, name: str, *, by: Actor, at: datetime, shows: str = "", each_unit: bool = False
) -> AskedDocument:
    """Name a document the task is to be proved by; from now on its documents check the task."""
    require(by, "plans.bind", task.plan)
    name = " ".join(name.split())
    if not name:
        raise WrongValue(_("材料名称为空。请写明要哪份材料，如“责任书（盖章扫描件）”。"))
    with transaction.atomic():
        hold(task.plan)
        if task.asked_documents.filter(name=name, dropped_at=None).exists():
            raise WrongValue(_("“%(name)s”已经列入这项任务的材料。") % {"name": name})
        bind(task, MEASURE, by=by, at=at)
        row = AskedDocument.objects.create(
            task=task, name=name, shows=shows.strip(), each_unit=each_unit, asked_by=by.person, asked_at=at
        )
        _write_down("asked", row, by=by, at=at)
    return row


def drop(document: AskedDocument, *, why: str, by: Actor, at: datetime) -> None:
    """The document is no longer asked for; what was filed stays with the task."""
    require(by, "plans.bind", document.task.plan)
    if not why.strip():
        raise GroundMissing(_("取消所要的材料"))
    with transaction.atomic():
        hold(document.task.plan)
        document.refresh_from_db(fields=["dropped_at"])
        if document.dropped_at:
            raise WrongState(_("“%(name)s”已经取消。") % {"name": document})
        document.dropped_at, document.dropped_why = at, why.strip()[:200]
        document.save(update_fields=["dropped_at", "dropped_why"])
        _write_down("dropped", document, by=by, at=at)


def file(
    document: AskedDocument, assignment: Assignment | None, name: str, data: bytes, *, by: Actor, at: datetime
) -> DocumentFiling:
    """Give the document: the unit its own, the office on behalf of one or for the whole task."""
    task = document.task
    _refuse_the_wrong_hand(document, assignment, by)
    with transaction.atomic():
        if hold(task.plan).stage != Plan.Stage.PUBLISHED:
            raise WrongState(
                _("《%(plan)s》不在办理中，不能填报。只有已发布、未总结的方案可以填报。") % {"plan": task.plan}
            )
        document.refresh_from_db(fields=["dropped_at"])
        if document.dropped_at:
            raise WrongState(_("“%(name)s”已经取消，不再需要报送。") % {"name": document})
        unit = assignment.department if assignment else by.person and by.person.department
        use = files.attach(task, data=data, name=name, kind="evidence", by=by, at=at, note=str(unit or ""))
        row = DocumentFiling.objects.create(
            document=document, assignment=assignment, use=use, filed_by=by.person, filed_at=at
        )
        _write_down("filed", document, by=by, at=at, filing=row.pk, file=use.name)
    return row


def _refuse_the_wrong_hand(document: AskedDocument, assignment: Assignment | None, by: Actor) -> None:
    if document.each_unit and assignment is None:
        raise WrongValue(_("“%(name)s”由各单位分别报送，请选择单位。") % {"name": document})
    if assignment is not None and assignment.task_id != document.task_id:
        raise WrongValue(_("“%(unit)s”不是这项任务的责任单位。") % {"unit": assignment.department})
    if assignment is not None and assignment.state == Assignment.State.WITHDRAWN:
        raise WrongState(_("该分办已撤销，不能填报。请联系主办单位。"))
    if may(by, "plans.review", document.task.plan):
        return
    rows = [assignment] if assignment else list(document.task.assignments.exclude(state=Assignment.State.WITHDRAWN))
    if not any(may(by, "plans.report", row) for row in rows):
        require(by, "plans.report", rows[0] if rows else document.task.plan)


def check(filing: DocumentFiling, accepted: bool, *, by: Actor, at: datetime, why: str = "") -> DocumentFiling:
    """Say whether the file is what was asked for; who filed it does not judge it."""
    task = filing.document.task
    require(by, "plans.verify", task.plan)
    if not accepted and not why.strip():
        raise GroundMissing(_("退回材料"))
    with transaction.atomic():
        hold(task.plan)
        filing.refresh_from_db(fields=["outcome", "checked_at"])
        if filing.outcome != DocumentFiling.Outcome.WAITING:
            raise WrongState(_("“%(name)s”已经核对过，结果：%(state)s。") % _told(filing))
        if by.person and filing.filed_by_id == by.person.pk:
            raise WrongState(_("“%(name)s”由您本人报送，请由另一位经办人核对。") % _told(filing))
        filing.outcome = DocumentFiling.Outcome.ACCEPTED if accepted else DocumentFiling.Outcome.REFUSED
        filing.checked_by, filing.checked_at, filing.why = by.person, at, why.strip()[:300]
        filing.save(update_fields=["outcome", "checked_by", "checked_at", "why"])
        if not accepted and filing.assignment:
            tell_unit(filing.assignment, _("“%(name)s”不符合要求：%(why)s") % _told(filing))
        _write_down("checked", filing.document, by=by, at=at, filing=filing.pk, accepted=accepted)
    return filing


def _told(filing: DocumentFiling) -> dict[str, object]:
    return {"name": filing.document, "state": filing.get_outcome_display(), "why": filing.why}


def _write_down(act: str, document: AskedDocument, *, by: Actor, at: datetime, **more: object) -> None:
    data = {"document": document.pk, "name": document.name, **more}
    note(document.task, f"document_{act}", by=by, at=at, data=data)
    audit.record(f"plans.document.{act}", subject=document.task, by=by, at=at, data={"document": document.pk, **more})
