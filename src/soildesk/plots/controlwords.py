"""Words of plots under control: media, what rounds find, citations of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soilrules.bases import bases_on
from soilrules.plots.control import Found, Medium

if TYPE_CHECKING:
    from soildesk.plots.queries.control import Within

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


SIGN_DOUBTS = {
    "unrecorded": _l("巡查写的是标识完好，但到当日没有登记过标识：请核对，并在管控区域页面登记标识。"),
    "not_set": _l("到当日没有登记过标识，属于尚未设置，不是缺失、损坏：请设置后在管控区域页面登记标识。"),
}


def within_words(found: Within) -> str:
    """What a round is compared with: its zone, or the plot and why."""
    if found.zone is None:
        return _("地块登记范围（当日还没有管控区域）")
    if not found.in_force:
        return _("地块登记范围（当日管控区域已提出，还没有批准）")
    told = {"authority": found.zone.authority, "number": found.zone.approval}
    return _("管控区域（%(authority)s %(number)s批准）") % told


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
