"""The class of units through time, written by decisions: part of their acts (`approvals`, `lineage`).

A row's period begins with its decision and ends with the next one that names the unit, or with the unit itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from soildesk.core import versions
from soildesk.core.models.scoped import new_uid
from soildesk.core.versions import Recording
from soildesk.farmland.models import ClassDecision, Unit, UnitClass, UnitLink, UnitVersion
from soildesk.farmland.refusals import ClassRefused
from soildesk.farmland.services.approved import Approved

CHUNK = 500
BETWEEN = "、"


def standing_in(units: Sequence[int], since: date, path: str) -> dict[int, UnitVersion]:
    """The units that stand on a day in a place, by key, without their ground."""
    found: dict[int, UnitVersion] = {}
    for some in _chunks(units):
        rows = UnitVersion.objects.standing(since).filter(unit__in=some, division_path__startswith=path)
        found |= {row.unit_id: row for row in rows.defer("geometry")}
    return found


def decided_on(units: Sequence[int], since: date) -> dict[int, str]:
    """By unit, the number of the decision by which its class begins that very day."""
    found: dict[int, str] = {}
    for some in _chunks(units):
        rows = UnitClass.objects.filter(unit__in=some, superseded_at=None, since=since)
        found |= dict(rows.values_list("unit", "decision__number"))
    return found


def changed_after(units: Sequence[int], since: date) -> dict[int, date]:
    """Units whose ground was divided, joined or moved after a day: their class went on to others since."""
    found: dict[int, date] = {}
    for some in _chunks(units):
        rows = UnitLink.objects.filter(change__on__gt=since, change__superseded_at=None)
        for name in ("before", "after"):
            found |= dict(rows.filter(**{f"{name}__in": some}).values_list(name, "change__on"))
    return found


def write(decision: ClassDecision, rows: Sequence[Approved], recording: Recording) -> None:
    """What the decision says of each unit, from its day on; what stood before is cut there."""
    since, units = decision.since, [row.unit.pk for row in rows]
    lines = _lines(units)
    places = standing_in(units, since, decision.division_path)
    ends = _ends(units)
    gone: list[UnitClass] = []
    made: list[UnitClass] = []
    for row in rows:
        line = lines.get(row.unit.pk, [])
        held = next((one for one in line if one.since < since and (one.until is None or one.until > since)), None)
        if held is not None:
            gone.append(held)
            made.append(_again(held, held.since, since, recording))
        later = [one.since for one in line if one.since > since]
        until = held.until if held else min(later, default=ends.get(row.unit.pk))
        made.append(_said(decision, row, places[row.unit.pk], until, recording))
    _exchange(gone, made, recording)


def undo(decision: ClassDecision, recording: Recording) -> int:
    """The decision's rows gone, what stood before them goes on in their place. How many units it had named."""
    own = list(UnitClass.objects.select_for_update().filter(decision=decision, superseded_at=None))
    moved = changed_after([one.unit_id for one in own], decision.since)
    if moved:
        raise ClassRefused(
            _(
                "这份批准生效后有 %(count)d 个单元已拆分、合并或调整边界，类别已随之沿用，不能撤销：请以新的批准文件更正。"
            )
            % {"count": len(moved)},
            code="farmland.class.in_use",
        )
    spans: dict[int, list[UnitClass]] = defaultdict(list)
    for one in sorted(own, key=lambda each: each.since):
        spans[one.unit_id].append(one)
    lines = _lines(list(spans))
    gone, made = list(own), []
    for unit, span in spans.items():
        before = next((held for held in lines[unit] if held.until == span[0].since), None)
        if before is not None:
            gone.append(before)
            made.append(_again(before, before.since, span[-1].until, recording))
    _exchange(gone, made, recording)
    return len(spans)


def move(unit: Unit, path: str, since: date | None, recording: Recording) -> None:
    """The class of a unit that lies in another division, from a day on or (None) as it should have been."""
    for held in UnitClass.objects.filter(unit=unit, superseded_at=None).order_by("since"):
        if since is None or held.until is None or held.until > since:
            start = since if since and since > held.since else None
            versions.revise(held, {"division_path": path}, since=start, recording=recording)


def carried(held: UnitClass, unit: Any, area_m2: Any, since: date, recording: Recording) -> UnitClass:
    """The class of ground that came to another unit: as it was approved, until a new decision names that unit."""
    made = UnitClass(
        **_place(held), unit=unit, farmland_class=held.farmland_class, controlling=held.controlling, area_m2=area_m2,
        decision_id=held.decision_id, since=since, until=None, recorded_at=recording.at, recorded_by=recording.by.person,
        reason=recording.why.strip()[:300],
    )  # fmt: skip
    made.save(force_insert=True)
    return made


def _said(
    decision: ClassDecision, row: Approved, version: UnitVersion, until: date | None, recording: Recording
) -> UnitClass:
    return UnitClass(
        **_place(version), unit=row.unit, farmland_class=row.farmland_class, controlling=BETWEEN.join(row.controlling),
        area_m2=row.area_m2, decision=decision, since=decision.since, until=until, recorded_at=recording.at,
        recorded_by=recording.by.person, reason=recording.why.strip()[:300],
    )  # fmt: skip


def _again(held: UnitClass, since: date, until: date | None, recording: Recording) -> UnitClass:
    """The same row with another period; who said it and why stays."""
    facts = {field.attname: getattr(held, field.attname) for field in held._meta.concrete_fields}
    fresh = {"id": None, "uid": new_uid(), "since": since, "until": until, "recorded_at": recording.at}
    return UnitClass(**{**facts, **fresh, "superseded_at": None})


def _place(row: Any) -> dict[str, Any]:
    return {"division_path": row.division_path, "owner_department_id": row.owner_department_id}


def _exchange(gone: Sequence[UnitClass], made: Sequence[UnitClass], recording: Recording) -> None:
    for some in _chunks([one.pk for one in gone]):
        UnitClass.objects.filter(pk__in=some).update(superseded_at=recording.at)
    UnitClass.objects.bulk_create(made, batch_size=CHUNK)


def _lines(units: Sequence[int]) -> Mapping[int, list[UnitClass]]:
    found: dict[int, list[UnitClass]] = defaultdict(list)
    for some in _chunks(units):
        rows = UnitClass.objects.select_for_update().filter(unit__in=some, superseded_at=None).order_by("since")
        for row in rows:
            found[row.unit_id].append(row)
    return found


def _ends(units: Sequence[int]) -> dict[int, date | None]:
    """The first day a unit is no more; None where it stands."""
    found: dict[int, date | None] = {}
    for some in _chunks(units):
        rows = UnitVersion.objects.filter(unit__in=some, superseded_at=None).order_by("since")
        found |= dict(rows.values_list("unit", "until"))
    return found


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    held = list(keys)
    return (held[start : start + CHUNK] for start in range(0, len(held), CHUNK))
