"""What is on record of a layer of grounds on a day: each register read once for all of them.

A source with no record at all has not answered: silence is never "nothing found".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from shapely import unary_union
from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import Actor
from soildesk.decisions.queries import ground_acts
from soildesk.enterprises.queries import lists as firm_lists
from soildesk.enterprises.queries import sites
from soildesk.farmland.queries.classed import classed_on
from soildesk.land.queries import standing
from soildesk.land.queries.changed import Changed, beneath, lineage_of
from soildesk.land.shapes import area_m2, polygons_of
from soildesk.plots.lifefacts import event_of
from soildesk.plots.queries import aftercare, candidates, meeting, plots, stages
from soilrules.gate import facts as gate
from soilrules.gate.fromlife import Told, told_by
from soilrules.gate.rules import neighbour_m, tolerance
from soilrules.gate.uses import is_scheme, no_plants, read_use
from soilrules.geodesy import overlay
from soilrules.plots.state import Aftercare

KEY_LIST = "soil_key"
ZONES = {
    "basic_farmland": gate.ZoneKind.BASIC_FARMLAND,
    "priority_farmland": gate.ZoneKind.PRIORITY_FARMLAND,
    "control_zone": gate.ZoneKind.CONTROL_ZONE,
}
CLASSES = {
    "priority": gate.ZoneKind.PRIORITY_FARMLAND,
    "safe_use": gate.ZoneKind.SAFE_USE_FARMLAND,
    "strict": gate.ZoneKind.STRICT_FARMLAND,
}
"""Classes of farmland in force, as facts name the ground."""
DIVISIONS = "division"


def plot_id(key: int) -> str:
    """A plot as facts name it."""
    return f"plot:{key}"


class Records:
    """The registers as they speak of each ground of a layer; grounds go by their place in it. `reader` reads all records."""

    def __init__(self, shapes: Sequence[BaseGeometry], on: date, reader: Actor) -> None:
        self.shapes, self.on, self.reader = list(shapes), on, reader
        self.plots = meeting.met(self.shapes, reader, on, neighbour_m())
        self._read_lives()
        self.stood = sites.stood_on_each(self.shapes, reader, on)
        self.key_stays: dict[int, list[Any]] = defaultdict(list)
        firms = {one.enterprise.pk for here in self.stood for one in here}
        for stay in firm_lists.ever_on(KEY_LIST, firms) if firms else ():
            self.key_stays[stay.enterprise_id].append(stay)
        self._read_zones()
        self.classed = classed_on(self.shapes, reader, on)
        self.sources = self._sources()

    def _read_lives(self) -> None:
        """Events and stays on lists of every plot on a ground or beside one."""
        keys = sorted({one.plot_id for met in self.plots for one in (*met.here, *(near for near, _metres in met.near))})
        self.events: dict[int, list[Any]] = defaultdict(list)
        self.stays: dict[int, list[gate.Membership]] = defaultdict(list)
        self._told: dict[int, Told] = {}
        if not keys:
            return
        for event in stages.events_of(keys):
            if event.on <= self.on:
                self.events[event.plot_id].append(event)
        for stay in stages.stays(self.reader, self.on).filter(plot__in=keys).order_by("since", "list_key", "id"):
            self.stays[stay.plot_id].append(gate.Membership(stay.list_key, stay.since, stay.until))

    def told(self, key: int) -> Told:
        """What the events of a plot tell, up to the day."""
        if key not in self._told:
            self._told[key] = told_by([event_of(one) for one in self.events[key]], plot_id(key))
        return self._told[key]

    def care(self, key: int) -> gate.Care | None:
        """The aftercare of a plot on the day, with what its last report says; None where it owes none."""
        owed = self.told(key).aftercare
        if owed.state in (Aftercare.NONE, Aftercare.ENDED):
            return None
        said = self._cared.get(key) if owed.since else None
        if (
            said is None or said.report.accepted_on < owed.since
        ):  # one of an aftercare before this one says nothing of it
            return gate.Care(owed.state)
        return gate.Care(owed.state, said.limits, said.until)

    @cached_property
    def _cared(self) -> Mapping[int, aftercare.CareTold]:
        """What reports say of the aftercare of the plots of the layer; read where one runs."""
        return aftercare.told_of({one.plot_id for met in self.plots for one in met.here}, self.on)

    def ground_then(self, one: plots.Standing, on: date | None) -> BaseGeometry:
        """The ground of a plot when its report was accepted: one drawn larger since is not covered by it."""
        version = one.version
        if on is None or version.since <= on:
            return version.geometry
        rows = self._versions.get(one.plot_id, [])
        before = [row for row in rows if row.since <= on]
        return (before[-1] if before else rows[0] if rows else version).geometry

    @cached_property
    def _versions(self) -> Mapping[int, list[Any]]:
        """What was ever said of the plots of the layer; read where one was drawn anew after a report."""
        return plots.versions_of({one.plot_id for met in self.plots for one in met.here})

    @cached_property
    def acts(self) -> list[list[Any]]:
        """What was done with each ground; read where a report lies on one."""
        return ground_acts.on_each(self.shapes, self.reader, self.on)

    @cached_property
    def _parcels(self) -> list[list[Any]]:
        return beneath(self.shapes, self.reader, self.on)

    @cached_property
    def _lineage(self) -> dict[int, Changed]:
        reported = [at for at, met in enumerate(self.plots) if any(self.told(one.plot_id).reports for one in met.here)]
        parcels = [{one.parcel_id for one in self._parcels[at]} for at in reported]
        return dict(zip(reported, lineage_of(parcels, self.on), strict=True))

    def lineage(self, at: int) -> Changed:
        """How the parcels of a ground with reports were divided and joined."""
        return self._lineage[at]

    @cached_property
    def uses(self) -> list[tuple[str, str] | None]:
        """The use of each ground as its parcels tell it; read where nobody says it."""
        return [_use_of(one) for one in self._beneath]

    @cached_property
    def _beneath(self) -> list[Beneath]:
        """How each ground lies on its parcels: all grounds are laid over them at once."""
        return laid_over(self.shapes, [self.parcels_now(at) for at in range(len(self.shapes))])

    def parcels_now(self, at: int) -> list[Any]:
        """The parcels a ground lies on, on the day."""
        return [one for one in self._parcels[at] if one.until is None or one.until > self.on]

    def registered(self, at: int) -> list[gate.RegisteredUse]:
        """The planned uses on record of the plots on a ground and of the parcels that share more than a sliver of it."""
        held: list[tuple[str, Any]] = [
            (one.version.name, one.version) for one in self.plots[at].here if _planned(one.version)
        ]
        if any(map(_planned, self.parcels_now(at))):  # before the grounds are cut, which is dear
            parcels = [one for one, area in self._beneath[at].parcels if area > float(tolerance().m2) and _planned(one)]
            held += [(one.name or one.code, one) for one in parcels]
        return [gate.RegisteredUse(name, _planned(one), one.use_system) for name, one in held]

    def undrawn(self, at: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Key units that may stand on a ground for all anybody knows, and those that only its use rules out: they are of
        its town, no ground of theirs is drawn, and the records do not say of all of the ground whose or what it is."""
        codes = [one.code for one in self.divisions[at] if one.code]
        here = {one.name for one in self._undrawn if not codes or any(_same_place(one.division_code, c) for c in codes)}
        if not here or self._is_told(at, here, by_use=False):
            return (), ()
        found = tuple(sorted(here))
        return ((), found) if self._is_told(at, here, by_use=True) else (found, ())

    def _is_told(self, at: int, names: Collection[str], *, by_use: bool) -> bool:
        """Whether all of a ground is the site of another firm, a plot of the register, or a parcel held by another or, where
        that counts, used for what no plant stands on."""
        told = [one.site.geometry for one in self.stood[at]] + [one.version.geometry for one in self.plots[at].here]
        parcels = self.parcels_now(at)
        told += [one.geometry for one in parcels if _of_others(one, names) or (by_use and _without_plants(one))]
        if not told:
            return False
        shape = self.shapes[at]
        left = area_m2(polygons_of(shape.difference(unary_union(told))))
        return left <= float(tolerance().of(area_m2(shape)))

    def unheld(self, at: int) -> tuple[str, ...]:
        """Plots of the national system that may lie on a ground for all anybody knows: nobody made plots of them here, and
        not all of the ground is plots of the register."""
        codes = [one.code for one in self.divisions[at] if one.code]
        shape = self.shapes[at]
        found = [
            one.name
            for one in self._unheld
            if (shares(shape, one.geometry) if one.geometry is not None
                else not codes or any(_same_place(one.division_code, code) for code in codes))
        ]  # fmt: skip
        if not found:
            return ()
        left = shape.difference(unary_union([one.version.geometry for one in self.plots[at].here]))
        return tuple(found) if area_m2(polygons_of(left)) > tolerance().of(area_m2(shape)) else ()

    @cached_property
    def _unheld(self) -> list[candidates.Unheld]:
        return candidates.unheld(self.reader)

    @cached_property
    def _undrawn(self) -> list[sites.Undrawn]:
        return sites.undrawn(KEY_LIST, self.reader, self.on)

    def _read_zones(self) -> None:
        """Zones on the grounds by the day asked about; divisions by those of today."""
        on, today = self.on, self.reader.today
        kinds = [*ZONES, DIVISIONS] if on == today else list(ZONES)
        self.zone_layers, self.zones = standing.shapes_on(kinds, self.shapes, self.reader, on)
        layers, divisions = self.zone_layers, self.zones
        if on != today:
            layers, divisions = standing.shapes_on([DIVISIONS], self.shapes, self.reader, today)
        editions = {key for key, layer in layers.items() if layer.kind == DIVISIONS}
        self.bounded = bool(editions)
        self.divisions = [[one for one in here if one.edition_id in editions] for here in divisions]

    def _sources(self) -> dict[str, gate.Source]:
        """What the sources answered: of a day to come no record says anything yet."""
        on, today = self.on, self.reader.today
        kept = any(met.here for met in self.plots) or meeting.any_kept(self.reader)
        firms = any(one.stands(on) for here in self.stood for one in here) or sites.sites(self.reader, on).exists()
        parcels = any(map(self.parcels_now, range(len(self.shapes)))) or standing.parcels(self.reader, on).exists()
        reached = {
            "plots": kept,
            "lists": kept,
            "reports": kept,
            "history": firms,
            "key_units": firms and firm_lists.any_notice(KEY_LIST, self.reader, on),
            "zones": any(one.kind == "basic_farmland" for one in self.zone_layers.values()),
            "lineage": parcels,
        }
        if on > today:
            return {name: gate.Source(False, today if one else None) for name, one in reached.items()}
        return {name: gate.Source(one, on if one else None) for name, one in reached.items()}


