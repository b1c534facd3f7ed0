"""The room `home`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """今日."""

    name = "soildesk.home"
    label = "home"
    verbose_name = "今日"

    def ready(self) -> None:
        """Put the first page first in the navigation."""
        from soildesk.kit import navigation

        navigation.register("", _("今日"), "home:today", order=10, icon="house", key="t")
