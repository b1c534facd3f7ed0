"""Which written notices a plot may be sent: where it stands and on which list, by the law of the day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from soilrules.bases import Basis, bases_on
from soilrules.messages import LANGUAGES, Message, catalogue
from soilrules.plots.lists import ROOM, ListKey
from soilrules.plots.state import Stage, Work


class Asked(StrEnum):
    """What a written notice asks of whoever holds a plot."""

    PRELIMINARY = "preliminary"
    DETAILED = "detailed"
    CONTROL = "control"
    REMEDIATION = "remediation"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a notice stands: `stages` the plot may be in, `list_key` it is on instead, `work` the assessment asked."""

    bases: tuple[str, ...]
    stages: frozenset[Stage] = frozenset()
    list_key: ListKey | None = None
    work: Work | None = None


@dataclass(frozen=True, slots=True)
class NoticeFit:
    """Whether a notice has its ground; `message` says what it needs where it has none."""

    fits: bool
    message: Message
    bases: tuple[Basis, ...]


WORKS = frozenset({Stage.S4, Stage.S5, Stage.S6})
GROUNDS: Mapping[Asked, Ground] = {
    Asked.PRELIMINARY: Ground(
        ("law.survey_risk", "code.survey_risk", "order42.preliminary"), frozenset({Stage.OUTSIDE, Stage.S0, Stage.S1})
    ),
    Asked.DETAILED: Ground(("order42.detailed", "law.assessment", "code.assessment"), frozenset({Stage.S2, Stage.S3})),
    Asked.CONTROL: Ground(("law.control", "code.control"), WORKS, ListKey.ROSTER, Work.CONTROL),
    Asked.REMEDIATION: Ground(
        ("law.remediation_plan", "code.remediation_plan"), WORKS, ListKey.ROSTER, Work.REMEDIATION
    ),
}
"""A detailed survey follows a preliminary one that exceeds, an assessment a detailed one; works follow what was assessed."""


def fits(asked: str, stage: Stage, lists: Collection[str], works: Collection[Work], on: date) -> NoticeFit:
    """Whether a notice may be sent to the holder of a plot that stands so on a day.

    >>> fits("detailed", Stage.S0, (), (), date(2026, 9, 1)).fits, fits("detailed", Stage.S2, (), (), date(2026, 9, 1)).fits
    (False, True)
    """
    ground = GROUNDS.get(Asked(asked), Ground(()))
    bases = bases_on(ground.bases, on)
    held = asked not in GROUNDS or stage in ground.stages or ground.list_key in lists
    held = held and (ground.work is None or not works or ground.work in works)
    words = {f"stage_{one}": catalogue(ROOM)["stages"][stage][one] for one in LANGUAGES}
    return NoticeFit(held, Message(ROOM, "notices", asked if not held else "fits", words), bases)
