"""What may be asked of the gate, and by which roles."""

from django.utils.translation import gettext_lazy as _

from soildesk.core.models import RoleGrant
from soildesk.core.permissions import READERS, register

_OFFICE = {RoleGrant.Role.OFFICER, RoleGrant.Role.ISSUER}
_FIELD = {RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN}

register("decisions.read", _("查阅准入核查"), READERS)
register("decisions.ask", _("发起准入核查"), _OFFICE | _FIELD)
register("decisions.ground", _("登记附条件通过的书面理由"), {RoleGrant.Role.ISSUER})
register("decisions.province", _("登记全国系统查询结果"), _OFFICE | {RoleGrant.Role.DEPARTMENT})
register("decisions.opine", _("答复书面意见"), _OFFICE)
register("decisions.record", _("登记用地办理事项"), _OFFICE | {RoleGrant.Role.DEPARTMENT})
register("decisions.enter_rules", _("导入本地规则"), _OFFICE)
register("decisions.adopt", _("采用属地规则"), {RoleGrant.Role.ISSUER})
