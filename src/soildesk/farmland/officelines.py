"""Lines of work on farmland and what their offices are called."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l


class Line(StrEnum):
    """A line of work on farmland; the value is the `function` of its departments."""

    FARMING = "agriculture"
    FORESTRY = "forestry"
    GRAIN = "grain"
    MARKET = "market"
    FINANCE = "finance"
    ECOLOGY = "ecology"
    RESOURCES = "natural_resources"


LINES: Mapping[Line, str | Promise] = {
    Line.FARMING: _l("农业农村部门"),
    Line.FORESTRY: _l("林业和草原（园林绿化）部门"),
    Line.GRAIN: _l("粮食和储备部门"),
    Line.MARKET: _l("市场监督管理部门"),
    Line.FINANCE: _l("财政部门"),
    Line.ECOLOGY: _l("生态环境部门"),
    Line.RESOURCES: _l("自然资源部门"),
}
