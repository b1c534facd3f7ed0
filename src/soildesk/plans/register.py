"""What kit needs to know of plans: the registers 方案 and 台账 and their places in the navigation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.kit import cells, navigation, register
from soildesk.kit.cells import chip_html, escape
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, Scope
from soildesk.kit.languages import listed
from soildesk.kit.measures import OUTCOME_PARTS, MeasureResult
from soildesk.kit.register import Column, PageAct, Register, Row
from soildesk.plans import wording, workregister
from soildesk.plans.addresses import address, task_address
from soildesk.plans.models import Plan, PlanTask
from soildesk.plans.queries import ledger, overview
from soildesk.plans.queries.checked import Pass
from soildesk.plans.queries.ledger import EVERY, IN_FORCE, OURS, PlanRow
from soildesk.plans.queries.states import before_issue_condition, state_condition
from soilrules.deadlines.tasks import TaskState

SECTION = _l("方案与任务")
BEFORE_ISSUE = "before_issue"


@dataclass(frozen=True, slots=True)
class PlanFilter(ChoiceFilter):
    """Which plans: those in force, one or several, or all. `known` spares reading them again."""

    known: tuple[PlanRow, ...] | None = None

    def _rows(self, scope: Scope) -> Sequence[PlanRow]:
        return self.known if self.known is not None else ledger.plans_out(scope.actor, scope.on)

    def options(self, scope: Scope) -> list[tuple[str, str]]:
        """In force, all, and each plan by name."""
        fixed = [(OURS, _("本级在办的方案")), (IN_FORCE, _("在办的方案（含上级）")), (EVERY, _("全部方案"))]
        return fixed + [(str(row.uid), row.title) for row in self._rows(scope)]

    def condition(self, params: Any, scope: Scope) -> Q:
        """Tasks of the chosen plans."""
        rows = self._rows(scope)
        chosen = self.chosen(params)
        if EVERY in chosen:
            return Q()
        wanted = Q(pk__in=[])
        for value in chosen:
            wanted |= ledger.plan_condition(rows, value)
        return wanted if len(chosen) > 1 else ledger.plan_condition(rows, chosen[0])


@dataclass(frozen=True, slots=True)
class UnitFilter(ChoiceFilter):
    """Tasks a department works on. What is no department asks for no task."""

    def condition(self, params: Any, scope: Scope) -> Q:
        """Tasks of any of the chosen departments, offered or not: a unit may have come in a moment ago."""
        wanted = Q(pk__in=[])
        for value in self.chosen(params):
            wanted |= ledger.on_unit(value)
        return wanted


def _state_choices() -> list[tuple[str, Any]]:
    return [(str(state), word) for state, (_tone, _icon, word) in wording.TASK_STATES.items()] + [
        (BEFORE_ISSUE, wording.BEFORE_ISSUE[2])
    ]


def _heading(row: Row) -> str:
    return row["title"] or row["text"][:40]


def _of_role(role: str) -> Callable[[Row], str]:
    return lambda row: listed(row["_units"].get(role, ()))


def _due_cell(value: Any, row: Row) -> str:
    """The next date with the days left; ours are marked 内部, and a plan's date that passed is said late."""
    stand = row["_standing"]
    if stand.next_due is None:
        return cells.NOTHING
    late = stand.state is TaskState.OVERDUE and not stand.next_internal
    mark = f'<span class="tag">{escape(_("内部"))}</span> ' if stand.next_internal else ""
    return f'<span class="{"late" if late else "due"}">{stand.next_due:%Y-%m-%d}</span><small class="below">{mark}{escape(row["_left"])}</small>'


def _due_export(value: Any, row: Row) -> str:
    stand = row["_standing"]
    if stand.next_due is None:
        return ""
    return f"{stand.next_due:%Y-%m-%d}" + (_("（内部时限）") if stand.next_internal else "")


def _state_cell(value: Any, row: Row) -> str:
    tone, icon, word = row["_look"]
    first, sign, rest = word.partition(" · ")
    return chip_html(tone, icon, first) + (f'<small class="below">{escape(rest)}</small>' if sign else "")


def _state_export(value: Any, row: Row) -> str:
    return str(row["_look"][2])


def _fan_out_cell(value: Any, row: Row) -> str:
    stand = row["_standing"]
    return cells.progress_html(stand.done_units, stand.units)


def _fan_out_export(value: Any, row: Row) -> str:
    stand = row["_standing"]
    return f"{stand.done_units}/{stand.units}" if stand.units else ""


def _enrich(rows: list[Row], actor: Actor, on: date) -> None:
    """Units and standing from the records, and beside them what the bound measures say."""
    ledger.enrich(rows, actor, on)
    tasks = PlanTask.objects.filter(pk__in=[row["pk"] for row in rows]).select_related("plan__division")
    said = {task.pk: checked.judged for task, checked in Pass(actor, on, on).of_tasks(tasks)}
    for row in rows:
        row["_judged"] = said[row["pk"]]


