"""Rows behind the measures of the gate, as they stood on a day and were known by a moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import shapely
from django.db.models import QuerySet

from soildesk.core import clock
from soildesk.decisions.actwords import SEEN
from soildesk.decisions.models import GateQuery, GroundAct, OpinionRequest
from soildesk.decisions.queries import ground_acts
from soildesk.kit.passes import once_a_pass
from soildesk.land.shapes import area_m2
from soildesk.monitoring.measuring import Asked, of_place
from soilrules.gate.rules import tolerance

SUPPLY = "供地"


def _queries(asked: Asked) -> QuerySet[GateQuery]:
    """Questions about the place answered and known by then."""
    return GateQuery.objects.visible_to(asked.actor).filter(
        on__lte=asked.limit, asked_at__lt=asked.known, division_path__startswith=asked.division.path
    )


def acts_with_answers(asked: Asked) -> Iterator[tuple[GroundAct, GateQuery | None]]:
    """Each act of an office on ground in the year, with the last answer before it about all of that ground."""
    known = asked.known - timedelta(microseconds=1)
    acts = ground_acts.acts(asked.actor, asked.limit, known).exclude(act__in=SEEN)
    acts = acts.filter(on__year=asked.year, division_path__startswith=asked.division.path)
    queries = list(_queries(asked).order_by("asked_at", "pk"))
    tree = shapely.STRtree([one.geometry for one in queries])
    for act in acts.order_by("on", "pk"):
        met = sorted(tree.query(act.geometry, predicate="intersects").tolist())
        before = [queries[at] for at in met if clock.local_day(queries[at].asked_at) <= act.on]
        yield act, next((one for one in reversed(before) if _covers(one, act)), None)


def _covers(query: GateQuery, act: GroundAct) -> bool:
    """What the question leaves out of the ground is within the tolerance of the gate."""
    left = area_m2(act.geometry.difference(query.geometry))
    return left <= tolerance().of(area_m2(act.geometry))


def planned_supply(asked: Asked) -> list[GateQuery]:
    """The newest answer of the year about each ground of a supply plan, whatever was asked again about it counted."""
    rows = [one for one in _of_supply(asked) if one.on.year == asked.year]
    first: dict[int, GateQuery] = {}  # the question each one goes back to
    newest: dict[int, GateQuery] = {}
    for one in rows:
        first[one.pk] = first.get(one.follows_id or 0, one)
        if first[one.pk].batch_id is not None:
            newest[first[one.pk].pk] = one
    of_ground = {one.parcel_code or one.project or str(one.pk): one for one in newest.values()}
    return list(of_ground.values())


@once_a_pass(of_place)
def _of_supply(asked: Asked) -> list[GateQuery]:
    """The questions of every year about supply."""
    return list(_queries(asked).filter(act=SUPPLY).defer("geometry", "facts").order_by("asked_at", "pk"))


def opinions(asked: Asked) -> list[OpinionRequest]:
    """The opinions asked for in the year, those given back for more papers left out."""
    return [one for one in _opinions(asked) if one.asked_on.year == asked.year]


@once_a_pass(of_place)
def _opinions(asked: Asked) -> list[OpinionRequest]:
    """The same of every year."""
    rows = OpinionRequest.objects.visible_to(asked.actor).filter(
        asked_on__lte=asked.limit, recorded_at__lt=asked.known, division_path__startswith=asked.division.path
    )
    rows = rows.exclude(state=OpinionRequest.State.RETURNED).select_related("query")
    return list(rows.defer("query__geometry", "query__facts", "query__checks").order_by("asked_on", "pk"))
