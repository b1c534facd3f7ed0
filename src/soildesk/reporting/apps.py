"""The room `reporting`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    """What is due to whom by when, forms filled from records, receipts."""

    name = "soildesk.reporting"
    label = "reporting"
    verbose_name = _("报表")

    def ready(self) -> None:
        """Counts, kinds of report with their templates, and the registers make themselves known."""
        from soildesk.reporting import letters  # noqa: F401
        from soildesk.reporting.queries import bulletin, counts, open_matters  # noqa: F401
        from soildesk.reporting.register import blanks, copies, dues  # noqa: F401
