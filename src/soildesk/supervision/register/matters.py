"""督办事项: the dated duties of departments, of every room, and what is done about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.duties import state_of
from soildesk.core.permissions import OF_DEPARTMENT, Actor, may
from soildesk.enterprises.register.enterprises import TOWN, word
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.languages import listed
from soildesk.kit.parts import Act, Chip, Fact
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soildesk.land.queries.choices import keepers
from soildesk.supervision import words
from soildesk.supervision.models import Extension, Slip, Suspension
from soildesk.supervision.queries import seen
from soildesk.supervision.queries.about import addresses
from soildesk.supervision.queries.letters import links_of
from soildesk.supervision.services.letters import WRITE as LETTERS
from soildesk.supervision.services.matters import ASK, DECIDE
from soilrules.deadlines import State

if TYPE_CHECKING:
    from soildesk.core.models import Duty

SECTION = _l("督办")


def units(actor: Any, on: date) -> list[tuple[str, Any]]:
    """The departments of the actor's place."""
    return [(str(key), label) for key, label in keepers(actor, on)]


def _due(value: Any, row: Row) -> str:
    shown = cells.day(value, row)
    if row.get("_late"):
        shown += " " + cells.chip_html("bad", "exclamation-triangle-fill", _("逾期 %(n)d 天") % {"n": row["_late"]})
    return shown + (f' <span class="tag">{_("内部")}</span>' if row.get("internal") else "")


def _marks(value: Any, row: Row) -> str:
    marks = []
    if row.get("important"):
        marks.append(cells.chip_html("warn", "star", _("重要")))
    if row.get("suspended"):
        marks.append(cells.chip_html("busy", "dash-circle", _("挂账")))
    return " ".join(marks) or cells.NOTHING


def _about(value: Any, row: Row) -> str:
    url = row.get("_about")
    return f'<a href="{cells.escape(url)}">{cells.escape(value)}</a>' if url else cells.escape(value)


def matter(actor: Actor, row: Row, on: date) -> RecordPage:
    """One matter: how it stands, why, its slips, and what was asked of it."""
    duty = seen.matter_of_row(row["pk"])
    asked = seen.requests_of(duty)
    slips = seen.slips_of(duty)
    about = addresses([(duty.subject_type, duty.subject_id)], on).get((duty.subject_type, duty.subject_id), "")
    return RecordPage(
        chips=_chips(duty, row, on),
        facts=_facts(duty, about),
        acts=list(_acts(actor, duty, asked, about)),
        related=links_of(actor, duty, *slips),
        template="supervision/matter.html",
        context={
            "slips": [
                (
                    one,
                    words.chip(words.COLOURS, one.colour, why := words.why_of(one)),
                    words.chip(words.SLIP_STATES, one.state),
                    why,
                )
                for one in slips
            ],
            "asked": asked,
            "extensions": [(one, words.chip(words.EXTENSION_STATES, one.state)) for one in asked["extensions"]],
            "suspensions": [(one, words.chip(words.SUSPENSION_STATES, one.state)) for one in asked["suspensions"]],
        },
    )


def _chips(duty: Duty, row: Row, on: date) -> Sequence[Chip]:
    chips = [words.chip(words.DUTY_STATES, state_of(duty, on))]
    if row["important"]:
        chips.append(Chip("warn", _("重要事项"), "star"))
    if row["suspended"]:
        chips.append(Chip("busy", _("挂账"), "dash-circle", _("挂账期间不升级督办，逾期仍然是逾期。")))
    return chips


def _facts(duty: Duty, about: str) -> Sequence[Fact]:
    moved = duty.moved_from and duty.moved_to == duty.due
    note = _("原为 %(day)s，已批准延期") % {"day": duty.moved_from} if moved else ""
    return [
        Fact(_("所在记录"), _("打开"), url=about) if about else Fact(_("所在记录"), "", doubt=_("没有单独的页面")),
        *([Fact(_("时限"), duty.due, note=note)] if note else []),
        Fact(_("办结日期"), duty.done_on),
        Fact(_("由谁提出"), duty.owner_department),
    ]


def _acts(actor: Actor, duty: Duty, asked: dict[str, list[Any]], about: str) -> Iterator[Act]:
    if about:
        yield Act(_("去办理"), about, "pencil", primary=True)
    done = _("已办结。") if duty.done_on else ""
    ask, decide = stopped(actor, ASK, duty), stopped(actor, DECIDE, duty)
    open_ = any(one.state == Extension.State.ASKED for one in asked["extensions"])
    late = state_of(duty, actor.today) is State.OVERDUE
    why = _("时限已过：只能在到期前申请延期。") if late else _("已有待审批的申请。") if open_ else ""
    yield Act(_("申请延期"), _url(duty, "extend"), "calendar-event", stopped_by=done or why or ask)
    held = [one for one in asked["suspensions"] if one.state in (Suspension.State.ASKED, Suspension.State.GRANTED)]
    yield Act(
        _("申请挂账"), _url(duty, "suspend"), "dash-circle",
        stopped_by=done or (_("已在挂账，或已有待审批的申请。") if held else "") or ask,
    )  # fmt: skip
    if decide and all(grant.role in OF_DEPARTMENT for grant in actor.grants):
        return  # the rest is for the office
    important = any(one.until is None for one in asked["important"])
    if important:
        yield Act(_("取消重要事项"), _url(duty, "unimportant"), "star", stopped_by=done or decide)
    else:
        yield Act(_("列为重要事项"), _url(duty, "important"), "star", stopped_by=done or decide)
    yield from _letter(actor, duty)


