"""The plan under review as a whole: correct what the reader made of its head, throw it away."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.permissions import Actor
from soildesk.plans.models import Milestone, Plan, PlanTask
from soildesk.plans.refusals import WrongState, WrongValue
from soildesk.plans.services.holding import reviewing
from soilrules import deadlines

EARLIEST, LATEST = 1990, 2100


@dataclass(frozen=True)
class PlanHead:
    """The fields of a plan's head as a person wants them; all of them together."""

    title: str
    issuer: str = ""
    doc_number: str = ""
    issued_on: date | None = None
    region: str = ""
    year: int | None = None
    period_start: date | None = None
    period_end: date | None = None


HEAD = tuple(field.name for field in fields(PlanHead))
"""The fields of a head by name."""


def correct_head(plan: Plan, head: PlanHead, *, by: Actor, at: datetime) -> Plan:
    """Change the head of a plan under review.

    Another year gives the terms of tasks nobody decided yet their days anew (年底前 means the end of
    that year); terms that a person has written or set are left alone.
    """
    _check(head)
    with reviewing(plan, by):
        before = plan.year
        changed = _take_over(plan, head)
        plan.save(update_fields=changed)
        moved = _read_terms_again(plan) if plan.year != before else 0
        if changed:
            audit.record(
                "plans.plan.corrected", subject=plan, by=by, at=at, data={"fields": sorted(changed), "terms": moved}
            )
    return plan


def _check(head: PlanHead) -> None:
    if not head.title.strip():
        raise WrongValue(_("名称不能为空。请填写方案名称。"))
    if head.year is not None and not EARLIEST <= head.year <= LATEST:
        raise WrongValue(_("年度 %(year)s 不在 1990 到 2100 之间。请填写方案的年度。") % {"year": head.year})
    if head.period_start and head.period_end and head.period_end < head.period_start:
        raise WrongValue(
            _("执行期止 %(end)s 早于执行期起 %(start)s。请检查这两个日期。")
            % {"end": head.period_end, "start": head.period_start}
        )


def _take_over(plan: Plan, head: PlanHead) -> set[str]:
    changed = set()
    for field in fields(head):
        value: Any = getattr(head, field.name)
        if isinstance(value, str):
            value = value.strip()[: plan._meta.get_field(field.name).max_length]
        if value != getattr(plan, field.name):
            setattr(plan, field.name, value)
            changed.add(field.name)
    return changed


def _read_terms_again(plan: Plan) -> int:
    """Give the printed terms of undecided tasks the days they have in the plan's year; returns how many moved."""
    moved = []
    terms = Milestone.objects.filter(
        task__plan=plan, task__status=PlanTask.Status.PROPOSED, internal=False, decided_by=None
    )
    for term in terms:
        read = deadlines.parse(term.text, plan_year=plan.year)
        if len(read) == 1 and (read[0].first, read[0].last) != (term.first, term.last):
            term.kind, term.first, term.last = read[0].kind, read[0].first, read[0].last
            term.alternatives = [day.isoformat() for day in read[0].alternatives]
            moved.append(term)
    Milestone.objects.bulk_update(moved, ["kind", "first", "last", "alternatives"], batch_size=500)
    return len(moved)


def discard(plan: Plan, *, by: Actor, at: datetime) -> None:
    """Throw away a plan that was never published, with everything read from it; the act stays in the audit chain."""
    if plan.editions.exists():
        raise WrongState(_("《%(title)s》已有后来的版本，不能作废。请先处理后来的版本。") % {"title": plan.title})
    document = plan.document
    with reviewing(plan, by):
        audit.record(
            "plans.plan.discarded",
            subject=plan,
            by=by,
            at=at,
            data={"tasks": plan.tasks.count(), "file": document.file_sha256 if document else ""},
        )
        _delete(plan)
        if document and not document.plans.exists():
            files.uses_of(document, withdrawn=True).delete()
            document.delete()


def _delete(plan: Plan) -> None:
    """Tasks of a draft point at each other (split, merged): they let go first, so that they can go together."""
    plan.tasks.update(came_from=None, merged_into=None)
    try:
        plan.delete()
    except ProtectedError as error:
        raise WrongState(
            _("《%(title)s》的任务已被其他方案引用，不能作废。请先取消承接关系。") % {"title": plan.title}
        ) from error
