"""What is known of one analyte at one point after a round of monitoring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from soilrules.monitoring.dated import Medium
from soilrules.statistics.readings import Observation, Reading, in_order
from soilrules.verdict import Outcome

ABOVE = (Outcome.EXCEEDS, Outcome.EXCEEDS_SCREENING, Outcome.EXCEEDS_CONTROL)


class FarmlandClass(IntEnum):
    """The class of a farmland unit (类别), by element or as a whole."""

    PRIORITY = 1  # 优先保护
    SAFE_USE = 2  # 安全利用
    STRICT = 3  # 严格管控

    @property
    def word(self) -> str:
        """The id of its word in the catalogue."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class FarmlandUnit:
    """The unit a point lies in with its class by element (analyte slug); an element that is missing is not classed."""

    name: str
    classes: Mapping[str, FarmlandClass]


@dataclass(frozen=True, slots=True)
class Background:
    """A recorded geological background of the analyte: contents up to `upper`, in the unit of the series."""

    name: str
    upper: Decimal


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another point nearby with the verdict of its latest result for the same analyte."""

    point: str
    verdict: Outcome


@dataclass(frozen=True, slots=True)
class Source:
    """A facility upstream or upwind; None is not known: what it handles, whether it is new since the former round."""

    name: str
    analytes: frozenset[str] | None
    new: bool | None


@dataclass(frozen=True, slots=True)
class PointFacts:
    """What is known of one analyte at one point after a round; None is not known, an empty tuple is none.

    `series` ends with the round to be judged, all in one unit. `verdict` is that of the limits on its result, `former`
    that on the round before. `produce` is the gravest verdict on produce of the place for the analyte.
    """

    point: str
    analyte: str
    campaign: str
    medium: Medium
    series: tuple[Observation, ...]
    verdict: Outcome
    former: Outcome | None = None
    whole_series: bool = False
    unit: FarmlandUnit | None = None
    background: Background | None = None
    neighbours: tuple[Neighbour, ...] | None = None
    upstream: tuple[Source, ...] | None = None
    produce: Outcome | None = None

    @property
    def above(self) -> bool | None:
        """Whether the latest result is above a limit, None where that is unknown."""
        return None if self.verdict is Outcome.UNKNOWN else self.verdict in ABOVE

    @property
    def latest(self) -> Reading | None:
        """The result of the round, None without one."""
        return in_order(self.series)[-1].reading if self.series else None

    @property
    def within_background(self) -> bool:
        """Whether the latest result is known to be within the recorded background."""
        latest, background = self.latest, self.background
        return bool(background and latest and latest.detected and latest.value <= background.upper)

    @property
    def unit_class(self) -> FarmlandClass | None:
        """The class of the unit for this element, None where it is not known."""
        return None if self.unit is None else self.unit.classes.get(self.analyte)


def class_of(verdict: Outcome) -> FarmlandClass | None:
    """The class a result stands for, None where it stands for none."""
    if verdict is Outcome.UNKNOWN:
        return None
    if verdict is Outcome.EXCEEDS_CONTROL:
        return FarmlandClass.STRICT
    return FarmlandClass.SAFE_USE if verdict in ABOVE else FarmlandClass.PRIORITY
