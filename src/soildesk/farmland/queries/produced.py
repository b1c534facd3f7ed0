"""Whether the produce of units was found within its limits in a year: tests written down here, and those of the laboratory room.

One sample above its limit is above. How many samples a unit needs was not seen in any text, so one is enough; a sample
nobody could judge says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from soildesk.farmland.models import ProduceTest
from soildesk.farmland.queries import labproduce
from soildesk.farmland.queries.then import Then
from soilrules.farmland.producelimits import Sample

STAGES = (ProduceTest.Stage.FIELD, ProduceTest.Stage.PURCHASE)
"""Stages at which the ground a sample grew on is known."""
CHUNK = 10_000


def within(unit_ids: Collection[int], then: Then) -> dict[int, bool]:
    """By unit; what has no sample that says anything is not there."""
    said: dict[int, set[Sample]] = defaultdict(set)
    for unit, sample in [*_told(unit_ids, then), *_of_laboratories(unit_ids, then)]:
        if sample is not Sample.UNKNOWN:
            said[unit].add(sample)
    return {unit: not any(one.above for one in samples) for unit, samples in said.items()}


def _told(unit_ids: Collection[int], then: Then) -> Iterator[tuple[int, Sample]]:
    rows = then.known(ProduceTest.objects.filter(stage__in=STAGES, sampled_on__year=then.year, sampled_on__lte=then.on))
    wanted = set(unit_ids)
    for unit, said in rows.values_list("unit", "said"):
        if unit in wanted:
            yield unit, Sample(said)


def _of_laboratories(unit_ids: Collection[int], then: Then) -> Iterator[tuple[int, Sample]]:
    wanted = list(unit_ids)
    for start in range(0, len(wanted), CHUNK):
        for one in labproduce.of_units(wanted[start : start + CHUNK], then.on):
            if one.sampled.year == then.year:
                yield one.unit_id, one.said
