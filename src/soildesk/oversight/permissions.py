"""What may be done in oversight, and by which roles."""

from django.utils.translation import gettext_lazy as _

from soildesk.core.models import RoleGrant
from soildesk.core.permissions import READERS, register

_OFFICE = {RoleGrant.Role.OFFICER, RoleGrant.Role.ISSUER}
_FIELD = {RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN}

register("oversight.read", _("查阅问题清单"), READERS)
register("oversight.read_plans", _("查阅检查计划与检查记录"), _OFFICE | {RoleGrant.Role.AUDITOR})
register("oversight.draw", _("抽取检查对象"), {RoleGrant.Role.ISSUER})
register("oversight.visit", _("登记现场检查"), _OFFICE)
register("oversight.record", _("登记问题"), _OFFICE)
register("oversight.answer", _("报送整改情况"), _OFFICE | _FIELD)
register("oversight.settle", _("验收销号"), _OFFICE)
