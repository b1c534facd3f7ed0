"""The geometries of one chunk: to CGCS2000, checked against the taxonomy, repaired where that was asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from soildesk.kit.gis.findings import NOTE, SYSTEM, Finding, of_fault
from soildesk.kit.gis.places import Boundary
from soildesk.kit.gis.refusals import said
from soilrules.geodesy import faults
from soilrules.geodesy.crs import Crs
from soilrules.geodesy.measure import area_m2
from soilrules.geodesy.repairs import REPAIRABLE
from soilrules.geodesy.transform import to_stored

Geometries = NDArray[Any]
KINDS: dict[int, Literal["point", "line", "polygon"]] = {
    0: "point", 4: "point", 1: "line", 5: "line", 3: "polygon", 6: "polygon"
}  # fmt: skip
UNTIL_HASHES = 1_000_000
"""Codes of a file remembered for repetitions across chunks: about 100 MB; from there on it is said that none are."""


@dataclass(frozen=True)
class Rules:
    """By what geometries are checked: from which system, which kind, within which boundary."""

    crs: Crs
    axis: Any
    shape: str
    within: Boundary | None = None
    repair: bool = False


@dataclass
class Checked:
    """Stored geometries, their areas, what was said of each (by place), and those repaired as they were before."""

    geoms: Geometries
    area_m2: NDArray[np.float64]
    findings: dict[int, list[Finding]] = field(default_factory=dict)
    before: dict[int, Any] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)


def check(wkb: Any, positions: NDArray[np.int64], rules: Rules) -> Checked:
    """The geometries of a chunk, checked."""
    given = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    converted = to_stored(given, rules.crs, axis=rules.axis)
    found = Checked(converted.geoms, np.zeros(len(given)), notes={said(note) for note in converted.notes})
    by_place = _faults(found.geoms, np.arange(len(given)), rules)
    if rules.repair:
        by_place = _repaired(found, by_place, positions, rules)
    for place, told in by_place.items():
        found.findings.setdefault(place, []).extend(of_fault(one, int(positions[place])) for one in told)
    usable = np.array(
        [not any(one.blocks for one in found.findings.get(at, ())) for at in range(len(given))], dtype=bool
    )
    found.area_m2[usable] = np.nan_to_num(area_m2(found.geoms[usable]))
    return found


def _faults(geoms: Geometries, places: NDArray[np.intp], rules: Rules) -> dict[int, list[faults.Fault]]:
    """Faults by place. A layer of mixed kinds is checked kind by kind."""
    if rules.shape != "mixed":
        groups = {rules.shape: np.arange(len(geoms))}
    else:
        kinds = np.array([KINDS.get(int(one), "polygon") for one in shapely.get_type_id(geoms)], dtype=object)
        groups = {kind: np.flatnonzero(kinds == kind) for kind in dict.fromkeys(kinds.tolist())}
    told: dict[int, list[faults.Fault]] = {}
    for kind, members in groups.items():
        given = geoms[members]
        place = rules.within
        more = {} if place is None else {"within": place.area, "place_of": place.place_of}
        for one in faults.check(given, kind=kind, neighbours=given, source=rules.crs, **more):
            told.setdefault(int(places[members[one.index]]), []).append(one)
    return told


def _repaired(
    found: Checked, told: dict[int, list[faults.Fault]], positions: NDArray[np.int64], rules: Rules
) -> dict[int, list[faults.Fault]]:
    """The faults that are left after what can be repaired was; each repair is told and what was before is kept."""
    for place in sorted(told):
        codes = [one.code for one in told[place] if one.code in REPAIRABLE]
        if not codes:
            continue
        done = faults.repair(found.geoms[place], codes)
        position = int(positions[place])
        if done.refused is not None:
            found.findings.setdefault(place, []).append(
                Finding(position, "repair_refused", NOTE, SYSTEM, "，".join(codes), said(done.refused))
            )
            continue
        found.before[place], found.geoms[place] = found.geoms[place], done.after
        sentence = " ".join(said(one) for one in done.done) + _("原图形已保留。")
        found.findings.setdefault(place, []).append(
            Finding(
                position, "repaired", NOTE, SYSTEM, f"{done.area_before_m2:.2f} → {done.area_after_m2:.2f}", sentence
            )
        )
    if not found.before:
        return told
    return _faults(found.geoms, np.arange(len(found.geoms)), rules)


class Repetitions:
    """Codes of a file met before, across its chunks, as far as memory is meant to go; `full_from`: from which row on not."""

    def __init__(self) -> None:
        self._met: dict[int, int] = {}
        self.full_from: int | None = None

    def first(self, what: Any, position: int) -> int | None:
        """The row that had the same before; remembers this one otherwise."""
        key = hash(what)
        earlier = self._met.get(key)
        if earlier is None and len(self._met) < UNTIL_HASHES:
            self._met[key] = position
        elif earlier is None and self.full_from is None:
            self.full_from = position
        return earlier
