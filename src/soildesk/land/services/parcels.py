"""Acts on parcels: register, change, correct, give another code, end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from soildesk.core import audit, versions
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.land import landuse
from soildesk.land.models import LineageEvent, LineageLink, Parcel, ParcelCode, ParcelVersion
from soildesk.land.refusals import ParcelRefused
from soildesk.land.services.writing import Place, county_of, number_for, refuse_future
from soildesk.land.shapes import area_m2, surface

FACTS = frozenset(
    {
        "kind", "name", "code", "location", "use_system", "use_now", "use_planned", "holder", "holder_kind",
        "area_of_record_m2", "geometry", "batch", "place",
    }
)  # fmt: skip
DUPLICATE_SHARE = 0.99


@transaction.atomic
def register(
    facts: Mapping[str, Any], place: Place, *, since: date, by: Actor, at: datetime, why: str = ""
) -> ParcelVersion:
    """A new parcel from the day `since`, under our own number, with its computed area."""
    made = insert(check_new(facts, place, since=since, by=by), place, since, Recording(by, at, why))
    audit.record(
        "land.parcel.registered",
        subject=made,
        by=by,
        at=at,
        data={"parcel": made.parcel.number, "area_m2": made.area_m2, "since": since},
    )
    return made


def check_new(facts: Mapping[str, Any], place: Place, *, since: date, by: Actor) -> dict[str, Any]:
    """The facts of a new parcel as they may be stored; refused where it may not be registered."""
    require(by, "land.keep_parcels", place.division)
    refuse_future(since, by, ParcelRefused, "land.parcel.future")
    clean = cleaned({"geometry": None, **facts})
    kind = clean.get("kind", ParcelVersion.Kind.PLOT)
    refuse_code_taken(clean.get("code", ""), kind, county_of(place.division.path), since)
    refuse_duplicate(clean, since)
    return clean


def insert(facts: Mapping[str, Any], place: Place, since: date, recording: Recording) -> ParcelVersion:
    """A parcel with a number of its own and its first version: part of an act."""
    parcel = Parcel.objects.create(number=number_for(place.department, "DK", since.year))
    batch = facts.get("batch")
    rest = {name: value for name, value in facts.items() if name != "batch"}
    rest.setdefault("area_m2", area_m2(facts["geometry"]))
    said = {"parcel_id": parcel.pk, "batch_id": batch.pk if batch else None, **place.columns, **rest}
    return versions.first(ParcelVersion, said, since=since, until=None, recording=recording)


@transaction.atomic
def change(
    version: ParcelVersion,
    changes: Mapping[str, Any],
    *,
    since: date | None,
    recording: Recording,
    document: str = "",
) -> ParcelVersion:
    """Say `changes` of a parcel too: from `since` on, or (None) from the beginning, as a correction.

    Ground that moves from a day on is a boundary change and leaves its trace in the lineage; ground that was
    drawn wrong is corrected, unless the lineage counts on it.
    """
    clean = check_change(version, changes, since=since, by=recording.by)
    moved = "geometry" in clean
    held = versions.revise(version, clean, since=since, recording=recording)
    if moved and since and since > version.since:
        _note_moved(version, held, document, recording)
    audit.record(
        "land.parcel.changed" if since else "land.parcel.corrected",
        subject=held,
        by=recording.by,
        at=recording.at,
        data={"parcel": held.parcel.number, "facts": sorted(clean), "since": since},
    )
    return held


def check_change(
    version: ParcelVersion, changes: Mapping[str, Any], *, since: date | None, by: Actor
) -> dict[str, Any]:
    """Changes as they may be stored, the ground only where it moves; refused where they may not be made."""
    require(by, "land.keep_parcels", version)
    clean = cleaned(changes, version)
    if since:
        refuse_future(since, by, ParcelRefused, "land.parcel.future")
    if place := clean.pop("place", None):
        require(by, "land.keep_parcels", place.division)
        clean["division_path"] = place.division.path
    if clean.get("code", version.code) != version.code or clean.get("kind", version.kind) != version.kind:
        code, kind = clean.get("code", version.code), clean.get("kind", version.kind)
        refuse_code_taken(code, kind, county_of(version.division_path), since or version.since, version)
    if "geometry" not in clean or clean["geometry"].equals(version.geometry):
        return _without(clean, "geometry")
    _must_be_free_to_move(version, since)
    if since:
        refuse_later_versions(version)
    return clean | {"area_m2": area_m2(clean["geometry"])}


def _must_be_free_to_move(version: ParcelVersion, since: date | None) -> None:
    """The lineage sums areas of the ground as it stood: that ground is not redrawn behind it."""
    touched = LineageEvent.objects.filter(
        Q(links__ancestor=version.parcel_id) | Q(links__descendant=version.parcel_id), on__gte=since or version.since
    )
    event = touched.order_by("on").first()
    if event:
        raise ParcelRefused(
            _("%(number)s 在 %(day)s 有%(kind)s，面积已据此分摊，不能再改此前的边界：请办理界线调整，从新的日期起算。")
            % {"number": version.parcel.number, "day": event.on, "kind": event.get_kind_display()},
            code="land.parcel.lineage_fixed",
        )


def _note_moved(old: ParcelVersion, new: ParcelVersion, document: str, recording: Recording) -> None:
    event = LineageEvent.objects.create(
        kind=LineageEvent.Kind.BOUNDARY,
        on=new.since,
        document=document,
        reason=recording.why.strip()[:300],
        by=recording.by.person,
        at=recording.at,
    )
    kept = min(area_m2(old.geometry.intersection(new.geometry)), old.area_m2)
    LineageLink.objects.create(event=event, ancestor=old.parcel, descendant=old.parcel, area_m2=kept)


@transaction.atomic
def end(version: ParcelVersion, *, on: date, recording: Recording) -> ParcelVersion:
    """A parcel that is no more from the day `on`, without anything in its place (mistaken, gone under water)."""
    require(recording.by, "land.keep_parcels", version)
    refuse_future(on, recording.by, ParcelRefused, "land.parcel.future")
    refuse_later_versions(version)
    held = versions.end(version, on=on, recording=recording)
    audit.record(
        "land.parcel.ended",
        subject=held,
        by=recording.by,
        at=recording.at,
        data={"parcel": held.parcel.number, "on": on},
    )
    return held


def refuse_later_versions(version: ParcelVersion) -> None:
    """What ends or divides a parcel happens to its last version."""
    if version.until is not None:
        raise ParcelRefused(
            _("%(number)s 在 %(day)s 之后另有变更或已终止，不能从更早的日期办理：请先打开最新的记录。")
            % {"number": version.parcel.number, "day": version.until},
            code="land.parcel.later_versions",
        )


@transaction.atomic
def set_code(
    version: ParcelVersion, scheme: str, code: str, *, by: Actor, at: datetime, since: date | None = None
) -> ParcelCode:
    """Another code the parcel is known by (不动产单元号 …); it counts until the next one of its scheme."""
    require(by, "land.keep_parcels", version)
    scheme, code = scheme.strip(), code.strip()
    if not scheme or not code:
        raise ParcelRefused(_("编码体系和代码都要填写。"), code="land.parcel.code_missing")
    if version.parcel.codes.filter(scheme=scheme, code=code).exists():
        raise ParcelRefused(
            _("%(number)s 已登记%(scheme)s“%(code)s”。")
            % {"number": version.parcel.number, "scheme": scheme, "code": code},
            code="land.parcel.code_exists",
        )
    made = ParcelCode.objects.create(parcel=version.parcel, scheme=scheme[:40], code=code[:80], since=since)
    audit.record(
        "land.parcel.coded", subject=version, by=by, at=at, data={"parcel": version.parcel.number, "scheme": scheme}
    )
    return made


def cleaned(facts: Mapping[str, Any], held: ParcelVersion | None = None) -> dict[str, Any]:
    """Facts as they may be stored; refused where one of them cannot be."""
    unknown = sorted(set(facts) - FACTS)
    if unknown:
        raise ParcelRefused(
            _("地块没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="land.parcel.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if not clean.get("kind", "-"):
        del clean["kind"]  # left empty: what stood, or the usual kind
    if "geometry" in clean:
        clean["geometry"] = surface(clean["geometry"])
    clean |= _uses(clean, held)
    if "area_of_record_m2" in clean:
        clean["area_of_record_m2"] = _area_of_record(clean["area_of_record_m2"])
    return clean


def _uses(facts: Mapping[str, Any], held: ParcelVersion | None) -> dict[str, str]:
    """Digits of both uses are of one classification; letters say their own."""
    system = facts.get("use_system") or (held.use_system if held else "")
    found: dict[str, str] = {}
    for name in ("use_now", "use_planned"):
        if facts.get(name):
            system, found[name] = landuse.code_of(system, facts[name])
    return {**found, "use_system": system} if found else found


def _area_of_record(value: Any) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        area = Decimal(str(value))
    except InvalidOperation:
        area = Decimal(0)
    if not area.is_finite() or not 0 < area < 10**11:
        raise ParcelRefused(
            _("登记面积 %(value)s m² 不是正数：请填写批准文件上的面积，没有就留空。") % {"value": value},
            code="land.parcel.area_of_record",
        )
    return area.quantize(Decimal("0.01"))


def refuse_code_taken(code: str, kind: str, path: str, on: date, beside: ParcelVersion | None = None) -> None:
    """An external code stands once among parcels of a kind in a county."""
    if not code:
        return
    rows = ParcelVersion.objects.standing(on).filter(code=code, kind=kind, division_path__startswith=path)
    taken = rows.exclude(parcel=beside.parcel_id if beside else None).select_related("parcel").first()
    if taken:
        raise ParcelRefused(
            _("外部代码“%(code)s”已由 %(number)s 使用：请核对代码，或打开该地块办理变更。")
            % {"code": code, "number": taken.parcel.number},
            code="land.parcel.code_taken",
        )


def refuse_duplicate(facts: Mapping[str, Any], on: date) -> None:
    """The same ground is not registered twice as a parcel of one kind."""
    shape, kind = facts["geometry"], facts.get("kind", ParcelVersion.Kind.PLOT)
    area = area_m2(shape)
    rows = ParcelVersion.objects.standing(on).filter(
        kind=kind, geometry__intersects=shape, area_m2__range=(area * DUPLICATE_SHARE, area / DUPLICATE_SHARE)
    )
    for row in rows.select_related("parcel"):
        if area_m2(row.geometry.intersection(shape)) >= DUPLICATE_SHARE * area:
            raise ParcelRefused(
                _("这块地已经登记为 %(number)s：范围几乎完全相同，请打开该地块办理变更。")
                % {"number": row.parcel.number},
                code="land.parcel.duplicate",
            )


def _without(facts: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in names}
