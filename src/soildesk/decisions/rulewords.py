"""What the parts of local rules are called: on the page and in the workbook they are entered with."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from soildesk.plots.words import level_name_lazy
from soilrules.gate.kinds import PastKind, PlanState, Transfer
from soilrules.gate.profiles import GroundState, ReviewLevel
from soilrules.gate.results import Force
from soilrules.plots.deadlines import Unit

GROUND = {
    GroundState.UNCOVERED: _("没有有效调查评估结论"),
    GroundState.CHANGE_UNCOVERED: _("用途变更且没有有效调查评估结论"),
    GroundState.UNSURVEYED: _("曾有所列行业且未调查"),
    GroundState.SURVEY_OWED: _("依法应调查评估而未完成"),
    GroundState.LISTED: _("涉及疑似污染地块或污染地块"),
    GroundState.POLLUTED: _("污染地块未达要求"),
    GroundState.HIGH_RISK_UNSURVEYED: _("高风险且未调查"),
    GroundState.STRICT_FARMLAND: _("严格管控类（重度污染）农用地且未调查"),
    GroundState.PRIORITY_FARMLAND: _("优先保护类耕地上可能造成土壤污染的新建项目"),
    GroundState.NEIGHBOUR_UNFINISHED: _("毗邻地块风险管控修复未完成"),
}
KINDS = {
    PastKind.KEY_INDUSTRY: _("重点行业"),
    PastKind.INDUSTRY: _("其他工业"),
    PastKind.FILLING_STATION: _("加油站"),
    PastKind.GARAGE: _("汽车修理"),
}
FORCES = {Force.LOCAL_DUTY: _("应当"), Force.PRINCIPLE: _("原则上"), Force.ENCOURAGED: _("鼓励")}
PLAN_STATES = {
    PlanState.NOT_SUBMITTED: _("规划方案未提交审议"),
    PlanState.REVIEWED_NOT_APPROVED: _("规划已审议未报批"),
    PlanState.SUPPLY_APPROVED: _("供地方案已报批"),
}
TRANSFERS = {
    Transfer.TO_COME: _("将收回、转让"),
    Transfer.NOT_INVOLVED: _("不涉及收回、转让"),
    Transfer.DONE: _("已收回、转让"),
}
UNITS = {Unit.DAYS: _("日"), Unit.MONTHS: _("个月"), Unit.WORKING_DAYS: _("个工作日")}
LEVELS = {one: level_name_lazy(str(one)) for one in ReviewLevel}
