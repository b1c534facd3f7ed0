"""Sites that count on a day, and who stood on a ground when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Q, QuerySet
from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import Actor, may
from soildesk.enterprises.models import Enterprise, EnterpriseVersion, SiteVersion
from soildesk.enterprises.queries.firms import town
from soildesk.land.queries.standing import parcels
from soildesk.land.shapes import area_m2
from soilrules.geodesy import overlay

if TYPE_CHECKING:
    from soildesk.land.models import ParcelVersion

SLIVER_M2 = 0.01


@dataclass(frozen=True, slots=True)
class StoodHere:
    """One enterprise on a part of a ground in a period. `name`, `industry` and `state` are those of its last day there."""

    site: SiteVersion
    enterprise: Enterprise
    name: str
    industry: str
    credit_code: str
    since: date
    until: date | None
    area_m2: float
    share: float

    def stands(self, on: date) -> bool:
        """Whether it is still there on a day."""
        return self.since <= on and (self.until is None or on < self.until)


def sites(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[SiteVersion]:
    """Sites in use on a day."""
    return SiteVersion.objects.visible_to(actor).standing(on, known_on).annotate(town=town())


def parcel_at(point: BaseGeometry | None, actor: Actor, on: date) -> ParcelVersion | None:
    """The smallest parcel on a day that a point lies on; None where nobody knows of one."""
    if point is None or not may(actor, "land.read"):
        return None
    near = parcels(actor, on).filter(geometry__intersects=point).select_related("parcel").order_by("area_m2")
    return next((one for one in near if one.geometry.covers(point)), None)


def stood_on(shape: BaseGeometry, actor: Actor, on: date, known_on: datetime | None = None) -> list[StoodHere]:
    """Which enterprises used a ground, and when, up to a day: the latest first, by area, as known now or at a moment."""
    rows = SiteVersion.objects.visible_to(actor).filter(_known(known_on), since__lte=on, geometry__intersects=shape)
    found = list(rows.select_related("site", "enterprise").order_by("-since", "-pk"))
    shared, whole = _areas(shape, [row.geometry for row in found]), area_m2(shape)
    held = [(row, area) for row, area in zip(found, shared, strict=True) if area > SLIVER_M2]
    firms = _versions({row.enterprise_id for row, _area in held}, known_on)
    return [_stood(row, firms.get(row.enterprise_id, []), area, area / whole, on) for row, area in held]


def _stood(row: SiteVersion, versions: list[EnterpriseVersion], area: float, share: float, on: date) -> StoodHere:
    """The site with what its enterprise was called on its last day there."""
    last = min(on, row.until - timedelta(days=1)) if row.until else on
    then = next((one for one in reversed(versions) if one.since <= last), versions[0] if versions else None)
    said = (then.name, then.industry, then.credit_code) if then else (row.enterprise.number, "", "")
    return StoodHere(row, row.enterprise, *said, row.since, row.until, area, share)


def _versions(enterprises: Iterable[int], known_on: datetime | None) -> dict[int, list[EnterpriseVersion]]:
    found: dict[int, list[EnterpriseVersion]] = {}
    for one in EnterpriseVersion.objects.filter(_known(known_on), enterprise__in=list(enterprises)).order_by("since"):
        found.setdefault(one.enterprise_id, []).append(one)
    return found


def _known(known_on: datetime | None) -> Q:
    known = Q(superseded_at__isnull=True)
    return known if known_on is None else Q(recorded_at__lte=known_on) & (known | Q(superseded_at__gt=known_on))


def _areas(shape: BaseGeometry, others: list[BaseGeometry]) -> list[float]:
    """How many square metres of the shape each of the others covers."""
    shared = [0.0] * len(others)
    if others:
        whole = np.array([shape], dtype=object)
        for batch in overlay.overlay([0], whole, list(range(len(others))), np.array(others, dtype=object)):
            for at, area in zip(batch.column("b").to_pylist(), batch.column("area_m2").to_pylist(), strict=True):
                shared[at] += area
    return shared
