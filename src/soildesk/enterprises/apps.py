"""The room `enterprises`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnterprisesConfig(AppConfig):
    """Regulated enterprises, the lists they stand on, the duties that follow, and what they file."""

    name = "soildesk.enterprises"
    label = "enterprises"
    verbose_name = _("重点单位")

    def ready(self) -> None:
        """Registers, imports and what this room knows of a ground make themselves known."""
        from soildesk.core import worker
        from soildesk.enterprises import (  # noqa: F401
            comparing,
            hazardimport,
            list_measures,
            listimport,
            measures,
            sources,
            wastemeasures,
            yardmeasures,
        )
        from soildesk.enterprises.register import (  # noqa: F401
            enterprises,
            facilities,
            filings,
            happenings,
            hazards,
            inspections,
            investigations,
            lists,
            plantpages,
            proposals,
            sites,
            waste,
        )
        from soildesk.enterprises.services import investigations as cases
        from soildesk.enterprises.services import owing

        worker.at_housekeeping(cases.keep_up)
        worker.at_housekeeping(owing.keep_up)
