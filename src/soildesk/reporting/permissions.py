"""What may be done in reporting, and by which roles."""

from django.utils.translation import gettext_lazy as _

from soildesk.core.models import RoleGrant
from soildesk.core.permissions import READERS, register

_OFFICE = {RoleGrant.Role.OFFICER, RoleGrant.Role.ISSUER}

register("reporting.read", _("查阅报表日历与报表"), READERS)
register("reporting.plan", _("维护报表日历"), _OFFICE)
register("reporting.make", _("生成报表"), _OFFICE)
register("reporting.sign", _("签发报表"), {RoleGrant.Role.ISSUER})
register("reporting.send", _("登记报送与回执"), _OFFICE)
register("reporting.templates", _("维护报表模板与空表"), _OFFICE)
