"""Acts on traces of polluted irrigation water: where it comes from, what was done about it, when that was closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.farmland.models import WaterTrace
from soildesk.farmland.refusals import InputRefused
from soildesk.farmland.services.telling import Telling
from soildesk.land.services.writing import refuse_future

KEEP = "farmland.keep_figures"


def _check(facts: Mapping[str, Any], by: Actor) -> None:
    if not facts.get("found"):
        raise InputRefused(
            _("请写明溯源结论：查了哪里、判断来自哪里；还没有结论的写“正在排查”。"), code="farmland.input.words"
        )
    closed = facts.get("closed_on")
    if closed is None:
        return
    refuse_future(closed, by, InputRefused, "farmland.input.future")
    if closed < facts["on"]:
        raise InputRefused(_("办结日期 %(day)s 早于溯源日期：请核对。") % {"day": closed}, code="farmland.input.days")
    if not facts.get("done"):
        raise InputRefused(
            _("办结要有措施：请写明采取了什么措施，例如“停用该灌渠，改用地下水”。"), code="farmland.input.words"
        )


TRACES = Telling(
    WaterTrace, KEEP, "farmland.watertrace",
    frozenset({"point", "on", "year", "analytes", "found", "source", "done", "closed_on", "note"}), _check,
)  # fmt: skip
