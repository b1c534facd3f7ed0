"""What checks the tasks and targets of an edition goes along to the next: measures, documents asked for, links upwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from soildesk.kit import measures
from soildesk.plans.models import AskedDocument, Binding, Indicator, IndicatorLink, PlanTask, TaskLink


def carry_checks(pairs: Mapping[int, tuple[PlanTask, PlanTask]], targets: Mapping[int, Indicator], at: datetime) -> int:
    """What checks a task or target, the documents asked for and the superior's tasks it takes up; what was chosen anew stays."""
    new_of = {old.pk: new.pk for old, new in pairs.values() if old.status == PlanTask.Status.ACCEPTED}
    target_of = {old.pk: pk for pk, old in targets.items()}
    known = {"", *measures.measures()}
    of_tasks = Binding.objects.filter(task__in=new_of, superseded_at=None, measure__in=known).order_by("id")
    of_targets = Binding.objects.filter(indicator__in=target_of, superseded_at=None, measure__in=known).order_by("id")
    chosen = set(Binding.objects.filter(task__in=new_of.values(), superseded_at=None).values_list("task_id", flat=True))
    rows = [*(row for row in of_tasks if new_of[row.task_id] not in chosen), *of_targets]
    for row in rows:
        row.pk, row.recorded_at, row._state.adding = None, min(row.recorded_at, at), True  # chosen when it was chosen
        row.task_id, row.indicator_id = new_of.get(row.task_id), target_of.get(row.indicator_id)
    Binding.objects.bulk_create(rows, batch_size=500)
    _carry_asked(new_of)
    _carry_links(TaskLink, new_of)
    _carry_links(IndicatorLink, target_of)
    return len(rows)


def _carry_asked(new_of: Mapping[int, int]) -> None:
    named = AskedDocument.objects.filter(task__in=new_of.values(), dropped_at=None).values_list("task_id", "name")
    present = set(named)
    asked = AskedDocument.objects.filter(task__in=new_of, dropped_at=None).order_by("id").values()
    AskedDocument.objects.bulk_create(
        AskedDocument(**{name: one[name] for name in ("name", "shows", "each_unit", "asked_by_id", "asked_at")}, task_id=new_of[one["task_id"]])
        for one in asked
        if (new_of[one["task_id"]], one["name"]) not in present
    )  # fmt: skip


def _carry_links(model: type[TaskLink] | type[IndicatorLink], new_of: dict[int, int]) -> None:
    linked = set(model.objects.filter(lower__in=new_of.values()).values_list("lower_id", flat=True))
    found = model.objects.filter(lower__in=new_of).order_by("id")
    rows = [row for row in found if new_of[row.lower_id] not in linked]
    for row in rows:
        row.pk, row.lower_id, row._state.adding = None, new_of[row.lower_id], True
    model.objects.bulk_create(rows, batch_size=500)
