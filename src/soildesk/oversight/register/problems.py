"""What kit needs to know of problems. The public and firms see none."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.enterprises.register.enterprises import TOWN, word
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, LegendClass
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.register import BulkAct, Column, PageAct, Register, Row, Stored
from soildesk.land.queries.choices import keepers
from soildesk.oversight import entering
from soildesk.oversight.models import Problem
from soildesk.oversight.queries import problems
from soildesk.oversight.register import problempages
from soildesk.oversight.violationwords import violation_name

State, Source = Problem.State, Problem.Source
SECTION = _l("监督执法")


def _due(value: Any, row: Row) -> str:
    """The term; past it with how many days, for a problem that is not over."""
    if not row.get("_late"):
        return cells.day(value, row)
    return f"{cells.day(value, row)} {cells.chip_html('bad', 'exclamation-triangle-fill', problempages.late_words(row['_late']))}"


def _units(actor: Any, on: date) -> list[tuple[str, Any]]:
    return [*((str(key), label) for key, label in keepers(actor, on)), ("-", _l("未定"))]


COLORS = {State.OPEN: "#c0392b", State.ANSWERED: "#e0912f", State.SETTLED: "#3a8a5f", State.DISMISSED: "#7f8c8d"}

PROBLEMS = register.add(
    Register(
        name="oversight.problems",
        collection="problems",
        title=_l("问题清单"),
        permission="oversight.read",
        queryset=problems.problems,
        enrich=problems.add_firms,
        fields=["due", "state", "enterprise_id"],
        record=problempages.problem,
        columns=[
            Column("number", _l("编号"), sort="number", width=15, frozen=True, format=cells.link),
            Column("fact", _l("问题事实"), width=24, format=cells.clamp),
            Column("source", _l("来源"), word("source", Source.choices), ["source"], width=8, stored=Stored("source", Source.choices)),
            Column("state", _l("状态"), sort="state", width=7, format=cells.chip(problempages.STATES), export=lambda value, row: str(State(value).label)),
            Column("firm", _l("企业"), lambda row: row.get("_firm"), ["enterprise_id"], width=14, format=cells.clamp),
            Column("object_name", _l("涉及对象"), width=12, format=cells.clamp),
            Column("unit", _l("督促整改单位"), lambda row: row["unit_name"] or _("未定"), ["unit_name"], width=9),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("found_on", _l("发现日期"), sort="found_on", width=7, format=cells.day, type="date"),
            Column("due", _l("整改时限"), sort="due", width=9, format=_due, type="date"),
            Column("requirement", _l("整改要求"), width=16, format=cells.clamp, shown=False),
            Column("measure", _l("整改情况"), width=16, format=cells.clamp, shown=False),
            Column("violation", _l("违法情形"), lambda row: violation_name(row["violation"]), ["violation"], width=16, format=cells.clamp, shown=False,
                   stored=Stored("violation")),
            Column("clause", _l("对应条款"), width=14, format=cells.clamp, shown=False),
            Column("acted_on", _l("行为发生日期"), width=7, format=cells.day, shown=False, type="date"),
            Column("document", _l("来源文号"), width=12, shown=False),
            Column("due_body", _l("时限由谁规定"), width=10, shown=False),
            Column("answered_on", _l("整改完成日期"), width=7, format=cells.day, shown=False, type="date"),
            Column("settled_on", _l("销号日期"), sort="settled_on", width=7, format=cells.day, shown=False, type="date"),
        ],
        filters=[
            ChoiceFilter("late", _l("逾期"), choices=[("1", _l("逾期未销号"))], conditions={"1": problems.late_on}),
            ChoiceFilter("live", _l("是否销号"), choices=[("yes", _l("未销号")), ("no", _l("已销号或不属实"))],
                         conditions={"yes": problems.LIVE, "no": ~problems.LIVE}),
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            ChoiceFilter("source", _l("来源"), choices=Source.choices),
            ChoiceFilter("unit", _l("督促整改单位"), field="unit_id", choices=_units, conditions={"-": Q(unit=None)}),
            TextFilter("firm", _l("企业"), fields=["enterprise__versions__name", "enterprise__number"]),
            TOWN,
            DateRangeFilter("found_on", _l("发现日期")),
            DateRangeFilter("due", _l("整改时限")),
        ],
        search=["number", "fact", "document", "object_name", "requirement"],
        default_sort="-found_on",
        ground=Ground(
            "geometry", shape="point", title="number", class_field="state",
            classes=[LegendClass(state.value, state.label, color) for state, color in COLORS.items()],
        ),
        writing=entering.PROBLEMS,
        bulk_acts=[BulkAct("assign", _l("批量交办"), "oversight.settle", icon="send", page="oversight:assign_many")],
        page_acts=[PageAct(_l("台账比对"), "oversight:compare", "oversight.record", icon="calendar-event")],
        views=[
            (_l("未销号"), "live=yes"), (_l("逾期未销号"), "late=1"), (_l("待验收"), "state=answered"), (_l("未交办"), "live=yes&unit=-"),
            (_l("督察与审计"), "source=inspectorate&source=audit"),
        ],
        about=_l("各种来源的问题在一张清单上：事实、条款、单位、时限、佐证、验收、销号。报请验收的人不能自己验收。"),
        empty=_l("您的范围内没有问题。登记一个，或导入督察、审计、信访的问题表。"),
    )
)  # fmt: skip

navigation.register(
    SECTION,
    _l("问题清单"),
    "kit:collection",
    "oversight.read",
    order=400,
    icon="exclamation-circle",
    args=("problems",),
)
navigation.register(SECTION, _l("台账比对"), "oversight:compare", "oversight.record", order=410, icon="calendar-event")
