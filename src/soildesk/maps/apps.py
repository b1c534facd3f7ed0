"""The front `maps`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MapsConfig(AppConfig):
    """The one map: tiles, the page, printed sheets."""

    name = "soildesk.maps"
    label = "maps"
    verbose_name = _("一张图")
