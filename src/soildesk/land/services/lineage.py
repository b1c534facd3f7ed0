"""Acts on the ground of parcels: split, merge, move a boundary. Each is one event with its links of area.

What a plan of such an act comes to (`plan_split` …) is worked out before anything is written: pages show it, the
act refuses by it. Areas on record are divided, never measured anew: the parts of a parcel sum to the parcel.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core import audit, versions
from soildesk.core.models import Department, Division
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.land.models import LineageEvent, LineageLink, Parcel, ParcelVersion
from soildesk.land.refusals import LineageRefused
from soildesk.land.services import parcels
from soildesk.land.services.writing import Place, county_of, same_county
from soildesk.land.shapes import area_m2, polygons_of, surface, union
from soildesk.land.tiling import Tiling, connected, joined, overlap_m2, tiling, tolerance_m2
from soilrules.geodesy import measure

OWN = ("kind", "location", "use_system", "use_now", "use_planned", "holder", "holder_kind")
"""What a part takes over from its parcel where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Paper:
    """From which day, why, and by what document."""

    on: date
    reason: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a split: its ground, and what is said of it otherwise than of the parcel."""

    geometry: BaseGeometry
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """What a change of boundaries comes to: for each parcel its new area, and how much comes from which."""

    areas_m2: tuple[float, ...]
    shares_m2: tuple[tuple[float, ...], ...]  # row: the parcel before, column: the parcel after
    gained_m2: tuple[float, ...]  # from ground that was no parcel's among these
    lost_m2: tuple[float, ...]
    overlap_m2: float
    tolerance_m2: float


def plan_split(version: ParcelVersion, pieces: Sequence[BaseGeometry]) -> Tiling:
    """What a split comes to; refused only where a piece is no surface."""
    return tiling(version.geometry, [surface(piece) for piece in pieces], version.area_m2)


def plan_merge(olds: Sequence[ParcelVersion], outline: BaseGeometry | None = None) -> tuple[BaseGeometry, Tiling]:
    """The merged ground and how the parcels tile it."""
    shapes = [version.geometry for version in olds]
    ground = surface(polygons_of(joined(shapes)) if outline is None else outline)
    return ground, tiling(ground, shapes, math.fsum(version.area_m2 for version in olds))


def plan_boundary(olds: Sequence[ParcelVersion], news: Sequence[BaseGeometry]) -> Moved:
    """What new boundaries come to: each parcel's area on record is divided among those that take its ground."""
    before, after = [version.geometry for version in olds], [surface(shape) for shape in news]
    ground = shapely.union_all(before)
    lost = tuple(area_m2(shape.difference(shapely.union_all(after))) for shape in before)
    gained = tuple(area_m2(shape.difference(ground)) for shape in after)
    spare = tolerance_m2(union(before))
    shares = tuple(
        _shares(version.area_m2, [area_m2(version.geometry.intersection(shape)) for shape in after], gone, spare)
        for version, gone in zip(olds, lost, strict=True)
    )
    areas = tuple(math.fsum([row[at] for row in shares]) + _beyond(gained[at], spare) for at in range(len(after)))
    shared = overlap_m2(after)
    return Moved(areas, shares, gained, lost, shared, spare)


def _shares(recorded_m2: float, pieces_m2: Sequence[float], lost_m2: float, spare: float) -> tuple[float, ...]:
    """A parcel's area on record in proportion to where its ground went; slivers within the tolerance go nowhere."""
    pieces = [piece if piece > spare else 0.0 for piece in pieces_m2]
    parts = [*pieces, _beyond(lost_m2, spare)]
    if not any(parts):
        parts = [*pieces_m2, lost_m2]
    return tuple(measure.scaled_to_parent(parts, recorded_m2).tolist()[:-1])


def _beyond(area: float, spare: float) -> float:
    return area if area > spare else 0.0


@transaction.atomic
def split(
    version: ParcelVersion, pieces: Sequence[Piece], paper: Paper, *, by: Actor, at: datetime
) -> list[ParcelVersion]:
    """Divide a parcel: it ends, its pieces begin that day under numbers of their own."""
    held = _held([version], paper, by)[0]
    if len(pieces) < 2:
        raise LineageRefused(
            _("分割至少要有两块：只给了 %(count)d 块。") % {"count": len(pieces)}, code="land.lineage.too_few"
        )
    plan = plan_split(held, [piece.geometry for piece in pieces])
    refuse_loose(plan, _("各块"), held.parcel.number)
    recording = Recording(by, at, paper.reason)
    versions.end(held, on=paper.on, recording=recording)
    made = [
        _part(held, piece, area, (at_, paper.on), recording)
        for at_, (piece, area) in enumerate(zip(pieces, plan.scaled_m2, strict=True), 1)
    ]
    event = _event(LineageEvent.Kind.SPLIT, paper, by, at)
    for part in made:
        _link(event, held.parcel, part.parcel, part.area_m2)
    _audit("land.parcel.split", event, [held], made, by=by)
    return made


