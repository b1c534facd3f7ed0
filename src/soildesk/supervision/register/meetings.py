"""联席会议: meetings in a list, and the page of one of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import audit, audit_words, clock, files
from soildesk.core.permissions import Actor
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.languages import listed
from soildesk.kit.parts import Act, Chip, Event, Fact, File, Step
from soildesk.kit.register import Column, PageAct, Register, Row
from soildesk.plans.queries import orders
from soildesk.plans.wording import TASK_STATES
from soildesk.supervision import words
from soildesk.supervision.models import Meeting
from soildesk.supervision.queries import meetings as reads
from soildesk.supervision.register.matters import SECTION
from soildesk.supervision.services.meetings import MEET

if TYPE_CHECKING:
    from soildesk.plans.queries.orders import OrderTask

State = Meeting.State
ORDER = (State.PREPARING, State.CALLED, State.HELD)


def meeting(actor: Actor, row: Row, on: date) -> RecordPage:
    """One meeting: agenda, minutes with their decisions, what became of those of the last meetings."""
    found = reads.meeting_of(actor, row["uid"])
    assert found is not None
    phase = orders.phase_of(found.plan_id, on) if found.plan_id else ""
    own = reads.decided(actor, [found], on)
    return RecordPage(
        chips=[words.chip(words.MEETING_STATES, found.state)],
        life=_life(found, phase),
        facts=list(_facts(found)),
        acts=list(_acts(actor, found, phase)),
        files=[_file(use) for use in files.uses_of(found)],
        history=_history(found),
        template="supervision/meeting.html",
        context={
            "meeting": found,
            "agenda": reads.agenda_of(found),
            "units": reads.invited(found),
            "uninvited": _uninvited(actor, found),
            "tasks": [(one, _chip(one)) for each in own for one in each.tasks],
            "to_review": phase == "review",
            "unread": reads.unread(found) if phase in ("", "review") else [],
            "marked": list(_marked(found, own)),
            "before": [
                (each, [(one, _chip(one)) for one in each.tasks])
                for each in reads.before(actor, found, on)
                if each.tasks
            ],
        },
    )


def _uninvited(actor: Actor, found: Meeting) -> str:
    """Who should be asked too; said to the office while it can."""
    own = actor.person is not None and actor.person.department_id == found.owner_department_id
    return listed(reads.uninvited(found)) if own and found.state != State.HELD else ""


def _chip(one: OrderTask) -> Chip:
    tone, icon, word = TASK_STATES[one.state]
    return Chip(tone, str(word), icon)


def _marked(found: Meeting, own: list[reads.Decided]) -> Iterator[tuple[str, str]]:
    """The minutes cut at their decisions: words, and the task they became."""
    spans = sorted((one.span[0], one.span[1], one.url) for each in own for one in each.tasks if one.span)
    at = 0
    for start, end, url in spans:
        yield found.minutes_text[at:start], ""
        yield found.minutes_text[start:end], url
        at = end
    yield found.minutes_text[at:], ""


def _life(found: Meeting, phase: str) -> list[Step]:
    at = ORDER.index(State(found.state))
    published = bool(phase) and phase != "review"
    days = (clock.local_day(found.made_at), found.called_at and clock.local_day(found.called_at), found.held_on)
    names = (_("筹备"), _("通知"), _("召开、登记纪要"))
    steps = [
        Step(name, "done" if step <= at else "here" if step == at + 1 else "ahead", days[step] if step <= at else None)
        for step, name in enumerate(names)
    ]
    last = "done" if published else "here" if at == 2 else "ahead"
    return [*steps, Step(_("议定事项分办"), last)]  # type: ignore[arg-type]


def _facts(found: Meeting) -> Iterator[Fact]:
    if found.note:
        yield Fact(_("会议要求"), found.note)
    if found.absent:
        yield Fact(_("缺席说明"), found.absent)
    if found.minutes_digest:
        yield Fact(_("纪要校验值（SHA-256）"), found.minutes_digest)


def _acts(actor: Actor, found: Meeting, phase: str) -> Iterator[Act]:
    if actor.person is not None and actor.person.department_id == found.owner_department_id:
        yield from _office_acts(actor, found, phase)
    yield Act(_("议程（Word）"), reverse("supervision:meeting_paper", args=[found.uid, "agenda"]), "file-earmark-text")
    if found.minutes_text:
        url = reverse("supervision:meeting_paper", args=[found.uid, "minutes"])
        yield Act(_("纪要（Word）"), url, "file-earmark-text")


def _office_acts(actor: Actor, found: Meeting, phase: str) -> Iterator[Act]:
    why = stopped(actor, MEET, found)
    at = lambda name: reverse(f"supervision:{name}", args=[found.uid])  # noqa: E731
    if phase == "review" and found.plan is not None:
        yield Act(_("审核议定事项"), reverse("plans:review", args=[found.plan.uid]), "list-task", primary=True)
    if found.state == State.PREPARING:
        sure = _("参会单位将看到会议和议程。确定通知？")
        first = why or ("" if found.agenda.exists() else _("还没有议程：先编排议程。"))
        yield Act(
            _("发出会议通知"), at("call_meeting"), "send", post=True, primary=True, stopped_by=first, confirm=sure
        )
    if found.state != State.HELD:
        yield Act(_("编排议程"), at("agenda"), "list-task", stopped_by=why)
        yield Act(_("修改"), at("edit_meeting"), "pencil", stopped_by=why)
    if found.state == State.HELD and phase not in ("", "review"):
        return
    name = _("重新登记纪要") if found.state == State.HELD else _("登记会议纪要")
    yield Act(name, at("minutes"), "file-earmark-text", primary=found.state == State.CALLED, stopped_by=why)


def _history(found: Meeting) -> list[Event]:
    names = ("prepared", "changed", "agenda", "called", "held", "minutes_again")
    acts = [f"supervision.meeting.{name}" for name in names]
    return [Event(entry.at, who, audit_words.word_of(entry.act)) for entry, who in audit.told_of(found, *acts)]


def _file(use: Any) -> File:
    by = use.added_by.name if use.added_by else ""
    return File(
        use.name, reverse("core:file", args=[use.uid]), use.attachment.size, _("纪要"), use.added_at, by, use.note
    )


MEETINGS = register.add(
    Register(
        name="supervision.meetings",
        collection="meetings",
        title=_l("联席会议"),
        permission="supervision.read",
        queryset=reads.meetings,
        record=meeting,
        columns=[
            Column("title", _l("名称"), sort="title", width=24, frozen=True, format=cells.link),
            Column("on", _l("会议日期"), sort="on", width=8, format=cells.day, type="date"),
            Column("hour", _l("时间"), width=6),
            Column("state", _l("状态"), sort="state", width=7, format=cells.chip(words.MEETING_STATES), export=lambda value, row: str(State(value).label)),
            Column("place", _l("地点"), width=14),
            Column("points", _l("议题"), sort="points", width=5, numeric=True, format=cells.number, type="integer"),
            Column("invited", _l("参会单位"), sort="invited", width=6, numeric=True, format=cells.number, type="integer"),
            Column("chair", _l("主持人"), width=8),
            Column("minutes_number", _l("纪要文号"), width=12),
            Column("held_on", _l("召开日期"), sort="held_on", width=8, format=cells.day, type="date", shown=False),
            Column("office", _l("承办单位"), width=10, shown=False),
        ],
        filters=[
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            TextFilter("year", _l("年度"), fields=["year"]),
            DateRangeFilter("on", _l("会议日期")),
        ],
        search=["title", "minutes_text", "minutes_number"],
        default_sort="-on",
        page_acts=[PageAct(_l("筹备会议"), "supervision:new_meeting", MEET, primary=True)],
        views=[(_l("准备中"), "state=preparing"), (_l("已通知"), "state=called"), (_l("已召开"), "state=held")],
        about=_l("议程来自未办结的事项，纪要里的议定事项审核后成为任务，和方案任务一样签收、填报、核实。"),
        empty=_l("没有会议。点“筹备会议”，议程自动列出未办结的事项。"),
        empty_else=(MEET, _l("没有请本单位参加的会议。收到会议通知以后，会议和议程列在这里。")),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("联席会议"), "kit:collection", "supervision.read", order=54, icon="calendar-event", args=("meetings",)
)
