"""What kit needs to know of evaluation units."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.farmland import entering
from soildesk.farmland.approvedwords import LEGEND, NO_CLASS, class_cell, class_word, element_names
from soildesk.farmland.models import FarmlandClass, Household, UnitVersion
from soildesk.farmland.mu import to_mu
from soildesk.farmland.queries import units
from soildesk.farmland.register import unitpage
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground
from soildesk.kit.filters import ChoiceFilter, TextFilter
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soildesk.land.queries.choices import towns
from soildesk.land.register import SIZE

V = UnitVersion
SECTION = _l("农用地")
TOWN = ChoiceFilter("town", _l("乡镇（街道）"), field="division_path__startswith", choices=towns)
CLASS_CHOICES = [*FarmlandClass.choices, ("-", NO_CLASS)]
CLASS = ChoiceFilter(
    "class", _l("现行类别"), field="farmland_class", choices=CLASS_CHOICES, conditions={"-": Q(farmland_class="")}
)


def word(field: str, choices: Any) -> Any:
    """The word for a row's value."""
    words = {str(value): label for value, label in choices}
    return lambda row: str(words.get(str(row[field]), row[field] or ""))


def mu(field: str) -> Any:
    """An area of a row in 亩."""
    return lambda row: None if row[field] is None else to_mu(row[field])


def unit_url(row: Row) -> str:
    """The page of a unit."""
    return reverse("kit:record", args=["farmland_units", str(row["unit__uid"])])


def class_column(**more: Any) -> Column:
    """The class as approved, as a chip; in files its word."""
    return Column(
        "class", _l("现行类别"), "farmland_class", sort="farmland_class", width=8, format=class_cell,
        export=lambda value, row: class_word(value or ""), file_name="class", **more,
    )  # fmt: skip


def elements(row: Row) -> str:
    """The controlling elements by name."""
    return element_names(row["controlling"] or "")


def _yes_no(key: str, title: Any) -> Column:
    return Column(key, title, width=6, format=cells.yes_no, shown=False, type="boolean")


def _tilled(on: Any) -> Exists:
    rows = Household.objects.filter(Q(until=None) | Q(until__gt=on), superseded_at=None, since__lte=on)
    return Exists(rows.filter(unit=OuterRef("unit")))


UNKNOWN = {
    "class": (NO_CLASS, Q(farmland_class="")),
    "pollution": (_l("污染程度"), Q(pollution="")),
    "use": (_l("利用方式"), Q(use="")),
    "soil": (_l("土壤类型"), Q(soil_type="")),
    "basic": (_l("是否永久基本农田"), Q(basic_farmland=None)),
    "chief": (_l("田长"), Q(field_chief="", forest_chief="")),
    "households": (_l("没有登记农户"), lambda on: ~Q(_tilled(on))),
}

