"""What may be done in monitoring, and by which roles."""

from django.utils.translation import gettext_lazy as _

from soildesk.core.models import RoleGrant
from soildesk.core.permissions import READERS, register

_OFFICE = {RoleGrant.Role.OFFICER, RoleGrant.Role.ISSUER}
_FIELD = {RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN}
_LABORATORY = {RoleGrant.Role.LABORATORY}

register("monitoring.read", _("查阅监测点位、结果与预警"), READERS)
register("monitoring.read_personal", _("查看采样人与见证人"), _OFFICE | {RoleGrant.Role.AUDITOR})
register("monitoring.keep_points", _("登记与调整监测点位"), _OFFICE)
register("monitoring.plan", _("编制监测任务"), _OFFICE)
register("monitoring.sample", _("采样记录与流转"), _OFFICE | _FIELD)
register("monitoring.check_file", _("检查检测数据文件"), _OFFICE | _FIELD | _LABORATORY)
register("monitoring.send_results", _("报送检测数据"), _OFFICE | _FIELD | _LABORATORY)
register("monitoring.accept_results", _("审核接收检测数据"), _OFFICE)
register("monitoring.qualify", _("标记与更正检测结果"), _OFFICE)
register("monitoring.judge", _("评价检测结果"), _OFFICE)
register("monitoring.handle_alert", _("处置预警"), _OFFICE | _FIELD)
register("monitoring.close_alert", _("预警销号、并入与上报"), _OFFICE)
register("monitoring.keep_owners", _("登记预警属地规则"), _OFFICE)
register("monitoring.approve_export", _("批准导出分级数据"), {RoleGrant.Role.ISSUER})
register("monitoring.draw_surface", _("绘制插值图"), _OFFICE)
