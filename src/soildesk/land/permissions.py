"""What may be done with land, and by which roles."""

from django.utils.translation import gettext_lazy as _

from soildesk.core.models import RoleGrant
from soildesk.core.permissions import READERS, register

_OFFICE = {RoleGrant.Role.OFFICER, RoleGrant.Role.ISSUER}
_FIELD = {RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN}

register("land.read", _("查阅地块与图层"), READERS)
register("land.read_personal", _("查看使用权人"), _OFFICE)
_PARCEL_KEEPERS = {RoleGrant.Role.DEPARTMENT: {"natural_resources"}}  # parcels are the records of natural resources
register("land.keep_parcels", _("登记与变更地块"), _OFFICE, also=_PARCEL_KEEPERS)
register("land.keep_layers", _("导入与维护图层"), _OFFICE)
register("land.publish_layers", _("公开图层"), {RoleGrant.Role.ISSUER})
register("land.keep_unused", _("登记未利用地"), _OFFICE | _FIELD)
register("land.photograph", _("上传地块照片"), _OFFICE | _FIELD)
register("land.patrol", _("登记巡查"), _OFFICE | _FIELD)
