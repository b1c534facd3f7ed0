"""What media, levels and uses of a standard are called, and how a limit is printed."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.standards.verdicts import level_word
from soilrules.standards.model import Edition, Limit

MEDIA: Mapping[str, str | Promise] = {
    "soil": _l("土壤"),
    "groundwater": _l("地下水"),
    "irrigation_water": _l("农田灌溉水"),
    "produce": _l("农产品"),
}
STANDING: Mapping[str, tuple[str, str, str | Promise]] = {
    "in_force": ("good", "check-circle-fill", _l("施行中")),
    "ahead": ("busy", "hourglass-split", _l("尚未施行")),
    "ended": ("calm", "clock-history", _l("已被替代")),
}


def heading(text: str) -> str:
    """A heading of a printed table: "control|第一类用地" is 管制值 第一类用地."""
    level, bar, rest = text.partition("|")
    return " ".join(filter(None, (level_word(level), rest))) if bar else text


def bound(limit: Limit, *, unit: bool = False) -> str:
    """The figure of a limit; with its unit where asked."""
    if limit.bound.words:
        return "、".join(limit.bound.words)
    if limit.bound.not_detected:
        return _("不得检出")
    return f"{limit.bound} {limit.unit.symbol}" if unit else str(limit.bound)


def uses(limit: Limit, edition: Edition, language: str) -> str:
    """For which uses a limit holds."""
    gap = "、" if language == "zh" else ", "
    return gap.join(edition.uses[key].name(language) for key in limit.uses) or _("全部")


def band(limit: Limit) -> str:
    """For which pH a limit holds; empty for every one."""
    return f"pH {limit.ph}" if limit.ph is not None else ""
