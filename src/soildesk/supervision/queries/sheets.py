"""What a sheet of 调度 is filled with: the unit's tasks, what was said, what the records say, its slips and extensions."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from soildesk.core import audit, clock
from soildesk.kit.measures import Outcome
from soildesk.plans.queries.dispatched import UnitTask, unit_tasks
from soildesk.plans.queries.states import SUBJECT as TASK
from soildesk.supervision.models import DispatchRound, DispatchSheet, Extension, Slip
from soilrules.deadlines import State

FREE = ("problems", "following", "help")
"""What a unit says of all its tasks together: no record knows it."""
Records = dict[str, Any]
Key = tuple[int, int]


def digest_of(said: Mapping[str, Any]) -> str:
    """The hash of what a sheet or round says."""
    return hashlib.sha256(audit.canonical(said).encode()).hexdigest()


def records_of(one: DispatchRound, known_on: date, units: Collection[int] | None = None) -> dict[int, Records]:
    """What the records say for units of a round on its day, as known on a day; by unit."""
    plans = list(one.plans.values_list("pk", flat=True))
    found = unit_tasks(plans, one.on, known_on, units)
    keys = {(each.task.pk, unit) for unit, rows in found.items() for each in rows}
    slips, moved = _slips(keys, one.on), _extensions(keys, one.on)
    return {
        unit: {
            "on": one.on.isoformat(),
            "known_on": known_on.isoformat(),
            "tasks": [_task(each, one.first, slips[each.task.pk, unit], moved[each.task.pk, unit]) for each in rows],
        }
        for unit, rows in found.items()
    }


def _task(one: UnitTask, first: date, slips: list[dict[str, str]], moved: list[dict[str, str]]) -> dict[str, Any]:
    following, said, deciding = one.standing.following, one.standing.last_entry, one.checked.deciding
    nothing = one.checked.nothing
    why = str(deciding.result.reason) if deciding else nothing.reason if nothing else _("没有选定核对办法。")
    told = {"text": said["text"] or said["unfinished_why"], "on": day_of(said["at"])} if said else None
    rows = [[row.subject_type, row.uid, row.counts] for row in one.rows]
    return {
        "uid": str(one.task.uid),
        "plan": one.task.plan.doc_number or one.task.plan.title,
        "number": one.task.number,
        "title": one.task.heading,
        "role": one.role,
        "handling": str(one.handling),
        "due": following[0].due.isoformat() if following and following[0].due else "",
        "internal": bool(following and following[0].internal),
        "late": one.late,
        "passed": len(one.passed),
        "open_terms": sum(how is State.OVERDUE for how in one.passed),
        "said_done": one.said_done,
        "said": told,
        "told_in_period": bool(told and told["on"] >= first.isoformat()),
        "kind": one.checked.kind,
        "unbound": one.unbound,
        "outcome": str(one.checked.outcome),
        "measure": str(deciding.measure.title) if deciding else "",
        "why": why,
        "rows": len(rows),
        "counting": sum(1 for row in rows if row[2]),
        "rows_sha256": digest_of({"rows": rows}) if rows else "",
        "differs": one.differs,
        "slips": slips,
        "extensions": moved,
    }


def day_of(at: Any) -> str:
    """The day of a moment, as text."""
    return clock.local_day(at).isoformat()


def _slips(keys: Collection[Key], on: date) -> dict[Key, list[dict[str, str]]]:
    """Slips of these tasks at these units that stood open on a day."""
    found: dict[Key, list[dict[str, str]]] = defaultdict(list)
    tasks = {task for task, _unit in keys}
    rows = Slip.objects.filter(duty__subject_type=TASK, duty__subject_id__in=tasks, on__lte=on)
    for one in rows.exclude(colour=Slip.Colour.NONE).select_related("duty").order_by("on", "id"):
        task, unit = one.duty.subject_id, one.unit_id or 0
        ended = one.ended_on is not None and one.ended_on <= on
        if (task, unit) in keys and not ended:
            found[task, unit].append(
                {"uid": str(one.uid), "number": one.number, "colour": one.colour, "on": one.on.isoformat()}
            )
    return found


def _extensions(keys: Collection[Key], on: date) -> dict[Key, list[dict[str, str]]]:
    """Requests for more time on these tasks, made by a day."""
    found: dict[Key, list[dict[str, str]]] = defaultdict(list)
    tasks = {task for task, _unit in keys}
    rows = Extension.objects.filter(duty__subject_type=TASK, duty__subject_id__in=tasks, asked_on__lte=on)
    for one in rows.select_related("duty").order_by("asked_on", "id"):
        task, unit = one.duty.subject_id, one.unit_id or 0
        if (task, unit) in keys:
            known = one.decided_on is not None and one.decided_on <= on
            state = one.state if known else Extension.State.ASKED
            until = one.due_granted if known and one.due_granted else one.due_wanted
            found[task, unit].append(
                {"uid": str(one.uid), "from": one.due_before.isoformat(), "to": until.isoformat(), "state": str(state)}
            )
    return found


@dataclass(frozen=True)
class Said:
    """A sheet as it counts: what was signed last and stands, else what was read for it and saved."""

    sheet: DispatchSheet
    records: Records
    words: Mapping[str, Any]
    signed: bool

    @property
    def tasks(self) -> Sequence[Mapping[str, Any]]:
        """Its tasks."""
        found: Sequence[Mapping[str, Any]] = self.records.get("tasks", ())
        return found

    def own(self, task: Mapping[str, Any]) -> Mapping[str, str]:
        """What the unit wrote itself about a task no record tells of."""
        found: Mapping[str, str] = self.words.get("tasks", {}).get(task["uid"], {})
        return found


def said(sheets: Iterable[DispatchSheet]) -> list[Said]:
    """The sheets as they count, read with their signings (prefetched where there are many)."""
    return [_said(one) for one in sheets]


def _said(sheet: DispatchSheet) -> Said:
    standing = next((one for one in sheet.signings.all() if one.returned_at is None), None)
    if standing is None:
        return Said(sheet, sheet.records, sheet.words, signed=False)
    return Said(sheet, standing.snapshot["records"], standing.snapshot["words"], signed=True)


NUMBERS = {
    "tasks": lambda task: True,
    "said_done": lambda task: task["said_done"],
    "late": lambda task: task["late"],
    "done": lambda task: task["outcome"] == Outcome.DONE,
    "not_done": lambda task: task["outcome"] == Outcome.NOT_DONE,
    "cannot_say": lambda task: task["outcome"] == Outcome.CANNOT_SAY,
    "differs": lambda task: task["differs"],
    "slips": lambda task: bool(task["slips"]),
    "extensions": lambda task: bool(task["extensions"]),
}
"""What is counted of the tasks of a sheet; the same condition lists them."""


def counted(one: Said) -> dict[str, int]:
    """The numbers of a sheet."""
    return {name: len(tasks_in(one, name)) for name in NUMBERS}


def tasks_in(one: Said, name: str) -> list[Mapping[str, Any]]:
    """The tasks of a sheet behind one of its numbers."""
    return [task for task in one.tasks if NUMBERS[name](task)]


def unsaid(one: Said) -> list[Mapping[str, Any]]:
    """Tasks no record tells of, on which the unit said nothing: neither in the ledger in the period nor on the sheet."""
    return [
        task
        for task in one.tasks
        if task["unbound"] and not task["told_in_period"] and not one.own(task).get("word", "").strip()
    ]
