"""What outcomes, marks and the causes of an unknown are called on pages, each outcome with its tone and icon."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from soildesk.kit.parts import Chip, Tone
from soildesk.standards.refusals import language
from soilrules.messages import catalogue

Word = str | Promise

OUTCOMES: Mapping[str, tuple[Tone, str]] = {
    "exceeds_control": ("bad", "x-circle-fill"),
    "exceeds_screening": ("warn", "exclamation-triangle-fill"),
    "exceeds": ("bad", "x-circle-fill"),
    "unknown": ("unknown", "question-octagon"),
    "meets": ("good", "check-circle-fill"),
}
"""Tone and icon, the gravest first, as they are shown."""
MARK_TONES: Mapping[str, Tone] = {"double-sourced": "good", "single-sourced": "calm", "from-knowledge": "warn"}
ROLES: Mapping[str, Word] = {
    "sample": _l("样品编号"),
    "point": _l("点位"),
    "analyte": _l("检测项目"),
    "result": _l("检测结果"),
    "unit": _l("单位"),
    "detection_limit": _l("检出限"),
    "qualifier": _l("标记"),
    "ph": _l("土壤 pH"),
    "land": _l("用地类型"),
    "land_class": _l("用地类别"),
    "planned_use": _l("规划用途"),
    "crop": _l("作物"),
    "water_use": _l("灌溉用途"),
    "medium": _l("介质"),
    "standard": _l("执行标准"),
    "date": _l("采样日期"),
    "background": _l("背景值"),
    "depth": _l("深度"),
}
SHAPES: Mapping[str, Word] = {
    "long": _l("一行一个结果"),
    "wide": _l("一行一个样品，每个项目一列"),
    "crossed": _l("一行一个项目，每个样品一列"),
}


def _said(group: str, key: str) -> str:
    """A word of the rules' own catalogue; what it does not know stays as it is."""
    known = catalogue("evaluation")[group].get(key)
    return known[language()] if known else key


def word(outcome: str) -> str:
    """What an outcome is called."""
    return _said("outcomes", outcome)


def mark_word(mark: str) -> str:
    """How sure a figure is."""
    return _said("marks", mark)


def level_word(level: str) -> str:
    """What a level of a standard is called."""
    return _said("levels", level)


def class_word(quality: str) -> str:
    """What a class of groundwater is called; 5 has no limit of its own and so no level."""
    found = level_word(quality)
    return str(_l("Ⅴ类")) if found == "V" else found


def cause_word(cause: str) -> str:
    """Why nothing can be said, in a few words."""
    return _said("causes", cause)


def chip(outcome: str, *, why: str = "", url: str = "") -> Chip:
    """The chip of an outcome."""
    tone, icon = OUTCOMES[outcome]
    return Chip(tone, word(outcome), icon, why, url)


def mark_chip(mark: str) -> Chip:
    """The chip of a mark."""
    return Chip(MARK_TONES.get(mark, "unknown"), mark_word(mark))


def role_word(role: str) -> str:
    """What a column of the table was taken for."""
    kind, _colon, meant = role.partition(": ")
    title = str(ROLES.get(kind, kind))
    return f"{title}：{meant}" if meant else title
