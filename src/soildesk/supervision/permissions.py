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
register("supervision.dispatch", _("发起、结束调度，退回调度表"), _OFFICE)
register("supervision.fill", _("填报、签报调度表"), _OFFICE | _UNITS)
register("supervision.letters", _("起草、发出函件，办理约谈"), _OFFICE)
register("supervision.sign", _("签发函件"), {RoleGrant.Role.ISSUER})
register("supervision.meetings", _("办理联席会议"), _OFFICE)
register("supervision.run", _("核查并发出督办单"), _OFFICE)
