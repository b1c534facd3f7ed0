"""What may be done with enterprises, and by which roles."""

from django.utils.translation import gettext_lazy as _

from soildesk.core.models import RoleGrant
from soildesk.core.permissions import READERS, register

_OFFICE = {RoleGrant.Role.OFFICER, RoleGrant.Role.ISSUER}
_FIELD = {RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN}
_FIRM = {RoleGrant.Role.ENTERPRISE}

register("enterprises.read", _("查阅企业、名录与义务"), READERS)
register("enterprises.read_plant", _("查阅设施、隐患排查与平面图"), READERS | _FIRM)
register("enterprises.read_personal", _("查看企业联系人"), _OFFICE | {RoleGrant.Role.AUDITOR})
register("enterprises.keep", _("登记与更正企业"), _OFFICE)
register("enterprises.keep_lists", _("登记名录文件"), _OFFICE)
register("enterprises.record", _("登记企业事项"), _OFFICE)
register("enterprises.file", _("企业申报"), _FIRM | _OFFICE)
register("enterprises.accept", _("审核企业申报"), _OFFICE)
register("enterprises.release", _("公开申报内容"), {RoleGrant.Role.ISSUER})
register("enterprises.receive", _("拆除方案备案回执"), _OFFICE | {RoleGrant.Role.DEPARTMENT})
register("enterprises.inspect", _("隐患排查与整改"), _FIRM | _OFFICE | _FIELD)
register("enterprises.verify", _("验收隐患整改"), _OFFICE)
register("enterprises.investigate", _("调查异常数据"), _OFFICE)
register("enterprises.represent", _("授权企业人员"), _OFFICE)
register("enterprises.own", _("查看本企业"), _FIRM)
