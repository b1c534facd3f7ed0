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
        "plots.plot.registered": _("登记建设用地地块"),
        "plots.plot.changed": _("变更建设用地地块"),
        "plots.plot.corrected": _("更正建设用地地块"),
        "plots.plot.ended": _("终止建设用地地块"),
        "plots.event.recorded": _("登记地块事项"),
        "plots.event.taken_back": _("撤销地块事项"),
        "plots.list.notice_registered": _("登记名单（名录）文件"),
        "plots.list.document_attached": _("上传名单（名录）文件"),
        "plots.list.entered": _("登记列入名单（名录）"),
        "plots.list.left": _("登记移出名单（名录）"),
        "plots.candidate.taken_in": _("纳入疑似地块线索"),
        "plots.candidate.confirmed": _("线索立为地块"),
        "plots.candidate.linked": _("线索归入已有地块"),
        "plots.candidate.dismissed": _("排除疑似地块线索"),
        "plots.candidate.reopened": _("重新核实疑似地块线索"),
        "plots.notice.served": _("登记书面通知"),
        "plots.notice.received": _("登记书面通知送达"),
        "plots.notice.withdrawn": _("撤回书面通知"),
    }
)
