"""What may be done in supervision, and by which roles."""

from django.utils.translation import gettext_lazy as _

from soildesk.core.models import RoleGrant
from soildesk.core.permissions import READERS, register

_OFFICE = {RoleGrant.Role.OFFICER, RoleGrant.Role.ISSUER}
_UNITS = {RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN}

register("supervision.read", _("查阅督办单"), READERS)
register("supervision.answer", _("答复督办单"), _OFFICE | _UNITS)
register("supervision.ask", _("申请延期、挂账"), _OFFICE | _UNITS)
register("supervision.decide", _("审批延期、挂账，标注重要事项"), {RoleGrant.Role.ISSUER})
register("supervision.rules", _("设定督办规则和督办机构"), {RoleGrant.Role.ISSUER})
register("supervision.run", _("核查并发出督办单"), _OFFICE)
