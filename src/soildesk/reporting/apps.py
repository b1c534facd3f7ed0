"""The room `reporting`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    """What is due to whom by when, forms filled from records, receipts."""

    name = "soildesk.reporting"
    label = "reporting"
    verbose_name = _("报表")
