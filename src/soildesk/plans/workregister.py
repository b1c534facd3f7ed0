"""The register 我的单位: every 分办 on a department's table, with the entry at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.kit import cells, register
from soildesk.kit.cells import chip_html, escape
from soildesk.kit.filters import ChoiceFilter, Scope
from soildesk.kit.register import BulkAct, Column, Register, Row
from soildesk.plans import wording
from soildesk.plans.addresses import task_address
from soildesk.plans.models import Assignment
from soildesk.plans.queries import department as queries
from soildesk.plans.services import work
from soilrules.deadlines import State

BUCKET_WORDS = {
    "receive": _l("待签收"),
    "returned": _l("被退回"),
    "late": _l("逾期"),
    "soon": _l("14日内到期"),
    "period": _l("本期未报"),
    "internal": _l("内部时限已过"),
    "verify": _l("待核实"),
    "misdirected": _l("申请改派"),
}
BUCKET_NOTES = {
    "late": _l("方案规定的时限"),
    "internal": _l("本单位设定，不计逾期"),
    "period": _l("长期任务"),
    "verify": _l("等主办单位核实"),
    "soon": _l("方案规定的时限"),
}
EVERY = "all"


@dataclass(frozen=True, slots=True)
class TableFilter(ChoiceFilter):
    """Whose table: departments by uid, or all in reach."""

    def condition(self, params: Any, scope: Scope) -> Q:
        """The 分办 of the chosen departments."""
        chosen = self.chosen(params)
        return Q() if EVERY in chosen else Q(department__uid__in=queries.uids(chosen))


def _heading(row: Row) -> str:
    return row["task__title"] or row["task__text"][:40]


def _due_cell(value: Any, row: Row) -> str:
    following = row["_stand"].following
    if following is None:
        return cells.NOTHING
    duty, how = following
    late = how is State.OVERDUE and not duty.internal
    mark = f'<span class="tag">{escape(_("内部"))}</span> ' if duty.internal else ""
    left = wording.days_words((duty.due - row["_on"]).days) if duty.due else ""
    return (
        f'<span class="{"late" if late else "due"}">{duty.due}</span><small class="below">{mark}{escape(left)}</small>'
    )


def _due_export(value: Any, row: Row) -> Any:
    following = row["_stand"].following
    return following[0].due if following else None


def _state_cell(value: Any, row: Row) -> str:
    tone, icon, word = wording.ASSIGNMENT_STATES[value]
    chip = chip_html(tone, icon, str(word), row["returned_why"])
    late = f" {chip_html('bad', 'x-circle-fill', _('逾期'))}" if row["_stand"].is_late else ""
    return f'<span id="state-{row["uid"]}">{chip}</span>{late}'


def _said_cell(value: Any, row: Row) -> str:
    entry = row["_stand"].last_entry
    if not entry:
        return f'<span id="said-{row["uid"]}">{cells.NOTHING}</span>'
    words = entry["text"] or entry["unfinished_why"]
    said = f"{cells.day(clock.local_day(entry['at']), row)} {cells.clamp(words, row)}"
    return f'<span id="said-{row["uid"]}">{said}</span>'


def _said_export(value: Any, row: Row) -> str:
    entry = row["_stand"].last_entry
    return f"{clock.local_day(entry['at'])} {entry['text'] or entry['unfinished_why']}" if entry else ""


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks at the table: where the forms come back to, the own departments, whether the office's part is theirs."""

    back: str = "/plans/department/"
    own: frozenset[int] = frozenset()
    office: bool = False


def _next_act(looker: Looker, row: Row) -> str:
    """What the row waits for before anything is entered: 签收 by its unit, 核实 by the office."""
    if row["state"] == Assignment.State.SENT and row["department_id"] in looker.own:
        url = escape(f"{reverse('plans:receive', args=[row['uid']])}?next={quote(looker.back)}")
        name = escape(_("签收：%(task)s") % {"task": _heading(row)})
        return (
            f'<button class="btn btn-sm btn-primary" type="submit" form="bulk" formaction="{url}" '
            f'aria-label="{name}">{escape(_("签收"))}</button> '
        )
    if row["state"] == Assignment.State.REPORTED and looker.office:
        name = escape(_("核实：%(task)s") % {"task": _heading(row)})
        url, word = escape(task_address(row["task__uid"], row["_on"])), escape(_("去核实"))
        return f'<a class="btn btn-sm btn-primary" href="{url}" aria-label="{name}">{word}</a> '
    return ""


