"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "farmland.unitversion": _("评价单元"),
        "farmland.unitclass": _("现行类别"),
    }
)
