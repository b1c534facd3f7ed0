"""Surfaces whose results changed after they were drawn are marked outdated, with the reason; what was drawn stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from soildesk.core import audit
from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Campaign, ResultVerdict, Surface


def outdate(
    campaign: Campaign, of: Iterable[tuple[str, str]], why: Surface.Stale, *, by: Actor, at: datetime
) -> list[Surface]:
    """Mark the surfaces of a campaign that rest on these media and analytes; the first reason stays.

    Part of the act that changed the results, whose permission was asked for.
    """
    changed = set(of)
    standing = Surface.objects.filter(campaign=campaign, outdated_at=None, at__lt=at)
    found = [one for one in standing if (one.medium, one.analyte) in changed]
    for one in found:
        one.outdated_at, one.outdated_why = at, why
        one.save(update_fields=["outdated_at", "outdated_why"])
        data = {"campaign": campaign.number, "analyte": one.analyte, "why": str(why)}
        audit.record("monitoring.surface.outdated", subject=one, by=by, at=at, data=data)
    return found


def outdate_by_verdicts(campaign: Campaign, replaced: Iterable[int], *, by: Actor, at: datetime) -> list[Surface]:
    """Mark those whose results have other verdicts now than when they were drawn, by the keys of the verdicts that ended."""
    if not Surface.objects.filter(campaign=campaign, outdated_at=None).exists():
        return []
    rows = ResultVerdict.objects.filter(pk__in=list(replaced))
    of = rows.values_list("result__medium", "result__analyte").distinct()
    return outdate(campaign, of, Surface.Stale.REJUDGED, by=by, at=at)
