"""Whose files the room's records carry."""

from __future__ import annotations

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.monitoring.models import SamplingTask


def _task(actor: Actor, pk: int) -> SamplingTask | None:
    """The photographs of a sample are read by whoever sees its task."""
    return SamplingTask.objects.visible_to(actor).filter(pk=pk).first()


files.register_subject(SamplingTask._meta.label_lower, _task, "monitoring.read")
