"""The room `home`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """今日 and 会前一览."""

    name = "soildesk.home"
    label = "home"
    verbose_name = "今日"

    def ready(self) -> None:
        """Put the first page first in the navigation."""
        from soildesk.kit import navigation

        navigation.register("", _("今日"), "home:today", order=10, icon="house", key="t")
        navigation.register("", _("会前一览"), "home:director", "supervision.read", order=11, icon="flag", key="b")
        navigation.register(
            _("系统"), _("开始使用"), "home:begin", "core.manage_departments", order=899, icon="signpost-split"
        )
        navigation.register(
            _("方案与任务"), _("指标：当时与现在"), "home:hindsight", "plans.read", order=28, icon="clock-history"
        )
        navigation.register(
            _("方案与任务"), _("指标：各地情况"), "home:places", "supervision.read", order=29, icon="table"
        )