def _judged_cell(value: Any, row: Row) -> str:
    """What the records say, beside what was reported; a task without a measure shows nothing."""
    if not row["_judged"]:
        return cells.NOTHING
    return "".join(_judged_chip(item.result) for item in row["_judged"])


def _judged_chip(result: MeasureResult) -> str:
    tone, icon, word = OUTCOME_PARTS[result.outcome]
    return chip_html(tone, icon, f"{word}{_numbers(result)}", str(result.reason))


def _numbers(result: MeasureResult) -> str:
    return f" {result.numerator}/{result.denominator}" if result.denominator is not None else ""


def _judged_export(value: Any, row: Row) -> str:
    said = [(item.measure.title, item.result) for item in row["_judged"]]
    return "；".join(f"{title}：{OUTCOME_PARTS[r.outcome][2]}{_numbers(r)}" for title, r in said)


COLUMNS = (
    Column("number", _l("序号"), sort="plan_id,position", width=4),
    Column("task", _l("重点工作"), _heading, ("title", "text"), sort="title", width=16, frozen=True, format=cells.link),
    Column("text", _l("目标任务"), width=22, format=cells.clamp),
    Column("lead", _l("牵头单位"), _of_role("lead"), sort="unit_name,plan_id,position", width=8, format=cells.clamp),
    Column("support", _l("配合单位"), _of_role("support"), width=9, format=cells.clamp),
    Column("responsible", _l("责任单位"), _of_role("responsible"), width=9, format=cells.clamp),
    Column("deadline", _l("完成时限"), "deadline_text", width=7, format=cells.clamp),
    Column(
        "due",
        _l("下一时限"),
        lambda row: None,
        sort="next_due,plan_id,position",
        width=8,
        format=_due_cell,
        export=_due_export,
    ),
    Column("state", _l("状态"), lambda row: None, width=7, format=_state_cell, export=_state_export),
    Column("judged", _l("系统核算"), lambda row: None, width=7, format=_judged_cell, export=_judged_export),
    Column("fan_out", _l("分办"), lambda row: None, width=7, format=_fan_out_cell, export=_fan_out_export),
    Column(
        "section",
        _l("章节"),
        lambda row: ledger.last_heading(row["section_key"]),
        ("section_key",),
        sort="section_key,position",
        width=13,
        format=cells.clamp,
    ),
    Column("origin", _l("来源"), lambda row: wording.ORIGINS.get(row["origin"], ""), ("origin",), width=4, shown=False),
    Column("plan", _l("方案"), "plan__title", sort="plan_id,position", width=18, format=cells.clamp, shown=False),
)


def _filters(
    plans: tuple[PlanRow, ...] | None = None, chosen: Sequence[int] | None = None
) -> list[ChoiceFilter | DateRangeFilter]:
    """The ledger's filters; `chosen` are the plans whose units and sections are offered."""

    def keys(actor: Actor, on: date) -> Sequence[int]:
        return chosen if chosen is not None else [row.pk for row in ledger.plans_out(actor, on)]

    conditions = {str(state): partial(state_condition, state) for state in TaskState} | {
        BEFORE_ISSUE: before_issue_condition
    }
    return [
        PlanFilter("plan", _l("方案"), known=plans),
        UnitFilter("unit", _l("责任单位"), choices=lambda actor, on: ledger.units_on(keys(actor, on))),
        ChoiceFilter(
            "section", _l("章节"), "section_key", choices=lambda actor, on: ledger.sections_of(keys(actor, on))
        ),
        ChoiceFilter("state", _l("状态"), choices=_state_choices(), conditions=conditions),
        ChoiceFilter(
            "soon",
            _l("临期"),
            choices=[("7", _l("7日内")), ("30", _l("30日内")), ("90", _l("90日内"))],
            conditions={str(days): partial(ledger.within, days) for days in (7, 30, 90)},
        ),
        DateRangeFilter("due", _l("下一时限"), "next_due"),
        ChoiceFilter("origin", _l("来源"), choices=list(wording.ORIGINS.items())),
    ]


WORK = workregister.WORK
LEDGER = register.add(
    Register(
        name="plans.ledger",
        title=_l("任务台账"),
        permission="plans.read",
        queryset=ledger.ledger_tasks,
        columns=COLUMNS,
        filters=_filters(),
        search=["title", "text", "number", "deadline_text", "section_key"],
        row_url=lambda row: task_address(row["uid"], row["_on"]),
        fields=("pk",),
        enrich=_enrich,
        default_sort="number",
        page_size=50,
        totals={"task": Count("pk")},
        views=[
            (_l("逾期任务"), "state=overdue&sort=due"),
            (_l("30日内到期"), "soon=30&sort=due"),
            (_l("按单位"), "sort=lead"),
            (_l("按时限"), "sort=due"),
            (_l("按章节"), "sort=section"),
            (_l("长期任务"), "state=standing"),
        ],
        empty=_l("方案发布后，采纳的任务会出现在这里。先到“方案”页读入一份方案。"),
    )
)


