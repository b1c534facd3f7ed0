"""What kit needs to know of parcels."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import cells, register
from soildesk.kit.faces import Ground
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.register import Column, Register, Row
from soildesk.land.models import ParcelVersion
from soildesk.land.queries import standing


def _mu(row: Row) -> Any:
    return round(row["area_m2"] * 0.0015, 2)


PARCELS = register.add(
    Register(
        name="land.parcels",
        collection="parcels",
        title=_l("地块"),
        permission="land.read",
        queryset=standing.parcels,
        knows_past=True,
        key="parcel__uid",
        columns=[
            Column(
                "number",
                _l("地块编号"),
                "parcel__number",
                sort="parcel__number",
                width=12,
                frozen=True,
                format=cells.link,
            ),
            Column("name", _l("名称"), sort="name", width=16, format=cells.clamp),
            Column("code", _l("外部代码"), sort="code", width=14),
            Column("kind", _l("类别"), width=5),
            Column("use_now", _l("现状用途"), sort="use_now", width=7),
            Column("use_planned", _l("规划用途"), sort="use_planned", width=7),
            Column("holder", _l("使用权人"), width=12),
            Column(
                "area_m2",
                _l("计算面积（m²）"),
                sort="area_m2",
                width=9,
                numeric=True,
                format=cells.number,
                type="number",
            ),
            Column("mu", _l("亩"), _mu, ["area_m2"], width=6, numeric=True, format=cells.number, type="number"),
            Column("since", _l("起"), sort="since", width=7, format=cells.day, type="date"),
            Column("until", _l("止"), width=7, format=cells.day, shown=False, type="date"),
        ],
        filters=[ChoiceFilter("kind", _l("类别"), choices=ParcelVersion.Kind.choices)],
        search=["name", "code", "parcel__number", "location"],
        default_sort="number",
        ground=Ground("geometry", area="area_m2", title="name"),
        personal=["holder"],
        personal_permission="land.read_personal",
        totals={"area_m2": Sum("area_m2")},
        empty=_l("还没有地块。导入自然资源部门的宗地或图斑数据，或逐块登记。"),
    )
)
