"""Sites that count on a day, and who stood on a ground when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Q, QuerySet
from shapely.geometry.base import BaseGeometry

from soildesk.core.geometry import meeting
from soildesk.core.permissions import Actor, may
from soildesk.enterprises.models import Enterprise, EnterpriseVersion, Listing, SiteVersion
from soildesk.enterprises.queries.firms import town
from soildesk.land.queries.standing import parcels
from soilrules.geodesy import measure, overlay

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


@dataclass(frozen=True, slots=True)
class Undrawn:
    """An enterprise of which nobody drew any ground, and the code of the division it is registered in."""

    name: str
    division_code: str


def undrawn(list_key: str, actor: Actor | None, on: date) -> list[Undrawn]:
    """Enterprises on a list on a day of which no ground was drawn for any day by then."""
    stays = Listing.objects.visible_to(actor).standing(on).filter(list_key=list_key)
    drawn = SiteVersion.objects.visible_to(actor).filter(superseded_at=None, since__lte=on)
    rows = EnterpriseVersion.objects.filter(
        superseded_at=None, since__lte=on, enterprise__in=stays.values("enterprise")
    ).exclude(enterprise__in=drawn.values("enterprise"))
    last = {one.enterprise_id: one for one in rows.order_by("since")}
    return [Undrawn(one.name, one.division_path.rstrip("/").rpartition("/")[2]) for one in last.values()]


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
    return stood_on_each([shape], actor, on, known_on)[0]


def stood_on_each(
    shapes: Sequence[BaseGeometry], actor: Actor, on: date, known_on: datetime | None = None
) -> list[list[StoodHere]]:
    """The same of each ground of a layer: two statements, however many there are."""
    rows = SiteVersion.objects.visible_to(actor).filter(_known(known_on), since__lte=on)
    found = meeting.near(rows.select_related("site", "enterprise").order_by("-since", "-pk"), shapes)
    if not found:
        return [[] for _shape in shapes]
    shared = _areas(shapes, [row.geometry for row in found])
    firms = _versions({found[at].enterprise_id for areas in shared for at in areas}, known_on)
    wholes = measure.area_m2(np.asarray(shapes, dtype=object))
    return [
        [_stood(found[at], firms.get(found[at].enterprise_id, []), areas[at], areas[at] / float(whole), on)
         for at in sorted(areas)]
        for areas, whole in zip(shared, wholes, strict=True)
    ]  # fmt: skip


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


def _areas(shapes: Sequence[BaseGeometry], others: Sequence[BaseGeometry]) -> list[dict[int, float]]:
    """How many square metres of each shape each of the others covers, of those that cover more than a sliver."""
    shared: list[dict[int, float]] = [{} for _shape in shapes]
    if others:
        whole = np.asarray(shapes, dtype=object)
        for batch in overlay.overlay(range(len(shapes)), whole, range(len(others)), np.array(others, dtype=object)):
            for shape, other, area in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                shared[shape][other] = shared[shape].get(other, 0.0) + area
    return [{other: area for other, area in areas.items() if area > SLIVER_M2} for areas in shared]
