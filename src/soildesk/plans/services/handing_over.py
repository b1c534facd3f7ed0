"""What units did under the edition before holds under the new one: nobody signs, reports or proves the same thing twice.

Only for tasks the document still prints in the same words, see `carrying`. The rows of the old edition stay as they are;
what was owed and late under it is owed and late under the new one, whatever day that was issued on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from soildesk.core import duties, files
from soildesk.core.models import Duty, FileUse
from soildesk.plans.models import (
    AskedDocument,
    Assignment,
    DocumentFiling,
    Plan,
    PlanTask,
    ProgressEntry,
    TaskEvent,
    TaskLink,
)
from soildesk.plans.queries.review import CARRIED

WORKED = (
    "role", "state", "received_at", "received_by_id", "reported_on", "verified_at", "verified_by_id", "returned_why",
    "division_path", "owner_department_id", "department_id",
)  # fmt: skip
SAID = (
    "period", "text", "claims_done", "done_on", "unfinished_why", "by_id", "at", "via", "verified_at", "verified_by_id",
)  # fmt: skip
FILED = ("use_id", "filed_by_id", "filed_at", "outcome", "checked_by_id", "checked_at", "why")
USED = ("attachment_id", "name", "note", "kind", "added_by_id", "added_at", "withdrawn_at", "withdrawn_why")
TERM = ("due", "since", "working_days", "provisional", "issued_on", "done_on", "moved_from", "moved_to")
Entries = dict[int, int]
"""Reports of the new edition by those of the old one."""
Follower = Callable[[Sequence[tuple[Duty, Duty]]], None]
_followers: list[Follower] = []


def also_handed_by(follower: Follower) -> None:
    """Rooms above keep rows about duties: they are told which duty stands for which from now on."""
    _followers.append(follower)


def worked_on_before(tasks: Sequence[PlanTask], replaced: Iterable[Plan]) -> list[tuple[PlanTask, PlanTask]]:
    """Tasks of editions that were in force with the task of the new one that is the same, through the drafts between."""
    plans = {plan.pk for plan in replaced}
    found, waiting = [], {str(task.uid): task for task in tasks} if plans else {}
    while waiting:
        events = TaskEvent.objects.filter(kind=CARRIED, task__uid__in=waiting).order_by("id").select_related("task")
        said = {event.data["from"]: waiting[str(event.task.uid)] for event in events}
        waiting = {}
        for old in PlanTask.objects.filter(uid__in=said).order_by("id"):
            if old.plan_id in plans:
                found.append((old, said[str(old.uid)]))
            else:
                waiting[str(old.uid)] = said[str(old.uid)]
    return found


def hand_work_over(pairs: Sequence[tuple[PlanTask, PlanTask]]) -> Entries:
    """Before the tasks go out: the 分办 as they stand, what was said, the files and documents, who takes the task up."""
    entries: Entries = {}
    for old, new in pairs:
        units = {(unit.name, unit.role): unit for unit in new.units.all()}
        made = {}
        for row in old.assignments.select_related("unit").order_by("id"):
            unit = units.get((row.unit.name, row.unit.role)) if row.unit else None
            made[row.pk] = Assignment.objects.create(task=new, unit=unit, **_fields(row, WORKED))
        entries |= _hand_entries_over(old, new, made)
        _hand_documents_over(old, new, made)
        FileUse.objects.bulk_create(
            FileUse(subject_type=new._meta.label_lower, subject_id=new.pk, **_fields(use, USED))
            for use in files.uses_of(old, withdrawn=True).order_by("id")
        )
        TaskLink.objects.bulk_create(
            TaskLink(upper=new, **_fields(link, ("lower_id", "made_by_id", "made_at")))
            for link in old.taken_up_by.order_by("id")
        )
    return entries


def _fields(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _hand_entries_over(old: PlanTask, new: PlanTask, made: dict[int, Assignment]) -> Entries:
    terms = {term.position: term for term in new.milestones.all()}
    rows = ProgressEntry.objects.filter(assignment__in=made, superseded_by=None).order_by("id")
    found = {}
    for row in rows.select_related("milestone"):
        term = terms.get(row.milestone.position) if row.milestone else None
        entry = ProgressEntry(assignment=made[row.assignment_id], milestone=term, **_fields(row, SAID))
        entry.save(force_insert=True)
        found[row.pk] = entry.pk
    return found


def _hand_documents_over(old: PlanTask, new: PlanTask, made: dict[int, Assignment]) -> None:
    asked = {row.name: row for row in AskedDocument.objects.filter(task=new, dropped_at=None)}
    rows = DocumentFiling.objects.filter(document__task=old, document__dropped_at=None).order_by("id")
    DocumentFiling.objects.bulk_create(
        DocumentFiling(
            document=asked[row.document.name],
            assignment=made.get(row.assignment_id) if row.assignment_id else None,
            **_fields(row, FILED),
        )
        for row in rows.select_related("document")
        if row.document.name in asked
    )


def hand_terms_over(pairs: Sequence[tuple[PlanTask, PlanTask]], entries: Entries, life: duties.Life) -> None:
    """After the tasks went out: what was done is done, what was moved is moved, and no day is earlier or later than it was.

    The old duty stays to be read and counts no more, also not on days before: the new one does, and nothing is owed twice.
    """
    handed = []
    for old, new in pairs:
        owed = {_key(duty): duty for duty in Duty.objects.for_subject(new)}
        for before in Duty.objects.for_subject(old).order_by("id"):
            duty = owed.get(_key(before))
            if duty is None and before.kind != Duty.Kind.STANDING_CHECK:
                continue  # a term that was decided otherwise since
            duty = duty or _again(before, new, life)
            for name in TERM:
                setattr(duty, name, getattr(before, name))
            duty.evidence = [_renamed(item, entries) for item in before.evidence]
            duty.save()
            handed.append((before, duty))
    Duty.objects.filter(pk__in=[before.pk for before, _duty in handed]).update(live_from=None, live_until=None)
    for follower in _followers if handed else ():
        follower(handed)


def _key(duty: Duty) -> tuple[object, ...]:
    return (duty.kind, duty.unit_id, duty.period, duty.title)


def _again(before: Duty, new: PlanTask, life: duties.Life) -> Duty:
    """The same duty for the new task: a period of a standing task that began before the new edition went out."""
    names = ("kind", "title", "unit_id", "basis", "period", "period_start", "standing", "internal", "division_path")
    duty = Duty(subject_type=new._meta.label_lower, subject_id=new.pk, **_fields(before, names))
    duty.owner_department_id, duty.live_from, duty.live_until = before.owner_department_id, life.start, life.end
    return duty


def _renamed(item: dict[str, Any], entries: Entries) -> dict[str, Any]:
    return {**item, "id": entries[item["id"]]} if item.get("type") == "progress" and item["id"] in entries else item
