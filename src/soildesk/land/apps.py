"""The room `land`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LandConfig(AppConfig):
    """Parcels and their lineage, zones, unused land: the ground every other register stands on."""

    name = "soildesk.land"
    label = "land"
    verbose_name = _("土地与一张图")

    def ready(self) -> None:
        from soildesk.land import boundaries, finding, layers, register, sources  # noqa: F401
