"""What may be done with standards and judgements, and by which roles."""

from django.utils.translation import gettext_lazy as _

from soildesk.core.models import RoleGrant
from soildesk.core.permissions import READERS, register

_OFFICE = {RoleGrant.Role.OFFICER, RoleGrant.Role.ISSUER}
_EXPERTS = {RoleGrant.Role.DEPARTMENT}
"""Units that work for the office, such as a consultant: they see and run the sites of their own unit."""

register("standards.read", _("查阅标准与评估"), READERS)
register("standards.judge", _("判定检测结果"), _OFFICE | _EXPERTS | {RoleGrant.Role.TOWN})
register("standards.local.propose", _("录入地方标准"), _OFFICE)
register("standards.local.accept", _("复核采用地方标准"), _OFFICE)
register("standards.assess_risk", _("开展风险评估"), _OFFICE | _EXPERTS)
