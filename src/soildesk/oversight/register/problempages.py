"""What this room adds to the record page of a problem: its life, its firm, the clause, what may be done, what was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.enterprises.queries.firms import names_of
from soildesk.enterprises.register.records import stopped
from soildesk.kit.faces import RecordPage
from soildesk.kit.parts import Act, Chip, Event, Fact, File, Step
from soildesk.kit.register import Row
from soildesk.oversight.models import Problem, ProblemAct
from soildesk.oversight.queries.problems import days_late
from soildesk.oversight.services.judging import DECISION
from soildesk.oversight.services.problems import ANSWER, RECORD, SETTLE, is_ours

Kind, State = ProblemAct.Kind, Problem.State
STATES = {
    State.OPEN.value: ("busy", "hourglass-split", State.OPEN.label),
    State.ANSWERED.value: ("warn", "eye", State.ANSWERED.label),
    State.SETTLED.value: ("good", "check-circle-fill", State.SETTLED.label),
    State.DISMISSED.value: ("calm", "slash-circle", State.DISMISSED.label),
}
SHOWN: Mapping[str, Sequence[str]] = {
    "assign": (State.OPEN,),
    "measure": (State.OPEN,),
    "answer": (State.OPEN,),
    "settle": (State.ANSWERED,),
    "return": (State.ANSWERED,),
    "extend": Problem.LIVE,
    "dismiss": Problem.LIVE,
    "reopen": (State.SETTLED, State.DISMISSED),
}
"""In which states each act is offered."""


def state_chip(state: str) -> Chip:
    """How a problem stands."""
    tone, icon, word = STATES[state]
    return Chip(tone, str(word), icon)  # type: ignore[arg-type]


def late_words(days: int) -> str:
    """How late."""
    return _("逾期 %(n)d 天") % {"n": days}


def problem(actor: Actor, row: Row, on: date) -> RecordPage:
    """One problem."""
    rows = Problem.objects.select_related("enterprise", "unit", "due_set_by", "answered_by")
    found = rows.get(pk=row["pk"])
    acts = list(found.acts.select_related("by"))
    return RecordPage(
        chips=_chips(found, on),
        life=_life(found, acts),
        facts=_facts(found),
        acts=list(_acts(actor, found)),
        files=[_file(use) for use in files.uses_of(found)],
        history=[
            Event(one.at, one.by.name if one.by else _("系统"), str(one.get_kind_display()), one.note) for one in acts
        ],
        related=_related(found, on),
        template="oversight/problem.html",
        context={
            "told_acts": [(one, one.by.name if one.by else _("系统")) for one in acts],
            "penalties": list(found.penalties.all()),
        },
    )


def _chips(found: Problem, on: date) -> Sequence[Chip]:
    chips = [state_chip(found.state), Chip("calm", str(found.get_source_display()), "inbox")]
    if late := days_late(found.state, found.due, on):
        why = _("应在 %(day)s 前整改完毕。") % {"day": found.due}
        chips.append(Chip("bad", late_words(late), "exclamation-triangle-fill", why))
    if found.state in Problem.LIVE and found.unit_id is None:
        chips.append(Chip("unknown", _("未交办"), why=_("还没有指定督促整改的单位。")))
    return chips


def _life(found: Problem, acts: Sequence[ProblemAct]) -> Sequence[Step]:
    """登记 → 交办 → 整改 → 报请验收 → 销号; what was returned is at 整改 again."""
    days = {one.kind: one.on for one in acts}
    if found.state == State.DISMISSED:
        return [
            Step(_("登记"), "done", days.get(Kind.FOUND)),
            Step(_("不属实"), "here", days.get(Kind.DISMISSED)),
        ]
    if found.state == State.OPEN:
        reached = 1 if found.unit_id is None else 2
    else:
        reached = 4 if found.state == State.ANSWERED else 5
    names = (
        (_("登记"), Kind.FOUND), (_("交办"), Kind.ASSIGNED), (_("整改"), Kind.MEASURE), (_("报请验收"), Kind.ANSWERED),
        (_("销号"), Kind.SETTLED),
    )  # fmt: skip
    stages = ["done" if at < reached else "here" if at == reached else "ahead" for at in range(len(names))]
    return [
        Step(title, stage, days.get(kind) if stage == "done" else None)  # type: ignore[arg-type]
        for (title, kind), stage in zip(names, stages, strict=True)
    ]


def _facts(found: Problem) -> Sequence[Fact]:
    if found.due is None:
        return [Fact(_("时限"), _("未定"), doubt=_("没有整改时限：不会被提示逾期，请在交办时规定。"))]
    setter = str(found.due_set_by) if found.due_set_by else _("未记录")
    return [] if found.due_body else [Fact(_("时限规定单位"), setter, note=_("调整时限由规定的单位办理"))]


def _acts(actor: Actor, found: Problem) -> Iterator[Act]:
    """The acts of the state the problem is in; those another role does say so."""
    settle = stopped(actor, SETTLE, found)
    ours = stopped(actor, ANSWER, found) or ("" if is_ours(found, actor) else _("由督促整改单位的人员办理。"))
    same = actor.person is not None and found.answered_by_id == actor.person.pk
    another = settle or (_("报请验收的人不能自己验收：请另一名有权限的人员办理。") if same else "")
    primary = "settle" if found.state == State.ANSWERED else "answer" if found.unit_id else "assign"
    for name, title, icon, why in (
        ("assign", _("交办"), "people", settle),
        ("measure", _("登记整改进展"), "list-task", ours),
        ("answer", _("报请验收"), "send", ours),
        ("settle", _("验收销号"), "check2-circle", another),
        ("return", _("退回"), "reply", settle),
        ("extend", _("调整时限"), "calendar-event", settle),
        ("dismiss", _("核实不属实"), "slash-circle", settle),
        ("reopen", _("重新打开"), "arrow-counterclockwise", settle),
    ):
        if found.state in SHOWN[name]:
            url = reverse("oversight:problem_act", args=[found.uid, name])
            yield Act(title, url, icon, primary=name == primary, stopped_by=why)
    yield Act(
        _("选定条款"), reverse("oversight:cite", args=[found.uid]), "bookmark", stopped_by=stopped(actor, RECORD, found)
    )
    yield Act(_("登记处罚"), reverse("oversight:punish", args=[found.uid]), "flag", stopped_by=settle)
    yield Act(_("交办单"), reverse("oversight:order", args=[found.uid]), "file-earmark-text")


def _related(found: Problem, on: date) -> Sequence[tuple[str, str]]:
    links = []
    if found.enterprise is not None:
        name = names_of([found.enterprise.pk], on).get(found.enterprise.pk, found.enterprise.number)
        links.append((name, reverse("kit:record", args=["enterprises", str(found.enterprise.uid)])))
        listed = reverse("kit:collection", args=["problems"])
        links.append((_("这家企业的全部问题"), f"{listed}?firm={found.enterprise.number}"))
    return links


def _file(use: Any) -> File:
    by = use.added_by.name if use.added_by else ""
    kind = _("处罚决定") if use.kind == DECISION else _("佐证")
    return File(use.name, reverse("core:file", args=[use.uid]), use.attachment.size, kind, use.added_at, by, use.note)
