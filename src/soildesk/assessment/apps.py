"""The room `assessment`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    """Schemes, self-assessment from records, checks by sample, objections, results."""

    name = "soildesk.assessment"
    label = "assessment"
    verbose_name = _("考核")

    def ready(self) -> None:
        """Counts of units and the registers make themselves known."""
        from soildesk.assessment.queries import unitcounts  # noqa: F401
        from soildesk.assessment.register import adoptions, assessments  # noqa: F401
