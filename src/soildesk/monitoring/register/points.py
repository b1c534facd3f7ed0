"""What kit needs to know of monitoring points."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, LegendClass, Public
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.register import Column, PageAct, Register, Row
from soildesk.land.queries import choices
from soildesk.monitoring import entering
from soildesk.monitoring.models import Medium, PointVersion
from soildesk.monitoring.queries import duedays, network
from soildesk.monitoring.register import records

Kind = PointVersion.Kind
KIND_COLORS = {
    Kind.BASELINE: "#1f77b4",
    Kind.RISK: "#c0392b",
    Kind.BACKGROUND: "#2e8b57",
    Kind.ROUTINE: "#e0912f",
    Kind.SELF: "#8e5ea2",
    Kind.PERIMETER: "#d35f8d",
    Kind.EFFECT: "#3a9ca6",
    Kind.JOINT: "#7a6a3a",
    Kind.SPECIAL: "#6b7784",
}


def word(field: str, choices: Any) -> Any:
    """The word for a row's value."""
    words = {str(value): label for value, label in choices}
    return lambda row: str(words.get(str(row[field]), row[field] or ""))


def depth(row: Row) -> str:
    """From where to where, in centimetres."""
    top, bottom = row["depth_from_cm"], row["depth_to_cm"]
    if top is None and bottom is None:
        return ""
    return f"{'' if top is None else top}–{'' if bottom is None else bottom}"


def due(value: Any, row: Row) -> str:
    """The day a point is due; where that cannot be said, so, with why. The reason stands in the tooltip and in its own column."""
    if value or not row.get("_unsaid"):
        return cells.due(value, row)
    if row["_late"]:
        return cells.chip_html("bad", "exclamation-triangle-fill", _("逾期"), row["_why"])
    return cells.chip_html("unknown", "question-octagon", _("无法判断"), row["_why"])


def _towns(actor: Any, on: date) -> list[tuple[str, Any]]:
    return [*choices.towns(actor, on), ("-", _l("未落到乡镇（街道）"))]


TOWN = ChoiceFilter(
    "town", _l("乡镇（街道）"), field="division_path__startswith", choices=_towns,
    conditions={"-": Q(division_path__regex=r"^([^/]+/){1,3}$")},
)  # fmt: skip

POINTS = register.add(
    Register(
        name="monitoring.points",
        collection="points",
        title=_l("监测点位"),
        permission="monitoring.read",
        queryset=network.points,
        knows_past=True,
        key="point__uid",
        row_url=lambda row: reverse("kit:record", args=["points", str(row["point__uid"])]),
        enrich=lambda rows, actor, on: network.add_rounds(rows, actor, on) if actor is not None else None,
        columns=[
            Column("number", _l("编号"), "point__number", sort="point__number", width=15, frozen=True, format=cells.link),
            Column("name", _l("名称"), sort="name", width=14, format=cells.clamp),
            Column("code", _l("外部代码"), sort="code", width=10, shown=False),
            Column("level", _l("级别"), word("level", PointVersion.Level.choices), ["level"], sort="level", width=5),
            Column("kind", _l("点位类型"), word("kind", Kind.choices), ["kind"], sort="kind", width=8),
            Column("medium", _l("介质"), word("medium", Medium.choices), ["medium"], sort="medium", width=6),
            Column("depth", _l("深度（cm）"), depth, ["depth_from_cm", "depth_to_cm"], width=6),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("standard", _l("评价标准"), word("standard", entering.STANDARDS), ["standard"], width=8, shown=False),
            Column("use", _l("评价用途"), word("use", entering.USES), ["use"], width=10, shown=False),
            Column("crop", _l("作物"), width=6, shown=False),
            Column("frequency", _l("周期（月）"), "frequency_months", width=5, numeric=True, format=cells.number, type="integer"),
            Column("last", _l("上次采样"), lambda row: row.get("_last"), ["point_id"], width=7, format=cells.day, type="date"),
            Column("due", _l("下次应采"), lambda row: row.get("_due"), list(duedays.FIELDS), width=8, format=due, type="date"),
            Column("due_why", _l("应采依据"), lambda row: row.get("_why", ""), list(duedays.FIELDS), width=16, format=cells.clamp, shown=False),
            Column("keeper", _l("负责单位"), "keeper_name", width=8),
            Column("unit_class", _l("监测单元类别"), word("unit_class", PointVersion.UnitClass.choices), ["unit_class"], width=8, shown=False),
            Column("layer", _l("土壤层位"), word("layer", PointVersion.Layer.choices), ["layer"], width=6, shown=False),
            Column("near_sensitive", _l("临近地下水环境敏感区"), word("near_sensitive", PointVersion.YesNo.choices), ["near_sensitive"], width=8, shown=False),
            Column("control", _l("对照点"), word("control", PointVersion.YesNo.choices), ["control"], width=6, shown=False),
            Column("source", _l("关联污染源"), width=10, shown=False),
            Column("source_code", _l("关联污染源代码"), sort="source_code", width=10, shown=False),
            Column("openness", _l("公开程度"), word("openness", PointVersion.Openness.choices), ["openness"], width=8, shown=False),
            Column("since", _l("起"), sort="since", width=7, format=cells.day, shown=False, type="date"),
            Column("until", _l("止"), width=7, format=cells.day, shown=False, type="date"),
        ],
        filters=[
            ChoiceFilter("level", _l("级别"), choices=PointVersion.Level.choices),
            ChoiceFilter("kind", _l("点位类型"), choices=Kind.choices),
            ChoiceFilter("medium", _l("介质"), choices=Medium.choices),
            TOWN,
            ChoiceFilter("due", _l("采样"), choices=network.ROUND_CHOICES, conditions=network.ROUND_CONDITIONS),
            ChoiceFilter("unit_class", _l("监测单元类别"), choices=[*PointVersion.UnitClass.choices, ("-", _l("未说明"))], conditions={"-": Q(unit_class="")}),
            ChoiceFilter("openness", _l("公开程度"), choices=PointVersion.Openness.choices),
        ],
        search=["name", "code", "point__number", "source", "source_code"],
        default_sort="number",
        ground=Ground(
            "geometry", "point", title="name", class_field="kind",
            classes=[LegendClass(kind, Kind(kind).label, color) for kind, color in KIND_COLORS.items()],
        ),
        writing=entering.POINTS,
        public=Public(network.public_points, ["number", "name", "level", "kind", "medium", "openness"]),
        record=records.point,
        page_acts=[
            PageAct(_l("点位分析"), "monitoring:network", "monitoring.read", icon="columns-gap"),
            PageAct(_l("去采样"), "monitoring:field", "monitoring.sample", icon="camera"),
        ],
        views=[(_l("逾期未采"), "due=late"), (_l("从未采样"), "due=never")],
        about=_l("监测点位：级别、类型、介质、深度与位置按日期保留。公众只看到公开的位置，或 1 公里网格（高斯—克吕格 3 度带整公里）的中心。"),
        empty=_l("还没有监测点位。导入国家、省点位清单，或逐个登记。"),
    )
)  # fmt: skip

SECTION = _l("监测")
navigation.register(
    SECTION, _l("监测点位"), "kit:collection", "monitoring.read", order=200, icon="geo-alt", args=("points",)
)
navigation.register(SECTION, _l("点位分析"), "monitoring:network", "monitoring.read", order=202, icon="columns-gap")
