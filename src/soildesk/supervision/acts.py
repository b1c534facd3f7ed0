"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "supervision.slip": _("督办单"),
        "supervision.extension": _("延期"),
        "supervision.suspension": _("挂账"),
        "supervision.importance": _("重要事项"),
        "supervision.slips.issued": _("发出督办单"),
        "supervision.slip.answered": _("答复督办单"),
        "supervision.extension.asked": _("申请延期"),
        "supervision.extension.granted": _("同意延期"),
        "supervision.extension.refused": _("不同意延期"),
        "supervision.suspension.asked": _("申请挂账"),
        "supervision.suspension.granted": _("同意挂账"),
        "supervision.suspension.refused": _("不同意挂账"),
        "supervision.suspension.ended": _("销账"),
        "supervision.important.marked": _("列为重要事项"),
        "supervision.important.unmarked": _("取消重要事项"),
        "supervision.rules.set": _("设定督办规则"),
        "supervision.office.named": _("登记督办机构"),
        "supervision.office.ended": _("终止督办机构"),
        "supervision.address.set": _("设定督办邮箱"),
    }
)
