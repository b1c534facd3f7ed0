"""One task on one page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.languages import listed
from soildesk.kit.measures import OUTCOME_PARTS
from soildesk.kit.parts import Act, Chip, Fact, File
from soildesk.plans import wording
from soildesk.plans.addresses import address
from soildesk.plans.models import Assignment, PlanTask
from soildesk.plans.pages.access import task_or_404
from soildesk.plans.pages.documents import asked_rows
from soildesk.plans.queries.checked import ended, judge
from soildesk.plans.queries.task import TaskPage, UnitRow, task_page

SHOWN = 12
"""Lines of history and progress shown at once; the older ones are a click away."""
GONE = {Assignment.State.WITHDRAWN}
Tells = Callable[[Actor, int, date], Iterable[Chip]]
_tellers: list[Tells] = []


def also_told_by(tells: Tells) -> None:
    """Let an upper room tell something of a task, under its title."""
    _tellers.append(tells)


@staff_page("plans.read")
def task(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The record page of a task: what is it, is it all right, what do I do next, and why do you say so."""
    actor, on = actor_of(request), page_day(request)
    row = task_or_404(actor, uid)
    page = task_page(row, actor, on)
    ledger = address("plans:ledger", on=on, plan=str(row.plan.uid))
    return render(
        request,
        "plans/task/task.html",
        {
            "page": page,
            "task": row,
            "plan": row.plan,
            "phase": wording.phase_chip(row.plan, on),
            "told": [chip for tells in _tellers for chip in tells(actor, row.pk, on)],
            "acts": title_acts(page),
            "facts": _facts(page),
            "order": _order(page),
            "files": [_file(use) for use in page.files],
            "events": page.events[:SHOWN],
            "older": page.events[SHOWN:],
            "entries": page.entries[:SHOWN],
            "older_entries": page.entries[SHOWN:],
            "units": [(unit, unit_acts(page, unit)) for unit in page.units],
            "clause_url": f"{reverse('plans:review', args=[row.plan.uid])}#t{row.pk}",
            "measures": _measures(row, actor, on),
            "ended": ended(row, on),
            "asked": asked_rows(page, actor, on),
            "roles": wording.ROLES,
            "conflict_words": wording.CONFLICTS,
            "settled": [_settled(conflict) for conflict in page.conflicts],
            "crumbs": [
                (_("方案"), address("plans:list", on=on)),
                (row.plan.title, address("plans:overview", row.plan.uid, on=on)),
                (_("任务台账"), ledger),
                (row.number or row.heading, ""),
            ],
        },
    )


def _facts(page: TaskPage) -> list[Fact]:
    task, stand = page.task, page.standing
    origin = str(wording.ORIGINS.get(task.origin, task.origin))
    facts = [
        Fact(_("完成时限"), task.deadline_text, note=_("照文件原文")),
        Fact(
            _("下一时限"),
            stand.next_due,
            note=" ".join(
                part
                for part in (wording.days_words(stand.days_left), _("内部时限") if stand.next_internal else "")
                if part
            ),
        ),
        Fact(_("分办办结"), f"{stand.done_units}/{stand.units}" if stand.units else None, note=_("个单位")),
        Fact(_("来源"), origin, note=_("第 %(line)d 行") % {"line": task.line} if task.line else ""),
        Fact(_("章节"), " › ".join(task.section)),
    ]
    closing = getattr(task, "closing", None)
    if closing:
        facts.append(Fact(_("总结"), closing.get_outcome_display(), note=closing.ground))
    return facts


def _order(page: TaskPage) -> list[Fact]:
    order = getattr(page.task, "standing_order", None)
    if order is None:
        return []
    return [
        Fact(_("今年做什么"), order.action),
        Fact(_("成果形式"), order.result_form),
        Fact(_("责任人"), order.person),
        Fact(_("填报周期"), order.get_rhythm_display()),
    ]


def _file(use: Any) -> File:
    return File(
        use.name,
        reverse("core:file", args=[use.uid]),
        use.attachment.size,
        "",
        use.added_at,
        str(use.added_by or ""),
        use.note,
    )


