"""What kit needs to know of warnings. The public sees none."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, LegendClass
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.register import Column, Register, Row
from soildesk.monitoring.models import Alert, Medium
from soildesk.monitoring.queries import alerts
from soildesk.monitoring.queries.results import campaign_choices
from soildesk.monitoring.register import alertpages
from soildesk.monitoring.register.points import SECTION, TOWN, word
from soildesk.monitoring.register.records import analyte_name


def _due(value: Any, row: Row) -> str:
    """The term; past it with how many days, for a warning that is not over."""
    if not row.get("_late"):
        return cells.day(value, row)
    return f"{cells.day(value, row)} {cells.chip_html('bad', 'exclamation-triangle-fill', _late(row))}"


def _late(row: Row) -> str:
    return _("逾期 %(n)d 天") % {"n": row["_late"]}


def _add_lateness(rows: list[dict[str, Any]], actor: Actor, on: date) -> None:
    for row in rows:
        row["_late"] = alertpages.days_late(row["state"], row["due"], on)


COLORS = {Alert.Level.ALARM: "#c0392b", Alert.Level.WARNING: "#e0912f", Alert.Level.NOTICE: "#3a78a6"}
LIVE = Q(state__in=Alert.LIVE)

ALERTS = register.add(
    Register(
        name="monitoring.alerts",
        collection="alerts",
        title=_l("预警"),
        permission="monitoring.read",
        queryset=alerts.alerts,
        enrich=_add_lateness,
        fields=["due", "state"],
        record=alertpages.alert,
        columns=[
            Column("number", _l("编号"), sort="number", width=15, frozen=True, format=cells.link),
            Column("title", _l("事项"), sort="title", width=20, format=cells.clamp),
            Column("level", _l("等级"), sort="level", width=6, format=cells.chip(alertpages.LEVELS)),
            Column("state", _l("状态"), sort="state", width=8, format=cells.chip(alertpages.STATES)),
            Column("tier", _l("层级"), word("tier", Alert.Tier.choices), ["tier"], width=5),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("medium", _l("介质"), word("medium", Medium.choices), ["medium"], width=6),
            Column("analyte", _l("分析项目"), lambda row: analyte_name(row["analyte"]), ["analyte"], width=8),
            Column("owner", _l("处置单位"), lambda row: row["owner_name"] or _("责任部门未定"), ["owner_name"], width=9),
            Column("opened_on", _l("预警日期"), sort="opened_on", width=7, format=cells.day, type="date"),
            Column("due", _l("时限"), sort="due", width=9, format=_due, type="date"),
            Column("closed_on", _l("销号日期"), sort="closed_on", width=7, format=cells.day, type="date", shown=False),
            Column("point", _l("点位"), "point__number", width=12, shown=False),
            Column("campaign", _l("监测任务"), "campaign__title", width=14, format=cells.clamp, shown=False),
        ],
        filters=[
            ChoiceFilter("late", _l("逾期"), choices=[("1", _l("逾期未销号"))],
                         conditions={"1": lambda on: LIVE & Q(due__lt=on)}),
            ChoiceFilter("live", _l("是否销号"), choices=[("yes", _l("未销号")), ("no", _l("已销号或并入"))],
                         conditions={"yes": LIVE, "no": ~LIVE}),
            ChoiceFilter("state", _l("状态"), choices=Alert.State.choices),
            ChoiceFilter("level", _l("等级"), choices=Alert.Level.choices),
            ChoiceFilter("tier", _l("层级"), choices=Alert.Tier.choices),
            ChoiceFilter("medium", _l("介质"), choices=Medium.choices),
            ChoiceFilter("owner", _l("处置单位"), choices=[("none", _l("未指定")), ("some", _l("已指定"))],
                         conditions={"none": Q(owner=None), "some": ~Q(owner=None)}),
            TOWN,
            ChoiceFilter("campaign", _l("监测任务"), field="campaign__number", choices=campaign_choices),
            DateRangeFilter("opened_on", _l("预警日期")),
            DateRangeFilter("due", _l("时限")),
        ],
        search=["title", "number", "point__number", "analyte"],
        default_sort="-opened_on",
        ground=Ground(
            "geometry", shape="point", title="title", class_field="level",
            classes=[LegendClass(one.value, one.label, COLORS[one]) for one in (Alert.Level.ALARM, Alert.Level.WARNING, Alert.Level.NOTICE)],
        ),
        views=[
            (_l("未销号"), "live=yes"), (_l("逾期未销号"), "late=1"), (_l("警报"), "live=yes&level=alarm"), (_l("没有处置单位"), "live=yes&owner=none"),
            (_l("待审核销号"), "state=answered"), (_l("已上报市级、省级"), "live=yes&tier=city&tier=province"),
        ],
        about=_l("评价之后生成的预警：谁处置、何时、做了什么、怎样销号。每一事件一条，只能由办理结束。"),
        empty=_l("您的范围内没有预警。批次接收并评价之后，超标或异常变化会在这里出现。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("评价结果"), "monitoring:verdicts_by_campaign", "monitoring.read", order=228, icon="shield-check"
)
navigation.register(SECTION, _l("预警"), "kit:collection", "monitoring.read", order=240, icon="bell", args=("alerts",))
