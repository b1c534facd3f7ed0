"""The room `plans`."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """方案与任务."""

    name = "soildesk.plans"
    label = "plans"
    verbose_name = "方案与任务"
