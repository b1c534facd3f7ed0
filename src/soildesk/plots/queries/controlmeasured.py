"""Plots that are not developed for now, as they stood on a day and as known then: what measures count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.measuring import Asked, of_place, of_year
from soildesk.plots.models import ControlRound, ControlYear, Membership, PlotStage, PlotVersion
from soildesk.plots.queries.plots import NO_STAGE
from soildesk.plots.queries.stages import counts
from soilrules.plots import control
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
    held = _held(asked)
    plots = [one for one in held.versions if counts(one, day)]
    if not plots:
        return None
    found = [(one, held.waits(one, day)) for one in plots]
    return [_stood(one, waits, held, day, asked) for one, waits in found if waits is not False]


@dataclass(frozen=True, slots=True)
class _Held:
    """The plots of a place as known, whatever the day: versions, stages, stays on lists, years under control, rounds."""

    versions: list[PlotVersion]
    stages: Mapping[int, list[PlotStage]]
    stays: Mapping[int, list[Membership]]
    years: Mapping[tuple[int, int], ControlYear]
    rounds: Mapping[int, list[date]]

    def waits(self, version: PlotVersion, day: date) -> bool | None:
        """What the rules say of a plot on a day."""
        stage = next((one for one in self.stages[version.plot_id] if counts(one, day)), None)
        lists = [one.list_key for one in self.stays[version.plot_id] if counts(one, day)]
        said = (stage.stage, stage.exit) if stage else (NO_STAGE, "")
        return control.waits(control.Standing(*said, lists, version.developed))


@once_a_pass(of_place)
def _held(asked: Asked) -> _Held:
    rows = PlotVersion.objects.visible_to(asked.actor).as_known(asked.known).defer("geometry").select_related("plot")
    versions = list(rows.filter(division_path__startswith=asked.division.path).order_by("plot__number"))
    keys = {one.plot_id for one in versions}
    years = ControlYear.objects.filter(plot__in=keys, recorded_at__lt=asked.known)
    rounds = ControlRound.objects.filter(plot__in=keys, at__lt=asked.known).exclude(superseded_at__lt=asked.known)
    return _Held(
        versions,
        _by_plot(PlotStage.objects.as_known(asked.known).filter(plot__in=keys).defer("covered")),
        _by_plot(Membership.objects.as_known(asked.known).filter(plot__in=keys)),
        {(one.plot_id, one.year): one for one in years},
        _days(rounds.values_list("plot_id", "on")),
    )


def _by_plot(rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for one in rows:
        found[one.plot_id].append(one)
    return found


def _days(rows: Iterable[tuple[int, date]]) -> Mapping[int, list[date]]:
    found: dict[int, list[date]] = defaultdict(list)
    for plot, on in rows:
        found[plot].append(on)
    return found


def _stood(version: PlotVersion, waits: bool | None, held: _Held, day: date, asked: Asked) -> Stood:
    row = held.years.get((version.plot_id, asked.year))
    filed = row.filed_on if row and row.filed_at and row.filed_at < asked.known and row.filed_on else None
    filed = filed if filed and filed <= asked.limit else None
    media = tuple(_medium(row, medium, asked) for medium in Medium)
    rounds = sum(on.year == asked.year and on <= day for on in held.rounds[version.plot_id])
    return Stood(
        version.plot.uid, version.plot.number, version.name, waits, row is not None, row.due if row else None, filed,
        media, rounds,
    )  # fmt: skip


def _medium(row: ControlYear | None, medium: Medium, asked: Asked) -> tuple[date | None, date | None]:
    if row is None:
        return None, None
    due, done = row.media_due.get(medium), row.media_done.get(medium)
    day = date.fromisoformat(done["on"]) if done and datetime.fromisoformat(done["at"]) < asked.known else None
    return (date.fromisoformat(due) if due else None), (day if day and day <= asked.limit else None)
