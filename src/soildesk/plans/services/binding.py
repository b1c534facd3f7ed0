"""Binding tasks to measures: the desk proposes by the words of the clause, a person binds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.kit import measures
from soildesk.plans.models import Binding, PlanTask
from soildesk.plans.services.history import note

SUBJECT = PlanTask._meta.label_lower


@dataclass(frozen=True)
class Judged:
    """A bound measure with what it says of the task."""

    binding: Binding
    measure: measures.Measure
    result: measures.MeasureResult


def proposals(task: PlanTask) -> list[measures.Proposal]:
    """Measures that may fit the task's words and are not bound yet, best first."""
    bound = set(bindings_of(task).values_list("measure", flat=True))
    found = measures.propose(f"{task.title}{task.text}", SUBJECT)
    return [proposal for proposal in found if proposal.measure_id not in bound]


def bindings_of(task: PlanTask) -> QuerySet[Binding]:
    """The task's bindings in force."""
    return Binding.objects.filter(task=task, superseded_at__isnull=True).order_by("id")


def bind(task: PlanTask, measure_id: str, *, by: Actor, at: datetime) -> Binding:
    """Let a measure check the task from now on."""
    require(by, "plans.bind", task.plan)
    measures.get(measure_id)
    with transaction.atomic():
        binding, made = Binding.objects.get_or_create(
            task=task, measure=measure_id, superseded_at=None, defaults={"accepted_by": by.person, "recorded_at": at}
        )
        if made:
            note(task, "bound", by=by, at=at, data={"measure": measure_id})
            audit.record("plans.task.bound", subject=task, by=by, at=at, data={"measure": measure_id})
    return binding


def unbind(binding: Binding, *, by: Actor, at: datetime) -> None:
    """Stop checking the task by this measure; what it said stays explained by the closed row."""
    require(by, "plans.bind", binding.task.plan)
    with transaction.atomic():
        binding.superseded_at = at
        binding.save(update_fields=["superseded_at"])
        note(binding.task, "unbound", by=by, at=at, data={"measure": binding.measure})
        audit.record("plans.task.unbound", subject=binding.task, by=by, at=at, data={"measure": binding.measure})


def judge(task: PlanTask, *, actor: Actor, on: date, known_on: date | None = None) -> list[Judged]:
    """What every bound measure says of the task on a day, as known on a day."""
    found = []
    for binding in bindings_of(task):
        measure = measures.get(binding.measure)
        found.append(Judged(binding, measure, measure.run(actor, task, on, known_on or on)))
    return found