def _part(
    held: ParcelVersion, piece: Piece, area: float, place_and_day: tuple[int, date], recording: Recording
) -> ParcelVersion:
    position, day = place_and_day
    said = {name: getattr(held, name) for name in OWN}
    said |= {"name": f"{held.name}-{position}" if held.name else ""}
    clean = parcels.cleaned({**said, **piece.facts, "geometry": piece.geometry}, held)
    parcels.refuse_code_taken(clean.get("code", ""), clean["kind"], county_of(held.division_path), day)
    return parcels.insert(clean | {"area_m2": area}, _place_of(held), day, recording)


@transaction.atomic
def merge(
    olds: Sequence[ParcelVersion],
    facts: Mapping[str, Any],
    paper: Paper,
    *,
    by: Actor,
    at: datetime,
    outline: BaseGeometry | None = None,
) -> ParcelVersion:
    """Make neighbours one parcel: they end, it begins that day. What is not said is taken from the largest."""
    held = _held(olds, paper, by)
    if len(held) < 2:
        raise LineageRefused(_("合并至少要选两块地。"), code="land.lineage.too_few")
    if len({version.kind for version in held}) > 1:
        raise LineageRefused(
            _("所选地块类别不同（宗地、图斑、地块），不能合并：请分别办理。"), code="land.lineage.kinds"
        )
    if not connected([version.geometry for version in held]):
        raise LineageRefused(
            _("所选地块并不都相邻（只碰一个角不算相邻）：请只选择有共同边界的地块。"), code="land.lineage.apart"
        )
    ground, plan = plan_merge(held, outline)
    refuse_loose(plan, _("所选地块"), "、".join(version.parcel.number for version in held))
    recording = Recording(by, at, paper.reason)
    largest = max(held, key=lambda version: version.area_m2)
    said = {name: getattr(largest, name) for name in (*OWN, "name")}
    for version in held:
        versions.end(version, on=paper.on, recording=recording)
    clean = parcels.cleaned({**said, **facts, "geometry": ground}, largest)
    parcels.refuse_code_taken(clean.get("code", ""), clean["kind"], county_of(largest.division_path), paper.on)
    made = parcels.insert(clean | {"area_m2": plan.ground_m2}, _place_of(largest), paper.on, recording)
    event = _event(LineageEvent.Kind.MERGE, paper, by, at)
    for version in held:
        _link(event, version.parcel, made.parcel, version.area_m2)
    _audit("land.parcel.merged", event, held, [made], by=by)
    return made


@transaction.atomic
def move_boundary(
    changes: Sequence[tuple[ParcelVersion, BaseGeometry]], paper: Paper, *, by: Actor, at: datetime
) -> list[ParcelVersion]:
    """Give one parcel, or several neighbours at once, new boundaries from a day; they stay the parcels they are."""
    held = _held([version for version, _shape in changes], paper, by)
    news = [surface(shape) for _version, shape in changes]
    if all(version.geometry.equals(shape) for version, shape in zip(held, news, strict=True)):
        raise LineageRefused(_("边界没有变化：请先改动边界再提交。"), code="land.lineage.same")
    plan = plan_boundary(held, news)
    if plan.overlap_m2 > plan.tolerance_m2:
        raise LineageRefused(
            _("新边界之间重叠 %(area).1f m²，超过允许的 %(spare).1f m²：请检查共同界线的拐点。")
            % {"area": plan.overlap_m2, "spare": plan.tolerance_m2},
            code="land.lineage.overlap",
        )
    _refuse_into_neighbours(held, news, plan.tolerance_m2, paper.on)
    recording = Recording(by, at, paper.reason)
    made = [
        versions.revise(version, {"geometry": shape, "area_m2": area}, since=paper.on, recording=recording)
        for version, shape, area in zip(held, news, plan.areas_m2, strict=True)
    ]
    event = _event(LineageEvent.Kind.BOUNDARY, paper, by, at)
    for before, row in zip(held, plan.shares_m2, strict=True):
        for after, share in zip(made, row, strict=True):
            if share > 0:
                _link(event, before.parcel, after.parcel, share)
    _audit("land.parcel.boundary_moved", event, held, made, by=by)
    return made


