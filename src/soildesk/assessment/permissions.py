"""What may be done in assessment, and by which roles. Whose side an act belongs to is said by its table (soilrules.assessment.life)."""

from django.utils.translation import gettext_lazy as _

from soildesk.core.models import RoleGrant
from soildesk.core.permissions import READERS, register

_OFFICE = {RoleGrant.Role.OFFICER, RoleGrant.Role.ISSUER}

register("assessment.read", _("查阅考核"), READERS)
register("assessment.adopt", _("采用考核方案"), {RoleGrant.Role.ISSUER})
register("assessment.open", _("发起考核"), _OFFICE)
register("assessment.fill", _("填写考核自评"), {*_OFFICE, RoleGrant.Role.TOWN})
register("assessment.sign", _("签报考核自评、提出异议"), {RoleGrant.Role.ISSUER, RoleGrant.Role.TOWN})
register("assessment.check", _("核查考核自评"), _OFFICE)
register("assessment.finish", _("核定考核结果、决定后续建议"), {RoleGrant.Role.ISSUER})
