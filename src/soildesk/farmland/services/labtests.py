"""Produce that a laboratory's own files told to lie above its limit: written down as a test of its unit, so that a lock is proposed.

It is done within the act that judged it; hour by hour for units that were drawn since.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock
from soildesk.core.permissions import Actor, require, system_actor
from soildesk.farmland.models import ProduceTest, ProduceValue, UnitVersion
from soildesk.farmland.queries import labproduce
from soildesk.farmland.queries.labproduce import LabTest
from soildesk.farmland.services.producetests import TEST, follow_up
from soildesk.monitoring.queries.jointresults import PRODUCE, points_above
from soilrules.farmland.rulesets import rulesets


def heard(campaign: Any, by: Actor, at: datetime) -> None:
    """After results of a campaign were judged, within that act: grain of this year's harvest or last year's may still be there."""
    since = _since(by.today)
    if points := points_above(PRODUCE, since, campaign.pk):
        _at_points(points, since, by=system_actor("monitoring.judged", by.today), at=at)


def keep_up() -> int:
    """What the desk looks for itself, hour by hour: points a unit was drawn around, or that stand for one, since they were judged."""
    by = system_actor("housekeeping")
    since = _since(by.today)
    points = points_above(PRODUCE, since)
    return _at_points(points, since, by=by, at=clock.now()) if points else 0


@transaction.atomic
def take_over(year: int, *, by: Actor, at: datetime) -> int:
    """Write down the samples of a year above their limit that are not here yet; how many."""
    require(by, TEST)
    versions = {one.unit_id: one for one in UnitVersion.objects.visible_to(by).standing(by.today)}
    found = [one for one in labproduce.untold(list(versions), by.today) if one.sampled.year == year]
    return _write(found, versions, by, at)


def _since(today: date) -> date:
    return date(today.year - 1, 1, 1)


@transaction.atomic
def _at_points(points: Collection[int], since: date, *, by: Actor, at: datetime) -> int:
    units = labproduce.units_at(points, by.today)
    found = [one for one in labproduce.untold(units, by.today, points) if one.sampled >= since]
    if not found:
        return 0
    rows = UnitVersion.objects.standing(by.today).filter(unit__in=[one.unit_id for one in found])
    return _write(found, {one.unit_id: one for one in rows}, by, at)


def _write(found: Sequence[LabTest], versions: dict[int, UnitVersion], by: Actor, at: datetime) -> int:
    made = [_made(one, versions[one.unit_id], by, at) for one in found]
    if made:
        follow_up(made, by, at)
        data = audit.bulk([{"number": one.number, "said": one.said} for one in made])
        audit.record("farmland.produce_test.taken_over", subject="farmland.producetest", by=by, at=at, data=data)
    return len(made)


def _made(one: LabTest, version: UnitVersion, by: Actor, at: datetime) -> ProduceTest:
    made = ProduceTest.objects.create(
        division_path=version.division_path, owner_department_id=version.owner_department_id, unit_id=one.unit_id,
        number=one.number, stage=ProduceTest.Stage.FIELD, way=ProduceTest.Way.LABORATORY, crop=one.crop[:80],
        sampled_on=one.sampled, result_on=one.result, said=str(one.said), note=_("监测任务送检的结果"),
        recorded_at=at, recorded_by=by.person,
    )  # fmt: skip
    ruleset = next(iter(rulesets().values()))
    ProduceValue.objects.bulk_create(
        ProduceValue(
            test=made, analyte=each.analyte, printed=each.printed[:40], unit=each.unit[:20], ratio=each.factor,
            limit=None, verdict=str(labproduce.said_alone(each, ruleset)),
        )
        for each in one.results
    )  # fmt: skip
    return made