def refuse_loose(plan: Tiling, what: str, where: str) -> None:
    """Refuse what does not tile, with the m² and the tolerance."""
    faults = (
        (
            "gap",
            plan.gap_m2,
            _("%(what)s没有覆盖 %(where)s：还空着 %(area).1f m²，超过允许的 %(spare).1f m²。请检查拐点。"),
        ),
        (
            "overlap",
            plan.overlap_m2,
            _("%(what)s（%(where)s）互相重叠 %(area).1f m²，超过允许的 %(spare).1f m²。请检查拐点。"),
        ),
        (
            "outside",
            plan.outside_m2,
            _("%(what)s超出 %(where)s 的范围 %(area).1f m²，超过允许的 %(spare).1f m²。请检查拐点。"),
        ),
    )
    for name, area, sentence in faults:
        if area > plan.tolerance_m2:
            values = {"what": what, "where": where, "area": area, "spare": plan.tolerance_m2}
            raise LineageRefused(sentence % values, code=f"land.lineage.{name}")


def _held(olds: Sequence[ParcelVersion], paper: Paper, by: Actor) -> list[ParcelVersion]:
    """The parcels, locked, if this actor may divide them on that day."""
    if not paper.reason.strip():
        raise LineageRefused(_("请写明原因：分割、合并与界线调整的原因会留在历史里。"), code="land.lineage.why_missing")
    if len({version.parcel_id for version in olds}) != len(olds):
        raise LineageRefused(_("同一块地选了两次：请重新选择。"), code="land.lineage.twice")
    if paper.on > by.today:
        raise LineageRefused(
            _("日期 %(day)s 晚于今天 %(today)s：请填写今天或更早的日期。") % {"day": paper.on, "today": by.today},
            code="land.lineage.future",
        )
    for version in olds:
        require(by, "land.keep_parcels", version)
    held = [versions.locked(version) for version in sorted(olds, key=lambda each: each.pk)]
    by_parcel = {version.parcel_id: version for version in held}
    held = [by_parcel[version.parcel_id] for version in olds]
    if not same_county([version.division_path for version in held]):
        raise LineageRefused(_("所选地块不在同一个县（区）：请分别办理。"), code="land.lineage.other_place")
    for version in held:
        _must_be_last(version, paper.on)
    return held


def _must_be_last(version: ParcelVersion, on: date) -> None:
    if version.until is not None:
        raise LineageRefused(
            _("%(number)s 自 %(day)s 起已另有变更或终止：请从最新的记录办理。")
            % {"number": version.parcel.number, "day": version.until},
            code="land.lineage.later_versions",
        )
    if on <= version.since:
        raise LineageRefused(
            _("%(number)s 现在的内容自 %(since)s 起算，%(day)s 之后还有变更：日期应晚于 %(since)s。")
            % {"number": version.parcel.number, "since": version.since, "day": on},
            code="land.lineage.not_open",
        )


def _refuse_into_neighbours(
    held: Sequence[ParcelVersion], news: Sequence[BaseGeometry], spare: float, on: date
) -> None:
    """Ground of a parcel that takes no part is not taken in silence."""
    fresh = shapely.union_all(list(news)).difference(shapely.union_all([version.geometry for version in held]))
    if fresh.is_empty:
        return
    others = ParcelVersion.objects.standing(on).filter(kind=held[0].kind, geometry__intersects=fresh)
    for other in others.exclude(parcel__in=[version.parcel_id for version in held]).select_related("parcel"):
        taken = area_m2(other.geometry.intersection(fresh))
        if taken > spare:
            raise LineageRefused(
                _("新边界占了 %(number)s 的 %(area).1f m²：请把 %(number)s 一并调整，或改回界线。")
                % {"number": other.parcel.number, "area": taken},
                code="land.lineage.into_neighbour",
            )


def _place_of(version: ParcelVersion) -> Place:
    division = Division.objects.filter(path=version.division_path).order_by("-since").first()
    return Place(division, Department.objects.get(pk=version.owner_department_id))


def _event(kind: LineageEvent.Kind, paper: Paper, by: Actor, at: datetime) -> LineageEvent:
    return LineageEvent.objects.create(
        kind=kind, on=paper.on, document=paper.document.strip()[:80], reason=paper.reason.strip()[:300],
        by=by.person, at=at,
    )  # fmt: skip


def _link(event: LineageEvent, ancestor: Parcel, descendant: Parcel, area: float) -> None:
    LineageLink.objects.create(event=event, ancestor=ancestor, descendant=descendant, area_m2=area)


def _audit(
    act: str, event: LineageEvent, before: Sequence[ParcelVersion], after: Sequence[ParcelVersion], *, by: Actor
) -> None:
    audit.record(
        act,
        subject=after[0],
        by=by,
        at=event.at,
        data={
            "event": event.uid,
            "on": event.on,
            "document": event.document,
            "before": {version.parcel.number: version.area_m2 for version in before},
            "after": {version.parcel.number: version.area_m2 for version in after},
        },
    )
