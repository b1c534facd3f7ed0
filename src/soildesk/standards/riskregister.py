"""What kit needs to know of risk assessment: the register of sites and its place in the navigation."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import cells, navigation, register
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.register import Column, PageAct, Register
from soildesk.standards.models import RiskRun
from soildesk.standards.queries import risk as queries

SECTION = _l("标准与判定")
OUTCOMES = {
    RiskRun.Outcome.UNACCEPTABLE: ("bad", "x-circle-fill", RiskRun.Outcome.UNACCEPTABLE.label),
    RiskRun.Outcome.UNKNOWN: ("unknown", "question-octagon", RiskRun.Outcome.UNKNOWN.label),
    RiskRun.Outcome.ACCEPTABLE: ("good", "check-circle-fill", RiskRun.Outcome.ACCEPTABLE.label),
}
CLASSES = {1: _l("第一类"), 2: _l("第二类")}

SITES = register.add(
    Register(
        name="standards.risk_sites",
        title=_l("风险评估"),
        permission="standards.read",
        queryset=queries.sites,
        columns=[
            Column("name", _l("地块"), sort="name", width=18, frozen=True, format=cells.link),
            Column("place", _l("地区"), "division__name", sort="division_path", width=8),
            Column("planned_use", _l("规划用途"), sort="planned_use", width=12, format=cells.clamp),
            Column("former_use", _l("曾经用途"), sort="former_use", width=12, format=cells.clamp, shown=False),
            Column(
                "outcome",
                _l("最近结论"),
                "last_outcome",
                sort="last_outcome",
                width=10,
                format=cells.chip(OUTCOMES),
                export=lambda value, row: str(OUTCOMES[value][2]) if value else "",
            ),
            Column(
                "land_class",
                _l("用地类别"),
                lambda row: CLASSES.get(row["last_land_class"], ""),
                ("last_land_class",),
                sort="last_land_class",
                width=6,
            ),
            Column("runs", _l("评估次数"), "run_count", sort="run_count", width=5, numeric=True, format=cells.number),
            Column("at", _l("最近评估"), "last_at", sort="last_at", width=9, format=cells.moment),
            Column("unit", _l("评估单位"), "owner_department__name", sort="owner_department__name", width=12),
        ],
        filters=[
            ChoiceFilter("outcome", _l("最近结论"), "last_outcome", choices=RiskRun.Outcome.choices),
            ChoiceFilter("place", _l("地区"), "division__code", choices=queries.places),
        ],
        search=["name", "address", "planned_use", "former_use"],
        row_url=lambda row: reverse("standards:risk_site", args=[row["uid"]]),
        page_acts=[PageAct(_l("新建地块"), "standards:risk_new", "standards.assess_risk", primary=True)],
        default_sort="name",
        empty=_l("还没有开展风险评估的地块。点“新建地块”，填写用地类别和污染物浓度，即可看到各暴露途径的风险。"),
    )
)

navigation.register(
    SECTION, _l("风险评估"), "standards:risk_sites", "standards.read", order=720, icon="diagram-3", key="r"
)
