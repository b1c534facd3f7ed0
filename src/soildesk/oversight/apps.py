"""The room `oversight`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OversightConfig(AppConfig):
    """Inspections, visits, and the one list of problems that somebody must settle."""

    name = "soildesk.oversight"
    label = "oversight"
    verbose_name = _("监督执法")

    def ready(self) -> None:
        """Registers, measures, what this room adds to the page of a firm and what it hears of firms and plots make themselves known."""
        from soildesk.enterprises.services import owing
        from soildesk.oversight import complaints, measures, rounds_measures  # noqa: F401
        from soildesk.oversight.queries import fromplots as problems_of_plots
        from soildesk.oversight.register import firms, plots, problems, visits  # noqa: F401
        from soildesk.oversight.services import candidates, fromplots
        from soildesk.plots.queries import violations
        from soildesk.plots.services import controlrounds

        owing.at_change(candidates.keep)
        controlrounds.at_finding(fromplots.open_problems)
        violations.also_told_by(problems_of_plots.violations)
