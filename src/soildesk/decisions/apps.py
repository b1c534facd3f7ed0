"""The room `decisions`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DecisionsConfig(AppConfig):
    """The gate every office asks before land moves, and its answers."""

    name = "soildesk.decisions"
    label = "decisions"
    verbose_name = _("准入核查")

    def ready(self) -> None:
        """Registers make themselves known."""
        from soildesk.decisions.register import batches, ground_acts, opinions, queries  # noqa: F401
