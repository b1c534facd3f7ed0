"""What is owed on plots, and the written opinions that wait for their answer: one reading for 今日."""

from __future__ import annotations

from datetime import date

from soildesk.core.models import Duty
from soildesk.core.owed import Waiting, waiting
from soildesk.core.permissions import Actor, may
from soildesk.decisions.models import OpinionRequest
from soildesk.plots.queries import owed as plots

OPINION = Duty.Kind.OPINION.value


def on_plots_and_asked(actor: Actor, on: date) -> list[Waiting]:
    """The open duties of plots and of opinions that the actor may read."""
    kinds = [*plots.KINDS] if may(actor, "plots.read") else []
    kinds += [OPINION] if may(actor, "decisions.opine") else []
    return waiting(actor, on, kinds, {**plots.RECORDS, OpinionRequest: "gate-opinions"}) if kinds else []
