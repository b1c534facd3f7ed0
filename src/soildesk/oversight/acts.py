"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "oversight.problem": _("问题"),
        "oversight.inspectionplan": _("检查计划"),
        "oversight.visit": _("现场检查"),
        "oversight.problem.recorded": _("登记问题"),
        "oversight.problem.assigned": _("交办问题"),
        "oversight.problem.measured": _("登记整改进展"),
        "oversight.problem.answered": _("报请验收问题"),
        "oversight.problem.returned": _("验收退回问题"),
        "oversight.problem.settled": _("问题验收销号"),
        "oversight.problem.dismissed": _("核实问题不属实"),
        "oversight.problem.reopened": _("重新打开问题"),
        "oversight.problem.extended": _("调整问题整改时限"),
        "oversight.problem.cited": _("登记问题对应条款"),
        "oversight.problem.punished": _("登记行政处罚"),
        "oversight.plan.drawn": _("抽取检查对象"),
        "oversight.plan.closed": _("结束检查计划"),
        "oversight.visit.recorded": _("登记现场检查"),
        "oversight.visit.corrected": _("更正现场检查"),
    }
)
