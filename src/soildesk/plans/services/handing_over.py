"""What units did under the edition before holds under the new one: nobody signs, reports or proves the same thing twice.

Only for tasks the document still prints in the same words, see `carrying`, or which a person said to be the same, see
`succession`. The rows of the old edition stay as they are;
what was owed and late under it is owed and late under the new one, whatever day that was issued on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from soildesk.core import duties, files
from soildesk.core.models import Duty, FileUse
from soildesk.core.permissions import Actor
from soildesk.plans.folding import fold_title
from soildesk.plans.models import (
    AskedDocument,
    Assignment,
    DocumentFiling,
    Milestone,
    Plan,
    PlanTask,
    ProgressEntry,
    TaskEvent,
    TaskLink,
    TaskUnit,
)
from soildesk.plans.queries.review import CARRIED, SUCCEEDS
from soildesk.plans.services.history import note

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
TERM_KEY = re.compile(r"m(?P<at>\d+)(?P<year>/\d{4})?")
Said = dict[str, tuple[str, dict[str, Any]]]
"""What is told of the terms that the new paper prints otherwise: the kind of event and its data, by term."""
Entries = dict[int, int]
"""Reports of the new edition by those of the old one."""
Follower = Callable[[Sequence[tuple[Duty, Duty]]], None]
Renewal = Callable[["Paper", Sequence[Plan], Mapping[str, str]], None]
_followers: list[Follower] = []
_renewals: list[Renewal] = []


def also_handed_by(follower: Follower) -> None:
    """Rooms above keep rows about duties: they are told which duty stands for which from now on."""
    _followers.append(follower)


def also_renewed_by(renewal: Renewal) -> None:
    """Rooms above keep rows about plans and tasks: they are told which edition takes the place of which, and which tasks."""
    _renewals.append(renewal)


def renew_above(paper: Paper, replaced: Sequence[Plan], pairs: Sequence[Handed]) -> None:
    """Tell the rooms above that an edition took the place of others; tasks by their uids, old to new."""
    for renewal in _renewals if replaced else ():
        renewal(paper, replaced, {str(each.old.uid): str(each.new.uid) for each in pairs})


class Handed(NamedTuple):
    """A task of an edition that was in force and the one of the new edition that it is; `changed`: as a person said."""

    old: PlanTask
    new: PlanTask
    changed: bool = False


def worked_on_before(tasks: Sequence[PlanTask], replaced: Iterable[Plan]) -> list[Handed]:
    """Tasks of editions that were in force with the task of the new one that is the same, through the drafts between."""
    plans = {plan.pk for plan in replaced}
    found, waiting = [], {str(task.uid): (task, False) for task in tasks} if plans else {}
    while waiting:
        said = {}
        for old, new, changed in _said_the_same(waiting):
            task, before = waiting[new]
            said[old] = (task, before or changed)
        waiting = {}
        for row in PlanTask.objects.filter(uid__in=said).select_related("plan").order_by("id"):
            task, changed = said[str(row.uid)]
            if row.plan_id in plans:
                found.append(Handed(row, task, changed))
            else:
                waiting[str(row.uid)] = (task, changed)
    return found


def _said_the_same(tasks: Iterable[str]) -> list[tuple[str, str, bool]]:
    """The old task of each of these, by uids, and whether a person said so; what was said last counts."""
    events = TaskEvent.objects.filter(kind__in=(CARRIED, SUCCEEDS), task__uid__in=list(tasks)).order_by("id")
    last = {
        str(new): (data["from"], kind == SUCCEEDS)
        for new, data, kind in events.values_list("task__uid", "data", "kind")
    }
    return [(old, new, changed) for new, (old, changed) in last.items() if old]


def hand_work_over(pairs: Sequence[Handed]) -> Entries:
    """Before the tasks go out: the 分办 as they stand, what was said, the files and documents, who takes the task up."""
    entries: Entries = {}
    for old, new, changed in pairs:
        made = {}
        for row in old.assignments.select_related("unit").order_by("id"):
            unit = _unit_now(row, new)
            told = _fields(row, WORKED)
            if changed and unit is None and row.state != Assignment.State.WITHDRAWN:
                told |= {"state": Assignment.State.WITHDRAWN, "returned_why": ""}  # the new paper names it no more
            made[row.pk] = Assignment.objects.create(task=new, unit=unit, **told)
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


def _unit_now(row: Assignment, new: PlanTask) -> TaskUnit | None:
    """The printed unit of the new task a 分办 stands for: the same name in the same role, else the name, else who it is."""
    if row.unit is None:
        return None
    units = [unit for unit in new.units.all() if not unit.overruled_by_id]
    alike = (
        [unit for unit in units if (unit.name, unit.role) == (row.unit.name, row.unit.role)],
        [unit for unit in units if unit.name == row.unit.name],
        [unit for unit in units if unit.department_id == row.department_id],
    )
    return next((found[0] for found in alike if found), None)


def _fields(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _hand_entries_over(old: PlanTask, new: PlanTask, made: dict[int, Assignment]) -> Entries:
    terms, now = terms_now(old, new), {term.position: term for term in new.milestones.all()}
    rows = ProgressEntry.objects.filter(assignment__in=made, superseded_by=None).order_by("id")
    found = {}
    for row in rows.select_related("milestone"):
        term = now.get(terms.get(row.milestone.position, -1)) if row.milestone else None
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


def terms_now(old: PlanTask, new: PlanTask) -> dict[int, int]:
    """The position of each term of the old task in the new one: same place and words, same words, same day, then in order."""
    left, wanted = list(old.milestones.all()), list(new.milestones.all())
    found: dict[int, int] = {}
    likes: tuple[Callable[[Milestone], object], ...] = (
        lambda row: (row.position, row.text),
        lambda row: row.text,
        lambda row: (row.last, row.month, row.day) if row.last or row.month else row.text,
        lambda row: bool(row.completion and not row.overruled_by_id),
    )
    for alike in likes:
        for term in list(left):
            same = next((row for row in wanted if alike(row) == alike(term)), None)
            if same is not None:
                found[term.position] = same.position
                left.remove(term)
                wanted.remove(same)
    return found


def hand_terms_over(pairs: Sequence[Handed], entries: Entries, paper: Paper) -> None:
    """After the tasks went out: what was done is done, what was moved is moved, and no day is earlier or later than it was.

    The old duty stays to be read and counts no more, also not on days before: the new one does, and nothing is owed twice.
    Only a term the new paper itself prints otherwise is another one, from the day of the paper on.
    """
    handed, same = [], []
    for old, new, changed in pairs:
        terms: dict[int, int] = terms_now(old, new)
        said: Said = {}
        owed = {_key(duty): duty for duty in Duty.objects.for_subject(new).order_by("id")}
        for before in Duty.objects.for_subject(old).order_by("id"):
            duty = owed.pop(_key(before, terms), None)
            if duty is None and (before.kind != Duty.Kind.STANDING_CHECK or not paper.still_asks(before, new)):
                continue  # a term that was decided otherwise since, or that the new paper asks no more
            duty = duty or _again(before, new, paper.life)
            duty.evidence = [_renamed(item, entries) for item in before.evidence]
            if _hand_term(before, duty, paper, said):
                same.append(before.pk)
            duty.save()
            handed.append((before, duty))
        for kind, told in said.values():
            note(new, kind, by=paper.by, at=paper.at, data=told)
        if changed:
            _begin(owed.values(), Duty.objects.for_subject(old).order_by("id"), paper)
    Duty.objects.filter(pk__in=same).update(live_from=None, live_until=None)
    for follower in _followers if handed else ():
        follower(handed)


@dataclass(frozen=True)
class Paper:
    """The new edition as it goes out: on which day, how long its duties count, and whose word it is."""

    plan: Plan
    life: duties.Life
    day: date
    by: Actor
    at: datetime

    def still_asks(self, before: Duty, new: PlanTask) -> bool:
        """Whether a period of our own rhythm still counts: the task is still without a date, or the period was missed."""
        dated = any(row.completion and not row.overruled_by_id and row.last for row in new.milestones.all())
        return not dated or bool(before.due and before.due < self.day and before.done_on is None)

    @property
    def name(self) -> str:
        """What it is called where it moved a term."""
        return self.plan.doc_number or self.plan.title


def moves_terms(plan: Plan, earlier: Plan) -> bool:
    """Whether an edition comes from the body that set the terms of the one before: only that body moves them."""
    one, other = fold_title(earlier.issuer), fold_title(plan.issuer)
    if one and other:
        return one == other
    one, other = (fold_title(row.doc_number).partition("(")[0] for row in (earlier, plan))
    return bool(one) and one == other


def _hand_term(before: Duty, duty: Duty, paper: Paper, said: Said) -> bool:
    """Whether the term stays what it was; else it is the one of the new paper, and the task's history says so."""
    printed = before.moved_from if before.moved_from and before.due == before.moved_to else before.due
    if before.kind == Duty.Kind.STANDING_CHECK or printed == duty.due or before.due is None:
        for name in TERM:
            setattr(duty, name, getattr(before, name))
        return True
    own = before.kind == Duty.Kind.REVIEW_DATE
    moved = own or moves_terms(paper.plan, _plan_of(before))
    late = before.due < paper.day and before.done_on is None
    if not own:
        told = {"period": duty.period, "from": str(before.due), "to": str(duty.due), "paper": paper.name}
        was_late = late or bool(said.get(duty.period, ("", {}))[1].get("late"))
        said[duty.period] = ("term_moved" if moved else "term_kept", {**told, "late": was_late})
    if not moved:
        duty.moved_from, duty.moved_to = duty.due, before.due
        for name in ("due", "since", "working_days", "provisional", "issued_on", "done_on"):
            setattr(duty, name, getattr(before, name))
        return True
    duty.done_on = before.done_on
    if late:
        duty.issued_on = before.issued_on  # it was owed before: a day before the new paper's is late all the same
    _start(duty, paper)
    return False


