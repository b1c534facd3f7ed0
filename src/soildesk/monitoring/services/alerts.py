"""Warnings: made after each judgement, closed by acts alone."""

from __future__ import annotations

from datetime import datetime

from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Judgement


def weigh(judgement: Judgement, *, by: Actor, at: datetime) -> None:
    """Weigh the verdicts of a judgement."""
