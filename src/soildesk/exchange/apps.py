"""The front `exchange`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    """Machines that read and write: REST, OGC API, files in and out."""

    name = "soildesk.exchange"
    label = "exchange"
    verbose_name = _("数据交换")
