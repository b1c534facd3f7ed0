"""The room `monitoring`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    """Points, campaigns, laboratory results, their judgement, and warnings that somebody must close."""

    name = "soildesk.monitoring"
    label = "monitoring"
    verbose_name = _("监测")

    def ready(self) -> None:
        """Registers, measures and jobs make themselves known."""
        from soildesk.core import worker
        from soildesk.monitoring import measures, pictures, warning_measures  # noqa: F401
        from soildesk.monitoring.register import (  # noqa: F401
            alertpages,
            alerts,
            backgrounds,
            batches,
            campaigns,
            ownerrules,
            points,
            results,
            surfaces,
            tasks,
            verdictmap,
        )
        from soildesk.monitoring.services import intake, judging

        alertpages.beside(pictures.of_alert)
        worker.at_housekeeping(intake.drop_orphans)
        worker.at_housekeeping(judging.keep_up)
