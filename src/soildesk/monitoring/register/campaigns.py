"""What kit needs to know of campaigns."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import cells, navigation, register
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.register import Column, PageAct, Register
from soildesk.monitoring.models import Campaign, Medium
from soildesk.monitoring.queries import network
from soildesk.monitoring.register.points import SECTION, word

State = Campaign.State
TONES = {
    State.DRAFT: ("calm", "pencil", State.DRAFT.label),
    State.RUNNING: ("busy", "hourglass-split", State.RUNNING.label),
    State.CLOSED: ("good", "check-circle-fill", State.CLOSED.label),
}
MEDIA = dict(Medium.choices)

CAMPAIGNS = register.add(
    Register(
        name="monitoring.campaigns",
        collection="campaigns",
        title=_l("监测任务"),
        permission="monitoring.read",
        queryset=network.campaigns,
        row_url=lambda row: reverse("monitoring:campaign", args=[str(row["uid"])]),
        columns=[
            Column("number", _l("编号"), sort="number", width=16, frozen=True, format=cells.link),
            Column("title", _l("名称"), sort="title", width=18, format=cells.clamp),
            Column("kind", _l("类型"), word("kind", Campaign.Kind.choices), ["kind"], sort="kind", width=6),
            Column("state", _l("状态"), sort="state", width=6, format=cells.chip(TONES)),
            Column("media", _l("介质"), lambda row: "、".join(str(MEDIA.get(each, each)) for each in row["media"]), ["media"], width=10),
            Column("organiser", _l("组织单位"), "organiser_name", width=8),
            Column("starts_on", _l("开始"), sort="starts_on", width=7, format=cells.day, type="date"),
            Column("ends_on", _l("完成时限"), sort="ends_on", width=7, format=cells.day, type="date"),
            Column("taken", _l("采样进度"), "taken", ["taken", "wanted"], width=9, format=cells.progress("taken", "wanted"), type="integer"),
            Column("closed_on", _l("完成日期"), sort="closed_on", width=7, format=cells.day, type="date"),
            Column("shared_on", _l("数据共享"), sort="shared_on", width=7, format=cells.day, type="date"),
            Column("laboratory", _l("检测机构"), width=10, shown=False),
            Column("grade", _l("数据分级"), word("grade", Campaign._meta.get_field("grade").choices), ["grade"], width=5, shown=False),
        ],
        filters=[
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            ChoiceFilter("kind", _l("类型"), choices=Campaign.Kind.choices),
            ChoiceFilter("shared", _l("数据共享"), choices=[("no", _l("未共享"))], conditions={"no": Q(shared_on=None)}),
            DateRangeFilter("ends_on", _l("完成时限")),
        ],
        search=["title", "number", "basis", "laboratory"],
        default_sort="-starts_on",
        page_acts=[PageAct(_l("编制任务"), "monitoring:campaign_new", "monitoring.plan", icon="plus-lg", primary=True)],
        views=[(_l("实施中"), "state=running")],
        about=_l("普查、详查、例行与专项监测：设计、采样任务、进度、办结与数据共享。"),
        empty=_l("您的范围内还没有监测任务。经办人在这里编制：写明类型、介质、项目与期限。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("监测任务"), "kit:collection", "monitoring.read", order=206, icon="calendar-event", args=("campaigns",)
)
