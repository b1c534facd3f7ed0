"""The room `farmland`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FarmlandConfig(AppConfig):
    """Farmland: classes as approved and as proposed, measures and rates, produce and grain, inputs and water."""

    name = "soildesk.farmland"
    label = "farmland"
    verbose_name = _("农用地")

    def ready(self) -> None:
        """Registers, imports, measures and what this room knows of a ground make themselves known."""
        from soildesk.core import worker
        from soildesk.farmland import (  # noqa: F401
            approvedimport,
            figuresimport,
            groundmeasures,
            holdingmeasures,
            inputmeasures,
            producemeasures,
            reportmeasures,
            sources,
            unitmeasures,
            usemeasures,
            usewritten,
            zonemeasures,
        )
        from soildesk.farmland.register import (  # noqa: F401
            areatasks,
            classbeside,
            classifications,
            controlreports,
            decisions,
            figures,
            grainbeside,
            holdings,
            households,
            lots,
            measures,
            returns,
            seasons,
            spreadings,
            techniques,
            triggers,
            units,
            usebeside,
            useplans,
            zones,
        )
        from soildesk.farmland.services import labtests, taskduties
        from soildesk.farmland.services import triggers as threads
        from soildesk.monitoring import batchpages
        from soildesk.monitoring.services import judging

        judging.at_judged(labtests.heard)
        batchpages.beside(grainbeside.of_batch)
        worker.at_housekeeping(labtests.keep_up)
        worker.at_housekeeping(threads.keep_up)
        worker.at_housekeeping(taskduties.keep_up)
