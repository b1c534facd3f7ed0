"""What kit needs to know of threads of adjustment and of field checks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _l

from soildesk.farmland.classwords import TRIGGER_STATES, class_cell, class_word
from soildesk.farmland.models import Classification, FarmlandClass, Trigger
from soildesk.farmland.queries import classifications
from soildesk.farmland.register import classpages
from soildesk.farmland.register.classifications import SECTION
from soildesk.kit import cells, navigation, register
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.register import BulkAct, Column, PageAct, Register, Stored
from soildesk.plots.register.plots import TOWN, word

State, Why = Trigger.State, Classification.Why


def _proposed(value: Any, row: Any) -> str:
    return class_cell(value, row) if value else cells.NOTHING


TRIGGERS = register.add(
    Register(
        name="farmland.triggers",
        collection="class_triggers",
        title=_l("动态调整线索"),
        permission="farmland.read_proposals",
        queryset=classifications.triggers,
        fields=["unit_id", "division_path"],
        columns=[
            Column("unit", _l("单元编号"), "unit__number", sort="unit__number", width=14, frozen=True, format=cells.link),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("why", _l("事由"), word("why", Why.choices), ["why"], width=11, stored=Stored("why", Why.choices)),
            Column("on", _l("日期"), sort="on", width=7, format=cells.day, type="date"),
            Column("what", _l("内容"), width=28, format=cells.clamp),
            Column("proposed", _l("指向类别"), width=9, format=_proposed, export=lambda value, row: class_word(value) if value else ""),
            Column("state", _l("状态"), sort="state", width=8, format=cells.chip(TRIGGER_STATES), export=lambda value, row: str(State(value).label)),
            Column("classification", _l("类别划分"), "classification__number", width=13),
            Column("closed_on", _l("办结日期"), width=7, format=cells.day, type="date"),
            Column("closed_why", _l("办结说明"), width=14, format=cells.clamp),
        ],
        filters=[
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            ChoiceFilter("why", _l("事由"), choices=Why.choices),
            ChoiceFilter("proposed", _l("指向类别"), choices=FarmlandClass.choices),
            DateRangeFilter("on", _l("日期")),
            TOWN,
        ],
        search=["unit__number", "what"],
        default_sort="-on",
        record=classpages.trigger,
        bulk_acts=[BulkAct("take", _l("启动调整"), "farmland.classify", icon="arrow-clockwise", page="farmland:triggers_take")],
        page_acts=[PageAct(_l("现在查找线索"), "farmland:triggers_look", "farmland.classify", icon="search")],
        views=[(_l("待核实"), "state=open")],
        about=_l("土地用途变更、例行监测、协同监测、标准更新提示要重新评价的单元；每件事只提示一次，由经办人启动调整，或者写明理由不调整。系统每小时查找一次。"),
        empty=_l("没有线索：现行类别与已接收的监测结果、用途登记没有矛盾；没有监测的单元不会有线索。"),
    )
)  # fmt: skip

CHECKS = register.add(
    Register(
        name="farmland.field_checks",
        collection="class_checks",
        title=_l("外业核实"),
        permission="farmland.read",
        queryset=classifications.checks,
        fields=["division_path"],
        columns=[
            Column("unit", _l("单元编号"), "unit__number", sort="unit__number", width=14, frozen=True, format=cells.link),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("on", _l("核实日期"), sort="on", width=7, format=cells.day, type="date"),
            Column("fits", _l("边界相符"), width=6, format=cells.yes_no, type="boolean"),
            Column("use_fits", _l("利用方式相符"), width=7, format=cells.yes_no, type="boolean"),
            Column("found", _l("发现"), width=28, format=cells.clamp),
            Column("classification", _l("类别划分"), "classification__number", width=13),
        ],
        filters=[
            ChoiceFilter("fits", _l("边界相符"), choices=[("True", _l("是")), ("False", _l("否"))]),
            DateRangeFilter("on", _l("核实日期")),
            TOWN,
        ],
        search=["unit__number", "found", "classification__number"],
        default_sort="-on",
        record=classpages.check,
        page_acts=[PageAct(_l("登记外业核实"), "farmland:check_new", "farmland.check_field", icon="camera", primary=True)],
        about=_l("到现场看评价单元的边界和利用方式是否与图上一致，附照片。"),
        empty=_l("还没有外业核实：在处于“外业核实”的类别划分里登记。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("动态调整线索"), "kit:collection", "farmland.read_proposals", order=486, icon="flag", args=("class_triggers",)
)  # fmt: skip
navigation.register(
    SECTION, _l("外业核实"), "kit:collection", "farmland.check_field", order=487, icon="camera", args=("class_checks",)
)  # fmt: skip
