"""Counts of this room: rows of the plans and of other rooms' registers, each with its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from soildesk.kit import seen
from soildesk.kit.measures import Outcome, Proof
from soildesk.kit.register import Column, Register, collections
from soildesk.kit.rows import Selection
from soildesk.plans.queries.statuses import Status
from soildesk.plans.wording import TASK_STATES
from soildesk.reporting.queries.reading import Count, Figure, Reading, counted_by
from soilrules.deadlines.tasks import TaskState

TASK = "plans.plantask"


def counted_as(count_id: str, title: str | Promise, run: Callable[[Reading, Figure], Figure]) -> None:
    """Make a count known by its id and name; `run` fills in the empty figure."""
    counted_by(Count(count_id, title, lambda reading: run(reading, Figure(count_id, str(title), None))))


def _counted(empty: Figure, rows: Iterable[Proof], unit: str) -> Figure:
    held = tuple(rows)
    return Figure(empty.id, empty.title, len(held), unit, rows=held)


def task_proof(one: Status) -> Proof:
    """A task as a row behind a count."""
    said = str(TASK_STATES[one.standing.state][2])
    return Proof(TASK, str(one.task.uid), f"{one.task.number} {one.task.heading}".strip(), True, said)


def _of_tasks(wanted: Callable[[Status], bool]) -> Callable[[Reading, Figure], Figure]:
    def run(reading: Reading, empty: Figure) -> Figure:
        if not reading.plans:
            why = _t("%(place)s没有 %(year)d 年已发布的方案：请先在“方案与任务”登记。")
            told = why % {"place": reading.place.name, "year": reading.year}
            return Figure(empty.id, empty.title, None, _t("项"), why=told, outcome=str(Outcome.CANNOT_SAY))
        return _counted(empty, map(task_proof, filter(wanted, reading.tasks)), _t("项"))

    return run


def _in_state(state: TaskState) -> Callable[[Status], bool]:
    return lambda one: one.standing.state is state


def _computed(outcome: Outcome) -> Callable[[Status], bool]:
    return lambda one: one.checked.outcome is outcome


def _of_collection(collection: str, query: str, unit: str | Promise) -> Callable[[Reading, Figure], Figure]:
    """Rows of a register that lie in the place and pass its own filters on the day."""

    def run(reading: Reading, empty: Figure) -> Figure:
        found = rows_of(reading, collection, query)
        if found is None:
            why = _t("您不能查阅“%(title)s”所在的登记册，不能据此计数。") % {"title": empty.title}
            return Figure(empty.id, empty.title, None, str(unit), why=why, outcome=str(Outcome.CANNOT_SAY))
        if not found.rows and _is_empty(reading, collection):
            why = _t("截至 %(on)s 登记册里没有任何记录：没有登记不等于没有。") % {"on": reading.on}
            return Figure(empty.id, empty.title, None, str(unit), why=why, outcome=str(Outcome.CANNOT_SAY))
        return _counted(empty, [proof_of(found, row) for row in found.rows], str(unit))

    return run


@dataclass(frozen=True)
class Found:
    """Rows of a register as the actor sees them."""

    register: Register
    rows: list[dict[str, Any]]

    def columns(self, keys: Sequence[str] = ()) -> list[Column]:
        """These columns, or the usual ones; one that is hidden from the actor is left out."""
        held = {column.key: column for column in self.register.columns}
        return [held[key] for key in keys if key in held] if keys else [c for c in self.register.columns if c.shown]


def proof_of(found: Found, row: Mapping[str, Any]) -> Proof:
    """A row of a register as a row behind a figure, called by its first two columns."""
    said = [str(column.of(dict(row))) for column in found.columns()[:2] if column.of(dict(row))]
    return Proof(found.register.name, str(row[found.register.key]), " ".join(said), True, "", address(found, row))


def address(found: Found, row: Mapping[str, Any]) -> str:
    """The page of a row."""
    at = found.register.address
    return at(dict(row)) if at else ""


def rows_of(reading: Reading, collection: str, query: str = "") -> Found | None:
    """The rows of a register in the place as of the day; None where the actor may not see them."""
    register = collections()[collection]
    if not seen.visible(reading.actor, register):
        return None
    selection = Selection(register, reading.actor, reading.on, QueryDict(query))
    rows = selection.ordered().filter(division_path__startswith=reading.place.path)
    names = {*selection.seen.needs(), *(key.name for key in selection.order)}
    held = [dict(row) for row in rows.values(*sorted(names))]
    if register.enrich:
        register.enrich(held, reading.actor, reading.on)
    return Found(selection.register, held)


def _is_empty(reading: Reading, collection: str) -> bool:
    """Whether nothing at all of the place stood in a register on the day, whatever its state."""
    rows = collections()[collection].queryset(reading.actor, reading.on)
    return not rows.filter(division_path__startswith=reading.place.path).exists()


def within(day: date | None, reading: Reading) -> bool:
    """Whether a day lies in the period up to the day spoken of."""
    return day is not None and reading.period.first <= day <= min(reading.period.last, reading.on)


counted_as("tasks.all", _("任务总数"), _of_tasks(lambda one: True))
counted_as("tasks.done", _("已完成任务"), _of_tasks(_in_state(TaskState.DONE)))
counted_as("tasks.under_way", _("进行中任务"), _of_tasks(_in_state(TaskState.UNDER_WAY)))
counted_as("tasks.not_started", _("未开始任务"), _of_tasks(_in_state(TaskState.NOT_STARTED)))
counted_as("tasks.overdue", _("逾期任务"), _of_tasks(_in_state(TaskState.OVERDUE)))
counted_as("tasks.standing", _("长期任务"), _of_tasks(_in_state(TaskState.STANDING)))
counted_as("tasks.pending", _("期限待定任务"), _of_tasks(_in_state(TaskState.PENDING)))
counted_as("tasks.unrecorded", _("无记录任务"), _of_tasks(_in_state(TaskState.UNKNOWN)))
counted_as("tasks.records_done", _("台账核算已达到的任务"), _of_tasks(_computed(Outcome.DONE)))
counted_as("tasks.records_not_done", _("台账核算未达到的任务"), _of_tasks(_computed(Outcome.NOT_DONE)))
counted_as("tasks.records_cannot_say", _("台账无法判断的任务"), _of_tasks(_computed(Outcome.CANNOT_SAY)))
counted_as("tasks.records_not_applicable", _("不适用的任务"), _of_tasks(_computed(Outcome.NOT_APPLICABLE)))
counted_as("tasks.disagreeing", _("填报与核算不一致的任务"), _of_tasks(lambda one: one.disagrees))
counted_as("plots.on_suspected", _("疑似污染地块名单"), _of_collection("plot_listings", "list=suspected", _("个")))
counted_as("plots.on_polluted", _("污染地块名录"), _of_collection("plot_listings", "list=polluted", _("个")))
counted_as("plots.on_roster", _("风险管控和修复名录"), _of_collection("plot_listings", "list=roster", _("个")))
counted_as("plots.all", _("建设用地地块"), _of_collection("plots", "", _("个")))
counted_as("monitoring.all_points", _("监测点位"), _of_collection("points", "", _("个")))
counted_as("enterprises.on_list", _("土壤污染重点监管单位"), _of_collection("enterprises", "list=soil_key", _("家")))
