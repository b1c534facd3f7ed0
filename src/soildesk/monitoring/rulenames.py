"""The short names of the rules a batch is checked by: those of files, those of plausibility, and the desk's own."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _l

from soildesk.kit.languages import called
from soilrules import labcheck
from soilrules.monitoring.plausibility import plausibility_rules

OWN_RULES = {
    "batch.date_differs": _l("采样日期与采样记录不同"), "batch.medium_differs": _l("介质与采样任务不同"),
    "batch.dropped": _l("采样任务已取消"), "batch.missing": _l("缺样品"), "batch.already": _l("已接收过"),
    "quality_sheet": _l("质控表填写"),
}  # fmt: skip


@cache
def _titles() -> dict[str, Any]:
    return {**{name: one.zh for name, one in labcheck.rules().items()}, **OWN_RULES,
            **{name: one.standard for name, one in plausibility_rules().items()}}  # fmt: skip


def rule_title(rule: str) -> str:
    """The short name of a rule."""
    known = labcheck.rules().get(rule)
    if known is not None:
        return called(known)
    return str(_titles().get(rule, rule))


def rule_choices() -> list[tuple[str, str]]:
    """Every rule by its short name."""
    return [(rule, rule_title(rule)) for rule in _titles()]
