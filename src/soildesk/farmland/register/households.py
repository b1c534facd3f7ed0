"""What kit needs to know of households: internal data, kept by towns."""

from __future__ import annotations

from datetime import date

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor, NotAllowed, require
from soildesk.farmland import entering
from soildesk.farmland.models import Household
from soildesk.farmland.queries import units
from soildesk.farmland.register.units import CLASS, SECTION, TOWN, class_column, mu
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.parts import Act, Event
from soildesk.kit.register import Column, PageAct, Register, Row


def household(actor: Actor, row: Row, on: date) -> RecordPage:
    """A household: the unit it tills, what was told of it before."""
    found = Household.objects.select_related("unit", "recorded_by").get(pk=row["pk"])
    stopped = ""
    try:
        require(actor, "farmland.keep_households", found)
    except NotAllowed as refusal:
        stopped = refusal.sentence
    url = reverse("kit:record", args=["farmland_units", str(found.unit.uid)])
    return RecordPage(
        acts=[
            Act(_("停止耕种"), reverse("farmland:household_end", args=[found.uid]), "slash-circle", danger=True, stopped_by=stopped)
        ],
        history=[Event(found.recorded_at, found.recorded_by.name if found.recorded_by else "", _("登记农户"), found.note)],
        related=[(_("评价单元 %(number)s") % {"number": found.unit.number}, url)],
    )  # fmt: skip


HOUSEHOLDS = register.add(
    Register(
        name="farmland.households",
        collection="farmland_households",
        title=_l("农户（落地到户）"),
        permission="farmland.read_personal",
        queryset=units.households,
        knows_past=True,
        columns=[
            Column("head", _l("户主"), sort="head", width=7, frozen=True, format=cells.link),
            Column("unit", _l("单元编号"), "unit__number", sort="unit__number", width=14),
            Column("unit_name", _l("单元名称"), width=14, format=cells.clamp),
            Column("unit_code", _l("外部代码"), width=11, shown=False),
            class_column(),
            Column("town", _l("乡镇（街道）"), width=7),
            Column("area_mu", _l("面积（亩）"), mu("area_m2"), ["area_m2"], sort="area_m2", width=6, numeric=True, format=cells.number, type="number"),
            Column("area_m2", _l("面积（m²）"), width=7, numeric=True, format=cells.number, shown=False, type="number"),
            Column("phone", _l("联系电话"), width=8),
            Column("contract", _l("承包合同编号"), width=12),
            Column("transferee", _l("流转受让方"), width=12, format=cells.clamp),
            Column("since", _l("起"), sort="since", width=7, format=cells.day, type="date"),
            Column("until", _l("止"), width=7, format=cells.day, shown=False, type="date"),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[
            CLASS,
            TOWN,
            ChoiceFilter("transferred", _l("是否流转"), choices=[("1", _l("已流转")), ("0", _l("未流转"))],
                         conditions={"1": ~units.NO_TRANSFER, "0": units.NO_TRANSFER}),
        ],
        search=["head", "unit__number", "unit_name", "unit_code", "contract", "transferee"],
        default_sort="unit",
        writing=entering.HOUSEHOLDS,
        personal=["head", "phone"],
        personal_permission="farmland.read_personal",
        record=household,
        page_acts=[PageAct(_l("落地到户清单（Excel）"), "farmland:class_list", "farmland.read_personal", icon="file-earmark-excel")],
        totals={"area_m2": Sum("area_m2")},
        about=_l("耕种评价单元的农户，由镇街登记维护，属内部数据，不公开。土地流转的，受让方承担土壤污染防治义务。"),
        empty=_l("还没有登记农户。请镇街下载模板，按单元填写户主、面积和合同编号后导入。"),
    )
)  # fmt: skip


navigation.register(
    SECTION, _l("农户（落地到户）"), "kit:collection", "farmland.read_personal", order=484, icon="people", args=("farmland_households",)
)  # fmt: skip
