"""What is owed on plots and waits to be done: leads, notices, reviews, control."""

from __future__ import annotations

from datetime import date

from soildesk.core.models import Duty
from soildesk.core.owed import Waiting
from soildesk.core.owed import waiting as of_kinds
from soildesk.core.permissions import Actor
from soildesk.plots.models import Candidate, ControlRound, ControlYear, ControlZone, Report, WrittenNotice

CANDIDATE, NOTICE = Duty.Kind.PLOT_CANDIDATE.value, Duty.Kind.PLOT_NOTICE.value
REVIEW, CONTROL = Duty.Kind.PLOT_REVIEW.value, Duty.Kind.PLOT_CONTROL.value
RECORDS = {
    Candidate: "plot_candidates",
    WrittenNotice: "written_notices",
    Report: "plot_reports",
    ControlZone: "control_zones",
    ControlYear: "control_years",
    ControlRound: "control_rounds",
}


def waiting(actor: Actor, on: date) -> list[Waiting]:
    """The duties of plots the actor sees that are open."""
    return of_kinds(actor, on, (CANDIDATE, NOTICE, REVIEW, CONTROL), RECORDS)