def _settled(conflict: Any) -> dict[str, Any]:
    """A conflict as the task's page tells it: what the places say, which one counts and why."""
    choice = wording.choice_word(conflict, conflict.choice, []) if conflict.choice else ""
    return {"row": conflict, "kind": wording.CONFLICTS.get(conflict.kind, conflict.kind), "choice": choice}


def _measures(task: PlanTask, actor: Actor, on: Any) -> list[dict[str, Any]]:
    found = []
    for judged in judge(task, actor=actor, on=on):
        tone, icon, word = OUTCOME_PARTS[judged.result.outcome]
        found.append(
            {
                "title": judged.measure.title,
                "chip": Chip(tone, str(word), icon, str(judged.result.reason)),
                "result": judged.result,
            }
        )  # type: ignore[arg-type]
    return found


def title_acts(page: TaskPage) -> list[Act]:
    """What the person at the desk does next, first; a stopped act says who can."""
    mine = [
        unit
        for unit in page.units
        if page.hands.on(unit.assignment.department_id)
        and unit.assignment.state not in GONE
        and (unit.assignment.department_id in page.hands.own)
    ]
    mine = mine or ([unit for unit in page.units if unit.assignment.state not in GONE][:1] if page.hands.office else [])
    stopped = _stopped(page)
    acts = []
    if (
        not stopped
        and mine
        and mine[0].assignment.department_id in page.hands.own
        and not mine[0].assignment.received_at
    ):
        acts.append(_post(_("签收"), "plans:receive", mine[0], icon="check2-circle", primary=True))
    one_of_mine = mine and mine[0].assignment.department_id in page.hands.own
    report = reverse("plans:report", args=[mine[0].assignment.uid]) if one_of_mine else "#units"
    acts.append(
        Act(
            _("填报进展"),
            "" if stopped else _with_next(report, page),
            icon="pencil",
            stopped_by=stopped,
            primary=not acts and not stopped,
        )
    )
    upload = f"{reverse('plans:evidence')}?" + urlencode({"task": str(page.task.uid)})
    acts.append(Act(_("上传材料"), "" if stopped else upload, icon="upload", stopped_by=stopped))
    return acts


def _with_next(url: str, page: TaskPage) -> str:
    if url.startswith("#"):
        return url
    return f"{url}?" + urlencode({"next": reverse("plans:task", args=[page.task.uid])})


def _stopped(page: TaskPage) -> str:
    """Which rule stops the actor from reporting on this task; empty where none does."""
    if not page.hands.live:
        return _("方案%(state)s，不再填报。") % {"state": page.task.plan.get_stage_display()}
    if page.hands.office or any(unit.assignment.department_id in page.hands.own for unit in page.units):
        return ""
    names = listed(str(unit.assignment.department) for unit in page.units[:3])
    return (
        _("只有责任单位（%(units)s）的人员和经办人可以填报。") % {"units": names}
        if names
        else _("任务还没有分办到单位。")
    )


def _post(title: str, name: str, unit: UnitRow, **more: Any) -> Act:
    url = reverse(name, args=[unit.assignment.uid])
    return Act(title, url, post=True, data=(("next", reverse("plans:task", args=[unit.assignment.task.uid])),), **more)


def unit_acts(page: TaskPage, unit: UnitRow) -> list[Act]:
    """The acts on one 分办 that this actor may do now."""
    assignment, hands = unit.assignment, page.hands
    if not hands.live or assignment.state in GONE:
        return []
    acts = []
    follow = {"next": reverse("plans:task", args=[page.task.uid])}

    def link(name: str) -> str:
        return f"{reverse(name, args=[assignment.uid])}?" + urlencode(follow)

    if hands.on(assignment.department_id):
        if not assignment.received_at and assignment.department_id in hands.own:
            acts.append(_post(_("签收"), "plans:receive", unit))
        if assignment.state != Assignment.State.VERIFIED or unit.due:
            acts.append(Act(_("填报"), link("plans:report")))
    if hands.verifier:
        if unit.unverified:
            mine = _("您填报的由另一位经办人核实。") if unit.reported_by(hands.person) else ""
            acts.append(_post(_("核实"), "plans:verify", unit, icon="check2-circle", stopped_by=mine))
            acts.append(Act(_("退回"), link("plans:send_back")))
        if assignment.state != Assignment.State.VERIFIED:
            acts.append(Act(_("改派"), link("plans:reassign")))
    return acts
