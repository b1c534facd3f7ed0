"""Acts on what is put on farmland: sludge, compost, manure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.farmland.models import Spreading, UnitVersion
from soildesk.farmland.mu import to_mu
from soildesk.farmland.refusals import InputRefused
from soildesk.farmland.services.telling import Telling, need_choice, need_positive

KEEP = "farmland.keep_figures"


def _check(facts: Mapping[str, Any], by: Actor) -> None:
    need_choice(facts, "kind", Spreading.Kind)
    need_positive(facts, "tonnes", _("数量"))
    need_positive(facts, "area_m2", _("施用面积"))
    if not facts.get("origin"):
        raise InputRefused(_("请填写来源单位：污泥、堆肥、粪污从哪里来。"), code="farmland.input.words")
    if facts.get("within") and not facts.get("report_number"):
        raise InputRefused(_("检测达标的，请填写检测报告编号。"), code="farmland.input.document")
    _check_area(facts, by)


def _check_area(facts: Mapping[str, Any], by: Actor) -> None:
    """What is put on a unit lies on it: more ground than there is would thin out the dose."""
    unit, area = facts.get("unit"), facts.get("area_m2")
    version = UnitVersion.objects.standing(facts.get("on") or by.today).filter(unit=unit).first() if unit else None
    if version is None or area is None:
        return
    most = max(Decimal(str(version.area_m2)), version.area_of_record_m2 or Decimal(0))
    if area > most * Decimal("1.01"):
        raise InputRefused(
            _("施用面积 %(area)s 亩大于单元“%(unit)s”的面积 %(most)s 亩：请核对面积，或者分单元登记。")
            % {"area": to_mu(area), "unit": version.name, "most": to_mu(most)},
            code="farmland.input.area",
        )


SPREADINGS = Telling(
    Spreading, KEEP, "farmland.spreading",
    frozenset({"kind", "unit", "on", "tonnes", "area_m2", "origin", "report_number", "within", "note"}), _check,
)  # fmt: skip
