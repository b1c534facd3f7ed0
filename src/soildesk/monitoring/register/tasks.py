"""What kit needs to know of sampling tasks."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, LegendClass
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.register import Column, PageAct, Register
from soildesk.monitoring.models import Medium, SamplingTask
from soildesk.monitoring.queries import network
from soildesk.monitoring.register import records
from soildesk.monitoring.register.points import SECTION, TOWN, depth, word

State = SamplingTask.State
TONES = {
    State.PLANNED: ("calm", "circle", State.PLANNED.label),
    State.SAMPLED: ("busy", "hourglass-split", State.SAMPLED.label),
    State.RECEIVED: ("good", "check-circle-fill", State.RECEIVED.label),
    State.DROPPED: ("unknown", "slash-circle", State.DROPPED.label),
}
STATE_COLORS = {
    State.PLANNED: "#7f8c8d",
    State.SAMPLED: "#e0912f",
    State.RECEIVED: "#2e8b57",
    State.DROPPED: "#c0392b",
}

TASKS = register.add(
    Register(
        name="monitoring.tasks",
        collection="sampling_tasks",
        title=_l("采样任务"),
        permission="monitoring.read",
        queryset=network.tasks,
        columns=[
            Column("code", _l("样品编号"), sort="code", width=9, frozen=True, format=cells.link),
            Column("campaign", _l("监测任务"), "campaign__title", sort="campaign__title,code", width=16, format=cells.clamp),
            Column("point", _l("点位编号"), "point__number", sort="point__number", width=15),
            Column("point_name", _l("点位名称"), width=12, format=cells.clamp),
            Column("role", _l("样品类别"), word("role", SamplingTask.Role.choices), ["role"], width=7),
            Column("medium", _l("介质"), word("medium", Medium.choices), ["medium"], sort="medium", width=6),
            Column("depth", _l("深度（cm）"), depth, ["depth_from_cm", "depth_to_cm"], width=6),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("unit", _l("采样单位"), "unit_name", width=9),
            Column("due", _l("时限"), sort="due", width=8, format=cells.day, type="date"),
            Column("state", _l("状态"), sort="state", width=6, format=cells.chip(TONES)),
            Column("sampled_at", _l("采样时间"), sort="sampled_at", width=9, format=cells.moment, type="datetime"),
            Column("distance_m", _l("距点位（m）"), width=6, numeric=True, format=cells.number, type="number"),
            Column("place_reason", _l("位置说明"), width=12, format=cells.clamp, shown=False),
            Column("sampler", _l("采样人"), width=6),
            Column("dropped_reason", _l("取消原因"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            ChoiceFilter("medium", _l("介质"), choices=Medium.choices),
            ChoiceFilter("role", _l("样品类别"), choices=SamplingTask.Role.choices),
            ChoiceFilter("late", _l("时限"), choices=[("1", _l("逾期未采"))],
                         conditions={"1": lambda on: Q(state=State.PLANNED, due__lt=on)}),
            TOWN,
            DateRangeFilter("due", _l("时限")),
            TextFilter("campaign", _l("监测任务编号"), fields=["campaign__number"]),
        ],
        search=["code", "campaign__title", "campaign__number", "point__number"],
        default_sort="campaign",
        ground=Ground(
            "planned_at", "point", title="code", class_field="state",
            classes=[LegendClass(state, State(state).label, color) for state, color in STATE_COLORS.items()],
        ),
        personal=["sampler"],
        personal_permission="monitoring.read_personal",
        record=records.task,
        page_acts=[PageAct(_l("去采样"), "monitoring:field", "monitoring.sample", icon="camera", primary=True)],
        views=[(_l("逾期未采"), "late=1"), (_l("已采未送检"), "state=sampled")],
        about=_l("每个样品一条：编号、点位、深度、时限与现场记录。样品编号不含点位信息，实验室只见编号。"),
        empty=_l("您的范围内还没有采样任务。在监测任务里选择点位或布设新点以后，会出现在这里。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("采样任务"), "kit:collection", "monitoring.read", order=208, icon="list-task", args=("sampling_tasks",)
)
navigation.register(SECTION, _l("去采样"), "monitoring:field", "monitoring.sample", order=210, icon="camera")
