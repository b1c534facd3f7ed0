"""What is on record of a ground on a day, as the rules of the gate read it.

The gate answers from all records, not from those the asker may list: what he may not see would otherwise count as clean.
A source with no record at all has not answered: silence is never "nothing found".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from shapely import union_all
from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import Actor
from soildesk.decisions.pieces import CutGround, cut_each
from soildesk.decisions.queries.records import CLASSES, ZONES, Records, plot_id, shares
from soildesk.enterprises.queries.sites import StoodHere
from soildesk.land.shapes import area_m2, polygons_of
from soildesk.plots.queries import plots
from soilrules.enterprises.industries import key_industries
from soilrules.gate import facts as gate
from soilrules.gate.acts import act
from soilrules.gate.fromlife import Told
from soilrules.gate.profiles import Profile
from soilrules.gate.rules import tolerance
from soilrules.gate.uses import is_scheme
from soilrules.plots.state import EventKind
from soilrules.standards.library import shipped

DEVELOPMENT_LAND = "gb36600"
FILLING_STATION, GARAGE = ("5265", "5266"), ("8111", "8112")
USES = {"use_seen": "used", "building_seen": "built", "fill_seen": "filled", "dump_seen": "dumped"}
"""What an image or a walk shows after a report, as the rules call it."""
Span = tuple[date, date | None]
"""Half-open days, without an end where it goes on."""


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
    reply: str = ""  # the number of ecology's written reply to this question
    unplaced: bool = False  # the ground was read by a system without published transformation: it may lie 100 m off


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
    use_now: tuple[str, str] | None = None  # code and scheme, where the records tell what the asker did not
    uses: list[gate.PresentUse] = field(
        default_factory=list
    )  # those of parts, where they do not tell one for the whole
    registered: list[gate.RegisteredUse] = field(default_factory=list)
    elsewhere: bool = False  # no division of the desk meets the ground: local rules of none of them hold there


def facts_of(questions: Sequence[Asked], reader: Actor) -> list[tuple[gate.GateFacts, CutGround]]:
    """Everything the gate reads of the grounds of one day, and the pieces each was cut into; one ground is a layer of one.

    `reader` reads all records.
    """
    if not questions:
        return []
    (on,) = {one.on for one in questions}  # a layer is asked about on one day
    records = Records([one.shape for one in questions], on, reader)
    gathered = [_gathered(asked, records, at) for at, asked in enumerate(questions)]
    cuts = cut_each([one.shape for one in questions], [one.layers for one in gathered])
    return [
        (_together(found, asked, cutting), cutting)
        for found, asked, cutting in zip(gathered, questions, cuts, strict=True)
    ]


def _gathered(asked: Asked, records: Records, at: int) -> _Found:
    """What is on record of one ground of the layer."""
    found = _Found(sources=records.sources)
    _add_plots(found, asked, records, at)
    _add_firms(found, records, at)
    for zone in records.zones[at]:
        layer = records.zone_layers[zone.edition_id]
        if layer.kind not in ZONES:
            continue
        key = f"zone:{zone.pk}"
        found.layers[key] = zone.geometry
        found.zones.append(gate.Zone(key, ZONES[layer.kind], str(layer.title)))
    for unit in records.classed[at]:
        key = f"unit:{unit.unit}"
        found.layers[key] = unit.geometry
        found.zones.append(gate.Zone(key, CLASSES[unit.farmland_class], unit.name))
    found.registered = records.registered(at)
    if asked.current_use is None:
        _add_present(found, records, at)
    else:  # what the asker says is read beside the records: it does not take their place
        _add_uses(found, [*records.parcels_now(at), *(one.version for one in records.plots[at].here)])
    told = act(asked.act)
    if told.key_unit or told.registry:
        _add_undrawn(found, *records.undrawn(at))
    if names := records.unheld(at):
        held = found.sources["plots"]
        found.sources = {**found.sources, "plots": replace(held, reached=False, undrawn=names)}
    if _beyond(asked.shape, records, at):
        found.sources = {name: gate.Source(False, beyond=True) for name in found.sources}
        found.elsewhere = not records.divisions[at]
    if asked.unplaced:
        found.sources = {name: gate.Source(False, unplaced=True) for name in found.sources}
    return found


def _add_undrawn(found: _Found, may_stand: tuple[str, ...], ruled_out: tuple[str, ...]) -> None:
    """Key units nobody drew: with one that may stand here the source has not answered."""
    held = found.sources["key_units"]
    if may_stand:
        found.sources = {**found.sources, "key_units": replace(held, reached=False, undrawn=may_stand)}
    elif ruled_out:
        found.sources = {**found.sources, "key_units": replace(held, ruled_out=ruled_out)}


def _add_present(found: _Found, records: Records, at: int) -> None:
    """The use of the ground now: as its parcels tell it, where no plot on it tells another; else that of each part."""
    plots_here = [one.version for one in records.plots[at].here]
    whole = records.uses[at]
    said = {(one.use_now.strip(), one.use_system) for one in plots_here if one.use_now.strip()}
    if whole is not None and said <= {whole}:
        found.use_now = whole
    else:
        _add_uses(found, [*records.parcels_now(at), *plots_here])


def _add_uses(found: _Found, held_here: Iterable[Any]) -> None:
    """The uses of the parcels and plots on a ground, each on its own part."""
    shapes: dict[tuple[str, str], list[BaseGeometry]] = {}
    for one in held_here:
        if (use := one.use_now.strip()) and is_scheme(one.use_system):
            shapes.setdefault((use, one.use_system), []).append(one.geometry)
    for (use, scheme), held in sorted(shapes.items()):
        key = f"use:{scheme}:{use}"
        found.layers[key] = union_all(held) if len(held) > 1 else held[0]
        found.uses.append(gate.PresentUse(key, use, scheme))


def _beyond(shape: BaseGeometry, records: Records, at: int) -> bool:
    """Whether ground lies, slivers apart, beyond the divisions whose boundaries this desk has: no record here speaks of it."""
    if not records.bounded:
        return False
    divisions = [one.geometry for one in records.divisions[at]]
    if any(one.covers(shape) for one in divisions):
        return False
    outside = shape.difference(union_all(divisions)) if divisions else shape
    return area_m2(polygons_of(outside)) > tolerance().of(area_m2(shape))


def _together(found: _Found, asked: Asked, cutting: CutGround) -> gate.GateFacts:
    said = {
        name: getattr(asked, name)
        for name in (
            "act", "use", "on", "scheme", "profile", "query", "plan_state", "transfer", "recalled_on", "related",
            "pollutes", "food", "works_begun", "grounds", "reply",
        )
    }  # fmt: skip
    things: dict[str, Any] = {
        name: tuple(getattr(found, name))
        for name in ("uses", "registered", "plots", "reports", "key_units", "history", "zones", "neighbours")
    }
    if found.elsewhere:
        said["profile"] = None
    now, scheme = found.use_now or (asked.current_use, asked.current_scheme)
    return gate.GateFacts(
        ground=cutting.ground, sources=found.sources, current_use=now, current_scheme=scheme, **said, **things
    )  # fmt: skip


def _add_plots(found: _Found, asked: Asked, records: Records, at: int) -> None:
    """Plots on the ground and beside it, what their events tell, and the ground each of their reports covers."""
    met = records.plots[at]
    after = _After(asked, records, at) if any(records.told(one.plot_id).reports for one in met.here) else None
    for one in met.here:
        _add_plot(found, one, records)
        _add_reports(found, one, records, after)
    for one, distance in met.near:
        found.neighbours.append(
            _neighbour(one, records.told(one.plot_id), bool(records.stays[one.plot_id]), distance)
        )  # fmt: skip


def _add_plot(found: _Found, one: plots.Standing, records: Records) -> None:
    version, told = one.version, records.told(one.plot_id)
    found.layers[plot_id(one.plot_id)] = version.geometry
    found.plots.append(
        gate.Plot(
            plot_id(one.plot_id), version.name, version.code or version.plot.number, one.stage,
            tuple(records.stays[one.plot_id]), told.steps, told.exceeds, told.target_reached, version.high_risk, _violations(records.events[one.plot_id]),
            records.care(one.plot_id),
        )
    )  # fmt: skip


def _violations(events: Iterable[Any]) -> tuple[gate.Violation, ...]:
    """The violations among events in their order; one that is settled settles all before it."""
    found: list[gate.Violation] = []
    for row in events:
        if row.kind == EventKind.VIOLATION_FOUND:
            found.append(gate.Violation(row.on))
        elif row.kind == EventKind.VIOLATION_SETTLED:
            found = [replace(one, settled_on=one.settled_on or row.on) for one in found]
    return tuple(found)


class _After:
    """What happened to the ground of a question: read once, told of each report by its day."""

    def __init__(self, asked: Asked, records: Records, at: int) -> None:
        self.lineage, self.acts = records.lineage(at), records.acts[at]
        self.stood = records.stood[at]
        self.untouched, self.on = asked.untouched, asked.on

    def changed(self, day: date) -> tuple[gate.Change, ...] | None:
        """Splits, merges and new boundaries after a day; None where no parcel is on record."""
        if not self.lineage.known:
            return None
        words = {"split": "split", "merge": "merged", "boundary": "rebounded"}
        return tuple(gate.Change(words[kind], on) for kind, on in self.lineage.events if on > day)

    def used(self, day: date, covered: BaseGeometry) -> tuple[gate.Change, ...] | None:
        """What was done after a day to the ground a report covers; None where nobody looked and the asker does not say."""
        here = [one for one in self.acts if one.act in USES and one.on > day and shares(one.geometry, covered)]
        seen = [gate.Change(USES[one.act], one.on, _unseen(one)) for one in here]
        last = [min(self.on, one.until - timedelta(days=1)) if one.until else self.on for one in self._firms(covered)]
        seen += [gate.Change("worked", on) for on in last if on > day]
        if seen or self.untouched:
            return tuple(seen)
        return None

    def _firms(self, covered: BaseGeometry) -> list[StoodHere]:
        """Firms on record on the ground a report covers."""
        return [one for one in self.stood if shares(one.site.geometry, covered)]

    def standard_stands(self, day: date) -> bool | None:
        """Whether the standard of that day is still the one of the day asked about."""
        then, now = (shipped().edition(DEVELOPMENT_LAND, one) for one in (day, self.on))
        return None if now is None else then is now


def _add_reports(found: _Found, one: plots.Standing, records: Records, after: _After | None) -> None:
    """The reports of a plot with the ground they cover: what the event says, else the plot as it lay on the day."""
    told = records.told(one.plot_id)
    covered = {str(row.pk): row.covered for row in records.events[one.plot_id] if row.covered is not None}
    if one.covered is not None and told.reports and told.reports[-1].id not in covered:
        covered[told.reports[-1].id] = one.covered
    for report in told.reports:
        key = f"report:{report.id}"
        covers = covered.get(report.id) or records.ground_then(one, report.accepted_on)
        if after is not None and report.accepted_on is not None:
            day = report.accepted_on
            report = replace(
                report, uses_since=after.used(day, covers), lineage_since=after.changed(day),
                standard_current=after.standard_stands(day),
            )  # fmt: skip
        found.layers[key] = covers
        found.reports.append(replace(report, id=key, number=report.number or one.version.name))


def _neighbour(one: plots.Standing, told: Told, listed: bool, distance: float) -> gate.Neighbour:
    finished = bool(one.exit)
    polluted = told.exceeds is True or listed
    return gate.Neighbour(
        plot_id(one.plot_id), one.version.name, distance, False if finished else True if polluted else None
    )


def _add_firms(found: _Found, records: Records, at: int) -> None:
    """Who stood here: key units with their stay on the list, and what industry is on record."""
    for one in records.stood[at]:
        key = f"site:{one.site.pk}"
        found.layers[key] = one.site.geometry
        found.history.append(gate.PastUse(key, _past(one.industry), one.name))
        key_unit = _key_unit(key, one, records, at)
        if key_unit is not None:
            found.key_units.append(key_unit)


def _key_unit(key: str, one: StoodHere, records: Records, at: int) -> gate.KeyUnitSite | None:
    """The ground as that of a key unit: the last stay on the list that fell in its stay on the ground, if there was one."""
    came, left = _stand(one, records.stood[at])
    listed = _stays(records.key_stays[one.enterprise.pk], records.on)
    together = [
        (since, until) for since, until in listed if (left is None or since < left) and (until is None or came < until)
    ]
    if not together:
        return None
    since, until = together[-1]
    return gate.KeyUnitSite(key, one.name, max(since, came), until, left, f"{one.site.site_id}:{max(since, came)}")


def _stand(one: StoodHere, others: Sequence[StoodHere]) -> tuple[date, date | None]:
    """When a site came to the ground and left it: drawn anew in between it stays the same one."""
    rows = sorted((each for each in others if each.site.site_id == one.site.site_id), key=lambda each: each.since)
    spans = _joined((each.since, each.until) for each in rows)
    return next(span for span in spans if span[0] <= one.since and (span[1] is None or one.since < span[1]))


def _stays(rows: Sequence[Any], on: date) -> list[Span]:
    """Stays on a list begun by a day; one that follows at once on another goes on."""
    return _joined((one.since, one.until) for one in sorted(rows, key=lambda each: each.since) if one.since <= on)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans in their order, half-open; one that begins before or as another ends is one with it."""
    found: list[Span] = []
    for since, until in spans:
        last = found[-1] if found else None
        if last is None or (last[1] is not None and last[1] < since):
            found.append((since, until))
        else:
            ends = (last[1], until)
            found[-1] = (last[0], None if None in ends else max(one for one in ends if one))
    return found


def _unseen(act: Any) -> date | None:
    """The last look without what was seen; a use that is seen is one of its day, however long it has lasted."""
    return None if act.act == "use_seen" else act.not_seen_on


def _past(industry: str) -> gate.PastKind:
    if industry.startswith(FILLING_STATION):
        return gate.PastKind.FILLING_STATION
    if industry.startswith(GARAGE):
        return gate.PastKind.GARAGE
    return gate.PastKind.KEY_INDUSTRY if industry and key_industries(industry) else gate.PastKind.INDUSTRY
