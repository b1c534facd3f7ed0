"""What kit needs to know of classifications and of the class proposed for each unit."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.farmland.approvedwords import element_names
from soildesk.farmland.classwords import (
    NO_CLASS,
    PROPOSED_LEGEND,
    STATES,
    before_cell,
    class_cell,
    class_word,
)
from soildesk.farmland.models import Classification, FarmlandClass, UnitVersion
from soildesk.farmland.mu import to_mu
from soildesk.farmland.queries import classifications
from soildesk.farmland.register import classpages
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soildesk.plots.register.plots import TOWN, word
from soildesk.standards.refusals import language
from soilrules.farmland.rulesets import rulesets

SECTION = _l("农用地")
State, Why = Classification.State, Classification.Why
CLASS_CHOICES = [*((key, label) for key, label in FarmlandClass.choices), ("none", NO_CLASS)]
CHANGES = [("worse", _l("变差")), ("better", _l("变好")), ("same", _l("不变")), ("new", _l("原无类别"))]
_ORDER = ("priority", "safe_use", "strict")
_WORSE = Q(pk__in=[])
_BETTER = Q(pk__in=[])
for _at, _one in enumerate(_ORDER):
    for _other in _ORDER[_at + 1 :]:
        _WORSE |= Q(before=_one, final_class=_other)
        _BETTER |= Q(before=_other, final_class=_one)


def _number_of(key: str) -> Any:
    """How many units of a classification have a class, as it was computed."""
    return lambda row: row["told"].get("classes", {}).get(key)


def _ruleset(row: Row) -> str:
    """What the rule set of a classification is called."""
    held = rulesets().get(row["ruleset"])
    return held.name(language()) if held else str(row["ruleset"])


def _class_filter(field: str) -> dict[str, Q]:
    return {"none": Q(**{field: ""}), **{key: Q(**{field: key}) for key in _ORDER}}


def _campaigns(actor: Actor, on: date) -> list[tuple[str, str]]:
    rows = classifications.classifications(actor, on).exclude(state=State.GIVEN_UP)[:100]
    return [(one.number, f"{one.title}（{one.number}）") for one in rows]


CLASSIFICATIONS = register.add(
    Register(
        name="farmland.classifications",
        collection="classifications",
        title=_l("类别划分"),
        permission="farmland.read_proposals",
        queryset=classifications.classifications,
        fields=["told", "computed_at"],
        columns=[
            Column("number", _l("编号"), sort="number", width=13, frozen=True, format=cells.link),
            Column("title", _l("名称"), sort="title", width=18, format=cells.clamp),
            Column("why", _l("事由"), word("why", Why.choices), ["why"], width=10, stored=Stored("why", Why.choices)),
            Column("state", _l("状态"), sort="state", width=8, format=cells.chip(STATES), export=lambda value, row: str(State(value).label)),
            Column("on", _l("评价基准日"), sort="on", width=7, format=cells.day, type="date"),
            Column("ruleset", _l("规则"), _ruleset, ["ruleset"], width=16, format=cells.clamp, shown=False),
            Column("units", _l("单元数"), lambda row: row["told"].get("units"), ["told"], numeric=True, width=5, format=cells.number),
            *(
                Column(f"n_{key}", format_lazy(_l("{name}（按计算）"), name=label), _number_of(key), ["told"], numeric=True, width=7, format=cells.number, on_record=False)
                for key, label in [*FarmlandClass.choices, ("unknown", NO_CLASS)]
            ),
            Column("sent_document", _l("报送文号"), width=12, format=cells.clamp, shown=False),
            Column("decision", _l("批准文号"), "decision__number", width=12, format=cells.clamp),
        ],
        filters=[
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            ChoiceFilter("why", _l("事由"), choices=Why.choices),
            DateRangeFilter("on", _l("评价基准日")),
        ],
        search=["number", "title"],
        default_sort="-number",
        record=classpages.classification,
        page_acts=[
            PageAct(_l("开展类别划分"), "farmland:classify_new", "farmland.classify", primary=True),
            PageAct(_l("建议类别清单"), "kit:collection", "farmland.read_proposals", icon="layers", args=("class_proposals",)),
            PageAct(_l("优先保护类核对"), "farmland:priority", "farmland.read", icon="shield-check"),
            PageAct(_l("新增耕地来源核对"), "farmland:new_ground", "farmland.read", icon="search"),
        ],
        views=[(_l("办理中"), "state=draft&state=checking&state=review&state=sent")],
        about=_l("按土壤和农产品监测结果为评价单元给出建议类别，经外业核实、会审、报省级批准后才是现行类别。建议类别在批准前不对外。"),
        empty=_l("还没有类别划分：先登记评价单元、接收监测结果，再点“开展类别划分”。"),
    )
)  # fmt: skip

PROPOSALS = register.add(
    Register(
        name="farmland.proposals",
        collection="class_proposals",
        title=_l("建议类别"),
        permission="farmland.read_proposals",
        queryset=classifications.proposals,
        fields=["settled", "division_path"],
        columns=[
            Column("name", _l("单元名称"), "version__name", sort="version__name", width=16, frozen=True, format=cells.link),
            Column("number", _l("单元编号"), "unit__number", sort="unit__number", width=14),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("ground_kind", _l("地类"), word("version__ground", UnitVersion.Ground.choices), ["version__ground"], width=5, stored=Stored("version__ground", UnitVersion.Ground.choices)),
            Column("final_class", _l("建议类别"), sort="final_class", width=9, format=class_cell, export=lambda value, row: class_word(value)),
            Column("before", _l("原类别"), width=9, format=before_cell, export=lambda value, row: class_word(value) if value else ""),
            Column("soil_only", _l("土壤单独评价"), width=9, format=class_cell, export=lambda value, row: class_word(value)),
            Column("controlling", _l("控制元素"), lambda row: element_names(row["controlling"]), ["controlling"], width=8),
            Column("area_mu", _l("面积（亩）"), lambda row: float(to_mu(row["version__area_m2"])), ["version__area_m2"], numeric=True, sort="version__area_m2", width=7, format=cells.number, type="number"),
            Column("classification", _l("类别划分"), "classification__number", width=13, sort="classification__number"),
            Column("state", _l("状态"), word("classification__state", State.choices), ["classification__state"], width=7, stored=Stored("classification__state", State.choices)),
            Column("settled_why", _l("会审理由"), width=14, format=cells.clamp, shown=False),
        ],
        filters=[
            ChoiceFilter("classification", _l("类别划分"), field="classification__number", choices=_campaigns),
            ChoiceFilter("final_class", _l("建议类别"), choices=CLASS_CHOICES, conditions=_class_filter("final_class")),
            ChoiceFilter("before", _l("原类别"), choices=CLASS_CHOICES, conditions=_class_filter("before")),
            ChoiceFilter("change", _l("变化"), choices=CHANGES, conditions={"worse": _WORSE, "better": _BETTER, "same": Q(before=F("final_class")), "new": Q(before="")}),
            ChoiceFilter("ground", _l("地类"), field="version__ground", choices=UnitVersion.Ground.choices),
            TOWN,
        ],
        search=["unit__number", "version__name", "version__code"],
        default_sort="unit__number",
        totals={"number": Count("pk")},
        ground=Ground("version__geometry", area="version__area_m2", title="version__name", class_field="final_class", classes=PROPOSED_LEGEND),
        record=classpages.proposal,
        views=[(_l("与现行类别不同"), "change=worse&change=better"), (_l("无法定类"), "final_class=none")],
        about=_l("每个单元的建议类别和理由，供农业农村、生态环境部门会审；批准前不是现行类别，没有会审权限的看不到。"),
        empty=_l("还没有建议类别：在“类别划分”里开展并计算。"),
    )
)  # fmt: skip


navigation.register(
    SECTION, _l("类别划分"), "kit:collection", "farmland.read_proposals", order=485, icon="diagram-3", args=("classifications",)
)  # fmt: skip
