"""What judging anew would change, worked out without writing anything."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from soildesk.core import clock
from soildesk.monitoring.models import Campaign, Result
from soildesk.monitoring.queries.verdicts import difference, standing
from soildesk.monitoring.queries.weighing import verdicts_of

CHANGES_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Change:
    """One result whose verdict would be another; empty `before` or `after` where there is none."""

    sample: str
    point: str
    analyte: str
    printed: str
    unit: str
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """What a judgement would come to."""

    rows: int
    changed: int
    new: int
    gone: int
    counts: Counter[str]
    changes: list[Change]


def preview(campaign: Campaign, at: datetime, as_if_on: date | None = None) -> Preview:
    """The verdicts that would be other than those that stand; the first some hundred told one by one."""
    verdicts = verdicts_of(campaign, clock.local_day(at), as_if_on)
    differing = difference(campaign, verdicts)
    stood = dict(standing(campaign).values_list("result_id", "verdict"))
    now = dict(zip(verdicts.result.tolist(), verdicts.column("verdict").tolist(), strict=True))
    gone = [result for result in stood if result not in now]
    new = [result for result in now if result not in stood]
    told = [*differing.before, *gone, *new][:CHANGES_SHOWN]
    rows = {one.pk: one for one in Result.objects.filter(pk__in=told).select_related("point")}
    changes = [_change(rows[key], stood.get(key, ""), now.get(key, "")) for key in told]
    return Preview(len(now), differing.changed, len(new), len(gone), verdicts.counts(), changes)


def _change(result: Result, before: str, after: str) -> Change:
    number = result.point.number if result.point else ""
    return Change(result.sample, number, result.analyte, result.printed, result.unit, before, after)
