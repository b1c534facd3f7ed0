"""What the forms of working the ledger offer: open terms of a unit, departments to hand over to, tasks to prove."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from soildesk.core.models import Department, Duty
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor
from soildesk.plans import wording
from soildesk.plans.models import Assignment, Plan, PlanTask
from soildesk.plans.queries.department import is_office, own_departments


def open_terms(assignment: Assignment, on: date) -> list[tuple[str, str]]:
    """What the unit may answer: (key, words). What is due now stands first; the whole task where it has dates.

    A day that had passed when the plan was issued is owed by nobody: it is left out where other terms are open.
    """
    duties = Duty.objects.for_subject(assignment.task).of_unit(assignment.department_id).filter(done_on__isnull=True)
    rows = list(duties.order_by("due", "pk"))
    texts = {f"m{one.position}": one.what or one.text for one in assignment.task.milestones.all()}
    begun = [
        duty
        for duty in rows
        if not duty.period_start or duty.kind != Duty.Kind.STANDING_CHECK or duty.period_start <= on
    ]
    owed = [duty for duty in begun if not (duty.due and duty.issued_on and duty.due < duty.issued_on)]
    found = [(duty.period, _term_words(duty, texts)) for duty in owed or begun]
    dated = [duty for duty in rows if duty.kind != Duty.Kind.STANDING_CHECK]
    if len(dated) > 1:
        found.append(("", _("整项任务（全部节点）")))
    return found or [("", _("整项任务"))]


def _term_words(duty: Duty, texts: dict[str, str]) -> str:
    if duty.kind == Duty.Kind.STANDING_CHECK:
        return _("%(period)s填报（内部时限 %(due)s）") % {"period": wording.period_word(duty.period), "due": duty.due}
    text = texts.get(duty.period.partition("/")[0], "")
    mark = _("内部时限") if duty.internal else _("时限")
    return f"{text}（{mark} {duty.due}）" if duty.due else text or _("整项任务")


def departments_for(assignment: Assignment, on: date) -> list[Department]:
    """The departments of the plan's division that could take a task over."""
    path = assignment.task.plan.division_path
    rows = Department.objects.filter(valid_on(on), division__path__startswith=path).exclude(pk=assignment.department_id)
    return list(rows)


def tasks_for_evidence(actor: Actor, on: date) -> list[PlanTask]:
    """Tasks of running plans that the actor may add evidence to."""
    plans = Plan.objects.visible_to(actor).filter(stage=Plan.Stage.PUBLISHED)
    rows = PlanTask.objects.filter(plan__in=list(plans), status=PlanTask.Status.ACCEPTED).order_by(
        "plan_id", "position"
    )
    if is_office(actor) or actor.system:
        return list(rows)
    own = [one.pk for one in own_departments(actor)]
    working = Assignment.objects.filter(department_id__in=own).exclude(state=Assignment.State.WITHDRAWN)
    return list(rows.filter(Q(pk__in=working.values("task_id"))))
