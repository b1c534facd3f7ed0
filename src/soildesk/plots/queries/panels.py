"""Panels of experts: who was asked in a round, who answered, and what an expert was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from soildesk.core.permissions import Actor
from soildesk.plots.models import Expert, Opinion, PanelSeat, Report

CLOSED = (Report.State.DRAFT, Report.State.WITHDRAWN)
"""Reports no panel reads: not handed in, or taken back."""


@dataclass(frozen=True, slots=True)
class Seated:
    """A seat with what its expert said in that round; None: nothing yet."""

    seat: PanelSeat
    opinion: Opinion | None

    @property
    def waits(self) -> bool:
        """Whether an opinion is still waited for."""
        report = self.seat.report
        running = report.state == Report.State.REVIEWING and report.round == self.seat.round
        return running and self.opinion is None and self.seat.left_on is None


def expert_of(actor: Actor) -> Expert | None:
    """The expert an account belongs to."""
    return Expert.objects.filter(person=actor.person).first() if actor.person else None


def of_report(report: Report) -> Sequence[Seated]:
    """The seats of the round that runs."""
    return _seated(PanelSeat.objects.filter(report=report, round=report.round))


def of_expert(actor: Actor) -> Sequence[Seated]:
    """What an expert was asked for, the newest first; reports that were taken back are not shown."""
    found = _own(actor).exclude(report__state__in=CLOSED)
    return sorted(_seated(found), key=lambda one: (not one.waits, -one.seat.at.timestamp(), -one.seat.pk))


def seat_of(actor: Actor, uid: UUID) -> Seated | None:
    """The newest seat of an expert on a report; None where he has none."""
    found = _own(actor).filter(report__uid=uid).exclude(report__state__in=CLOSED).order_by("-round", "-id")[:1]
    return next(iter(_seated(found)), None)


def _own(actor: Actor) -> QuerySet[PanelSeat]:
    """Seats of the expert behind an account."""
    return PanelSeat.objects.filter(expert__person=actor.person) if actor.person else PanelSeat.objects.none()


def _seated(rows: QuerySet[PanelSeat]) -> list[Seated]:
    seats = list(rows.select_related("report__plot", "expert", "by"))
    said = Opinion.objects.filter(
        expert__in=[one.expert_id for one in seats], report__in=[one.report_id for one in seats]
    )
    last = {(one.report_id, one.round, one.expert_id): one for one in said.order_by("at", "id")}
    return [Seated(one, last.get((one.report_id, one.round, one.expert_id))) for one in seats]
