"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "reporting.reportdue": _("应报报表"),
        "reporting.reportcopy": _("报表"),
        "reporting.blankform": _("空表"),
        "reporting.calendar.opened": _("建立年度报表日历"),
        "reporting.due.added": _("列入报表日历"),
        "reporting.due.dropped": _("移出报表日历"),
        "reporting.due.restored": _("恢复报表日历事项"),
        "reporting.copy.made": _("生成报表"),
        "reporting.copy.remade": _("重新生成报表"),
        "reporting.copy.signed": _("签发报表"),
        "reporting.copy.sent": _("登记报表报送"),
        "reporting.copy.released": _("登记公报发布"),
        "reporting.copy.received": _("登记报表回执"),
        "reporting.blank.taken": _("登记空表"),
        "reporting.blank.mapped": _("对应空表字段"),
        "reporting.blank.retired": _("停用空表"),
    }
)
