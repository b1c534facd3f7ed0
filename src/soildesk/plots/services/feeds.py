"""Feeds of candidates from other rooms: firms that ceased or lost their permit, and monitoring warnings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.land.services.writing import Place, place_at
from soildesk.monitoring.queries.alerts import open_alerts
from soildesk.monitoring.queries.network import points
from soildesk.plots.models import Candidate
from soildesk.plots.queries import candidates as found
from soildesk.plots.queries.plots import overlapping_point
from soildesk.plots.services import candidates
from soildesk.plots.services.candidates import Fed

GROUND_MEDIA = ("soil", "groundwater")
CANCELLED = ("注销", "撤销", "撤回", "cancelled", "revoked", "withdrawn")


@transaction.atomic
def from_firms(*, by: Actor, at: datetime) -> list[Candidate]:
    """Candidates of all firms seen that ceased or lost their permit; those taken in before stay as they are."""
    return candidates.take_in(list(_fed(by)), by=by, at=at)


def _fed(by: Actor) -> Iterator[Fed]:
    for row in found.ceased(by, by.today):
        firm, site = row["firm"], row["site"]
        version = firm.firm
        cancelled = any(word in why for why in firm.why for word in CANCELLED)
        yield Fed(
            source=Candidate.Source.PERMIT if cancelled else Candidate.Source.CLOSED,
            origin=row["origin"],
            title=site.name if site else _("%(name)s用地") % {"name": version.name},
            found_on=firm.since,
            firm_name=version.name,
            credit_code=version.credit_code,
            industry=version.industry,
            address=version.address,
            facts=_facts(firm),
            geometry=site.geometry if site else None,
            place=_place(version, by),
        )


@transaction.atomic
def from_warnings(*, by: Actor, at: datetime) -> list[Candidate]:
    """Candidates of all soil and groundwater warnings seen that are not over, on ground that is no plot yet."""
    return candidates.take_in(list(_warned(by)), by=by, at=at)


def _warned(by: Actor) -> Iterator[Fed]:
    alerts = list(open_alerts(by).filter(medium__in=GROUND_MEDIA, point__isnull=False).select_related("point"))
    shapes = {one.point_id: one for one in points(by, by.today).filter(point__in=[one.point_id for one in alerts])}
    for alert in alerts:
        version = shapes.get(alert.point_id)
        if version is None or version.geometry is None or overlapping_point(version.geometry, by, by.today):
            continue
        yield Fed(
            source=Candidate.Source.WARNING,
            origin=f"alert:{alert.number}",
            title=_("%(point)s周边：%(title)s") % {"point": version.name, "title": alert.title},
            found_on=alert.opened_on,
            facts={"why": alert.title, "alert": alert.number},
            geometry=version.geometry,
            place=_place(version, by),
        )


def _facts(firm: Any) -> dict[str, Any]:
    told = {"why": "、".join(firm.why), "listed": firm.listed}
    return told | ({"surveyed_on": firm.surveyed_on.isoformat()} if firm.surveyed_on else {})


def _place(version: Any, by: Actor) -> Place:
    """Where the firm lies, kept by whoever takes it in."""
    return Place(place_at(version.division_path, by).division, place_at("", by).department)
