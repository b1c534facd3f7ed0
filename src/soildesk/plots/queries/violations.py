"""Violations of the rules of development on plots: as their own events tell them, and as rooms above keep them.

A room above makes its reading known when the desk starts (`also_told_by`); this room asks and knows none of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import Actor
from soildesk.monitoring.measuring import Asked
from soildesk.plots.models import ControlRound, PlotVersion
from soilrules.indicators.key_construction_land_safe_use_rate import Violation


@dataclass(frozen=True, slots=True)
class OnPlot:
    """A plot as it is asked for: its number, its ground, and the rounds walked on it."""

    number: str
    ground: BaseGeometry
    rounds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Kept:
    """One violation a room above keeps of a plot: under which number, since when, and how it stands."""

    number: str
    found_on: date
    violation: Violation


Reading = Callable[[Asked, Sequence[OnPlot]], Mapping[str, Sequence[Kept]]]
_readings: list[Reading] = []


def also_told_by(reading: Reading) -> None:
    """Ask a room above too."""
    if reading not in _readings:
        _readings.append(reading)


def kept_of(asked: Asked, versions: Sequence[PlotVersion]) -> dict[str, list[Kept]]:
    """What the rooms above keep of plots, by number, as it stood and was known."""
    if not versions:
        return {}
    plots = _asked_for(versions)
    found: dict[str, list[Kept]] = defaultdict(list)
    for reading in _readings:
        for number, kept in reading(asked, plots).items():
            found[number] += kept
    return dict(found)


def called(actor: Actor, uids: Collection[str]) -> dict[str, OnPlot]:
    """Plots an actor sees as they lie now, by uid."""
    rows = PlotVersion.objects.visible_to(actor).filter(superseded_at=None, plot__uid__in=list(uids))
    last = {one.plot_id: one for one in rows.select_related("plot").order_by("since")}
    return {str(one.plot.uid): told for one, told in zip(last.values(), _asked_for(list(last.values())), strict=True)}


def _asked_for(versions: Sequence[PlotVersion]) -> list[OnPlot]:
    rounds: dict[int, set[str]] = defaultdict(set)
    walked = ControlRound.objects.filter(plot__in=[one.plot_id for one in versions])
    for plot, uid in walked.values_list("plot", "uid"):
        rounds[plot].add(str(uid))
    return [OnPlot(one.plot.number, one.geometry, frozenset(rounds[one.plot_id])) for one in versions]
