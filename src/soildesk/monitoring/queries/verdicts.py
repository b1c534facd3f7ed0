"""Verdicts that stand, and how others would differ from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from soildesk.monitoring.models import Campaign, Judgement, ResultVerdict
from soildesk.monitoring.queries.weighing import Verdicts
from soildesk.monitoring.rulings import Ruling, ground

SAME_FACTOR = 1e-9
"""Relative difference below which two factors are one: they come from the same numbers by the same way."""


class Stood(NamedTuple):
    """A verdict that stands."""

    pk: int
    result: int
    verdict: str
    factor: float | None
    ground: str


@dataclass
class Difference:
    """What a judgement would change: rows of its verdicts to be written, and the standing ones they replace."""

    rows: NDArray[np.int64]  # numbers of rows in the verdicts, those that say something new
    replaced: list[int]  # keys of standing verdicts that end
    before: dict[int, str] = field(default_factory=dict)  # result → former outcome, where it was another

    @property
    def changed(self) -> int:
        """Results whose outcome was another before."""
        return len(self.before)


def standing(campaign: Campaign, known_at: datetime | None = None) -> QuerySet[ResultVerdict]:
    """The verdicts on a campaign's results that stand, or that stood at a moment."""
    rows = ResultVerdict.objects.filter(judgement__campaign=campaign, trial=False)
    if known_at is None:
        return rows.filter(superseded_at=None)
    return rows.filter(Q(superseded_at=None) | Q(superseded_at__gt=known_at), judgement__at__lte=known_at)


def counting(campaign: Campaign) -> QuerySet[ResultVerdict]:
    """Standing verdicts on results that still count: a correction or a rejection takes a result out at once."""
    from soildesk.monitoring.queries.samplefacts import accepted

    return standing(campaign).filter(result__in=accepted(campaign))


def difference(campaign: Campaign, verdicts: Verdicts) -> Difference:
    """Where verdicts worked out anew say something else than those that stand."""
    before = {one.result: one for one in _stood(campaign)}
    grounds = [ground(one) for one in verdicts.rulings]
    outcomes = [one["verdict"] for one in verdicts.rulings]
    rows: list[int] = []
    replaced: list[int] = []
    other: dict[int, str] = {}
    columns = zip(verdicts.result.tolist(), verdicts.ruling.tolist(), verdicts.factor.tolist(), strict=True)
    for at, (result, ruling, factor) in enumerate(columns):
        stood = before.pop(result, None)
        if stood and stood.ground == grounds[ruling] and _same(stood.factor, factor):
            continue
        rows.append(at)
        if stood:
            replaced.append(stood.pk)
            if stood.verdict != outcomes[ruling]:
                other[result] = stood.verdict
    replaced += [stood.pk for stood in before.values()]  # results that no longer count
    return Difference(np.array(rows, np.int64), replaced, other)


def _same(one: float | None, other: float) -> bool:
    if one is None or other != other:
        return one is None and other != other
    return abs(one - other) <= SAME_FACTOR * max(abs(one), abs(other))


def _stood(campaign: Campaign) -> list[Stood]:
    rulings: dict[int, list[str]] = {}
    rows = standing(campaign).values_list("pk", "result_id", "verdict", "factor", "judgement_id", "ruling")
    found = []
    for pk, result, verdict, factor, judgement, number in rows.iterator(chunk_size=10_000):
        if judgement not in rulings:
            kept = Judgement.objects.values_list("rulings", flat=True).get(pk=judgement)
            rulings[judgement] = [ground(one) for one in kept]
        found.append(Stood(pk, result, verdict, factor, rulings[judgement][number]))
    return found


def rulings_of(verdicts: QuerySet[ResultVerdict] | list[dict[str, Any]]) -> dict[int, list[Ruling]]:
    """The rulings of the judgements that some verdicts come from, by the judgement's key."""
    keys = (
        {one["judgement_id"] for one in verdicts}
        if isinstance(verdicts, list)
        else set(verdicts.values_list("judgement_id", flat=True).distinct())
    )
    return dict(Judgement.objects.filter(pk__in=keys).values_list("pk", "rulings"))
