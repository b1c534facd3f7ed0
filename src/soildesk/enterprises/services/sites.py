"""Acts on sites: register ground an enterprise uses, change it or hand it to another, end it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, versions
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.enterprises.models import Enterprise, Site, SiteVersion
from soildesk.enterprises.refusals import SiteRefused
from soildesk.land.services.writing import Place, number_for, refuse_future
from soildesk.land.shapes import area_m2, surface

FACTS = frozenset({"enterprise", "name", "kind", "document", "parcel_id", "geometry", "batch", "place"})


@transaction.atomic
def register(
    facts: Mapping[str, Any], place: Place, *, since: date, by: Actor, at: datetime, why: str = ""
) -> SiteVersion:
    """Ground that an enterprise uses from the day `since`. `since` may lie long ago: who stood here is asked of the past."""
    clean = check_new(facts, place, since=since, by=by)
    site = Site.objects.create(number=number_for(place.department, "CD", since.year))
    said = {"site_id": site.pk, **place.columns, **_columns(clean)}
    made = versions.first(SiteVersion, said, since=since, until=None, recording=Recording(by, at, why))
    data = {"site": site.number, "enterprise": made.enterprise.number, "since": since}
    audit.record("enterprises.site.registered", subject=made, by=by, at=at, data=data)
    return made


def check_new(facts: Mapping[str, Any], place: Place, *, since: date, by: Actor) -> dict[str, Any]:
    """The facts of a new site as they may be stored; refused where it may not be registered."""
    require(by, "enterprises.keep", place.division)
    refuse_future(since, by, SiteRefused, "enterprises.site.future")
    given = {name: value for name, value in facts.items() if value is not None}
    return cleaned({"name": "", "enterprise": None, "geometry": None, "kind": SiteVersion.Kind.PLANT, **given}, by)


@transaction.atomic
def change(
    version: SiteVersion, changes: Mapping[str, Any], *, since: date | None, recording: Recording
) -> SiteVersion:
    """Say `changes` of a site too: from `since` on, or (None) from the beginning. Another enterprise may follow on it."""
    clean = check_change(version, changes, since=since, by=recording.by)
    held = versions.revise(version, _columns(clean), since=since, recording=recording)
    audit.record(
        "enterprises.site.changed" if since else "enterprises.site.corrected",
        subject=held,
        by=recording.by,
        at=recording.at,
        data={"site": held.site.number, "facts": sorted(clean), "since": since},
    )
    return held


def check_change(version: SiteVersion, changes: Mapping[str, Any], *, since: date | None, by: Actor) -> dict[str, Any]:
    """Changes as they may be stored; refused where they may not be made."""
    require(by, "enterprises.keep", version)
    clean = cleaned(changes, by)
    if since:
        refuse_future(since, by, SiteRefused, "enterprises.site.future")
    if place := clean.pop("place", None):
        require(by, "enterprises.keep", place.division)
        clean["division_path"] = place.division.path
    if "geometry" in clean and clean["geometry"].equals(version.geometry):
        del clean["geometry"]
    return clean


@transaction.atomic
def end(version: SiteVersion, *, on: date, recording: Recording) -> SiteVersion:
    """Ground that the enterprise does not use any more from the day `on`; that it did stays."""
    require(recording.by, "enterprises.keep", version)
    refuse_future(on, recording.by, SiteRefused, "enterprises.site.future")
    if version.until is not None:
        raise SiteRefused(
            _("%(number)s 自 %(day)s 起已另有变更或终止：请从最新的记录办理。")
            % {"number": version.site.number, "day": version.until},
            code="enterprises.site.ended",
        )
    held = versions.end(version, on=on, recording=recording)
    data = {"site": held.site.number, "enterprise": held.enterprise.number, "on": on}
    audit.record("enterprises.site.ended", subject=held, by=recording.by, at=recording.at, data=data)
    return held


def cleaned(facts: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """Facts as they may be stored; refused where one of them cannot be."""
    if unknown := sorted(set(facts) - FACTS):
        raise SiteRefused(
            _("企业用地没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="enterprises.site.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if clean.get("kind", "-") in ("", None):
        del clean["kind"]  # left empty: what stood, or a plant
    if not clean.get("name", "x"):
        raise SiteRefused(_("用地没有名称：请填写，例如“青禾电镀老厂区”。"), code="enterprises.site.name_missing")
    if clean.get("kind", SiteVersion.Kind.PLANT) not in SiteVersion.Kind.values:
        raise SiteRefused(
            _("没有“%(kind)s”这种用地类型：请选择%(choices)s之一。")
            % {"kind": clean["kind"], "choices": "、".join(map(str, SiteVersion.Kind.labels))},
            code="enterprises.site.kind",
        )
    if "enterprise" in clean:
        clean["enterprise"] = _seen(clean["enterprise"], by)
    if "geometry" in clean:
        clean["geometry"] = surface(clean["geometry"])
    return clean


def _seen(enterprise: Any, by: Actor) -> Enterprise:
    """The enterprise of a site: one that the actor sees."""
    found = enterprise if isinstance(enterprise, Enterprise) else None
    visible = found and found.versions.model.objects.visible_to(by).filter(enterprise=found).exists()
    if found is None or not visible:
        raise SiteRefused(
            _("没有使用单位，或不在您的权限范围内：请选择已登记的企业；历史上的企业请先登记。"),
            code="enterprises.site.no_firm",
        )
    return found


def _columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by attribute name of their column, the area beside the ground."""
    found = dict(facts)
    for name in ("enterprise", "batch"):
        if name in found:
            held = found.pop(name)
            found[f"{name}_id"] = held.pk if held else None
    if "geometry" in found:
        found["area_m2"] = area_m2(found["geometry"])
    return found
