"""Measure of the zones for grain and important produce: no ground under strict control lies in one any more."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.farmland.mu import to_mu
from soildesk.farmland.queries import foodzones
from soildesk.kit.measures import MeasureResult, measure
from soildesk.monitoring.measuring import TASK, Asked, Counted
from soilrules.indicators.shares import share

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

NO_ZONES = gettext_noop(
    "没有“粮食生产功能区和重要农产品生产保护区”图层：请自然资源、农业农村部门导入，没有图层不能判断要不要调整。"
)
NO_UNITS = gettext_noop("没有登记严格管控类的评价单元：没有登记不等于没有，不能判断。")
ADJUSTED = gettext_noop(
    "%(all)d 个严格管控类单元中，%(good)d 个不在粮食生产功能区和重要农产品生产保护区内（%(percent)s%%）。"
)


@measure(
    "farmland.food_zones_adjusted",
    title=_("粮食生产功能区和重要农产品生产保护区已按严格管控类耕地调整"),
    reads=("farmland.unitclass", "farmland.unitversion", "land.zone"),
    words=("对粮食生产功能区和重要农产品保护区进行相应调整", "粮食生产功能区和重要农产品保护区", "粮食生产功能区"),
    subjects=(TASK,),
)
def food_zones_adjusted(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every unit under strict control lies outside the zones of the day; where it does not, the zone is to be adjusted."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    held = foodzones.drawn(actor, asked.limit, asked.known)
    if held is None:
        return asked.cannot_say(NO_ZONES)
    units = foodzones.strict_units(actor, asked.limit, asked.division.path, asked.known)
    rows = [_row(foodzones.inside(one, held)) for one in units]
    return asked.share(rows, share, ADJUSTED) if rows else asked.cannot_say(NO_UNITS)


def _row(one: foodzones.Inside) -> Counted:
    note = _t("在%(zones)s内 %(mu)s 亩：请报原批准机关调出") % {"zones": "、".join(one.zones), "mu": to_mu(one.area_m2)}
    version = one.version
    name = f"{version.unit.number} {version.name}"
    return Counted("farmland.unit", str(version.unit.uid), name, not one.zones, note if one.zones else _t("不在两区内"))
