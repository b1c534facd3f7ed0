"""Uses of ground that are over: which firm of which industry stood on a site, from when until when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from uuid import UUID

from soildesk.core.permissions import Actor
from soildesk.enterprises.models import EnterpriseVersion, SiteVersion


@dataclass(frozen=True, slots=True)
class PastUse:
    """A firm on a site in a period, as the firm was on the last day of it; `until` None is still."""

    site: SiteVersion
    firm: EnterpriseVersion
    since: date
    until: date | None


def past_uses(actor: Actor, on: date, named: Callable[[str], bool]) -> list[PastUse]:
    """The uses by an industry that `named` takes, over by a day, the latest first: a site that was left, or an industry given up."""
    rows = SiteVersion.objects.visible_to(actor).filter(superseded_at=None, since__lte=on).select_related("site")
    sites = list(rows.order_by("site", "enterprise", "since"))
    firms: dict[int, list[EnterpriseVersion]] = {}
    known = EnterpriseVersion.objects.filter(superseded_at=None, enterprise__in={one.enterprise_id for one in sites})
    for firm in known.select_related("enterprise").order_by("since"):
        firms.setdefault(firm.enterprise_id, []).append(firm)
    found: list[PastUse] = []
    for (_site, enterprise), group in groupby(sites, key=lambda one: (one.site_id, one.enterprise_id)):
        uses = (use for one in group for use in _uses(one, firms.get(enterprise, [])) if named(use.firm.industry))
        found += [one for one in _joined(uses) if one.until is not None and one.until <= on]
    return sorted(found, key=lambda one: (one.until or on, one.site.name), reverse=True)


def last_sites(actor: Actor, on: date) -> dict[UUID, SiteVersion]:
    """Each site as it was last said to be used up to a day, left or not."""
    rows = SiteVersion.objects.visible_to(actor).filter(superseded_at=None, since__lte=on).select_related("site")
    return {one.site.uid: one for one in rows.order_by("since")}


def _uses(site: SiteVersion, firms: Sequence[EnterpriseVersion]) -> Iterator[PastUse]:
    """The periods of a site by its firm; what a firm was first said to be it was before it was registered too."""
    for firm in firms:
        since = max(site.since, firm.since) if firm is not firms[0] else site.since
        ends = [day for day in (site.until, firm.until) if day]
        until = min(ends, default=None)
        if until is None or since < until:
            yield PastUse(site, firm, since, until)


def _joined(uses: Iterable[PastUse]) -> list[PastUse]:
    """Periods that follow one another without a gap as one: what was said anew in between is no end."""
    found: list[PastUse] = []
    for one in uses:
        if found and found[-1].until == one.since:
            found[-1] = replace(one, since=found[-1].since)
        else:
            found.append(one)
    return found
