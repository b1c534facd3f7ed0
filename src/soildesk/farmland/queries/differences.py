"""The rates a superior approved beside those we count: each difference is work until somebody explained it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import DateTimeField, QuerySet, Value

from soildesk.core.models import Division
from soildesk.core.permissions import Actor
from soildesk.farmland.models import ApprovedRate
from soildesk.farmland.queries import rates
from soildesk.farmland.queries.rates import Answer, Place
from soildesk.farmland.queries.then import Then

PRINTED = Decimal("0.01")
"""Percentages are compared to the hundredth they are printed with."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One place and year: what we count, what was approved (None: nothing yet), and how far they lie apart in percent."""

    division: Division
    answer: Answer
    approved: ApprovedRate | None

    @property
    def own(self) -> Decimal | None:
        """Our rate in percent as it is printed."""
        return None if self.answer.rate is None else (self.answer.rate * 100).quantize(PRINTED, ROUND_HALF_UP)

    @property
    def gap(self) -> Decimal | None:
        """Ours less the approved one; None where one of them is missing."""
        if self.own is None or self.approved is None:
            return None
        return self.own - self.approved.rate.quantize(PRINTED, ROUND_HALF_UP)

    @property
    def other_method(self) -> bool:
        """Whether the approved one was counted by another method: they are not compared."""
        return bool(
            self.approved
            and self.approved.method
            and self.answer.method
            and self.approved.method != self.answer.method.id
        )

    @property
    def owes(self) -> bool:
        """Whether somebody has to explain: they differ, or only one of them is a number."""
        if self.approved is None or self.approved.explained:
            return False
        return self.other_method or self.gap is None or self.gap != 0


def approved_rates(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[ApprovedRate]:
    """The approved rates registered of days up to a day; `known_on` of each is the moment of knowledge asked for."""
    rows = Then(on.year, on, known_on).known(ApprovedRate.objects.visible_to(actor))
    return rows.filter(on__lte=on).annotate(known_on=Value(known_on, DateTimeField(null=True)))


def approved_of(path: str, then: Then) -> ApprovedRate | None:
    """The approved rate of a place and year that counts on a day: the last one."""
    rows = then.known(ApprovedRate.objects.filter(division__path=path, year=then.year, on__lte=then.on))
    return rows.select_related("division").order_by("-on", "-id").first()


def beside(actor: Actor, divisions: Iterable[Division], then: Then) -> list[Beside]:
    """Places with both rates."""
    return [Beside(one, rates.total(actor, Place(one.path, then)), approved_of(one.path, then)) for one in divisions]


def owing(found: Sequence[Beside]) -> list[Beside]:
    """Those somebody has to explain."""
    return [one for one in found if one.owes]
