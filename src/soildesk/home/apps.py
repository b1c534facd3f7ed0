"""The room `home`."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """今日."""

    name = "soildesk.home"
    label = "home"
    verbose_name = "今日"
