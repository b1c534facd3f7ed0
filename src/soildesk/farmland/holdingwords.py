"""Words and chips of holdings, films, spreadings: what is shown of a verdict."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.enterprises.sentences import how_sure, language, said
from soildesk.kit.parts import Chip
from soilrules.bases import bases, bases_on
from soilrules.farmland.holdings import Limit, Stand, State, duties, held_against, laws, limits

LOOKS: dict[str, tuple[str, str, Any]] = {
    State.DONE: ("good", "check-circle-fill", _l("符合")),
    State.MISSING: ("warn", "exclamation-triangle-fill", _l("欠缺")),
    State.BREACHED: ("bad", "x-circle-fill", _l("违反")),
    State.UNKNOWN: ("unknown", "question-octagon", _l("无法判断")),
    "": ("calm", "dash-circle", _l("没有专门义务")),
}
"""Tone, icon and word of each state."""


LEAST_MM = limits()[Limit.FILM].least
OVER_MU = next(one.over_mu for one in duties() if one.over_mu is not None)
"""The least thickness of film, and the ground from which on produce is tested, as the rules tell them."""


def word(state: Any) -> str:
    """A state in a word."""
    return str(LOOKS.get(state or "", LOOKS[""])[2])


def chip(state: Any, why: str = "") -> Chip:
    """A state as a chip."""
    tone, icon, label = LOOKS.get(state or "", LOOKS[""])
    return Chip(tone, str(label), icon, why)  # type: ignore[arg-type]


def duty_name(stand: Stand) -> str:
    """What a duty is called."""
    return stand.duty.en if language() == "en" else stand.duty.zh


def grounds(stand: Stand, code: str) -> str:
    """What a duty rests on, how sure that is, and whether it binds in a place."""
    cited = "、".join(bases()[one].cited for one in stand.duty.bases)
    told = (
        f"{cited}（{how_sure(stand.duty.mark)}）"
        if cited
        else _("方案要求（%(mark)s）") % {"mark": how_sure(stand.duty.mark)}
    )
    return (
        told
        if stand.duty.binds(code)
        else _("%(told)s；本地不在其适用范围，参照执行，另有规定的从其规定") % {"told": told}
    )


def limit_words(limit: Limit) -> str:
    """A limit with what it rests on."""
    bound = limits()[limit]
    cited = "、".join(bases()[one].cited for one in bound.bases)
    return f"{cited}（{how_sure(bound.mark)}）"


def law_words(matter: str, day: date) -> str:
    """What the laws in force on a day say of a matter."""
    return "；".join(f"{one.cited}：{one.words}（{how_sure(one.mark)}）" for one in bases_on(laws()[matter], day))


def film_state(row: Any) -> str:
    """Whether the film of a line is thick enough; nothing for what is no film."""
    return str(held_against(Limit.FILM, row["thickness_mm"])) if row["kind"] == "film" else ""


def sentence(stand: Stand) -> str:
    """How a duty stands, in words."""
    return said(stand.message)
