"""What stages, lists and events of plots are called, and how they look: one place for pages, maps and papers."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.enterprises.sentences import language
from soildesk.plots.models import PlotStage
from soilrules.enterprises.lists import Level
from soilrules.messages import Message
from soilrules.plots.lists import ROOM, ListKey, plot_lists
from soilrules.plots.screening import Freed

Stage = PlotStage.Stage
BETWEEN = ";"
"""Between keys of lists in files and answers for programs."""
STAGE_COLORS = {
    Stage.S0: "#f0c24b",
    Stage.S1: "#e0912f",
    Stage.S2: "#d9722b",
    Stage.S3: "#c0392b",
    Stage.S4: "#8e5ea2",
    Stage.S5: "#5b5fc7",
    Stage.S6: "#1f77b4",
    Stage.RELEASED: "#2e8b57",
    Stage.REMOVED: "#7cb342",
    "": "#7f8c8d",
}
STAGE_TONES = {
    Stage.S0: "warn",
    Stage.S1: "warn",
    Stage.S2: "warn",
    Stage.S3: "bad",
    Stage.S4: "bad",
    Stage.S5: "bad",
    Stage.S6: "busy",
    Stage.RELEASED: "good",
    Stage.REMOVED: "good",
    "": "unknown",
}
STAGE_ICONS = {"warn": "exclamation-triangle-fill", "bad": "x-circle-fill", "busy": "hourglass-split",
               "good": "check-circle-fill", "unknown": "question-octagon"}  # fmt: skip
FREED = {Freed.ANY: _l("第一、二类用地"), Freed.SECOND_ONLY: _l("仅第二类用地"), Freed.NOT_TOLD: _l("未写明")}
NO_STAGE = _l("未进入程序")
"""A plot on our books to which nothing has happened."""


def _list_name(key: str) -> str:
    return plot_lists()[ListKey(key)].name(language())


list_name_lazy = lazy(_list_name, str)
LIST_CHOICES = [(str(key), list_name_lazy(str(key))) for key in ListKey]


def list_name(key: str) -> str:
    """What a list is called; an unknown key stays as it is."""
    return _list_name(key) if key in list(ListKey) else key


LIST_TAGS = {
    ListKey.SUSPECTED: _l("疑似"),
    ListKey.POLLUTED: _l("污染"),
    ListKey.ROSTER: _l("管控修复"),
    ListKey.NEGATIVE: _l("负面清单"),
    ListKey.PRIORITY: _l("优先管控"),
}
"""Lists as a row of a table has room for them; their names stand beside."""


def list_names(keys: Iterable[str]) -> str:
    """Several of them in one line; a word where there is none."""
    return "、".join(list_name(key) for key in keys) or _("不在任何名单、名录")


def stage_word(stage: str) -> str:
    """`S2 详细调查`; the exit is no stage with a number."""
    if stage in (Stage.RELEASED, Stage.REMOVED):
        return str(Stage(stage).label)
    return f"{stage} {Stage(stage).label}" if stage else str(NO_STAGE)


def stage_look(stage: str) -> tuple[str, str]:
    """Tone and icon of a stage."""
    tone = STAGE_TONES.get(stage, "unknown")
    return tone, STAGE_ICONS[tone]


def level_name(level: str) -> str:
    """What the level of an office is called."""
    return Message(ROOM, "levels", level).sentence(language())


level_name_lazy = lazy(level_name, str)
LEVELS = [(str(one), level_name_lazy(str(one))) for one in (Level.COUNTY, Level.CITY, Level.PROVINCE)]
