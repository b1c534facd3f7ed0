"""Produce that a laboratory's own files told to lie above its limit: written down as a test of its unit, so that a lock is proposed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import ProduceTest, ProduceValue, UnitVersion
from soildesk.farmland.queries import labproduce
from soildesk.farmland.queries.labproduce import LabTest
from soildesk.farmland.services.producetests import TEST, follow_up
from soilrules.farmland.rulesets import rulesets


@transaction.atomic
def take_over(year: int, *, by: Actor, at: datetime) -> int:
    """Write down the samples of a year above their limit that are not here yet; how many. One that was taken back stays away."""
    require(by, TEST)
    versions = {one.unit_id: one for one in UnitVersion.objects.visible_to(by).standing(by.today)}
    above = [
        one for one in labproduce.of_units(list(versions), by.today) if one.said.above and one.sampled.year == year
    ]
    known = set(
        ProduceTest.objects.filter(number__in=[one.sample[:60] for one in above]).values_list("unit_id", "number")
    )
    made = [_made(one, versions[one.unit_id], by, at) for one in above if (one.unit_id, one.sample[:60]) not in known]
    if made:
        follow_up(made, by, at)
        data = audit.bulk([{"number": one.number, "said": one.said} for one in made])
        audit.record("farmland.produce_test.taken_over", subject="farmland.producetest", by=by, at=at, data=data)
    return len(made)


def _made(one: LabTest, version: UnitVersion, by: Actor, at: datetime) -> ProduceTest:
    made = ProduceTest.objects.create(
        division_path=version.division_path, owner_department_id=version.owner_department_id, unit_id=one.unit_id,
        number=one.sample[:60], stage=ProduceTest.Stage.FIELD, way=ProduceTest.Way.LABORATORY, crop=one.crop[:80],
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
