"""Words of plots under control: media, what rounds find, citations of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soilrules.bases import bases_on
from soilrules.plots.control import Found, Medium

MEDIA: Mapping[Medium, Any] = {
    Medium.SOIL: _l("土壤"),
    Medium.GROUNDWATER: _l("地下水"),
    Medium.SURFACE_WATER: _l("地表水"),
    Medium.AIR: _l("环境空气"),
}
FOUND: Mapping[Found, Any] = {
    Found.BUILDING: _l("与管控、修复无关的建设"),
    Found.USE: _l("擅自使用"),
    Found.SPREAD: _l("污染扩散"),
    Found.SIGN: _l("标识缺失或损坏"),
}


def medium_word(medium: str) -> str:
    """What a medium is called."""
    return str(MEDIA[Medium(medium)])


def found_words(found: Iterable[Found]) -> str:
    """What was found, in one line."""
    return "、".join(str(FOUND[one]) for one in found)


def basis_of(ids: Iterable[str], on: date) -> str:
    """The citations of a day; those a newer law leaves open say so."""
    told = []
    for one in bases_on(tuple(ids), on):
        open_ = "" if one.confirmed(on) else _("（新法施行后是否继续适用，尚待确认）")
        told.append(f"{one.cited}{open_}")
    return "、".join(dict.fromkeys(told))
