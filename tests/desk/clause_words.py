"""What the words of a clause are offered as a check."""

from __future__ import annotations

from soildesk.plans.models import PlanTask
from soildesk.plans.queries import proposed


def offered(clause: str) -> list[str]:
    """Measures whose words stand in a task's text, what says most first."""
    return [measure for measure, _why in proposed.fitting(PlanTask(text=clause))]
