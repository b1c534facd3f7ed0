"""What may be owed on plots: leads, notices, reviews, control; and the registers their records stand in."""

from __future__ import annotations

from soildesk.core.models import Duty
from soildesk.plots.models import Candidate, ControlRound, ControlYear, ControlZone, Report, WrittenNotice

CANDIDATE, NOTICE = Duty.Kind.PLOT_CANDIDATE.value, Duty.Kind.PLOT_NOTICE.value
REVIEW, CONTROL = Duty.Kind.PLOT_REVIEW.value, Duty.Kind.PLOT_CONTROL.value
KINDS = (CANDIDATE, NOTICE, REVIEW, CONTROL)
RECORDS = {
    Candidate: "plot_candidates",
    WrittenNotice: "written_notices",
    Report: "plot_reports",
    ControlZone: "control_zones",
    ControlYear: "control_years",
    ControlRound: "control_rounds",
}
