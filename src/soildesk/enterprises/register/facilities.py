"""What kit needs to know of key places and facilities, and of drawings of plants."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.enterprises import facilityentry
from soildesk.enterprises.models import FacilityVersion
from soildesk.enterprises.plantwords import kind_choices, kind_name
from soildesk.enterprises.queries import plants
from soildesk.enterprises.register import plantpages
from soildesk.enterprises.register.enterprises import SECTION, TOWN, word
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground
from soildesk.kit.filters import ChoiceFilter, TextFilter
from soildesk.kit.register import Column, PageAct, Register, Stored

UnitClass = FacilityVersion.UnitClass
FIRM_PATHS = ["enterprise__versions__name", "enterprise__number"]


def _kind(row: dict[str, Any]) -> str:
    return kind_name(row["kind"])


FACILITIES = register.add(
    Register(
        name="enterprises.facilities",
        collection="facilities",
        subject="enterprises.facility",
        title=_l("重点场所和设施设备"),
        permission="enterprises.read_plant",
        queryset=plants.facilities,
        knows_past=True,
        key="facility__uid",
        fields=["enterprise_id"],
        enrich=plants.add_firms,
        record=plantpages.facility,
        columns=[
            Column("number", _l("系统编号"), "facility__number", sort="facility__number", width=15, frozen=True, format=cells.link),
            Column("name", _l("名称"), sort="name", width=14, format=cells.clamp),
            Column("code", _l("企业编号"), sort="code", width=8),
            Column("enterprise", _l("企业登记号"), "enterprise__number", sort="enterprise__number", width=13, shown=False),
            Column("firm", _l("企业"), lambda row: row.get("_firm"), ["enterprise_id"], width=15, format=cells.clamp),
            Column("kind", _l("类型"), _kind, ["kind"], sort="kind", width=12, stored=Stored("kind")),
            Column("area_name", _l("所在区域"), sort="area_name", width=9),
            Column("activity", _l("涉及工业活动"), width=12, format=cells.clamp, shown=False),
            Column("substances", _l("有毒有害物质"), width=12, format=cells.clamp),
            Column("hidden", _l("隐蔽性重点设施设备"), width=8, format=cells.yes_no, type="boolean"),
            Column("unit", _l("监测单元"), width=8),
            Column("unit_class", _l("单元类别"), word("unit_class", UnitClass.choices), ["unit_class"], width=7, stored=Stored("unit_class", UnitClass.choices)),
            Column("underground_tank", _l("地下储罐"), width=6, format=cells.yes_no, type="boolean"),
            Column("tank_type", _l("储罐类型"), width=9, shown=False),
            Column("spec", _l("规格"), width=9, shown=False),
            Column("installed_on", _l("投用日期"), sort="installed_on", width=7, format=cells.day, shown=False, type="date"),
            Column("service_years", _l("设计使用年限"), width=7, numeric=True, shown=False, type="integer"),
            Column("use_state", _l("使用情况"), width=9, shown=False),
            Column("position", _l("位置说明"), width=12, format=cells.clamp, shown=False),
            Column("town", _l("乡镇（街道）"), width=8, shown=False),
            Column("since", _l("起"), sort="since", width=7, format=cells.day, shown=False, type="date"),
            Column("until", _l("止"), width=7, format=cells.day, shown=False, type="date"),
        ],
        filters=[
            TextFilter("firm", _l("企业"), fields=FIRM_PATHS),
            ChoiceFilter("kind", _l("类型"), choices=kind_choices),
            ChoiceFilter("tank", _l("地下储罐"), choices=[("1", _l("是"))], conditions={"1": Q(underground_tank=True)}),
            ChoiceFilter("hidden", _l("隐蔽性"), choices=[("yes", _l("是")), ("no", _l("否")), ("-", _l("未填写"))],
                         conditions={"yes": Q(hidden=True), "no": Q(hidden=False), "-": Q(hidden=None)}),
            ChoiceFilter("unit_class", _l("单元类别"), choices=[*UnitClass.choices, ("-", _l("未填写"))], conditions={"-": Q(unit_class="")}),
            TOWN,
        ],
        search=["name", "code", "facility__number", "area_name", "substances"],
        default_sort="number",
        ground=Ground("geometry", shape="point", title="name", color="#8e5ea2"),
        writing=facilityentry.FACILITIES,
        views=[(_l("地下储罐"), "tank=1"), (_l("隐蔽性重点设施设备"), "hidden=yes")],
        about=_l("重点单位内可能污染土壤和地下水的场所、设施和设备：隐患排查逐处逐项进行，地下储罐的信息按法律报送。"),
        empty=_l("还没有登记设施。下载模板填写后导入，或逐处登记。"),
    )
)  # fmt: skip

PLANS = register.add(
    Register(
        name="enterprises.plans",
        collection="plant_plans",
        title=_l("厂区平面图"),
        permission="enterprises.read_plant",
        queryset=plants.plans,
        enrich=plants.add_firms,
        fields=["enterprise_id"],
        record=plantpages.plan,
        columns=[
            Column("title", _l("名称"), sort="title", width=18, frozen=True, format=cells.link),
            Column("firm", _l("企业"), lambda row: row.get("_firm"), ["enterprise_id"], width=18, format=cells.clamp),
            Column("on", _l("图纸日期"), sort="on", width=8, format=cells.day, type="date"),
        ],
        filters=[TextFilter("firm", _l("企业"), fields=FIRM_PATHS)],
        search=["title"],
        default_sort="-on",
        row_url=lambda row: reverse("enterprises:plan", args=[row["uid"]]),
        page_acts=[PageAct(_l("上传平面图"), "enterprises:plan_new", "enterprises.inspect", icon="upload", primary=True)],
        about=_l("厂区的图纸或扫描件：设施和隐患标在图上。"),
        empty=_l("还没有平面图。上传图片或 PDF 的一页。"),
    )
)  # fmt: skip

navigation.register(
    SECTION,
    _l("重点场所和设施设备"),
    "kit:collection",
    "enterprises.read_plant",
    order=330,
    icon="droplet-half",
    args=("facilities",),
)
navigation.register(
    SECTION, _l("厂区平面图"), "kit:collection", "enterprises.read_plant", order=332, icon="map", args=("plant_plans",)
)