def _planned(one: Any) -> str:
    """The planned use on record of a plot or a parcel; empty where none is, or nobody knows its classification."""
    return str(one.use_planned).strip() if is_scheme(one.use_system) else ""


def _of_others(parcel: Any, names: Collection[str]) -> bool:
    """Whether a parcel is held by another than these."""
    return bool(parcel.holder.strip()) and parcel.holder.strip() not in names


def _without_plants(parcel: Any) -> bool:
    """Whether a parcel nobody is known to hold is used for what no plant stands on."""
    use = parcel.use_now.strip()
    if parcel.holder.strip() or not use or not is_scheme(parcel.use_system):
        return False
    return no_plants().holds(read_use(use, parcel.use_system))


def _same_place(code: str, other: str) -> bool:
    """Whether one of two divisions is the other or holds it."""
    return code.startswith(other) or other.startswith(code)


def shares(shape: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether two shapes share more than a sliver."""
    return bool(shape.intersects(other)) and area_m2(polygons_of(shape.intersection(other))) > float(tolerance().m2)


@dataclass(slots=True)
class Beneath:
    """The parcels a ground shares area with, each with its m², how much of it lies on none, and its own area."""

    parcels: list[tuple[Any, float]] = field(default_factory=list)
    bare_m2: float = 0.0
    whole_m2: float = 0.0


def laid_over(shapes: Sequence[BaseGeometry], parcels: Sequence[Sequence[Any]]) -> list[Beneath]:
    """Each ground on its parcels, in the order of their keys; the grounds are cut together."""
    found = [Beneath() for _shape in shapes]
    every = sorted({one.pk: one for here in parcels for one in here}.values(), key=lambda one: one.pk)
    if not every:
        return found
    grounds, outlines = (np.array(some, dtype=object) for some in (shapes, [one.geometry for one in every]))
    for pieces, rest in overlay.overlay_and_remainders(range(len(shapes)), grounds, range(len(every)), outlines):
        told = (rest[name].to_pylist() for name in ("a", "parent_m2", "remainder_m2"))
        for at, whole, left in zip(*told, strict=True):
            found[at].whole_m2, found[at].bare_m2 = whole, left
        rows = sorted(zip(*(column.to_pylist() for column in pieces.columns), strict=True))
        for at, other, area in rows:
            found[at].parcels.append((every[other], area))
    return found


def _use_of(ground: Beneath) -> tuple[str, str] | None:
    """The use of a ground as its parcels tell it, with the classification; None where they do not cover it, slivers apart,
    or one of them does not say."""
    sliver = tolerance().of(ground.whole_m2)
    lying = [one for one, area in ground.parcels if area > sliver]
    bare = ground.bare_m2 + sum(area for _one, area in ground.parcels if area <= sliver)
    return _one_use({(one.use_now.strip(), one.use_system) for one in lying}) if lying and bare <= sliver else None


def _one_use(said: set[tuple[str, str]]) -> tuple[str, str] | None:
    """Several uses of one classification together; None where a parcel does not say, or they speak of several."""
    systems = {system for _use, system in said}
    if not said or any(not use for use, _system in said) or len(systems) > 1 or not all(map(is_scheme, systems)):
        return None
    return "/".join(sorted(use for use, _system in said)), systems.pop()