def _plan_of(duty: Duty) -> Plan:
    return Plan.objects.get(tasks=duty.subject_id)


def _start(duty: Duty, paper: Paper) -> None:
    if duty.live_from and duty.live_from < paper.day:
        duty.live_from = paper.day


def _begin(new: Iterable[Duty], old: Iterable[Duty], paper: Paper) -> None:
    """What the new paper asks of a task beside what it went on with is owed from its day; a term that others missed before is missed."""
    missed = {(row.kind, row.due): row for row in old if row.due and row.due < paper.day}
    for duty in new:
        before = missed.get((duty.kind, duty.due))
        if before is not None:
            duty.issued_on = before.issued_on
        _start(duty, paper)
        duty.save()


def _key(duty: Duty, terms: Mapping[int, int] | None = None) -> tuple[object, ...]:
    """Which duty of its task it is: of which kind and unit, for which term or period."""
    period = duty.period
    told = TERM_KEY.fullmatch(period) if terms is not None else None
    if told and terms is not None:
        period = f"m{terms.get(int(told['at']), 'gone')}{told['year'] or ''}"
    return (duty.kind, duty.unit_id, period)


def _again(before: Duty, new: PlanTask, life: duties.Life) -> Duty:
    """The same duty for the new task: a period of a standing task that began before the new edition went out."""
    names = ("kind", "title", "unit_id", "basis", "period", "period_start", "standing", "internal", "division_path")
    duty = Duty(subject_type=new._meta.label_lower, subject_id=new.pk, **_fields(before, names))
    duty.owner_department_id, duty.live_from, duty.live_until = before.owner_department_id, life.start, life.end
    return duty


def _renamed(item: dict[str, Any], entries: Entries) -> dict[str, Any]:
    return {**item, "id": entries[item["id"]]} if item.get("type") == "progress" and item["id"] in entries else item