def _entry_cell(looker: Looker) -> cells.Cell:
    """The button that opens the entry under the row, without leaving the list; without a script it leads to the form."""
    back = looker.back

    def cell(value: Any, row: Row) -> str:
        act = _next_act(looker, row)
        url = escape(f"{reverse('plans:report', args=[row['uid']])}?next={quote(back)}")
        name = escape(_("填报：%(task)s") % {"task": _heading(row)})
        return (
            f'{act}<a class="btn btn-sm btn-outline-secondary" href="{url}" hx-get="{url}" hx-target="closest tr" '
            f'hx-swap="afterend" aria-label="{name}">{escape(_("填报"))}</a>'
        )

    return cell


def _columns(looker: Looker) -> list[Column]:
    return [
        Column(
            "task",
            _l("重点工作"),
            _heading,
            ("task__title", "task__text"),
            sort="task__plan_id,task__position",
            width=22,
            frozen=True,
            format=cells.link,
        ),
        Column("number", _l("序号"), "task__number", width=5),
        Column("unit", _l("单位"), "department__short_name", sort="department__name", width=8),
        Column("role", _l("角色"), lambda row: str(wording.ROLES.get(row["role"], row["role"])), ("role",), width=4),
        Column("deadline", _l("完成时限"), "task__deadline_text", width=9, format=cells.clamp),
        Column(
            "due", _l("下一时限"), lambda row: None, sort="next_due", width=10, format=_due_cell, export=_due_export
        ),
        Column(
            "state",
            _l("状态"),
            "state",
            sort="state",
            width=9,
            format=_state_cell,
            export=lambda value, row: str(wording.ASSIGNMENT_STATES[value][2]),
        ),
        Column("said", _l("最近填报"), lambda row: None, width=20, format=_said_cell, export=_said_export),
        Column(
            "entry", _l("办理"), lambda row: None, width=9, format=_entry_cell(looker), export=lambda value, row: ""
        ),
        Column("plan", _l("方案"), "task__plan__title", width=16, format=cells.clamp, shown=False),
    ]


def receive_many(actor: Actor, keys: Sequence[str], data: Any, at: Any) -> str:
    """签收 of the chosen rows; rows of other departments are left and said."""
    done, refused = 0, ""
    for assignment in (
        Assignment.objects.visible_to(actor).filter(uid__in=keys).select_related("task__plan", "department")
    ):
        if assignment.received_at:
            continue
        try:
            work.receive(assignment, by=actor, at=at)
            done += 1
        except (Refusal, NotAllowed) as reason:
            refused = str(reason)
    if refused and not done:
        raise Refusal(refused)
    return _("已签收 %(n)d 项。") % {"n": done} + (_("有的没有签收：%(why)s") % {"why": refused} if refused else "")


WORK = register.add(
    Register(
        name="plans.work",
        title=_l("我的单位"),
        permission="plans.read",
        queryset=queries.queue,
        columns=_columns(Looker()),
        filters=[
            TableFilter(
                "unit", _l("单位"), choices=lambda actor, on: [(EVERY, _("全部单位")), *queries.choosable(actor, on)]
            ),
            ChoiceFilter("show", _l("要办的"), choices=list(BUCKET_WORDS.items()), conditions=dict(queries.BUCKETS)),
            ChoiceFilter("role", _l("角色"), choices=list(wording.ROLES.items())),
            ChoiceFilter(
                "state",
                _l("状态"),
                choices=[choice for choice in Assignment.State.choices if choice[0] != Assignment.State.WITHDRAWN],
            ),
        ],
        search=["task__title", "task__text", "task__number"],
        row_url=lambda row: task_address(row["task__uid"], row["_on"]),
        fields=("pk", "task_id", "department_id", "task__uid", "returned_why"),
        enrich=queries.enrich,
        bulk_acts=[BulkAct("receive", _l("签收"), "plans.report", receive_many, icon="check2-circle")],
        default_sort="due",
        views=[
            (_l("待签收"), "show=receive"),
            (_l("逾期"), "show=late"),
            (_l("14日内到期"), "show=soon"),
            (_l("本期未报"), "show=period"),
        ],
        empty=_l("在办的方案没有派给本单位的任务。"),
    )
)


def register_for(choices: Sequence[tuple[str, str]], wanted: Sequence[str], looker: Looker) -> Register:
    """The register for one request: departments are read once, the acts are those of `looker`."""
    table = TableFilter("unit", _l("单位"), choices=[(EVERY, _("全部单位")), *choices])
    columns = [
        replace(column, shown=len(wanted) != 1 or EVERY in wanted) if column.key == "unit" else column
        for column in _columns(looker)
    ]
    return replace(WORK, columns=columns, filters=[table, *WORK.filters[1:]])
