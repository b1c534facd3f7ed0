"""What kit needs to know of risk assessment: the register of sites and its place in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _l

from soildesk.kit import cells, navigation, register
from soildesk.kit.register import Column, Register
from soildesk.standards.models import RiskSite

SECTION = _l("标准与判定")

SITES = register.add(
    Register(
        name="standards.risk_sites",
        title=_l("风险评估"),
        permission="standards.read",
        queryset=lambda actor, on: RiskSite.objects.visible_to(actor),
        columns=[
            Column("name", _l("地块"), sort="name", width=18, frozen=True),
            Column("place", _l("地区"), "division__name", sort="division_path", width=8),
            Column("planned_use", _l("规划用途"), sort="planned_use", width=12, format=cells.clamp),
        ],
        search=["name", "address", "planned_use"],
        default_sort="name",
        empty=_l("还没有开展风险评估的地块。"),
    )
)

navigation.register(
    SECTION, _l("风险评估"), "standards:risk_sites", "standards.read", order=720, icon="diagram-3", key="r"
)
