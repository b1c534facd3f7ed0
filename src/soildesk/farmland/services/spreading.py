"""Acts on what is put on farmland: sludge, compost, manure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.farmland.models import Spreading
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


SPREADINGS = Telling(
    Spreading, KEEP, "farmland.spreading",
    frozenset({"kind", "unit", "on", "tonnes", "area_m2", "origin", "report_number", "within", "note"}), _check,
)  # fmt: skip
