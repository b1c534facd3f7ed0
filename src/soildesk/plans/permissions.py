"""What may be done with plans, and by which roles."""

from django.utils.translation import gettext_lazy as _

from soildesk.core.models import RoleGrant
from soildesk.core.permissions import READERS, register

_OFFICE = {RoleGrant.Role.OFFICER, RoleGrant.Role.ISSUER}
_UNITS = {RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN}

register("plans.read", _("查阅方案"), READERS)
register("plans.import", _("导入方案"), _OFFICE)
register("plans.review", _("审核任务"), _OFFICE)
register("plans.settle", _("裁定方案内的不一致"), {RoleGrant.Role.ISSUER})
register("plans.publish", _("发布方案"), {RoleGrant.Role.ISSUER})
register("plans.close", _("方案总结"), {RoleGrant.Role.ISSUER})
register("plans.report", _("填报本单位进展"), _UNITS | _OFFICE)
register("plans.verify", _("核实进展"), _OFFICE)
register("plans.link", _("登记承接关系"), _OFFICE)
register("plans.keep_activities", _("登记宣传培训"), _UNITS | _OFFICE)
register("plans.count_activities", _("认定宣传培训"), _OFFICE)
register("plans.bind", _("选定核算办法"), _OFFICE)
