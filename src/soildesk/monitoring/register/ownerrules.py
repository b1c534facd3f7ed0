"""What kit needs to know of local rules of owners."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import cells, navigation, register
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.register import Column, PageAct, Register
from soildesk.monitoring.models import Medium, OwnerRule
from soildesk.monitoring.queries import ownerrules
from soildesk.monitoring.register.points import SECTION, word
from soilrules.monitoring.owners import Land

LANDS = {
    Land.CULTIVATED.value: _l("耕地"),
    Land.CONSTRUCTION.value: _l("建设用地"),
    Land.SURROUNDINGS.value: _l("企业、园区周边"),
    Land.OTHER.value: _l("其他"),
}


def _media(row: Any) -> str:
    return "、".join(str(Medium(one).label) for one in row["media"])


def _lands(row: Any) -> str:
    return "、".join(str(LANDS[one]) for one in row["lands"]) or _("不限")


RULES = register.add(
    Register(
        name="monitoring.ownerrules",
        collection="ownerrules",
        title=_l("预警属地规则"),
        permission="monitoring.read",
        queryset=ownerrules.rules,
        row_url=lambda row: reverse("monitoring:owner_rule", args=[row["uid"]]),
        columns=[
            Column("source", _l("依据"), sort="source", width=26, frozen=True, format=cells.link),
            Column("place", _l("行政区"), width=9),
            Column("media", _l("介质"), _media, ["media"], width=14),
            Column("lands", _l("用地"), _lands, ["lands"], width=12),
            Column("leads", _l("牵头单位"), "leads_name", width=12),
            Column("force", _l("效力"), word("force", OwnerRule.Force.choices), ["force"], width=9),
            Column("since", _l("起"), sort="since", width=7, format=cells.day, type="date"),
            Column("until", _l("止"), sort="until", width=7, format=cells.day, type="date"),
        ],
        filters=[
            ChoiceFilter("held", _l("是否有效"), choices=[("yes", _l("未终止")), ("no", _l("已终止"))],
                         conditions={"yes": Q(until=None), "no": ~Q(until=None)}),
        ],
        search=["source"],
        default_sort="-since",
        page_acts=[PageAct(_l("登记属地规则"), "monitoring:owner_rule_new", "monitoring.keep_owners", primary=True)],
        about=_l("本地的预警由谁牵头处置。先按这里的规则，没有的再按一般分工；都没有的，预警写明责任部门未定，由立案单位负责指定。"),
        empty=_l("还没有属地规则。按本地方案登记：哪种介质、哪类用地，由谁牵头，依据哪份文件。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("预警属地规则"), "kit:collection", "monitoring.read", order=246, icon="people", args=("ownerrules",)
)
