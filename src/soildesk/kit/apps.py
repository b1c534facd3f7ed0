"""The room `kit`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KitConfig(AppConfig):
    """页面部件."""

    name = "soildesk.kit"
    label = "kit"
    verbose_name = "页面部件"

    def ready(self) -> None:
        """Put the kit's own page into the navigation."""
        from soildesk.kit import navigation

        navigation.register(_("系统"), _("导入记录"), "kit:imports", order=960, icon="inbox", key="i")
