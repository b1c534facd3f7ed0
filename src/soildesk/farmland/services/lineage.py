"""Acts on the ground of units: divide, join, give neighbours other bounds. Each is one change with its links of area.

Areas are divided, never measured anew: what comes out sums to what went in. The approved class goes with the ground until a
new decision names the new unit; so ground of different classes is not joined, and does not move into a unit of another class.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core import audit, versions
from soildesk.core.models import Department, Division
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.farmland.models import FarmlandClass, UnitChange, UnitClass, UnitLink, UnitVersion
from soildesk.farmland.refusals import LineageRefused
from soildesk.farmland.services import classlines, households, units
from soildesk.land.services.lineage import Moved, Paper, Piece, plan_boundary
from soildesk.land.services.writing import Place, refuse_future, same_county
from soildesk.land.shapes import polygons_of, surface
from soildesk.land.tiling import Tiling, connected, joined, tiling

__all__ = ["Paper", "Piece", "merge", "plan_merge", "plan_reshape", "plan_split", "reshape", "split"]

OWN = (
    "ground", "use", "location", "soil_type", "topography", "source", "industry_near", "irrigation", "crop", "basic_farmland",
    "pollution", "pollution_source", "field_chief", "forest_chief", "keeper", "note",
)  # fmt: skip
"""What a part takes over from its unit where nothing else is said."""
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class _Act:
    """One change as it is written: how, when and why, by whom."""

    kind: str
    paper: Paper
    recording: Recording


def plan_split(version: UnitVersion, pieces: Sequence[BaseGeometry]) -> Tiling:
    """What a division comes to; refused only where a piece is no surface."""
    return tiling(version.geometry, [surface(piece) for piece in pieces], version.area_m2)


def plan_merge(olds: Sequence[UnitVersion]) -> tuple[BaseGeometry, Tiling]:
    """The ground of units together and how they tile it."""
    shapes = [version.geometry for version in olds]
    ground = surface(polygons_of(joined(shapes)))
    return ground, tiling(ground, shapes, sum(version.area_m2 for version in olds))


def plan_reshape(olds: Sequence[UnitVersion], news: Sequence[BaseGeometry]) -> Moved:
    """What other bounds come to: how much of each unit goes to which."""
    return plan_boundary(olds, news)  # type: ignore[arg-type]


@transaction.atomic
def split(version: UnitVersion, pieces: Sequence[Piece], paper: Paper, *, by: Actor, at: datetime) -> list[UnitVersion]:
    """Divide a unit: it ends, its pieces begin that day under numbers of their own with the class its ground has."""
    (held,) = _held([version], paper, by)
    if len(pieces) < 2:
        raise LineageRefused(
            _("拆分至少要有两块：只给了 %(count)d 块。") % {"count": len(pieces)}, code="farmland.lineage.too_few"
        )
    plan = plan_split(held, [piece.geometry for piece in pieces])
    _refuse_loose(plan, held.unit.number)
    act = _Act(UnitChange.Kind.SPLIT, paper, Recording(by, at, paper.reason))
    records = _parts(held.area_of_record_m2, plan.scaled_m2)
    held_class = _end(held, act)
    made = [
        _begin(held, {**_named(held, number), **piece.facts, "geometry": piece.geometry}, (area, record), act)
        for number, (piece, area, record) in enumerate(zip(pieces, plan.scaled_m2, records, strict=True), 1)
    ]
    _carry_class([held_class], made, plan.scaled_m2, act)
    change = _change(act, held)
    for one in made:
        _link(change, held, one, one.area_m2)
    _audit("farmland.unit.split", change, [held], made, by)
    return made


@transaction.atomic
def merge(
    olds: Sequence[UnitVersion], facts: Mapping[str, Any], paper: Paper, *, by: Actor, at: datetime
) -> UnitVersion:
    """Make neighbours of one class one unit. What is not said is taken from the largest; those who till them come along."""
    held = _held(olds, paper, by)
    if len(held) < 2:
        raise LineageRefused(_("合并至少要选两个单元。"), code="farmland.lineage.too_few")
    if not connected([version.geometry for version in held]):
        raise LineageRefused(
            _("所选单元并不都相邻（只碰一个角不算相邻）：请只选择有共同边界的单元。"), code="farmland.lineage.apart"
        )
    _must_be_alike(held, paper.on)
    ground, plan = plan_merge(held)
    _refuse_loose(plan, "、".join(version.unit.number for version in held))
    act = _Act(UnitChange.Kind.MERGE, paper, Recording(by, at, paper.reason))
    largest = max(held, key=lambda version: version.area_m2)
    tilling = [one for version in held for one in households.standing(version.unit, paper.on)]
    classes = [_end(version, act) for version in held]
    record = _together([(version.area_of_record_m2, version.area_m2) for version in held])
    said = {"name": largest.name, **facts, "geometry": ground}
    made = _begin(largest, said, (plan.ground_m2, record), act)
    _carry_class([one for one in classes if one], [made], [plan.ground_m2], act)
    change = _change(act, largest)
    for version in held:
        _link(change, version, made, version.area_m2)
    for one in tilling:
        households.carry(one, made, paper.on, act.recording)
    _audit("farmland.unit.merged", change, held, [made], by)
    return made


@transaction.atomic
def reshape(
    changes: Sequence[tuple[UnitVersion, BaseGeometry]], paper: Paper, *, by: Actor, at: datetime
) -> list[UnitVersion]:
    """Give neighbours other bounds between them from a day on; the ground they have together stays what it is."""
    held = _held([version for version, _shape in changes], paper, by)
    news = [surface(shape) for _version, shape in changes]
    if all(version.geometry.equals(shape) for version, shape in zip(held, news, strict=True)):
        raise LineageRefused(_("边界没有变化：请先改动边界再提交。"), code="farmland.lineage.same")
    plan = plan_reshape(held, news)
    _refuse_other_ground(plan)
    _refuse_other_class(held, plan, paper.on)
    act = _Act(UnitChange.Kind.RESHAPE, paper, Recording(by, at, paper.reason))
    records = _moved_records(held, plan)
    made = [
        versions.revise(
            version, {"geometry": shape, "area_m2": area, "area_of_record_m2": record}, since=paper.on, recording=act.recording
        )
        for version, shape, area, record in zip(held, news, plan.areas_m2, records, strict=True)
    ]  # fmt: skip
    change = _change(act, held[0])
    for before, row in zip(held, plan.shares_m2, strict=True):
        for after, share in zip(made, row, strict=True):
            if share > 0:
                _link(change, before, after, share)
    _audit("farmland.unit.reshaped", change, held, made, by)
    return made


def _held(olds: Sequence[UnitVersion], paper: Paper, by: Actor) -> list[UnitVersion]:
    """The units, locked, if this actor may divide them on that day."""
    if not paper.reason.strip():
        raise LineageRefused(
            _("请写明原因：拆分、合并与调整边界的原因会留在历史里。"), code="farmland.lineage.why_missing"
        )
    if len({version.unit_id for version in olds}) != len(olds):
        raise LineageRefused(_("同一个单元选了两次：请重新选择。"), code="farmland.lineage.twice")
    refuse_future(paper.on, by, LineageRefused, "farmland.lineage.future")
    for version in olds:
        require(by, "farmland.keep_units", version)
    held = {one.unit_id: one for one in map(versions.locked, sorted(olds, key=lambda each: each.pk))}
    if not same_county([version.division_path for version in held.values()]):
        raise LineageRefused(_("所选单元不在同一个县（区）：请分别办理。"), code="farmland.lineage.other_place")
    for version in held.values():
        units.refuse_later_versions(version)
        if paper.on <= version.since:
            raise LineageRefused(
                _("%(number)s 现在的内容自 %(since)s 起算：日期应晚于 %(since)s。")
                % {"number": version.unit.number, "since": version.since},
                code="farmland.lineage.not_open",
            )
    return [held[version.unit_id] for version in olds]


def class_on(version: UnitVersion, on: date) -> UnitClass | None:
    """The class of a unit on a day."""
    return UnitClass.objects.standing(on).filter(unit=version.unit_id).first()


def _word(held: UnitClass | None) -> str:
    return str(FarmlandClass(held.farmland_class).label) if held else _("无现行类别")


def _must_be_alike(held: Sequence[UnitVersion], on: date) -> None:
    """One unit is of one use and has one class."""
    classes = {_word(class_on(version, on)) for version in held}
    if len(classes) > 1:
        raise LineageRefused(
            _("所选单元的现行类别不同（%(classes)s），不能合并：类别由省级人民政府批准，批准之前各自保留。")
            % {"classes": "、".join(sorted(classes))},
            code="farmland.lineage.class",
        )
    if len({(version.ground, version.use) for version in held}) > 1:
        raise LineageRefused(
            _("所选单元的地类或利用方式不同，不能合并：一个单元应是同质的一片地。"), code="farmland.lineage.ground"
        )


def _refuse_loose(plan: Tiling, where: str) -> None:
    faults = (
        (plan.gap_m2, "gap", _("还空着 %(area).1f m²")),
        (plan.overlap_m2, "overlap", _("互相重叠 %(area).1f m²")),
        (plan.outside_m2, "outside", _("超出原范围 %(area).1f m²")),
    )
    for area, name, sentence in faults:
        if area > plan.tolerance_m2:
            raise LineageRefused(
                _("%(where)s：各块%(fault)s，超过允许的 %(spare).1f m²。请检查拐点。")
                % {"where": where, "fault": sentence % {"area": area}, "spare": plan.tolerance_m2},
                code=f"farmland.lineage.{name}",
            )


def _refuse_other_ground(plan: Moved) -> None:
    """The bounds between units move; the ground they have together does not."""
    if plan.overlap_m2 > plan.tolerance_m2:
        raise LineageRefused(
            _("新边界之间重叠 %(area).1f m²，超过允许的 %(spare).1f m²：请检查共同界线的拐点。")
            % {"area": plan.overlap_m2, "spare": plan.tolerance_m2},
            code="farmland.lineage.overlap",
        )
    for area, name, sentence in (
        (sum(plan.gained_m2), "outside", _("新边界多占了 %(area).1f m² 不属于所选单元的地")),
        (sum(plan.lost_m2), "gap", _("新边界丢掉了 %(area).1f m²")),
    ):
        if area > plan.tolerance_m2:
            raise LineageRefused(
                (sentence % {"area": area})
                + _("：调整边界前后总范围不变。新增的地另行登记，不再是农用地的先拆分再终止。"),
                code=f"farmland.lineage.{name}",
            )


def _refuse_other_class(held: Sequence[UnitVersion], plan: Moved, on: date) -> None:
    words = [_word(class_on(version, on)) for version in held]
    for at, row in enumerate(plan.shares_m2):
        for to, share in enumerate(row):
            if share > plan.tolerance_m2 and words[at] != words[to]:
                raise LineageRefused(
                    _("%(area).1f m² 会从 %(one)s（%(class)s）划到 %(other)s（%(into)s）：类别只能由批准文件改变。请先把这部分拆分为单独的单元。")
                    % {"area": share, "one": held[at].unit.number, "class": words[at], "other": held[to].unit.number, "into": words[to]},
                    code="farmland.lineage.class",
                )  # fmt: skip


def _named(held: UnitVersion, number: int) -> dict[str, Any]:
    return {"name": f"{held.name}-{number}"}


def _end(version: UnitVersion, act: _Act) -> UnitClass | None:
    """The unit and its class ended; the class that stood."""
    versions.end(version, on=act.paper.on, recording=act.recording)
    return units.end_class(version.unit, act.paper.on, act.recording)


def _begin(held: UnitVersion, facts: Mapping[str, Any], areas: tuple[float, Decimal | None], act: _Act) -> UnitVersion:
    """A unit that begins with what is said of another, on a ground of its own; its areas come from the division."""
    said = units.cleaned({**{name: getattr(held, name) for name in OWN}, **facts})
    units.refuse_code_taken(said.get("code", ""), held.division_path)
    said |= {"area_m2": areas[0], "area_of_record_m2": areas[1]}
    return units.insert(said, _place_of(held), act.paper.on, act.recording)


def _carry_class(
    classes: Sequence[UnitClass | None], made: Sequence[UnitVersion], areas: Sequence[float], act: _Act
) -> None:
    """The approved class on the units that took the ground; the latest decision of what was joined stands."""
    held = [one for one in classes if one is not None]
    if not held:
        return
    latest = max(held, key=lambda one: (one.since, one.pk))
    elements = [slug for one in held for slug in one.controlling.split(classlines.BETWEEN) if slug]
    latest.controlling = classlines.BETWEEN.join(dict.fromkeys(elements))
    printed = None if any(one.area_m2 is None for one in held) else sum((one.area_m2 for one in held), Decimal(0))
    why = _("随单元%(act)s沿用") % {"act": UnitChange.Kind(act.kind).label}
    recording = Recording(act.recording.by, act.recording.at, why)
    for one, area in zip(made, _parts(printed, areas), strict=True):
        classlines.carried(latest, one.unit, area, act.paper.on, recording)


def _parts(whole: Decimal | None, shares: Sequence[float]) -> list[Decimal | None]:
    """An area on paper divided like the ground, to the cent: the parts sum to it."""
    if whole is None:
        return [None] * len(shares)
    total = sum(shares)
    parts = [(whole * Decimal(str(share)) / Decimal(str(total))).quantize(CENT) for share in shares]
    parts[-1] += whole - sum(parts, Decimal(0))
    return list(parts)


def _together(areas: Sequence[tuple[Decimal | None, float]]) -> Decimal | None:
    """Areas on paper summed; where one has none its computed area stands in, and none where all have none."""
    if all(record is None for record, _area in areas):
        return None
    said = [record if record is not None else Decimal(str(area)) for record, area in areas]
    return sum(said, Decimal(0)).quantize(CENT)


def _moved_records(held: Sequence[UnitVersion], plan: Moved) -> list[Decimal | None]:
    """Areas on paper that go where the ground goes."""
    if all(version.area_of_record_m2 is None for version in held):
        return [None] * len(held)
    sums = [Decimal(0)] * len(held)
    for version, row in zip(held, plan.shares_m2, strict=True):
        record = version.area_of_record_m2
        whole = (Decimal(str(version.area_m2)) if record is None else record).quantize(CENT)
        for to, part in enumerate(_parts(whole, row)):
            sums[to] += part or Decimal(0)
    return list(sums)


def _place_of(version: UnitVersion) -> Place:
    division = Division.objects.filter(path=version.division_path).order_by("-since").first()
    return Place(division, Department.objects.get(pk=version.owner_department_id))


def _change(act: _Act, version: UnitVersion) -> UnitChange:
    return UnitChange.objects.create(
        kind=act.kind, on=act.paper.on, document=act.paper.document.strip()[:120], why=act.paper.reason.strip()[:300],
        division_path=version.division_path, owner_department_id=version.owner_department_id,
        recorded_at=act.recording.at, recorded_by=act.recording.by.person,
    )  # fmt: skip


def _link(change: UnitChange, before: UnitVersion, after: UnitVersion, area: float) -> None:
    UnitLink.objects.create(change=change, before=before.unit, after=after.unit, area_m2=area)


def _audit(
    act: str, change: UnitChange, before: Sequence[UnitVersion], after: Sequence[UnitVersion], by: Actor
) -> None:
    data = {
        "on": change.on,
        "document": change.document,
        "before": {version.unit.number: version.area_m2 for version in before},
        "after": {version.unit.number: version.area_m2 for version in after},
    }
    audit.record(act, subject=change, by=by, at=change.recorded_at, data=data)
