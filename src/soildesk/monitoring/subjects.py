"""Whose files the room's records carry."""

from __future__ import annotations

from typing import Any

from soildesk.core import files
from soildesk.core.permissions import Actor, may
from soildesk.monitoring.models import Alert, Batch, SamplingTask


def _task(actor: Actor, pk: int) -> SamplingTask | None:
    """The photographs of a sample are read by whoever sees its task."""
    return SamplingTask.objects.visible_to(actor).filter(pk=pk).first()


files.register_subject(SamplingTask._meta.label_lower, _task, "monitoring.read")


def _batch(actor: Actor, pk: int) -> Batch | None:
    return Batch.objects.visible_to(actor).filter(pk=pk).first()


def _of_batch(actor: Actor, batch: Any, use: Any) -> bool:
    """A data file holds graded results: it is read by those who accept it, and by who sent it."""
    own = actor.person is not None and batch.by_id == actor.person.pk
    return own or may(actor, "monitoring.accept_results", batch)


files.register_subject(Batch._meta.label_lower, _batch, allows=_of_batch)


def _alert(actor: Actor, pk: int) -> Alert | None:
    """The evidence of a warning is read by whoever sees the warning."""
    return Alert.objects.visible_to(actor).filter(pk=pk).first()


files.register_subject(Alert._meta.label_lower, _alert, "monitoring.read")
