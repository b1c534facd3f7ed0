"""Plots that are not developed for now, as a day shows them: zone, the year's plan and media, rounds, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from shapely.geometry.base import BaseGeometry

from soildesk.core.models import Duty
from soildesk.core.permissions import Actor
from soildesk.monitoring.queries import results
from soildesk.plots.models import ControlRound, ControlYear, ControlZone, PlotVersion
from soildesk.plots.queries.plots import Standing, standing, version_of
from soilrules.plots import control
from soilrules.plots.control import Medium

MOST_BATCHES = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """One plot that waits, or (`waits` None) may wait: nobody said whether it is developed."""

    plot: Standing
    waits: bool | None
    zone: ControlZone | None
    year: ControlYear | None
    rounds: tuple[ControlRound, ...]  # of the year, the latest first
    late: frozenset[date] = frozenset()  # terms of the year that passed without it
    undealt: bool = False  # a round found something that nobody has dealt with

    @property
    def media_done(self) -> int:
        """How many of the media were monitored."""
        return sum(medium in self.year.media_done for medium in Medium) if self.year else 0

    @property
    def missing(self) -> list[str]:
        """What is still to be done, by key."""
        zone, year = self.zone, self.year
        found = {
            "developed": self.waits is None,
            "zone": zone is None,
            "approval": zone is not None and zone.approved_on is None,
            "announcement": bool(zone and zone.approved_on and not zone.announced_on),
            "sign": bool(zone and zone.approved_on and not zone.sign_on),
            "year": year is None,
            "plan": year is not None and year.filed_on is None,
            "media": year is not None and self.media_done < len(Medium),
            "rounds": not self.rounds,
            "late": bool(self.late),
            "finds": self.undealt,
        }
        return [key for key, is_missing in found.items() if is_missing]


def overview(actor: Actor, on: date, year: int, known_on: datetime | None = None) -> list[Kept]:
    """The plots that wait on a day, those of which nobody knows, and those that have a zone; what is missing most first."""
    return _kept(standing(actor, on, known_on), on, year)


def of_plot(actor: Actor, version: PlotVersion, on: date, year: int) -> Kept | None:
    """One plot, if it waits or is under control; None else."""
    rows = PlotVersion.objects.visible_to(actor).filter(pk=version.pk)
    return next(iter(_kept(standing(actor, on, rows=rows), on, year)), None)


def _kept(plots: list[Standing], on: date, year: int) -> list[Kept]:
    keys = [one.plot_id for one in plots]
    held = ControlZone.objects.filter(plot__in=keys, superseded_at=None, until=None, proposed_on__lte=on)
    zones = {one.plot_id: one for one in held}
    years = {one.plot_id: one for one in ControlYear.objects.filter(plot__in=keys, year=year)}
    seen = rounds_of(keys, year, on)
    late, undealt = _late(years.values(), on), _undealt(keys, on)
    found = [
        Kept(
            one, waits(one), zones.get(one.plot_id), years.get(one.plot_id), tuple(seen.get(one.plot_id, ())),
            late.get(one.plot_id, frozenset()), one.plot_id in undealt,
        )
        for one in plots
    ]  # fmt: skip
    shown = [one for one in found if one.waits is not False or (one.zone and not one.plot.exit)]
    return sorted(shown, key=lambda one: (-len(one.missing), one.plot.version.plot.number))


def _late(years: Iterable[ControlYear], on: date) -> dict[int, frozenset[date]]:
    """The terms of years that passed without what was due, by plot: what is late is said by the duties."""
    plot_of = {one.pk: one.plot_id for one in years}
    rows = Duty.objects.filter(subject_type=ControlYear._meta.label_lower, subject_id__in=plot_of).late_on(on)
    found: dict[int, set[date]] = defaultdict(set)
    for key, due in rows.values_list("subject_id", "due"):
        found[plot_of[key]].add(due)
    return {key: frozenset(days) for key, days in found.items()}


def _undealt(keys: Iterable[int], on: date) -> set[int]:
    """The plots of which a round up to a day found something that nobody has dealt with."""
    rounds = ControlRound.objects.filter(superseded_at=None, plot__in=list(keys), on__lte=on)
    plot_of = dict(rounds.values_list("pk", "plot_id"))
    rows = Duty.objects.filter(subject_type=ControlRound._meta.label_lower, subject_id__in=plot_of).open_on(on)
    return {plot_of[key] for key in rows.values_list("subject_id", flat=True)}


def waits(plot: Standing) -> bool | None:
    """What the rules say of a plot."""
    return control.waits(control.Standing(plot.stage, plot.exit, plot.lists, plot.version.developed))


def rounds_of(keys: Iterable[int], year: int, on: date) -> Mapping[int, list[ControlRound]]:
    """The rounds of a year up to a day, by plot, the latest first."""
    found: dict[int, list[ControlRound]] = defaultdict(list)
    rows = ControlRound.objects.filter(superseded_at=None, plot__in=list(keys), on__year=year, on__lte=on)
    for one in rows.select_related("by").order_by("-on", "-id"):
        found[one.plot_id].append(one)
    return found


@dataclass(frozen=True, slots=True)
class Within:
    """The ground something on a plot under control is compared with: its zone of the day where one was in force, else the
    plot as it lay then. `zone` is what was proposed or approved by the day; `is_signed`: its sign was on record by then."""

    version: PlotVersion
    zone: ControlZone | None
    in_force: bool
    is_signed: bool

    @property
    def ground(self) -> BaseGeometry:
        """The zone's, else the plot's."""
        found: BaseGeometry = self.zone.geometry if self.zone and self.in_force else self.version.geometry
        return found


def within(plot_id: int, on: date) -> Within | None:
    """What stands on a day for what is found or measured on a plot; None where no plot is known."""
    version = version_of(plot_id, on)
    if version is None:
        return None
    told = list(
        ControlZone.objects.filter(superseded_at=None, plot=plot_id, proposed_on__lte=on).order_by("since", "id")
    )
    zone = next((one for one in reversed(told) if one.since <= on and (one.until is None or on < one.until)), None)
    same = [one for one in told if zone and one.proposed_on == zone.proposed_on]
    in_force = any(one.approved_on and one.approved_on <= on for one in same)
    return Within(version, zone, in_force, any(one.sign_on and one.sign_on <= on for one in same))


def zones(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[ControlZone]:
    """The zones of a day, with what the plot was called then and how far each is."""
    rows = ControlZone.objects.visible_to(actor).standing(on, known_on)
    return rows.annotate(plot_name=_name(on, known_on))


STATES = {
    "proposed": Q(approved_on=None),
    "approved": Q(approved_on__isnull=False) & (Q(announced_on=None) | Q(sign_on=None)),
    "marked": Q(approved_on__isnull=False, announced_on__isnull=False, sign_on__isnull=False),
}


def years(actor: Actor | None, on: date) -> QuerySet[ControlYear]:
    """The years asked up to that of a day."""
    return ControlYear.objects.visible_to(actor).filter(year__lte=on.year).annotate(plot_name=_name(on))


FILED = {"yes": Q(filed_on__isnull=False), "no": Q(filed_on=None)}


def rounds(actor: Actor | None, on: date) -> QuerySet[ControlRound]:
    """Rounds up to a day; those written wrongly are left out."""
    rows = ControlRound.objects.visible_to(actor).filter(on__lte=on, superseded_at=None)
    return rows.annotate(plot_name=_name(on), who=Coalesce(F("by__name"), Value(""), output_field=CharField()))


FOUND = {
    "building": Q(unrelated_building=True),
    "use": Q(in_use=True),
    "spread": Q(spread=True),
    "sign": Q(sign_intact=False),
    "nothing": Q(unrelated_building=False, in_use=False, spread=False, sign_intact=True),
}


def round_uids(plot_id: int) -> list[str]:
    """The rounds of a plot that stand, by their key at the edge."""
    rows = ControlRound.objects.filter(plot=plot_id, superseded_at=None)
    return [str(uid) for uid in rows.values_list("uid", flat=True)]


def batches(actor: Actor) -> list[Any]:
    """Accepted batches of results the actor sees, the latest first."""
    rows = results.batches(actor, actor.today).filter(state__in=("accepted", "flagged"))
    return list(rows.select_related("campaign").order_by("-at")[:MOST_BATCHES])


def _name(on: date, known_on: datetime | None = None) -> Any:
    names = PlotVersion.objects.standing(on, known_on).filter(plot=OuterRef("plot")).values("name")
    return Subquery(names[:1])
