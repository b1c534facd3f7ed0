"""The room `plots`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlotsConfig(AppConfig):
    """Construction-land plots: their life from suspicion to release, the lists they stand on, reports and reviews."""

    name = "soildesk.plots"
    label = "plots"
    verbose_name = _("建设用地地块")

    def ready(self) -> None:
        """Registers, imports and what this room knows of a ground make themselves known."""
        from soildesk.plots import (  # noqa: F401
            controlmeasures,
            feedimport,
            finding,
            listimport,
            measures,
            nationalimport,
            openmeasures,
            sources,
        )
        from soildesk.plots.register import (  # noqa: F401
            candidates,
            control,
            experts,
            lists,
            notices,
            plots,
            reports,
        )
