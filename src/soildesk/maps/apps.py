"""The front `maps`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MapsConfig(AppConfig):
    """The one map: tiles, the page, printed sheets."""

    name = "soildesk.maps"
    label = "maps"
    verbose_name = _("一张图")

    def ready(self) -> None:
        """Put the map into the navigation."""
        from soildesk.kit import navigation

        navigation.register(_("一张图"), _("地图"), "maps:map", "land.read", order=150, icon="map", key="m")
