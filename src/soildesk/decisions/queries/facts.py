"""What is on record of a ground on a day, as the rules of the gate read it.

The gate answers from all records, not from those the asker may list: what he may not see would otherwise count as clean.
A source with no record at all has not answered: silence is never "nothing found".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from shapely import union_all
from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import Actor
from soildesk.decisions.pieces import CutGround, cut
from soildesk.decisions.queries import ground_acts
from soildesk.enterprises.queries import lists as firm_lists
from soildesk.enterprises.queries import sites
from soildesk.land.queries import standing
from soildesk.land.queries.changed import lineage_of
from soildesk.land.shapes import area_m2, polygons_of
from soildesk.plots.lifefacts import event_of
from soildesk.plots.queries import near as near_by
from soildesk.plots.queries import plots, stages
from soilrules.enterprises.industries import key_industries
from soilrules.gate import facts as gate
from soilrules.gate.fromlife import Told, told_by
from soilrules.gate.profiles import Profile
from soilrules.gate.rules import neighbour_m, tolerance
from soilrules.standards.library import shipped

KEY_LIST = "soil_key"
DEVELOPMENT_LAND = "gb36600"
ZONES = {
    "basic_farmland": gate.ZoneKind.BASIC_FARMLAND,
    "priority_farmland": gate.ZoneKind.PRIORITY_FARMLAND,
    "control_zone": gate.ZoneKind.CONTROL_ZONE,
}
DIVISIONS = "division"
FILLING_STATION, GARAGE = ("5265", "5266"), ("8111", "8112")
USES = {"use_seen": "used", "building_seen": "used"}
"""What an image or a walk shows after a report, as the rules call it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: ground, act, use, day, and what the asker says of them. What is not said is not known."""

    shape: BaseGeometry
    act: str
    use: str
    on: date
    scheme: str = ""
    profile: Profile | None = None
    query: gate.ProvinceQuery | None = None
    current_use: str | None = None
    current_scheme: str = ""
    plan_state: gate.PlanState | None = None
    transfer: gate.Transfer | None = None
    recalled_on: date | None = None
    related: bool = False
    pollutes: bool | None = None
    food: bool | None = None
    works_begun: bool | None = None
    untouched: bool | None = None  # nothing used, filled or dumped since the reports, as the asker saw it
    grounds: tuple[gate.WrittenGround, ...] = ()


@dataclass(slots=True)
class _Found:
    """What was found, and the shapes it lies on by id."""

    layers: dict[str, BaseGeometry] = field(default_factory=dict)
    sources: dict[str, gate.Source] = field(default_factory=dict)
    plots: list[gate.Plot] = field(default_factory=list)
    reports: list[gate.Report] = field(default_factory=list)
    key_units: list[gate.KeyUnitSite] = field(default_factory=list)
    history: list[gate.PastUse] = field(default_factory=list)
    zones: list[gate.Zone] = field(default_factory=list)
    neighbours: list[gate.Neighbour] = field(default_factory=list)


def facts_of(asked: Asked, reader: Actor) -> tuple[gate.GateFacts, CutGround]:
    """Everything the gate reads of one ground, and the pieces the ground was cut into. `reader` reads all records."""
    found = _Found()
    _add_plots(found, asked, reader)
    _add_firms(found, asked, reader)
    _add_zones(found, asked, reader)
    cutting = cut(asked.shape, found.layers)
    found.sources = _answered(found.sources, asked.on, reader.today)
    if _beyond(asked.shape, reader):
        found.sources = {name: gate.Source(False) for name in found.sources}
    return _together(found, asked, cutting), cutting


def _answered(sources: dict[str, gate.Source], on: date, today: date) -> dict[str, gate.Source]:
    """What the sources answered: of a day to come no record says anything yet."""
    if on <= today:
        return sources
    return {name: gate.Source(False, today if one.reached else one.as_of) for name, one in sources.items()}


def _beyond(shape: BaseGeometry, reader: Actor) -> bool:
    """Whether ground lies, slivers apart, beyond the divisions whose boundaries this desk has: no record here speaks of it."""
    on = reader.today
    kept = [one for one in standing.layers(reader) if one.kind == DIVISIONS and standing.edition_on(one, on)]
    if not kept:
        return False
    zones = [
        zone.geometry for one in kept for zone in standing.zones(one, reader, on).filter(geometry__intersects=shape)
    ]
    outside = shape.difference(union_all(zones)) if zones else shape
    return area_m2(polygons_of(outside)) > tolerance().of(area_m2(shape))


def _together(found: _Found, asked: Asked, cutting: CutGround) -> gate.GateFacts:
    said = {
        name: getattr(asked, name)
        for name in (
            "act", "use", "on", "scheme", "profile", "query", "current_use", "current_scheme", "plan_state", "transfer",
            "recalled_on", "related", "pollutes", "food", "works_begun", "grounds",
        )
    }  # fmt: skip
    things: dict[str, Any] = {
        name: tuple(getattr(found, name))
        for name in ("plots", "reports", "key_units", "history", "zones", "neighbours")
    }
    return gate.GateFacts(ground=cutting.ground, sources=found.sources, **said, **things)


def _add_plots(found: _Found, asked: Asked, reader: Actor) -> None:
    """Plots on the ground and beside it, what their events tell, and the ground each of their reports covers."""
    here = plots.overlapping(asked.shape, reader, asked.on)
    near = near_by.near(asked.shape, reader, asked.on, neighbour_m())
    keys = [one.plot_id for one in here] + [one.plot_id for one, _distance in near]
    rows: dict[int, list[Any]] = defaultdict(list)
    for event in stages.events_of(keys):
        if event.on <= asked.on:
            rows[event.plot_id].append(event)
    told = {key: told_by([event_of(one) for one in rows[key]], _plot_id(key)) for key in keys}
    stays: dict[int, list[gate.Membership]] = defaultdict(list)
    for stay in stages.stays(reader, asked.on).filter(plot__in=keys):
        stays[stay.plot_id].append(gate.Membership(stay.list_key, stay.since, stay.until))
    lookups = _After(asked, reader) if any(one.reports for one in told.values()) else None
    for one in here:
        _add_plot(found, one, told[one.plot_id], tuple(stays[one.plot_id]))
        _add_reports(found, one, told[one.plot_id], rows[one.plot_id], lookups)
    for one, distance in near:
        found.neighbours.append(_neighbour(one, told[one.plot_id], bool(stays[one.plot_id]), distance))
    kept = plots.first_day(reader)
    for name in ("plots", "lists", "reports"):
        found.sources[name] = gate.Source(kept is not None, asked.on if kept else None)


def _plot_id(key: int) -> str:
    return f"plot:{key}"


def _add_plot(found: _Found, one: plots.Standing, told: Told, stays: tuple[gate.Membership, ...]) -> None:
    version = one.version
    found.layers[_plot_id(one.plot_id)] = version.geometry
    found.plots.append(
        gate.Plot(
            _plot_id(one.plot_id), version.name, version.code or version.plot.number, one.stage, stays,
            told.steps, told.exceeds, told.target_reached,
        )
    )  # fmt: skip


class _After:
    """What happened to the ground of a question: read once, told of each report by its day."""

    def __init__(self, asked: Asked, reader: Actor) -> None:
        self.lineage = lineage_of(asked.shape, reader, asked.on)
        self.acts = ground_acts.on_ground(asked.shape, reader, asked.on)
        self.untouched, self.on = asked.untouched, asked.on

    def changed(self, day: date) -> tuple[gate.Change, ...] | None:
        """Splits, merges and new boundaries after a day; None where no parcel is on record."""
        if not self.lineage.known:
            return None
        words = {"split": "split", "merge": "merged", "boundary": "rebounded"}
        return tuple(gate.Change(words[kind], on) for kind, on in self.lineage.events if on > day)

    def used(self, day: date) -> tuple[gate.Change, ...] | None:
        """What was done to the ground after a day; None where nobody looked and the asker does not say."""
        seen = tuple(gate.Change(USES[one.act], one.on) for one in self.acts if one.act in USES and one.on > day)
        if seen or self.untouched:
            return seen
        return None

    def standard_stands(self, day: date) -> bool | None:
        """Whether the standard of that day is still the one of the day asked about."""
        then, now = (shipped().edition(DEVELOPMENT_LAND, one) for one in (day, self.on))
        return None if now is None else then is now


def _add_reports(found: _Found, one: plots.Standing, told: Told, rows: Sequence[Any], after: _After | None) -> None:
    """The reports of a plot with the ground they cover: what the event says, else the plot as it lay on the day."""
    covered = {str(row.pk): row.covered for row in rows if row.covered is not None}
    if one.covered is not None and told.reports and told.reports[-1].id not in covered:
        covered[told.reports[-1].id] = one.covered
    for report in told.reports:
        key = f"report:{report.id}"
        if after is not None and report.accepted_on is not None:
            day = report.accepted_on
            report = replace(
                report, uses_since=after.used(day), lineage_since=after.changed(day),
                standard_current=after.standard_stands(day),
            )  # fmt: skip
        found.layers[key] = covered.get(report.id) or _ground_then(one, report.accepted_on)
        found.reports.append(replace(report, id=key, number=report.number or one.version.name))


def _ground_then(one: plots.Standing, on: date | None) -> BaseGeometry:
    """The ground of a plot when its report was accepted: one drawn larger since is not covered by it."""
    version = one.version
    if on is None or version.since <= on:
        return version.geometry
    then = plots.version_of(version.plot_id, on)
    return version.geometry if then is None else then.geometry


def _neighbour(one: plots.Standing, told: Told, listed: bool, distance: float) -> gate.Neighbour:
    finished = bool(one.exit)
    polluted = told.exceeds is True or listed
    return gate.Neighbour(
        _plot_id(one.plot_id), one.version.name, distance, False if finished else True if polluted else None
    )


def _add_firms(found: _Found, asked: Asked, reader: Actor) -> None:
    """Who stood here: key units with their stay on the list, and what industry is on record."""
    stood = sites.stood_on(asked.shape, reader, asked.on)
    stays = defaultdict(list)
    for stay in firm_lists.ever_on(KEY_LIST, {one.enterprise.pk for one in stood}):
        stays[stay.enterprise_id].append(stay)
    for one in stood:
        key = f"site:{one.site.pk}"
        found.layers[key] = one.site.geometry
        found.history.append(gate.PastUse(key, _past(one.industry), one.name))
        held = stays[one.enterprise.pk]
        if held:
            last = held[-1]
            until = one.until if last.until is None else last.until
            found.key_units.append(gate.KeyUnitSite(key, one.name, held[0].since, until))
    kept = sites.sites(reader, asked.on).exists()
    listed = firm_lists.notices(reader, asked.on).filter(list_key=KEY_LIST).exists()
    found.sources["history"] = gate.Source(kept, asked.on if kept else None)
    found.sources["key_units"] = gate.Source(kept and listed, asked.on if kept and listed else None)


def _past(industry: str) -> gate.PastKind:
    if industry.startswith(FILLING_STATION):
        return gate.PastKind.FILLING_STATION
    if industry.startswith(GARAGE):
        return gate.PastKind.GARAGE
    return gate.PastKind.KEY_INDUSTRY if industry and key_industries(industry) else gate.PastKind.INDUSTRY


def _add_zones(found: _Found, asked: Asked, reader: Actor) -> None:
    """Zones of farmland and control on the ground, and whether those of farmland were ever taken in."""
    reached = set()
    for layer in standing.layers(reader):
        kind = ZONES.get(layer.kind)
        if kind is None or standing.edition_on(layer, asked.on) is None:
            continue
        reached.add(kind)
        for zone in standing.zones(layer, reader, asked.on).filter(geometry__intersects=asked.shape):
            key = f"zone:{zone.pk}"
            found.layers[key] = zone.geometry
            found.zones.append(gate.Zone(key, kind, str(layer.title)))
    answered = gate.ZoneKind.BASIC_FARMLAND in reached
    found.sources["zones"] = gate.Source(answered, asked.on if answered else None)
    parcels = standing.parcels(reader, asked.on).exists()
    found.sources["lineage"] = gate.Source(parcels, asked.on if parcels else None)
