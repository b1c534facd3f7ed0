"""Binding tasks and indicators to measures: the desk proposes by their words, a person binds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.kit import measures
from soildesk.kit.folding import fold
from soildesk.plans.models import Binding, Indicator, Plan, PlanTask
from soildesk.plans.refusals import WrongValue
from soildesk.plans.services.history import note

Subject = PlanTask | Indicator
WHOLE_PLACE = ("全省", "全市", "全县", "全区", "本年度", "年度")
"""Words before an indicator's name that do not change what it counts."""


@dataclass(frozen=True)
class Judged:
    """A bound measure with what it says of the task or indicator."""

    binding: Binding
    measure: measures.Measure
    result: measures.MeasureResult


def proposals(subject: Subject) -> list[measures.Proposal]:
    """Measures that may fit the subject's words and are not bound yet, best first."""
    bound = set(bindings_of(subject).values_list("measure", flat=True))
    return [proposal for proposal in _fitting(subject) if proposal.measure_id not in bound]


def _fitting(subject: Subject) -> list[measures.Proposal]:
    """For a task measures whose words stand in its clause; for an indicator only those that compute what it names."""
    label = subject._meta.label_lower
    if isinstance(subject, PlanTask):
        return measures.propose(f"{subject.title}{subject.text}", label)
    name = _bare_name(subject.name)
    named = [one for one in measures.measures().values() if label in one.subjects and name in map(fold, one.words)]
    return [measures.Proposal(one.id, 1.0, name) for one in named]


def _bare_name(name: str) -> str:
    """An indicator's name without the words that only say it is of the whole place and year."""
    bare = fold(name)
    while start := next((word for word in WHOLE_PLACE if bare.startswith(word)), ""):
        bare = bare.removeprefix(start)
    return bare


def bindings_of(subject: Subject) -> QuerySet[Binding]:
    """The subject's bindings in force."""
    return Binding.objects.filter(**_named(subject), superseded_at__isnull=True).order_by("id")


def _named(subject: Subject) -> dict[str, Any]:
    return {"task": subject} if isinstance(subject, PlanTask) else {"indicator": subject}


def bind(subject: Subject, measure_id: str, *, by: Actor, at: datetime) -> Binding:
    """Let a measure check the task or indicator from now on; one that judges other things is refused."""
    require(by, "plans.bind", subject.plan)
    _refuse_unless_it_judges(measures.get(measure_id), subject)
    with transaction.atomic():
        type(subject)._default_manager.select_for_update().get(pk=subject.pk)  # two at once would bind twice
        binding, made = Binding.objects.get_or_create(
            **_named(subject), measure=measure_id, superseded_at=None,
            defaults={"accepted_by": by.person, "recorded_at": at},
        )  # fmt: skip
        if made:
            _write_down("bound", binding, by=by, at=at)
    return binding


def _refuse_unless_it_judges(measure: measures.Measure, subject: Subject) -> None:
    if not measure.subjects or subject._meta.label_lower in measure.subjects:
        return
    raise WrongValue(
        _("“%(measure)s”不能核对%(kind)s“%(name)s”。请在建议的核算办法中选择。")
        % {
            "measure": measure.title,
            "kind": _("任务") if isinstance(subject, PlanTask) else _("指标"),
            "name": subject,
        }
    )


def plan_of(binding: Binding) -> Plan:
    """The plan whose task or indicator is bound."""
    subject = binding.task or binding.indicator
    if subject is None:
        raise ValueError(f"binding {binding.pk} has neither task nor indicator: the table's constraint forbids it.")
    return subject.plan


def unbind(binding: Binding, *, by: Actor, at: datetime) -> None:
    """Stop checking by this measure; what it said stays explained by the closed row."""
    require(by, "plans.bind", plan_of(binding))
    with transaction.atomic():
        binding.superseded_at = at
        binding.save(update_fields=["superseded_at"])
        _write_down("unbound", binding, by=by, at=at)


def _write_down(act: str, binding: Binding, *, by: Actor, at: datetime) -> None:
    data: dict[str, Any] = {"measure": binding.measure}
    if binding.task:
        note(binding.task, act, by=by, at=at, data=data)
        audit.record(f"plans.task.{act}", subject=binding.task, by=by, at=at, data=data)
    else:
        data["indicator"] = binding.indicator_id
        audit.record(f"plans.indicator.{act}", subject=plan_of(binding), by=by, at=at, data=data)


def judge(subject: Subject, *, actor: Actor, on: date, known_on: date | None = None) -> list[Judged]:
    """What every bound measure says of the task or indicator on a day, as known on a day."""
    found = []
    for binding in bindings_of(subject):
        measure = measures.get(binding.measure)
        found.append(Judged(binding, measure, measure.run(actor, subject, on, known_on or on)))
    return found


def judge_tasks(task_ids: Collection[int], *, actor: Actor, on: date) -> dict[int, list[Judged]]:
    """The same for the tasks of a page; tasks without a binding cost nothing."""
    rows = Binding.objects.filter(task_id__in=task_ids, superseded_at__isnull=True).select_related(
        "task__plan__division"
    )
    found: dict[int, list[Judged]] = {}
    for binding in rows.order_by("id"):
        measure = measures.get(binding.measure)
        result = measure.run(actor, binding.task, on, on)
        found.setdefault(binding.task_id, []).append(Judged(binding, measure, result))
    return found
