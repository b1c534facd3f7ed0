"""The room `kit`."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """页面部件."""

    name = "soildesk.kit"
    label = "kit"
    verbose_name = "页面部件"
