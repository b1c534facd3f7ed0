"""What may be done with farmland, and by which roles. Which office does what is said by the acts (`services.offices`)."""

from django.utils.translation import gettext_lazy as _

from soildesk.core.models import RoleGrant
from soildesk.core.permissions import READERS, register

_OFFICE = {RoleGrant.Role.OFFICER, RoleGrant.Role.ISSUER}
_OFFICES = _OFFICE | {RoleGrant.Role.DEPARTMENT}
_REVIEWERS = {"agriculture", "ecology", "forestry"}
"""Lines of work that keep units and their classes; what is proposed is shown to no other office before it is approved."""
_NEAR_HOUSEHOLDS = {"agriculture", "ecology", "forestry", "grain"}
"""Lines of work that deal with households: they pay, exchange and inspect, as towns do; a market or finance bureau reads numbers."""
_FIELD = {RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN}

register("farmland.read", _("查阅农用地单元和现行类别"), READERS)
register("farmland.read_personal", _("查看农户信息"), _OFFICE | _FIELD | {RoleGrant.Role.AUDITOR}, _NEAR_HOUSEHOLDS)
register("farmland.read_proposals", _("查阅建议类别"), _OFFICES | {RoleGrant.Role.AUDITOR}, _REVIEWERS)
register("farmland.keep_units", _("登记评价单元"), _OFFICES, _REVIEWERS)
register("farmland.keep_households", _("登记农户"), _OFFICES | {RoleGrant.Role.TOWN}, _NEAR_HOUSEHOLDS)
register("farmland.register_classes", _("登记批准的类别划分成果"), _OFFICES, _REVIEWERS)
register("farmland.classify", _("开展类别划分"), _OFFICES)
register("farmland.check_field", _("登记外业核实"), _OFFICE | _FIELD, _REVIEWERS)
register("farmland.review_classes", _("会审类别划分"), _OFFICES)
register("farmland.plan_use", _("编制安全利用和严格管控方案"), _OFFICES)
register("farmland.keep_measures", _("登记受污染耕地措施"), _OFFICE | _FIELD)
register("farmland.keep_library", _("维护技术库和品种清单"), _OFFICES)
register("farmland.propose_zone", _("提出特定农产品禁止生产区域"), _OFFICES)
register("farmland.give_tasks", _("下达受污染耕地任务"), _OFFICES)
register("farmland.keep_rates", _("登记上级核定值"), _OFFICES, _REVIEWERS)
register("farmland.keep_seasons", _("登记种植季"), _OFFICE | _FIELD)
register("farmland.test_produce", _("登记农产品检测"), _OFFICE | _FIELD)
register("farmland.lock", _("锁定和解除锁定"), _OFFICES)
register("farmland.move_grain", _("登记收购、储存和处置"), _OFFICE | _FIELD)
register("farmland.notify", _("发出粮食通报"), _OFFICES)
register("farmland.keep_figures", _("登记投入品和废弃物数据"), _OFFICE | _FIELD)
register("farmland.keep_holdings", _("登记经营主体"), _OFFICE | _FIELD)
