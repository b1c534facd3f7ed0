"""The room `decisions`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DecisionsConfig(AppConfig):
    """The gate every office asks before land moves, and its answers."""

    name = "soildesk.decisions"
    label = "decisions"
    verbose_name = _("准入核查")

    def ready(self) -> None:
        """Registers, and what this room tells the register of plots, make themselves known; what is issued is guarded."""
        from soildesk.decisions.models.written_once import guard_tables

        post_migrate.connect(guard_tables, sender=self, dispatch_uid="decisions.written_once")
        from soildesk.decisions import limits, measures, recalled, rulesimport  # noqa: F401
        from soildesk.decisions.register import batches, ground_acts, opinions, queries  # noqa: F401
