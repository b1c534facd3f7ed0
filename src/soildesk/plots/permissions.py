"""What may be done with plots, and by which roles."""

from django.utils.translation import gettext_lazy as _

from soildesk.core.models import RoleGrant
from soildesk.core.permissions import READERS, register

_OFFICE = {RoleGrant.Role.OFFICER, RoleGrant.Role.ISSUER}
_FIELD = {RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN}

register("plots.read", _("查阅地块"), READERS)
register("plots.read_personal", _("查看地块使用权人等个人信息"), _OFFICE | {RoleGrant.Role.AUDITOR})
register("plots.keep", _("登记与更正地块"), _OFFICE)
register("plots.record", _("登记地块事项"), _OFFICE)
register("plots.keep_lists", _("登记名单（名录）文件"), _OFFICE)
register("plots.decide", _("核实疑似地块线索"), _OFFICE)
register("plots.notify", _("制发书面通知"), {RoleGrant.Role.ISSUER, RoleGrant.Role.OFFICER})
register("plots.file", _("登记地块报告"), _OFFICE | {RoleGrant.Role.DEPARTMENT})
register("plots.review", _("出具评审意见"), _OFFICE | {RoleGrant.Role.DEPARTMENT})
register("plots.accept", _("办理报告评审结论"), _OFFICE)
register("plots.read_reviews", _("查阅评审过程"), READERS)
register("plots.opine", _("提出专家评审意见"), {RoleGrant.Role.EXPERT})
register("plots.keep_experts", _("维护评审专家"), _OFFICE)
register("plots.draw", _("抽取复核报告"), {RoleGrant.Role.ISSUER})
register("plots.control", _("登记管控与巡查"), _OFFICE | _FIELD)
