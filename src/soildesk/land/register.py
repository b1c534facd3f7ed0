"""What kit needs to know of parcels, unused land and patrols."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, LegendClass
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soildesk.land import entering, landuse, recordpages
from soildesk.land.models import ParcelVersion, Patrol, UnusedLandVersion
from soildesk.land.queries import choices, owed, standing

MU = 2000 / 3
"""Square metres."""
SIZES = {
    "s": (_l("1 亩以下"), Q(area_m2__lt=MU)),
    "m": (_l("1 至 10 亩"), Q(area_m2__gte=MU, area_m2__lt=10 * MU)),
    "l": (_l("10 至 100 亩"), Q(area_m2__gte=10 * MU, area_m2__lt=100 * MU)),
    "x": (_l("100 亩及以上"), Q(area_m2__gte=100 * MU)),
}
FOUND_TONES = {
    Patrol.Found.NOTHING: ("good", "check-circle-fill", Patrol.Found.NOTHING.label),
    Patrol.Found.DUMPING: ("warn", "exclamation-triangle-fill", Patrol.Found.DUMPING.label),
    Patrol.Found.POLLUTION: ("bad", "x-circle-fill", Patrol.Found.POLLUTION.label),
    Patrol.Found.OCCUPATION: ("warn", "exclamation-triangle-fill", Patrol.Found.OCCUPATION.label),
    Patrol.Found.OTHER: ("warn", "exclamation-triangle-fill", Patrol.Found.OTHER.label),
}
FOUND_COLORS = {
    Patrol.Found.NOTHING: "#2e8b57",
    Patrol.Found.DUMPING: "#e0912f",
    Patrol.Found.POLLUTION: "#c0392b",
    Patrol.Found.OCCUPATION: "#8e5ea2",
    Patrol.Found.OTHER: "#7f8c8d",
}
UNUSED_COLORS = {
    UnusedLandVersion.Kind.BARE: "#c9b79c",
    UnusedLandVersion.Kind.SAND: "#ecd9a0",
    UnusedLandVersion.Kind.SALINE: "#cfd8dc",
    UnusedLandVersion.Kind.GRASS: "#a9d46e",
    UnusedLandVersion.Kind.SHOAL: "#7fc8c2",
    UnusedLandVersion.Kind.OTHER: "#b0b7b9",
}


def _mu(row: Row) -> Any:
    return round(row["area_m2"] / MU, 2)


def _word(field: str, choices: Any) -> Any:
    words = {str(value): label for value, label in choices}
    return lambda row: str(words.get(str(row[field]), row[field] or ""))


def _use(field: str) -> Any:
    return lambda row: landuse.shown(row["use_system"], row[field])


AREA = Column(
    "area_m2", _l("计算面积（m²）"), sort="area_m2", width=9, numeric=True, format=cells.number, type="number"
)
AREA_MU = Column("mu", _l("亩"), _mu, ["area_m2"], width=6, numeric=True, format=cells.number, type="number")
SINCE = Column("since", _l("起"), sort="since", width=7, format=cells.day, type="date")
FIRST_DAY = replace(SINCE, sort="")  # among a million versions no index serves it without harming every other list
UNTIL = Column("until", _l("止"), width=7, format=cells.day, shown=False, type="date")
TOWN = ChoiceFilter("town", _l("乡镇（街道）"), field="division_path__startswith", choices=choices.towns)
SIZE = ChoiceFilter(
    "size", _l("面积"), choices=[(key, title) for key, (title, _condition) in SIZES.items()],
    conditions={key: condition for key, (_title, condition) in SIZES.items()},
)  # fmt: skip


PARCELS = register.add(
    Register(
        name="land.parcels",
        collection="parcels",
        title=_l("地块"),
        permission="land.read",
        queryset=standing.parcels,
        knows_past=True,
        key="parcel__uid",
        row_url=lambda row: reverse("kit:record", args=["parcels", str(row["parcel__uid"])]),
        columns=[
            Column(
                "number", _l("登记编号"), "parcel__number", sort="parcel__number", width=18, frozen=True,
                format=cells.link,
            ),
            Column("name", _l("名称"), sort="name", width=16, format=cells.clamp),
            Column("code", _l("外部代码"), sort="code", width=17),
            Column("kind", _l("类别"), _word("kind", ParcelVersion.Kind.choices), ["kind"], width=5,
                   stored=Stored("kind", ParcelVersion.Kind.choices)),
            Column("town", _l("乡镇（街道）"), width=8),
            Column(
                "use_now", _l("现状用途"), _use("use_now"), ["use_system", "use_now"], sort="use_now", width=12,
                stored=Stored("use_now", means=landuse.meaning("use_now")),
            ),
            Column(
                "use_planned", _l("规划用途"), _use("use_planned"), ["use_system", "use_planned"],
                sort="use_planned", width=12, stored=Stored("use_planned", means=landuse.meaning("use_planned")),
            ),
            Column("holder", _l("使用权人"), width=12),
            Column(
                "holder_kind", _l("权属性质"), _word("holder_kind", ParcelVersion.HolderKind.choices),
                ["holder_kind"], width=6, shown=False, stored=Stored("holder_kind", ParcelVersion.HolderKind.choices),
            ),
            AREA,
            AREA_MU,
            Column(
                "area_of_record_m2", _l("登记面积（m²）"), width=9, numeric=True, format=cells.number, shown=False,
                type="number",
            ),
            Column("location", _l("坐落"), width=16, format=cells.clamp, shown=False),
            FIRST_DAY,
            UNTIL,
        ],
        filters=[
            ChoiceFilter("kind", _l("类别"), choices=ParcelVersion.Kind.choices),
            TOWN,
            SIZE,
            ChoiceFilter(
                "use", _l("现状用途"), field="use_class",
                choices=[(each.value or "-", each.title) for each in landuse.legend()],
                conditions={"-": Q(use_now="")},
            ),
            TextFilter("planned", _l("规划用途代码"), fields=["use_planned"]),
        ],
        search=["name", "code", "parcel__number", "location"],
        default_sort="number",
        ground=Ground("geometry", area="area_m2", title="name", class_field="use_class", classes=landuse.legend()),
        writing=entering.PARCELS,
        personal=["holder"],
        personal_permission="land.read_personal",
        record=recordpages.parcel,
        begins=standing.first_parcel,
        page_acts=[PageAct(_l("已知情况"), "land:ground", "land.read", icon="layers")],
        totals={"area_m2": Sum("area_m2")},
        about=_l("宗地、图斑与地块：编号不变，内容按日期与登记时间保留，分割合并有沿革。"),
        empty=_l("还没有地块。导入自然资源部门的宗地或图斑数据，或逐块登记。"),
    )
)  # fmt: skip

UNUSED = register.add(
    Register(
        name="land.unused",
        collection="unused_land",
        subject="land.unusedland",
        title=_l("未利用地"),
        permission="land.read",
        queryset=standing.unused_land,
        knows_past=True,
        key="land__uid",
        fields=["land_id", "patrol_every_months"],
        row_url=lambda row: reverse("kit:record", args=["unused_land", str(row["land__uid"])]),
        enrich=owed.add_rounds,
        columns=[
            Column("number", _l("编号"), "land__number", sort="land__number", width=18, frozen=True, format=cells.link),
            Column("name", _l("名称"), sort="name", width=14),
            Column("code", _l("图斑编号"), sort="code", width=10),
            Column("kind", _l("类型"), _word("kind", UnusedLandVersion.Kind.choices), ["kind"], width=6,
                   stored=Stored("kind", UnusedLandVersion.Kind.choices)),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("is_reserve", _l("耕地后备资源"), width=7,
                   format=cells.yes_no, type="boolean"),
            Column("keeper", _l("管护单位"), "keeper_name", width=9, shown=False),
            Column("last_patrol", _l("上次巡查"), lambda row: row.get("_last"), ["land_id"], width=7, format=cells.day, type="date"),
            Column("due", _l("下次应巡"), lambda row: row.get("_due"), ["land_id"], width=8, format=cells.due, type="date"),
            Column("open", _l("未办结发现"), lambda row: row.get("_open"), ["land_id"], width=7, numeric=True,
                   format=cells.number, type="integer"),
            AREA,
            AREA_MU,
            SINCE,
            UNTIL,
        ],
        filters=[
            ChoiceFilter("kind", _l("类型"), choices=UnusedLandVersion.Kind.choices),
            ChoiceFilter("reserve", _l("耕地后备资源"), choices=[("1", _l("是")), ("0", _l("否"))],
                         conditions={"1": Q(is_reserve=True), "0": Q(is_reserve=False)}),
            ChoiceFilter("rounds", _l("巡查"), choices=owed.CHOICES, conditions=owed.CONDITIONS),
            TOWN,
            SIZE,
        ],
        search=["name", "code", "land__number"],
        default_sort="number",
        ground=Ground(
            "geometry", area="area_m2", title="name", class_field="kind",
            classes=[LegendClass(kind, UnusedLandVersion.Kind(kind).label, color) for kind, color in UNUSED_COLORS.items()],
        ),
        writing=entering.UNUSED,
        record=recordpages.unused,
        begins=standing.first_unused,
        page_acts=[PageAct(_l("去巡查"), "land:patrol", "land.patrol", icon="camera", primary=True)],
        views=[(_l("逾期未巡"), "rounds=late"), (_l("有未办结发现"), "rounds=open")],
        totals={"area_m2": Sum("area_m2")},
        about=_l("未利用地及耕地后备资源，定期巡查，发现的问题留待办结。"),
        empty=_l("还没有未利用地。从国土变更调查的图斑中导入裸地、沙地、盐碱地等，或逐块登记。"),
    )
)  # fmt: skip


def _land_url(row: Row) -> str:
    return reverse("kit:record", args=["patrols", str(row["uid"])])


def add_land_names(rows: list[Row], actor: Actor, on: date) -> None:
    """What the land of each patrol is called."""
    names = UnusedLandVersion.objects.visible_to(actor).filter(superseded_at=None).order_by("since")
    known = dict(names.filter(land__in=[row["land_id"] for row in rows]).values_list("land_id", "name"))
    for row in rows:
        row["_land"] = known.get(row["land_id"], "")


PATROLS = register.add(
    Register(
        name="land.patrols",
        collection="patrols",
        title=_l("巡查记录"),
        permission="land.read",
        queryset=standing.patrols,
        knows_past=True,
        fields=["land_id"],
        row_url=_land_url,
        enrich=add_land_names,
        columns=[
            Column("on", _l("巡查日期"), sort="on,id", width=7, frozen=True, format=cells.link, type="date"),
            Column("number", _l("未利用地"), "land__number", sort="land__number", width=12),
            Column("land", _l("名称"), lambda row: row.get("_land"), ["land_id"], width=12),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("found", _l("发现"), sort="found", width=8, format=cells.chip(FOUND_TONES)),
            Column("note", _l("情况说明"), width=20, format=cells.clamp),
            Column("action", _l("已采取措施"), width=16, format=cells.clamp),
            Column("closed_on", _l("办结日期"), sort="closed_on", width=7, format=cells.day, type="date"),
            Column("by", _l("巡查人"), "by__name", width=6),
        ],
        filters=[
            ChoiceFilter("found", _l("发现"), choices=Patrol.Found.choices),
            ChoiceFilter("state", _l("办理"), choices=[("open", _l("未办结")), ("closed", _l("已办结"))],
                         conditions={"open": owed.is_open, "closed": lambda on: Q(closed_on__lte=on)}),
            DateRangeFilter("on", _l("巡查日期")),
            TOWN,
        ],
        search=["land__number", "note", "action"],
        default_sort="-on",
        ground=Ground(
            "point", "point", title="land__number", class_field="found",
            classes=[LegendClass(found, Patrol.Found(found).label, color) for found, color in FOUND_COLORS.items()],
        ),
        personal=["by"],
        personal_permission="land.read_personal",
        record=recordpages.patrol,
        begins=standing.first_patrol,
        page_acts=[PageAct(_l("去巡查"), "land:patrol", "land.patrol", icon="camera", primary=True)],
        views=[(_l("未办结的发现"), "state=open")],
        about=_l("对未利用地的每一次巡查：日期、位置、照片、发现与处置。"),
        empty=_l("还没有巡查记录。到现场后用手机打开“去巡查”登记。"),
    )
)  # fmt: skip

SECTION = _l("一张图")
navigation.register(SECTION, _l("地块"), "kit:collection", "land.read", order=155, icon="pentagon", args=("parcels",))
navigation.register(SECTION, _l("导入图形数据"), "kit:gis_import", "land.keep_unused", order=160, icon="cloud-arrow-up")
navigation.register(SECTION, _l("图层"), "land:layers", "land.read", order=160, icon="layers")
navigation.register(
    SECTION, _l("未利用地"), "kit:collection", "land.read", order=165, icon="compass", args=("unused_land",)
)
navigation.register(SECTION, _l("巡查记录"), "kit:collection", "land.read", order=170, icon="camera", args=("patrols",))
navigation.register(SECTION, _l("叠加分析"), "kit:overlay", "land.read", order=170, icon="intersect")
navigation.register(SECTION, _l("已知情况"), "land:ground", "land.read", order=175, icon="search")
