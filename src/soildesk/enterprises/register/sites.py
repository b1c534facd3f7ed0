"""What kit needs to know of the ground enterprises use."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.enterprises import entering
from soildesk.enterprises.models import SiteVersion
from soildesk.enterprises.queries import sites
from soildesk.enterprises.queries.firms import names_of
from soildesk.enterprises.register import records
from soildesk.enterprises.register.enterprises import SECTION, TOWN, word
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, LegendClass
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.register import Column, Register, Stored

Kind = SiteVersion.Kind
COLORS = {
    Kind.PLANT: "#c0392b",
    Kind.STORE: "#e0912f",
    Kind.TREATMENT: "#1f77b4",
    Kind.WASTE: "#8e5ea2",
    Kind.TAILINGS: "#7a6a3a",
    Kind.YARD: "#8c6d46",
    Kind.OTHER: "#7f8c8d",
}


def _add_names(rows: list[dict[str, Any]], actor: Any, on: Any) -> None:
    names = names_of({row["enterprise_id"] for row in rows}, on)
    for row in rows:
        row["_firm"] = names.get(row["enterprise_id"], "")


SITES = register.add(
    Register(
        name="enterprises.sites",
        collection="sites",
        title=_l("企业用地"),
        permission="enterprises.read",
        queryset=sites.sites,
        knows_past=True,
        key="site__uid",
        fields=["enterprise_id"],
        row_url=lambda row: reverse("kit:record", args=["sites", str(row["site__uid"])]),
        enrich=_add_names,
        columns=[
            Column("number", _l("编号"), "site__number", sort="site__number", width=15, frozen=True, format=cells.link),
            Column("name", _l("名称"), sort="name", width=16, format=cells.clamp),
            Column("enterprise", _l("企业编号"), "enterprise__number", sort="enterprise__number", width=13),
            Column("firm", _l("使用单位"), lambda row: row.get("_firm"), ["enterprise_id"], width=16, format=cells.clamp),
            Column("kind", _l("类型"), word("kind", Kind.choices), ["kind"], sort="kind", width=8, stored=Stored("kind", Kind.choices)),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("area_m2", _l("计算面积（m²）"), sort="area_m2", width=9, numeric=True, format=cells.number, type="number"),
            Column("document", _l("依据"), width=16, format=cells.clamp),
            Column("since", _l("起"), sort="since", width=7, format=cells.day, type="date"),
            Column("until", _l("止"), width=7, format=cells.day, type="date"),
        ],
        filters=[ChoiceFilter("kind", _l("类型"), choices=Kind.choices), TOWN],
        search=["name", "site__number", "enterprise__number", "document"],
        default_sort="number",
        ground=Ground(
            "geometry", area="area_m2", title="name", class_field="kind",
            classes=[LegendClass(kind, Kind(kind).label, color) for kind, color in COLORS.items()],
        ),
        writing=entering.SITES,
        record=records.site,
        totals={"area_m2": Sum("area_m2")},
        about=_l("企业使用和使用过的场地：同一块地先后由谁使用，按日期保留，供建设用地地块追溯。"),
        empty=_l("还没有企业用地。导入厂区范围，或在企业页面登记。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("企业用地"), "kit:collection", "enterprises.read", order=304, icon="bounding-box", args=("sites",)
)
