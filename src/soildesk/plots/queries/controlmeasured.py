"""Plots that are not developed for now, as they stood on a day and as known then: what measures count."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.measuring import Asked, of_year
from soildesk.plots.models import ControlRound, ControlYear, PlotVersion
from soildesk.plots.queries.control import waits
from soildesk.plots.queries.plots import standing
from soilrules.plots.control import Medium


@dataclass(frozen=True, slots=True)
class Stood:
    """One plot. `waits` None: nobody said whether it is developed. `is_kept`: a year's plan is asked of it all the same."""

    uid: UUID
    number: str
    name: str
    waits: bool | None
    is_kept: bool
    due: date | None
    filed_on: date | None
    media: tuple[tuple[date | None, date | None], ...]  # of each medium its term and when it was monitored
    rounds: int


@once_a_pass(of_year)
def stood(asked: Asked) -> list[Stood] | None:
    """The plots of the place that wait at the end of the year asked for, or on the day; None where no plot is known at all."""
    day = min(asked.limit, date(asked.year, 12, 31))
    rows = PlotVersion.objects.visible_to(asked.actor).standing(day, asked.known)
    rows = rows.filter(division_path__startswith=asked.division.path).defer("geometry")
    plots = standing(asked.actor, day, asked.known, rows=rows)
    if not plots:
        return None
    found = [(one, waits(one)) for one in plots]
    found = [pair for pair in found if pair[1] is not False]
    keys = [one.plot_id for one, _waits in found]
    years = {one.plot_id: one for one in _years(keys, asked)}
    walked = _walked(keys, asked, day)
    return [_stood(one, held, years.get(one.plot_id), walked[one.plot_id], asked) for one, held in found]


def _years(keys: list[int], asked: Asked) -> Any:
    return ControlYear.objects.filter(plot__in=keys, year=asked.year, recorded_at__lt=asked.known)


def _walked(keys: list[int], asked: Asked, day: date) -> Counter[int]:
    rows = ControlRound.objects.filter(plot__in=keys, on__year=asked.year, on__lte=day, at__lt=asked.known)
    rows = rows.exclude(superseded_at__lt=asked.known)
    return Counter(rows.values_list("plot_id", flat=True))


def _stood(one: Any, waits_: bool | None, row: ControlYear | None, rounds: int, asked: Asked) -> Stood:
    filed = row.filed_on if row and row.filed_at and row.filed_at < asked.known and row.filed_on else None
    filed = filed if filed and filed <= asked.limit else None
    version = one.version
    media = tuple(_medium(row, medium, asked) for medium in Medium)
    return Stood(
        version.plot.uid, version.plot.number, version.name, waits_, row is not None, row.due if row else None, filed,
        media, rounds,
    )  # fmt: skip


def _medium(row: ControlYear | None, medium: Medium, asked: Asked) -> tuple[date | None, date | None]:
    if row is None:
        return None, None
    due, done = row.media_due.get(medium), row.media_done.get(medium)
    day = date.fromisoformat(done["on"]) if done and datetime.fromisoformat(done["at"]) < asked.known else None
    return (date.fromisoformat(due) if due else None), (day if day and day <= asked.limit else None)
