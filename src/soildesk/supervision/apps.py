"""The room `supervision`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    """Slips, extensions and suspensions of duties; dispatch rounds, letters, meetings."""

    name = "soildesk.supervision"
    label = "supervision"
    verbose_name = _("督办")
