"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "oversight.problem": _("问题"),
        "oversight.inspectionplan": _("检查计划"),
        "oversight.visit": _("现场检查"),
    }
)
