"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "plots.plotversion": _("地块"),
        "plots.plotevent": _("地块事项"),
        "plots.listnotice": _("名单（名录）文件"),
        "plots.membership": _("名单（名录）记录"),
        "plots.candidate": _("疑似地块线索"),
        "plots.writtennotice": _("书面通知"),
        "plots.report": _("地块报告"),
        "plots.expert": _("评审专家"),
        "plots.recheck": _("报告抽查"),
        "plots.controlzone": _("管控区域"),
        "plots.controlyear": _("年度管控计划"),
        "plots.controlround": _("管控巡查"),
    }
)
