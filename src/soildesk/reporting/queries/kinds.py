"""The reports the desk makes: which figures and tables stand in which section, and the sentences between them.

A sentence names figures in braces; `{place}`, `{year}`, `{period}` and `{on}` are the report's own. Nothing here computes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
NAMED = re.compile(r"\{([a-z_.]+)\}")
OWN_WORDS = frozenset({"place", "year", "period", "on"})


@dataclass(frozen=True)
class Section:
    """One section: heading, sentences, figures listed as a table of their own, tables of rows."""

    title: Words
    sentences: Sequence[Words] = ()
    figures: Sequence[str] = ()
    tables: Sequence[str] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of report. `rhythm` is the length of its period, `title` its name and heading; `released` to the public, not sent.

    `weighed` are figures nobody prints: what whoever signs and releases it has to weigh.
    """

    id: str
    title: Words
    about: Words
    sections: Sequence[Section]
    rhythm: str = "year"
    landscape: bool = False
    released: bool = False
    weighed: Sequence[str] = ()

    @property
    def figures(self) -> list[str]:
        """Every figure it needs, once."""
        named = [name for one in self.sections for each in one.sentences for name in NAMED.findall(str(each))]
        listed = [name for one in self.sections for name in one.figures]
        return [name for name in dict.fromkeys([*named, *listed, *self.weighed]) if name not in OWN_WORDS]

    @property
    def tables(self) -> list[str]:
        """Every table it needs, once."""
        return list(dict.fromkeys(name for one in self.sections for name in one.tables))


