"""Whose files core's own records carry."""

from __future__ import annotations

from soildesk.core import files, jobs
from soildesk.core.models import Job
from soildesk.core.permissions import Actor


def _job(actor: Actor, pk: int) -> Job | None:
    """An administrator sees other people's jobs, but what they made belongs to their owners."""
    return jobs.visible_to(actor).filter(pk=pk, owner=actor.person).first()


files.register_subject("core.job", _job)
