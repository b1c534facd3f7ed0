"""The room `kit`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KitConfig(AppConfig):
    """页面部件."""

    name = "soildesk.kit"
    label = "kit"
    verbose_name = "页面部件"

    def ready(self) -> None:
        """Put the pages of core, which cannot know the navigation, and the kit's own into it."""
        from soildesk.core import clock, worker
        from soildesk.kit import (
            formwords,
            imports,
            tableimport,  # noqa: F401
        )
        from soildesk.kit.gis import kind, tasks  # noqa: F401 — makes the import and its jobs known
        from soildesk.kit.navigation import register
        from soildesk.kit.services.staff import people, units  # noqa: F401

        formwords.take()
        worker.at_housekeeping(lambda: imports.drop_orphans(clock.now()))
        system = _("系统")
        register(system, _("导入记录"), "kit:imports", order=910, icon="inbox", key="i")
        register(system, _("后台作业"), "core:jobs", order=920, icon="hourglass-split", key="j")
        register(system, _("部门与单位"), "core:departments", "core.manage_departments", order=930, icon="building")
        register(system, _("行政区划"), "core:divisions", "core.read_places", order=940, icon="geo-alt")
        register(system, _("工作日历"), "core:calendar", "core.read_places", order=950, icon="calendar3")
        register(system, _("人员与角色"), "core:people", "core.manage_people", order=960, icon="people")
        register(system, _("审计记录"), "core:audit", "core.read_audit", order=970, icon="shield-check")
