"""What kit needs to know of enterprises."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.enterprises import entering
from soildesk.enterprises.models import EnterpriseVersion
from soildesk.enterprises.queries import firms
from soildesk.enterprises.register import records
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, LegendClass
from soildesk.kit.filters import ChoiceFilter, TextFilter
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soildesk.land.queries import choices

State = EnterpriseVersion.State
PermitLevel, PermitState = EnterpriseVersion.PermitLevel, EnterpriseVersion.PermitState
STATES = {
    State.OPERATING: ("good", "check-circle-fill", State.OPERATING.label),
    State.SUSPENDED: ("warn", "dash-circle", State.SUSPENDED.label),
    State.CLOSED: ("calm", "circle", State.CLOSED.label),
    State.RELOCATED: ("calm", "circle", State.RELOCATED.label),
    State.BANKRUPT: ("calm", "circle", State.BANKRUPT.label),
    State.DEREGISTERED: ("calm", "slash-circle", State.DEREGISTERED.label),
}
COLORS = {
    State.OPERATING: "#1f77b4",
    State.SUSPENDED: "#e0912f",
    State.CLOSED: "#7a6a3a",
    State.RELOCATED: "#8e5ea2",
    State.BANKRUPT: "#8c6d46",
    State.DEREGISTERED: "#7f8c8d",
}


def word(field: str, choices: Any) -> Any:
    """The word for a row's value."""
    words = {str(value): label for value, label in choices}
    return lambda row: str(words.get(str(row[field]), row[field] or ""))


def _towns(actor: Any, on: date) -> list[tuple[str, Any]]:
    return [*choices.towns(actor, on), ("-", _l("未落到乡镇（街道）"))]


TOWN = ChoiceFilter(
    "town", _l("乡镇（街道）"), field="division_path__startswith", choices=_towns,
    conditions={"-": Q(division_path__regex=r"^([^/]+/){1,3}$")},
)  # fmt: skip


def _industry(row: Row) -> str:
    return firms.industry_name(row["industry"])


def _known(key: str, title: Any, width: int = 6) -> Column:
    """A fact that is yes, no or not known; left to whom chooses it."""
    return Column(key, title, width=width, format=cells.yes_no, shown=False, type="boolean")


FIRMS = register.add(
    Register(
        name="enterprises.enterprises",
        collection="enterprises",
        title=_l("企业"),
        permission="enterprises.read",
        queryset=firms.enterprises,
        knows_past=True,
        key="enterprise__uid",
        fields=["enterprise_id"],
        row_url=lambda row: reverse("kit:record", args=["enterprises", str(row["enterprise__uid"])]),
        enrich=firms.add_lists,
        columns=[
            Column("number", _l("编号"), "enterprise__number", sort="enterprise__number", width=15, frozen=True, format=cells.link),
            Column("name", _l("单位名称"), sort="name", width=16, format=cells.clamp),
            Column("former_names", _l("曾用名"), width=12, shown=False, format=cells.clamp),
            Column("credit_code", _l("统一社会信用代码"), sort="credit_code", width=15),
            Column("industry", _l("行业"), _industry, ["industry"], sort="industry", width=13, format=cells.clamp, stored=Stored("industry")),
            Column("state", _l("生产状态"), width=7, format=cells.chip(STATES), sort="state", export=lambda value, row: str(State(value).label)),
            Column("lists", _l("名录"), lambda row: row.get("_lists"), ["enterprise_id"], width=16, format=cells.names,
                   export=lambda value, row: "、".join(value or ())),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("park", _l("所在园区"), sort="park", width=10),
            Column("permit_number", _l("排污许可证编号"), width=14, shown=False),
            Column("permit_level", _l("排污许可管理类别"), word("permit_level", PermitLevel.choices), ["permit_level"], sort="permit_level", width=7,
                   stored=Stored("permit_level", PermitLevel.choices)),
            Column("permit_state", _l("许可证状态"), word("permit_state", PermitState.choices), ["permit_state"], width=6, shown=False,
                   stored=Stored("permit_state", PermitState.choices)),
            Column("permit_until", _l("许可证有效期至"), sort="permit_until", width=7, format=cells.day, shown=False, type="date"),
            Column("address", _l("地址"), width=16, format=cells.clamp, shown=False),
            *(_known(key, title) for key, title in firms.UNKNOWN_CHOICES),
            Column("legal_person", _l("法定代表人"), width=7, shown=False),
            Column("contact_name", _l("联系人"), width=7),
            Column("contact_phone", _l("联系电话"), width=9, shown=False),
            Column("note", _l("备注"), width=14, format=cells.clamp, shown=False),
            Column("since", _l("起"), sort="since", width=7, format=cells.day, shown=False, type="date"),
            Column("until", _l("止"), width=7, format=cells.day, shown=False, type="date"),
        ],
        filters=[
            ChoiceFilter("list", _l("名录"), choices=firms.ON_LISTS, conditions=firms.ON_LISTS_CONDITIONS),
            ChoiceFilter("state", _l("生产状态"), choices=State.choices),
            ChoiceFilter("industry", _l("行业"), choices=firms.INDUSTRY_CHOICES, conditions=firms.INDUSTRY_CONDITIONS),
            TextFilter("park", _l("园区"), fields=["park"]),
            ChoiceFilter("permit_level", _l("排污许可管理类别"), choices=[*PermitLevel.choices, ("-", _l("未填写"))],
                         conditions={"-": Q(permit_level="")}),
            TOWN,
            ChoiceFilter("unknown", _l("尚不清楚"), choices=firms.UNKNOWN_CHOICES, conditions=firms.UNKNOWN_CONDITIONS),
        ],
        search=["name", "former_names", "credit_code", "enterprise__number", "permit_number"],
        default_sort="number",
        ground=Ground(
            "geometry", "point", title="name", class_field="state",
            classes=[LegendClass(state, State(state).label, color) for state, color in COLORS.items()],
        ),
        writing=entering.FIRMS,
        personal=["legal_person", "contact_name", "contact_phone"],
        personal_permission="enterprises.read_personal",
        record=records.enterprise,
        page_acts=[
            PageAct(_l("名录"), "enterprises:lists", "enterprises.read", icon="list-task"),
            PageAct(
                _l("与平台比对"), "kit:import_new", "enterprises.keep", icon="intersect", args=("enterprises.compare",)
            ),
        ],
        views=[(_l("在产且在土壤名录"), "list=soil_key&state=operating"), (_l("许可类别未填写"), "permit_level=-")],
        about=_l("企业以统一社会信用代码识别；名录由有权机关确定，本级登记文件。是否涉及某事项未填写的，作“不清楚”处理，不当作“否”。"),
        empty=_l("还没有企业。导入排污许可平台或市级下发的企业表，或逐家登记。"),
    )
)  # fmt: skip

SECTION = _l("重点单位")
navigation.register(
    SECTION, _l("企业"), "kit:collection", "enterprises.read", order=300, icon="building", args=("enterprises",)
)
