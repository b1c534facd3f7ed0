"""Rows behind the measures of rounds: patrols of unused land, what they found, firms drawn for inspection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max, Q, QuerySet

from soildesk.kit.passes import once_a_pass
from soildesk.land.queries import standing
from soildesk.monitoring.measuring import Asked, of_place, of_year
from soildesk.oversight.models import Drawing, Visit

if TYPE_CHECKING:
    from soildesk.land.models import Patrol, UnusedLandVersion


def known(asked: Asked) -> datetime:
    """The last moment that is known."""
    return asked.known - timedelta(microseconds=1)


def patrols(asked: Asked) -> QuerySet[Patrol]:
    """The patrols of the place up to the day, as known."""
    rows = standing.patrols(asked.actor, asked.limit, known(asked))
    return rows.filter(division_path__startswith=asked.division.path)


@once_a_pass(of_place)
def unused(asked: Asked) -> tuple[list[UnusedLandVersion], Mapping[int, date]]:
    """The unused land of the place, and when each piece was patrolled last."""
    found = standing.unused_land(asked.actor, asked.on, known(asked))
    found = found.filter(division_path__startswith=asked.division.path)
    lands = list(found.select_related("land").order_by("land__number"))
    visits = patrols(asked).filter(land__in=[one.land_id for one in lands])
    return lands, dict(visits.order_by().values_list("land").annotate(last=Max("on")))


@once_a_pass(of_year)
def findings(asked: Asked) -> tuple[int, list[tuple[Patrol, date | None]]]:
    """How many patrols the year had, and what they found or older ones left open, each with the day it was acted upon."""
    first = date(asked.year, 1, 1)
    made = _patrols(asked)
    told = []
    for one in made:
        if one.found == standing.NOTHING_FOUND or (one.on < first and one.closed_on and one.closed_on < first):
            continue
        known_closed = one.closed_on is not None and one.closed_on <= asked.limit
        in_time = one.closed_at is None or one.closed_at < asked.known
        told.append((one, one.closed_on if known_closed and in_time else None))
    return sum(one.on >= first for one in made), told


@once_a_pass(of_place)
def _patrols(asked: Asked) -> list[Patrol]:
    return list(patrols(asked).select_related("land").order_by("on", "id"))


def drawn(asked: Asked) -> list[tuple[Drawing, list[Visit]]]:
    """The firms drawn in plans of the year, each with the visits made to it under its plan."""
    return [pair for pair in _drawn(asked) if pair[0].plan.year == asked.year]


@once_a_pass(of_place)
def _drawn(asked: Asked) -> list[tuple[Drawing, list[Visit]]]:
    """The same of every year."""
    rows = Drawing.objects.filter(
        drawn=True, plan__drawn_at__lt=asked.known, plan__division_path__startswith=asked.division.path
    )
    found = list(rows.select_related("plan", "enterprise").order_by("plan__number", "order"))
    visits: dict[tuple[int | None, int], list[Visit]] = defaultdict(list)
    for one in _visits(asked).filter(plan__in={each.plan_id for each in found}):
        visits[one.plan_id, one.enterprise_id].append(one)
    return [(one, visits[one.plan_id, one.enterprise_id]) for one in found]


def _visits(asked: Asked) -> QuerySet[Visit]:
    return Visit.objects.visible_to(asked.actor).filter(
        Q(superseded_at=None) | Q(superseded_at__gte=asked.known), recorded_at__lt=asked.known, on__lte=asked.limit
    )
