"""一页看全方案: one plan on one page, to read and to print."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.core import clock
from soildesk.core.permissions import Actor, may
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.drawing import Dot, Timeline, TimelineRow
from soildesk.kit.parts import Act, Fact, Tile, Tone
from soildesk.plans import wording
from soildesk.plans.addresses import address
from soildesk.plans.models import Plan, PlanTask
from soildesk.plans.pages.access import plan_or_404
from soildesk.plans.pages.frame import url_or_none
from soildesk.plans.queries.overview import Dated, Overview, overview, period_words, receipts
from soildesk.plans.queries.reading import questions
from soildesk.plans.queries.taking_up import superiors
from soilrules.deadlines import State
from soilrules.deadlines.tasks import TaskState

DRAWN = 48
"""Rows of the timeline: more do not fit on one page."""
DOT_TONES: dict[State, Tone] = {
    State.DONE: "good",
    State.DONE_LATE: "good",
    State.OVERDUE: "bad",
    State.DUE_SOON: "warn",
    State.DUE_TODAY: "warn",
    State.DUE_LATER: "calm",
    State.DUE_BEFORE_ISSUE: "unknown",
    State.UNDETERMINED: "unknown",
    State.STANDING: "busy",
}


UPKEEP = (
    ("plans:sheets", gettext_lazy("分办单"), "file-earmark-excel"),
    ("plans:taking_up", gettext_lazy("承接"), "diagram-3"),
    ("plans:measures", gettext_lazy("核算"), "check2-circle"),
    ("plans:close", gettext_lazy("总结"), "flag"),
)
"""What the office keeps up beside the daily work."""


@staff_page("plans.read")
def overview_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The page of one plan that went out; a plan under review shows what is still asked."""
    actor, on = actor_of(request), page_day(request)
    plan = plan_or_404(actor, uid)
    found = overview(plan, on)
    return render(
        request,
        "plans/overview/overview.html",
        {
            "plan": plan,
            "found": found,
            "phase": wording.phase_chip(plan, on),
            "facts": _facts(plan),
            "tiles": list(_tiles(found, on)),
            "timeline": _timeline(found, on),
            "left_out": _left_out(found),
            "targets": [(row, wording.target_words(row)) for row in found.indicators],
            "departments": [(share, _ledger_url(plan, on, unit=share.key)) for share in found.departments],
            "sections": [(share, _ledger_url(plan, on, section=share.key)) for share in found.sections],
            "questions": _questions(plan, actor),
            "superiors": list(superiors(plan, actor)[:10]),
            "receipts": receipts(plan),
            "ledger_url": _ledger_url(plan, on),
            "acts": list(_acts(plan, actor, on)),
            "crumbs": [(_("方案"), address("plans:list", on=on)), (plan.title, "")],
        },
    )


def _ledger_url(plan: Plan, on: date, **filters: str) -> str:
    return address("plans:ledger", on=on, plan=str(plan.uid), **filters)


def _facts(plan: Plan) -> list[Fact]:
    return [
        Fact(_("文号"), plan.doc_number),
        Fact(_("发文机关"), plan.issuer),
        Fact(_("发文日期"), plan.issued_on),
        Fact(_("适用区域"), plan.region or str(plan.division)),
        Fact(_("执行期"), period_words({"period_start": plan.period_start, "period_end": plan.period_end})),
        Fact(
            _("发布"),
            clock.local_day(plan.published_at) if plan.published_at else None,
            note=str(plan.published_by or ""),
        ),
    ]


def _tiles(found: Overview, on: date) -> Iterator[Tile]:
    plan = found.plan
    yield Tile(_("任务"), len(found.tasks), _ledger_url(plan, on))
    for state in TaskState:
        count = found.counts[state]
        tone, _icon, word = wording.TASK_STATES[state]
        if count or state in {TaskState.OVERDUE, TaskState.UNDER_WAY, TaskState.DONE}:
            yield Tile(str(word), count, _ledger_url(plan, on, state=str(state)), tone if count else "calm")
    if found.before_issue:
        yield Tile(
            str(wording.BEFORE_ISSUE[2]),
            found.before_issue,
            _ledger_url(plan, on, state="before_issue"),
            "calm",
            _("不计逾期"),
        )


def _timeline(found: Overview, on: date) -> Timeline:
    """Tasks with a date of the plan's own, the earliest open date first; dates of ours are left to the task's page."""
    rows = []
    for task in found.tasks:
        dots = [_dot(one, task, on) for one in found.dated.get(task.pk, ()) if not one.internal]
        if dots:
            rows.append((min(dot.on for dot in dots), task, dots))
    rows.sort(key=lambda row: (row[0], row[1].position))
    lines = [
        TimelineRow(f"{task.number} {task.heading}".strip(), dots, url=address("plans:task", task.uid, on=on))
        for _first, task, dots in rows[:DRAWN]
    ]
    return Timeline(_("时间线：各任务的节点"), lines, on, found.plan.period_start, found.plan.period_end)


def _left_out(found: Overview) -> int:
    dated = sum(any(not one.internal for one in rows) for rows in found.dated.values())
    return max(0, dated - DRAWN)


def _dot(one: Dated, task: PlanTask, on: date) -> Dot:
    word = str(wording.DUTY_STATES[one.state][2])
    title = f"{task.heading}：{word}" + (f" {one.done}/{one.units}" if one.units > 1 else "")
    return Dot(one.on, title, DOT_TONES[one.state], address("plans:task", task.uid, on=on))


def _questions(plan: Plan, actor: Actor) -> list[tuple[str, int, str]]:
    """What a person is still asked: (what, how many, where); nothing of a plan that is history."""
    if plan.stage not in {Plan.Stage.REVIEW, Plan.Stage.PUBLISHED}:
        return []
    asked = questions(plan)
    found = [
        (_("没有审核的任务"), asked["tasks"], "plans:review"),
        (_("没有裁定的不一致"), asked["conflicts"], "plans:conflicts"),
        (_("没有对应的单位"), len(asked["units"]), "plans:units"),
        (_("没有决定的无单位条款"), asked["clauses"], "plans:review"),
    ]
    return [(word, count, url_or_none(name, plan.uid)) for word, count, name in found if count]


def _acts(plan: Plan, actor: Actor, on: date) -> Iterator[Act]:
    if plan.stage == Plan.Stage.REVIEW:
        yield Act(
            _("继续审核"),
            reverse("plans:review", args=[plan.uid]),
            icon="pencil",
            primary=may(actor, "plans.review", plan),
        )
        return
    yield Act(_("任务台账"), _ledger_url(plan, on), icon="list-task", primary=True)
    yield Act(_("原文"), reverse("plans:review", args=[plan.uid]), icon="file-earmark-text")
    if plan.edition_of_id:
        yield Act(_("与上一版比较"), reverse("plans:changes", args=[plan.uid]), icon="layout-split")
    yield Act(_("导出"), address("plans:export", plan.uid, on=on), icon="download")
    if not may(actor, "plans.review", plan):
        return
    for name, title, icon in UPKEEP:
        url = url_or_none(name, plan.uid)
        if url:
            yield Act(str(title), url, icon=icon)
