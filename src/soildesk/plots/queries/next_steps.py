"""Where a plot stands and what may follow: the rules' own answer for a stored plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from soildesk.plots.lifefacts import event_of
from soildesk.plots.models import Plot
from soildesk.plots.queries import stages
from soilrules.plots.life import History, NextStep, next_steps, replay


@dataclass(frozen=True, slots=True)
class Here:
    """A plot's history up to a day as the rules see it, and what may follow on that day, the way forward first."""

    life: stages.Life
    history: History
    steps: Sequence[NextStep]

    def step(self, kind: str) -> NextStep | None:
        """The step of a kind of event; None where it cannot follow now."""
        return next((one for one in self.steps if one.event == kind), None)


def here(plot: Plot, on: date, known_on: datetime | None = None) -> Here:
    """Where a plot is on a day and what is missing for each step from there."""
    life = stages.of(plot, known_on)
    history = replay([event_of(one) for one in life.events if one.on <= on])
    return Here(life, history, next_steps(history.state, on))
