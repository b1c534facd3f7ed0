"""Pages of 系统 and of one's own account. `NAVIGATION` is what the frame shows of them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAVIGATION: tuple[tuple[str | Promise, str, str, str], ...] = (
    (_("人员与角色"), "core:people", "core.manage_people", "people"),
    (_("部门"), "core:departments", "core.manage_departments", "building"),
    (_("行政区划"), "core:divisions", "core.read_places", "diagram-3"),
    (_("工作日历"), "core:calendar", "core.read_places", "calendar3"),
    (_("后台作业"), "core:jobs", "", "hourglass-split"),
    (_("审计"), "core:audit", "core.read_audit", "shield-check"),
)
"""Title, address name, permission and icon of each page under 系统, in order."""
