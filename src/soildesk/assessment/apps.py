"""The room `assessment`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    """Schemes, scores with their rows, objections, frozen snapshots."""

    name = "soildesk.assessment"
    label = "assessment"
    verbose_name = _("考核")
