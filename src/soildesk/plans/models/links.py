"""承接 between plans, closing sheets and bindings to measures."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.plans.models.plans import Indicator, Plan
from soildesk.plans.models.tasks import PlanTask


class TaskLink(models.Model):
    """A task takes up a task of a superior's plan or of a longer plan (承接)."""

    upper = models.ForeignKey(PlanTask, models.CASCADE, related_name="taken_up_by")
    lower = models.ForeignKey(PlanTask, models.CASCADE, related_name="takes_up")
    made_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_task_link", fields=["upper", "lower"])]


class IndicatorLink(models.Model):
    """A target takes up a superior's target, or one of a 目标责任书 (then `upper` is null and `document` names it)."""

    upper = models.ForeignKey(Indicator, models.CASCADE, null=True, blank=True, related_name="taken_up_by")
    lower = models.ForeignKey(Indicator, models.CASCADE, related_name="takes_up")
    document = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()


class ClosingRow(models.Model):
    """What became of an open task when its plan was closed."""

    class Outcome(models.TextChoices):
        DONE = "done", _("办结")
        CARRIED = "carried", _("结转")
        ENDED = "ended", _("终止")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="closing_rows")
    task = models.OneToOneField(PlanTask, models.CASCADE, related_name="closing")
    outcome = models.CharField(max_length=8, choices=Outcome)
    ground = models.CharField(_("理由"), max_length=300, blank=True)
    carried_to = models.ForeignKey(PlanTask, models.PROTECT, null=True, blank=True, related_name="carried_from")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="carried_rows_name_their_task", condition=~Q(outcome="carried") | Q(carried_to__isnull=False)
            ),
            models.CheckConstraint(name="ended_rows_have_a_ground", condition=~Q(outcome="ended") | ~Q(ground="")),
        ]


class Binding(models.Model):
    """What checks a task or indicator, as a person said: a measure, or nothing and why. Replaced by a newer row, never edited."""

    task = models.ForeignKey(PlanTask, models.CASCADE, null=True, blank=True, related_name="bindings")
    indicator = models.ForeignKey(Indicator, models.CASCADE, null=True, blank=True, related_name="bindings")
    measure = models.CharField(_("核算办法"), max_length=80, blank=True)
    reason = models.CharField(_("不核算的理由"), max_length=300, blank=True)
    register = models.CharField(_("所缺的台账"), max_length=120, blank=True)
    accepted_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="binding_has_one_subject",
                condition=Q(task__isnull=False, indicator__isnull=True) | Q(task__isnull=True, indicator__isnull=False),
            ),
            models.CheckConstraint(
                name="binding_has_a_measure_or_a_reason",
                condition=Q(reason="", register="") & ~Q(measure="") | Q(measure="") & ~Q(reason=""),
            ),
            models.UniqueConstraint(
                name="one_binding_per_task_and_measure",
                fields=["task", "measure"],
                condition=Q(superseded_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="one_binding_per_indicator_and_measure",
                fields=["indicator", "measure"],
                condition=Q(superseded_at__isnull=True),
            ),
        ]
