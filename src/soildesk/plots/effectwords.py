"""What the evaluation of works (效果评估) leaves open on the page of a plot, and who puts it right."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from soildesk.kit.parts import Fact
from soildesk.plots.queries.next_steps import Here
from soilrules.gate.fromlife import told_by
from soilrules.gate.kinds import ReportKind
from soilrules.plots.state import EventKind


def unsaid(here: Here) -> Sequence[Fact]:
    """An evaluation that stands and does not say for which class of use it was made, as the gate reads it; nothing else."""
    found = [one for one in told_by(step.event for step in here.history.steps).reports if _stands(one)]
    if not found or found[-1].land_class is not None:
        return []
    stands = [one for one in here.life.events if one.kind == EventKind.EFFECT_REACHED]
    return [Fact(_("效果评估针对的用途"), _("不清楚"), doubt=_doubt(bool(stands and stands[-1].report)))]


def _stands(report: object) -> bool:
    return getattr(report, "kind", None) is ReportKind.EFFECT_EVALUATION and not getattr(report, "withdrawn_on", None)


def _doubt(by_report: bool) -> str:
    open_ = _(
        "没有写明评价所依据的规划用途，也没有写明残留是否超过第一类用地筛选值：用途要求更严时，准入核查不能判断。"
    )
    if by_report:
        way = _(
            "请经办人调出评估报告核对：打开这份报告“撤销通过”，补全后重新提交、评审；报告本身没有写的，请编制单位补充。"
        )
    else:
        way = _(
            "请经办人调出评估报告核对：从最后一项起逐项撤销到“效果评估达到目标”，写明后照原日期重新登记；报告本身没有写的，请编制单位补充。"
        )
    return open_ + way
