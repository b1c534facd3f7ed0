"""Plots that are not developed for now: which they are, the media to be monitored, and what a round of inspection found.

Rests on order42.zone (data/bases): a zone approved by the government, its sign and announcement, four media monitored.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from soilrules.plots.lists import ListKey
from soilrules.plots.state import Stage

BASES = ("order42.zone",)
VIOLATION_BASES = ("law.no_unrelated", "code.no_unrelated", "order42.eia")
LISTED = frozenset({ListKey.POLLUTED, ListKey.ROSTER})
IN_WORKS = frozenset({Stage.S5, Stage.S6})
"""Stages of a plot that is being made fit for use: it does not wait any more."""


class Medium(StrEnum):
    """What is monitored in a control zone."""

    SOIL = "soil"
    GROUNDWATER = "groundwater"
    SURFACE_WATER = "surface_water"
    AIR = "air"


class Found(StrEnum):
    """What a round can find."""

    BUILDING = "building"  # unrelated to control and remediation
    USE = "use"
    SPREAD = "spread"
    SIGN = "sign"  # missing or damaged


VIOLATIONS = {Found.BUILDING: "unrelated_project", Found.USE: ""}
"""What is to be put on the list of problems, with its kind in data/enterprises/violations where there is one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a plot stands on a day; `developed` None is not known."""

    stage: str
    exit: str
    lists: Collection[str]
    developed: bool | None


def waits(plot: Standing) -> bool | None:
    """Whether a plot is a polluted one that is not developed for now; None where nobody said if it is developed.

    >>> waits(Standing("S3", "", ["polluted"], developed=False))
    True
    >>> waits(Standing("S3", "", ["polluted"], developed=None)) is None
    True
    >>> waits(Standing("S5", "", ["polluted", "roster"], developed=False))
    False
    """
    if plot.exit or not LISTED & set(plot.lists) or plot.stage in IN_WORKS or plot.developed:
        return False
    return None if plot.developed is None else True


def found(
    *, building: bool | None, in_use: bool | None, spread: bool | None, sign_intact: bool | None
) -> tuple[Found, ...]:
    """What the answers of a round say was found; what was not answered is no finding, and no absence of one.

    >>> [str(one) for one in found(building=True, in_use=None, spread=False, sign_intact=False)]
    ['building', 'sign']
    """
    said = {Found.BUILDING: building, Found.USE: in_use, Found.SPREAD: spread}
    seen = [one for one, answer in said.items() if answer]
    return (*seen, *((Found.SIGN,) if sign_intact is False else ()))


def sign_doubt(*, sign_intact: bool | None, on_record: bool) -> str:
    """How what a round says of the sign contradicts its zone, by key; empty where it does not.

    >>> sign_doubt(sign_intact=True, on_record=False), sign_doubt(sign_intact=False, on_record=False)
    ('unrecorded', 'not_set')
    >>> sign_doubt(sign_intact=None, on_record=False)
    ''
    """
    if on_record or sign_intact is None:
        return ""
    return "unrecorded" if sign_intact else "not_set"
