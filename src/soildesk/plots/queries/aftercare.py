"""What reports say of the aftercare (后期管理) of plots: limits of use and their last day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from soildesk.plots.models import Report
from soildesk.plots.reportfields import values_of
from soilrules.plots.reports import ReportKind


@dataclass(frozen=True, slots=True)
class CareTold:
    """What the last accepted report of an aftercare says; None where it does not say it."""

    report: Report
    limits: str | None
    until: date | None


def told_of(plot_ids: Iterable[int], on: date) -> Mapping[int, CareTold]:
    """The last report of aftercare accepted by a day of each plot that has one: one statement, however many there are."""
    accepted = Report.objects.filter(
        plot__in=list(plot_ids), kind=ReportKind.AFTERCARE, state=Report.State.ACCEPTED, accepted_on__lte=on
    )
    return {one.plot_id: _told(one) for one in accepted.order_by("accepted_on", "pk")}


def _told(report: Report) -> CareTold:
    values = values_of(report)
    limits, until = values.get("use_limits"), values.get("until")
    return CareTold(report, str(limits) if limits else None, until if isinstance(until, date) else None)
