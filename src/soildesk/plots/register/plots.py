"""What kit needs to know of construction-land plots."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, LegendClass
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soildesk.land import landuse
from soildesk.plots import entering
from soildesk.plots.models import PlotStage, PlotVersion
from soildesk.plots.queries import plots, stages
from soildesk.plots.register import records
from soildesk.plots.words import (
    BETWEEN,
    FREED,
    LIST_CHOICES,
    LIST_TAGS,
    NO_STAGE,
    STAGE_COLORS,
    Stage,
    list_name,
    list_names,
    stage_look,
    stage_word,
)
from soilrules.plots.lists import ListKey
from soilrules.plots.screening import freed_by

V = PlotVersion
SECTION = _l("建设用地")
STAGE_CHOICES = [(stage, lazy(stage_word, str)(stage)) for stage in Stage]
TOWN = ChoiceFilter("town", _l("乡镇（街道）"), field="division_path__startswith", choices=plots.towns)
LEGEND = [LegendClass(stage, Stage(stage).label if stage else NO_STAGE, color) for stage, color in STAGE_COLORS.items()]


def word(field: str, choices: Any) -> Any:
    """The word for a row's value."""
    words = {str(value): label for value, label in choices}
    return lambda row: str(words.get(str(row[field]), row[field] or ""))


def stage_cell(value: Any, row: Row) -> str:
    """The stage as a chip."""
    tone, icon = stage_look(value or "")
    return cells.chip_html(tone, icon, stage_word(value or ""))


def _lists(row: Row) -> str:
    return BETWEEN.join(stages.ordered(key for key in ListKey if row[f"on_{key}"]))


def _lists_cell(value: Any, row: Row) -> str:
    keys = value.split(BETWEEN) if value else []
    tags = ((list_name(key), LIST_TAGS[ListKey(key)]) for key in keys)
    return format_html_join(" ", '<span class="tag" title="{}">{}</span>', tags) or cells.NOTHING


def _use(field: str) -> Any:
    return lambda row: landuse.shown(row["use_system"], row[field])


def _freed(row: Row) -> str:
    """For which use an exit by a survey frees the plot; empty where none did."""
    if row["exit"] != PlotStage.Exit.SURVEY:
        return ""
    return str(FREED[freed_by(row["exit_column"])])


def _url(row: Row) -> str:
    return reverse("kit:record", args=["plots", str(row["plot__uid"])])


def _known(key: str, title: Any) -> Column:
    return Column(key, title, width=6, format=cells.yes_no, shown=False, type="boolean")


ON_LISTS = [*LIST_CHOICES, ("-", _l("不在任何名单、名录"))]
ON_LISTS_CONDITIONS = {key: plots.on_list(key) for key, _name in LIST_CHOICES} | {"-": plots.on_no_list}
UNKNOWN = {
    "responsible": (_l("责任人认定"), Q(responsible_state="")),
    "groundwater": (_l("地下水是否受污染"), Q(groundwater_polluted=None)),
    "developed": (_l("是否已开发利用"), Q(developed=None)),
    "screened": (_l("污染风险筛查"), Q(high_risk=None)),
    "holder": (_l("土地使用权人"), Q(holder="")),
    "planned": (_l("规划用途"), Q(use_planned="")),
    "code": (_l("全国系统地块编码"), Q(code="")),
}

SCREENED = {"high": (_l("污染风险较高"), Q(high_risk=True)), "low": (_l("污染风险不高"), Q(high_risk=False))}