UNITS = register.add(
    Register(
        name="farmland.units",
        collection="farmland_units",
        title=_l("评价单元"),
        permission="farmland.read",
        queryset=units.units,
        knows_past=True,
        key="unit__uid",
        fields=["unit_id"],
        row_url=unit_url,
        columns=[
            Column("number", _l("单元编号"), "unit__number", sort="unit__number", width=15, frozen=True, format=cells.link),
            Column("name", _l("单元名称"), sort="name", width=15, format=cells.clamp, file_name="name"),
            Column("code", _l("外部代码"), sort="code", width=12, file_name="code"),
            class_column(),
            Column("controlling", _l("控制元素"), elements, ["controlling"], width=7),
            Column("ground", _l("地类"), word("ground", V.Ground.choices), ["ground"], width=5, stored=Stored("ground", V.Ground.choices)),
            Column("use", _l("利用方式"), word("use", V.Use.choices), ["use"], width=6, stored=Stored("use", V.Use.choices)),
            Column("crop", _l("主要作物"), width=6),
            Column("town", _l("乡镇（街道）"), width=7),
            Column("mu", _l("计算面积（亩）"), mu("area_m2"), ["area_m2"], sort="area_m2", width=7, numeric=True, format=cells.number, type="number"),
            Column("area_m2", _l("计算面积（m²）"), width=8, numeric=True, format=cells.number, shown=False, type="number", file_name="area_m2"),
            Column("area_mu", _l("登记面积（亩）"), mu("area_of_record_m2"), ["area_of_record_m2"], width=7, numeric=True, format=cells.number, shown=False, type="number"),
            Column("approved_mu", _l("批准面积（亩）"), mu("approved_m2"), ["approved_m2"], width=7, numeric=True, format=cells.number, shown=False, type="number"),
            Column("class_since", _l("类别生效"), width=7, format=cells.day, type="date"),
            Column("decision", _l("批准文号"), width=11, shown=False),
            Column("pollution", _l("污染程度（详查）"), word("pollution", V.Pollution.choices), ["pollution"], width=6, stored=Stored("pollution", V.Pollution.choices)),
            Column("pollution_source", _l("污染程度依据"), width=12, format=cells.clamp, shown=False),
            _yes_no("basic_farmland", _l("永久基本农田")),
            Column("soil_type", _l("土壤类型"), sort="soil_type", width=7, shown=False),
            Column("topography", _l("地形部位"), width=7, shown=False),
            Column("irrigation", _l("灌溉水源"), width=9, shown=False),
            Column("source", _l("周边污染源"), width=12, format=cells.clamp, shown=False),
            _yes_no("industry_near", _l("周边 2 km 有工矿企业")),
            Column("location", _l("坐落"), width=12, format=cells.clamp, shown=False),
            Column("keeper", _l("责任单位"), "keeper_name", width=8),
            Column("field_chief", _l("田长"), width=6, shown=False),
            Column("forest_chief", _l("林长"), width=6, shown=False),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
            Column("since", _l("起"), sort="since", width=7, format=cells.day, shown=False, type="date"),
            Column("until", _l("止"), width=7, format=cells.day, shown=False, type="date"),
        ],
        filters=[
            CLASS,
            ChoiceFilter("ground", _l("地类"), choices=V.Ground.choices),
            ChoiceFilter("use", _l("利用方式"), choices=V.Use.choices),
            ChoiceFilter("pollution", _l("污染程度（详查）"), choices=V.Pollution.choices),
            TextFilter("crop", _l("主要作物"), fields=["crop"]),
            TextFilter("element", _l("控制元素（代码）"), fields=["controlling"]),
            TextFilter("decision", _l("批准文号"), fields=["decision"]),
            ChoiceFilter("basic", _l("永久基本农田"), choices=[("1", _l("是")), ("0", _l("否"))],
                         conditions={"1": Q(basic_farmland=True), "0": Q(basic_farmland=False)}),
            TOWN,
            SIZE,
            ChoiceFilter("unknown", _l("尚不清楚"), choices=[(key, title) for key, (title, _condition) in UNKNOWN.items()],
                         conditions={key: condition for key, (_title, condition) in UNKNOWN.items()}),
        ],
        search=["name", "code", "unit__number", "location"],
        default_sort="number",
        ground=Ground("geometry", area="area_m2", title="name", class_field="farmland_class", classes=LEGEND),
        writing=entering.UNITS,
        personal=["field_chief", "forest_chief"],
        personal_permission="farmland.read_personal",
        record=unitpage.unit,
        begins=units.first_day,
        page_acts=[
            PageAct(_l("现行类别"), "farmland:classes", "farmland.read", icon="shield-check"),
            PageAct(_l("由地块归并"), "farmland:units_from_parcels", "farmland.keep_units", icon="intersect"),
            PageAct(_l("导入图形"), "kit:gis_import", "farmland.keep_units", icon="cloud-arrow-up"),
        ],
        views=[
            (_l("安全利用类"), "class=safe_use"),
            (_l("严格管控类"), "class=strict"),
            (_l("优先保护类"), "class=priority"),
            (_l("无现行类别"), "class=-"),
            (_l("没有登记农户"), "unknown=households"),
        ],
        totals={"area_m2": Sum("area_m2")},
        about=_l("同质的一片农用地：同一土壤、利用方式、地形和污染来源。现行类别只由省级人民政府的批准文件给出，措施、锁定和安全利用率都按它。"),
        empty=_l("还没有评价单元。先用“导入图形”导入省级类别划分成果的单元图，再到“类别批准文件”登记批准并导入类别清单。"),
    )
)  # fmt: skip


navigation.register(
    SECTION, _l("评价单元"), "kit:collection", "farmland.read", order=481, icon="columns-gap", args=("farmland_units",)
)
