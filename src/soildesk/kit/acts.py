"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "kit.importbatch": _("导入"),
        "kit.import.accepted": _("确认导入"),
        "kit.import.rejected": _("放弃导入"),
        "kit.collection": _("登记册"),
        "kit.lettertemplate": _("文书模板"),
        "kit.letter.stored": _("更换文书模板"),
        "kit.letter.retired": _("停用文书模板"),
        "kit.bulk.changed": _("批量修改"),
    }
)