PLOTS = register.add(
    Register(
        name="plots.plots",
        collection="plots",
        title=_l("建设用地地块"),
        permission="plots.read",
        queryset=plots.plots,
        knows_past=True,
        key="plot__uid",
        fields=["plot_id"],
        row_url=_url,
        columns=[
            Column("number", _l("地块编号"), "plot__number", sort="plot__number", width=15, frozen=True, format=cells.link),
            Column("name", _l("地块名称"), sort="name", width=16, format=cells.clamp, file_name="name"),
            Column("code", _l("全国系统地块编码"), sort="code", width=16, file_name="code"),
            Column("stage", _l("阶段"), sort="stage", width=9, format=stage_cell, export=lambda value, row: stage_word(value or ""), file_name="stage"),
            Column("lists", _l("名单、名录"), _lists, [f"on_{key}" for key in ListKey], width=18, format=_lists_cell,
                   export=lambda value, row: list_names(value.split(BETWEEN)) if value else "", file_name="lists"),
            Column("released_on", _l("解除日期"), sort="released_on", width=7, format=cells.day, type="date", file_name="released_on"),
            Column("freed", _l("解除后适用"), _freed, ["exit", "exit_column"], width=9),
            Column("risk_level", _l("风险等级"), sort="risk_level", width=6),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("location", _l("坐落"), width=14, format=cells.clamp, shown=False),
            Column("bounds", _l("四至"), width=14, format=cells.clamp, shown=False),
            Column("use_now", _l("现状用途"), _use("use_now"), ["use_system", "use_now"], sort="use_now", width=11, shown=False,
                   stored=Stored("use_now", means=landuse.meaning("use_now"))),
            Column("use_planned", _l("规划用途"), _use("use_planned"), ["use_system", "use_planned"], sort="use_planned", width=11,
                   stored=Stored("use_planned", means=landuse.meaning("use_planned"))),
            Column("planned_use", _l("规划用途代码"), "use_planned", width=7, shown=False, file_name="planned_use", on_record=False),
            Column("industry", _l("原用途行业代码"), sort="industry", width=6, shown=False),
            Column("pollutants", _l("主要污染物"), width=13, format=cells.clamp),
            Column("depth_m", _l("污染深度（m）"), width=6, numeric=True, format=cells.number, shown=False, type="number"),
            Column("volume_m3", _l("污染土方量（m³）"), width=8, numeric=True, format=cells.number, shown=False, type="number"),
            Column("area_m2", _l("计算面积（m²）"), sort="area_m2", width=9, numeric=True, format=cells.number, type="number"),
            Column("area_of_record_m2", _l("登记面积（m²）"), width=9, numeric=True, format=cells.number, shown=False, type="number"),
            Column("holder", _l("土地使用权人"), width=12, shown=False),
            Column("holder_kind", _l("使用权人类别"), word("holder_kind", V.HolderKind.choices), ["holder_kind"], width=8, shown=False,
                   stored=Stored("holder_kind", V.HolderKind.choices)),
            Column("recalled_on", _l("土地使用权收回日期"), width=7, format=cells.day, shown=False, type="date"),
            Column("responsible_state", _l("责任人认定"), word("responsible_state", V.Responsible.choices), ["responsible_state"], width=7,
                   stored=Stored("responsible_state", V.Responsible.choices)),
            Column("responsible", _l("土壤污染责任人"), width=12, shown=False, format=cells.clamp),
            Column("responsible_person", _l("个人责任人姓名"), width=12, shown=False, format=cells.clamp),
            _known("groundwater_polluted", _l("地下水受污染")),
            _known("developed", _l("已开发利用")),
            _known("high_risk", _l("筛查为污染风险较高")),
            Column("parcel", _l("宗地"), "parcel__number", width=13, shown=False),
            Column("note", _l("备注"), width=14, format=cells.clamp, shown=False),
            Column("stage_since", _l("进入本阶段"), sort="stage_since", width=7, format=cells.day, shown=False, type="date"),
            Column("since", _l("本条记录自"), sort="since", width=7, format=cells.day, shown=False, type="date"),
            Column("until", _l("本条记录止"), width=7, format=cells.day, shown=False, type="date"),
        ],
        filters=[
            ChoiceFilter("stage", _l("阶段"), choices=[*STAGE_CHOICES, ("-", NO_STAGE)], conditions={"-": Q(stage="")}),
            ChoiceFilter("list", _l("名单、名录"), choices=ON_LISTS, conditions=ON_LISTS_CONDITIONS),
            TOWN,
            TextFilter("planned", _l("规划用途代码"), fields=["use_planned"]),
            TextFilter("pollutant", _l("主要污染物"), fields=["pollutants"]),
            DateRangeFilter("released", _l("解除日期"), field="released_on"),
            ChoiceFilter("screened", _l("风险筛查"), choices=[(key, title) for key, (title, _condition) in SCREENED.items()],
                         conditions={key: condition for key, (_title, condition) in SCREENED.items()}),
            ChoiceFilter("unknown", _l("尚不清楚"), choices=[(key, title) for key, (title, _condition) in UNKNOWN.items()],
                         conditions={key: condition for key, (_title, condition) in UNKNOWN.items()}),
        ],
        search=["name", "code", "plot__number", "location"],
        default_sort="number",
        ground=Ground("geometry", area="area_m2", title="name", class_field="stage", classes=LEGEND),
        writing=entering.PLOTS,
        personal=["holder", "responsible_person"],
        personal_permission="plots.read_personal",
        record=records.plot,
        begins=plots.first_day,
        page_acts=[
            PageAct(_l("全国系统导出比对"), "kit:import_new", "plots.keep", icon="intersect", args=("plots.national",)),
            PageAct(_l("全国系统比对结果"), "plots:national_results", "plots.keep", icon="list-task"),
            PageAct(_l("全国系统上传表"), "plots:national_sheet", "plots.keep", icon="download"),
        ],
        views=[
            (_l("在名录（风险管控和修复）"), "list=roster"),
            (_l("疑似、尚未调查"), "stage=S0"),
            (_l("筛查台账：污染风险较高"), "screened=high"),
            (_l("没有规划用途"), "unknown=planned"),
        ],
        totals={"area_m2": Sum("area_m2")},
        about=_l("地块所处阶段和所在名单、名录由登记的事项得出，不能直接填写；列入、移出由有权机关决定，本级登记文件。"),
        empty=_l("还没有建设用地地块。先导入全国系统的导出表，或从“疑似地块线索”核实后立为地块。"),
    )
)  # fmt: skip


navigation.register(
    SECTION, _l("建设用地地块"), "kit:collection", "plots.read", order=400, icon="bounding-box-circles", args=("plots",)
)