TASKS = _(
    "截至{on}，{place}{year}年方案共有任务{tasks.all}项：已完成{tasks.done}项，进行中{tasks.under_way}项，未开始{tasks.not_started}项，"
    "长期{tasks.standing}项，逾期{tasks.overdue}项，期限待定{tasks.pending}项，无记录{tasks.unrecorded}项。"
)
RECORDS = _(
    "按台账核算：已达到{tasks.records_done}项，未达到{tasks.records_not_done}项，无法判断{tasks.records_cannot_say}项，"
    "不适用{tasks.records_not_applicable}项。填报与核算不一致{tasks.disagreeing}项。"
)
LISTS = _(
    "疑似污染地块名单{plots.on_suspected}个，污染地块名录{plots.on_polluted}个，建设用地土壤污染风险管控和修复名录{plots.on_roster}个。"
)
MONITORED = _("截至{on}，{place}有土壤监测点位{soil.points}个，{year}年有检测结果的{soil.points_with_results}个。")
FIRMS = _("土壤污染重点监管单位{enterprises.on_list}家。")
OF_PLOTS = (
    "plots.polluted_used_safely",
    "plots.key_land_used_safely",
    "plots.surveys_done",
    "plots.control_plans_filed",
    "plots.control_media_monitored",
    "plots.control_rounds_walked",
    "plots.roster_counted",
)
OF_FARMLAND = (
    "farmland.safe_use_rate",
    "farmland.safe_use_area",
    "farmland.strict_area",
    "farmland.all_under_measures",
    "farmland.crops_changed_area",
    "farmland.crops_left",
)
OF_FIRMS = (
    "enterprises.on_list",
    "enterprises.hazard_inspected",
    "enterprises.hazards_rectified",
    "enterprises.self_monitored",
    "enterprises.toxic_reported",
    "enterprises.demolitions_filed",
)
OF_MONITORING = (
    "monitoring.all_points",
    "monitoring.network_complete",
    "monitoring.points_over_limit",
    "monitoring.warnings_closed",
    "monitoring.warnings_in_time",
    "monitoring.data_shared",
)
OF_PROBLEMS = (
    "oversight.open_problems",
    "oversight.late_problems",
    "oversight.problems_settled",
    "oversight.problems_in_time",
)
OF_OUTREACH = (
    "outreach.law_trained",
    "outreach.enforcement_trained",
    "outreach.monitors_trained",
    "outreach.managers_trained",
    "outreach.firms_told",
    "outreach.public_told",
    "outreach.as_planned",
)
WORK = Section(_("任务完成情况"), (TASKS, RECORDS))
KINDS = (
    Kind(
        "ledger",
        _("土壤污染防治工作任务台账"),
        _("本级方案的全部任务：责任单位、完成时限、填报状态与台账核算并列。"),
        (Section(_("总体情况"), (TASKS, RECORDS)), Section(_("任务台账"), tables=("tasks.ledger",))),
        landscape=True,
    ),
    Kind(
        "quarterly",
        _("土壤污染防治工作季度进展"),
        _("一个季度末的任务进展、逾期和不一致的任务、各领域指标和未销号问题。"),
        (
            WORK,
            Section(_("逾期和填报不一致的任务"), tables=("tasks.overdue_rows", "tasks.disagreeing_rows")),
            Section(
                _("重点指标"),
                figures=(
                    "farmland.safe_use_rate",
                    "plots.key_land_used_safely",
                    *OF_FIRMS,
                    "monitoring.warnings_in_time",
                ),
            ),
            Section(
                _("问题整改"),
                (_("未销号问题{oversight.open_problems}个，其中逾期{oversight.late_problems}个。"),),
                tables=("oversight.open_rows",),
            ),
        ),
        rhythm="quarter",
    ),
    Kind(
        "remediation",
        _("建设用地土壤污染风险管控与修复年度进展"),
        _("名单名录、地块所处阶段、管控与修复进展和安全利用率。"),
        (
            Section(_("名单、名录"), (LISTS,), tables=("plots.roster_rows",)),
            Section(_("地块所处阶段"), tables=("plots.by_stage",)),
            Section(_("管控、修复和安全利用"), figures=OF_PLOTS),
        ),
    ),
    Kind(
        "annual",
        _("土壤污染防治方案年度实施情况报告"),
        _("一年的任务、指标、农用地、建设用地、重点单位、监测、问题整改和宣传培训。"),
        (
            Section(_("任务完成情况"), (TASKS, RECORDS), tables=("tasks.by_section", "tasks.overdue_rows")),
            Section(_("主要指标"), tables=("indicators.targets",)),
            Section(_("农用地安全利用"), figures=OF_FARMLAND),
            Section(_("建设用地安全利用"), (LISTS,), OF_PLOTS),
            Section(_("重点监管单位"), figures=OF_FIRMS),
            Section(_("土壤环境监测"), figures=OF_MONITORING),
            Section(_("问题整改"), figures=OF_PROBLEMS),
            Section(_("宣传培训"), figures=OF_OUTREACH, tables=("outreach.counted_rows",)),
        ),
    ),
    Kind(
        "indicators",
        _("土壤污染防治目标任务主要指标表"),
        _("本级方案的指标、目标、现值与核算结论。"),
        (Section(_("主要指标"), tables=("indicators.targets",)),),
    ),
    Kind(
        "self_assessment",
        _("土壤污染防治目标完成情况自评估报告"),
        _("指标和任务的完成情况，逐项列出台账核算结论和理由。"),
        (
            Section(_("目标完成情况"), tables=("indicators.targets",)),
            Section(
                _("任务完成情况"),
                (TASKS, RECORDS),
                tables=("tasks.by_section", "tasks.disagreeing_rows", "tasks.ledger"),
            ),
            Section(_("存在的问题"), figures=OF_PROBLEMS, tables=("oversight.open_rows",)),
        ),
        landscape=True,
    ),
    Kind(
        "monitoring",
        _("土壤环境监测工作总结"),
        _("监测网、监测任务、超标和预警处置。"),
        (
            Section(_("监测网与超标情况"), figures=OF_MONITORING),
            Section(_("监测任务"), tables=("monitoring.campaigns",)),
            Section(
                _("预警"),
                (_("未销号预警{monitoring.open_alerts}个，其中逾期{monitoring.late_alerts}个。"),),
                tables=("monitoring.alert_rows",),
            ),
        ),
    ),
    Kind(
        "farmland",
        _("受污染耕地安全利用年度报告"),
        _("安全利用率（自算值）、措施面积和逐单元是否计入的原因。"),
        (
            Section(_("安全利用情况"), figures=OF_FARMLAND),
            Section(_("计算单元"), tables=("farmland.unit_rows",)),
        ),
    ),
    Kind(
        "plot_lists",
        _("建设用地地块名单、名录通报"),
        _("截至某日的名单、名录和本期文件。公开和通报由有权机关办理。"),
        (
            Section(_("总体情况"), (LISTS,), tables=("plots.notices_in_period",)),
            Section(_("污染地块名录"), tables=("plots.polluted_rows",)),
            Section(_("风险管控和修复名录"), tables=("plots.roster_rows",)),
        ),
    ),
    Kind(
        "bulletin",
        _("土壤环境质量状况公报"),
        _("一年的土壤监测点位、超标情况、农用地和建设用地安全利用；不写点位和位置。公开前须经审查，签发后登记发布。"),
        (
            Section(_("监测情况"), (MONITORED,)),
            Section(
                _("土壤环境质量"),
                figures=("monitoring.points_over_limit", "soil.points_unjudged"),
                tables=("soil.by_use", "soil.by_analyte"),
            ),
            Section(
                _("农用地安全利用"),
                figures=("farmland.safe_use_rate", "farmland.safe_use_area", "farmland.strict_area"),
            ),
            Section(_("建设用地安全利用"), (LISTS,), ("plots.key_land_used_safely",)),
            Section(_("重点监管单位"), (FIRMS,)),
        ),
        released=True,
        weighed=("soil.graded_campaigns",),
    ),
)
MAYOR = Section(
    _("一页纸"),
    figures=(
        "tasks.all", "tasks.done", "tasks.overdue", "tasks.disagreeing", "tasks.records_cannot_say",
        "farmland.safe_use_rate", "plots.key_land_used_safely", "plots.on_polluted", "plots.on_roster", "plots.surveys_done",
        "enterprises.on_list", "enterprises.hazard_inspected", "enterprises.self_monitored",
        "monitoring.points_over_limit", "monitoring.open_alerts", "monitoring.late_alerts",
        "oversight.open_problems", "oversight.late_problems", "oversight.problems_in_time",
    ),
)  # fmt: skip
"""What a director takes to a meeting: no figure that another report does not have."""


def kinds() -> Mapping[str, Kind]:
    """All kinds by id."""
    return {kind.id: kind for kind in KINDS}
