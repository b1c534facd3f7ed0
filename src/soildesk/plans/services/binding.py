"""Binding tasks and indicators to measures, or to nothing with the reason: the desk proposes, a person binds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.kit import measures
from soildesk.plans.models import Binding, Plan, PlanTask
from soildesk.plans.queries.checked import Subject, bindings_of
from soildesk.plans.refusals import GroundMissing, WrongValue
from soildesk.plans.services.history import note


def _named(subject: Subject) -> dict[str, Any]:
    return {"task": subject} if isinstance(subject, PlanTask) else {"indicator": subject}


def bind(subject: Subject, measure_id: str, *, by: Actor, at: datetime) -> Binding:
    """Let a measure check the task or indicator from now on; one that judges other things is refused."""
    require(by, "plans.bind", subject.plan)
    _refuse_unless_it_judges(measures.get(measure_id), subject)
    with transaction.atomic():
        _hold(subject)
        bindings_of(subject).filter(measure="").update(superseded_at=at)
        binding, made = Binding.objects.get_or_create(
            **_named(subject), measure=measure_id, superseded_at=None,
            defaults={"accepted_by": by.person, "recorded_at": at},
        )  # fmt: skip
        if made:
            _write_down("bound", binding, by=by, at=at)
    return binding


def bind_nothing(subject: Subject, reason: str, *, by: Actor, at: datetime, register: str = "") -> Binding:
    """Say that no record can check the task or indicator, why, and which register would have to exist."""
    require(by, "plans.bind", subject.plan)
    reason = " ".join(reason.split())
    if not reason:
        raise GroundMissing(_("不核算"))
    with transaction.atomic():
        _hold(subject)
        checked = bindings_of(subject).exclude(measure="").first()
        if checked is not None:
            raise WrongValue(
                _("“%(name)s”已由“%(measure)s”核对。请先解除，再写明不核算的理由。")
                % {"name": subject, "measure": measures.get(checked.measure).title}
            )
        bindings_of(subject).update(superseded_at=at)
        binding = Binding.objects.create(
            **_named(subject), reason=reason[:300], register=register.strip()[:120], accepted_by=by.person,
            recorded_at=at,
        )  # fmt: skip
        _write_down("unmeasured", binding, by=by, at=at)
    return binding


def _hold(subject: Subject) -> None:
    """Two at once would bind twice."""
    type(subject)._default_manager.select_for_update().get(pk=subject.pk)


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
    data: dict[str, Any] = {"measure": binding.measure} if binding.measure else {"reason": binding.reason}
    if binding.task:
        note(binding.task, act, by=by, at=at, data=data)
        audit.record(f"plans.task.{act}", subject=binding.task, by=by, at=at, data=data)
    else:
        data["indicator"] = binding.indicator_id
        audit.record(f"plans.indicator.{act}", subject=plan_of(binding), by=by, at=at, data=data)
