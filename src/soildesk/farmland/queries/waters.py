"""Points of irrigation water by their gravest verdict of GB 5084, and whether what exceeds was traced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from soildesk.core.permissions import Actor
from soildesk.farmland.models import WaterTrace
from soildesk.farmland.queries.units import town
from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.measuring import Asked, of_place
from soildesk.monitoring.queries import measured, network, pointverdicts
from soildesk.monitoring.queries.results import analyte_name
from soilrules.monitoring.facts import ABOVE

IRRIGATION = "irrigation"


@dataclass(frozen=True, slots=True)
class Water:
    """One point of irrigation water on a day, and the traces told of it, the newest first."""

    point: Any
    verdict: str
    analyte: str
    factor: float | None
    sampled_on: date | None
    traces: tuple[WaterTrace, ...]

    @property
    def exceeds(self) -> bool | None:
        """Whether the newest results exceed a limit; None where nothing was judged."""
        if self.verdict in ABOVE:
            return True
        return None if self.verdict in (pointverdicts.NONE, "unknown") else False

    @property
    def trace(self) -> WaterTrace | None:
        """The newest trace told since the sample that exceeds."""
        since = self.sampled_on
        return next((one for one in self.traces if since is None or one.on >= since), None)

    @property
    def owes(self) -> bool:
        """Whether somebody has to trace where it comes from."""
        return self.exceeds is True and self.trace is None


def waters(actor: Actor, on: date) -> list[Water]:
    """The points of irrigation water an actor sees on a day; those that owe a trace first."""
    rows = list(
        pointverdicts.points(actor, on).filter(medium=IRRIGATION).select_related("point").order_by("point__number")
    )
    told = traces_of([one.point_id for one in rows], on)
    found = [
        Water(one, one.verdict, analyte_name(one.grave_analyte) if one.grave_analyte else "", one.grave_factor, one.grave_day,
              tuple(told.get(one.point_id, ())))
        for one in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.owes, one.exceeds is not True, one.exceeds is not None))


def traces_of(points: Collection[int], on: date) -> Mapping[int, list[WaterTrace]]:
    """The traces that stand of some points, the newest first."""
    found: dict[int, list[WaterTrace]] = defaultdict(list)
    for one in WaterTrace.objects.filter(superseded_at=None, point__in=points, on__lte=on).order_by("-on", "-id"):
        found[one.point_id].append(one)
    return found


def traces(actor: Actor | None, on: date) -> QuerySet[WaterTrace]:
    """Traces told up to a day."""
    rows = WaterTrace.objects.visible_to(actor).filter(superseded_at=None, on__lte=on)
    return rows.annotate(town=town())


def called(actor: Actor, text: str, on: date) -> list[Any]:
    """The points of irrigation water under a number or a name."""
    rows = network.points(actor, on).filter(medium=IRRIGATION).filter(Q(point__number=text) | Q(name=text))
    return list(rows.select_related("point")) if text else []


def of_year(asked: Asked) -> tuple[list[Any], Mapping[int, bool | None], Mapping[int, WaterTrace]]:
    """Points of irrigation water of a place, which of them exceed by the year's results, and the newest trace of each."""
    points = measured.points(asked, medium=IRRIGATION)
    over = measured.over_limit(points, asked)
    return points, over, {one.point_id: one for one in _told(asked) if one.year == asked.year}


@once_a_pass(of_place)
def _told(asked: Asked) -> list[WaterTrace]:
    """The traces of those points told of any year."""
    rows = WaterTrace.objects.filter(
        Q(superseded_at=None) | Q(superseded_at__gte=asked.known),
        recorded_at__lt=asked.known, on__lte=asked.on,
        point__in=[one.point_id for one in measured.points(asked, medium=IRRIGATION)],
    )  # fmt: skip
    return list(rows.order_by("on", "id"))
