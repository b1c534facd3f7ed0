"""What kit needs to know of the experts of the review pool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Change, Entry, RecordPage, Writing
from soildesk.kit.parts import Act, Fact
from soildesk.kit.register import Column, Register, Row
from soildesk.land.services.writing import place_at
from soildesk.plots.models import Expert, Opinion
from soildesk.plots.refusals import ReportRefused
from soildesk.plots.register.plots import SECTION
from soildesk.plots.register.records import stopped
from soildesk.plots.services import experts


def pool(actor: Actor | None, on: date) -> QuerySet[Expert]:
    """The experts of the places an actor sees."""
    rows: QuerySet[Expert] = Expert.objects.visible_to(actor)
    return rows


def add(actor: Actor, change: Change, at: datetime) -> str:
    """An expert entered; the key."""
    return str(experts.add(change.values, place_at("", actor), by=actor, at=at).uid)


def change(actor: Actor, key: str, change: Change, at: datetime) -> None:
    """An expert put right."""
    found = Expert.objects.visible_to(actor).filter(uid=key).first()
    if found is None:
        raise ReportRefused(_("没有找到这位专家：请回到列表重新打开。"), code="plots.report.not_found")
    experts.change(found, change.values, by=actor, at=at, why=change.why)


def guard(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused."""
    if row is not None:
        return []
    try:
        experts.check_new(change.values, place_at("", actor), by=actor)
    except (Refusal, NotAllowed) as refusal:
        return [str(refusal)]
    return []


def record(actor: Actor, row: Row, on: date) -> RecordPage:
    """An expert with how often he reviewed."""
    given = Opinion.objects.filter(expert=row["pk"], on__lte=on).count()
    held = Expert.objects.select_related("person").get(pk=row["pk"])
    no = stopped(actor, "plots.keep_experts", held)
    account = held.person.username if held.person and not no else ""
    url = reverse("plots:expert_account", args=[held.uid])
    return RecordPage(
        facts=[Fact(_("已出具意见"), given), Fact(_("登录账户"), account or _("没有：意见由单位代录"))],
        acts=[Act(_("指定登录账户"), url, "person", stopped_by=no)],
    )


EXPERTS = Writing(
    entries=[
        Entry("name", _l("姓名"), required=True, longest=60, example=_l("示例专家")),
        Entry("employer", _l("工作单位"), required=True, names=["单位"], longest=160, example=_l("云中大学")),
        Entry("employer_code", _l("单位统一社会信用代码"), names=["单位信用代码"], longest=40,
              note=_l("用于核对与报告各方的利害关系；没有就留空，按名称核对。")),
        Entry("speciality", _l("专业"), longest=120),
        Entry("pool", _l("专家库"), longest=120),
        Entry("phone", _l("联系电话"), longest=40),
        Entry("until", _l("聘期至"), "date"),
    ],
    permission="plots.keep_experts",
    add=add,
    change=change,
    guard=guard,
    match=("name",),
    dated=False,
)  # fmt: skip

register.add(
    Register(
        name="plots.experts",
        collection="plot_experts",
        title=_l("评审专家"),
        permission="plots.keep_experts",
        queryset=pool,
        writing=EXPERTS,
        record=record,
        columns=[
            Column("name", _l("姓名"), sort="name", width=8, frozen=True, format=cells.link),
            Column("employer", _l("工作单位"), sort="employer", width=16, format=cells.clamp),
            Column("employer_code", _l("单位统一社会信用代码"), width=14, shown=False),
            Column("speciality", _l("专业"), width=12),
            Column("pool", _l("专家库"), width=12),
            Column("phone", _l("联系电话"), width=10),
            Column("until", _l("聘期至"), sort="until", width=8, format=cells.day, type="date"),
        ],
        search=["name", "employer", "speciality"],
        default_sort="name",
        personal=["name", "phone"],
        personal_permission="plots.keep_experts",
        about=_l("参加报告评审的专家。登记意见时核对与报告编制、委托、检测、施工各方的利害关系。"),
        empty=_l("还没有专家：用“新增”或导入登记。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("评审专家"), "kit:collection", "plots.keep_experts", order=424, icon="people", args=("plot_experts",)
)
navigation.register(SECTION, _l("请我评审的报告"), "plots:panels", "plots.opine", order=425, icon="person")
