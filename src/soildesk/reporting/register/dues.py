"""What kit needs to know of the calendar of reports."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import Actor
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.parts import Act, Fact, Step
from soildesk.kit.register import Column, PageAct, Register, Row
from soildesk.reporting.queries import records
from soildesk.reporting.queries.kinds import kinds
from soildesk.reporting.services.calendar import PLAN
from soildesk.reporting.services.copies import MAKE, State
from soildesk.reporting.words import STATES, duty_chip, state_chip

SECTION = _l("方案与任务")


def _state(value: Any, row: Row) -> str:
    tone, icon, word = STATES[row["copy_state"] or "not_begun"]
    return cells.chip_html(tone, icon, str(word))


def _duty(value: Any, row: Row) -> str:
    if row.get("dropped_on"):
        return cells.chip_html("calm", "slash-circle", _("已移出"))
    chip = duty_chip(row.get("_duty", ""))
    return cells.chip_html(chip.tone, chip.icon, chip.word)


def _duty_word(row: Row) -> str:
    return _("已移出") if row.get("dropped_on") else duty_chip(row.get("_duty", "")).word


def _due(value: Any, row: Row) -> str:
    """A day; that nobody said one is told."""
    if value is None:
        return f'<span class="hint">{_("没有规定")}</span>'
    return cells.day(value, row) + (f' <span class="hint">{_("暂定")}</span>' if row.get("provisional") else "")


COPY_STATES: list[tuple[str, Any]] = [("not_begun", _l("未生成")), *State.choices]


def due(actor: Actor, row: Row, on: date) -> RecordPage:
    """One line of the calendar."""
    found = records.due_of(actor, row["uid"])
    assert found is not None
    made = list(records.copies(actor, on).filter(due=found).order_by("-made_at"))
    reached = made[0].state if made else ""
    return RecordPage(
        chips=[state_chip(reached), duty_chip(row.get("_duty", ""))],
        life=_life(found, made),
        facts=_facts(found, on),
        acts=_acts(actor, found),
        related=[(f"{one.number} {one.title}（{one.get_state_display()}）", reverse("kit:record", args=["reports", str(one.uid)])) for one in made],
    )  # fmt: skip


def _life(found: Any, made: list[Any]) -> list[Step]:
    newest = made[0] if made else None
    order = ["", State.DRAFT, State.SIGNED, State.SENT, State.RECEIVED]
    at = order.index(newest.state) if newest else 0
    days = {
        1: newest and clock.local_day(newest.made_at), 2: newest and newest.signed_at and clock.local_day(newest.signed_at),
        3: newest and newest.sent_on, 4: newest and newest.receipt_on,
    }  # fmt: skip
    names = (_("列入日历"), _("生成"), _("签发"), _("报送"), _("回执"))
    days[0] = clock.local_day(found.entered_at)
    return [
        Step(
            name,
            "done" if step <= at else "here" if step == at + 1 else "ahead",
            days.get(step) if step <= at else None,
        )
        for step, name in enumerate(names)
    ]


def _facts(found: Any, on: date) -> list[Fact]:
    facts = []
    if found.due is None:
        facts.append(Fact(_("时限"), _("没有规定"), doubt=_("依据没有写明日期：不会被提示逾期。")))
    if found.mark not in ("V", "S"):
        facts.append(Fact(_("把握"), found.mark, doubt=_("依据没有逐字核对，使用前请核实。")))
    if found.dropped_on:
        facts.append(Fact(_("不报原因"), found.dropped_why, note=f"{found.dropped_on:%Y-%m-%d}"))
    return facts


def _acts(actor: Actor, found: Any) -> list[Act]:
    plan, make = stopped(actor, PLAN, found), stopped(actor, MAKE, found)
    if found.dropped_on:
        return [
            Act(
                _("恢复"),
                reverse("reporting:restore_due", args=[found.uid]),
                "arrow-counterclockwise",
                post=True,
                stopped_by=plan,
            )
        ]
    acts = []
    if found.form:
        url = f"{reverse('reporting:make')}?due={found.uid}"
        acts.append(Act(_("生成报表"), url, "plus-lg", primary=True, stopped_by=make))
    url = reverse("reporting:bring", args=[found.uid])
    acts.append(Act(_("登记自行编制的文件"), url, "upload", primary=not found.form, stopped_by=make))
    return [
        *acts,
        Act(_("移出日历"), reverse("reporting:drop_due", args=[found.uid]), "slash-circle", stopped_by=plan),
    ]


DUES = register.add(
    Register(
        name="reporting.dues",
        collection="report_dues",
        title=_l("报表日历"),
        permission="reporting.read",
        queryset=records.dues,
        enrich=records.add_states,
        fields=["provisional", "dropped_on", "copy_state", "pk"],
        record=due,
        columns=[
            Column("title", _l("报表"), sort="title", width=20, frozen=True, format=cells.link),
            Column("period", _l("期次"), sort="period", width=6),
            Column("due", _l("时限"), sort="due", width=8, format=_due, type="date"),
            Column("standing", _l("时限状态"), _duty_word, ["dropped_on"], width=8, format=_duty),
            Column("state", _l("办理状态"), lambda row: str(dict(COPY_STATES)[row["copy_state"] or "not_begun"]), ["copy_state"], width=7, format=_state),
            Column("receiver", _l("报送对象"), sort="receiver", width=14, format=cells.clamp),
            Column("unit", _l("承办单位"), "unit_name", sort="unit_name", width=11),
            Column("basis", _l("依据"), width=18, format=cells.clamp),
            Column("mark", _l("把握"), width=4),
            Column("sender", _l("报送单位"), width=12, shown=False),
            Column("year", _l("年度"), sort="year", width=5, numeric=True, shown=False, type="integer"),
            Column("form", _l("填报表式"), lambda row: str(kinds()[row["form"]].title) if row["form"] in kinds() else row["form"], ["form"], width=12, shown=False),
            Column("dropped_why", _l("不报原因"), width=14, format=cells.clamp, shown=False),
            Column("done_on", _l("报送日期"), width=7, format=cells.day, shown=False, type="date"),
        ],
        filters=[
            TextFilter("year", _l("年度"), fields=["year"]),
            ChoiceFilter("late", _l("逾期"), choices=[("1", _l("逾期未报"))], conditions={"1": records.late_on}),
            ChoiceFilter("state", _l("办理状态"), choices=COPY_STATES, conditions={
                "not_begun": Q(copy_state=None), **{value: Q(copy_state=value) for value, _label in State.choices}}),
            ChoiceFilter("owed", _l("是否应报"), choices=[("yes", _l("应报")), ("no", _l("已移出"))],
                         conditions={"yes": Q(dropped_on=None), "no": Q(dropped_on__isnull=False)}),
            DateRangeFilter("due", _l("时限")),
        ],
        search=["title", "receiver", "basis", "period"],
        default_sort="due",
        page_acts=[
            PageAct(_l("列入一项"), "reporting:add_due", PLAN, primary=True),
            PageAct(_l("建立年度日历"), "reporting:open_year", PLAN, icon="calendar3"),
            PageAct(_l("给领导的一页纸"), "reporting:mayor", "reporting.read", icon="person"),
        ],
        views=[(_l("应报"), "owed=yes"), (_l("逾期未报"), "late=1"), (_l("未生成"), "owed=yes&state=not_begun")],
        about=_l("一年里什么报表、报给谁、何时报。法律规定的由规则列出，本地方案和来文要求的由人列入并写明依据；依据没有写日期的不猜日期。"),
        empty_else=(PLAN, _l("没有报表日历：由经办人建立以后，应报的报表列在这里。")),
        empty=_l("还没有报表日历。点“建立年度日历”列出规则要求的，再用“列入一项”补上本地方案和来文要求的。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("报表日历"), "kit:collection", "reporting.read", order=23, icon="calendar-event", args=("report_dues",)
)