def _letter(actor: Actor, duty: Duty) -> Iterator[Act]:
    if may(actor, LETTERS, duty) and duty.done_on is None:
        yield Act(_("起草函件"), f"{reverse('supervision:new_letter')}?from=matter&key={duty.uid}", "journal-text")


def _url(duty: Duty, name: str) -> str:
    return reverse("supervision:matter_act", args=[duty.uid, name])


def _in_colour(colour: Slip.Colour) -> Q:
    return Q(slip_colour=colour.value)


MATTERS = register.add(
    Register(
        name="supervision.matters",
        collection="matters",
        title=_l("督办事项"),
        permission="supervision.read",
        queryset=seen.matters,
        enrich=seen.add_states,
        fields=["subject_type", "subject_id", "due", "done_on", "issued_on", "internal", "important", "suspended"],
        record=matter,
        columns=[
            Column("title", _l("事项"), sort="title", width=26, frozen=True, format=cells.link),
            Column("unit", _l("责任单位"), lambda row: row["unit_name"], ["unit_name"], sort="unit_name", width=10),
            Column("due", _l("时限"), sort="due", width=12, format=_due, type="date"),
            Column("state", _l("状态"), lambda row: row.get("_state"), sort="finished,due", width=8, format=cells.chip(words.DUTY_STATES),
                   export=lambda value, row: str(words.DUTY_STATES[value][2]) if value else ""),
            Column("slip_colour", _l("最近督办单"), width=8, format=cells.chip(words.COLOURS), stored=Stored("slip_colour", Slip.Colour.choices),
                   export=lambda value, row: str(Slip.Colour(value).label) if value else ""),
            Column("marks", _l("标注"), lambda row: listed(filter(None, (_("重要") if row["important"] else "", _("挂账") if row["suspended"] else ""))),
                   ["important", "suspended"], width=8, format=_marks),
            Column("kind", _l("事项类别"), word("kind", seen.ALL_KINDS), ["kind"], width=9, format=_about, stored=Stored("kind", seen.ALL_KINDS)),
            Column("town", _l("乡镇（街道）"), width=8, shown=False),
            Column("basis", _l("依据"), width=16, format=cells.clamp, shown=False),
            Column("period", _l("期次"), width=8, shown=False),
            Column("done_on", _l("办结日期"), sort="done_on", width=8, format=cells.day, shown=False, type="date", on_record=False),
        ],
        filters=[
            ChoiceFilter("show", _l("办理情况"), choices=[("late", _l("逾期")), ("soon", _l("14日内到期")), ("open", _l("未办结")), ("done", _l("已办结"))],
                         conditions={"late": seen.late_on, "soon": seen.soon_on, "open": seen.open_on, "done": lambda on: ~seen.open_on(on)}),
            ChoiceFilter("unit", _l("责任单位"), field="unit_id", choices=units),
            ChoiceFilter("kind", _l("事项类别"), choices=seen.KINDS),
            ChoiceFilter("colour", _l("最近督办单"), choices=Slip.Colour.choices[1:], conditions={one.value: _in_colour(one) for one in seen.COLOURED}),
            ChoiceFilter("marked", _l("标注"), choices=[("important", _l("重要")), ("suspended", _l("挂账"))],
                         conditions={"important": seen.marked_important, "suspended": seen.marked_suspended}),
            TOWN,
            DateRangeFilter("due", _l("时限")),
            DateRangeFilter("done_on", _l("办结日期")),
        ],
        search=["title", "basis"],
        default_sort="state",
        page_acts=[PageAct(_l("督办规则"), "supervision:rules", "supervision.read", icon="sliders")],
        views=[
            (_l("逾期未办"), "show=late"), (_l("14日内到期"), "show=soon"), (_l("未办结"), "show=open"), (_l("重要事项"), "marked=important"), (_l("挂账"), "marked=suspended"),
        ],
        about=_l("各类台账中由单位承担、有时限的事项。是否逾期由同一规则判断；挂账只停止升级，不改变逾期。企业自己的义务用提醒函，不在这里。"),
        empty=_l("您的范围内没有有时限的事项。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("督办事项"), "kit:collection", "supervision.read", order=42, icon="list-task", args=("matters",)
)
