"""The room `enterprises`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnterprisesConfig(AppConfig):
    """Regulated enterprises, the lists they stand on, the duties that follow, and what they file."""

    name = "soildesk.enterprises"
    label = "enterprises"
    verbose_name = _("重点单位")
