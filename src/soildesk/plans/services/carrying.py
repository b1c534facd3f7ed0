"""A new edition takes over what was decided about the same words of the edition before; what changed is asked anew.

A decision stays that of the person who made it, with its day. Two tasks are the same when the document prints the same
title, words, units and terms, wherever they stand; what a person made of them since (corrected, split, merged, left out)
is then made of the new one too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from soildesk.core import audit
from soildesk.core.permissions import Actor
from soildesk.plans.models import (
    Indicator,
    Milestone,
    Plan,
    PlanConflict,
    PlanTask,
    StandingOrder,
    TaskEvent,
    UnassignedClause,
)
from soildesk.plans.queries.review import CARRIED
from soildesk.plans.services import clauses, review, settling, whole_plan
from soildesk.plans.services.carrying_checks import carry_checks
from soilrules.plantext.draft import Role

Status = PlanTask.Status
DATED = re.compile(r"(?:19|20)\d\d\s*年")
"""A term that prints its year is counted in no other, whatever the year of its plan."""
Pairs = dict[int, tuple[PlanTask, PlanTask]]
"""Tasks of both editions that are the same, the old one first, by the key of the new one."""


class Carried(NamedTuple):
    """How many decisions of the edition before hold in the new one."""

    tasks: int
    conflicts: int
    clauses: int
    bindings: int


def carry_over(plan: Plan, earlier: Plan, *, by: Actor, at: datetime) -> Carried:
    """Decide in a plan just read what was decided in its earlier edition about the same words."""
    _carry_head(plan, earlier, by, at)
    pairs = _same_tasks(earlier, plan)
    decided = _carry_clauses(plan, earlier, pairs, by, at)
    for old, new in list(pairs.values()):
        _carry_correction(old, new, by, at)
    for old, new in list(pairs.values()):
        _carry_split(old, new, pairs, by, at)
    _carry_merges(pairs, by, at)
    _carry_review_dates(pairs)
    targets = {new.pk: old for old, new in _same_targets(earlier, plan)}
    settled = _carry_conflicts(plan, earlier, pairs, targets)
    tasks = _carry_status(pairs, by, at)
    _carry_targets(targets)
    found = Carried(tasks, settled, decided, carry_checks(pairs, targets, at))
    plan.reading["carried"] = found._asdict()
    plan.save(update_fields=["reading"])
    audit.record("plans.plan.carried", subject=plan, by=by, at=at, data={"from": str(earlier.uid), **found._asdict()})
    return found


def _plain(words: str) -> str:
    """Words without the spaces and line ends of their file."""
    return "".join(words.split())


def _carry_head(plan: Plan, earlier: Plan, by: Actor, at: datetime) -> None:
    """What a person corrected in the head holds where the document still prints the same."""
    old, new = earlier.reading.get("fields", {}), plan.reading["fields"]
    head = {name: getattr(plan, name) for name in whole_plan.HEAD}
    for name in head.keys() - {"year", "period_start", "period_end"}:
        if _plain((old.get(name) or {}).get("value", "")) == _plain((new.get(name) or {}).get("value", "")):
            head[name] = getattr(earlier, name)
    if "year" in earlier.reading and earlier.reading["year"] == plan.reading["year"]:
        head |= {name: getattr(earlier, name) for name in ("year", "period_start", "period_end")}
    whole_plan.correct_head(plan, whole_plan.PlanHead(**head), by=by, at=at)


def _printed(task: PlanTask, year: int | None) -> tuple[object, ...]:
    """What the document prints of a task: title, words, units, terms with the year they are counted in."""
    read = task.reading
    units, terms = read.get("units"), read.get("terms")
    if units is None:  # read before units and terms were kept apart from what became of them
        units = [(one.name, one.role) for one in task.units.all() if one.source != "added" and not one.decided_by_id]
    if terms is None:
        terms = [one.text for one in task.milestones.all() if one.spans and not one.decided_by_id]
    title = (read.get("title") or {}).get("value", "")
    told = (_plain(title), _plain(read["text"]["value"]), frozenset((_plain(name), role) for name, role in units))
    counted = any(not DATED.search(term) for term in terms)
    return (*told, tuple(map(_plain, terms)), year if counted else None)


def _place(row: PlanTask | UnassignedClause) -> tuple[str, str]:
    return (row.section[-1] if row.section else "", row.number)


def _same_tasks(earlier: Plan, plan: Plan) -> Pairs:
    """Tasks that print the same: first those that stand in the same place too."""
    old = [row for row in _read_tasks(earlier) if row.reading.get("text")]
    known: dict[tuple[object, ...], list[PlanTask]] = {}
    for row in old:
        known.setdefault(_printed(row, earlier.year), []).append(row)
    wanted = [(known.get(_printed(row, plan.year), []), row) for row in _read_tasks(plan)]
    return {new.pk: (old, new) for old, new in _matched(wanted)}


def _read_tasks(plan: Plan) -> list[PlanTask]:
    """The tasks the document itself prints: no parts of a split, none taken up from a clause."""
    rows = plan.tasks.filter(came_from=None, clause=None).select_related("plan")
    return list(rows.prefetch_related("units", "milestones", "events", "merged").order_by("position", "id"))


def _matched(wanted: Iterable[tuple[list[Any], Any]]) -> Iterator[tuple[Any, Any]]:
    """Each new row with one of its like: the one in the same place, else the next that is left."""
    left = []
    for alike, new in wanted:
        same = next((old for old in alike if _place(old) == _place(new)), None)
        if same is None:
            left.append((alike, new))
        else:
            alike.remove(same)
            yield same, new
    for alike, new in left:
        if alike:
            yield alike.pop(0), new


def _carry_clauses(plan: Plan, earlier: Plan, pairs: Pairs, by: Actor, at: datetime) -> int:
    """Clauses without a unit: left or taken up as before; a task taken up joins the pairs."""
    known: dict[tuple[str, str], list[UnassignedClause]] = {}
    for row in earlier.unassigned.exclude(decision=clauses.Decision.OPEN).select_related("task__plan"):
        known.setdefault((_plain(row.title), _plain(row.text)), []).append(row)
    rows = list(plan.unassigned.select_related("plan"))
    matched = list(_matched((known.get((_plain(row.title), _plain(row.text)), []), row) for row in rows))
    for old, new in matched:
        if old.decision == clauses.Decision.TAKEN:
            task = clauses.take_up(new, by=by, at=at)
            if old.task:
                pairs[task.pk] = (old.task, task)
        else:
            clauses.leave(plan, by, at, [new])
        new.decided_by, new.decided_at = old.decided_by, old.decided_at
    UnassignedClause.objects.bulk_update([new for _old, new in matched], ["decided_by", "decided_at"])
    return len(matched)


def _carry_correction(old: PlanTask, new: PlanTask, by: Actor, at: datetime) -> None:
    """Fields a person wrote are written again; the number only where the document still prints the one corrected."""
    changes = [event.data for event in old.events.all() if event.kind == "corrected"]
    fields = {name for data in changes for name in data}
    wanted: dict[str, Any] = {name: getattr(old, name) for name in fields & {"title", "text", "deadline_text"}}
    numbers = [data["number"][0] for data in changes if "number" in data]
    if numbers and numbers[-1] == new.number:  # events stand newest first
        wanted["number"] = old.number
    if "units" in fields:
        rows = old.units.filter(decided_by=None).order_by("position", "id")
        wanted["units"] = [(row.name, Role(row.role)) for row in rows]
    if wanted:
        review.correct(new, review.Correction(**wanted), by=by, at=at)


def _carry_split(old: PlanTask, new: PlanTask, pairs: Pairs, by: Actor, at: datetime) -> None:
    """Cut where it was cut; the parts join the pairs, and are cut again where they were."""
    if old.status != Status.SPLIT:
        return
    parts = list(old.parts.order_by("position", "id").prefetch_related("events"))
    cuts, behind = [], 0
    for part in parts:
        found = new.text.find(part.reading["text"]["value"], behind)
        if found < 0:
            return
        cuts.append(found)
        behind = found + len(part.reading["text"]["value"])
    made = review.split(new, cuts[1:], by=by, at=at)
    for before, part in zip(parts, made, strict=True):
        pairs[part.pk] = (before, part)
        _carry_correction(before, part, by, at)
        _carry_split(before, part, pairs, by, at)


def _carry_merges(pairs: Pairs, by: Actor, at: datetime) -> None:
    """Tasks put into another one are put there again, those that were put together last last."""
    new_of = {old.pk: new for old, new in pairs.values()}
    gone = [(old, new) for old, new in pairs.values() if old.status == Status.MERGED and old.merged_into_id in new_of]
    for old, new in sorted(gone, key=lambda pair: (pair[0].accepted_at is None, pair[0].accepted_at, pair[0].pk)):
        review.merge([new], new_of[old.merged_into_id], by=by, at=at)


def _carry_review_dates(pairs: Pairs) -> None:
    """The days a person gave to terms without one."""
    days = {
        (row.task_id, row.kind, row.text): row.review_on
        for row in Milestone.objects.filter(task__in=[old.pk for old, _new in pairs.values()], review_on__isnull=False)
    }
    if not days:
        return
    old_of = {new.pk: old.pk for old, new in pairs.values()}
    rows = list(Milestone.objects.filter(task__in=old_of, last=None, month=None))
    for row in rows:
        row.review_on = days.get((old_of[row.task_id], row.kind, row.text))
        row.internal = row.internal or row.review_on is not None
    Milestone.objects.bulk_update(rows, ["review_on", "internal"], batch_size=500)


def _carry_conflicts(plan: Plan, earlier: Plan, pairs: Pairs, targets: dict[int, Indicator]) -> int:
    """Decisions between the same two places of the same tasks, in the order in which they were made."""
    before = {str(new.uid): str(old.uid) for old, new in pairs.values()}
    before |= {str(pk): str(old.pk) for pk, old in targets.items()}
    settled = {_sides(row): row for row in earlier.conflicts.filter(settled_at__isnull=False)}
    found = []
    for row in plan.conflicts.filter(settled_at=None).select_related("plan"):
        old = settled.get(_sides(row, before))
        if old is not None:
            found.append((old, row))
    for old, row in sorted(found, key=lambda pair: (pair[0].settled_at, pair[0].pk)):
        settling.carry(row, _choice(old, row, before), old)
    return len(found)


Side = tuple[str, str | None]


def _side(side: dict[str, Any], before: dict[str, str] | None) -> Side:
    subject = side["subject"]
    if subject and before is not None:
        subject = before.get(subject, f"new {subject}")  # of no task that is the same
    return (_plain(side["text"]), subject)


def _sides(row: PlanConflict, before: dict[str, str] | None = None) -> tuple[str, frozenset[Side]]:
    return (row.kind, frozenset(_side(side, before) for side in row.sides))


def _choice(old: PlanConflict, new: PlanConflict, before: dict[str, str]) -> str:
    """The side that won, by its place in the new conflict."""
    if not old.choice.isdecimal():
        return old.choice
    won = _side(old.sides[int(old.choice)], None)
    return str([_side(side, before) for side in new.sides].index(won))


def _carry_status(pairs: Pairs, by: Actor, at: datetime) -> int:
    """Accepted, left out: by whom and when as before; with this year's action where one was written."""
    plain = [(old, new) for old, new in pairs.values() if old.status in {Status.ACCEPTED, Status.REJECTED}]
    for old, new in plain:
        new.status, new.accepted_by, new.accepted_at = old.status, old.accepted_by, old.accepted_at
        new.decided_why = old.decided_why
    rows = [new for _old, new in plain]
    PlanTask.objects.bulk_update(rows, ["status", "accepted_by", "accepted_at", "decided_why"], batch_size=500)
    orders = {row.task_id: row for row in StandingOrder.objects.filter(task__in=[old.pk for old, _new in plain])}
    for old, new in plain:
        order = orders.get(old.pk)
        if order:
            order.pk, order.task, order._state.adding = None, new, True
    StandingOrder.objects.bulk_create(orders.values(), batch_size=500)
    gone = [(old, new) for old, new in pairs.values() if old.status in {Status.SPLIT, Status.MERGED}]
    TaskEvent.objects.bulk_create(
        (
            TaskEvent(task=new, kind=CARRIED, by=by.person, at=at, data={"from": str(old.uid)})
            for old, new in (*plain, *gone)
        ),
        batch_size=500,
    )
    return len(plain)


def _same_targets(earlier: Plan, plan: Plan) -> Iterator[tuple[Indicator, Indicator]]:
    """Targets printed in the same words with the same number, year and place in the document's parts."""
    known: dict[tuple[object, ...], list[Indicator]] = {}
    for row in earlier.indicators.all():
        known.setdefault(_target(row), []).append(row)
    for row in plan.indicators.all():
        if known.get(_target(row)):
            yield known[_target(row)].pop(0), row


def _target(row: Indicator) -> tuple[object, ...]:
    numbers = (row.comparator, row.target_text, row.unit, row.year, row.wording, row.alternative, row.not_applicable)
    return (_plain(row.name), _plain(row.quote), row.scope, *numbers)


def _carry_targets(targets: dict[int, Indicator]) -> None:
    for pk, old in targets.items():
        if old.rejected_why:
            Indicator.objects.filter(pk=pk).update(rejected_why=old.rejected_why, accepted_by=None, accepted_at=None)
