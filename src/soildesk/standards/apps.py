"""The room `standards`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StandardsConfig(AppConfig):
    """Standards in force here, what is judged by them, and health risk worked out by HJ 25.3."""

    name = "soildesk.standards"
    label = "standards"
    verbose_name = _("标准与判定")

    def ready(self) -> None:
        from soildesk.standards import judgeregister, localimport, localregister, riskregister  # noqa: F401
        from soildesk.standards.queries import evaluations, riskfinding  # noqa: F401