def ledger_register(actor: Actor, on: date, wanted: Sequence[str]) -> Register:
    """The ledger for one request: plans are read once for rows, filters and chips."""
    plans = tuple(ledger.plans_out(actor, on))
    chosen = [row.pk for row in plans if any(ledger.is_meant(row, name) for name in wanted)]
    every = [row.pk for row in plans]
    return replace(
        LEDGER,
        queryset=lambda _actor, day: ledger.tasks_of(every, day),
        filters=_filters(plans, chosen),
        columns=COLUMNS if len(chosen) < 2 else [replace(c, shown=True) if c.key == "plan" else c for c in COLUMNS],
    )


def _phase(row: Row) -> Any:
    return row["_phase"]


def _accepted_cell(value: Any, row: Row) -> str:
    if row["_phase"] is Plan.Phase.HISTORY and not row["_done"]:
        word = escape(_("无记录"))
        return f'<span class="nothing">{word}</span>'
    return cells.progress_html(row["_done"], row["_accepted"]) if row["_accepted"] else cells.NOTHING


def _late_cell(value: Any, row: Row) -> str:
    return f'<span class="late">{value}</span>' if value else cells.number(value, row)


def _plan_url(row: Row) -> str:
    name = "plans:review" if row["stage"] == Plan.Stage.REVIEW else "plans:overview"
    return address(name, row["uid"], on=row["_on"])


PLANS = register.add(
    Register(
        name="plans.plans",
        title=_l("方案"),
        permission="plans.read",
        queryset=lambda actor, on: Plan.objects.visible_to(actor),
        columns=[
            Column("title", _l("名称"), sort="title", width=30, frozen=True, format=cells.link),
            Column(
                "phase",
                _l("状态"),
                _phase,
                ("stage",),
                width=9,
                format=cells.chip(wording.PHASES),
                export=lambda value, row: str(value.label),
            ),
            Column("place", _l("地区"), "division__name", sort="division_path", width=7),
            Column("year", _l("年度"), sort="year", width=4, numeric=True, format=cells.text),
            Column("doc_number", _l("文号"), sort="doc_number", width=12),
            Column("issuer", _l("发文机关"), width=14, format=cells.clamp, shown=False),
            Column("issued_on", _l("发文日期"), sort="issued_on", width=7, format=cells.day),
            Column(
                "period",
                _l("执行期"),
                overview.period_words,
                ("period_start", "period_end"),
                sort="period_end",
                width=8,
            ),
            Column("accepted", _l("任务"), lambda row: row["_accepted"], numeric=True, width=4, format=cells.number),
            Column("done", _l("已完成"), lambda row: row["_done"], width=8, format=_accepted_cell),
            Column("late", _l("逾期"), lambda row: row["_late"], numeric=True, width=4, format=_late_cell),
            Column("proposed", _l("待审核"), lambda row: row["_proposed"], numeric=True, width=5, format=cells.number),
            Column(
                "open_conflicts",
                _l("未裁定"),
                lambda row: row["_conflicts"],
                numeric=True,
                width=5,
                format=cells.number,
            ),
        ],
        filters=[
            ChoiceFilter(
                "phase",
                _l("状态"),
                choices=[(str(phase), phase.label) for phase in Plan.Phase],
                conditions={str(phase): partial(overview.phase_condition, phase) for phase in Plan.Phase},
            ),
            ChoiceFilter("place", _l("地区"), "division__code", choices=overview.places),
            ChoiceFilter("year", _l("年度"), choices=overview.years),
        ],
        search=["title", "doc_number", "issuer", "region"],
        row_url=_plan_url,
        fields=("pk", *overview.OF_PHASE),
        enrich=overview.enrich_plans,
        page_acts=[
            PageAct(_l("读入方案"), "plans:intake", "plans.import", icon="file-earmark-text", primary=True),
            PageAct(_l("导入往年台账"), "kit:import_new", "plans.import", icon="upload", args=("plans.old_ledger",)),
        ],
        default_sort="-year",
        page_size=50,
        views=[
            (_l("执行期内"), "phase=in_force"),
            (_l("待审核"), "phase=review"),
            (_l("到期待总结"), "phase=to_close"),
        ],
        empty_else=("plans.import", _l("还没有方案：由经办人读入、签发人发布以后，列在这里。")),
        empty=_l("还没有方案。点“读入方案”，选择已印发的文件（Word、PDF、Excel 或文本），核对后发布。"),
    )
)

navigation.register(SECTION, _l("方案"), "plans:list", "plans.read", order=20, icon="journal-text", key="p")
navigation.register(SECTION, _l("任务台账"), "plans:ledger", "plans.read", order=21, icon="list-task", key="l")
navigation.register(SECTION, _l("我的单位"), "plans:department", "plans.read", order=22, icon="building", key="d")
