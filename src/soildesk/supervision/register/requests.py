"""延期 and 挂账: what was asked, what was decided, what rests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.enterprises.register.enterprises import word
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.parts import Act, Event, Fact, File
from soildesk.kit.register import Column, Register, Row, Stored
from soildesk.supervision import words
from soildesk.supervision.models import Extension, Suspension
from soildesk.supervision.queries import seen
from soildesk.supervision.register.matters import SECTION, units
from soildesk.supervision.services.matters import DECIDE


def extension(actor: Actor, row: Row, on: date) -> RecordPage:
    """One request for more time."""
    found = Extension.objects.select_related("duty", "asked_by", "decided_by").get(pk=row["pk"])
    asked = found.state == Extension.State.ASKED
    return RecordPage(
        chips=[words.chip(words.EXTENSION_STATES, found.state)],
        facts=[Fact(_("方式"), str(found.get_how_display()), note=_moves(found))] if found.how else [],
        acts=list(_decide(actor, found, "extension", asked)),
        files=[_file(use) for use in files.uses_of(found)],
        history=list(_history(found)),
        related=_related(found),
    )


def suspension(actor: Actor, row: Row, on: date) -> RecordPage:
    """One suspension."""
    found = Suspension.objects.select_related("duty", "asked_by", "decided_by").get(pk=row["pk"])
    acts = list(_decide(actor, found, "suspension", found.state == Suspension.State.ASKED))
    if found.state == Suspension.State.GRANTED:
        url = reverse("supervision:suspension_act", args=[found.uid, "end"])
        acts.append(Act(_("销账"), url, "check-circle-fill", primary=True, stopped_by=stopped(actor, DECIDE, found)))
    return RecordPage(
        chips=[words.chip(words.SUSPENSION_STATES, found.state, _("挂账只停止升级，不改变逾期。"))],
        acts=acts,
        files=[_file(use) for use in files.uses_of(found)],
        history=list(_history(found)),
        related=_related(found),
    )


def _moves(found: Extension) -> str:
    return _("事项时限随之改变") if found.moved else _("事项时限不变，只停止红色以下的督办")


def _decide(actor: Actor, found: Any, kind: str, asked: bool) -> Iterator[Act]:
    if asked:
        own = actor.person is not None and found.asked_by_id == actor.person.pk
        why = stopped(actor, DECIDE, found) or (_("申请和审批须由不同的人办理。") if own else "")
        name = f"supervision:{kind}_act"
        yield Act(_("同意"), reverse(name, args=[found.uid, "grant"]), "check2-circle", primary=True, stopped_by=why)
        yield Act(_("不同意"), reverse(name, args=[found.uid, "refuse"]), "x-lg", stopped_by=why)


def _history(found: Any) -> Iterator[Event]:
    yield Event(found.asked_on, found.asked_by.name if found.asked_by else _("系统"), _("申请"))
    if found.decided_on:
        who = found.decided_by.name if found.decided_by else _("系统")
        yield Event(found.decided_on, who, _("审批"), found.decision)
    if getattr(found, "ended_on", None):
        yield Event(found.ended_on, "", _("销账"), found.ended_why)


def _related(found: Any) -> list[tuple[str, str]]:
    return [(found.title, reverse("kit:record", args=["matters", str(found.duty.uid)]))] if found.duty else []


def _file(use: Any) -> File:
    by = use.added_by.name if use.added_by else ""
    return File(
        use.name, reverse("core:file", args=[use.uid]), use.attachment.size, _("附件"), use.added_at, by, use.note
    )


def _common() -> list[Any]:
    return [
        ChoiceFilter("unit", _l("责任单位"), field="unit_id", choices=units),
        ChoiceFilter("kind", _l("事项类别"), choices=seen.KINDS),
        DateRangeFilter("asked_on", _l("申请日期")),
    ]


EXTENSIONS = register.add(
    Register(
        name="supervision.extensions",
        collection="extensions",
        title=_l("延期"),
        permission="supervision.read",
        queryset=seen.extensions,
        record=extension,
        columns=[
            Column("title", _l("事项"), width=24, frozen=True, format=cells.link),
            Column("unit", _l("责任单位"), lambda row: row["unit_name"], ["unit_name"], sort="unit_name", width=10),
            Column("state", _l("状态"), sort="state", width=7, format=cells.chip(words.EXTENSION_STATES), export=lambda value, row: str(Extension.State(value).label)),
            Column("asked_on", _l("申请日期"), sort="asked_on", width=8, format=cells.day, type="date"),
            Column("due_before", _l("原时限"), sort="due_before", width=8, format=cells.day, type="date"),
            Column("due_wanted", _l("申请延至"), sort="due_wanted", width=8, format=cells.day, type="date"),
            Column("due_granted", _l("同意延至"), sort="due_granted", width=8, format=cells.day, type="date"),
            Column("how", _l("方式"), word("how", Extension.How.choices), ["how"], width=12, stored=Stored("how", Extension.How.choices)),
            Column("reason", _l("申请理由"), width=20, format=cells.clamp),
            Column("body", _l("批准机关"), width=12, shown=False),
            Column("document", _l("批准文号"), width=12, shown=False),
            Column("decision", _l("审批意见"), width=16, format=cells.clamp, shown=False),
        ],
        filters=[ChoiceFilter("state", _l("状态"), choices=Extension.State.choices), ChoiceFilter("how", _l("方式"), choices=Extension.How.choices), *_common()],
        search=["title", "reason", "document"],
        default_sort="-asked_on",
        views=[(_l("待审批"), "state=asked")],
        about=_l("延期只能在到期前申请。别的机关规定的时限，由该机关批准（文号、文件）才能改变；内部同意只改变内部时限。"),
        empty=_l("没有延期申请。在“督办事项”中打开一个事项申请。"),
    )
)  # fmt: skip

SUSPENSIONS = register.add(
    Register(
        name="supervision.suspensions",
        collection="suspensions",
        title=_l("挂账"),
        permission="supervision.read",
        queryset=seen.suspensions,
        record=suspension,
        columns=[
            Column("title", _l("事项"), width=24, frozen=True, format=cells.link),
            Column("unit", _l("责任单位"), lambda row: row["unit_name"], ["unit_name"], sort="unit_name", width=10),
            Column("state", _l("状态"), sort="state", width=7, format=cells.chip(words.SUSPENSION_STATES), export=lambda value, row: str(Suspension.State(value).label)),
            Column("cause", _l("原因"), word("cause", Suspension.Cause.choices), ["cause"], width=12, stored=Stored("cause", Suspension.Cause.choices)),
            Column("ground", _l("说明"), width=20, format=cells.clamp),
            Column("since", _l("自"), sort="since", width=8, format=cells.day, type="date"),
            Column("until", _l("挂账至"), sort="until", width=8, format=cells.day, type="date"),
            Column("ended_on", _l("销账日期"), sort="ended_on", width=8, format=cells.day, type="date"),
            Column("asked_on", _l("申请日期"), sort="asked_on", width=8, format=cells.day, shown=False, type="date"),
            Column("decision", _l("审批意见"), width=16, format=cells.clamp, shown=False),
        ],
        filters=[
            ChoiceFilter("state", _l("状态"), choices=Suspension.State.choices),
            ChoiceFilter("cause", _l("原因"), choices=Suspension.Cause.choices),
            ChoiceFilter("rests", _l("现在"), choices=[("1", _l("正在挂账"))], conditions={"1": seen.suspended_on}),
            *_common(),
        ],
        search=["title", "ground"],
        default_sort="-asked_on",
        views=[(_l("待审批"), "state=asked"), (_l("正在挂账"), "rests=1")],
        about=_l("因季节、施工等暂不升级督办的事项，到日自动销账。挂账不改变时限，逾期仍然是逾期。"),
        empty=_l("没有挂账的事项。在“督办事项”中打开一个事项申请。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("延期"), "kit:collection", "supervision.read", order=44, icon="calendar-event", args=("extensions",)
)
navigation.register(
    SECTION, _l("挂账"), "kit:collection", "supervision.read", order=46, icon="dash-circle", args=("suspensions",)
)
navigation.register(SECTION, _l("督办规则"), "supervision:rules", "supervision.read", order=48, icon="sliders")
