"""The room `plans`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """Plan documents, clauses, tasks, progress, bindings of measures."""

    name = "soildesk.plans"
    label = "plans"
    verbose_name = _("方案与任务")

    def ready(self) -> None:
        from soildesk.plans import (  # noqa: F401
            activityregister,
            imports,
            indicator_measures,
            measures,
            outreachmeasures,
            plotparties,
            register,
            targetmeasures,
        )
        from soildesk.plans.queries import bound, finding  # noqa: F401
